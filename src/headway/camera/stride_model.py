"""What repeats with every stride: a short Fourier series fitted to key points, window by window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray

SLOWEST, FASTEST = 0.15, 2.2
"""Stride frequencies looked for, Hz: up to 264 steps/min, and down to a film that plays eight times slower than it says."""
HARMONICS = 3
"""Of the stride: more than three are lost in the noise of a film."""
STRIDES = 4.0
"""Length of a window: long enough to outvote what is wrong in it, short enough for a cadence that drifts."""
DRIFT = 0.08
"""How far the frequency of a window may be from that of the film, as a share."""
FEWEST = 1.5
"""Strides that a window must hold at least."""
_RIDGE = 1e-3


@dataclass(frozen=True)
class StrideFit:
    """A fitted window.

    Attributes
    ----------
    frequency
        Strides per second.
    coefficients
        Constant, then cosine and sine of every harmonic, shape (1 + 2 × harmonics, channels).
    share
        Part of the sum of squares that the fit explains, 0 to 1.
    """

    frequency: float
    coefficients: FloatArray
    share: float

    def at(self, time: FloatArray) -> FloatArray:
        """Prediction, shape (frames, channels)."""
        return _design(time, self.frequency) @ self.coefficients


def stride_frequency(time: FloatArray, channels: FloatArray) -> float | None:
    """Strides per second of the differences between left and right, ``None`` when nothing repeats long enough.

    Parameters
    ----------
    time
        s, shape (frames,).
    channels
        Shape (frames, channels), NaN in gaps.
    """
    seen = np.isfinite(channels)
    length = float(time[-1] - time[0])
    if length * FASTEST < FEWEST or seen.any(1).sum() < 8:
        return None
    count = np.maximum(seen.sum(0), 1)
    centred = np.where(seen, channels, 0.0)
    centred = np.where(seen, centred - centred.sum(0) / count, 0.0)
    lowest = max(SLOWEST, FEWEST / length)
    grid = np.arange(lowest, FASTEST, 0.1 / max(length, 1.0))
    power = np.empty(len(grid))
    for start in range(0, len(grid), 256):  # in pieces: long films have many frequencies and many frames
        wave = np.exp(-2j * np.pi * grid[start : start + 256, None] * time[None, :])
        power[start : start + 256] = (np.abs(wave @ centred) ** 2 / count).sum(1)
    return float(grid[int(np.argmax(power))]) if len(grid) and power.max() > 0 else None


def fit_stride(time: FloatArray, channels: FloatArray, frequency: float) -> StrideFit | None:
    """Fit one window robustly, its frequency free within ``DRIFT``; ``None`` with too little data.

    Parameters
    ----------
    time
        s, shape (frames,).
    channels
        Shape (frames, channels), NaN in gaps.
    frequency
        Strides per second of the film.

    Notes
    -----
    Huber 1964 (Ann Math Stat 35:73), weights on the size of the residual over all channels of a frame.
    """
    seen = np.isfinite(channels)
    rows = seen.any(1)
    if rows.sum() < 2 * HARMONICS + 4 or np.ptp(time[rows]) * frequency < FEWEST:
        return None
    values = np.where(seen, channels, 0.0)
    tries = frequency * (1 + np.linspace(-DRIFT, DRIFT, 9))
    best = float(min((float(f) for f in tries), key=lambda f: _solve(time, values, seen.astype(float), f)[1]))
    fine = best * (1 + np.linspace(-DRIFT / 8, DRIFT / 8, 5))
    best = float(min((float(f) for f in fine), key=lambda f: _solve(time, values, seen.astype(float), f)[1]))
    weight = seen.astype(float)
    coefficients, _ = _solve(time, values, weight, best)
    for _ in range(4):
        residual = np.where(seen, values - _design(time, best) @ coefficients, 0.0)
        size = np.sqrt((residual**2).sum(1) / np.maximum(seen.sum(1), 1))
        limit = 1.5 * float(np.median(size[rows])) + 1e-9
        weight = seen * np.minimum(1.0, limit / np.maximum(size, 1e-12))[:, None] ** 2
        coefficients, _ = _solve(time, values, weight, best)
    residual = np.where(seen, values - _design(time, best) @ coefficients, 0.0)
    share = 1.0 - float((weight * residual**2).sum() / max(float((weight * values**2).sum()), 1e-12))
    return StrideFit(best, coefficients, share)


def stride_model(time: FloatArray, channels: FloatArray, frequency: float) -> FloatArray:
    """What the strides around every frame predict for it; NaN where they are too few.

    Parameters
    ----------
    time
        s, shape (frames,).
    channels
        Shape (frames, channels), NaN in gaps.
    frequency
        Strides per second of the film.

    Returns
    -------
    FloatArray
        Shape (frames, channels).
    """
    width = STRIDES / frequency
    first, last = float(time[0]), float(time[-1])
    centres = np.arange(first + width / 2, max(last - width / 2, first + width / 2) + 0.5 / frequency, 1 / frequency)
    total = np.zeros(channels.shape)
    weights = np.zeros(len(time))
    for centre in centres:
        inside = np.abs(time - centre) <= width / 2 + 1e-9
        fit = fit_stride(time[inside], channels[inside], frequency)
        if fit is not None:
            bell = np.maximum(1.0 - np.abs(time[inside] - centre) / (width / 2), 0.02)
            total[inside] += bell[:, None] * fit.at(time[inside])
            weights[inside] += bell
    return np.where(weights[:, None] > 0, total / np.maximum(weights, 1e-12)[:, None], np.nan)


def _design(time: FloatArray, frequency: float) -> FloatArray:
    angle = 2 * np.pi * frequency * time[:, None] * np.arange(1, HARMONICS + 1)
    return np.concatenate([np.ones((len(time), 1)), np.cos(angle), np.sin(angle)], axis=1)


def _solve(time: FloatArray, values: FloatArray, weight: FloatArray, frequency: float) -> tuple[FloatArray, float]:
    """Weighted least squares of every channel: coefficients and the remaining sum of squares."""
    design = _design(time, frequency)
    outer = (design[:, :, None] * design[:, None, :]).reshape(len(time), -1)
    terms = design.shape[1]
    normal = (weight.T @ outer).reshape(-1, terms, terms)
    right = (weight * values).T @ design
    # Higher harmonics are held back where a channel is hardly seen.
    normal += _RIDGE * (1.0 + weight.sum(0))[:, None, None] * np.eye(terms)
    solved = np.linalg.solve(normal, right[..., None])[..., 0]
    left = float((weight * values**2).sum() - (solved * right).sum())
    return solved.T, left
