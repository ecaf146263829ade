"""The rhythm of the run: step frequency and phase from the vertical acceleration, and the stretches of steady running."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfiltfilt

from headway.periodic import peak
from headway.recording import ComplexArray, FloatArray
from headway.sensors.level import Levelled
from headway.signals import DOUBLE_PASS, runs

GRID = 50.0
"""Samples per second at which the rhythm is followed."""
SPAN, HOP = 6.0, 1.0
"""Length and spacing of the pieces in which the step frequency is looked for, s."""
STEP_FREQUENCY = (2.1, 4.6)
"""Steps per second of running."""
SEARCHED = (1.2, 4.8)
"""Hz in which a rhythm is looked for: from a slow walk to a sprint."""
LEAST_AMPLITUDE = 5.0
"""Amplitude of the vertical acceleration at step frequency below which it is no running, m/s² (walks 2-4, runs 6-18)."""
BANDWIDTH = 0.7
"""The rhythm may change this fast, Hz."""
SHARPEST_TURN = 0.26
"""Faster changes of heading are set aside as turns, rad/s (15 degrees/s; a track's bend at 5 m/s has 8)."""
STEADY = 0.7
"""A stretch whose amplitude falls below this share of the run's median is set aside."""
FEWEST_STEPS = 8
"""Shorter stretches of steady running are set aside, steps."""
LONGEST_GAP = 0.15
"""The rhythm is not followed across longer gaps, s."""


@dataclass(frozen=True)
class Bout:
    """One unbroken stretch of steady running.

    Attributes
    ----------
    instants
        Times of the greatest vertical acceleration at step frequency, one per step, s, shape (steps + 1,).
    first
        Number of the first instant within its piece: even and odd numbers are the two feet.
    """

    instants: FloatArray
    first: int


@dataclass(frozen=True)
class Rhythm:
    """Step frequency, amplitude and phase on an even grid.

    Attributes
    ----------
    time
        s, shape (m,).
    frequency, amplitude
        Hz; m/s².
    phase
        Of the step, rad, unwrapped, 0 at the greatest vertical acceleration.
    running, turning, gap
        What each instant is.
    bouts
        Stretches of steady running.
    """

    time: FloatArray
    frequency: FloatArray
    amplitude: FloatArray
    phase: FloatArray
    running: npt.NDArray[np.bool_]
    turning: npt.NDArray[np.bool_]
    gap: npt.NDArray[np.bool_]
    bouts: tuple[Bout, ...]


def rhythm(
    level: Levelled, aside: npt.NDArray[np.bool_] | None = None, shaken: npt.NDArray[np.bool_] | None = None
) -> Rhythm:
    """Follow the rhythm of one sensor.

    Parameters
    ----------
    level
        The sensor that sets the beat: sacrum, else head.
    aside
        Further instants to set aside (hills), on the grid of :func:`grid_of`.
    shaken
        Instants at which the sensors were shaken in the hand, on the same grid.
    """
    time = grid_of(level)
    vertical, gap = on_grid(level, time)
    frequency = _frequency(vertical)
    carrier = 2 * np.pi * np.concatenate([[0.0], np.cumsum((frequency[1:] + frequency[:-1]) / 2)]) / GRID
    slowly = demodulated(vertical, carrier)
    phase = carrier - np.unwrap(np.angle(slowly))
    amplitude = np.abs(slowly)
    inside = (frequency > STEP_FREQUENCY[0]) & (frequency < STEP_FREQUENCY[1])
    running = inside & (amplitude > LEAST_AMPLITUDE) & ~gap
    if shaken is not None:
        running &= ~shaken
    turning = np.abs(np.interp(time, level.time, level.turning)) > SHARPEST_TURN
    steady = running & ~turning
    if running.any():
        steady &= amplitude > STEADY * np.median(amplitude[running])
    if aside is not None:
        steady &= ~aside
    return Rhythm(time, frequency, amplitude, phase, running, turning, gap, _bouts(time, phase, steady))


def grid_of(level: Levelled) -> FloatArray:
    """The even grid on which the rhythm of a sensor is followed, s."""
    return np.arange(level.time[0], level.time[-1], 1.0 / GRID)


def on_grid(level: Levelled, time: FloatArray) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Vertical acceleration on an even grid (0 in gaps), and where the gaps are."""
    after = np.clip(np.searchsorted(level.time, time, side="right"), 1, len(level.time) - 1)
    gap = level.time[after] - level.time[after - 1] > max(LONGEST_GAP, 2.5 / level.rate)
    gap |= (time < level.time[0]) | (time > level.time[-1])
    values = np.interp(time, level.time, level.acceleration[:, 1])
    return np.where(gap, 0.0, values), gap


def demodulated(vertical: FloatArray, carrier: FloatArray) -> ComplexArray:
    """Complex amplitude of a signal about a carrier phase: its size, and how far its maxima come after the carrier's, rad."""
    low = butter(2, BANDWIDTH / DOUBLE_PASS, fs=GRID, output="sos")
    mixed = 2.0 * vertical * np.exp(1j * carrier)
    pad = min(len(vertical) - 1, int(3 * GRID))
    real, imaginary = (sosfiltfilt(low, part, padtype="even", padlen=pad) for part in (mixed.real, mixed.imag))
    return real + 1j * imaginary


def _frequency(vertical: FloatArray) -> FloatArray:
    """Step frequency at every instant of the grid, Hz: the peak of the spectrum of six seconds, freed of outliers."""
    length = min(int(SPAN * GRID), len(vertical))
    hop = int(HOP * GRID)
    padded = np.pad(vertical, (length // 2, length))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, length)[: len(vertical) + 1 : hop]
    power = np.abs(np.fft.rfft(pieces * np.hanning(length), 4096, axis=1).T) ** 2
    found = peak(np.arange(len(power)) * GRID / 4096, power, SEARCHED)
    at = np.arange(len(found)) * HOP
    return np.interp(np.arange(len(vertical)) / GRID, at, median_filter(found, 5, mode="nearest"))


def _bouts(time: FloatArray, phase: FloatArray, steady: npt.NDArray[np.bool_]) -> tuple[Bout, ...]:
    found = []
    for start, stop in runs(steady):
        inner = phase[start:stop]
        if stop - start < 3 or (np.diff(inner) <= 0).any():
            continue
        first = int(np.ceil(inner[0] / (2 * np.pi)))
        count = int(np.floor(inner[-1] / (2 * np.pi))) - first
        if count >= FEWEST_STEPS:
            beats = 2 * np.pi * (first + np.arange(count + 1))
            found.append(Bout(np.interp(beats, inner, time[start:stop]), first))
    return tuple(found)
