"""Patches moved by known amounts are found where they are; what is not there is told as lost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from headway.pose.body_pictures import PARTS, SIDE, BodyPictures
from headway.pose.follow import Seen
from headway.pose.model import Anatomy, Pose
from headway.pose.registration import ellipse, follow

RATE = 60.0
NAMES = tuple(f"{side}_{part}" for part in ("EAR", "SHOULDER", "HIP", "KNEE", "ANKLE") for side in ("LEFT", "RIGHT"))


def texture(seed: int, size: int, spread: float, contrast: float = 40.0) -> np.ndarray:
    grey = gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), spread)
    return 128 + contrast * grey / grey.std()


def way(frames: int) -> np.ndarray:
    """Bounce and sway, px, shape (frames, 2)."""
    phase = 2 * np.pi * 2.8 * np.arange(frames) / RATE
    return np.column_stack([1.7 * np.sin(phase / 2), 2.3 * np.sin(phase)])


def drawn(seen: np.ndarray, moved: np.ndarray, background: float, seed: int = 1) -> np.ndarray:
    """Patches of a textured disc that moves over a background, which moves on its own by so many px a picture."""
    rng, back = np.random.default_rng(seed), texture(2, 3 * SIDE, 2.0)
    disc = ellipse(SIDE, 11, 16, soft=0.1)
    out = []
    for k, (x, y) in enumerate(moved):
        first = SIDE + round(background * k) % SIDE
        behind = back[first : first + SIDE, first : first + SIDE]
        weight = shift(disc, (y, x), order=1)
        out.append(
            behind + weight * (shift(seen, (y, x), order=1, mode="nearest") - behind) + rng.normal(0, 2, (SIDE, SIDE))
        )
    return np.clip(out, 0, 255).astype(np.float32)


def test_a_patch_that_moves_by_fractions_of_a_pixel_is_found_to_a_twentieth() -> None:
    moved = way(90)
    found = follow(drawn(texture(3, SIDE, 3.0), moved, 0.0), ellipse(SIDE, 9, 13), RATE, np.zeros((90, 2)), np.ones(90))
    error = found.shift - moved
    assert np.sqrt(((error - error.mean(0)) ** 2).mean()) < 0.05
    assert found.fit.min() > 0.9


@pytest.mark.parametrize("background", [0.0, 2.0])
def test_a_head_without_features_is_held_by_its_outline_not_by_what_is_behind_it(background: float) -> None:
    moved = way(90)
    plain = np.full((SIDE, SIDE), 30.0)
    found = follow(drawn(plain, moved, background), ellipse(SIDE, 10, 15), RATE, np.zeros((90, 2)), np.ones(90))
    error = found.shift - moved
    assert np.sqrt(((error - error.mean(0)) ** 2).mean()) < 0.25
    assert np.corrcoef(found.shift[:, 1], moved[:, 1])[0, 1] > 0.98


def test_a_wrong_beginning_does_not_become_part_of_the_path() -> None:
    """Key points jitter by a pixel and more: the picture does not."""
    moved = way(90)
    start = moved + np.random.default_rng(4).normal(0, 1.2, moved.shape)
    found = follow(drawn(texture(3, SIDE, 3.0), moved, 0.0), ellipse(SIDE, 9, 13), RATE, start, np.ones(90))
    error = found.shift - moved
    assert np.sqrt(((error - error.mean(0)) ** 2).mean()) < 0.15


def test_a_long_film_does_not_drift() -> None:
    """The head turns slowly into another picture; its mean place stays that of the key points."""
    moved, share = way(360), np.linspace(0, 1, 360)[:, None, None]
    patches = (1 - share) * drawn(texture(3, SIDE, 3.0), moved, 0.0) + share * drawn(texture(5, SIDE, 3.0), moved, 0.0)
    start = moved + np.random.default_rng(4).normal(0, 1.0, moved.shape)
    found = follow(patches.astype(np.float32), ellipse(SIDE, 9, 13), RATE, start, np.ones(360))
    slow = (found.shift - moved).reshape(6, 60, 2).mean(1)
    assert np.abs(slow).max() < 0.4


def runner(at: float) -> Pose:
    """A stick of 300 px whose head is ``at`` px to the right of the middle."""
    spots = [
        (8, 60),
        (-8, 60),
        (25, 100),
        (-25, 100),
        (15, 190),
        (-15, 190),
        (15, 270),
        (-15, 270),
        (15, 345),
        (-15, 345),
    ]
    return Pose(np.array(spots, float) + np.array([200 + at, 0]), np.ones(len(spots)))


def filmed(jitter: float, gone: range = range(0)) -> tuple[np.ndarray, np.ndarray]:
    """Head of a runner over a textured wall as the pictures tell it, and its true place, px."""
    anatomy, rng = Anatomy(NAMES, 0.5), np.random.default_rng(6)
    parts, wall, true = BodyPictures(anatomy, RATE), texture(7, 500, 3.0, 15.0), []
    y, x = np.mgrid[:420, :420]
    for k in range(120):
        at = 3.0 * np.sin(2 * np.pi * 1.4 * k / RATE)
        grey = wall[:420, :420].copy()
        if k not in gone:
            grey[np.hypot((x - 200 - at) / 17, (y - 52) / 25) < 1] = 30
        pose = runner(at)
        pose.points[:2] += rng.normal(0, jitter, 2)
        parts.add(np.repeat(grey[..., None], 3, axis=2).astype(np.uint8), Seen(pose, anatomy.figure(pose)))
        true.append(at)
    return parts.found()[:, 0], np.array(true)


def test_the_head_of_a_film_is_followed_more_finely_than_its_key_points() -> None:
    found, true = filmed(jitter=3.0)
    error = found[:, 0] - 200 - true
    assert np.nanstd(error) < 0.7
    assert np.isfinite(error).mean() > 0.95


def test_a_head_that_is_not_in_the_picture_is_lost() -> None:
    found, _ = filmed(jitter=0.5, gone=range(50, 60))
    assert not np.isfinite(found[50:60, 0]).any()
    assert np.isfinite(found[:50, 0]).mean() > 0.95


def test_pictures_without_a_runner_are_gaps() -> None:
    parts = BodyPictures(Anatomy(NAMES, 0.5), RATE)
    for _ in range(12):
        parts.add(np.zeros((100, 100, 3), np.uint8), None)
    found = parts.found()
    assert found.shape == (12, len(PARTS), 3)
    assert not np.isfinite(found).any()
