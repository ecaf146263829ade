"""Virtual phone-grade sensors on the synthetic runner against its analytic motion."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.analysis.analysis import Analysis
from headway.analysis.analyze_sensors import measure_sensors
from headway.options import Options
from headway.sensors import SensorRecording
from headway.synthetic.handling import Handling
from headway.synthetic.sensors import PERFECT, Part, body_motion, turned, worn
from headway.validation.worn_exports import shakes_found
from headway.validation.worn_runs import lags_held, made_pair, swinging


def _angle(difference):
    return abs(np.angle(np.exp(1j * difference)))


@pytest.mark.parametrize(("rate", "offset"), [(25.0, -0.08), (50.0, 0.05), (200.0, -0.03)])
def test_the_shaken_pair_tells_swing_gain_and_lag(pair, truth, rate, offset):
    summary = measure_sensors(pair(rate, offset=offset)).summary
    found = {name: getattr(entry, "value", None) for name, entry in summary.metrics.items()}
    for prefix in ("", "pelvis_"):
        name = f"{prefix}lateral_bounce_amplitude"
        assert found[name] == pytest.approx(truth[name], abs=0.0015)
        assert _angle(found[f"{prefix}lateral_bounce_phase"] - truth[f"{prefix}lateral_bounce_phase"]) < np.radians(6)
    assert found["head_pelvis_vertical_gain"] == pytest.approx(truth["head_pelvis_vertical_gain"], abs=0.025)
    assert found["head_lag_vertical"] == pytest.approx(truth["head_lag_vertical"], abs=0.002 if rate >= 100 else 0.004)
    assert found["cadence"] == pytest.approx(truth["cadence"], rel=5e-4)
    for name in ("head_vertical_oscillation", "pelvis_vertical_oscillation"):
        assert found[name] == pytest.approx(truth[name], rel=0.03)
    clock = summary.sensors[1].clock
    assert clock.how == "shake"
    assert clock.offset == pytest.approx(offset, abs=3 * clock.uncertainty)
    assert summary.sides == "pelvis"


def test_the_intervals_hold_the_truth(measured, truth):
    metrics = measured.summary.metrics
    for name, true in truth.items():
        if name not in ("head_roll_range", "pelvic_list_range", "cadence"):
            low, high = metrics[name].ci95
            assert low <= true <= high, name


def test_rotation_ranges_come_from_the_gyroscope(measured, truth):
    metrics = measured.summary.metrics
    for name in ("head_roll_range", "pelvic_list_range"):
        assert metrics[name].value == pytest.approx(truth[name], rel=0.05)


def test_without_a_shake_the_lag_is_refused_and_the_phase_keeps_its_error(pair, truth):
    metrics = measure_sensors(pair(handling=Handling(before=False))).summary.metrics
    assert metrics["head_lag_vertical"].status == "not_measurable"
    assert "quickly up and down" in metrics["head_lag_vertical"].record
    assert _angle(metrics["lateral_bounce_phase"].value - truth["lateral_bounce_phase"]) < np.radians(8)
    assert metrics["head_pelvis_vertical_gain"].value == pytest.approx(truth["head_pelvis_vertical_gain"], abs=0.025)


def test_any_mounting_gives_the_same(runner):
    found = []
    for seed in range(4):
        mount = Rotation.random(random_state=seed)
        sensor = worn(body_motion(runner, "sacrum"), "sacrum", 30.0, PERFECT, mount=mount, seed=seed)
        metrics = measure_sensors(SensorRecording((sensor,), source="virtual")).summary.metrics
        names = ("pelvis_lateral_bounce_amplitude", "pelvis_lateral_bounce_phase", "pelvis_vertical_oscillation")
        found.append([metrics[name].value for name in names])
    spread = np.ptp(found, axis=0)
    assert spread[0] < 0.0002
    assert spread[1] < np.radians(1)
    assert spread[2] < 0.0005


def test_feet_are_the_right_ones(runner, pair):
    analysis = measure_sensors(pair(handling=None, offset=0.0))
    times, sides = analysis.steps["midstance"].to_numpy(), analysis.steps["side"].to_numpy()
    half = (times - runner.ground.first_midstance) / runner.parameters.step_time
    right = np.round(half).astype(int) % 2 == 0
    assert (np.where(right, "right", "left") == sides).all()


def test_swapping_sides_turns_the_asymmetry_round(pair, measured):
    plain = measured.summary.metrics
    swapped = measure_sensors(pair(), options=Options(swap_sides=True)).summary.metrics
    name = "lateral_bounce_amplitude"
    assert swapped[name].value == pytest.approx(plain[name].value, rel=1e-9)
    name = "lateral_bounce_phase"
    assert _angle(swapped[name].value - plain[name].value) == pytest.approx(np.pi, abs=1e-3)
    name = "pelvis_lateral_bounce_phase"
    assert _angle(swapped[name].value - plain[name].value) == pytest.approx(np.pi, abs=1e-3)


def test_the_declared_front_of_the_head_is_used_and_the_feet_are_never_told_by_its_swing(runner):
    axes = Rotation.from_euler("y", 90, degrees=True)
    head = worn(body_motion(runner, "head"), "head", 30.0, Part(rate=50.0), mount=axes)
    forward = axes.inv().apply([1.0, 0, 0])
    name = ("-" if forward.sum() < 0 else "+") + "xyz"[int(np.argmax(np.abs(forward)))]
    declared = replace(head, mount={"forward": name})
    sacrum = worn(body_motion(runner, "sacrum"), "sacrum", 30.0)
    options = Options(same_clock=True)
    both = measure_sensors(SensorRecording((sacrum, declared), source="virtual"), options=options).summary
    assert both.metrics["lateral_bounce_phase"].value == pytest.approx(np.radians(-25), abs=np.radians(8))
    alone = measure_sensors(SensorRecording((declared,), source="virtual")).summary
    assert alone.sides == "unknown"
    assert "foot" in alone.metrics["lateral_bounce_phase"].record
    unknown = measure_sensors(SensorRecording((sacrum, head), source="virtual"), options=options).summary
    assert unknown.metrics["lateral_bounce_amplitude"].value == pytest.approx(0.020, abs=0.001)
    for refused in ("lateral_bounce_phase", "lateral_bounce_asymmetry", "head_roll_at_midstance"):
        assert "run off straight on" in unknown.metrics[refused].record
    assert "front_unknown" in [flag.code for flag in unknown.quality]


@pytest.mark.parametrize("phase", [-160, 20, 110])
def test_a_phase_anywhere_on_the_circle_is_told_or_refused_but_never_turned_round(phase):
    motions = swinging(float(phase))
    told = measure_sensors(made_pair(phase % 7, 30.0, motions=motions)).summary.metrics["lateral_bounce_phase"]
    assert told.status != "not_measurable"
    assert _angle(told.value - np.radians(phase)) < np.radians(12)
    standing = Handling(start=0.01, speed=0.0)  # on a belt: nobody sets off
    sensors = [
        worn(motion, where, 30.0, handling=standing) for where, motion in zip(("head", "sacrum"), motions, strict=True)
    ]
    silent = measure_sensors(SensorRecording(tuple(sensors[::-1]), source="virtual")).summary.metrics
    assert silent["lateral_bounce_phase"].status == "not_measurable"


def test_turns_are_set_aside_and_the_straights_agree(pair, truth):
    def heading(time):
        corner = (time > 20) & (time < 23)
        rate = np.where(corner, np.radians(30) * np.sin(np.pi * (time - 20) / 3) ** 2, 0.0)
        return np.cumsum(rate * np.gradient(time)), rate

    summary = measure_sensors(pair(wrap=lambda motion: turned(motion, heading, 3.5))).summary
    assert summary.run.time_by_kind["turns"] > 1.0
    assert len(summary.run.stretches) == 2
    value = summary.metrics["lateral_bounce_amplitude"].value
    assert value == pytest.approx(truth["lateral_bounce_amplitude"], rel=0.05)


def test_a_saved_analysis_is_the_same_when_loaded(pair, tmp_path):
    analysis = measure_sensors(pair(duration=20.0))
    analysis.save(tmp_path / "out", report=False)
    again = Analysis.load(tmp_path / "out")
    assert again.summary == analysis.summary
    assert again.steps.equals(analysis.steps)
    path = again.waveforms["stride_path"].sel(body_point="head", axis="right")
    assert float(np.ptp(path.to_numpy())) == pytest.approx(
        2 * analysis.summary.metrics["lateral_bounce_amplitude"].value, rel=0.1
    )


def test_lag_intervals_hold_with_clocks_that_drift(truth):
    """Coarse; in full: headway validate --only sensors_lag_drift."""
    held = [one.held for one in lags_held(range(5), truth["head_lag_vertical"], longest=60.0)]
    assert sum(held) >= 4


@pytest.mark.slow
def test_lag_intervals_hold_with_clocks_that_drift_over_ten_minutes(truth):
    assert np.mean([one.held for one in lags_held(range(100, 200), truth["head_lag_vertical"])]) >= 0.93


def test_a_second_shake_tells_the_drift_of_the_clocks():
    clock = measure_sensors(made_pair(3, 120.0, drift=50e-6, again=True)).summary.sensors[1].clock
    once = measure_sensors(made_pair(3, 120.0, drift=50e-6)).summary.sensors[1].clock
    assert clock.drift == pytest.approx(50e-6, abs=15e-6)
    assert clock.uncertainty < once.uncertainty


def test_the_shake_is_found_in_exports_of_every_kind(tmp_path):
    """One of each format; in full: headway validate --only sensors_shake."""
    assert all(shakes_found(range(3), tmp_path))


@pytest.mark.slow
def test_the_shake_is_found_in_nineteen_of_twenty_exports(tmp_path):
    assert np.mean(shakes_found(range(3000, 3200), tmp_path)) >= 0.95
