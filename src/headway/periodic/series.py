"""A harmonic series of the phase fitted to signals with gaps, drift and outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from headway.periodic.design import Slow, columns, normal_equations
from headway.recording import ComplexArray, FloatArray

HUBER = 1.5
"""Residuals beyond this many standard deviations lose weight (Huber 1964, Ann Math Stat 35:73; 96 % efficient)."""

IntArray = npt.NDArray[np.intp]


def waves(phase: FloatArray, count: int) -> FloatArray:
    """Columns cos(n phase), then sin(n phase), n = 1 to ``count``, shape (frames, 2 * count)."""
    turns = np.outer(phase, np.arange(1, count + 1))
    return np.column_stack([np.cos(turns), np.sin(turns)])


def phasors_of(coefficients: FloatArray) -> ComplexArray:
    """Complex amplitudes of the coefficients of :func:`waves`, shape (count, ...)."""
    count = len(coefficients) // 2
    return coefficients[:count] + 1j * coefficients[count:]


def waveform(phasors: ComplexArray, phase: FloatArray, *, axis: int = 0) -> FloatArray:
    """Values at phases of the stride (rad, shape (m,)), mean-free; the phases take the place of the harmonics' axis.

    Examples
    --------
    >>> waveform(np.array([2.0 + 0j]), np.array([0.0, np.pi]))
    array([ 2., -2.])
    """
    turns = np.exp(-1j * np.outer(phase, np.arange(1, phasors.shape[axis] + 1)))
    return np.moveaxis(np.real(np.tensordot(turns, phasors, (1, axis))), 0, axis)


def time_derivative(phasors: ComplexArray, rate: float | FloatArray, order: int = 1) -> ComplexArray:
    """Harmonics of the time derivative of this order; a negative order integrates, without drift.

    Parameters
    ----------
    phasors
        Shape (harmonics, ...), or (strides, harmonics, ...) where ``rate`` has one value per stride.
    rate
        Of the phase, rad/s.
    order
        -2 makes displacements of accelerations.
    """
    factor = (-1j * np.multiply.outer(rate, np.arange(1, phasors.shape[np.ndim(rate)] + 1))) ** order
    return phasors * factor.reshape(factor.shape + (1,) * (phasors.ndim - factor.ndim))


@dataclass(frozen=True)
class SeriesFit:
    """Slow columns and a harmonic series as fitted to channels.

    Attributes
    ----------
    slow
        Coefficients of the slow columns, shape (slow, channels).
    phasors
        Shape (harmonics, channels).
    rest
        What the fit leaves, shape (frames, channels), NaN in gaps.
    weights
        Of the frames in the last round, shape (frames,).
    normal
        Normal matrix of each channel's coefficients (slow, cosines, sines), shape (channels, terms, terms).
    """

    slow: FloatArray
    phasors: ComplexArray
    rest: FloatArray
    weights: FloatArray
    normal: FloatArray

    @property
    def covariance(self) -> FloatArray:
        """Covariance of each channel's coefficients for white noise, shape (channels, terms, terms)."""
        seen = np.isfinite(self.rest)
        square = np.where(seen, self.weights[:, None] * self.rest**2, 0.0).sum(0)
        noise = square / np.maximum(seen.sum(0) - self.normal.shape[1], 1)
        return noise[:, None, None] * np.linalg.inv(self.normal)


def fit_series(
    phase: FloatArray | None,
    values: FloatArray,
    count: int,
    *,
    slow: Slow | None = None,
    weights: FloatArray | None = None,
    penalty: float | FloatArray = 0.0,
    robust: int = 0,
    power: float = 1.0,
    least: float = 1e-9,
) -> SeriesFit:
    """Fit slow columns and ``count`` harmonics of the phase to every channel by (penalised, reweighted) least squares.

    Parameters
    ----------
    phase
        rad, shape (frames,); without one the slow columns stand alone.
    values
        Shape (frames, channels), NaN in gaps; a channel that was never seen comes out as zero.
    count
        Harmonics.
    slow
        Columns of what does not repeat, shape (frames, k); by default a constant.
    weights
        To begin with, shape (frames,); by default all 1.
    penalty
        Added to the normal matrix: a number or one per coefficient (diagonal), or a matrix.
    robust
        How many times frames far from the fit lose weight and the fit is repeated.
    power, least
        As in :func:`robust_weights`.
    """
    slow = np.ones((len(values), 1)) if slow is None else slow
    wave = np.empty((len(values), 0)) if phase is None else waves(phase, count)
    bends = columns(slow)
    terms = bends + wave.shape[1]
    extra = np.asarray(penalty, float)
    extra = extra if extra.ndim == 2 else np.eye(terms) * extra
    weights = np.ones(len(values)) if weights is None else weights
    found, rest, normal = np.zeros((terms, values.shape[1])), values, np.zeros((values.shape[1], terms, terms))
    for turn in range(robust + 1):
        normal, right = normal_equations(slow, wave, values, weights)
        largest = np.diagonal(normal, axis1=1, axis2=2).max(1, initial=0.0)[:, None, None]
        # The little on the diagonal keeps pieces of the slow part without data, and channels without any, at zero.
        normal = normal + extra + (1e-12 * largest + np.finfo(float).tiny) * np.eye(terms)
        found = np.linalg.solve(normal, right[..., None])[..., 0].T
        rest = values - slow @ found[:bends] - wave @ found[bends:]
        if turn < robust:
            weights = robust_weights(rest, power, least)
    return SeriesFit(found[:bends], phasors_of(found[bends:]), rest, weights, normal)


