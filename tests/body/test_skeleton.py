"""The joint tree: masses, stature, mirror, and the same body as the table's."""

import numpy as np
import pytest

from headway.body.anthropometry import MEAN_LENGTHS
from headway.body.make_skeleton import make_skeleton
from headway.body.skeleton import Lengths


def standing(skeleton):
    """Joint of every body and its mass centre when all angles are zero, from mid-hip."""
    joints, centres = {}, {}
    for body in skeleton.bodies:
        joints[body.name] = (joints[body.parent] if body.parent else 0.0) + body.offset
        centres[body.name] = joints[body.name] + body.com
    return joints, centres


@pytest.mark.parametrize("sex", ["male", "female", None])
def test_the_mass_is_the_one_asked_for(sex):
    skeleton = make_skeleton(1.68, 61.0, sex)
    assert skeleton.mass == pytest.approx(61.0, abs=1e-12)


@pytest.mark.parametrize("sex", [0, 1])
def test_slices_of_the_trunk_make_the_trunk(sex):
    slices = sum(MEAN_LENGTHS[name][sex] for name in ("upper_trunk", "middle_trunk", "lower_trunk"))
    assert slices == pytest.approx(MEAN_LENGTHS["trunk"][sex], abs=1e-4)


@pytest.mark.parametrize("height", [1.55, 1.75, 1.95])
def test_it_stands_as_tall_as_asked_with_its_mass_where_people_have_it(height):
    skeleton = make_skeleton(height, 70.0, "male")
    joints, centres = standing(skeleton)
    sole = min(
        joints[body.name][1] + place[1]
        for body in skeleton.bodies
        for name, place in body.points.items()
        if "sole" in name
    )
    head = next(body for body in skeleton.bodies if body.name == "head")
    top = joints["head"][1] + head.points["vertex"][1]
    assert top - sole == pytest.approx(
        height, abs=0.01 * height
    )  # straight legs: a few mm taller than the plan's bent ones
    com = sum(body.mass * centres[body.name] for body in skeleton.bodies) / skeleton.mass
    assert 0.54 < (com[1] - sole) / height < 0.58


def test_left_and_right_are_mirror_images():
    skeleton = make_skeleton()
    order, sign = skeleton.mirror
    assert sorted(order.tolist()) == list(range(29))
    assert np.array_equal(order[order.astype(int)], np.arange(29))
    for body in skeleton.bodies:
        if body.name.endswith("_right"):
            twin = next(one for one in skeleton.bodies if one.name == body.name.replace("right", "left"))
            assert np.allclose(body.offset * [1, 1, -1], twin.offset)
            assert np.allclose(body.inertia, twin.inertia)
    assert {skeleton.names[k] for k in np.flatnonzero(sign < 0)} == {
        "pelvis_right", "pelvis_roll", "pelvis_yaw", "lumbar_bending", "lumbar_rotation", "neck_roll",
    }  # fmt: skip


def test_lengths_of_a_runner_replace_those_of_the_table():
    table = make_skeleton().lengths
    longer = make_skeleton(lengths=Lengths(**{**table.__dict__, "thigh": 0.45}))
    knee = next(body for body in longer.bodies if body.name == "shank_left")
    assert knee.offset[1] == -0.45


def test_inertia_is_possible():
    for body in make_skeleton(1.62, 55.0, "female").bodies:
        moments = np.linalg.eigvalsh(body.inertia)
        assert moments.min() > 0
        assert moments[2] <= moments[0] + moments[1] + 1e-12
