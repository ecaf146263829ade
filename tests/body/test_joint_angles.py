"""Joint angles of legs that are known, and beside those that others found in the same recordings."""

import numpy as np
import pytest

from headway.body.joint_angles import JOINTS, Frames, cardan, joint_angles, with_whole_legs
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.sources import load

from .made_legs import SIGNS, angles, made_body

INNER = slice(20, -20)


@pytest.fixture(scope="module")
def legs():
    return made_body()


@pytest.mark.parametrize("joint", ["hip", "knee", "ankle"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_angles_are_those_that_moved_the_markers(legs, joint, side):
    time, body = legs
    found, known = joint_angles(body), angles(time)[f"{joint}_{side}"]
    names = next(one.angles for one in JOINTS if one.name == f"{joint}_{side}")
    for k, name in enumerate(names):
        assert np.abs(found.of(name) - known[:, k])[INNER].max() < np.radians(0.5), name


def test_the_pelvis_is_told_against_the_ground(legs):
    time, body = legs
    assert np.allclose(
        joint_angles(body).of("pelvis_list")[INNER], 0.05 * np.sin(2 * np.pi * 1.3 * time)[INNER], atol=0.005
    )


def test_without_medial_markers_flexion_is_told_and_nothing_else():
    time, body = made_body(without=("knee_medial", "ankle_medial"))
    # one marker at the side of the knee does not show which way the joint turns
    frames = Frames(body)
    found = joint_angles(body, frames)
    for side in SIGNS:
        if frames.flexes_only(f"thigh_{side}"):
            assert np.isnan(found.of(f"hip_adduction_{side}")).all()
        off = np.degrees(found.of(f"knee_flexion_{side}") - angles(time)[f"knee_{side}"][:, 0])[INNER]
        assert np.abs(off).max() < 8


def test_turning_the_whole_body_changes_no_joint():
    turned = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    one, other = np.eye(3), turned.T @ np.array([[1.0, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]])
    assert np.allclose(cardan(one, other), cardan(turned @ one, turned @ other))


@pytest.mark.parametrize(("run", "ankle"), [("run200", 5.0), ("run300", 5.0)])
def test_angles_agree_with_opensims_inverse_kinematics(data, run, ankle):
    folder = data / "hamner2013" / "subject01"
    options = Options(forces=folder / f"{run}_grf.mot")
    trial, _ = prepare(load(folder / f"{run}.trc", options), Runner.of(options), options)
    found = joint_angles(with_whole_legs(trial.body, sex="male", height=None))
    lines = (folder / f"{run}_ik.mot").read_text().splitlines()
    start = lines.index("endheader")
    names, table = (
        lines[start + 1].split(),
        np.array([line.split() for line in lines[start + 2 :] if line.strip()], float),
    )
    bounds = {"hip_flexion": ("hip_flexion", 1.0, 4.0), "knee_flexion": ("knee_angle", -1.0, 4.0)}
    bounds["ankle_dorsiflexion"] = ("ankle_angle", 1.0, ankle)
    for ours, (theirs, sign, most) in bounds.items():
        for side in SIGNS:
            own = np.interp(table[:, 0], trial.motion.time, found.of(f"{ours}_{side}"))
            off = np.degrees(own - sign * table[:, names.index(f"{theirs}_{side[0]}")])
            assert np.nanstd(off) < most, f"{ours} {side}: {np.nanstd(off):.1f}°"


def test_toes_that_lift_from_the_ball_are_extended():
    _, body = made_body(1.0)
    still = joint_angles(body).of("toe_extension_right")
    lifted = body.motion.position("toe_right").copy()
    ball = (body.motion.position("mt1_right") + body.motion.position("mt5_right")) / 2
    body.motion["toe_right"] = ball + (lifted - ball) * [1.0, 0.0, 1.0] + np.array([0.0, 0.03, 0.0])
    assert (joint_angles(body).of("toe_extension_right") > still)[
        body.motion.position("heel_right")[:, 1] > ball[:, 1]
    ].all()
    assert not any(name.startswith("toe_extension") for name in joint_angles(made_body(1.0, without=("mt",))[1]).names)
