"""Motion locked to the stride: amplitude and phase at the stride frequency and its harmonics, free of drift and cadence changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.gait.steps import Steps
from headway.periodic import spline, stride_phasors
from headway.recording import ComplexArray, FloatArray

IntArray = npt.NDArray[np.intp]

HARMONICS = 4
STRIDES_PER_KNOT = 4
"""The drift may bend once in this many strides: slow enough to leave the bounce alone."""


@dataclass(frozen=True)
class StridePhase:
    """Phase of the stride at every frame.

    Attributes
    ----------
    frames
        Indices of the frames from the first to the last midstance of an unbroken run of steps.
    phase
        rad, 0 at right midstance, pi at left midstance on average, shape (len(frames),).
    strides
        Index pairs (first contact, contact one stride later) inside the run.
    period
        Mean stride time, s.
    """

    frames: IntArray
    phase: FloatArray
    strides: list[tuple[int, int]]
    period: float


def stride_phase(time: FloatArray, steps: Steps) -> StridePhase | None:
    """Stride phase over the longest unbroken run of steps; ``None`` with fewer than two strides.

    Notes
    -----
    The phase rises linearly between successive midstances of the same foot; the phases told by the right and by the left foot are averaged.
    A fixed frequency would lose the bounce under cadence drift (1 % over 30 strides: 15 % of it).
    """
    run = _longest_run(steps)
    if run is None or run[1] - run[0] < 4:
        return None
    first, last = run
    middle, side = steps.midstance[first : last + 1], steps.side[first : last + 1]
    half_turns = np.arange(len(middle)) * np.pi + (0.0 if side[0] > 0 else np.pi)
    frames = np.flatnonzero((time >= middle[0]) & (time <= middle[-1]))
    told = [_through(time[frames], middle[side == sign], half_turns[side == sign]) for sign in (1, -1)]
    strides = [(k, k + 2) for k in range(first, last - 1)]
    period = float(np.mean([steps.midstance[b] - steps.midstance[a] for a, b in strides]))
    return StridePhase(frames, (told[0] + told[1]) / 2, strides, period)


def stride_turns(time: FloatArray, steps: Steps) -> FloatArray:
    """Phase of the stride at every frame, rad, 0 at right midstances; NaN outside of the longest unbroken run of steps, shape (frames,)."""
    out, found = np.full(len(time), np.nan), stride_phase(time, steps)
    if found is not None:
        out[found.frames] = found.phase
    return out


def _longest_run(steps: Steps) -> tuple[int, int] | None:
    best, start = None, 0
    for k in range(len(steps)):
        if k == len(steps) - 1 or not np.isfinite(steps.next_contact[k]):
            if best is None or k - start > best[1] - best[0]:
                best = (start, k)
            start = k + 1
    return best


def _through(at: np.ndarray, knots: np.ndarray, values: np.ndarray) -> FloatArray:
    """Piecewise linear through the knots, going on at the end slopes."""
    inside = np.interp(at, knots, values)
    before, after = at < knots[0], at > knots[-1]
    rise = np.diff(values) / np.diff(knots)
    inside[before] = values[0] + (at[before] - knots[0]) * rise[0]
    inside[after] = values[-1] + (at[after] - knots[-1]) * rise[-1]
    return inside


def stride_locked(signals: FloatArray, time: FloatArray, steps: Steps, phase: StridePhase) -> ComplexArray:
    """Complex amplitude of each harmonic in each stride.

    Parameters
    ----------
    signals
        Shape (frames, channels), any unit.
    time
        s, shape (frames,).
    steps, phase
        As found.

    Returns
    -------
    Shape (steps, ``HARMONICS``, channels), in the signals' unit, signed as in :mod:`headway.periodic`. NaN for contacts that begin no whole
    stride, and for strides with gaps.

    Notes
    -----
    First the drift (quadratic, in long recordings a cubic spline with a knot every four strides) is fitted together with the harmonics over the
    whole run and removed; then each stride is fitted by itself.
    """
    at = time[phase.frames]
    pieces = int(len(phase.strides) / 2 // STRIDES_PER_KNOT)
    unit = (at - at[0]) / (at[-1] - at[0])
    drift = np.vander(unit, 3) if pieces < 2 else spline(unit, pieces)
    first, last = phase.strides[0][0], phase.strides[-1][1]
    edges = np.searchsorted(at, steps.midstance[first : last + 1])
    out = np.full((len(steps), HARMONICS, signals.shape[1]), np.nan, dtype=complex)
    out[first : last - 1] = stride_phasors(
        phase.phase, signals[phase.frames], edges, HARMONICS, slow=drift, own=HARMONICS, fewest=4 * HARMONICS + 3
    )
    return out
