"""From blocks to an effect with its interval, for every design; nothing here knows what was measured.

Small-sample rules are Student's throughout; simulations in ``tests/experiment`` hold false alarms, coverage and power to numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from headway.recording import FloatArray

ALPHA = 0.05
FEWEST_PAIRS = 6
"""Fewest pairs whose sign-flip test can reach 0.05 two-sided (2/2^6)."""
EXACT_UP_TO = 16
"""Pairs up to which all 2^k flips are counted."""
DRAWN = 2**13
"""Flips counted beyond: those that happened and as many drawn at random as are missing."""


@dataclass(frozen=True)
class BlockMean:
    """One block of one metric.

    Attributes
    ----------
    value
        Mean over the block's steps.
    variance
        Of that mean from the steps within; NaN when it is not known.
    freedom
        Degrees of freedom of the variance.
    time
        Order of the block (or its time), any unit.
    n
        Steps.
    """

    value: float
    variance: float
    freedom: float
    time: float
    n: int


@dataclass(frozen=True)
class CarryOver:
    """What a tested block leaves behind in the block after it, from randomised pairs.

    Attributes
    ----------
    size, ci95
        Change of a block that follows a tested one, unit of the metric.
    without, without_ci95
        The tested condition's own change with it taken out.

    Without intervals (and 0) where nearly every pair was in the same order, so that the two cannot be told apart.
    """

    size: float
    ci95: tuple[float, float] | None
    without: float
    without_ci95: tuple[float, float] | None

    @property
    def found(self) -> bool:
        """Whether its interval lies on one side of zero."""
        return self.ci95 is not None and (self.ci95[0] > 0 or self.ci95[1] < 0)


@dataclass(frozen=True)
class Effect:
    """Change of one metric under the tested condition.

    Attributes
    ----------
    change
        Tested minus free, unit of the metric.
    ci95
        Interval of the change; ``None`` when it cannot be had.
    reference
        Mean of the free blocks.
    drift
        Last minus first free block; ``None`` with a single one.
    reversed
        Whether the effect went back: |drift| below half of |change|; ``None`` with a single free block.
    mdc95
        Smallest change between two blocks beyond the runner's own noise; ``None`` with a single free block.
    p
        Two-sided, exact, for randomised pairs only.
    count
        Pairs, or tested blocks.
    method
        How the interval was made, in words.
    spread
        Standard deviation of one pair's difference, for planning; ``None`` if not known.
    by_blocks
        Whether the interval holds the change from block to block.
    adjusted
        Whether the part that speed explains was taken out.
    carry
        What a tested block leaves behind in the block after it; ``None`` where it cannot be told apart.
    """

    change: float
    ci95: tuple[float, float] | None
    reference: float
    drift: float | None
    reversed: bool | None
    mdc95: float | None
    p: float | None
    count: int
    method: str
    spread: float | None = None
    by_blocks: bool = False
    adjusted: bool = False
    carry: CarryOver | None = None

    @property
    def half(self) -> float:
        """Half width of the interval; infinite without one."""
        return float("inf") if self.ci95 is None else (self.ci95[1] - self.ci95[0]) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.ci95 is not None and (self.ci95[0] > 0 or self.ci95[1] < 0)


def quantile(freedom: npt.ArrayLike) -> FloatArray:
    """Student's t that bounds 95 %, any shape."""
    return np.asarray(stdtrit(freedom, 0.975), float)


def contrast(
    values: FloatArray, variances: FloatArray, freedoms: FloatArray, weights: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Weighted sum of block means and the half width of its 95 % interval from the noise within blocks, shape (...).

    Parameters
    ----------
    values, variances, freedoms
        Shape (..., blocks).
    weights
        Shape (blocks,); they sum to zero.

    Notes
    -----
    Welch-Satterthwaite degrees of freedom.
    """
    w = np.asarray(weights, float)
    parts = w**2 * variances
    total = parts.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = total**2 / (parts**2 / freedoms).sum(-1)
    freedom = np.where(np.isfinite(freedom), freedom, 1.0)
    return values @ w, quantile(freedom) * np.sqrt(total)


def minimal_detectable_change(free: FloatArray, within: npt.ArrayLike = 0.0) -> FloatArray:
    """Smallest change between two blocks beyond the runner's own noise, from free blocks (..., m), m >= 2.

    Parameters
    ----------
    free
        Block means of one runner under the same condition.
    within
        Variance of a block's mean from its steps, shape (...): the spread of few blocks cannot be believed to be smaller.

    Notes
    -----
    MDC95 = t sqrt(2) SEM with SEM the standard deviation of the free blocks and t of m - 1 degrees of freedom in place of 1.96, which holds for many
    blocks only: two free blocks (t = 12.7) tell little about a runner's noise.
    """
    sem = np.sqrt(np.maximum(free.var(-1, ddof=1), np.asarray(within, float)))
    return quantile(free.shape[-1] - 1) * np.sqrt(2.0) * sem


def sign_flip(differences: FloatArray, *, seed: int = 0) -> FloatArray:
    """Two-sided p of the sign-flip randomisation test, shape (...).

    Parameters
    ----------
    differences
        Of every pair, shape (..., k); the order in each pair was drawn by a fair coin of its own.
    seed
        Of the flips drawn when k exceeds ``EXACT_UP_TO``.

    Notes
    -----
    Exact up to ``EXACT_UP_TO`` pairs: the share of the 2^k flips whose |mean| reaches the one seen (Fisher 1935). The least p is 2^-(k-1).
    """
    k = differences.shape[-1]
    if k <= EXACT_UP_TO:
        signs = 1.0 - 2.0 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)
    else:
        drawn = np.random.default_rng(seed).choice([-1.0, 1.0], size=(DRAWN - 1, k))
        signs = np.concatenate([np.ones((1, k)), drawn])
    seen = np.abs(differences.sum(-1))
    tolerance = 1e-9 * np.abs(differences).sum(-1)
    return (np.abs(differences @ signs.T) >= (seen - tolerance)[..., None]).mean(-1)


def paired(free: FloatArray, held: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean difference of pairs (..., k) and the half width of its 95 % interval.

    Notes
    -----
    Student's t with k - 1 degrees of freedom. It is what the bootstrap of pairs becomes once its variance is corrected for the k - 1 and its
    quantiles for few pairs; uncorrected, it covers 87 % at six pairs.
    """
    d = held - free
    k = d.shape[-1]
    if k < 2:
        return d.mean(-1), np.full(d.shape[:-1], np.inf)
    return d.mean(-1), quantile(k - 1) * d.std(-1, ddof=1) / np.sqrt(k)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values that hold the false discovery rate (Benjamini and Hochberg 1995)."""
    order = np.argsort(p)[::-1]
    m, out, least = len(p), [1.0] * len(p), 1.0
    for rank, k in zip(range(m, 0, -1), order, strict=True):
        least = min(least, p[k] * m / rank)
        out[k] = least
    return out
