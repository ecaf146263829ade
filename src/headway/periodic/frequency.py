"""The frequency with which signals repeat, and their phase about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.periodic.series import fit_series, time_derivative, waveform
from headway.recording import ComplexArray, FloatArray

COVERED = 0.4
"""Share of a lock-in's window that has to be seen."""


@dataclass(frozen=True)
class Frequency:
    """A frequency and its standard error, Hz."""

    value: float
    error: float


def find_frequency(time: FloatArray, values: FloatArray, band: tuple[float, float]) -> Frequency | None:
    """Frequency with which channels repeat; ``None`` where nothing was seen or the band holds nothing.

    Parameters
    ----------
    time
        s, rising, shape (frames,); spacing may vary.
    values
        Shape (frames, channels), NaN in gaps.
    band
        Lowest and highest frequency looked for, Hz.

    Notes
    -----
    The highest peak of the periodogram (:func:`periodogram`), refined by least squares of a line and two harmonics with the frequency free; its
    error is that of the least squares for white noise and a steady frequency.
    """
    tone, power = periodogram(time, values)
    if not ((tone > band[0]) & (tone < band[1])).any() or not power.any():
        return None
    return _refined(time - time.mean(), values, float(peak(tone, power, band)))


def periodogram(time: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Frequencies (Hz) and power summed over channels, each freed of a parabola; Hann window, gaps as zeros, zero-padded at least eightfold."""
    even, level, seen = _evenly(time, values)
    unit = np.linspace(-1.0, 1.0, len(even))
    slow = np.column_stack([np.ones_like(unit), unit, unit**2])
    steady = np.nan_to_num(fit_series(unit, np.where(seen > 0, level, np.nan), 0, slow=slow).rest)
    size = 1 << int(np.ceil(np.log2(8 * max(len(even), 512))))
    power = np.abs(np.fft.rfft(steady * np.hanning(len(even))[:, None], size, axis=0)) ** 2
    return np.asarray(np.fft.rfftfreq(size, even[1] - even[0]), float), (power / np.maximum(seen.sum(0), 1)).sum(1)


def peak(tone: FloatArray, power: FloatArray, band: tuple[float, float] = (-np.inf, np.inf)) -> FloatArray:
    """Place (Hz) of the highest power within a band, by a parabola; of every column where ``power`` has the shape (tones, columns).

    ``tone`` is evenly spaced; at its ends the place is that of the end.
    """
    inside = np.flatnonzero((tone > band[0]) & (tone < band[1]))
    best = inside[np.argmax(power[inside], axis=0)]
    own = () if power.ndim == 1 else (np.arange(power.shape[1]),)
    before, here, after = (power[(np.clip(best + d, 0, len(tone) - 1), *own)] for d in (-1, 0, 1))
    bend = before - 2 * here + after
    curved = (bend < 0) & (best > 0) & (best < len(tone) - 1)
    shift = np.where(curved, 0.5 * (before - after) / np.where(curved, bend, 1.0), 0.0)
    return np.asarray(tone[0] + (best + np.clip(shift, -0.5, 0.5)) * (tone[1] - tone[0]), float)


def _refined(time: FloatArray, values: FloatArray, start: float) -> Frequency:
    """Gauss-Newton on the frequency, within half of the resolution about the start."""
    line = np.column_stack([np.ones_like(time), time])
    reach, value, error = 0.5 / float(np.ptp(time)), start, float("inf")
    for _ in range(6):
        phase = 2 * np.pi * value * time
        fit = fit_series(phase, values, 2, slow=line)
        turn = 2 * np.pi * time[:, None] * waveform(time_derivative(fit.phasors, 1.0), phase)
        own = fit_series(phase, np.where(np.isfinite(values), turn, np.nan), 2, slow=line).rest
        free = np.maximum(np.isfinite(values).sum(0) - 7, 1)
        noise = np.nansum(fit.rest**2, axis=0) / free + 1e-24 * np.nansum(values**2, axis=0) + np.finfo(float).tiny
        information = float((np.nansum(own**2, axis=0) / noise).sum())
        if not information > 0:
            break
        error = information**-0.5
        step = float((np.nansum(own * fit.rest, axis=0) / noise).sum()) / information
        value = float(np.clip(value + step, start - reach, start + reach))
        if abs(step) < 0.01 * error:
            break
    return Frequency(value, error)


def _evenly(time: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Even times, values with zeros in gaps, and where something was seen (1, else 0), shapes (n,), (n, channels) and (n, channels)."""
    even = np.linspace(time[0], time[-1], len(time))
    seen = np.isfinite(values)
    out, share = (
        np.stack([np.interp(even, time, one) for one in each.T], axis=1)
        for each in (np.where(seen, values, 0.0), seen.astype(float))
    )
    there = (share > 0.5).astype(float)
    return even, there * out / np.maximum(share, 0.5), there


def lock_in(time: FloatArray, values: FloatArray, frequency: float, spread: float) -> ComplexArray:
    """Complex amplitude of one signal about a frequency at every frame, phase ``2 pi frequency time``; 0 where too little was seen.

    Parameters
    ----------
    time
        s, shape (frames,).
    values
        Shape (frames,), NaN in gaps.
    frequency
        Hz.
    spread
        Standard deviation of the Gaussian window, s.

    Notes
    -----
    The mean over one period is taken off first. Half power lies ``0.13 / spread`` Hz beside the frequency.
    """
    even, level, seen = (one.reshape(-1) for one in _evenly(time, values[:, None]))
    rate = 1.0 / (even[1] - even[0])
    reach = int(3 * spread * rate)
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / rate / spread) ** 2)
    window /= window.sum()
    box = np.ones(max(round(rate / frequency), 1))
    steady = (level - _smoothed(level, box) / np.maximum(_smoothed(seen, box), 0.5)) * seen
    cover = _smoothed(seen, window)
    found = _smoothed(steady * np.exp(2j * np.pi * frequency * even), window)
    return np.asarray(
        np.interp(time, even, np.where(cover > COVERED, 2 * found / np.maximum(cover, COVERED), 0.0)), complex
    )


def _smoothed(values: np.ndarray, kernel: FloatArray) -> np.ndarray:
    start = (len(kernel) - 1) // 2
    return np.convolve(values, kernel)[start : start + len(values)]
