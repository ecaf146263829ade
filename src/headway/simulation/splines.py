"""One running step as splines: periodic over the stride, mirrored from step to step, by construction.

A stride is two steps that are each other's mirror image. Every right-sided coordinate is one periodic B-spline over the stride, its left
twin the same spline half a stride later; every coordinate of the midline repeats after a step, with its sign changed where a mirror
changes it. So there is nothing left to impose, and all rows below are constant: the decision variables enter linearly.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.interpolate import BSpline

from headway.body.sided import sided, twin
from headway.body.skeleton import MIDLINE_SIGNS, Skeleton
from headway.recording import FloatArray

DEGREE = 5


class StepSplines:
    """Coordinates of a skeleton over a step.

    Parameters
    ----------
    skeleton
        Whose coordinates.
    intervals
        Knot intervals in a step.

    Attributes
    ----------
    steps
        That the coefficients stand for: one, whose mirror image follows.
    size
        Number of coefficients.
    columns
        First coefficient and number of them, by the coordinate that owns them.
    """

    steps = 1

    def __init__(self, skeleton: Skeleton, intervals: int) -> None:
        self.skeleton, self.intervals = skeleton, intervals
        self.columns: dict[str, tuple[int, int]] = {}
        self.size = 0
        for name in skeleton.names:
            if sided(name).side == "left":
                continue
            number = 2 * intervals if _is_right_limb(name) else intervals
            self.columns[name] = (self.size, number)
            self.size += number

    def rows(self, phase: FloatArray, derivative: int = 0) -> FloatArray:
        """Coordinates, or their derivatives by phase, as rows over the coefficients.

        Parameters
        ----------
        phase
            Steps since the beginning, any number, shape (n,).
        derivative
            0 to 3.

        Returns
        -------
        FloatArray
            Shape (n, coordinates, size).
        """
        n, names = self.intervals, self.skeleton.names
        phase = np.asarray(phase, dtype=float)
        right = _basis(2 * n, phase * n, derivative) * float(n) ** derivative
        left = _basis(2 * n, (phase + 1.0) * n, derivative) * float(n) ** derivative
        _, signs = self.skeleton.mirror
        out = np.zeros((len(phase), len(names), self.size))
        for k, name in enumerate(names):
            owner = twin(name) if sided(name).side == "left" else name
            first, number = self.columns[owner]
            wave = left if owner != name else right
            out[:, k, first : first + number] = wave if number == 2 * n else wave[:, :n] + signs[k] * wave[:, n:]
        return out

    def fit(self, phase: FloatArray, values: FloatArray, smooth: float = 1e-3) -> FloatArray:
        """Coefficients that come nearest to given coordinates, shape (n, coordinates) at phases of one step."""
        rows = self.rows(phase).reshape(-1, self.size)
        rows = np.vstack([rows, smooth * np.eye(self.size)])
        target = np.concatenate([values.ravel(), np.zeros(self.size)])
        return np.asarray(np.linalg.lstsq(rows, target, rcond=None)[0], dtype=np.float64)


class StrideSplines(StepSplines):
    """Coordinates over a stride of two steps that need not mirror each other: each is one periodic spline of its own."""

    steps = 2

    def __init__(self, skeleton: Skeleton, intervals: int) -> None:
        self.skeleton, self.intervals = skeleton, intervals
        number = 2 * intervals
        self.columns = {name: (number * k, number) for k, name in enumerate(skeleton.names)}
        self.size = number * len(skeleton.names)

    def rows(self, phase: FloatArray, derivative: int = 0) -> FloatArray:
        """As of a step; shape (n, coordinates, size)."""
        n, count = self.intervals, len(self.columns)
        wave = _basis(2 * n, np.asarray(phase, dtype=float) * n, derivative) * float(n) ** derivative
        out = np.zeros((len(wave), count, count, 2 * n))
        out[:, np.arange(count), np.arange(count)] = wave[:, None]
        return out.reshape(len(wave), count, -1)


def _is_right_limb(name: str) -> bool:
    return sided(name).side == "right" and name not in MIDLINE_SIGNS


@cache
def _element(derivative: int) -> BSpline:
    spline = BSpline.basis_element(np.arange(DEGREE + 2, dtype=float), extrapolate=False)
    return spline.derivative(derivative) if derivative else spline


def _basis(number: int, place: FloatArray, derivative: int) -> FloatArray:
    """Periodic B-spline basis of ``number`` unit intervals, shape (n, number)."""
    offset = np.mod(place[:, None] - np.arange(number), number)
    out = np.zeros_like(offset)
    for turn in range(-(-(DEGREE + 1) // number)):
        out += np.nan_to_num(_element(derivative)(offset + turn * number))
    return out
