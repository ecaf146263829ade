import numpy as np
import pytest

from headway.body.anthropometry import WHOLE_BODY
from headway.body.joint_centres import add_joint_centres
from headway.body.segments import build_segments
from headway.recording import AXES, make_points

from .test_joint_centres import mirrored

LEGS = {f"{part}_{side}" for part in ("thigh", "shank", "foot") for side in ("left", "right")}


@pytest.fixture(scope="module")
def whole(r1_points):
    return build_segments(r1_points, sex="male")


def test_running_0002_is_a_whole_body(whole):
    assert whole.names == WHOLE_BODY
    assert whole.whole_body
    assert whole.missing == ()
    assert whole.mass_fraction.sum() == pytest.approx(1, abs=1e-3)
    assert np.isfinite(whole.com).all()
    assert whole.head is not None


def test_lengths_are_those_of_a_person_and_constant(whole):
    length = np.linalg.norm(whole.endpoints[:, :, 1] - whole.endpoints[:, :, 0], axis=-1)
    for name, low, high in (
        ("thigh", 0.38, 0.45),
        ("shank", 0.40, 0.45),
        ("upper_arm", 0.27, 0.33),
        ("forearm", 0.23, 0.29),
    ):
        for side in ("left", "right"):
            values = length[:, whole.index(f"{name}_{side}")]
            assert low < values.mean() < high, name
            assert values.std() / values.mean() < 0.03


def test_masses_lie_on_their_segments_at_the_fraction(whole):
    k = whole.index("thigh_right")
    hip, knee = whole.endpoints[:, k, 0], whole.endpoints[:, k, 1]
    assert np.allclose(whole.com[:, k], hip + 0.4095 * (knee - hip))
    assert (whole.total_com()[:, 1] < whole.com[:, whole.index("trunk"), 1]).all()
    assert (whole.total_com()[:, 1] > hip[:, 1]).all()


def test_orientations_are_right_handed_with_their_axes_where_they_should_be(whole):
    for k, name in enumerate(whole.names):
        if name.startswith("hand"):
            assert np.isnan(whole.orientation[:, k]).all()
            continue
        frame = whole.orientation[:, k]
        assert np.allclose(np.linalg.det(frame), 1), name
        assert np.allclose(frame @ np.swapaxes(frame, 1, 2), np.eye(3), atol=1e-12)
        if name != "head":
            along = whole.endpoints[:, k, 1] - whole.endpoints[:, k, 0]
            along /= np.linalg.norm(along, axis=1, keepdims=True)
            axis = frame[:, :, 0] if name.startswith("foot") else -frame[:, :, 1]
            assert np.allclose(axis, along, atol=1e-12), name
        if not name.startswith(("forearm", "foot_left")):
            assert frame[:, 2, 2].mean() > 0.7, name  # the right axis points to the right
    assert np.isfinite(whole.inertia).all()
    thigh = whole.inertia[whole.index("thigh_left")]
    assert thigh[1] < thigh[0]  # least about the long axis
    foot = whole.inertia[whole.index("foot_left")]
    assert foot[0] < foot[1]


def test_female_and_unknown_sex(r1_points, whole):
    unknown = build_segments(r1_points)
    female = build_segments(r1_points, sex="female")
    assert "sex_unknown" in {flag.code for flag in unknown.flags}
    assert np.allclose(unknown.mass_fraction, (female.mass_fraction + whole.mass_fraction) / 2)


def test_without_head_markers_the_head_is_missing_not_invented(ja1):
    segments = build_segments(add_joint_centres(ja1.points, height=None, sex="male")[0], sex="male")
    assert segments.missing == ("head",)
    assert not segments.whole_body
    assert segments.head is None
    assert segments.mass_fraction.sum() == pytest.approx(1 - 0.0694, abs=1e-4)
    assert [flag.code for flag in segments.flags].count("hand_extrapolated") == 2


def test_a_pelvis_and_feet_set_has_feet_only(rbds):
    segments = build_segments(add_joint_centres(rbds.points, height=None, sex="male")[0], sex="male")
    assert set(segments.names) == {"foot_left", "foot_right"}
    assert {"trunk", "head", "thigh_left"} <= set(segments.missing)
    assert {flag.code for flag in segments.flags} == {"toe_tip_extrapolated"}
    length = np.linalg.norm(segments.endpoints[:, 0, 1] - segments.endpoints[:, 0, 0], axis=-1)
    assert 0.26 < np.nanmedian(length) < 0.34  # a shoe


def test_markers_in_no_frame_and_gaps(r1_points, whole):
    broken = r1_points.copy()
    broken.loc[{"point": "knee_right"}][10:20] = np.nan
    segments = build_segments(broken, sex="male")
    for name in ("thigh_right", "shank_right"):
        assert np.isnan(segments.com[10:20, segments.index(name)]).all()
        assert np.isfinite(segments.com[20:, segments.index(name)]).all()
    assert np.isfinite(segments.com[:, segments.index("trunk")]).all()
    gone = build_segments(r1_points.drop_sel(point=["c7"]), sex="male")
    assert gone.whole_body  # trunk from the shoulders
    down = np.linalg.norm(gone.com[:, gone.index("trunk")] - whole.com[:, whole.index("trunk")], axis=1)
    assert down.mean() < 0.09


def test_centres_of_mass_are_linear_in_the_points(r1_points, whole):
    moved = build_segments(1.3 * r1_points + 0.7, sex="male", head=whole.head)
    k = [whole.index(name) for name in whole.names if name != "head"]
    assert np.allclose(moved.com[:, k], 1.3 * whole.com[:, k] + 0.7)


def test_mirror(r1_points, whole):
    other = build_segments(mirrored(r1_points), sex="male")
    swap = [
        whole.index(name.replace("left", "x").replace("right", "left").replace("x", "right")) for name in whole.names
    ]
    assert np.allclose(other.com, whole.com[:, swap] * [1, 1, -1], atol=1e-12)
    assert np.allclose(other.total_com(), whole.total_com() * [1, 1, -1], atol=1e-12)
    assert np.allclose(other.inertia, whole.inertia[swap], atol=1e-12)


def test_key_point_body_is_whole():
    body = {"mid_hip": [0, 0.95, 0], "ear_left": [0.1, 1.6, -0.07], "ear_right": [0.1, 1.6, 0.07]}
    for side, sign in (("left", -1), ("right", 1)):
        body |= {
            f"shoulder_{side}": [0.05, 1.42, sign * 0.18], f"elbow_{side}": [0, 1.14, sign * 0.22],
            f"wrist_{side}": [0.2, 1.1, sign * 0.2], f"hip_{side}": [0, 0.95, sign * 0.09],
            f"knee_{side}": [0.1, 0.52, sign * 0.09], f"ankle_{side}": [0, 0.1, sign * 0.09],
            f"heel_{side}": [-0.05, 0.05, sign * 0.09], f"toe_{side}": [0.2, 0.03, sign * 0.1],
        }  # fmt: skip
    values = np.tile(np.array(list(body.values()), float), (10, 1, 1))
    points, _ = add_joint_centres(make_points(np.arange(10) / 60, list(body), values, AXES), height=1.75, sex=None)
    segments = build_segments(points, height=1.75)
    assert segments.whole_body
    assert np.isfinite(segments.com).all()
    assert segments.total_com()[0, 1] == pytest.approx(0.56 * 1.75, abs=0.05)
