"""Joint angles against the exact motion of the synthetic runner, told apart from the code of the analysis, and on real runners."""

from dataclasses import replace

import numpy as np
import pytest

from headway.analysis import analyze
from headway.camera.film_errors import film_errors
from headway.camera.trunk import put_back
from headway.gait.contacts import Contact
from headway.gait.film_pace import APART, heel_speed, heels_apart
from headway.gait.prepare import Options
from headway.gait.runner import Runner
from headway.gait.steps import build_steps
from headway.recording import AXES, Recording, make_points
from headway.results import Estimated, Measured, NotMeasurable
from headway.sources import load
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.film.truth import true_values
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner

DEGREE = np.pi / 180
EASY = RunnerParameters(speed=3.0, cadence=168, contact_time=0.25)
ANGLES = ("knee_flexion_at_contact", "knee_flexion_in_stance", "knee_flexion_in_swing", "hip_extension_at_toe_off")


@pytest.fixture(scope="module")
def runner():
    return SyntheticRunner(EASY)


@pytest.fixture(scope="module")
def truth(runner):
    time, points, labels = runner_points(runner, duration=6.0, rate=500.0)
    names = {"LEFT_EAR": "ear_left", "RIGHT_EAR": "ear_right"}
    for side in ("left", "right"):
        for label, name in (("SHOULDER", "shoulder"), ("WRIST", "wrist"), ("HIP", "hip"), ("KNEE", "knee"),
                            ("ANKLE", "ankle"), ("HEEL", "heel"), ("FOOT_INDEX", "toe")):  # fmt: skip
            names[f"{side.upper()}_{label}"] = f"{name}_{side}"
    at = {names[label]: points[:, k] for k, label in enumerate(labels) if label in names}
    at["head"] = (at["ear_left"] + at["ear_right"]) / 2
    step = EASY.step_time
    first = (step - EASY.contact_time) / 2
    contacts = [
        Contact(first + k * step, first + k * step + EASY.contact_time, "left" if k % 2 else "right", "truth")
        for k in range(int(6.0 / step) - 1)
    ]
    return true_values(time, at, contacts, EASY.speed)


def test_markers_tell_the_angles_of_the_exact_motion(runner, truth):
    measured = analyze(record(runner, duration=6.0, rate=200, force_rate=1000), Runner(height=1.75)).summary.metrics
    for name in ANGLES:
        found = measured[name]
        assert not isinstance(found, NotMeasurable), name
        assert found.value == pytest.approx(truth[name].value, abs=4 * DEGREE), name
    for name, within in (("overstride", 0.02), ("arm_swing", 0.03), ("foot_crossover", 0.02)):
        found = measured[name]
        assert not isinstance(found, NotMeasurable), name
        assert found.value == pytest.approx(truth[name].value, abs=within), name


def test_a_film_from_the_side_tells_them_too_and_the_sides_are_left_out(runner, truth):
    time, positions, labels = runner_points(runner, duration=6.0, rate=120.0)
    seen = film(time, positions, labels, PhoneCamera((0.0, 1.1, 6.0), (0.0, 1.0, 0.0)), noise=0.003)
    measured = analyze(seen, Runner(height=1.75), Options(treadmill=True)).summary.metrics
    for name in ANGLES:
        found = measured[name]
        assert not isinstance(found, NotMeasurable) and found.left is None and found.ci95 is not None, name
        assert found.value == pytest.approx(truth[name].value, abs=7 * DEGREE), name
    crossing = measured["foot_crossover"]
    assert isinstance(crossing, NotMeasurable) and "behind" in crossing.record


def test_a_film_from_behind_tells_no_knee_and_no_pelvic_drop(runner):
    time, positions, labels = runner_points(runner, duration=6.0, rate=60.0)
    seen = film(time, positions, labels, PhoneCamera((-5.0, 1.1, 0.2), (0.0, 1.0, 0.0)), noise=0.003)
    measured = analyze(seen, Runner(height=1.75), Options(treadmill=True)).summary.metrics
    knee, drop = measured["knee_flexion_at_contact"], measured["pelvic_drop"]
    assert isinstance(knee, NotMeasurable) and "side" in knee.record
    assert isinstance(drop, NotMeasurable) and "markers" in drop.record
    assert not isinstance(measured["foot_crossover"], NotMeasurable)


