"""One number with an interval from thousands of strides, or from twenty: a jackknife over stretches of neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from headway.recording import FloatArray
from headway.statistics import REDUCERS, components

BATCH = 6
"""Fewest neighbouring strides in a batch: three times the reach of two strides that share a step."""
MOST_BATCHES = 40
FEWEST_BATCHES = 4


@dataclass(frozen=True)
class Found:
    """One quantity over the strides of a run.

    Attributes
    ----------
    value, low, high
        Estimate and 95 % interval; NaN where there is none.
    n
        Strides that carry it.
    left, right
        The same from one side, NaN without.
    """

    value: float
    low: float
    high: float
    n: int
    left: float
    right: float


def estimate(kind: str, values: object, side: FloatArray, systematic: float = 0.0) -> Found | None:
    """Estimate and interval of one quantity; ``None`` when no stride carries it.

    Parameters
    ----------
    kind
        Key of :data:`headway.statistics.REDUCERS`.
    values
        Per stride, as :func:`headway.statistics.components` takes them.
    side
        +1 right, -1 left, shape (n,).
    systematic
        Standard error that does not average out (clock, scale, midstance), in the unit of the value.

    Notes
    -----
    Delete-one-batch jackknife (Quenouille 1956; Künsch 1989 for dependent data): strides in at most 40 batches of neighbours of at least six,
    Student's t with one degree of freedom less than there are batches, the systematic error added in quadrature. Fewer than 24 strides: no interval.
    """
    reduce = REDUCERS[kind]
    parts = components(kind, values, side)
    rows = np.flatnonzero(np.abs(parts).sum(1) > 0)
    if not len(rows):
        return None
    parts, side = parts[rows], side[rows]
    total = parts.sum(0)
    value = float(np.real(reduce(total)))
    if not np.isfinite(value):
        return None
    half = _half_width(reduce, parts, total, value, kind)
    half = float(np.hypot(half, 1.96 * systematic)) if np.isfinite(half) else float("nan")
    left, right = (float(np.real(reduce(parts[side == sign].sum(0)))) for sign in (-1.0, 1.0))
    if kind in ("asymmetry", "locking"):
        left = right = float("nan")
    low, high = value - half, value + half
    if kind in ("amplitude", "gain", "locking"):
        low = max(low, 0.0)
    if kind == "locking":
        high = min(high, 1.0)
    return Found(value, low, high, len(rows), left, right)


def _half_width(
    reduce: Callable[[npt.NDArray], npt.NDArray], parts: npt.NDArray, total: npt.NDArray, value: float, kind: str
) -> float:
    """Half of the 95 % interval by the jackknife; NaN with fewer than four batches."""
    batches = min(len(parts) // BATCH, MOST_BATCHES)
    if batches < FEWEST_BATCHES:
        return float("nan")
    edges = np.linspace(0, len(parts), batches + 1).astype(int)
    sums = np.add.reduceat(parts, edges[:-1], axis=0)
    without = np.real(reduce(total - sums))
    difference = without - value
    if kind == "phase":
        difference = np.angle(np.exp(1j * difference))
    difference = difference - difference.mean()
    error = np.sqrt((batches - 1) / batches * np.sum(difference**2))
    return float(student.ppf(0.975, batches - 1) * error)


def slope(time: FloatArray, values: FloatArray, beside: FloatArray | None = None) -> tuple[float, float, float] | None:
    """Slope with its 95 % interval from a series of windows; ``None`` with fewer than six.

    Parameters
    ----------
    time, values
        Shape (m,); NaN is left out.
    beside
        A second regressor (speed beside time), shape (m,).

    Notes
    -----
    Least squares; the error is widened by sqrt((1 + r)/(1 - r)) for the correlation r of neighbouring residuals, and the degrees of freedom
    shrink with it, so that a slow wave is not taken for a trend.
    """
    columns = [time] if beside is None else [time, beside]
    there = np.isfinite(values) & np.all([np.isfinite(one) for one in columns], axis=0)
    if there.sum() < 6 or any(np.ptp(one[there]) <= 0 for one in columns):
        return None
    design = np.column_stack([np.ones(there.sum()), *(one[there] - one[there].mean() for one in columns)])
    inverse = np.linalg.pinv(design.T @ design)
    fit = inverse @ design.T @ values[there]
    rest = values[there] - design @ fit
    freedom = len(rest) - design.shape[1]
    power = float(rest @ rest)
    r = float(np.clip(rest[1:] @ rest[:-1] / power, 0.0, 0.9)) if power > 0 else 0.0
    widened = (1 + r) / (1 - r)
    error = float(np.sqrt(power / freedom * inverse[1, 1] * widened))
    half = float(student.ppf(0.975, max(freedom / widened, 2.0))) * error
    return float(fit[1]), float(fit[1] - half), float(fit[1] + half)
