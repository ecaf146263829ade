"""Every reason ends somewhere: what is advised can be done by whoever made that kind of recording, and yields the metric."""

from functools import cache

import pytest
from tests.report.test_answer import PULLED

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
from headway.report.answer import answer
from headway.report.record_next import record_next
from headway.results import NotMeasurable, Value
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner
from headway.texts import TEXTS

PLACES = {"side": (0.0, 1.1, 7.0), "rear": (-7.0, 1.1, 0.0), "front": (7.0, 1.1, 0.0)}
ADVISED = {
    "film from the side": ("side",),
    "film from behind": ("rear",),
    "film from in front": ("front",),
    "film from behind or in front": ("rear", "front"),
}
FORCE_LINES = [name for name, one in REGISTRY.items() if one.family == "force line and head"]


@cache
def summary_of(view, rate=60.0, mass=68.0, **changed):
    """Summary of a good film of a synthetic runner."""
    runner = SyntheticRunner(RunnerParameters(**changed))
    time, points, labels = runner_points(runner, duration=8.0, rate=rate)
    camera = PhoneCamera(PLACES[view], (0.0, 1.0, 0.0))
    made = film(time, points, labels, camera, noise=0.001)
    found = analyze(made, Runner(height=1.75, sex="male", mass=mass))
    assert found.summary.recording.view == view
    return found.summary


def filmed(view):
    """Metrics of a good film."""
    return summary_of(view).metrics


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
            # of a runner whose feet cross, another film shows no more
            assert ("laboratory" in text) == (not views or need == "feet_apart"), (name, need, text)
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


@pytest.mark.parametrize(
    ("view", "other", "brings"),
    [("side", "rear", "head_over_foot_error"), ("rear", "side", "trunk_lean"), ("front", "side", "trunk_lean")],
)
def test_a_film_that_is_as_sure_as_films_are_is_followed_by_one_from_another_side(view, other, brings):
    summary = summary_of(view)
    assert record_next(summary, answer(summary.metrics)).do == TEXTS(f"step.other_do_{other}")
    assert isinstance(filmed(view)[brings], NotMeasurable) and isinstance(filmed(other)[brings], Value)


@pytest.mark.parametrize("view", ["side", "rear"])
def test_a_long_film_shows_a_head_that_rises_clearly_later(view):
    assert answer(summary_of(view, rate=120.0, **PULLED).metrics).verdict == "pulled"


@pytest.mark.parametrize("view", ["side", "rear"])
def test_where_a_film_lacks_the_weight_it_is_all_that_it_lacks(view):
    unweighed = summary_of(view, mass=None).metrics
    asked = [name for name, one in unweighed.items() if isinstance(one, NotMeasurable) and "--mass" in one.record]
    assert len(asked) > 10
    for name in asked:
        assert unweighed[name].record == "give the runner's weight (--mass)", name
        assert isinstance(filmed(view)[name], Value), (name, filmed(view)[name])


LABORATORIES = {
    "a laboratory with markers and force plates": ("all",),
    "a laboratory with markers on the whole body": ("all", "markers"),
    "a laboratory with force plates, or with markers on the whole body,": ("all", "markers", "plates"),
    "a laboratory with force plates": ("all", "plates"),
    "a laboratory with markers": ("all", "markers"),
}
"""What is advised, and the laboratories that it can be."""


@cache
def laboratory_of(kind):
    """Metrics of a runner with markers and plates, of one with markers alone, or of one on plates with marked pelvis and legs."""
    runner = SyntheticRunner(RunnerParameters())
    made, stood = record(runner, duration=6.0, rate=100.0), standing(runner, rate=100.0)
    names = [str(name) for name in made.points["point"].to_numpy()]
    if kind == "plates":
        names, stood = (
            [name for name in names if name.startswith(("asis", "psis", "knee", "ankle", "heel", "mt", "toe"))],
            None,
        )
    points = made.points.sel(point=names)
    bare = type(made)(points, None if kind == "markers" else made.ground_force, source="bare", kind="synthetic")
    return analyze(bare, Runner(height=1.75, sex="male", mass=68.0), standing=stood).summary.metrics


def test_a_laboratory_that_is_advised_has_the_metric():
    no_peak = {"vertical_loading_rate"}  # the synthetic runner lands on the forefoot
    told = {name: laboratory(one) for name, one in REGISTRY.items() if not film_views(one) and one.family != "sensors"}
    assert {text.split("; ")[1].removesuffix(" does") for text in told.values()} == set(LABORATORIES)
    for name in [name for name in told if name not in no_peak and not REGISTRY[name].fitted]:
        for kind in LABORATORIES[told[name].split("; ")[1].removesuffix(" does")]:
            assert isinstance(laboratory_of(kind)[name], Value), (name, told[name], kind)


def test_what_only_sensors_measure_is_never_promised_by_a_laboratory():
    for view in VIEWS:
        for name, entry in filmed(view).items():
            if REGISTRY[name].family == "sensors":
                assert entry.record.startswith("wear a sensor"), (name, entry.record)


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
