"""Metrics, the errors of worn sensors, and what a value needs, against answers known by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.analysis.seen_trial import _check_width
from headway.gait.contacts import Contact
from headway.gait.steps import build_steps
from headway.gait.trial import Trial
from headway.metrics import REGISTRY, ground_force, joint_moments, registry, worn, worn_error
from headway.metrics.excursion import Excursion
from headway.metrics.posture import body_lean
from headway.metrics.push import _contribution
from headway.metrics.registry import CannotMeasure
from headway.metrics.seen import SEEN
from headway.metrics.time_and_space import cadence
from headway.metrics.worn_error import SCALE_ERROR
from headway.sensors.body_axes import HEADING_ERROR
from headway.sensors.prepare import midstance_error


def run_of(path: np.ndarray, **more) -> SimpleNamespace:
    """A run of strides of 0.7 s with a head whose mean path has these harmonics, shape (harmonics, 3)."""
    track = SimpleNamespace(path=lambda _: np.stack([path, path]), alignment=SimpleNamespace(uncertainty=0.01), **more)
    strides = SimpleNamespace(start=np.array([0.0, 0.7]), stop=np.array([0.7, 1.4]))
    return SimpleNamespace(tracks={"head": track, "sacrum": track}, strides=strides, reference="sacrum")


def test_a_value_has_the_error_of_the_scales_behind_it_and_no_other():
    assert worn_error.nothing(run_of(np.zeros((3, 3))), 168.0) == 0.0
    assert worn_error.scaled(run_of(np.zeros((3, 3))), 2.0) == pytest.approx(2.0 * SCALE_ERROR)
    assert worn_error.scaled_ratio(run_of(np.zeros((3, 3))), 2.0) == pytest.approx(2.0 * np.sqrt(2) * SCALE_ERROR)
    assert worn_error.scaled_decibels(run_of(np.zeros((3, 3))), -9.0) == pytest.approx(
        20 * np.log10(1 + np.sqrt(2) * SCALE_ERROR)
    )
    assert worn_error.clock(run_of(np.zeros((3, 3)))) == 0.01


def test_a_phase_is_as_sure_as_midstance_the_clock_and_what_leaks_in(monkeypatch):
    monkeypatch.setattr(worn_error, "_leak", lambda run, where: 0.002)
    path = np.zeros((3, 3))
    path[0, 2], path[1, 2] = 0.02, 0.5  # sideways: 2 cm at the stride, more at the step
    late = 2 * np.pi * 0.01 / 0.7
    expected = np.sqrt(midstance_error("sacrum", 0.7) ** 2 + late**2 + 0.1**2)
    assert worn_error.sideways_phase("head")(run_of(path), 0.0) == pytest.approx(expected)
    own = np.sqrt(midstance_error("sacrum", 0.7) ** 2 + 0.1**2)
    assert worn_error.sideways_phase("sacrum")(run_of(path), 0.0) == pytest.approx(own)


def test_a_push_is_measured_where_any_step_has_one():
    compute = _contribution("push_by_ankle")
    some = np.array([np.nan, 0.4, np.nan])
    np.testing.assert_array_equal(compute(SimpleNamespace(push=SimpleNamespace(of=lambda _: some))), some)
    for push in (None, SimpleNamespace(of=lambda _: np.full(3, np.nan))):
        with pytest.raises(CannotMeasure):
            compute(SimpleNamespace(push=push))


def test_the_roll_at_midstance_of_the_left_foot_is_half_a_stride_on_and_counts_toward_it(monkeypatch):
    # Stride harmonic 0.10 rad, step harmonic 0.02 rad, both greatest at right midstance: half a stride on the first has turned its sign.
    harmonics = np.zeros((2, 2, worn.ROLL + 1), complex)
    harmonics[..., worn.ROLL] = [0.10, 0.02]
    monkeypatch.setattr(worn, "_track", lambda run, where, size: SimpleNamespace(rotates=True, harmonics=harmonics))
    monkeypatch.setattr(worn, "_sided", lambda run, where: None)
    found = worn.roll_at_midstance(SimpleNamespace(side=np.array([1.0, -1.0])))
    np.testing.assert_allclose(found, [0.10 + 0.02, 0.10 - 0.02])


def test_a_loading_rate_is_measured_where_any_step_has_an_impact_peak(monkeypatch):
    rates = [np.nan, 62.0]
    monkeypatch.setattr(ground_force, "_loading_rate", lambda trial, k: rates[k])
    trial = SimpleNamespace(force=SimpleNamespace(rate=1000.0), steps=[0, 1])
    np.testing.assert_array_equal(ground_force.vertical_loading_rate(trial), rates)
    rates[1] = np.nan
    with pytest.raises(CannotMeasure):
        ground_force.vertical_loading_rate(trial)


def test_what_leaks_sideways_is_half_a_millimetre_and_the_forward_path_by_the_heading():
    path = np.zeros((3, 3))
    level = worn_error._leak(run_of(path, facing=SimpleNamespace(how="start")), "head")
    assert level == pytest.approx(0.0005)
    path[0, 0] = 0.03
    for how, error in (("start", HEADING_ERROR), ("declared", HEADING_ERROR / 3)):
        found = worn_error._leak(run_of(path, facing=SimpleNamespace(how=how)), "head")
        assert found == pytest.approx(np.hypot(0.0005, 0.03 * np.tan(error)))


def test_the_swing_at_stride_frequency_is_the_first_harmonic_sideways(monkeypatch):
    monkeypatch.setattr(worn, "_sideways", lambda run, where: np.array([[0.02 + 0.01j, 0.5], [0.03, 0.7]]))
    np.testing.assert_array_equal(worn.amplitude("head")(SimpleNamespace()), [0.02 + 0.01j, 0.03])


@pytest.mark.parametrize(
    ("name", "tells", "not_any_more"),
    [
        ("contact_time", 0.055, 0.065),  # a quarter of a usual contact of 0.24 s
        ("trunk_lean", np.radians(9.5), np.radians(10.5)),  # runners lean by 2 to 16 degrees
        ("head_push_ankle_up", 0.95, 1.05),
    ],
)
def test_a_film_tells_a_value_as_long_as_its_interval_is_narrower_than_runners_are_apart(name, tells, not_any_more):
    camera = SimpleNamespace(view="side", rate=60.0, head_by="picture")
    _check_width(REGISTRY[name], SimpleNamespace(ci95=(1.0 - tells, 1.0 + tells), value=1.0), camera)
    with pytest.raises(CannotMeasure):
        _check_width(REGISTRY[name], SimpleNamespace(ci95=(1.0 - not_any_more, 1.0 + not_any_more), value=1.0), camera)


def test_a_value_tells_runners_apart_from_a_correlation_of_three_tenths(monkeypatch):
    for correlation, tells in ((0.29, False), (0.31, True)):
        known = {"contact_time": SimpleNamespace(correlation=correlation)}
        monkeypatch.setattr(registry, "left_out", lambda known=known: known)
        assert REGISTRY["contact_time"].tells_runners_apart is tells
    assert REGISTRY["cadence"].tells_runners_apart  # of which nothing is known


def test_ranges_that_were_seen_of_one_thing_agree():
    (least, most), (low, high) = SEEN["step_time"], SEEN["cadence"]
    assert (60 / most, 60 / least) == pytest.approx((low, high), abs=0.5)
    assert SEEN["stride_time"] == pytest.approx((2 * least, 2 * most), abs=0.002)


RATE = 200.0


def walked(*contacts: tuple[str, float, float], **signals: np.ndarray) -> SimpleNamespace:
    """A trial of contacts (side, start, stop) with the paths of some points, shape (frames, 3), over 3 s at 200 Hz."""
    steps = build_steps(tuple(Contact(start, stop, side, "made") for side, start, stop in contacts))
    time = np.arange(601) / RATE
    motion = SimpleNamespace(time=time, has=lambda name: name in signals, position=lambda name: signals[name])
    trial = SimpleNamespace(steps=steps, motion=motion)
    trial.frames = lambda start, stop: Trial.frames(trial, start, stop)
    trial.at = lambda values, when: Trial.at(trial, values, when)
    trial.change = lambda values, start, stop: Trial.change(trial, values, start, stop)
    return trial


def test_a_range_without_its_drift_is_that_of_the_swing():
    time = np.arange(601) / RATE
    trial = walked(*[("left" if k % 2 else "right", 0.5 + 0.4 * k, 0.75 + 0.4 * k) for k in range(5)])
    swing = 0.02 * np.cos(2 * np.pi * (time - 0.5) / 0.8)
    found = Excursion(swing + 0.3 * time, "stride", detrended=True).per_step(trial)
    np.testing.assert_allclose(found, [0.04, 0.04, 0.04, np.nan, np.nan], rtol=1e-3)


def test_the_body_leans_from_the_foot_that_stands():
    head, left, right = (np.tile(place, (601, 1)) for place in ([0.2, 1.6, 0.0], [0.05, 0.0, 0.0], [-0.1, 0.0, 0.0]))
    trial = walked(("left", 0.5, 0.8), ("right", 0.9, 1.2), head_centre=head, foot_left=left, foot_right=right)
    np.testing.assert_allclose(body_lean(trial), np.arctan([0.15 / 1.6, 0.3 / 1.6]))


def test_cadence_is_of_both_feet_alike_however_many_steps_each_has():
    # Right steps take 0.3 s, left ones 0.4 s, and there are three of the right to two of the left.
    starts = [0.1, 0.4, 0.8, 1.1, 1.5, 1.8]
    trial = walked(*[("left" if k % 2 else "right", start, start + 0.2) for k, start in enumerate(starts)])
    above, below = cadence(trial)
    assert np.nansum(above) / np.nansum(below) == pytest.approx(60 / 0.35)


def test_the_peak_of_a_force_is_timed_from_initial_contact():
    steps = SimpleNamespace(peak=np.array([1.1, 1.46]), initial_contact=np.array([1.0, 1.35]))
    np.testing.assert_allclose(ground_force.time_to_peak(SimpleNamespace(steps=steps)), [0.1, 0.11])


@pytest.mark.parametrize("joint", ["ankle", "knee", "hip"])
def test_a_joint_that_pushes_turns_against_its_first_angle(joint):
    trial = walked(("left", 0.5, 0.8), ("right", 0.9, 1.2))
    moments = np.zeros((601, 2, 3))
    moments[120, 0, 0], moments[140, 0, 0], moments[200, 1, 0] = -140.0, 35.0, -210.0  # N m
    trial.joint_moments = SimpleNamespace(joint=moments, names=(f"{joint}_left", f"{joint}_right"))
    trial.mass = 70.0
    np.testing.assert_allclose(joint_moments._peak(joint)(trial), [2.0, 3.0])
