"""Stride-locked parts of a sensor's signals, per stride, by least squares at the times as they were sampled.

The mean waveform of some twenty strides is fitted first with many harmonics; each stride's departure from it then needs only a few, so that a
slow or gappy sensor still tells single strides. A displacement is the acceleration's harmonic divided by -(n w)²: double integration of the
periodic part, which has no drift by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headway.periodic import IntArray, stride_phasors
from headway.recording import ComplexArray, FloatArray
from headway.sensors.level import Levelled

MOST_HARMONICS = 16
OWN_HARMONICS = 3
"""Harmonics in which a single stride may depart from the mean waveform."""
WINDOW_STEPS = 40
"""Steps behind one mean waveform."""
FULLEST = 0.8
"""A stride with fewer than this share of its samples is left out."""


@dataclass(frozen=True)
class Strides:
    """The strides of a run, one beginning at every step.

    Attributes
    ----------
    start, middle, stop
        Instants of the three steps of a stride, s, shape (k,).
    parity
        0 or 1: which of the two feet begins it; shape (k,).
    bout
        Number of its stretch, shape (k,).
    """

    start: FloatArray
    middle: FloatArray
    stop: FloatArray
    parity: IntArray
    bout: IntArray

    def __len__(self) -> int:
        return len(self.start)

    @property
    def frequency(self) -> FloatArray:
        """Angular frequency of each stride, rad/s."""
        return 2 * np.pi / (self.stop - self.start)


def harmonic_count(rate: float, stride_time: float) -> int:
    """How many harmonics of the stride a sensor carries: up to 0.4 of its rate."""
    return int(np.clip(0.4 * rate * stride_time, 4, MOST_HARMONICS))


def stride_harmonics(level: Levelled, strides: Strides) -> ComplexArray:
    """Complex amplitudes of acceleration and rotation in every stride.

    Parameters
    ----------
    level
        The sensor, on the clock of the strides.
    strides
        Phase 0 at the start of a stride of parity 0, pi at one of parity 1.

    Returns
    -------
    Shape (strides, harmonics, 6): acceleration (m/s²) and rotation (rad) about the level axes. NaN where a stride is not carried.
    """
    count = harmonic_count(level.rate, float(np.median(strides.stop - strides.start)))
    out = np.full((len(strides), count, 6), np.nan, dtype=complex)
    turned = np.full(level.acceleration.shape, np.nan) if level.rotation is None else level.rotation
    signals = np.column_stack([level.acceleration, turned])
    carried = np.isfinite(signals).all(0)
    for first, last in _windows(strides):
        beats = np.concatenate([strides.start[first:last], [strides.middle[last - 1], strides.stop[last - 1]]])
        begin, end = np.searchsorted(level.time, beats[[0, -1]])
        if end - begin < 4 * count:
            continue
        time = level.time[begin:end]
        out[first:last][:, :, carried] = stride_phasors(
            np.interp(time, beats, np.pi * (np.arange(len(beats)) + strides.parity[first])),
            signals[begin:end][:, carried],
            np.searchsorted(time, beats),
            count,
            slow=np.column_stack([np.ones_like(time), (time - time[0]) / (time[-1] - time[0]) - 0.5]),
            own=min(OWN_HARMONICS, count),
            fewest=FULLEST * level.rate * (beats[2:] - beats[:-2]),
        )
    return out


def _windows(strides: Strides) -> list[tuple[int, int]]:
    """Half-open ranges of strides that share a mean waveform."""
    out = []
    edges = np.concatenate([[0], np.flatnonzero(np.diff(strides.bout)) + 1, [len(strides)]])
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        pieces = max(round((stop - start) / WINDOW_STEPS), 1)
        cuts: list[int] = np.linspace(start, stop, pieces + 1).astype(int).tolist()
        out += pairwise(cuts)
    return out
