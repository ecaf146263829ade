"""What repeats with every stride: a short Fourier series fitted to key points, window by window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.periodic import find_frequency, fit_series, peak, waveform
from headway.recording import ComplexArray, FloatArray

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
RIDGE = 1e-3
"""Holds harmonics back where a window is hardly seen."""


@dataclass(frozen=True)
class StrideFit:
    """A fitted window.

    Attributes
    ----------
    frequency
        Strides per second.
    level
        Of each channel, shape (channels,).
    phasors
        Shape (harmonics, channels), phase ``2 pi frequency time``, signed as in :mod:`headway.periodic`.
    share
        Part of the sum of squares that the fit explains, 0 to 1.
    """

    frequency: float
    level: FloatArray
    phasors: ComplexArray
    share: float

    def at(self, time: FloatArray) -> FloatArray:
        """Prediction, shape (frames, channels)."""
        return self.level + waveform(self.phasors, 2 * np.pi * self.frequency * time)


def stride_frequency(time: FloatArray, channels: FloatArray) -> float | None:
    """Strides per second of the differences between left and right, ``None`` when nothing repeats long enough.

    Parameters
    ----------
    time
        s, shape (frames,).
    channels
        Shape (frames, channels), NaN in gaps.
    """
    length = float(time[-1] - time[0])
    if length * FASTEST < FEWEST or np.isfinite(channels).any(1).sum() < 8:
        return None
    found = find_frequency(time, channels, (max(SLOWEST, FEWEST / length), FASTEST))
    return None if found is None else found.value


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
    """
    rows = np.isfinite(channels).any(1)
    if rows.sum() < 2 * HARMONICS + 4 or np.ptp(time[rows]) * frequency < FEWEST:
        return None
    penalty = RIDGE * (1.0 + float(rows.sum()))

    def left(tried: float) -> float:
        fit = fit_series(2 * np.pi * tried * time, channels, HARMONICS, penalty=penalty)
        size = np.concatenate([fit.slow, fit.phasors.real, fit.phasors.imag])
        return float(np.nansum(fit.rest**2) + penalty * (size**2).sum())

    tries = frequency * (1 + np.linspace(-DRIFT, DRIFT, 9))
    best = float(peak(tries, -np.array([left(tried) for tried in tries])))
    phase = 2 * np.pi * best * time
    fit = fit_series(phase, channels, HARMONICS, penalty=penalty, robust=4, power=2.0)
    weight = fit.weights[:, None]
    share = 1.0 - float(np.nansum(weight * fit.rest**2)) / max(float(np.nansum(weight * channels**2)), 1e-12)
    return StrideFit(best, fit.slow[0], fit.phasors, share)


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
    centres = np.arange(first + width / 2, last - width / 2, 1 / frequency)
    centres = np.append(centres, max(last - width / 2, first + width / 2))
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
