"""Every reason ends somewhere: what is advised can be done by whoever made that kind of recording, and yields the metric."""

from functools import cache

import pytest

from headway.analysis import analyze
from headway.gait.runner import Runner
from headway.metrics import REGISTRY
from headway.metrics.needs import NEEDS
from headway.metrics.remedies import (
    NO_FILM_GIVES,
    VIEWS,
    VIEWS_OF_NEED,
    film_remedy,
    film_views,
    laboratory,
    not_worn,
    other_film,
)
from headway.results import NotMeasurable, Value
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

PLACES = {"side": (0.0, 1.1, 7.0), "rear": (-7.0, 1.1, 0.0), "front": (7.0, 1.1, 0.0)}
ADVISED = {
    "film from the side": ("side",),
    "film from behind": ("rear",),
    "film from in front": ("front",),
    "film from behind or in front": ("rear", "front"),
}
FORCE_LINES = [name for name, one in REGISTRY.items() if one.family == "force line and head"]


@cache
def filmed(view):
    """Metrics of a good film of the synthetic runner."""
    runner = SyntheticRunner(RunnerParameters())
    time, points, labels = runner_points(runner, duration=8.0, rate=60.0)
    camera = PhoneCamera(PLACES[view], (0.0, 1.0, 0.0))
    made = film(time, points, labels, camera, noise=0.001)
    found = analyze(made, Runner(height=1.75, sex="male", mass=68.0))
    assert found.summary.recording.view == view
    return found.summary.metrics


@cache
def without_plates():
    """Metrics of markers without plates and without any on the head."""
    runner = SyntheticRunner(RunnerParameters())
    made = record(runner, duration=6.0, rate=100.0)
    keep = [name for name in made.points["point"].to_numpy() if not str(name).startswith("head")]
    bare = type(made)(made.points.sel(point=keep), None, source="bare", kind="synthetic")
    return analyze(bare, Runner(height=1.75, sex="male", mass=68.0)).summary.metrics


def test_what_no_film_gives_and_what_some_do_are_needs():
    assert set(NEEDS) >= NO_FILM_GIVES
    assert set(VIEWS_OF_NEED) <= set(NEEDS)


def test_a_film_is_advised_only_where_it_carries_the_metric():
    for name, one in REGISTRY.items():
        views = film_views(one)
        for view in VIEWS:
            if view in views:
                assert one.unseen(view) is None, name
                assert not NO_FILM_GIVES & {*one.needs}, name
        for text in (other_film(one), not_worn(one)[1]):
            assert (text in ADVISED) == bool(views), (name, text)
            assert ("laboratory" in text) == (not views), (name, text)
            if text in ADVISED:
                assert set(ADVISED[text]) & set(views), (name, text)
        for need in one.needs:
            text = film_remedy(one, need, NEEDS[need][1])
            assert ("laboratory" in text) == (not views), (name, need, text)
            assert "plates" not in text or "laboratory" in text, (name, need, text)


def test_no_film_promises_a_force_line():
    assert FORCE_LINES
    for name in FORCE_LINES:
        assert film_views(REGISTRY[name]) == (), name
        assert "a laboratory with markers and force plates" in laboratory(REGISTRY[name]), name


@pytest.mark.parametrize("view", VIEWS)
def test_who_follows_the_advice_of_a_film_gets_the_metric(view):
    for name, entry in filmed(view).items():
        if not isinstance(entry, NotMeasurable):
            continue
        assert entry.record
        assert "add " not in entry.record, (name, entry.record)
        assert "plates" not in entry.record or "laboratory" in entry.record, (name, entry.record)
        if entry.record in ADVISED:
            others = [filmed(other)[name] for other in ADVISED[entry.record]]
            assert any(isinstance(one, Value) or "film" in one.record.split(";")[0] for one in others), name
            assert not any("laboratory" in one.record for one in others if isinstance(one, NotMeasurable)), name


def test_what_markers_lack_is_had_with_plates_and_a_marked_head():
    runner = SyntheticRunner(RunnerParameters())
    whole = analyze(record(runner, duration=6.0, rate=100.0), Runner(height=1.75, sex="male", mass=68.0))
    for name, entry in without_plates().items():
        if isinstance(entry, NotMeasurable) and "film" not in entry.record and "sensor" not in entry.record:
            better = whole.summary.metrics[name]
            assert isinstance(better, Value) or "standing" in better.record or better.record != entry.record, (
                name,
                entry,
            )
