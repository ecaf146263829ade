"""One body explains a mean stride: its size, the camera's roll, and where the joints are."""

from dataclasses import replace

import numpy as np
import pytest

from headway.camera.one_body import (
    HARMONICS,
    LEGS,
    STEMS,
    STRAIGHT,
    BodyModel,
    VectorSpread,
    _paths,
    fit_body,
    fitted,
    labels,
    load_body_model,
    straight_length,
    stride_vector,
)
from headway.recording import AXES, Camera, Recording, make_points

HEIGHT = 1.8
TIME = np.arange(0.0, 4.0, 0.005)
PHASE = 2 * np.pi * 1.4 * TIME
CAMERA = Camera("side", 1, "fixed", False, 60.0, 0.02, 0.0, np.radians(1.5), 0.004, True)


def filmed(vector: np.ndarray, *, roll: float = 0.0, size: float = 1.0) -> Recording:
    """A film of a stride whose points are the vector's, the picture turned (rad) and metres too large (relative)."""
    at = _paths(vector, PHASE) * HEIGHT + [0.0, 0.8 * HEIGHT]
    turned = np.stack([at[..., 0] - roll * at[..., 1], at[..., 1] + roll * at[..., 0]], axis=-1) * size
    positions = np.concatenate([turned, np.full((*turned.shape[:2], 1), np.nan)], axis=-1)
    points = make_points(TIME, labels("right"), positions, AXES)
    return Recording(points, source="", kind="mediapipe", view="side", camera=CAMERA)


def seen_and_true() -> tuple[np.ndarray, np.ndarray]:
    """Key points of the mean body as the model sees it on average, at their true size, and the body itself."""
    model = load_body_model()
    vector = model.body.mean + model.errors.mean
    return vector * STRAIGHT * model.straight / straight_length(vector), model.body.mean


def test_a_vector_is_the_stride_that_was_filmed():
    vector, _ = seen_and_true()
    again = stride_vector(filmed(vector), PHASE, HEIGHT, "right")
    assert np.abs(again - vector).max() < 1e-3


def test_the_size_is_undone_and_the_joints_are_put_where_they_are():
    vector, true = seen_and_true()
    found = fitted(filmed(vector, size=1.05), PHASE, HEIGHT)
    again = stride_vector(found, PHASE, HEIGHT, "right").reshape(2 * HARMONICS + 1, -1, 2)
    legs = [2 * STEMS.index(stem) + k for stem in LEGS for k in (0, 1)]
    off, before = ((one - true.reshape(again.shape))[:, legs] for one in (again, vector.reshape(again.shape)))
    assert np.abs(off).max() < 0.002
    assert np.abs(before).max() > 0.015


@pytest.mark.parametrize("roll", [-2.0, 2.0])
def test_a_roll_is_told_from_a_lean_by_where_the_feet_stand(roll):
    found = fitted(filmed(seen_and_true()[0], roll=np.radians(roll)), PHASE, HEIGHT)
    assert found.camera is not None
    assert 0.35 < np.degrees(found.camera.roll) / roll < 1.0
    assert found.camera.roll_error < 0.75 * CAMERA.roll_error


def test_a_leg_that_was_not_seen_takes_no_part():
    vector, _ = seen_and_true()
    recording = filmed(vector, size=1.05)
    positions = recording.points.to_numpy().copy()
    positions[:, recording.names().index("ankle_left")] = np.nan
    blind = replace(recording, points=recording.points.copy(data=positions))
    found = fitted(blind, PHASE, HEIGHT)
    assert found.camera is not None
    assert found.camera.scale_error == CAMERA.scale_error
    assert np.isnan(found.position("ankle_left")[:, :2]).all()
    assert np.isfinite(found.position("ankle_right")[:, :2]).all()


def test_a_known_roll_stays():
    model = load_body_model()
    vector, _ = seen_and_true()
    assert fit_body(vector, model, 0.0).roll == 0.0


def test_what_is_certain_of_the_key_points_is_kept():
    rng = np.random.default_rng(3)
    own = rng.normal(size=9 * 14 * 2)
    wide, exact = VectorSpread(np.zeros(len(own)), np.zeros((1, len(own))), np.ones(len(own))), 1e-8 * np.ones(len(own))
    model = BodyModel(wide, VectorSpread(np.zeros(len(own)), np.zeros((1, len(own))), exact), 1.0)
    assert np.abs(fit_body(own, model, 0.0).stride - own).max() < 1e-6


@pytest.mark.parametrize("change", [{"kind": "openpose"}, {"camera": replace(CAMERA, view="rear")}])
def test_other_views_and_other_pose_models_stay_as_they_are(change):
    recording = replace(filmed(seen_and_true()[0]), **change)
    assert fitted(recording, PHASE, HEIGHT) is recording


@pytest.mark.parametrize("stem", ["hip", "shoulder"])
def test_a_trunk_of_which_one_side_was_never_seen_is_left_as_it_is(stem):
    recording = filmed(seen_and_true()[0])
    positions = recording.points.to_numpy().copy()
    positions[:, recording.names().index(f"{stem}_left")] = np.nan
    blind = replace(recording, points=recording.points.copy(data=positions))
    assert fitted(blind, PHASE, HEIGHT) is blind


def test_less_than_a_stride_tells_no_body():
    recording = filmed(seen_and_true()[0])
    assert fitted(recording, np.where(PHASE < 6.0, PHASE, np.nan), HEIGHT) is recording
