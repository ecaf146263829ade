"""How block values scale with speed: a straight line with its interval."""

from __future__ import annotations

import numpy as np

from headway.experiments.statistics import quantile
from headway.recording import FloatArray
from headway.results import Fields


class SpeedSlope(Fields, frozen=True, kw_only=True, omit_defaults=False):
    """Straight line of block values on speed.

    Attributes
    ----------
    name, title, unit
        Of the metric; empty for values that are none.
    slope, ci95
        Change per m/s with its interval.
    error
        Standard error of the slope.
    speeds
        Distinct speeds.
    freedom
        Degrees of freedom.
    """

    name: str = ""
    title: str = ""
    unit: str = ""
    slope: float
    ci95: tuple[float, float]
    error: float
    speeds: int
    freedom: int


def slope(speed: FloatArray, value: FloatArray, *, apart: float = 0.02) -> SpeedSlope | None:
    """Least-squares slope of block values on speed; ``None`` with fewer than three speeds that differ by more than ``apart`` (a share)."""
    known = np.isfinite(speed) & np.isfinite(value)
    x, y = speed[known], value[known]
    distinct = 0
    last = -np.inf
    for one in np.sort(x):
        if one > last * (1 + apart) or not np.isfinite(last):
            distinct, last = distinct + 1, float(one)
    if distinct < 3:
        return None
    centred = x - x.mean()
    gain = float(centred @ y / (centred @ centred))
    residual = y - y.mean() - gain * centred
    left = len(x) - 2
    error = float(np.sqrt(residual @ residual / left / (centred @ centred)))
    half = float(quantile(left)) * error
    return SpeedSlope(slope=gain, ci95=(gain - half, gain + half), error=error, speeds=distinct, freedom=left)