def test_a_stiff_leg_is_straight_and_a_right_angle_is_one():
    from headway.metrics.joint_angles import knee_flexion

    time = np.arange(200) / 100
    points = np.zeros((200, 3, 3))
    points[:, 0, 1], points[:, 1, 1] = 0.9, 0.45
    points[100:, 2] = [-0.45, 0.45, 0.0]
    motion = _Motion({f"{name}_left": points[:, k] for k, name in enumerate(("hip", "knee", "ankle"))}, time)
    bent = knee_flexion(motion, "left")  # pyright: ignore[reportArgumentType]
    assert np.allclose(bent[:100], 0.0) and np.allclose(bent[100:], np.pi / 2)


class _Motion:
    """As much of a trial as an angle asks for."""

    def __init__(self, points, time):
        self.points, self.time, self.motion, self.jointed = points, time, self, self

    def position(self, name):
        return self.points[name]


def test_one_belt_has_one_speed_whatever_the_camera_does():
    time = np.arange(0, 3.0, 1 / 60)
    sway = 0.3 * np.sin(2.1 * time)
    contacts = [Contact(0.2 + 0.36 * k, 0.44 + 0.36 * k, "left" if k % 2 else "right", "truth") for k in range(6)]
    steps = build_steps(tuple(contacts))
    points = np.zeros((len(time), 4, 3))
    for k, side in ((2, "left"), (3, "right")):
        for one in contacts:
            if one.side == side:
                on = (time >= one.initial_contact) & (time <= one.toe_off)
                points[on, k, 0] = 0.3 - 3.1 * (time[on] - one.initial_contact)
    points[..., 0] += sway[:, None]
    names = ("hip_left", "hip_right", "heel_left", "heel_right")
    recording = Recording(make_points(time, names, points, AXES), source="made", kind="mediapipe", view="side")
    assert heel_speed(recording, steps) == pytest.approx(3.1, abs=1e-6)
    assert heels_apart(recording, steps) == pytest.approx(0.0, abs=1e-6)
    slid = points.copy()
    slid[:, 2, 0] += 0.35 * (sway - slid[:, 2, 0])  # a pose model whose left foot goes along with the hips
    other = replace(recording, points=make_points(time, names, slid, AXES))
    assert (
        heels_apart(other, steps) == pytest.approx(0.35 / (1 - 0.35 / 2), abs=1e-6)
        and heels_apart(other, steps) > APART
    )
    one_foot = build_steps(tuple(one for one in contacts if one.side == "left"))
    assert np.isnan(heel_speed(replace(recording), one_foot))


def test_points_go_back_to_the_joints_from_the_side_alone():
    names, places = ("hip_left", "shoulder_right", "nose", "knee_left"), np.zeros((5, 4, 3))
    ahead = film_errors().ahead
    out = put_back(names, places, 2.0, "mediapipe", "side")
    assert out[0, :, 0] == pytest.approx([-2 * ahead["hip"], -2 * ahead["shoulder"], -2 * ahead["ear"], 0.0])
    assert put_back(names, places, 2.0, "mediapipe", "rear") is places
    assert put_back(names, places, 2.0, "openpose", "side") is places


@pytest.mark.parametrize("runner", ["RBDS002", "RBDS014"])
def test_clusters_tell_knees_as_marked_joints_do(data, runner):
    recording = load(data / "rbds" / f"{runner}runT35.c3d")
    short = Options(stop=8.0)
    marked = analyze(recording, options=short, standing=load(data / "rbds" / f"{runner}static.c3d")).summary
    found = analyze(recording, options=short).summary
    assert not any(flag.code == "functional_joints" for flag in marked.quality)
    assert any(flag.code == "functional_joints" for flag in found.quality)
    for name, within in (("knee_flexion_at_contact", 4 * DEGREE), ("knee_flexion_in_swing", 5 * DEGREE), ("overstride", 0.025)):  # fmt: skip
        one, other = found.metrics[name], marked.metrics[name]
        assert isinstance(one, Estimated) and isinstance(other, Measured)
        assert one.value == pytest.approx(other.value, abs=within), name
