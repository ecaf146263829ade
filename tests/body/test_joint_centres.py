import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.body.calibration import carry_landmarks
from headway.body.joint_centres import add_joint_centres, harrington_hip
from headway.body.landmarks import to_landmarks
from headway.recording import AXES, LAB_AXES, make_points

from .conftest import JA1_AXES, read_c3d

PELVIS = {
    "asis_left": [0.0, 1.0, -0.125],
    "asis_right": [0.0, 1.0, 0.125],
    "psis_left": [-0.14, 1.0, -0.05],
    "psis_right": [-0.14, 1.0, 0.05],
}


def points_of(landmarks, frames=40, rotation=None, shift=None):
    """The same landmarks in every frame, turned and moved."""
    values = np.tile(np.array(list(landmarks.values()), float), (frames, 1, 1))
    if rotation is not None and shift is not None:
        values = values @ np.swapaxes(rotation, 1, 2) + shift[:, None]
    return make_points(np.arange(frames) / 100, list(landmarks), values, AXES)


def added(points, **options):
    done, assumed = add_joint_centres(points, **({"height": None, "sex": None} | options))
    return {str(name): done.sel(point=name).to_numpy() for name in done["point"].to_numpy()}, {
        flag.code: flag for flag in assumed.flags
    }


def test_harrington_by_hand():
    forward, up, lateral = harrington_hip(0.250, 0.140)
    assert forward == pytest.approx(-0.0435)
    assert up == pytest.approx(-0.0859)
    assert lateral == pytest.approx(0.0898)


def test_hips_are_fixed_in_the_pelvis():
    frames = 40
    angles = 0.3 * np.stack([np.sin(np.arange(frames) / k) for k in (3, 5, 7)], axis=1)
    rotation = Rotation.from_euler("XYZ", angles).as_matrix()
    shift = np.stack([np.linspace(0, 2, frames), np.zeros(frames), np.zeros(frames)], axis=1)
    done, flags = added(points_of(PELVIS, frames, rotation, shift))
    expected = (
        np.array([[-0.0435, 0.9141, -0.0898], [-0.0435, 0.9141, 0.0898]]) @ np.swapaxes(rotation, 1, 2) + shift[:, None]
    )
    assert np.allclose(np.stack([done["hip_left"], done["hip_right"]], 1), expected, atol=1e-9)
    assert np.allclose(
        done["pelvis_centre"], np.array([-0.07, 1.0, 0]) @ np.swapaxes(rotation, 1, 2) + shift, atol=1e-9
    )
    assert not flags


def test_one_missing_pelvis_marker_changes_nothing_two_are_a_gap():
    points = points_of(PELVIS)
    broken = points.copy()
    broken[5:10, 0] = np.nan
    broken[20:25, :2] = np.nan
    whole, _ = added(points)
    done, flags = added(broken)
    assert np.allclose(done["hip_left"][:20], whole["hip_left"][:20])
    assert np.allclose(done["asis_left"][5:10], whole["asis_left"][5:10])
    for name in ("hip_left", "mid_hip", "pelvis_centre", "asis_left"):
        assert np.isnan(done[name][20:25]).all()
    assert "asis_left (12.5% of the frames)" in flags["marker_completed"].message


def test_sacrum_stands_for_psis():
    landmarks = {name: place for name, place in PELVIS.items() if "psis" not in name} | {"sacrum": [-0.14, 1.0, 0.0]}
    done, flags = added(points_of(landmarks))
    assert np.allclose(done["hip_right"][0], [-0.0435, 0.9141, 0.0898])
    assert set(flags) == {"sacrum_for_psis"}


def test_neck_base_and_what_stands_for_it():
    c7, notch = {"c7": [-0.05, 1.5, 0.01]}, {"suprasternal": [0.06, 1.4, 0.0]}
    done, flags = added(points_of(c7 | notch))
    assert np.allclose(done["neck_base"][0], [0.005, 1.45, 0.005])
    assert not flags
    done, flags = added(points_of(c7 | {"sternum_left": [0.06, 1.4, -0.02], "sternum_right": [0.06, 1.4, 0.02]}))
    assert np.allclose(done["neck_base"][0], [0.005, 1.45, 0.005])
    assert set(flags) == {"notch_from_sternum_pair"}
    done, flags = added(points_of(c7))
    assert np.allclose(done["neck_base"][0], c7["c7"])
    assert flags["neck_base_from_c7"].level == "warning"
    assert "neck_base" not in added(points_of(notch))[0]


