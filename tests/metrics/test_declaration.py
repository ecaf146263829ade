"""A metric says everything about itself in one place: nothing is decided by how it is called."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import headway.metrics.errors as errors
from headway.analysis import analyze
from headway.metrics import REGISTRY
from headway.metrics.registry import metric
from headway.report.metric_pages import metrics_markdown
from headway.results import NotMeasurable
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture
def toy():
    """A ratio that is called a gain, declared like any other metric, and taken away again."""

    @metric(
        "toy_gain",
        "Toy gain",
        "contact time / step time",
        unit="1",
        family="posture",
        plane="sagittal",
        needs=("steps",),
        source="D1",
        kind="ratio",
    )
    def toy_gain(trial):
        return trial.steps.contact_time, trial.steps.next_contact - trial.steps.initial_contact

    yield REGISTRY["toy_gain"]
    del REGISTRY["toy_gain"]


def test_a_toy_metric_is_everywhere_and_inherits_nothing(toy, tmp_path):
    analysis = analyze(record(SyntheticRunner(), duration=4.0, rate=100, force_rate=500))
    found = analysis.summary.metrics["toy_gain"]
    assert not isinstance(found, NotMeasurable)
    assert 0.5 < found.value < 1.0
    assert "toy_gain" in analysis.steps
    assert "`toy_gain`" in metrics_markdown()
    page = analysis.save(tmp_path / "out") / "report.html"
    assert "Toy gain" in page.read_text(encoding="utf-8")
    assert toy.film.geometry is None and toy.left_out_error(1.0) is None
    assert toy.sensors is None and not toy.load and not toy.ground_up


def test_a_toy_metric_is_gone_again():
    assert "toy_gain" not in REGISTRY
    assert "toy_gain" not in metrics_markdown()


def test_shared_errors_are_of_metrics_whose_error_is_known():
    known = errors.left_out()
    assert set(known) <= set(REGISTRY)
    for name, one in REGISTRY.items():
        if one.shares is not None:
            row = known[one.shares.of]
            assert not one.shares.relative or row.relative is not None, name
            assert one.unit == REGISTRY[one.shares.of].unit or one.shares.relative, name


def test_a_shared_error_of_a_gain_grows_with_it_and_that_of_a_time_does_not():
    gain, time = REGISTRY["head_vertical_gain"].shares, REGISTRY["neck_over_foot_time"].shares
    assert gain is not None and time is not None
    one, two = gain(1.0), gain(2.0)
    assert one is not None and two == pytest.approx(2 * one)
    assert gain(0.1) == gain(errors.SMALL_GAIN)
    assert time(0.01) == time(-0.03) == errors.left_out()["time_to_peak_vertical_grf"].error


def test_contact_time_moves_the_half_sine_as_its_derivative_says():
    contact, step, small = 0.22, 0.36, 1e-6

    def peak(time):
        return np.pi / 2 * ((step - time) / time + 1)

    film = REGISTRY["peak_vertical_grf_sine"].film.geometry
    assert isinstance(film, errors.OfContactTime) and film.spread is not None
    assert film.spread(small, 0.0, contact, step) == pytest.approx(abs(peak(contact + small) - peak(contact)), rel=1e-4)


def test_loads_are_forces_and_never_places():
    assert all(
        REGISTRY[name].load
        for name in ("peak_vertical_grf", "neck_force_peak", "ladder_hip_impulse_up", "leg_stiffness")
    )
    places = [name for name, one in REGISTRY.items() if one.unit == "m" and one.load and one.family != "ground force"]
    assert places == []


def test_no_rule_looks_at_the_letters_of_a_metric():
    """The rooms that measure hold no test of how a metric's name begins or ends."""
    house = Path(inspect.getfile(errors)).parents[1]
    for room in ("analysis", "metrics"):
        for path in sorted((house / room).glob("*.py")):
            text = path.read_text(encoding="utf-8")
            assert "name.startswith(" not in text and "name.endswith(" not in text, path
