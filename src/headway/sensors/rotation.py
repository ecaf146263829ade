"""Orientation from angular velocity, and slow parts of signals: what levelling a sensor is made of."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

from headway.recording import FloatArray

SLOW_RATE = 10.0
"""Samples per second at which slow parts are formed."""
SLOW_CUTOFF = 0.25
"""What is slower than this is posture, heading and drift; the stride (from 1.1 Hz) is not, Hz."""


def integrated(time: FloatArray, angular_velocity: FloatArray) -> Rotation:
    """Orientation from sensor axes to those of the first sample.

    Parameters
    ----------
    time
        s, shape (n,), uneven is fine.
    angular_velocity
        Sensor axes, rad/s, shape (n, 3), finite.

    Notes
    -----
    The turn between two samples is the integral of a cubic spline through the angular velocity (fourth order in the interval). The coning that
    is left out turns a running pelvis by 2 degrees a minute at 25 Hz and by 0.02 at 100 Hz, slowly, so that levelling undoes it.
    """
    path = CubicSpline(time, angular_velocity).antiderivative()(time)
    turns = np.zeros((len(time), 4))
    turns[0, 3] = 1.0
    if len(time) > 1:
        turns[1:] = Rotation.from_rotvec(np.diff(path, axis=0)).as_quat()
    return Rotation.from_quat(_running_product(turns))


def _running_product(turns: FloatArray) -> FloatArray:
    """Products of all quaternions (x, y, z, w) up to each, shape (n, 4): rows of about sqrt(n) side by side, then their totals in the same way."""
    n = len(turns)
    width = int(np.ceil(np.sqrt(n)))
    rows = -(-n // width)
    padded = np.tile([0.0, 0.0, 0.0, 1.0], (rows * width, 1))
    padded[:n] = turns
    table = padded.reshape(rows, width, 4)
    for k in range(1, width):
        table[:, k] = _product(table[:, k - 1], table[:, k])
    if rows > 1:
        before = _running_product(table[:-1, -1].copy())
        table[1:] = _product(before[:, None], table[1:])
    out = table.reshape(-1, 4)[:n]
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def _product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Hamilton product of quaternions x, y, z, w over the last dimension: first b, then a."""
    ax, ay, az, aw = np.moveaxis(a, -1, 0)
    bx, by, bz, bw = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def slow(time: FloatArray, values: FloatArray) -> FloatArray:
    """Part of a signal slower than ``SLOW_CUTOFF``, zero lag, at the same times.

    Parameters
    ----------
    time
        s, shape (n,), uneven is fine.
    values
        Shape (n, ...), finite.
    """
    flat = values.reshape(len(values), -1)
    bins = ((time - time[0]) * SLOW_RATE).astype(int)
    count = np.bincount(bins)
    centre = np.bincount(bins, time) / np.maximum(count, 1)
    there = count > 0
    sos = butter(2, SLOW_CUTOFF / 0.802, fs=SLOW_RATE, output="sos")
    out = np.empty_like(flat)
    for column in range(flat.shape[1]):
        mean = np.bincount(bins, flat[:, column])[there] / count[there]
        even = np.interp((np.arange(len(count)) + 0.5) / SLOW_RATE + time[0], centre[there], mean)
        smooth = sosfiltfilt(sos, even, padtype="even", padlen=min(len(even) - 1, int(4 * SLOW_RATE)))
        out[:, column] = np.interp(time, (np.arange(len(count)) + 0.5) / SLOW_RATE + time[0], smooth)
    return out.reshape(values.shape)


def onto_up(directions: FloatArray) -> Rotation:
    """Shortest rotations that turn directions (shape (n, 3), not zero) onto the up axis (0, 1, 0)."""
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    axis = np.cross(unit, [0.0, 1.0, 0.0])
    quaternion = np.column_stack([axis, 1.0 + unit[:, 1]])
    quaternion[unit[:, 1] < -0.999999] = [1.0, 0.0, 0.0, 0.0]
    return Rotation.from_quat(quaternion)


def about_up(angle: FloatArray) -> Rotation:
    """Rotations about the up axis, rad, + = turns left."""
    return Rotation.from_rotvec(np.column_stack([np.zeros_like(angle), angle, np.zeros_like(angle)]))
