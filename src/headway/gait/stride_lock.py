"""Motion locked to the stride: amplitude and phase at the stride frequency and its harmonics, free of drift and cadence changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import BSpline

from headway.gait.steps import Steps
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
    Shape (steps, ``HARMONICS``, channels), in the signals' unit. The signal's n-th harmonic is ``Re(c_n exp(-i n phase))``: its size is |c_n|
    (half of peak to peak) and its maximum comes at phase arg(c_n)/n. NaN for contacts that begin no whole stride, and for
    strides with gaps.

    Notes
    -----
    First the drift (quadratic, in long recordings a cubic spline with a knot every four strides) is fitted together with the harmonics over the
    whole run and removed; then each stride is fitted by itself.
    """
    frames, angle = phase.frames, phase.phase
    waves = _waves(angle)
    drift = _drift_basis(time[frames], len(phase.strides) / 2)
    values = signals[frames]
    steady = values - _fitted_drift(values, drift, waves)
    out = np.full((len(steps), HARMONICS, signals.shape[1]), np.nan, dtype=complex)
    alone = np.column_stack([np.ones(len(frames)), waves])
    for first, last in phase.strides:
        inside = (time[frames] >= steps.midstance[first]) & (time[frames] < steps.midstance[last])
        whole = np.isfinite(steady[inside]).all(0)
        if inside.sum() > 2 * alone.shape[1] and whole.any():
            fit = _least_squares(alone[inside], steady[inside][:, whole])
            out[first][:, whole] = fit[1 : HARMONICS + 1] + 1j * fit[HARMONICS + 1 :]
    return out


def _fitted_drift(values: FloatArray, drift: FloatArray, waves: FloatArray) -> FloatArray:
    """Drift of every channel, fitted together with the harmonics; NaN for a channel that is hardly there."""
    design = np.column_stack([drift, waves])
    out = np.full(values.shape, np.nan)
    seen = np.isfinite(values)
    whole = seen.all(0)
    if whole.any() and len(values) > 2 * design.shape[1]:
        out[:, whole] = drift @ _least_squares(design, values[:, whole])[: drift.shape[1]]
    for channel in np.flatnonzero(~whole):
        there = seen[:, channel]
        if there.sum() > 2 * design.shape[1]:
            out[:, channel] = drift @ _least_squares(design[there], values[there, channel])[: drift.shape[1]]
    return out


def _least_squares(design: FloatArray, values: FloatArray) -> FloatArray:
    """Coefficients by the normal equations, the smallest where a long gap leaves a piece of the drift without data."""
    return np.asarray(np.linalg.lstsq(design.T @ design, design.T @ values, rcond=1e-12)[0], dtype=np.float64)


def _waves(angle: FloatArray) -> FloatArray:
    orders = np.arange(1, HARMONICS + 1)
    return np.column_stack([np.cos(np.outer(angle, orders)), np.sin(np.outer(angle, orders))])


def _drift_basis(time: FloatArray, strides: float) -> FloatArray:
    unit = (time - time[0]) / (time[-1] - time[0])
    pieces = int(strides // STRIDES_PER_KNOT)
    if pieces < 2:
        return np.column_stack([np.ones_like(unit), unit, unit**2])
    inner = np.linspace(0, 1, pieces + 1)
    knots = np.concatenate([np.zeros(3), inner, np.ones(3)])
    return BSpline.design_matrix(np.clip(unit, 0, 1), knots, 3).toarray()
