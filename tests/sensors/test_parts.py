"""The parts by themselves: orientation, harmonics, intervals, trends, watch, contact."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.analysis.analyze_sensors import measure_sensors
from headway.options import Options
from headway.periodic import time_derivative, waveform
from headway.sensors import SensorRecording, Watch
from headway.sensors.harmonics import Strides, stride_harmonics
from headway.sensors.level import Levelled
from headway.sensors.recording import InertialSensor
from headway.sensors.rotation import integrated, slow
from headway.statistics import components, estimate, slope
from headway.synthetic import jets
from headway.synthetic.sensors import body_motion, looped, worn


@pytest.mark.parametrize(("rate", "tolerance"), [(25.0, 1.0), (100.0, 0.05)])
def test_the_gyroscope_gives_back_a_running_pelvis(runner, rate, tolerance):
    random = np.random.default_rng(0)
    time = np.sort(np.arange(0, 20, 1 / rate) + 0.1 / rate * random.standard_normal(int(20 * rate)))
    _, rotation, spin = body_motion(runner, "sacrum")(time)
    true = Rotation.from_matrix(rotation)
    found = true[0] * integrated(time, true.inv().apply(spin))
    assert np.degrees((found.inv() * true).magnitude()).max() < tolerance


def test_the_slow_part_leaves_the_stride_alone():
    time = np.arange(0, 60, 0.01)
    drift = np.column_stack([0.1 * time, np.ones_like(time)])
    bounce = np.column_stack([np.sin(2 * np.pi * 1.2 * time)] * 2)
    left = slow(time, drift + bounce) - drift
    assert np.abs(left[500:-500]).max() < 0.004


def level_of(time, acceleration):
    zero = np.zeros(len(time))
    return Levelled("head", time, acceleration, None, zero, zero.astype(int), Rotation.identity(), 50.0, True)


def test_displacement_is_drift_free_and_exact_under_changing_cadence():
    rng = np.random.default_rng(1)
    steps = np.cumsum(np.concatenate([[1.0], 0.35 * (1 + 0.03 * np.sin(np.arange(80) / 9))]))
    time = np.arange(0.5, steps[-1] + 0.5, 0.02)
    time = time + 0.004 * rng.standard_normal(len(time))
    strides = Strides(steps[:-2], steps[1:-1], steps[2:], np.arange(79) % 2, np.zeros(79, int))
    angle = np.interp(time, steps, np.pi * np.arange(81))
    pace = np.interp(time, (steps[1:] + steps[:-1]) / 2, np.pi / np.diff(steps))
    swing = 0.02 * np.cos(angle + 0.4)
    acceleration = np.column_stack([0 * time, 0 * time, -(pace**2) * swing + 0.3 + 0.01 * time])
    harmonics = stride_harmonics(level_of(time, acceleration), strides)
    size = np.abs(time_derivative(harmonics[..., :3], strides.frequency, -2)[:, 0, 2])
    assert size == pytest.approx(0.02, rel=0.02)
    assert np.degrees(np.angle(harmonics[:, 0, 2])) % 360 == pytest.approx(180 - np.degrees(0.4), abs=2)


def test_a_waveform_is_the_sum_of_its_harmonics():
    phase = np.linspace(0, 2 * np.pi, 9)
    harmonics = np.array([[1.0 + 0j, 2j]])
    assert waveform(harmonics, phase, axis=1)[0] == pytest.approx(np.cos(phase) + 2 * np.sin(2 * phase))


def autoregressive(rng, n, rho=0.4):
    out = np.zeros(n)
    for k in range(1, n):
        out[k] = rho * out[k - 1] + np.sqrt(1 - rho**2) * rng.standard_normal()
    return out


def test_intervals_cover_for_correlated_overlapping_strides():
    rng = np.random.default_rng(2)
    side = np.where(np.arange(240) % 2 == 0, 1.0, -1.0)
    hits = []
    for _ in range(300):
        steps = autoregressive(rng, 241)
        swing = 20 + 1.5 * (steps[1:] + steps[:-1]) / 2
        found = estimate("amplitude", components("amplitude", swing * np.exp(0.3j), side), side, None)
        assert found is not None and found.ci95 is not None
        hits.append(found.ci95[0] <= 20 <= found.ci95[1])
    assert 0.90 <= np.mean(hits) <= 0.99


def test_a_trend_covers_and_a_slow_wave_is_none():
    rng = np.random.default_rng(3)
    hours = np.arange(60) / 60
    hits, false = [], []
    for _ in range(300):
        found = slope(hours, 2.0 * hours + 0.3 * autoregressive(rng, 60))
        none = slope(hours, 0.3 * autoregressive(rng, 60))
        assert found is not None and none is not None
        hits.append(found[1] <= 2.0 <= found[2])
        false.append(none[1] > 0 or none[2] < 0)
    assert np.mean(hits) > 0.9
    assert np.mean(false) < 0.1


def test_speed_dependence_is_not_called_fatigue():
    rng = np.random.default_rng(4)
    hours = np.arange(60) / 60
    speed = 4.0 - hours + 0.2 * rng.standard_normal(60)
    values = 10 * speed + 0.1 * rng.standard_normal(60)
    alone, beside = slope(hours, values), slope(hours, values, speed)
    assert alone is not None and beside is not None
    assert alone[2] < 0
    assert beside[1] < 0 < beside[2]


def test_the_watch_gives_speed_hills_and_a_timeline(runner):
    stride = runner.parameters.stride_time
    sensor = worn(looped(body_motion(runner, "sacrum"), 2 * stride), "sacrum", 240.0)
    second = np.arange(0.0, 240.0)
    height = np.where(second < 120, 0.0, 0.06 * 3.5 * (second - 120))
    series = {"speed": np.full(240, 3.5), "altitude": height, "distance": 3.5 * second, "cadence": np.full(240, 168.0)}
    recording = SensorRecording((sensor,), Watch(second, series, source="run.fit"), source="virtual")
    summary = measure_sensors(recording, options=Options(window=20.0)).summary
    assert summary.metrics["speed"].value == pytest.approx(3.5)
    assert summary.metrics["step_length"].value == pytest.approx(3.5 * 60 / 168, rel=1e-3)
    assert summary.run.stretches[-1][1] < 135
    line = summary.run.timeline
    assert line["distance"][0] == pytest.approx(35.0, abs=1.0)
    assert line["cadence"][2] == pytest.approx(168.0, abs=0.2)
    assert summary.run.watch["cadence"] == pytest.approx(168.0)


def foot_motion(runner, side):
    def motion(time):
        rotation, ball = runner.feet[side].place(jets.moment(time, 3))
        return ball.acceleration, rotation.value, jets.angular_velocity(rotation)[0]

    return motion


def test_a_foot_sensor_tells_the_feet(runner):
    sacrum = worn(body_motion(runner, "sacrum"), "sacrum", 30.0, seed=1)
    for side in ("left", "right"):
        foot = worn(foot_motion(runner, side), f"foot_{side}", 30.0, mount=Rotation.random(random_state=5), seed=2)
        analysis = measure_sensors(SensorRecording((sacrum, foot), source="virtual"))
        assert analysis.summary.sides == "foot"
        half = (analysis.steps["midstance"] - runner.ground.first_midstance) / runner.parameters.step_time
        right = np.round(half).astype(int) % 2 == 0
        assert (np.where(right, "right", "left") == analysis.steps["side"]).all()


def test_a_gap_stays_a_gap(runner):
    whole = worn(body_motion(runner, "sacrum"), "sacrum", 60.0)
    holed = whole.kept((whole.time < 25) | (whole.time > 30))
    summary = measure_sensors(SensorRecording((holed,), source="virtual")).summary
    assert summary.run.time_by_kind["gaps"] == pytest.approx(5.0, abs=0.5)
    assert len(summary.run.stretches) == 2
    assert summary.sides == "pelvis"
    assert "dropouts_sacrum" in [flag.code for flag in summary.quality]
    # the feet are found again after the gap
    steps = measure_sensors(SensorRecording((holed,), source="virtual")).steps
    half = (steps["midstance"] - runner.ground.first_midstance) / runner.parameters.step_time
    assert (np.where(np.round(half).astype(int) % 2 == 0, "right", "left") == steps["side"]).all()


def test_sensors_without_gyroscope_keep_the_vertical(runner):
    sensor = worn(body_motion(runner, "sacrum"), "sacrum", 30.0)
    plain = InertialSensor("sacrum", sensor.time, sensor.specific_force)
    metrics = measure_sensors(SensorRecording((plain,), source="virtual")).summary.metrics
    full = measure_sensors(SensorRecording((sensor,), source="virtual")).summary.metrics
    name = "pelvis_vertical_oscillation"
    assert metrics[name].value == pytest.approx(full[name].value, rel=0.03)
    assert "gyroscope" in metrics["pelvis_lateral_bounce_amplitude"].why