def robust_weights(rest: FloatArray, power: float = 1.0, least: float = 1e-9) -> FloatArray:
    """Weights of frames by the size of their residuals over all channels, shape (frames,).

    Parameters
    ----------
    rest
        Residuals, shape (frames, channels), NaN in gaps.
    power
        1 for Huber's loss; 2 lets whole stretches that are wrong count for less.
    least
        Added to the spread, in the unit of the residuals.

    Notes
    -----
    Huber 1964 (Ann Math Stat 35:73); the spread comes from the median size, which for k channels of Gaussian noise is that of chi with k degrees.
    """
    seen = np.isfinite(rest)
    count = seen.sum(1)
    size = np.sqrt((np.where(seen, rest, 0.0) ** 2).sum(1) / np.maximum(count, 1))
    channels = max(rest.shape[1], 1)
    usual = float(np.median(size[count > 0])) if count.any() else 0.0
    spread = usual / float(np.sqrt(chdtri(channels, 0.5) / channels)) + least
    return np.minimum(1.0, HUBER * spread / np.maximum(size, 1e-12)) ** power


def stride_phasors(
    phase: FloatArray,
    values: FloatArray,
    edges: IntArray,
    count: int,
    *,
    slow: Slow,
    own: int,
    fewest: float | FloatArray,
) -> ComplexArray:
    """Complex amplitudes of every stride: those of the mean stride, and what each stride departs from it.

    Parameters
    ----------
    phase
        rad, pi per step, shape (frames,).
    values
        Shape (frames, channels), NaN in gaps.
    edges
        Frame at which each step begins, and the end of the last one, shape (steps + 1,); a stride begins at every step but the last.
    count, own
        Harmonics of the mean stride, and those in which a single stride may depart from it.
    slow
        Columns of the drift, which is fitted together with the mean stride, shape (frames, k).
    fewest
        Frames below which a stride is left out; one number, or one per stride.

    Returns
    -------
    Shape (steps - 1, count, channels). NaN for strides with too few frames or with gaps, and for channels that are hardly there.
    """
    mean = fit_series(phase, values, count, slow=slow)
    basis = np.column_stack([np.ones_like(phase), waves(phase, own)])
    rest, width = mean.rest, basis.shape[1]
    offsets = np.minimum(edges[:-1], edges[-1] - 1)
    known = np.where(np.isfinite(rest), rest, 0.0)

    def summed(each: FloatArray) -> FloatArray:
        steps = np.add.reduceat(each[: edges[-1]], offsets, axis=0)
        return steps[:-1] + steps[1:]

    normal = np.stack([summed(one[:, None] * basis) for one in basis.T], axis=1)
    right = np.stack([summed(one[:, None] * known) for one in basis.T], axis=1)
    samples = edges[2:] - edges[:-2]
    carried = samples >= np.maximum(fewest, width + 2)
    normal[~carried] = np.eye(width)
    departure = np.asarray(np.moveaxis(np.linalg.solve(normal + 1e-9 * np.eye(width), right), 1, 0), np.float64)
    out = np.repeat(mean.phasors[None], len(samples), axis=0)
    out[:, :own] += np.moveaxis(phasors_of(departure[1:]), 0, 1)
    gone = summed((~np.isfinite(rest)).astype(float)) > 0
    gone |= ~carried[:, None] | (np.isfinite(values).sum(0) <= 2 * mean.normal.shape[1])
    out[np.broadcast_to(gone[:, None], out.shape)] = np.nan
    return out
