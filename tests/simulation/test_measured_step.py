"""The mean step of a recording: a synthetic runner of known speed, step and body, and recordings that cannot be used."""

from dataclasses import replace

import numpy as np
import pytest

from headway.body.stature import Stature
from headway.errors import OptionError, RecordingError
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.options import Options
from headway.recording import Recording
from headway.simulation.mean_step import MIRROR
from headway.simulation.measured_step import DENSE, MeasuredStep, measured_step
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture(scope="module")
def runner() -> SyntheticRunner:
    return SyntheticRunner(RunnerParameters())


@pytest.fixture(scope="module")
def recording(runner: SyntheticRunner) -> Recording:
    return record(runner, duration=4.0)


@pytest.fixture(scope="module")
def measured(recording: Recording, runner: SyntheticRunner) -> MeasuredStep:
    return measured_step(recording, Runner(height=runner.parameters.height, sex="male"), Options(treadmill=True))


def without(recording: Recording, *stems: str) -> Recording:
    """The recording without the markers whose name begins with one of these."""
    names = [str(name) for name in recording.points["point"].to_numpy() if not str(name).startswith(stems)]
    return replace(recording, points=recording.points.sel(point=names))


def test_speed_step_time_and_mass_are_the_runners(measured: MeasuredStep, runner: SyntheticRunner):
    p = runner.parameters
    assert measured.speed == pytest.approx(p.speed, rel=0.01)
    assert measured.step_time == pytest.approx(p.step_time, rel=0.002)
    assert measured.weighed == pytest.approx(p.mass, rel=0.01)
    assert measured.stance[1] - measured.stance[0] == pytest.approx(p.contact_time / p.step_time, abs=0.04)


def test_overground_and_treadmill_show_the_same_step(measured: MeasuredStep, runner: SyntheticRunner):
    ground = record(runner, duration=4.0, treadmill=False, plates=6)
    other = measured_step(ground, Runner(height=runner.parameters.height, sex="male"))
    assert other.speed == pytest.approx(runner.parameters.speed, rel=0.01)
    for name in ("ankle_right", "knee_left", "neck_base"):
        apart = np.linalg.norm(other.paths[name] - measured.paths[name], axis=1)
        assert apart.max() < 0.012, f"{name}: {1000 * apart.max():.0f} mm"
    assert np.abs(other.push - measured.push).max() < 0.1


def test_the_weight_is_carried(measured: MeasuredStep):
    assert measured.push[:, 1].mean() == pytest.approx(1.0, abs=1e-9)
    assert measured.force(np.array([0.0]))[0, 1] > 2.0
    assert abs(measured.push[:, 0].mean()) < 0.02


def test_the_second_step_is_the_mirror_image_of_the_first(measured: MeasuredStep):
    for one, other in (("ankle_right", "ankle_left"), ("shoulder_left", "shoulder_right"), ("neck_base", "neck_base")):
        later = np.roll(measured.paths[other], -DENSE, axis=0) * MIRROR
        np.testing.assert_allclose(measured.paths[one], later, atol=1e-6)
    np.testing.assert_allclose(measured.push, np.roll(measured.push, DENSE, axis=0) * MIRROR, atol=1e-9)