def test_key_points_are_joint_centres_and_pass_through():
    body = {
        "hip_left": [0, 0.9, -0.1],
        "hip_right": [0, 0.9, 0.1],
        "knee_left": [0.1, 0.5, -0.1],
        "ankle_left": [0, 0.1, -0.1],
    }
    body |= {"shoulder_left": [0.1, 1.4, -0.2], "shoulder_right": [0.1, 1.4, 0.2], "ear_left": [0.1, 1.6, -0.07]}
    body |= {"ear_right": [0.1, 1.6, 0.07], "nose": [0.2, 1.6, 0.0], "acromion_left": [0.1, 1.45, -0.2]}
    done, flags = added(points_of(body))
    for name, place in body.items():
        assert np.array_equal(done[name][0], place)
    assert np.allclose(done["head_centre"][0], [0.1, 1.6, 0])  # between the ears, never the nose
    assert np.allclose(done["mid_shoulder"][0], [0.1, 1.4, 0])
    assert np.allclose(done["pelvis_centre"][0], [0, 0.9, 0])
    assert set(flags) == {"pelvis_from_hips"}
    assert "neck_base" not in done  # between the shoulders is another point


def test_film_with_one_axis_missing_keeps_the_others():
    points = points_of({"hip_left": [0, 0.9, -0.1], "hip_right": [0.02, 0.9, 0.1]})
    points[:, :, 2] = np.nan
    done, _ = added(points)
    assert np.allclose(done["mid_hip"][:, :2], [0.01, 0.9])
    assert np.isnan(done["mid_hip"][:, 2]).all()


def test_shoulders_are_below_the_acromia_along_the_trunk():
    body = PELVIS | {"acromion_left": [0.2, 1.45, -0.16], "acromion_right": [0.2, 1.45, 0.16]}
    done, _ = added(points_of(body))
    drop = done["acromion_right"][0] - done["shoulder_right"][0]
    assert np.linalg.norm(drop) == pytest.approx(0.17 * 0.32)
    trunk = (done["acromion_left"] + done["acromion_right"])[0] / 2 - done["mid_hip"][0]
    assert np.allclose(np.cross(drop, trunk), 0, atol=1e-12)


def leg(bend, side="right"):
    """A leg with its knee and ankle bent in the sagittal plane; markers 60 mm and 42 mm lateral of the joints."""
    sign = 1.0 if side == "right" else -1.0
    knee = np.array([0.05, 0.5, sign * 0.1])
    ankle = knee + 0.42 * np.array([-np.sin(bend), -np.cos(bend), 0.0])
    out = np.array([0, 0, sign])
    hips = {"hip_left": [0.05, 0.92, -0.1], "hip_right": [0.05, 0.92, 0.1]}
    return (
        hips | {f"knee_lateral_{side}": knee + 0.060 * out, f"ankle_lateral_{side}": ankle + 0.042 * out},
        knee,
        ankle,
    )


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("bend", [0.0, 0.3, 1.5])
def test_a_lone_lateral_marker_is_moved_medially_at_any_flexion(bend, side):
    landmarks, knee, ankle = leg(bend, side)
    done, flags = added(points_of(landmarks), height=0.120 / 0.070)
    assert np.linalg.norm(done[f"knee_{side}"][0] - knee) < 0.012
    assert np.linalg.norm(done[f"ankle_{side}"][0] - ankle) < 0.012
    assert "60 mm" in flags["joint_width_assumed"].message or "42 mm" in flags["joint_width_assumed"].message


def test_medial_and_lateral_markers_need_no_assumption():
    landmarks, knee, _ = leg(0.2)
    landmarks["knee_medial_right"] = 2 * knee - landmarks["knee_lateral_right"]
    done, _ = added(points_of(landmarks))
    assert np.allclose(done["knee_right"][0], knee)


def test_without_any_length_no_width_is_invented():
    done, flags = added(points_of({"knee_lateral_right": [0, 0.5, 0.2], "hip_right": [0, 0.9, 0.1]}))
    assert "knee_right" not in done
    assert not flags


def test_a_dropped_head_marker_does_not_move_the_head(r1, r1_points):
    broken = r1.points.copy()
    broken.loc[{"point": "head_front_left"}][30:50] = np.nan
    done, flags = added(broken, sex="male")
    miss = np.linalg.norm(done["head_centre"] - r1_points.sel(point="head_centre").to_numpy(), axis=1)
    rest = [done[name] for name in ("head_front_right", "head_back_left", "head_back_right")]
    naive = np.linalg.norm(np.mean(rest, axis=0) - r1_points.sel(point="head_centre").to_numpy(), axis=1)
    assert miss[30:50].max() < 0.0015
    assert naive[30:50].min() > 0.02
    assert miss[:30].max() == 0
    assert "marker_completed" in flags


