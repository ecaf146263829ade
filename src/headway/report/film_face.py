"""Making a face unrecognisable in every frame of a film, those included in which no face was seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.report.film_window import outline

CELLS = 4
"""The square around the head is left with this many patches of one colour each way."""
_HEAD = ("nose", "ear", "eye", "mouth", "head", "vertex", "chin", "forehead")
PER_TRUNK, PER_BODY = 0.42, 0.13
"""Half the side of the square, per length of the trunk and per height of the body: hair and a turned head included."""
RISE = 0.15
"""The head reaches further up from the ears and the nose than down, per half side."""
UNSEEN = 1.5
"""How much larger the square is where the place of the head is inferred."""


def head_squares(keypoints: KeyPoints) -> FloatArray | None:
    """Place of the head in every frame.

    Where the head was not seen its place follows the shoulders, or a straight line in time; before the first and after
    the last sight it stays. A head that was never seen is taken to be in the top of the person's outline.

    Returns
    -------
    array or None
        Centre x, y and half the side, px, shape (frames, 3), all finite; ``None`` when no person was seen at all.
    """
    pixels = keypoints.pixels
    size = _size(keypoints)
    if size is None:
        return None
    names = [i for i, name in enumerate(keypoints.names) if name.lower().startswith(_HEAD)]
    centre, reach = _middle(pixels[:, names]), _reach(pixels[:, names])
    seen = np.isfinite(centre).all(axis=1)
    anchor = _shoulders(keypoints)
    if not seen.any():
        centre, seen = _top(pixels, size), np.zeros(len(pixels), bool)
    else:
        offset = _filled(centre - anchor)
        centre = np.where(np.isfinite(centre), centre, anchor + offset if offset is not None else np.nan)
    filled = _filled(centre)
    if filled is None:
        return None
    half = np.maximum(size, 1.3 * np.nan_to_num(reach)) * np.where(seen, 1.0, UNSEEN)
    half = np.maximum(half, 4.0)
    return np.column_stack([filled[:, 0], filled[:, 1] - RISE * half, half])


def pixelate(image: np.ndarray, x: float, y: float, half: float) -> None:
    """Replace the square around a place by a few patches of one colour, in place.

    Parameters
    ----------
    image
        uint8, shape (height, width, 3).
    x, y, half
        Centre and half the side, px; what lies outside the picture is left alone.
    """
    edges = [np.round(middle + half * np.linspace(-1, 1, CELLS + 1)).astype(int) for middle in (x, y)]
    columns, rows = (np.unique(np.clip(edge, 0, limit)) for edge, limit in zip(edges, image.shape[1::-1], strict=True))
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            patch = image[top:bottom, left:right]
            some = patch[:: len(patch) // 12 + 1, :: patch.shape[1] // 12 + 1]
            patch[...] = some.mean(axis=(0, 1)).astype(np.uint8)


def _middle(points: FloatArray) -> FloatArray:
    """Mean of the points that were seen, shape (frames, 2)."""
    seen: np.ndarray = np.isfinite(points[..., 0] + points[..., 1])
    count = seen.sum(axis=1)
    total = np.where(seen[..., None], points, 0.0).sum(axis=1)
    return np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)


def _reach(points: FloatArray) -> FloatArray:
    """Largest distance of a head point from their middle, px; NaN where none was seen."""
    away = np.linalg.norm(points - _middle(points)[:, None], axis=2)
    return np.where(np.isfinite(away).any(axis=1), np.nan_to_num(away, nan=0.0).max(axis=1, initial=0.0), np.nan)


def _shoulders(keypoints: KeyPoints) -> FloatArray:
    names = [i for i, name in enumerate(keypoints.names) if name.startswith(("shoulder", "neck", "c7", "mid_shoulder"))]
    return _middle(keypoints.pixels[:, names])


def _size(keypoints: KeyPoints) -> FloatArray | None:
    """Half the side of the square in every frame, from the trunk where it is seen and the height of the body."""
    hips = [i for i, name in enumerate(keypoints.names) if name.startswith(("hip", "pelvis", "mid_hip"))]
    trunk = np.linalg.norm(_shoulders(keypoints) - _middle(keypoints.pixels[:, hips]), axis=1) * PER_TRUNK
    low, high = outline(keypoints.pixels)
    tall = (high[:, 1] - low[:, 1]) * PER_BODY
    both = np.fmax(trunk, np.where(tall > 0, tall, np.nan))
    return _filled(both)


def _top(pixels: FloatArray, size: FloatArray) -> FloatArray:
    """Middle of the top of the person's outline: the head is above the highest point, or at it."""
    low, high = outline(pixels)
    return np.column_stack([(low[:, 0] + high[:, 0]) / 2, low[:, 1] - 0.3 * size])


def _filled(values: FloatArray) -> FloatArray | None:
    """Straight lines over gaps, held at the ends; ``None`` when there is nothing."""
    flat = values.reshape(len(values), -1).copy()
    at = np.arange(len(flat))
    for column in flat.T:
        known = np.isfinite(column)
        if not known.any():
            return None
        column[:] = np.interp(at, at[known], column[known])
    return flat.reshape(values.shape)
