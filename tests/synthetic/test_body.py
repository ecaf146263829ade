"""The synthetic runner is a body: bones keep their length, feet stay on the ground, numbers are those of running."""

import numpy as np
import pytest

from headway.recording import GRAVITY
from headway.synthetic.jets import moment
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.standing import standing_skeleton


@pytest.fixture(scope="module")
def stride(anyone):
    time = np.linspace(0, anyone.parameters.stride_time, 801)
    return time, {name: point.value for name, point in anyone.points(time, 1).items()}


def test_bones_keep_their_length(stride, anyone):
    _, at = stride
    for side in ("left", "right"):
        for start, stop in (
            ("hip", "knee"),
            ("knee", "ankle"),
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("heel", "toe"),
        ):
            length = np.linalg.norm(at[f"{start}_{side}"] - at[f"{stop}_{side}"], axis=1)
            assert np.ptp(length) < 1e-12, (start, stop)
    assert np.ptp(np.linalg.norm(at["neck_base"] - at["mid_hip"], axis=1)) < 1e-12
    assert np.ptp(np.linalg.norm(at["c7"] - at["mid_hip"], axis=1)) < 0.006
    assert np.linalg.norm(at["hip_right"] - at["knee_right"], axis=1)[0] == pytest.approx(anyone.plan.thigh)


def test_nothing_goes_through_the_ground(stride):
    _, at = stride
    assert min(point[:, 1].min() for point in at.values()) > 0.0


def test_the_foot_stays_where_it_stands(runner):
    p = runner.parameters
    share = np.linspace(0.16, 0.49, 100)
    points = runner.points(share * p.contact_time, 1)
    for name, first in (("mt1_right", 0.3), ("mt5_right", 0.3), ("heel_right", 0.33), ("ankle_right", 0.33)):
        place = points[name].value + np.outer(share * p.contact_time * p.speed, [1.0, 0.0, 0.0])
        flat = place[share >= first]
        assert np.ptp(flat, axis=0).max() < 1e-3, name
    ball = runner.feet["right"].place(moment(share * p.contact_time, 1))[1]
    assert np.ptp(points["foot_right"].value[:, 2]) < 1e-12
    assert np.abs(ball.value[share > 0.33, 1]).max() < 1e-12


def test_the_foot_rolls_without_slipping(runner):
    """In the roll the point of contact is at rest on the belt, and the pressure is there."""
    p = runner.parameters
    time = np.linspace(0.55, 0.98, 30) * p.contact_time
    points, pressure = runner.points(time), runner.pressure(time)
    ankle, toe = points["ankle_right"], points["toe_right"]
    arm = toe.value - ankle.value
    spin = np.cross(arm, toe.velocity - ankle.velocity) / (arm**2).sum(1, keepdims=True)
    contact = ankle.velocity + np.cross(spin, pressure - ankle.value)
    assert contact[:, 0] == pytest.approx(np.full(30, -p.speed), abs=1e-6)
    assert np.abs(contact[:, 1]).max() < 1e-6


def test_knees_and_elbows_bend_the_right_way(stride):
    _, at = stride
    for side in ("left", "right"):
        hip, knee, ankle = (at[f"{name}_{side}"] for name in ("hip", "knee", "ankle"))
        assert np.cross(ankle - hip, knee - hip)[:, 2].min() > 0
        bend = 180 - np.degrees(_angle(hip - knee, ankle - knee))
        assert 5 < bend.min() < 30 and 90 < bend.max() < 130
        shoulder, elbow, wrist = (at[f"{name}_{side}"] for name in ("shoulder", "elbow", "wrist"))
        assert 75 < np.degrees(_angle(shoulder - elbow, wrist - elbow)).mean() < 100


def _angle(a, b):
    return np.arccos((a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1))


def test_arms_swing_against_the_legs(stride):
    _, at = stride
    hand = at["hand_right"][:, 0] - at["hand_left"][:, 0]
    foot = at["ankle_right"][:, 0] - at["ankle_left"][:, 0]
    assert np.corrcoef(hand, foot)[0, 1] < -0.7


def test_it_runs_like_people_do(runner):
    p = runner.parameters
    time = np.linspace(0, p.stride_time, 4001)
    peak = runner.force(time)[:, 1].max() / (p.mass * GRAVITY)
    assert 2.2 < peak < 2.9
    assert 0.06 < np.ptp(runner.centre_of_mass(time, 1).value[:, 1]) < 0.11
    at = {name: point.value for name, point in runner.points(time, 1).items()}
    assert 0.06 < np.ptp(at["head_centre"][:, 1]) < 0.11
    assert 0.002 < np.ptp(at["head_centre"][:, 0] - at["neck_base"][:, 0]) < 0.02
    lean = at["neck_base"] - at["pelvis_centre"]
    assert np.degrees(np.arctan2(lean[:, 0], lean[:, 1]).mean()) == pytest.approx(p.trunk_lean, abs=1e-3)
    assert (at["head_centre"] - at["neck_base"])[:-1, 0].mean() == pytest.approx(p.head_anteversion, abs=1e-6)
    arm = runner.pressure(time) - runner.centre_of_mass(time, 1).value
    force = runner.force(time)
    moment = np.nan_to_num(arm[:, 0] * force[:, 1] - arm[:, 1] * force[:, 0])
    assert abs(moment.sum() / force[:, 1].sum()) < 5e-4, "the ground force must not tumble the runner"


@pytest.mark.parametrize(
    "changes",
    [
        {"speed": 2.0, "contact_time": 0.30, "cadence": 156.0},
        {"speed": 5.0, "contact_time": 0.185, "cadence": 182.0},
        {"speed": 5.8, "contact_time": 0.17, "cadence": 188.0},
        {"height": 1.55, "sex": "female", "mass": 48.0},
        {"height": 1.98, "mass": 90.0},
        {"trunk_lean": 15.0},
        {"step_width": -0.03},
    ],
)
def test_other_runners_have_bodies_too(changes):
    runner = SyntheticRunner(RunnerParameters(**changes))
    time = np.linspace(0, runner.parameters.stride_time, 401)
    skeleton, joints = runner.skeleton(time)
    lowest = min(
        joints[f"{name}_{side}"].value[:, 1].min() for name in ("heel", "toe", "mt1") for side in ("left", "right")
    )
    assert lowest > -0.002
    assert np.ptp(np.linalg.norm(joints["hip_left"].value - joints["knee_left"].value, axis=1)) < 1e-12
    assert np.abs(joints["mid_hip"].acceleration).max() < 60.0
    mean = sum(runner.plan.mass_shares[name] * path.value for name, path in skeleton.segments(joints).items())
    assert np.abs(mean - runner.centre_of_mass(time, 1).value).max() < 1e-10


@pytest.mark.parametrize(("sex", "height"), [("male", 1.75), ("female", 1.62), ("male", 1.95)])
def test_standing(sex, height):
    plan = SyntheticRunner(RunnerParameters(sex=sex, height=height)).plan
    skeleton, points = standing_skeleton(plan)
    assert points["vertex"].value[0, 1] == pytest.approx(height, abs=1e-12)
    middle = skeleton.centre_of_mass(points["mid_hip"]).value[0]
    assert 0.55 < middle[1] / height < 0.575
    assert abs(middle[2]) < 1e-12
    assert points["heel_right"].value[0, 0] < middle[0] < points["toe_right"].value[0, 0]
    assert points["c7"].value[0, 1] < points["head_com"].value[0, 1] < points["vertex"].value[0, 1]
