"""Real sensors, and virtual sensors on real markers against their own three-dimensional analysis."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.signal import butter, filtfilt
from scipy.spatial.transform import Rotation

import headway
from headway.analysis.analyze_sensors import measure_sensors
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.gait.stride_lock import stride_locked, stride_phase
from headway.options import Options
from headway.sensors import InertialSensor, SensorRecording
from headway.sensors.contact import contact_times
from headway.sensors.harmonics import Strides
from headway.signals import low_pass
from headway.sources import load_sensors
from headway.synthetic.handling import Handling
from headway.synthetic.sensors import worn
from headway.validation.sensor_claims import ALCANTARA

ADEPT = """
[[sensor]]
file = "running.csv"
where = "sacrum"
time = "date_time"
time_unit = "date"
force = {unit = "g", columns = ["x", "y", "z"]}
only = {loc_id = "left_hip"}
"""


def force_cadence(force: np.ndarray) -> float:
    """Steps per minute from the rises of the ground force through half a body weight, 500 Hz."""
    numerator, denominator = butter(2, 20 / 250)
    smooth = filtfilt(numerator, denominator, force)
    up = np.flatnonzero((smooth[1:] > 0.5) & (smooth[:-1] <= 0.5))
    exact = up + (0.5 - smooth[up]) / (smooth[up + 1] - smooth[up])
    return 60 * 500 / float(np.polyfit(np.arange(len(exact)), exact, 1)[0])


def test_sacral_accelerometer_against_a_force_treadmill(data, tmp_path):
    """Every fourth trial; all 31: headway validate --only sensors_cadence."""
    folder = data / "alcantara_sacrum"
    forces = pd.read_csv(folder / "GRF_one_sub.csv", header=None).to_numpy()
    (tmp_path / "acceleration.csv").symlink_to(folder / "Accelerometer_one_sub.csv")
    errors = []
    for row in range(1, 32, 4):
        (tmp_path / "trial.toml").write_text(ALCANTARA.format(row=row))
        summary = measure_sensors(load_sensors([tmp_path / "trial.toml"])).summary
        errors.append(summary.metrics["cadence"].value / force_cadence(forces[row - 1]) - 1)
        assert "clipped_sacrum" in [flag.code for flag in summary.quality]
        assert "limit" in summary.metrics["pelvis_vertical_oscillation"].why
    assert np.abs(errors).max() < 0.006
    assert abs(np.mean(errors)) < 0.0015


def test_twenty_five_minutes_outdoors(data, tmp_path):
    pyreadr = pytest.importorskip("pyreadr")
    table = next(iter(pyreadr.read_r(str(data / "adept" / "acc_running.rda")).values()))
    table.to_csv(tmp_path / "running.csv", index=False)
    (tmp_path / "run.toml").write_text(ADEPT)
    recording = load_sensors([tmp_path / "run.toml"])
    start = time.process_time()
    summary = measure_sensors(recording).summary
    assert time.process_time() - start < 5.0
    # the ankle of the same run, by autocorrelation of ten-second pieces, is an independent witness
    hip, ankle = (
        np.linalg.norm(table[table.loc_id == f"left_{at}"][["x", "y", "z"]], axis=1) for at in ("hip", "ankle")
    )
    pieces = [slice(k, k + 1000) for k in range(0, len(ankle) - 1000, 1000)]
    paces = np.array([_stride_pace(ankle[piece]) for piece in pieces if hip[piece].std() > 0.7])
    assert summary.metrics["cadence"].value == pytest.approx(paces.mean(), rel=0.005)
    steady = summary.run.time_by_kind["steady"]
    assert steady == pytest.approx(10 * len(paces), rel=0.05)
    assert len(summary.run.stretches) >= 5
    assert summary.metrics["pelvis_lateral_bounce_amplitude"].status == "not_measurable"


def _stride_pace(size: np.ndarray) -> float:
    """Steps per minute: twice the rate at which one foot's signal repeats, 100 Hz."""
    centred = size - size.mean()
    alike = np.correlate(centred, centred, "full")[len(size) - 1 :]
    k = 60 + int(np.argmax(alike[60:95]))
    before, here, after = alike[k - 1 : k + 2]
    return 12000 / (k + 0.5 * (before - after) / (before - 2 * here + after))