def test_the_step_begins_at_the_lowest_pelvis_and_the_foot_stands(measured: MeasuredStep):
    hips = (measured.paths["hip_right"] + measured.paths["hip_left"]) / 2
    assert np.argmin(hips[: DENSE // 2, 1]) <= 2 or np.argmin(hips[: DENSE // 2, 1]) >= DENSE // 2 - 2
    since = np.linspace(-0.1, 0.1, 21)
    ankle = measured.at("ankle_right", since)[:, 0] + measured.speed * measured.step_time * since
    assert np.ptp(ankle) < 0.05
    assert measured.at("heel_right", np.array([0.0]))[0, 1] < 0.15


def test_lengths_are_the_bodys(measured: MeasuredStep, runner: SyntheticRunner):
    plan = runner.plan
    assert measured.lengths["hip", "knee"] == pytest.approx(plan.thigh, rel=0.03)
    assert measured.lengths["knee", "ankle"] == pytest.approx(plan.shank, rel=0.03)
    assert measured.lengths["shoulder", "elbow"] == pytest.approx(plan.upper_arm, rel=0.03)


@pytest.mark.parametrize(
    ("stems", "what"),
    [(("knee", "thigh"), "no legs to track: knee"), (("toe", "mt"), "foot")],
)
def test_a_recording_without_legs_is_refused_in_one_line(recording: Recording, stems: tuple[str, ...], what: str):
    with pytest.raises(RecordingError, match=what) as fault:
        measured_step(without(recording, *stems), Runner(height=1.75), Options(treadmill=True))
    assert "\n" not in str(fault.value)


def test_a_recording_without_plates_is_refused(recording: Recording):
    with pytest.raises(RecordingError, match="no ground force to track"):
        measured_step(replace(recording, ground_force=None), Runner(height=1.75), Options(treadmill=True))


def scaled(recording: Recording, *, markers: float = 1.0, force: float = 1.0) -> Recording:
    """The recording with wrong units of markers or force."""
    ground = recording.ground_force
    assert ground is not None
    points = (
        recording.points.assign(position=recording.points["position"] * markers) if markers != 1.0 else recording.points
    )
    return replace(recording, points=points, ground_force=ground.assign(force=ground["force"] * force))


def test_a_mass_or_height_that_cannot_be_is_told_of_the_recording(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
):
    def refused(one: Recording, what: str) -> None:
        with pytest.raises(RecordingError, match=what) as fault:
            measured_step(one, Runner(), Options(treadmill=True))
        assert fault.value.where == recording.source and "\n" not in str(fault.value)

    refused(scaled(recording, force=10.0), "not a body mass.*--mass")
    for height, what in (
        (3.1, "height from its markers cannot be: 3.1 m"),
        (float("nan"), "do not tell the runner's height"),
    ):
        monkeypatch.setattr("headway.simulation.measured_step.find_stature", lambda *_, h=height: Stature(h, "", False))
        refused(recording, what)


def test_what_was_given_stays_the_options_fault(recording: Recording):
    with pytest.raises(OptionError, match=r"--height: 3\.1 m"):
        measured_step(recording, Runner(height=3.1), Options(treadmill=True))


def test_a_speed_that_cannot_be_found_is_told(recording: Recording, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Trial, "stance_speeds", property(lambda self: np.array([np.nan])))
    with pytest.raises(RecordingError, match=r"speed cannot be found.*; record heels and toes") as fault:
        measured_step(recording, Runner(height=1.75), Options(treadmill=True))
    assert fault.value.where == recording.source


def test_a_recording_of_one_step_is_refused(runner: SyntheticRunner):
    short = record(runner, duration=0.75)
    with pytest.raises(RecordingError, match=r"no whole stride to track|no whole stance"):
        measured_step(short, Runner(height=1.75), Options(treadmill=True))


def test_asymmetry_is_told_from_steps_that_differ(runner: SyntheticRunner, measured: MeasuredStep):
    assert measured.spread["ankle_right"].all < 0.008
    recording = record(runner, duration=4.0)
    points = recording.points.copy()
    arms = [str(name) for name in points["point"].to_numpy() if str(name).startswith("wrist") and "left" in str(name)]
    points.loc[{"point": arms, "axis": "x"}] += 0.04
    other = measured_step(replace(recording, points=points), Runner(height=1.75), Options(treadmill=True))
    before, after = measured.spread["wrist_left"], other.spread["wrist_left"]
    assert after.asymmetry == pytest.approx(0.02, abs=0.004)
    assert after.own == pytest.approx(before.own, abs=0.002)
