import time
from pathlib import Path

import numpy as np
import pytest

from headway.pose.camera_motion import BackgroundTracker
from headway.recording import FloatArray

from .make_film import Shift, make_film, picture, still, wall

SIZE, MARGIN = (640, 360), 330


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    return wall(SIZE, MARGIN)


def _pan(t: float) -> tuple[float, float]:
    return (-160 * t, 0.0)


def _hand(t: float) -> tuple[float, float]:
    return (6 * np.sin(7 * t) + 2 * np.sin(31 * t), 4 * np.sin(5 * t))


def _fast(t: float) -> tuple[float, float]:
    return (300 * np.sin(3 * t), 20 * np.sin(2 * t))


def _track(camera: Shift, texture: np.ndarray, frames: int = 60) -> tuple[FloatArray, FloatArray]:
    """Path found, and path that is true."""
    tracker = BackgroundTracker(SIZE)
    for i in range(frames):
        tracker.add(picture(i / 30, SIZE, camera, texture, MARGIN))
    path = tracker.path()
    assert path is not None
    return path, np.array([camera(i / 30) for i in range(frames)]) - camera(0.0)


@pytest.mark.parametrize(
    ("camera", "tolerance"),
    [(still, 0.05), (_hand, 0.2), (_pan, 1.0), (_fast, 1.0)],
)
def test_known_motion(camera: Shift, tolerance: float, texture: np.ndarray) -> None:
    """The block that crosses the picture, unmasked, does not pull the background along."""
    path, truth = _track(camera, texture)
    assert np.isfinite(path).all()
    assert np.abs(path - truth).max() < tolerance


def test_turned_pictures_turn_the_path(texture: np.ndarray) -> None:
    one, other = BackgroundTracker(), BackgroundTracker()
    for i in range(20):
        image = picture(i / 30, SIZE, _hand, texture, MARGIN)
        one.add(image)
        other.add(np.ascontiguousarray(image.transpose(1, 0, 2)))
    first, second = one.path(), other.path()
    assert first is not None and second is not None
    np.testing.assert_allclose(first, second[:, ::-1], atol=0.2)


def test_a_large_runner_in_a_box_is_left_out(texture: np.ndarray) -> None:
    """Half the picture moves and flickers; its box is known."""
    rng = np.random.default_rng(0)
    tracker = BackgroundTracker(SIZE)
    for i in range(30):
        image = picture(0.0, SIZE, still, texture, MARGIN).copy()
        left = 60 + 5 * i
        image[:, left : left + 320] = np.roll(texture, -7 * i, axis=1)[:360, :320, None] + rng.normal(0, 5)
        tracker.add(image, (left, 0, left + 320, 360))
    path = tracker.path()
    assert path is not None and np.abs(path).max() < 0.1


def test_exposure_may_change(texture: np.ndarray) -> None:
    tracker = BackgroundTracker(SIZE)
    for i in range(30):
        image = picture(i / 30, SIZE, _hand, texture, MARGIN)
        tracker.add((image * (0.7 + 0.01 * i) + i).astype(np.uint8))
    path = tracker.path()
    truth = np.array([_hand(i / 30) for i in range(30)])
    assert path is not None and np.abs(path - truth).max() < 0.3


def test_what_cannot_be_followed_is_a_gap(texture: np.ndarray) -> None:
    tracker = BackgroundTracker(SIZE)
    for i in range(20):
        image = picture(i / 30, SIZE, still, texture, MARGIN)
        tracker.add(np.zeros_like(image) if 8 <= i < 11 else image)
    path = tracker.path()
    assert path is not None
    assert np.isnan(path[8:11]).all()
    assert np.abs(np.delete(path, slice(8, 11), axis=0)).max() < 0.1
    bare = BackgroundTracker(SIZE)
    for i in range(10):
        bare.add(np.full((*SIZE[::-1], 3), 100 + i, np.uint8))
    assert bare.path() is None


@pytest.mark.parametrize("name", ["back_park_30fps_runner.mp4", "side_track_30fps_running.mp4"])
def test_fixed_cameras_stay_where_they_are(data: Path, name: str) -> None:
    """Within 0.3 px for the whole film, although the runner is not masked; and a frame costs about a millisecond."""
    pytest.importorskip("av")
    from headway.pose.film import open_film

    film = open_film(data / "videos" / name)
    tracker, costs = BackgroundTracker(film.size), []
    for frame in film.frames():
        begin = time.perf_counter()
        tracker.add(frame.grey)
        costs.append(time.perf_counter() - begin)
    path = tracker.path()
    assert path is not None and path.shape == (film.frames_expected, 2)
    assert np.abs(path).max() < 0.3
    assert np.percentile(costs, 10) < 0.002


def test_encoded_film(tmp_path: Path, texture: np.ndarray) -> None:
    """What the encoder does to the pictures costs little."""
    pytest.importorskip("av")
    from headway.pose.film import open_film

    path = make_film(
        tmp_path / "a.mp4",
        np.arange(40) / 30,
        size=SIZE,
        images=lambda t: picture(t, SIZE, _hand, texture, MARGIN),
        crf="28",
    )
    film = open_film(path)
    tracker = BackgroundTracker(film.size)
    for frame in film.frames():
        tracker.add(frame.grey)
    found = tracker.path()
    assert found is not None
    assert np.abs(found - [_hand(i / 30) for i in range(40)]).max() < 0.5
