"""What the watch adds: speed for every stride, and hills to set aside."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from headway.recording import FloatArray
from headway.sensors.harmonics import Strides
from headway.sensors.recording import Watch

STEEPEST = 0.04
"""Slopes above this are set aside, rise over way."""
SLOPE_SPAN = 15.0
"""Standard deviation of the smoothing of the slope, s: a barometer's altitude is good to about a metre."""
STALE = 10.0
"""A value of the watch is used for at most this long, s."""


def hills(watch: Watch | None, time: FloatArray) -> npt.NDArray[np.bool_] | None:
    """Instants (shape (m,)) on a slope, ``None`` where the watch does not tell altitude and speed."""
    if watch is None or "altitude" not in watch.series or "speed" not in watch.series:
        return None
    second = np.arange(watch.time[0], watch.time[-1])
    height, speed = (_read(watch, name, second) for name in ("altitude", "speed"))
    if len(second) < 3 * SLOPE_SPAN or not np.isfinite(height).all() or not np.isfinite(speed).all():
        return None
    rise, pace = np.gradient(_smooth(height)), _smooth(speed)
    slope = rise / np.maximum(pace, 1.0)
    return np.abs(np.interp(time, second, slope, left=0.0, right=0.0)) > STEEPEST


def _smooth(values: FloatArray) -> FloatArray:
    """Gaussian mean over ``SLOPE_SPAN``, the ends continued by their point reflection so that a slope goes on."""
    beyond = int(3 * SLOPE_SPAN) - 1
    padded = np.pad(values, beyond, mode="reflect", reflect_type="odd")
    return gaussian_filter1d(padded, SLOPE_SPAN)[beyond:-beyond]


def speed_at(watch: Watch | None, declared: float | None, strides: Strides) -> FloatArray:
    """Speed of every stride, m/s, NaN where nothing tells it."""
    if declared is not None:
        return np.full(len(strides), declared)
    if watch is None or "speed" not in watch.series:
        return np.full(len(strides), np.nan)
    return _read(watch, "speed", strides.middle)


def _read(watch: Watch, name: str, at: FloatArray) -> FloatArray:
    values = watch.series[name]
    there = np.isfinite(values)
    if there.sum() < 2:
        return np.full(len(at), np.nan)
    time = watch.time[there]
    after = np.clip(np.searchsorted(time, at), 1, len(time) - 1)
    fresh = (time[after] - time[after - 1] < STALE) & (at >= time[0] - 1.0) & (at <= time[-1] + 1.0)
    return np.where(fresh, np.interp(at, time, values[there]), np.nan)
