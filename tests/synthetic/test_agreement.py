"""The published rules of the analysis find the joints and masses of the synthetic body exactly."""

import numpy as np
import pytest

from headway.body.head import head_model
from headway.body.joint_centres import add_joint_centres
from headway.body.segments import build_segments
from headway.recording import AXES, make_points
from headway.synthetic.markers import MARKERS
from headway.synthetic.standing import standing_skeleton

CENTRES = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "foot")


@pytest.fixture(scope="module")
def found(anyone):
    time = np.arange(0, 200) / 200
    points = make_points(time, MARKERS, anyone.positions(time, MARKERS), AXES)
    p = anyone.parameters
    centres, _ = add_joint_centres(points, height=p.height, sex=p.sex)
    return time, centres


def _standing(runner):
    _, still = standing_skeleton(runner.plan)
    places = np.stack([still[name].value[0] for name in MARKERS])
    return make_points(np.arange(3) / 200, MARKERS, np.tile(places, (3, 1, 1)), AXES)


def test_joint_centres(found, anyone):
    time, centres = found
    true = anyone.points(time, 1)
    names = [f"{name}_{side}" for name in CENTRES for side in ("left", "right")]
    for name in (*names, "head_centre", "neck_base", "pelvis_centre", "mid_hip"):
        assert np.abs(centres.sel(point=name).to_numpy() - true[name].value).max() < 1e-9, name


def test_head_and_neck_mass_with_a_standing_trial(found, anyone):
    time, centres = found
    p = anyone.parameters
    model = head_model(centres, sex=p.sex, height=p.height, standing=_standing(anyone))
    assert model is not None and model.calibrated
    assert np.abs(model.com - anyone.points(time, 1)["head_com"].value).max() < 1e-9
    pose = anyone.skeleton(time, 1)[0].pose
    assert np.abs(model.rotation - pose.head.value).max() < 1e-9
    axes, moments = anyone.plan.head_inertia
    assert model.axes == pytest.approx(axes, abs=1e-9)
    assert model.inertia == pytest.approx(moments, rel=1e-9)


def test_segments_and_their_sum(found, anyone):
    time, centres = found
    p = anyone.parameters
    built = build_segments(centres, sex=p.sex, height=p.height, standing=_standing(anyone))
    skeleton, joints = anyone.skeleton(time, 1)
    assert built.whole_body
    for name, path in skeleton.segments(joints).items():
        assert np.abs(built.com[:, built.index(name)] - path.value).max() < 1e-9, name
    assert np.abs(built.total_com() - anyone.centre_of_mass(time, 1).value).max() < 1e-9