def test_feet_use_the_markers_that_both_feet_have():
    feet = {"heel_left": [0, 0, -0.1], "mt1_left": [0.18, 0, -0.06], "mt5_left": [0.16, 0, -0.14]}
    feet |= {"heel_right": [0, 0, 0.1], "mt1_right": [0.18, 0, 0.06]}
    done, flags = added(points_of(feet))
    assert np.allclose(done["foot_left"][0], [0.09, 0, -0.08])
    assert np.allclose(done["foot_right"][0], [0.09, 0, 0.08])
    assert "mt5" in flags["foot_markers_differ"].message


def mirrored(points):
    swap = {"left": "right", "right": "left"}
    names = ["_".join(swap.get(part, part) for part in str(name).split("_")) for name in points["point"].to_numpy()]
    return (points * xr_sign(points)).assign_coords(point=names)


def xr_sign(points):
    return points["axis"].copy(data=np.ones(3)).where(points["axis"] != "right", -1.0)


def test_mirroring_the_runner_mirrors_every_joint_centre(r1):
    there, _ = added(r1.points)
    back, _ = added(mirrored(add_joint_centres(mirrored(r1.points), height=None, sex=None)[0]))
    for name, place in there.items():
        assert np.allclose(back[name], place, atol=1e-12), name


def test_points_must_be_oriented():
    points = points_of(PELVIS).assign_coords(axis=list(LAB_AXES))
    with pytest.raises(ValueError, match="orient them"):
        add_joint_centres(points, height=None, sex=None)


def test_all_derived_points_of_a_full_marker_set(r1_points):
    names = {str(name) for name in r1_points["point"].to_numpy()}
    sided = [
        f"{name}_{side}"
        for name in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "foot")
        for side in ("left", "right")
    ]
    assert {*sided, "head_centre", "neck_base", "pelvis_centre", "mid_hip", "mid_shoulder"} <= names
    assert np.isfinite(r1_points.to_numpy()).all()
    width = np.linalg.norm(r1_points.sel(point="hip_left") - r1_points.sel(point="hip_right"), axis=1)
    assert 0.15 < width.mean() < 0.20
    assert width.std() < 1e-9
    foot_ahead = (r1_points.sel(point="head_centre") - r1_points.sel(point="neck_base")).to_numpy().mean(0)
    assert foot_ahead == pytest.approx([0.096, 0.213, -0.003], abs=0.002)


def test_lateral_only_joints_are_near_those_of_the_standing_trial(ja1, data):
    """Knees and ankles from the lateral marker alone against the medial markers of the standing trial, carried by clusters."""
    still = to_landmarks(read_c3d(data / "dorn2012_ja1" / "JA1Static05.c3d", JA1_AXES))
    carried, flags = carry_landmarks(ja1.points, still.points)
    assert "knee_medial_left" in flags[0].message
    true, assumed = added(carried)[0], added(ja1.points)[0]
    for joint in ("knee_left", "knee_right", "ankle_left", "ankle_right"):
        miss = np.linalg.norm(true[joint] - assumed[joint], axis=1)
        assert np.nanmean(miss) < 0.020, joint


def test_standing_trial_gives_knees_and_ankles_to_a_cluster_set(rbds, data):
    assert not {"knee_right", "ankle_right"} & set(added(rbds.points)[0])
    still = to_landmarks(read_c3d(data / "rbds" / "RBDS002static.c3d", np.eye(3)))
    done, _ = added(carry_landmarks(rbds.points, still.points)[0])
    still_done, _ = added(still.points)
    for side in ("left", "right"):
        width = np.linalg.norm(done[f"knee_lateral_{side}"] - done[f"knee_medial_{side}"], axis=1)
        assert np.nanstd(width) < 1e-6  # carried rigidly
        for upper, lower in (("hip", "knee"), ("knee", "ankle")):
            run = np.linalg.norm(done[f"{upper}_{side}"] - done[f"{lower}_{side}"], axis=1)
            stand = np.linalg.norm(still_done[f"{upper}_{side}"] - still_done[f"{lower}_{side}"], axis=1)
            assert abs(np.nanmedian(run) - np.nanmedian(stand)) < 0.015
            assert np.nanstd(run) < 0.010
    assert np.isfinite(done["knee_right"]).all(1).mean() > 0.9
