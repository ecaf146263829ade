"""How far an estimate from few, correlated steps may be off: the recording's own noise together with what is known of it beforehand.

Noise of the steps is taken as a first-order autoregressive series (AR(1)). Its correlation is not known from a few steps, so it is not estimated but
averaged over a grid, each value weighed by its prior and by the likelihood of the steps (restricted to what the means leave over, Harville 1974); its
variance has a scaled inverse chi-square prior (Gelman et al. 2013, section 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import chdtr, gammaln, stdtr, stdtrit

from headway.recording import FloatArray
from headway.statistics.influence import Influence, Layout
from headway.statistics.prior import Prior

CORRELATIONS = np.linspace(-0.64, 0.88, 20)
LONGEST = 200
"""Longer series are averaged in batches of neighbours first: their own slow changes then tell more than any prior."""
BATCHES = 60
OF_BATCHES = Prior(0.1, 0.25)
"""Means of neighbouring batches hang together little."""
MEMORY = 30.0
"""Steps over which the slow change of a runner (``Prior.wander``) hangs together."""
USUAL = 0.3
"""Usual correlation of neighbouring steps, for rules of thumb."""
TAIL = 0.025
NEWTON = 5


@dataclass(frozen=True)
class Design:
    """What follows from the number and the sides of the steps alone, per correlation (first axis).

    Attributes
    ----------
    means
        Orthonormal columns of the whitened means that are taken out, shape (g, p, n).
    determinant
        Logarithm of the restricted likelihood's factor that does not depend on the noise, shape (g,).
    error
        Variance of the estimate for unit variance of a step, shape (g,).
    slow
        The same for the slow change.
    freedom
        Steps minus means.
    """

    means: FloatArray
    determinant: FloatArray
    error: FloatArray
    slow: float
    freedom: int


@dataclass(frozen=True)
class Posterior:
    """What is known of the noise after the recording was looked at.

    Attributes
    ----------
    weight
        Of every correlation of ``CORRELATIONS``, shape (g,).
    variance
        Of a step, shape (rows, g).
    error
        Standard error of the estimate, shape (rows, g).
    freedom
        Degrees of freedom of ``variance``.
    known
        Share of them that was known beforehand.
    wander
        Of the prior.
    """

    weight: FloatArray
    variance: FloatArray
    error: FloatArray
    freedom: float
    known: float
    wander: float

    @property
    def spread(self) -> FloatArray:
        """Standard error over all correlations, shape (rows,)."""
        return np.sqrt(self.error**2 @ self.weight)

    def half(self, row: int = 0) -> float:
        """Half width of the 95 % interval of the estimate."""
        error = self.error[row]
        half = float(stdtrit(self.freedom, 1 - TAIL) * np.sqrt(self.weight @ error**2))
        if half <= 0:
            return 0.0
        # Newton's method: the tail area is convex in the half width
        constant = np.exp(gammaln((self.freedom + 1) / 2) - gammaln(self.freedom / 2)) / np.sqrt(self.freedom * np.pi)
        for _ in range(NEWTON):
            x = half / error
            density = constant * (1 + x**2 / self.freedom) ** (-(self.freedom + 1) / 2)
            half += float((self.weight @ stdtr(self.freedom, -x) - TAIL) / (self.weight @ (density / error)))
        return half

    def variance_between(self, row: int, share: float = 1.0) -> tuple[float, float]:
        """95 % interval of the variance of a step; ``share`` of the degrees of freedom are believed.

        Slow changes of the variance itself take further ones away: its relative variance 2 / freedom grows by ``wander``.
        """
        freedom = self.freedom * share / (1.0 + self.wander * self.freedom * share / 2.0)
        sums = self.variance[row] * freedom
        middle = float(self.weight @ sums) / freedom
        if middle <= 0:
            return 0.0, 0.0
        grid = middle * np.geomspace(1e-3, 1e4, 160)
        below = 1.0 - chdtr(freedom, sums[:, None] / grid).T @ self.weight
        return float(np.interp(TAIL, below, grid)), float(np.interp(1 - TAIL, below, grid))


def freedom(n: int) -> float:
    """Degrees of freedom behind an interval from ``n`` steps that hang together as steps usually do, at least one."""
    return max(n * (1.0 - USUAL) / (1.0 + USUAL) - 1.0, 1.0)


def posterior(found: Influence, side: FloatArray, prior: Prior) -> Posterior | None:
    """Noise of an estimate; ``None`` when neither the steps nor the prior tell it.

    Parameters
    ----------
    found
        Noise of the steps, all carried.
    side
        +1 right, -1 left, shape (n,).
    prior
        Of the metric.
    """
    noise, layout = found.noise, found.layout
    if noise.shape[1] > LONGEST:
        noise, side, prior, layout = _batched(found, side), np.ones(BATCHES), OF_BATCHES, "strides"
    design = _design(side.tobytes(), layout)
    known = prior.weight if prior.scale is not None else 0.0
    left = known + design.freedom
    if design.freedom < 1 and known <= 0:
        return None
    sums = known * (prior.scale or 0.0) ** 2 + _left_over(noise, design)
    likelihood = len(noise) * design.determinant - 0.5 * left * np.log(np.maximum(sums, 1e-300)).sum(0)
    belief = likelihood - 0.5 * ((CORRELATIONS - prior.correlation) / prior.spread) ** 2
    weight = np.exp(belief - belief.max())
    variance = sums / left
    error = np.sqrt(variance * (design.error + prior.wander * design.slow))
    return Posterior(weight / weight.sum(), variance, error, left, known / left, prior.wander)


def _batched(found: Influence, side: FloatArray) -> FloatArray:
    """Means of batches of neighbours of what every step adds to the estimate."""
    n = found.noise.shape[1]
    terms = found.noise * (_weights(side, found.layout) * n)
    edges = np.linspace(0, n, BATCHES + 1).astype(int)
    return np.add.reduceat(terms, edges[:-1], axis=1) / np.diff(edges)


def _left_over(noise: FloatArray, design: Design) -> FloatArray:
    """Sums of squares of the whitened noise beside the means, shape (rows, g)."""
    white = _whitened(np.broadcast_to(noise, (len(CORRELATIONS), *noise.shape)))
    inside = white @ design.means.transpose(0, 2, 1)
    return np.maximum((white**2).sum(-1) - (inside**2).sum(-1), 0.0).T  # rounding of steps without noise


def _whitened(series: FloatArray) -> FloatArray:
    """Uncorrelated form of AR(1) series, shape (g, rows, n)."""
    rho = CORRELATIONS[:, None, None]
    fresh = (series[..., 1:] - rho * series[..., :-1]) / np.sqrt(1 - rho**2)
    return np.concatenate([series[..., :1], fresh], axis=-1)


@lru_cache(maxsize=256)
def _design(sides: bytes, layout: Layout) -> Design:
    side = np.frombuffer(sides)
    n = len(side)
    both = layout != "strides" and min((side > 0).sum(), (side < 0).sum()) >= 2
    columns = np.array([np.ones(n), side]) if both else np.ones((1, n))
    white = _whitened(np.broadcast_to(columns, (len(CORRELATIONS), *columns.shape)))
    basis, triangle = np.linalg.qr(white.transpose(0, 2, 1))
    turned = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(1)
    determinant = -0.5 * (n - 1) * np.log(1 - CORRELATIONS**2) - turned
    weights = _weights(side, layout)
    shared = np.correlate(weights, weights, "full")[n - 1 :]
    shared[1:] *= 2
    error = shared @ CORRELATIONS[None, :] ** np.arange(n)[:, None]
    # a difference of the sides changes as slowly as their mean
    pairs = np.where(np.arange(n) == 0, n, 2.0 * (n - np.arange(n))) / n**2
    slow = float(pairs @ np.exp(-np.arange(n) / MEMORY))
    return Design(basis.transpose(0, 2, 1), determinant, error, slow, n - len(columns))


def _weights(side: FloatArray, layout: Layout) -> FloatArray:
    """Share of every step's noise in the error of the estimate."""
    if layout in ("uniform", "strides"):
        return np.full(len(side), 1.0 / len(side))
    right, left = (side > 0) / max((side > 0).sum(), 1), (side < 0) / max((side < 0).sum(), 1)
    return (right + left) / 2 if layout == "balanced" else (right - left) / 2
