"""Real recordings: what a laboratory measured, within the ranges that other work on the same files gives."""

import csv

import numpy as np
import pytest

import headway
from headway.analysis import analyze


def _value(result, name):
    entry = result.summary.metrics[name]
    assert entry.status == "measured", (name, entry)
    return entry.value


@pytest.fixture(scope="module")
def overground(analysed):
    return analysed("running_0002/Running_0002.c3d")


@pytest.fixture(scope="module")
def dorn(analysed):
    return analysed("dorn2012_ja1/JA1Gait21.c3d")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("contact_time", 0.28, 0.30),
        ("speed", 2.95, 3.15),
        ("peak_vertical_grf", 2.1, 2.4),
        ("head_vertical_gain", 0.90, 1.08),
        ("neck_base_vertical_gain", 0.9, 1.1),
        ("head_forward_gain", 0.0, 0.3),
        ("neck_force_peak", 2.0, 2.6),
        ("neck_axial_force_peak", 1.9, 2.3),
        ("grf_line_crossing_time", 60.0, 80.0),
        ("neck_over_foot_error", -0.035, -0.005),
        ("braking_propulsion_transition", 42.0, 52.0),
    ],
)
def test_one_overground_stance_with_head_and_plate(overground, name, low, high):
    assert low <= _value(overground, name) <= high


def test_one_stance_gives_no_interval_and_no_stride_metrics(overground):
    summary = overground.summary
    steps = summary.steps
    assert (steps.count, steps.left, steps.right) == (1, 0, 1)
    assert (summary.recording.forward, summary.recording.up, summary.recording.treadmill) == (
        "-x",
        "z",
        False,
    )
    assert 60 <= summary.runner.mass <= 66
    assert summary.runner.mass_source == "impulse"
    assert all(getattr(entry, "ci95", None) is None for entry in summary.metrics.values())
    for name in ("cadence", "lateral_bounce_amplitude", "weight_shift_ratio", "head_lag_vertical", "step_width"):
        entry = summary.metrics[name]
        assert entry.status == "not_measurable"
        assert entry.why
        assert entry.record


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("cadence", 155.0, 163.0),
        ("contact_time", 0.225, 0.242),
        ("neck_base_lateral_bounce_amplitude", 0.009, 0.016),
        ("neck_base_lateral_bounce_phase", np.radians(-30), np.radians(30)),
        ("neck_base_vertical_gain", 1.0, 1.15),
        ("neck_base_forward_gain", 0.1, 0.4),
        ("weight_shift_ratio", 0.2, 0.45),
        ("neck_base_grf_line_crossing_time", 57.0, 70.0),
    ],
)
def test_five_steps_over_eight_plates(dorn, name, low, high):
    assert low <= _value(dorn, name) <= high


def test_the_neck_base_is_inside_the_foot_on_every_step(dorn):
    assert dorn.summary.steps.count == 5
    assert dorn.summary.recording.forward == "y"
    assert 75 <= dorn.summary.runner.mass <= 76.5
    assert ((dorn.steps["neck_over_foot_error"] < 0) & (dorn.steps["neck_over_foot_error"] > -0.055)).all()
    assert dorn.summary.metrics["head_vertical_gain"].status == "not_measurable"


def test_c7_alone_reads_thorax_yaw_and_is_flagged(data, dorn):
    recording = headway.load(data / "dorn2012_ja1" / "JA1Gait21.c3d")
    keep = [name for name in recording.names() if name != "MAN"]
    alone = analyze(recording.logged("drop", points=recording.points.sel(point=keep)))
    entry = alone.summary.metrics["neck_base_lateral_bounce_amplitude"]
    assert entry.status == "estimated"
    assert 0.017 <= entry.value <= 0.025
    assert alone.summary.metrics["neck_base_lateral_bounce_phase"].status == "not_measurable"
    assert "neck_base_from_c7" in {flag.code for flag in alone.summary.quality}


def test_events_in_the_file_count_from_the_start_of_capture(data):
    recording = headway.load(data / "dorn2012_ja1" / "JA1Gait21.c3d")
    first = next(event for event in recording.events if event.name == "initial_contact" and event.side == "left")
    assert first.time == pytest.approx(1.7160 - 299 / 250, abs=0.002)


def test_treadmill_speeds_of_one_runner(analysed):
    contact, crossings = [], []
    for name in ("run200", "run300", "run400", "run500"):
        result = analysed(f"hamner2013/subject04/trials/{name}/markers.trc")
        summary = result.summary
        assert summary.recording.treadmill
        assert (summary.recording.forward, summary.recording.up) == ("x", "y")
        assert 80 <= summary.runner.mass <= 83
        contact.append(_value(result, "contact_time"))
        crossings.append(_value(result, "step_width"))
        assert 0.013 <= _value(result, "neck_base_lateral_bounce_amplitude") <= 0.024
        assert _value(result, "speed") == pytest.approx(float(name[3:]) / 100, rel=0.03)
        if name == "run300":
            assert summary.steps.count == 6
            assert 157 <= _value(result, "cadence") <= 163
            assert 0.29 <= contact[-1] <= 0.31
    assert contact == sorted(contact, reverse=True)
    assert (np.array(crossings[:3]) > 0).all()
    assert crossings[3] < 0  # at 5 m/s this runner's feet cross


@pytest.fixture(scope="module")
def masses(data):
    """By the number of the runner, kg."""
    with (data / "rbds" / "participantInfo.csv").open(encoding="latin-1") as file:
        return {int(row["Subject"]): float(row["Mass"]) for row in csv.DictReader(file)}


def test_a_treadmill_trial_of_each_speed_of_the_public_set(analysed, masses):
    """All 36 under the slow marker."""
    _treadmill_trials(analysed, ("RBDS002runT25", "RBDS012runT35", "RBDS026runT45"), masses)


@pytest.mark.slow
def test_all_treadmill_trials(data, analysed, masses):
    names = sorted(path.stem for path in (data / "rbds").glob("RBDS*run*.c3d"))
    assert len(names) == 36
    _treadmill_trials(analysed, names, masses)


def _treadmill_trials(analysed, names, masses):
    errors, steps, repeated = [], 0, 0
    for name in names:
        result = analysed(f"rbds/{name}.c3d")
        side, start = result.steps["side"].to_numpy(), result.steps["initial_contact"].to_numpy()
        repeated += int(((side[1:] == side[:-1]) & (np.diff(start) < 0.65)).sum())
        steps += len(side)
        assert result.summary.metrics["head_vertical_gain"].status == "not_measurable"
        assert result.summary.recording.treadmill
        subject = int(name.split("run")[0].removeprefix("RBDS"))
        errors.append(result.summary.runner.mass / masses[subject] - 1)
    assert abs(np.mean(errors)) < 0.04
    assert repeated / steps < 0.01
