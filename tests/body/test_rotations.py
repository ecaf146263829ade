import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from headway.body.rotations import (
    angular_acceleration,
    angular_velocity,
    complete,
    frame_from,
    kabsch,
    mean_configuration,
)

SHAPE = np.array([[0.09, 0.02, -0.07], [0.08, 0.01, 0.07], [-0.07, 0.0, -0.06], [-0.06, 0.03, 0.08]])


def moving(frames=200, rate=100.0, amplitude=0.3):
    """A rigid set that turns and travels; its rotation and markers."""
    time = np.arange(frames) / rate
    angles = amplitude * np.stack([np.sin(5 * time), np.cos(4 * time), np.sin(3 * time + 1)], axis=1)
    rotation = Rotation.from_euler("ZXY", angles).as_matrix()
    shift = np.stack([3 * time, 1.6 + 0.05 * np.sin(18 * time), 0.02 * np.sin(9 * time)], axis=1)
    return rotation, SHAPE @ np.swapaxes(rotation, 1, 2) + shift[:, None], shift


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-3.1, 3.1), min_size=3, max_size=3), st.integers(-1, 3))
def test_kabsch_finds_any_rotation_with_any_one_marker_missing(angles, missing):
    rotation = Rotation.from_euler("XYZ", angles).as_matrix()
    markers = (SHAPE @ rotation.T + [1.0, 2.0, 3.0])[None]
    if missing >= 0:
        markers[0, missing] = np.nan
    found, shift = kabsch(SHAPE, markers)
    assert np.allclose(found[0], rotation, atol=1e-12)
    assert np.allclose(shift[0], [1, 2, 3], atol=1e-12)


def test_kabsch_never_mirrors_and_knows_when_it_cannot_tell():
    found, _ = kabsch(SHAPE, (SHAPE * [1, 1, -1])[None])
    assert np.linalg.det(found[0]) == pytest.approx(1)
    line = np.outer(np.arange(4.0), [1.0, 0.0, 0.0])
    assert np.isnan(kabsch(line, line[None])[0]).all()
    two = SHAPE[None].copy()
    two[0, :2] = np.nan
    assert np.isnan(kabsch(SHAPE, two)[0]).all()


def test_mean_configuration_keeps_sizes_while_the_body_turns():
    _, markers, _ = moving(amplitude=0.8)
    shape = mean_configuration(markers)
    assert shape is not None
    sizes = [np.linalg.norm(points[:, None] - points[None], axis=-1) for points in (shape, SHAPE)]
    assert np.allclose(*sizes, atol=1e-9)
    assert np.linalg.norm(markers.mean(0)[0] - markers.mean(0)[1]) < 0.97 * sizes[1][0, 1]  # the plain mean shrinks
    assert np.allclose(shape.mean(0), markers.mean((0, 1)))


def test_complete_puts_single_missing_markers_back_exactly_and_leaves_the_rest():
    _, markers, _ = moving()
    broken = markers.copy()
    broken[50:80, 2] = np.nan
    broken[60:70, 0] = np.nan
    filled, share = complete(broken)
    single = np.r_[50:60, 70:80]
    assert np.allclose(filled[single], markers[single], atol=1e-9)
    assert np.isnan(filled[60:70, [0, 2]]).all()
    assert np.array_equal(filled[:50], markers[:50])
    assert share.tolist() == [0, 0, 0.1, 0]
    assert np.isnan(broken[55, 2]).all()  # the input is not changed


def test_complete_needs_four_markers_that_are_often_seen():
    _, markers, _ = moving()
    broken = markers.copy()
    broken[:150, 3] = np.nan
    broken[:10, 0] = np.nan
    filled, share = complete(broken)
    assert np.isnan(filled[:10, 0]).all()
    assert not share.any()


def test_angular_velocity_and_acceleration_of_a_precessing_body():
    rate, frames = 500.0, 400
    time = np.arange(frames) / rate
    spin, turn = 4.0 * time + 0.5 * np.sin(6 * time), 3.0 * time
    rotation = (Rotation.from_euler("Y", turn[:, None]) * Rotation.from_euler("X", spin[:, None])).as_matrix()
    rate_spin, change = 4 + 3 * np.cos(6 * time), -18 * np.sin(6 * time)
    x = np.stack([np.cos(turn), 0 * time, -np.sin(turn)], axis=1)  # the body's own axis in the lab
    x_dot = 3.0 * np.stack([-np.sin(turn), 0 * time, -np.cos(turn)], axis=1)
    omega = np.array([0.0, 3.0, 0.0]) + rate_spin[:, None] * x
    alpha = change[:, None] * x + rate_spin[:, None] * x_dot
    inner = slice(3, -3)
    assert np.allclose(angular_velocity(rotation, rate)[inner], omega[inner], atol=1e-8)
    assert np.allclose(angular_acceleration(rotation, rate)[inner], alpha[inner], atol=1e-6)


def test_frame_is_right_handed_and_undefined_along_one_line():
    frame = frame_from(np.array([[0.1, 1.0, 0.0]]), np.array([[0.0, 0.2, 1.0]]))[0]
    assert np.linalg.det(frame) == pytest.approx(1)
    forward, up, right = frame.T
    assert np.allclose(np.cross(forward, up), right)
    assert np.allclose(up, np.array([0.1, 1, 0]) / np.hypot(0.1, 1))
    assert np.isnan(frame_from(np.array([0.0, 1, 0]), np.array([0.0, 1, 0.01]))).all()
