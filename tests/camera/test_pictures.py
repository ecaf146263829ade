"""Head and trunk move as their pictures do, and as their key points do where the pictures were lost."""

from __future__ import annotations

import numpy as np
import pytest

from headway.camera.pictures import EAR_HEIGHT, head_by, head_followed, head_short, usable
from headway.camera.points import only
from headway.pose.keypoints import KeyPoints

TIME = np.arange(180) / 60
PHASE = 2 * np.pi * 1.4 * TIME
NAMES = ("ear_left", "ear_right", "nose", "hip_left", "head_picture")


def positions(bounce: float, noise: float) -> np.ndarray:
    """Ears that drift and jitter, a head whose picture bounces by so many m; forward is not seen."""
    rng, out = np.random.default_rng(1), np.full((len(TIME), len(NAMES), 3), np.nan)
    swing = bounce * np.cos(2 * PHASE)
    for k, up in enumerate((1.60, 1.60, 1.58, 0.9, 1.63)):
        out[:, k, 1] = up + 0.02 * TIME + swing
        out[:, k, 2] = 0.02 * np.sin(PHASE) + (0.08, -0.08, 0, 0, 0)[k]
    out[:, :3, 1:] += rng.normal(0, noise, (len(TIME), 1, 2))
    return out


def test_the_ears_take_over_the_motion_of_the_picture_and_keep_their_place() -> None:
    noisy, true = positions(0.035, 0.006), positions(0.035, 0.0)
    found = head_followed(TIME, NAMES, noisy, PHASE)
    error = (found - true)[:, :3, 1:]
    assert error.std(axis=0).max() < 0.0015
    assert np.abs(error.mean(axis=0)).max() < 0.002
    assert np.array_equal(found[:, 3], noisy[:, 3], equal_nan=True)


def test_where_the_picture_is_lost_the_key_points_stand() -> None:
    noisy = positions(0.035, 0.006)
    noisy[60:70, NAMES.index("head_picture")] = np.nan
    found = head_followed(TIME, NAMES, noisy, PHASE)
    assert np.array_equal(found[60:70, :3], noisy[60:70, :3], equal_nan=True)
    without = head_followed(TIME, NAMES[:-1], noisy[:, :-1], PHASE)
    assert np.array_equal(without, noisy[:, :-1], equal_nan=True)


FILMED = (*NAMES, "hip_right", "shoulder_left", "shoulder_right")
TRUNK = 300.0


def filmed(lost: float, ears: float = 0.4) -> KeyPoints:
    """Key points of a runner whose ears lie so many lengths of the trunk above the shoulders."""
    pixels = np.ones((len(TIME), len(FILMED), 2))
    for k, name in enumerate(FILMED):
        above = 1.0 + ears if name.startswith("ear") else 1.0 if name.startswith("shoulder") else 0.0
        pixels[:, k, 1] = 800.0 - TRUNK * above
    pixels[: round(lost * len(TIME)), NAMES.index("head_picture")] = np.nan
    return KeyPoints(TIME, FILMED, pixels, np.ones(pixels.shape[:2]), (720, 1280))


def test_a_head_lost_in_a_fifth_of_the_pictures_is_left_to_its_key_points_with_a_remark() -> None:
    kept, left = usable(filmed(0.1)), usable(filmed(0.3))
    assert kept.has("head_picture") and not kept.flags
    assert not left.has("head_picture")
    assert [flag.code for flag in left.flags] == ["head_by_key_points"]
    assert "70 %" in left.flags[0].message
    assert head_by(kept) == "picture" and head_by(left) == "key_points"


def test_ears_at_the_collar_leave_the_head_its_picture_but_not_the_errors_of_one() -> None:
    found = usable(filmed(0.0, ears=0.25))
    assert found.has("head_picture")
    assert [flag.code for flag in found.flags] == ["head_at_collar"]
    assert "0.25" in found.flags[0].message
    assert head_by(found) == "key_points"


def test_points_at_the_collar_say_how_much_further_the_head_is():
    assert head_short(filmed(0.0)) == 0.0
    assert head_short(filmed(0.0, ears=EAR_HEIGHT / 1.5)) == pytest.approx(0.5)


def test_key_points_without_their_film_have_no_pictures_and_no_remark() -> None:
    whole = filmed(0.0)
    bare = only(whole, [k for k, name in enumerate(FILMED) if name != "head_picture"])
    assert usable(bare) is bare
    assert head_by(bare) == "key_points"
