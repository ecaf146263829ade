"""Errors of angles from markers that stray: none where nothing strays, and large enough where they do."""

from dataclasses import replace

import numpy as np
import pytest

from headway.body.marker_errors import CENTRE
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.metrics import REGISTRY
from headway.options import Options
from headway.signals import seen_mean
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

METRICS = ("knee_flexion_at_contact", "knee_flexion_in_stance", "knee_flexion_in_swing", "hip_extension_at_toe_off", "overstride")  # fmt: skip


def trial_of(recording):
    return prepare(recording, Runner(height=1.75, sex="male"), Options())[0]


@pytest.fixture(scope="module")
def clean():
    return record(SyntheticRunner(RunnerParameters()), duration=3.0, rate=100.0, force_rate=500.0)


def straying(recording, size: float, seed: int):
    """Every marker sways on the skin with the stride, each in its own way, and has a little noise."""
    random = np.random.default_rng(seed)
    stride = 2 * RunnerParameters().step_time
    turns = (
        2
        * np.pi
        * recording.time[:, None, None]
        / stride
        * random.integers(1, 3, (1, recording.points.sizes["point"], 1))
    )
    phase = random.uniform(0, 2 * np.pi, (1, *recording.points.shape[1:]))
    sway = np.sqrt(2) * size * np.sin(turns + phase) + random.normal(0, 0.0005, recording.points.shape)
    return replace(recording, points=recording.points + sway)


def told(trial, name):
    metric = REGISTRY[name]
    assert metric.markers is not None
    value = float(seen_mean(np.asarray(metric.compute(trial))))
    return value, metric.markers(value, trial)


def test_rigid_markers_leave_only_where_joints_are_placed(clean):
    errors = trial_of(clean).marker_errors
    for segment in ("thigh_left", "shank_right"):
        assert errors.tilt(segment) < np.radians(0.4), segment
    assert np.radians(2.0) < errors.angle("thigh_left", "shank_left") < np.radians(3.0)


def test_a_leg_without_knee_tells_no_error_of_its_bend(clean):
    lost = ["knee_lateral_left", "knee_medial_left"]
    errors = trial_of(replace(clean, points=clean.points.drop_sel(point=lost))).marker_errors
    assert errors.angle("thigh_left", "shank_left") == 0.0
    assert errors.angle("thigh_right", "shank_right") > np.radians(2.0)


def placed_elsewhere(trial, random):
    """The same trial with hips, knees and ankles put elsewhere in every frame, by as much as their errors say."""
    motion = trial.jointed.motion
    for joint in ("hip", "knee", "ankle"):
        motion = motion.moved([f"{joint}_left", f"{joint}_right"], random.normal(0, CENTRE[joint], 3))
    return replace(trial, body=replace(trial.jointed, motion=motion))


def test_intervals_hold_the_angles_of_markers_that_stray_and_of_joints_placed_elsewhere(clean):
    truth = {name: told(trial_of(clean), name)[0] for name in METRICS}
    random, misses = np.random.default_rng(3), []
    for seed in range(12):
        trial = placed_elsewhere(trial_of(straying(clean, 0.004, seed)), random)
        for name in METRICS:
            value, error = told(trial, name)
            misses.append((value - truth[name]) / error)
    share = np.mean(np.abs(misses) < 1.96)
    assert share >= 0.9, f"{share:.0%} of {len(misses)} intervals hold"
    assert np.sqrt(np.mean(np.square(misses))) > 0.5, "no wider than twice what is missed"


def test_the_error_grows_with_the_sway(clean):
    small, large = (trial_of(straying(clean, size, 1)).marker_errors.tilt("thigh_left") for size in (0.002, 0.008))
    assert 2.5 < large / small < 6