def frame(forward: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rotations from a forward and a right direction, shape (n, 3, 3)."""
    x = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    y = np.cross(right, x)
    y /= np.linalg.norm(y, axis=1, keepdims=True)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


class Repeated:
    """The mean stride of a marker and its segment, repeated for ever: eight harmonics by stride phase, exact derivatives."""

    def __init__(self, path, rotation, phase, time):
        order = np.arange(1, 9)
        turns = np.outer(phase.phase, order)
        at = time[phase.frames]
        design = np.column_stack([np.ones(len(at)), at - at.mean(), np.cos(turns), np.sin(turns)])
        turn = Rotation.from_matrix(rotation[phase.frames])
        self.mean = turn.mean()
        both = np.column_stack([path[phase.frames], (turn * self.mean.inv()).as_rotvec()])
        there = np.isfinite(both).all(1)
        self.fit = np.linalg.lstsq(design[there], both[there], rcond=None)[0][2:]
        self.pace = 2 * np.pi / phase.period * order

    def at(self, time, derivative):
        turns = np.outer(time, self.pace)
        scale = (-1.0 if derivative else 1.0) * self.pace**derivative
        return np.hstack([np.cos(turns) * scale, np.sin(turns) * scale]) @ self.fit

    def __call__(self, time):
        step = 1e-4
        before, here, after = (Rotation.from_rotvec(self.at(time + d, 0)[:, 3:]) for d in (-step, 0, step))
        return self.at(time, 2)[:, :3], (here * self.mean).as_matrix(), (after * before.inv()).as_rotvec() / (2 * step)


def marker_trial(path: Path, treadmill: bool):
    """Sacrum, C7 in the place of the head, and what the trial's own analysis says of them."""
    trial, _ = prepare(headway.load(path), Runner(), Options(treadmill=treadmill), None)
    place, t = trial.motion.position, trial.motion.time
    sacrum = np.mean([place(n) for n in ("psis_left", "psis_right", "sacrum") if trial.motion.has(n)], axis=0)
    across = place("asis_right") - place("asis_left")
    pelvis = frame((place("asis_left") + place("asis_right")) / 2 - sacrum, across)
    phase = stride_phase(t, trial.steps)
    assert phase is not None
    out = {"sacrum": (sacrum, Repeated(sacrum, pelvis, phase, t))}
    if trial.motion.has("c7"):
        c7, name = place("c7"), "acromion" if trial.motion.has("acromion_right") else "shoulder"
        across = place(f"{name}_right") - place(f"{name}_left")
        out["head"] = (c7, Repeated(c7, frame(np.cross(c7 - sacrum, across), across), phase, t))
    locked = {where: np.nanmean(stride_locked(p, t, trial.steps, phase), axis=0) for where, (p, _) in out.items()}
    return {where: motion for where, (_, motion) in out.items()}, locked, phase.period


MOUNTS = {"sacrum": [40, 70, -20], "head": [140, -30, 20]}
STARTED = Handling(before=False, start=3.0)
"""Sensors that are put on before, with a runner who sets off from standing."""
LAB = [("dorn2012_ja1/JA1Gait21.c3d", False)] + [
    (f"hamner2013/subject04/trials/run{speed}/markers.trc", True) for speed in (200, 300, 400, 500)
]


@pytest.mark.parametrize(("name", "treadmill"), LAB)
def test_virtual_sensors_on_real_markers(data, name, treadmill):
    motions, locked, period = marker_trial(data / name, treadmill)
    sensors = tuple(
        worn(
            motion, where, 30.0, mount=Rotation.from_euler("xyz", MOUNTS[where], degrees=True), seed=k, handling=STARTED
        )
        for k, (where, motion) in enumerate(motions.items())
    )
    analysis = measure_sensors(SensorRecording(sensors, source="markers"), options=Options(same_clock=True))
    metrics = analysis.summary.metrics
    ratio = locked["head"][1, 1] / locked["sacrum"][1, 1]
    assert metrics["head_pelvis_vertical_gain"].value == pytest.approx(abs(ratio), abs=0.03)
    assert metrics["head_lag_vertical"].value == pytest.approx(np.angle(ratio) * period / (4 * np.pi), abs=0.001)
    swing = abs(locked["head"][0, 2])
    assert metrics["lateral_bounce_amplitude"].value == pytest.approx(swing, abs=max(0.003, 0.1 * swing))
    phase = np.angle(np.exp(1j * (metrics["lateral_bounce_phase"].value - np.angle(locked["head"][0, 2]))))
    assert abs(phase) < np.radians(25)
    share = ((analysis.steps["midstance"] - STARTED.lead) / period + 0.25) % 1 < 0.5
    assert (np.where(share, "right", "left") == analysis.steps["side"]).all()


@pytest.mark.slow
def test_feet_and_swing_of_twelve_runners_on_a_treadmill(data):
    errors, phases = [], []
    for path in sorted((data / "rbds").glob("*run*.c3d")):
        motions, locked, period = marker_trial(path, True)
        mount = Rotation.from_euler("xyz", MOUNTS["sacrum"], degrees=True)
        sensor = worn(motions["sacrum"], "sacrum", 30.0, mount=mount, seed=3)
        analysis = measure_sensors(SensorRecording((sensor,), source=path.name))
        share = (analysis.steps["midstance"] / period + 0.25) % 1 < 0.5
        assert (np.where(share, "right", "left") == analysis.steps["side"]).all(), path.name
        true = locked["sacrum"][0, 2]
        errors.append(analysis.summary.metrics["pelvis_lateral_bounce_amplitude"].value - abs(true))
        if abs(true) > 0.005:
            found = analysis.summary.metrics["pelvis_lateral_bounce_phase"].value
            phases.append(np.angle(np.exp(1j * (found - np.angle(true)))))
    assert len(errors) == 36
    assert np.abs(errors).max() < 0.003
    assert np.abs(np.degrees(phases)).max() < 12


@pytest.mark.slow
def test_contact_time_by_the_feet_of_twelve_runners(data):
    errors = []
    for path in sorted((data / "rbds").glob("*run*.c3d")):
        trial, _ = prepare(headway.load(path), Runner(), Options(treadmill=True), None)
        steps, recording, t = trial.steps, trial.recording, trial.motion.time
        middle = steps.midstance
        count = len(middle) - 2
        strides = Strides(middle[:count], middle[1:-1], middle[2:], np.zeros(count, int), np.zeros(count, int))
        for side, sign in (("right", 1.0), ("left", -1.0)):
            names = [f"{name}_{side}" for name in ("heel", "mt1", "mt5")]
            if not recording.has(*names):
                continue
            heel, inner, outer = (low_pass(recording.position(name), recording.rate, 25.0) for name in names)
            rotation = frame((inner + outer) / 2 - heel, (outer - inner) * sign)
            if not np.isfinite(rotation).all():
                continue
            turn = Rotation.from_matrix(rotation)
            spin = turn[1:-1].inv().apply((turn[2:] * turn[:-2].inv()).as_rotvec() * recording.rate / 2)
            still = np.tile([0.0, 9.8, 0.0], (len(spin), 1))
            foot = InertialSensor(f"foot_{side}", t[1:-1], still, spin)  # type: ignore[arg-type]
            found, _ = contact_times(SensorRecording((foot,)), strides, steps.side[:count])
            there = np.isfinite(found)
            if there.sum() > 10:
                errors.append(float((found - steps.contact_time[:count])[there].mean()))
    assert len(errors) > 60
    assert abs(np.mean(errors)) < 0.006
    assert np.std(errors) < 0.016
