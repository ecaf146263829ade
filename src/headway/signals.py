"""Filters, derivatives and gaps: what is done to a sampled signal before physics is asked of it.

All functions work along axis 0 and treat NaN as "not measured": a gap stays a gap.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from scipy.signal import butter, sosfiltfilt

from headway.recording import ComplexArray, FloatArray

Values = TypeVar("Values", FloatArray, ComplexArray)

BRIDGED_GAP = 0.1
"""Longest gap that is bridged before filtering, s: longer ones are never filtered across."""
DOUBLE_PASS = 0.802
"""A 2nd-order Butterworth run twice has its −3 dB at this share of the single-pass cut-off (Winter 2009)."""


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Half-open index ranges in which ``mask`` (shape (n,)) is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], np.asarray(mask, bool), [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def seen_mean(values: Values, axis: int = 0) -> Values:
    """Mean along an axis of what was measured; NaN, without a warning, where nothing was."""
    seen = np.isfinite(values)
    count = seen.sum(axis)
    mean: Any = np.where(count > 0, np.where(seen, values, 0.0).sum(axis) / np.maximum(count, 1), np.nan)
    return mean


def seen_quantile(values: FloatArray, share: float, axis: int = 0) -> FloatArray:
    """Quantile along an axis of what is not NaN, interpolated as by ``np.quantile``; NaN, without a warning, where nothing is."""
    in_order = np.sort(np.moveaxis(values, axis, -1), axis=-1)  # NaN last
    last = in_order.shape[-1] - 1 - np.isnan(in_order).sum(-1)
    place = share * np.maximum(last, 0)
    low = place.astype(np.intp)
    if (last == last.flat[0]).all():
        k = low.flat[0]
        lower, upper = in_order[..., k], in_order[..., min(k + 1, max(last.flat[0], 0))]
    else:
        high = np.minimum(low + 1, np.maximum(last, 0))
        lower, upper = (np.take_along_axis(in_order, k[..., None], -1)[..., 0] for k in (low, high))
    return lower + (place - low) * (upper - lower)


def seen_median(values: FloatArray, axis: int = 0) -> FloatArray:
    """Median along an axis of what is not NaN; NaN, without a warning, where nothing is (much faster than ``np.nanmedian``)."""
    return seen_quantile(values, 0.5, axis)


def bridge_gaps(values: FloatArray, longest: int) -> FloatArray:
    """Bridge inner gaps of up to ``longest`` samples by cubic (Catmull-Rom style Hermite) interpolation; longer ones stay NaN.

    Parameters
    ----------
    values
        Shape (n, ...).
    longest
        Samples.
    """
    flat = values.reshape(len(values), -1)
    if not np.isnan(flat).any():
        return values
    out = flat.copy()
    index = np.arange(len(out), dtype=float)
    for column in np.flatnonzero(np.isnan(flat).any(0)):
        missing = np.isnan(flat[:, column])
        if missing.all():
            continue
        for start, stop in runs(missing):
            if start == 0 or stop == len(out) or stop - start > longest:
                continue
            before, after = _neighbours(missing, start, stop)
            slope_in = (flat[before[-1], column] - flat[before[0], column]) / max(before[-1] - before[0], 1)
            slope_out = (flat[after[-1], column] - flat[after[0], column]) / max(after[-1] - after[0], 1)
            out[start:stop, column] = _hermite(
                index[start:stop], start - 1, stop, flat[start - 1, column], flat[stop, column], slope_in, slope_out
            )
    return out.reshape(values.shape)


def _neighbours(missing: np.ndarray, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    before = np.arange(max(start - 3, 0), start)
    after = np.arange(stop, min(stop + 3, len(missing)))
    return before[~missing[before]], after[~missing[after]]


def _hermite(t: FloatArray, t0: float, t1: float, p0: float, p1: float, m0: float, m1: float) -> FloatArray:
    width = t1 - t0
    u = (t - t0) / width
    return (
        (2 * u**3 - 3 * u**2 + 1) * p0
        + (u**3 - 2 * u**2 + u) * width * m0
        + (-2 * u**3 + 3 * u**2) * p1
        + (u**3 - u**2) * width * m1
    )


def low_pass(values: FloatArray, rate: float, cutoff: float) -> FloatArray:
    """Zero-lag low-pass: 2nd-order Butterworth run forward and back, −3 dB at ``cutoff`` after both passes.

    Gaps up to ``BRIDGED_GAP`` are bridged first; across longer ones each piece is filtered by itself and the gap stays NaN.

    Parameters
    ----------
    values
        Shape (n, ...); NaN marks gaps.
    rate
        Samples per second.
    cutoff
        Hz. At or above 0.45 of the rate nothing is filtered.

    Notes
    -----
    Winter 2009, Biomechanics and Motor Control of Human Movement, §3.4.4 (cut-off correction for two passes).
    """
    single_pass = cutoff / DOUBLE_PASS
    bridged = bridge_gaps(values, int(BRIDGED_GAP * rate))
    if single_pass >= 0.45 * rate:
        return bridged
    sos = butter(2, single_pass, fs=rate, output="sos")
    flat = bridged.reshape(len(bridged), -1)
    gaps = np.isnan(flat)
    whole = ~gaps.any(0)
    out = np.full(flat.shape, np.nan)
    pad = min(len(flat) - 1, int(3 * rate / cutoff))
    if whole.any():
        out[:, whole] = sosfiltfilt(sos, flat[:, whole], axis=0, padlen=pad)
    for column in np.flatnonzero(~whole):
        for start, stop in runs(~gaps[:, column]):
            if stop - start > 6:
                out[start:stop, column] = sosfiltfilt(sos, flat[start:stop, column], padlen=min(stop - start - 1, pad))
    return out.reshape(values.shape)


_FIRST = np.array([-1.0, 9.0, -45.0, 0.0, 45.0, -9.0, 1.0]) / 60.0
_SECOND = np.array([2.0, -27.0, 270.0, -490.0, 270.0, -27.0, 2.0]) / 180.0


def derivative(values: FloatArray, rate: float) -> FloatArray:
    """First time derivative by sixth-order central differences; lower order near ends and gaps.

    Parameters
    ----------
    values
        Shape (n, ...).
    rate
        Samples per second.
    """
    return _differences(values, _FIRST, 1) * rate


def second_derivative(values: FloatArray, rate: float) -> FloatArray:
    """Second time derivative by sixth-order central differences; lower order near ends and gaps.

    Parameters
    ----------
    values
        Shape (n, ...).
    rate
        Samples per second.
    """
    return _differences(values, _SECOND, 2) * rate**2


def _differences(values: FloatArray, stencil: FloatArray, order: int) -> FloatArray:
    n = len(values)
    out = np.full(values.shape, np.nan)
    if n >= 7:
        inner = sum(weight * values[k : n - 6 + k] for k, weight in enumerate(stencil))
        out[3 : n - 3] = inner
    holes = np.isnan(out)
    if n >= 3 and holes.any():
        low = np.full(values.shape, np.nan)
        low[1:-1] = (values[2:] - values[:-2]) / 2 if order == 1 else values[2:] - 2 * values[1:-1] + values[:-2]
        low[0], low[-1] = low[1], low[-2]
        if order == 1:
            low[0], low[-1] = values[1] - values[0], values[-1] - values[-2]
        out[holes] = low[holes]
    return out
