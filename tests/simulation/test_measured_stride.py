"""The mean stride of points and forces: a synthetic runner of known speed and step; legs that differ stay as they are."""

from dataclasses import replace

import numpy as np
import pytest

from headway.body.make_skeleton import make_skeleton
from headway.errors import RecordingError
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.recording import GRAVITY, Recording
from headway.simulation.contact import Ground
from headway.simulation.mean_stride import MIRROR, Clock
from headway.simulation.measured_stride import DENSE, MeasuredStride, MovingPoints
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

SIDED = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "heel")


@pytest.fixture(scope="module")
def runner() -> SyntheticRunner:
    return SyntheticRunner(RunnerParameters())


@pytest.fixture(scope="module")
def recording(runner: SyntheticRunner) -> Recording:
    return record(runner, duration=4.0)


def moving(recording: Recording, steps: slice = slice(None)) -> MovingPoints:
    """Points and plates of a recording, as a fit would give them."""
    treadmill = len(recording.ground_force["plate"]) < 3  # pyright: ignore[reportOptionalSubscript]
    trial = prepare(recording, Runner(1.75), Options(treadmill=treadmill, cutoff=20.0))[0]
    time, plates = trial.motion.time, trial.plates
    assert plates is not None and trial.runner.mass is not None
    travel = np.outer(time, [trial.speed if trial.treadmill else 0.0, 0.0, 0.0]) - [0.0, trial.ground_height, 0.0]
    names = [*(f"{stem}_{side}" for stem in SIDED for side in ("left", "right")), "neck_base"]
    places = {name: trial.motion.position(name) + travel for name in names}
    force = np.stack([np.interp(time, plates.time, column) for column in plates.total.T], axis=1)
    clock = Clock.of(trial.steps, range(len(trial.steps))[steps], time)
    contact = float(np.nanmedian(trial.steps.contact_time))
    weight = trial.runner.mass * GRAVITY
    return MovingPoints("made", clock, places, force / weight, {"left": contact, "right": contact})


def mean(recording: Recording) -> MeasuredStride:
    return moving(recording).mean(make_skeleton(), Ground())


@pytest.fixture(scope="module")
def measured(recording: Recording) -> MeasuredStride:
    return mean(recording)


def test_speed_step_time_and_mass_are_the_runners(measured: MeasuredStride, runner: SyntheticRunner):
    p = runner.parameters
    assert measured.speed == pytest.approx(p.speed, rel=0.01)
    assert measured.step_time == pytest.approx(p.step_time, rel=0.002)
    for first, last in measured.stances.values():
        assert last - first == pytest.approx(p.contact_time / p.step_time, abs=0.04)
    assert measured.stances["left"][0] - measured.stances["right"][0] == pytest.approx(1.0, abs=0.01)


def test_overground_and_treadmill_show_the_same_step(measured: MeasuredStride, runner: SyntheticRunner):
    ground = record(runner, duration=4.0, treadmill=False, plates=6)
    other = mean(ground)
    assert other.speed == pytest.approx(runner.parameters.speed, rel=0.01)
    for name in ("ankle_right", "knee_left", "neck_base"):
        apart = np.linalg.norm(other.paths[name] - measured.paths[name], axis=1)
        assert apart.max() < 0.012, f"{name}: {1000 * apart.max():.0f} mm"
    assert np.abs(other.push - measured.push).max() < 0.1


def test_the_weight_is_carried(measured: MeasuredStride):
    assert measured.push[:, 1].mean() == pytest.approx(1.0, abs=0.01)
    assert measured.force(np.array([0.0]))[0, 1] > 2.0
    assert abs(measured.push[:, 0].mean()) < 0.02


def test_the_steps_of_a_symmetric_runner_are_mirror_images(measured: MeasuredStride):
    assert max(measured.asymmetry(name) for name in measured.paths) < 0.004
    assert np.abs(measured.push - np.roll(measured.push, DENSE, axis=0) * MIRROR).max() < 0.1


def test_the_step_begins_at_the_lowest_pelvis_and_the_foot_stands(measured: MeasuredStride):
    hips = (measured.paths["hip_right"] + measured.paths["hip_left"]) / 2
    assert np.argmin(hips[: DENSE // 2, 1]) <= 2 or np.argmin(hips[: DENSE // 2, 1]) >= DENSE // 2 - 2
    since = np.linspace(-0.1, 0.1, 21)
    ankle = measured.at("ankle_right", since)[:, 0] + measured.speed * measured.step_time * since
    assert np.ptp(ankle) < 0.05
    assert measured.at("heel_right", np.array([0.0]))[0, 1] < 0.15


def test_two_contacts_are_no_stride(recording: Recording):
    with pytest.raises(RecordingError, match="no whole stride to track"):
        moving(recording, slice(0, 1)).mean(make_skeleton(), Ground())


def test_asymmetry_is_told_from_steps_that_differ(runner: SyntheticRunner, measured: MeasuredStride):
    assert measured.spread["ankle_right"] < 0.008
    recording = record(runner, duration=4.0)
    points = recording.points.copy()
    arms = [str(name) for name in points["point"].to_numpy() if str(name).startswith("wrist") and "left" in str(name)]
    points.loc[{"point": arms, "axis": "x"}] += 0.04
    other = mean(replace(recording, points=points))
    assert other.asymmetry("wrist_left") == pytest.approx(0.02, abs=0.004)
    assert other.spread["wrist_left"] == pytest.approx(measured.spread["wrist_left"], abs=0.002)


def test_steps_of_unequal_time_and_force_stay_unequal(recording: Recording, measured: MeasuredStride):
    whole = moving(recording)
    clock = whole.clock
    assert abs(clock.later) < 0.01
    late = np.where(
        clock.numbers % 2 > 0.5, 0.02, 0.0
    )  # s: the left foot touches later, and the time between is drawn out
    contacts = clock.contacts + late
    steps = Clock.counting(contacts, np.round(clock.numbers), np.interp(clock.time, clock.contacts, contacts))
    assert steps.later == pytest.approx(0.02 / clock.step_time, abs=0.01)
    left = np.mod(clock.phase, 2) > 1
    limping = replace(whole, clock=steps, force=whole.force * np.where(left, 0.8, 1.0)[:, None])
    found = limping.mean(make_skeleton(), Ground())
    assert found.stances["left"][0] - found.stances["right"][0] == pytest.approx(1 + steps.later)
    right, other = (found.force(np.linspace(*found.stances[side]))[:, 1].max() for side in ("right", "left"))
    assert other / right == pytest.approx(0.8, abs=0.03)
    assert found.step_time == pytest.approx(measured.step_time, rel=0.01)
