"""Coordinates over a stretch of time as splines with free ends: nothing has to repeat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline

from headway.recording import FloatArray

DEGREE = 5
ORDER = DEGREE + 1


@dataclass(frozen=True)
class FreeSplines:
    """Uniform B-splines of degree 5 over a stretch of time.

    Attributes
    ----------
    start, stop
        Ends, s.
    intervals
        Knot intervals between them.
    coordinates
        Number of coordinates that share the knots.
    """

    start: float
    stop: float
    intervals: int
    coordinates: int

    @property
    def count(self) -> int:
        """Coefficients of one coordinate."""
        return self.intervals + DEGREE

    @property
    def nodes(self) -> FloatArray:
        """Instants at which the equations are solved: two in an interval, s."""
        return np.linspace(self.start, self.stop, 2 * self.intervals + 1)

    def weights(self, time: FloatArray, derivative: int = 0) -> tuple[np.ndarray, FloatArray]:
        """First of the six coefficients that matter at each time, shape (n,), and their weights, shape (n, 6)."""
        step = (self.stop - self.start) / self.intervals
        place = (np.asarray(time, float) - self.start) / step
        first = np.clip(np.floor(place).astype(int), 0, self.intervals - 1)
        inside = place - first
        return first, _PIECES[derivative](inside) / step**derivative

    def values(self, coefficients: FloatArray, time: FloatArray, derivative: int = 0) -> FloatArray:
        """Coordinates or their derivatives by time, shape (n, coordinates), of coefficients of shape (count, coordinates)."""
        first, weights = self.weights(time, derivative)
        return np.einsum("nk,nkc->nc", weights, coefficients[first[:, None] + np.arange(ORDER)])


class _Pieces:
    """The six pieces of the uniform B-spline that overlap in one interval, or their derivatives."""

    def __init__(self, derivative: int) -> None:
        spline = BSpline.basis_element(np.arange(ORDER + 1, dtype=float))
        self.spline = spline.derivative(derivative) if derivative else spline

    def __call__(self, inside: FloatArray) -> FloatArray:
        # the last coefficient's spline is in its first piece, the first one's in its last
        return self.spline(inside[:, None] + np.arange(DEGREE, -1, -1))


_PIECES = tuple(_Pieces(derivative) for derivative in range(4))
