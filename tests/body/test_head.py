import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.body.anthropometry import SEGMENTS
from headway.body.head import head_model
from headway.body.joint_centres import add_joint_centres
from headway.body.marker_sets import HEAD_MARKERS
from headway.recording import AXES, make_points

HEAD = ("head_front_left", "head_front_right", "head_back_left", "head_back_right")


def place(points, name):
    return points.sel(point=name).to_numpy()


def turned(points, angle, frames=None):
    """The whole body leaned back by an angle about the right axis, one pose."""
    values = np.nanmean(points.to_numpy(), axis=0) @ Rotation.from_euler("Z", angle).as_matrix().T
    return make_points(
        np.arange(20) / 100, [str(n) for n in points["point"].to_numpy()], np.tile(values, (20, 1, 1)), AXES
    )


def test_where_the_mass_of_the_head_is_in_running_0002(r1_points):
    model = head_model(r1_points, sex="male")
    assert model is not None
    arm = (model.com - place(r1_points, "neck_base")).mean(0)
    assert np.degrees(np.arctan2(arm[0], arm[1])) == pytest.approx(24.2, abs=1)  # the line leans forward
    above_c7 = (model.com - place(r1_points, "c7")).mean(0)
    assert above_c7[1] == pytest.approx(0.12, abs=0.008)
    behind_centre = (model.com - place(r1_points, "head_centre")).mean(0)
    assert -0.03 < behind_centre[0] < 0
    assert -0.07 < behind_centre[1] < -0.03  # near the ear hole, below the head band
    assert abs(behind_centre[2]) < 0.005
    assert model.length == pytest.approx(0.1395 * 1.695, abs=0.004)
    assert "C7 to the ankles" in model.length_source
    assert not model.calibrated
    assert model.upright is None


def test_stated_stature_sets_the_level(r1_points):
    for height in (1.6, 1.8):
        model = head_model(r1_points, sex="female", height=height)
        assert model is not None
        assert model.length == pytest.approx(0.14046 * height, abs=1e-4)
        level = (model.com - place(r1_points, "c7")).mean(0)[1]
        assert level == pytest.approx((1 - 0.4841) * model.length, abs=1e-3)


def test_head_is_rigid_and_the_fit_is_good(r1_points):
    model = head_model(r1_points, sex="male")
    assert model is not None
    assert np.nanmax(model.residual) < 0.003
    identity = model.rotation @ np.swapaxes(model.rotation, 1, 2)
    assert np.allclose(identity, np.eye(3), atol=1e-12)
    assert np.allclose(np.linalg.det(model.rotation), 1)
    for name in HEAD:
        distance = np.linalg.norm(model.com - place(r1_points, name), axis=1)
        assert np.ptp(distance) < 0.005
    assert np.allclose(np.linalg.det(model.orientation), 1)
    mean_turn = Rotation.from_matrix(model.rotation).mean().magnitude()
    assert mean_turn < np.radians(0.5)  # the reference is the mean pose


def test_inertia_per_kg_is_the_table(r1_points):
    model = head_model(r1_points, sex="male", height=1.741)
    assert model is not None
    forward, long, right = 73 * model.inertia
    assert [forward, right, long] == pytest.approx([0.0274, 0.0297, 0.0204], abs=2e-4)
    assert model.mass_fraction == SEGMENTS["head"].mass[0]


def test_standing_trial_gives_the_heads_own_upright(r1_points):
    """Standing with the head 10° further back than the mean of running: in running its upright leans 10° forward."""
    standing = turned(r1_points, np.radians(10))
    model = head_model(r1_points, sex="male", standing=standing)
    assert model is not None
    assert model.calibrated
    assert model.upright is not None
    lean = np.degrees(np.arctan2(model.upright[:, 0], model.upright[:, 1]))
    assert lean.mean() == pytest.approx(10, abs=0.3)
    uncalibrated = head_model(r1_points, sex="male")
    assert uncalibrated is not None
    # the level is measured along standing's vertical: 10° move the placed mass, by no more than its stated error
    assert np.linalg.norm(model.com - uncalibrated.com, axis=1).max() < 0.03


def test_standing_trial_without_head_markers_is_said(r1_points):
    standing = turned(r1_points, 0.1)
    model = head_model(
        r1_points, standing=standing.sel(point=[n for n in standing["point"].to_numpy() if str(n) not in HEAD_MARKERS])
    )
    assert model is not None
    assert not model.calibrated
    assert [flag.code for flag in model.flags] == ["standing_without_head"]


def test_mass_follows_the_turn_of_the_head_not_only_its_centre(r1_points):
    """Nodding about the head centre swings the mass below it backward."""
    values = r1_points.copy()
    centre = place(r1_points, "head_centre")
    nod = np.radians(np.linspace(-15, 15, len(centre)))
    turn = Rotation.from_euler("Z", nod[:, None]).as_matrix()
    for name in HEAD:
        values.loc[{"point": name}] = np.einsum("nij,nj->ni", turn, place(r1_points, name) - centre) + centre
    plain, nodding = head_model(r1_points, sex="male"), head_model(values, sex="male")
    assert plain is not None
    assert nodding is not None
    swing = (nodding.com - plain.com)[:, 0]
    assert np.ptp(swing) == pytest.approx(0.05 * 2 * np.sin(np.radians(15)), rel=0.15)
    assert swing[-1] > swing[0]  # nose up (+) moves what is below the centre forward


def test_without_head_points_there_is_no_head(ja1):
    points, _ = add_joint_centres(ja1.points, height=None, sex="male")
    assert head_model(points, sex="male") is None


def test_key_points_have_their_mass_between_the_ears():
    body = {
        "ear_left": [0.1, 1.6, -0.07],
        "ear_right": [0.1, 1.6, 0.07],
        "vertex": [0.09, 1.72, 0.0],
        "nose": [0.2, 1.6, 0],
    }
    values = np.tile(np.array(list(body.values())), (10, 1, 1))
    points, _ = add_joint_centres(make_points(np.arange(10) / 60, list(body), values, AXES), height=1.75, sex=None)
    model = head_model(points, height=1.75)
    assert model is not None
    assert np.allclose(model.com, [0.1, 1.6, 0])
    assert np.isfinite(model.rotation).all()
    assert [flag.code for flag in model.flags] == ["head_com_at_head_centre"]
    ears = head_model(points.sel(point=["ear_left", "ear_right", "head_centre"]))
    assert ears is not None
    assert np.isnan(ears.rotation).all()
    assert np.allclose(ears.com, [0.1, 1.6, 0])
    flat = points.copy()
    flat[:, :, 2] = np.nan
    side_view = head_model(flat)
    assert side_view is not None
    assert np.allclose(side_view.com[:, :2], [0.1, 1.6])
