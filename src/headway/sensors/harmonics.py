"""Stride-locked parts of a sensor's signals, per stride, by least squares at the times as they were sampled.

The mean waveform of some twenty strides is fitted first with many harmonics; each stride's departure from it then needs only a few, so that a
slow or gappy sensor still tells single strides. A displacement is the acceleration's harmonic divided by -(n w)²: double integration of the
periodic part, which has no drift by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.recording import ComplexArray, FloatArray
from headway.sensors.level import Levelled

IntArray = npt.NDArray[np.intp]

MOST_HARMONICS = 16
OWN_HARMONICS = 3
"""Harmonics in which a single stride may depart from the mean waveform."""
WINDOW_STEPS = 40
"""Steps behind one mean waveform."""
BLOCK = 64
"""Samples that are multiplied at once."""
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
    Shape (strides, harmonics, 6): acceleration (m/s²) and rotation (rad) about the level axes. The n-th harmonic is
    ``Re(c_n exp(-i n phase))``. NaN where a stride is not carried.
    """
    count = harmonic_count(level.rate, float(np.median(strides.stop - strides.start)))
    out = np.full((len(strides), count, 6), np.nan, dtype=complex)
    turned = np.full(level.acceleration.shape, np.nan) if level.rotation is None else level.rotation
    signals = np.column_stack([level.acceleration, turned])
    carried = np.isfinite(signals).all(0)
    for first, last in _windows(strides):
        part = slice(first, last)
        begin, end = np.searchsorted(level.time, [strides.start[first], strides.stop[last - 1]])
        if end - begin < 4 * count:
            continue
        fitted = _window(level.time[begin:end], signals[begin:end][:, carried], strides, part, count, level.rate)
        out[part][:, :, carried] = fitted
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


def _window(
    time: FloatArray, signals: FloatArray, strides: Strides, part: slice, count: int, rate: float
) -> ComplexArray:
    """Harmonics of every stride of one window, shape (strides, count, channels)."""
    starts, middles, stops = strides.start[part], strides.middle[part], strides.stop[part]
    beats = np.concatenate([starts, [middles[-1], stops[-1]]])
    angle = np.interp(time, beats, np.pi * (np.arange(len(beats)) + strides.parity[part][0]))
    slowly = np.column_stack([np.ones_like(time), (time - time[0]) / (time[-1] - time[0]) - 0.5])
    waves = _waves(angle, count)
    whole = np.column_stack([slowly, waves])
    both = _crossed(whole, np.column_stack([whole, signals]))
    width = whole.shape[1]
    fit = np.linalg.solve(both[:, :width] + 1e-9 * np.eye(width), both[:, width:])
    mean = fit[2 : 2 + count] + 1j * fit[2 + count :]
    rest = signals - np.einsum("nk,kc->nc", whole, fit)
    own = min(OWN_HARMONICS, count)
    basis = np.column_stack([np.ones_like(time), _waves(angle, own)])
    edges = np.searchsorted(time, beats)
    sums = _sums(basis, rest, edges)
    normal, right = (block[:-1] + block[1:] for block in sums)
    samples = edges[2:] - edges[:-2]
    solvable = samples >= np.maximum(FULLEST * rate * (stops - starts), basis.shape[1] + 2)
    normal[~solvable] = np.eye(basis.shape[1])
    departure = np.linalg.solve(normal + 1e-9 * np.eye(basis.shape[1]), right)
    out = np.repeat(mean[None], len(starts), axis=0)
    out[:, :own] += departure[:, 1 : own + 1] + 1j * departure[:, own + 1 :]
    out[~solvable] = np.nan
    return out


def _crossed(left: FloatArray, right: FloatArray) -> FloatArray:
    """Compute ``left.T @ right`` in short blocks: products this small are slowed down many times by the threads of a busy machine."""
    beyond = -len(left) % BLOCK
    padded = [np.concatenate([one, np.zeros((beyond, one.shape[1]))]) for one in (left, right)]
    first, second = (one.reshape(-1, BLOCK, one.shape[1]) for one in padded)
    return np.matmul(first.swapaxes(1, 2), second).sum(0)


def _sums(basis: FloatArray, values: FloatArray, edges: IntArray) -> tuple[FloatArray, FloatArray]:
    """Normal matrices and right-hand sides summed over each step."""
    inside = slice(edges[0], edges[-1])
    offsets = np.minimum(edges[:-1] - edges[0], edges[-1] - edges[0] - 1)
    products = np.einsum("ni,nj->nij", basis[inside], basis[inside])
    moments = np.einsum("ni,nj->nij", basis[inside], values[inside])
    return np.add.reduceat(products, offsets, axis=0), np.add.reduceat(moments, offsets, axis=0)


def _waves(angle: FloatArray, count: int) -> FloatArray:
    turns = np.outer(angle, np.arange(1, count + 1))
    return np.column_stack([np.cos(turns), np.sin(turns)])


def mean_seen(values: ComplexArray) -> ComplexArray:
    """Mean over strides of what is there; NaN, without a warning, where nothing is."""
    there = np.isfinite(values)
    count = there.sum(0)
    return np.where(count > 0, np.where(there, values, 0).sum(0) / np.maximum(count, 1), np.nan)


def displacement(acceleration: ComplexArray, frequency: FloatArray) -> ComplexArray:
    """Harmonics of the place from those of the acceleration.

    Parameters
    ----------
    acceleration
        m/s², shape (strides, harmonics, ...).
    frequency
        Of the stride, rad/s, shape (strides,).
    """
    order = np.arange(1, acceleration.shape[1] + 1)
    square = (order * frequency[:, None]) ** 2
    return -acceleration / square.reshape(square.shape + (1,) * (acceleration.ndim - 2))


def waveform(harmonics: ComplexArray, phase: FloatArray) -> FloatArray:
    """Values at phases of the stride.

    Parameters
    ----------
    harmonics
        Shape (strides, harmonics, ...).
    phase
        rad, shape (m,).

    Returns
    -------
    Shape (strides, m, ...), mean-free.
    """
    turns = np.exp(-1j * np.outer(phase, np.arange(1, harmonics.shape[1] + 1)))
    return np.einsum("kn...,mn->km...", harmonics, turns).real
