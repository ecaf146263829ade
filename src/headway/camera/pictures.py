"""Head and trunk move as their registered pictures do; key points say where they are."""

from __future__ import annotations

import numpy as np

from headway.camera.motion import slow_path
from headway.camera.points import middle, trunk_length
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, FloatArray, HeadBy
from headway.texts import TEXTS

HEAD_PICTURE, TRUNK_PICTURE = "head_picture", "trunk_picture"
PICTURES = (HEAD_PICTURE, TRUNK_PICTURE)
HEAD = ("ear", "eye", "mouth", "nose")
"""Points that move with the head."""
ENOUGH = 0.8
"""Share of the pictures with a runner in which a part must have been found again; with fewer its key points stand."""
EAR_HEIGHT = 0.37
"""Where ears by key points lie usually, in the same unit (median of 60 rendered films 0.37)."""
COLLAR = 0.31
"""Ears no higher above the shoulders than this, lengths of the trunk, lie at the collar: 0.32 to 0.47 in rendered films."""


def found_share(keypoints: KeyPoints, name: str) -> float | None:
    """Share of the pictures with hips in which a registered part was found; ``None`` for key points without their film."""
    if name not in keypoints.names:
        return None
    hips = np.isfinite(keypoints.position("hip_left")[:, 0])
    found = np.isfinite(keypoints.position(name)[:, 0])
    return float((found & hips).sum() / max(hips.sum(), 1))


def ear_height(keypoints: KeyPoints) -> float:
    """Height of the ears above the shoulders, lengths of the trunk; NaN where either is not seen."""
    above = (middle(keypoints, "shoulder") - middle(keypoints, "ear"))[:, 1] / trunk_length(keypoints)
    return float(np.median(above[np.isfinite(above)])) if np.isfinite(above).any() else float("nan")


def head_by(keypoints: KeyPoints) -> HeadBy:
    """Tell what the motion of the head rests on: its picture, if that was found again and is no collar."""
    share = found_share(keypoints, HEAD_PICTURE)
    sure = share is not None and share >= ENOUGH and not ear_height(keypoints) <= COLLAR
    return "picture" if sure else "key_points"


def head_short(keypoints: KeyPoints) -> float:
    """How much further from the shoulders the head is than points at a collar, as a share of their distance; 0 for points of a head."""
    height = ear_height(keypoints)
    return EAR_HEIGHT / max(height, 0.1) - 1.0 if height <= COLLAR else 0.0


def usable(keypoints: KeyPoints) -> KeyPoints:
    """Take out the pictures that were lost too often, and tell where the head's motion then comes from."""
    shares = {name: share for name in PICTURES if (share := found_share(keypoints, name)) is not None}
    bad = [name for name, share in shares.items() if share < ENOUGH]
    flags = _doubts(keypoints, shares.get(HEAD_PICTURE))
    if not bad and not flags:
        return keypoints
    pixels = keypoints.pixels.copy()
    pixels[:, [keypoints.names.index(name) for name in bad]] = np.nan
    arguments = {name: round(share, 3) for name, share in shares.items()}
    return keypoints.logged("usable_pictures", flags=flags, arguments=arguments, pixels=pixels)


def _doubts(keypoints: KeyPoints, share: float | None) -> list[Flag]:
    """Why a head with a picture is left to its key points."""
    if share is None:
        return []
    if share < ENOUGH:
        message = TEXTS("flags.head_by_key_points", share=100 * share)
        return [Flag("head_by_key_points", "warning", message)]
    if (height := ear_height(keypoints)) <= COLLAR:
        message = TEXTS("flags.head_at_collar", height=height)
        return [Flag("head_at_collar", "warning", message)]
    return []


def swing(time: FloatArray, path: FloatArray, phase: FloatArray | None) -> FloatArray:
    """Path without its slow part, shape (frames,)."""
    return path - slow_path(time, path, phase)


def head_followed(
    time: FloatArray, names: tuple[str, ...], positions: FloatArray, phase: FloatArray | None
) -> FloatArray:
    """Let the head's points move as its registered picture does, all alike; slowly they go where the key points are.

    Parameters
    ----------
    time
        s, shape (frames,).
    names
        Landmarks, shape (points,).
    positions
        m; forward, up, right; shape (frames, points, 3).
    phase
        Stride phase, rad, shape (frames,), if there is one.
    """
    if HEAD_PICTURE not in names:
        return positions
    middle, out = _ears(names, positions), positions.copy()
    points = [k for k, name in enumerate(names) if name.partition("_")[0] in HEAD and name != HEAD_PICTURE]
    for axis in range(3):
        picture = positions[:, names.index(HEAD_PICTURE), axis]
        if np.isfinite(picture).any() and np.isfinite(middle[:, axis]).any():
            moved = swing(time, picture, phase) - swing(time, middle[:, axis], phase)
            out[:, points, axis] += np.nan_to_num(moved)[:, None]
    return out


def _ears(names: tuple[str, ...], positions: FloatArray) -> FloatArray:
    """Middle of the ears, or the one that is seen where the other hardly is, shape (frames, 3)."""
    ears = [positions[:, names.index(name)] for name in ("ear_left", "ear_right") if name in names]
    if not ears:
        return np.full((len(positions), 3), np.nan)
    middle = np.mean(ears, axis=0)
    best = max(ears, key=lambda ear: int(np.isfinite(ear).any(1).sum()))
    few = np.isfinite(middle).any(1).sum() < 0.5 * np.isfinite(best).any(1).sum()
    return best if few else middle
