"""Slow columns beside harmonics, and their normal equations, without the whole of a long recording's columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.interpolate import BSpline
from scipy.sparse import csr_array, issparse

from headway.recording import FloatArray

BLOCK, PIECE = 64, 4096
"""Frames that are multiplied at once: of channels seen in the same frames, and of others."""
ROOM = 4_000_000
"""Products that are held at once: the slow columns of a long recording are many."""

Rows = slice | npt.NDArray[np.intp]


@dataclass(frozen=True)
class HalfWaves:
    """Columns cos(n pi unit), n = 0 to ``count`` - 1, made where they are looked at: a long recording has hundreds of them.

    Attributes
    ----------
    unit
        Rising from 0 to 1, shape (frames,).
    count
        Columns.

    Examples
    --------
    >>> HalfWaves(np.array([0.0, 0.5, 1.0]), 2) @ np.array([1.0, 2.0])
    array([ 3.,  1., -1.])
    """

    unit: FloatArray
    count: int

    @property
    def shape(self) -> tuple[int, int]:
        """Frames and columns."""
        return len(self.unit), self.count

    def __getitem__(self, rows: Rows) -> FloatArray:
        """Columns of some frames."""
        return np.asarray(np.cos(np.outer(np.pi * self.unit[rows], np.arange(self.count))))

    def __matmul__(self, coefficients: FloatArray) -> FloatArray:
        """Sum of the columns, each with its coefficient."""
        starts = range(0, len(self.unit), PIECE)
        return np.concatenate([self[start : start + PIECE] @ coefficients for start in starts])


Slow = FloatArray | csr_array | HalfWaves
"""Columns of what does not repeat, shape (frames, k)."""


def columns(slow: Slow) -> int:
    """How many columns there are."""
    return cast("tuple[int, int]", slow.shape)[1]


def spline(time: FloatArray, pieces: int) -> csr_array:
    """Cubic B-splines with evenly spaced knots over ``time`` (rising), four of them other than zero at a time, shape (frames, pieces + 3)."""
    inner = np.linspace(time[0], time[-1], pieces + 1)
    knots = np.concatenate([[inner[0]] * 3, inner, [inner[-1]] * 3])
    return csr_array(BSpline.design_matrix(np.clip(time, inner[0], inner[-1]), knots, 3))


def normal_equations(
    slow: Slow, wave: FloatArray, values: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Normal matrix and right side of every channel, shapes (channels, terms, terms) and (channels, terms).

    Parameters
    ----------
    slow, wave
        Columns side by side, shape (frames, terms) together.
    values
        Shape (frames, channels), NaN in gaps.
    weights
        Of the frames, shape (frames,).
    """
    terms, channels = columns(slow) + wave.shape[1], values.shape[1]
    seen = np.isfinite(values)
    if issparse(slow):
        return _by_bands(slow, wave, values, weights, seen)
    if (seen == seen[:, :1]).all():
        whole = not channels or bool(seen[:, 0].all())
        rows = None if whole else np.flatnonzero(seen[:, 0])
        both = np.zeros((terms, terms + channels))
        size = BLOCK * max(1, ROOM // (terms * (terms + channels)))
        for start in range(0, len(values) if rows is None else len(rows), size):
            part = slice(start, start + size) if rows is None else rows[start : start + size]
            design = np.column_stack([slow[part], wave[part]])
            both += _crossed(weights[part, None] * design, np.column_stack([design, values[part]]))
        return np.repeat(both[None, :, :terms], channels, axis=0), both[:, terms:].T
    normal, right = np.zeros((channels, terms**2)), np.zeros((channels, terms))
    heavy, known = weights[:, None] * seen, np.where(seen, values, 0.0)
    size = min(PIECE, max(BLOCK, ROOM // terms**2))
    for start in range(0, len(values), size):
        part = slice(start, start + size)
        design = np.column_stack([slow[part], wave[part]])
        outer = (design[:, :, None] * design[:, None, :]).reshape(-1, terms**2)
        normal += heavy[part].T @ outer
        right += (heavy[part] * known[part]).T @ design
    return normal.reshape(-1, terms, terms), right


def _by_bands(
    slow: Any, wave: FloatArray, values: FloatArray, weights: FloatArray, seen: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """The same of slow columns that are zero nearly everywhere, once for all channels seen in the same frames."""
    bends = slow.shape[1]
    terms = bends + wave.shape[1]
    normal, right = np.zeros((values.shape[1], terms, terms)), np.zeros((values.shape[1], terms))
    alike: dict[bytes, list[int]] = {}
    for channel, pattern in enumerate(seen.T):
        alike.setdefault(pattern.tobytes(), []).append(channel)
    for own in alike.values():
        heavy = weights * seen[:, own[0]]
        moved = heavy[:, None] * np.column_stack([wave, np.where(seen[:, own], values[:, own], 0.0)])
        across, along = slow.T @ moved, _crossed(wave, moved)
        count = wave.shape[1]
        top = np.hstack([(slow.multiply(heavy[:, None]).T @ slow).toarray(), across[:, :count]])
        normal[own] = np.vstack([top, np.hstack([across[:, :count].T, along[:, :count]])])
        right[own] = np.vstack([across[:, count:], along[:, count:]]).T
    return normal, right


def _crossed(left: FloatArray, right: FloatArray) -> FloatArray:
    """Compute ``left.T @ right`` in short blocks: products this small are slowed down many times by the threads of a busy machine."""
    beyond = -len(left) % BLOCK
    if beyond:
        left, right = (np.concatenate([one, np.zeros((beyond, one.shape[1]))]) for one in (left, right))
    first, second = (one.reshape(len(one) // BLOCK, BLOCK, one.shape[1]) for one in (left, right))
    return np.matmul(first.swapaxes(1, 2), second).sum(0)
