"""Knees and ankles without markers: a leg of known joints, moved."""

import numpy as np

from headway.body.functional_joints import add_functional_joints
from headway.recording import AXES, make_points

THIGH, SHANK, HIPS = 0.44, 0.42, 0.09


def turn(angle: np.ndarray, axis: tuple[float, float, float]) -> np.ndarray:
    """Rotations about a fixed axis, shape (n, 3, 3) (Rodrigues)."""
    x = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -x[2], x[1]], [x[2], 0, -x[0]], [-x[1], x[0], 0]])
    return np.eye(3) + np.sin(angle)[:, None, None] * cross + (1 - np.cos(angle))[:, None, None] * cross @ cross


def legs(knee: float = 70.0, ankle: float = 30.0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Markers of both legs with hinges at knee and ankle, and the true joint centres."""
    phase = np.linspace(0, 4 * np.pi, 160)
    markers, truth = {}, {}
    for side, sign, shift in (("right", 1.0, 0.0), ("left", -1.0, np.pi)):
        hip = np.array([0.0, 0.9, sign * HIPS]) + np.stack(
            [0.02 * np.sin(phase), 0.03 * np.cos(2 * phase), 0 * phase], 1
        )
        thigh = turn(np.radians(30) * np.sin(phase + shift), (0.05, 0.05 * sign, 1.0))
        shank = thigh @ turn(-np.radians(10 + knee / 2 * (1 - np.cos(phase + shift))), (0.0, 0.0, 1.0))
        foot = shank @ turn(np.radians(ankle) * np.sin(2 * phase), (0.0, 0.1 * sign, 1.0))
        knees = hip + thigh @ [0.0, -THIGH, 0.0]
        ankles = knees + shank @ [0.0, -SHANK, 0.0]
        markers[f"hip_{side}"], truth[f"knee_{side}"], truth[f"ankle_{side}"] = hip, knees, ankles
        cluster = [(0.06, -0.2, 0.02 * sign), (-0.02, -0.25, 0.07 * sign), (0.05, -0.3, 0.06 * sign)]
        for k, place in enumerate(cluster, 1):
            markers[f"thigh_{side}_{k}"] = hip + thigh @ place
            markers[f"shank_{side}_{k}"] = knees + shank @ place
        for name, place in (
            ("heel", (-0.07, -0.03, 0)),
            ("toe", (0.17, -0.04, 0)),
            ("mt5", (0.12, -0.05, 0.07 * sign)),
        ):
            markers[f"{name}_{side}"] = ankles + foot @ np.array(place)
    return markers, truth


def made(markers: dict[str, np.ndarray]):
    time = np.arange(len(markers["hip_right"])) / 100.0
    return add_functional_joints(make_points(time, list(markers), np.stack(list(markers.values()), axis=1), AXES))


def test_hinges_are_found_where_they_are():
    markers, truth = legs()
    points, flags = made(markers)
    for name, place in truth.items():
        apart = np.linalg.norm(points.sel(point=name).to_numpy() - place, axis=1)
        assert apart.max() < 0.005, f"{name} is {1000 * apart.max():.1f} mm off"
    assert flags[0].code == "functional_joints"


def test_noise_of_a_millimetre_moves_them_by_less_than_a_centimetre():
    markers, truth = legs()
    random = np.random.default_rng(0)
    noisy = {name: place + random.normal(0, 0.001, place.shape) for name, place in markers.items()}
    points, _ = made(noisy)
    for name, place in truth.items():
        assert np.sqrt(((points.sel(point=name).to_numpy() - place) ** 2).sum(1).mean()) < 0.01


def test_a_joint_that_hardly_turns_is_not_invented():
    points, flags = made(legs(ankle=2.0)[0])
    assert not flags
    assert "ankle_right" not in points["point"].to_numpy()


def test_joints_that_are_marked_stay():
    markers, truth = legs()
    points, flags = made(markers | truth)
    assert not flags
    np.testing.assert_array_equal(points.sel(point="knee_left").to_numpy(), truth["knee_left"])


def test_two_markers_on_a_thigh_are_not_enough():
    markers, _ = legs()
    del markers["thigh_left_3"]
    points, _ = made(markers)
    assert "knee_left" not in points["point"].to_numpy()
    assert "knee_right" in points["point"].to_numpy()


def test_an_ankle_over_two_markers_is_where_the_other_foot_has_its():
    markers, truth = legs()
    points, _ = made({name: path for name, path in markers.items() if name != "mt5_left"})
    for name in ("ankle_left", "knee_left"):
        apart = np.linalg.norm(points.sel(point=name).to_numpy() - truth[name], axis=1)
        assert apart.max() < 0.01, f"{name} is {1000 * apart.max():.1f} mm off"


def test_a_marker_that_comes_off_the_foot_moves_no_joint():
    markers, truth = legs()
    slips = 0.04 * np.linspace(0, 1, len(truth["ankle_left"]))[:, None] * [1.0, 0.5, 0.0]
    points, _ = made(markers | {"toe_left": markers["toe_left"] + slips})
    assert np.linalg.norm(points.sel(point="ankle_left").to_numpy() - truth["ankle_left"], axis=1).max() < 0.01
