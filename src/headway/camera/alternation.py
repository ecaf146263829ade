"""Whether the legs take turns at being in front, and the signs with which they do: for legs named by what they do.

A pose model that calls whichever leg leads "right" gives a left − right that never turns its sign: it touches zero and goes back, at the
frequency of the steps. A stride fits that well, by a constant and even harmonics. Legs named by whose they are do the same half a
stride apart, so that along the swing left − right consists of odd harmonics.
"""

from __future__ import annotations

import numpy as np

from headway.camera.stride_model import FASTEST, FEWEST, SLOWEST, fit_stride
from headway.periodic import find_frequency, lock_in
from headway.recording import FloatArray

WINDOW = 2.0
"""Strides of a window: a stretch of four steps must show."""
SPREAD = 0.75
"""Standard deviation of the window in which the phase of the steps is found, strides."""
PASSING = 0.5
"""Swing of the squared distance at step frequency as a share of its mean, from which the legs pass each other: 1 for a pure
cosine, 0 for limbs seen from behind, which stay side by side."""


def along_swing(apart: FloatArray) -> FloatArray:
    """Left − right along the direction in which it is largest, whichever is called left, shape (frames,); NaN in gaps."""
    seen = np.where(np.isfinite(apart), apart, 0.0)
    main = np.linalg.eigh(seen.T @ seen)[1][:, -1]
    # Where some of the points are missing, the others tell it.
    weight = np.where(np.isfinite(apart), main**2, 0.0).sum(1)
    return np.where(weight > 0.25, seen @ main / np.maximum(weight, 0.25), np.nan)


def alternation(time: FloatArray, swing: FloatArray, frequency: float) -> float:
    """Share of odd harmonics in the motion along the swing, 0 to 1, in the window where it is least; 1 where no stride is told.

    Parameters
    ----------
    time
        s, shape (frames,).
    swing
        Left − right along the swing, shape (frames,).
    frequency
        Strides per second.
    """
    shares, width = [1.0], WINDOW / frequency
    last = max(float(time[-1]) - width, float(time[0]))
    for start in (*np.arange(time[0], last, 0.5 / frequency), last):
        here = (time >= start - 1e-9) & (time < start + width + 1e-9)
        fit = fit_stride(time[here], swing[here, None], frequency)
        if fit is not None:
            power = (np.abs(fit.phasors[:, 0]) ** 2) / 2
            odd, even = float(power[::2].sum()), float(power[1::2].sum() + fit.level[0] ** 2)
            shares.append(odd / max(odd + even, 1e-12))
    return min(shares)


def by_turns(time: FloatArray, swing: FloatArray) -> tuple[FloatArray, float] | None:
    """Signs that make the legs take turns, shape (frames,), and strides per second; ``None`` where they do not pass each other.

    The squared distance knows no sides. Its phase at step frequency is twice that of the stride.

    Parameters
    ----------
    time
        s, shape (frames,).
    swing
        Left − right along the swing, shape (frames,).
    """
    square, length = swing**2, float(time[-1] - time[0])
    band = (2 * max(SLOWEST, FEWEST / length), 2 * FASTEST)
    if band[0] >= band[1] or np.isfinite(square).sum() < 8:
        return None
    steps = find_frequency(time, square[:, None], band)
    if steps is None:
        return None
    found = lock_in(time, square, steps.value, SPREAD * 2 / steps.value)
    if float(np.median(np.abs(found))) < PASSING * float(np.nanmean(square)):
        return None
    expected = np.cos(np.pi * steps.value * time - np.unwrap(np.angle(found)) / 2)
    return np.where(np.nan_to_num(swing) * expected < 0, -1.0, 1.0), steps.value / 2
