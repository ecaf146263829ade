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
"""Pairs up to which all 2^k flips are counted; beyond, so many are drawn."""


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
        Standard deviation of one pair's difference, for planning; NaN if not known.
    by_blocks
        Whether the interval holds the change from block to block.
    adjusted
        Whether the part that speed explains was taken out.
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
    spread: float = float("nan")
    by_blocks: bool = False
    adjusted: bool = False

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
        drawn = np.random.default_rng(seed).choice([-1.0, 1.0], size=(2**EXACT_UP_TO - 1, k))
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


def _within(blocks: Sequence[BlockMean]) -> float:
    found = [block.variance for block in blocks if np.isfinite(block.variance)]
    return float(np.mean(found)) if found else 0.0


def _reversal(change: float, free: Sequence[BlockMean]) -> tuple[float | None, bool | None, float | None]:
    """Drift, reversal and minimal detectable change from the free blocks."""
    if len(free) < 2:
        return None, None, None
    ordered = sorted(free, key=lambda block: block.time)
    drift = ordered[-1].value - ordered[0].value
    mdc = float(minimal_detectable_change(np.array([block.value for block in ordered]), _within(ordered)))
    return drift, abs(drift) < 0.5 * abs(change), mdc


def alternating(free: Sequence[BlockMean], held: Sequence[BlockMean]) -> Effect:
    """Effect of an alternating design: held minus the mean of the frees.

    Notes
    -----
    One held block (A-B-A): interval from the steps within the blocks. Several: the block means against condition and time by least squares, which
    takes a steady drift out and lets the blocks' own spread make the interval (with the degrees of freedom left, at least one).
    """
    base, tested = np.array([b.value for b in free]), np.array([b.value for b in held])
    reference = float(base.mean())
    left = len(free) + len(held) - 3
    by_blocks = len(held) >= 2 and len(free) >= 2 and left >= 1
    if by_blocks:
        change, half = _regressed(free, held, left)
        method = f"{len(held)} tested and {len(free)} free blocks against condition and time"
    else:
        blocks = [*free, *held]
        weights = [-1.0 / len(free)] * len(free) + [1.0 / len(held)] * len(held)
        found, width = contrast(
            np.concatenate([base, tested]),
            np.array([b.variance for b in blocks]),
            np.array([b.freedom for b in blocks]),
            weights,
        )
        change, half = float(found), float(width)
        method = "moving blocks of steps within each block; the change from block to block is not in it"
    drift, back, mdc = _reversal(change, free)
    interval = (change - half, change + half) if np.isfinite(half) else None
    spread = _pair_spread(free, held)
    return Effect(change, interval, reference, drift, back, mdc, None, len(held), method, spread, by_blocks)


def _regressed(free: Sequence[BlockMean], held: Sequence[BlockMean], left: int) -> tuple[float, float]:
    blocks = [*free, *held]
    time = np.array([b.time for b in blocks], float)
    design = np.column_stack([np.ones(len(blocks)), [0.0] * len(free) + [1.0] * len(held), time - time.mean()])
    values = np.array([b.value for b in blocks])
    inverse = np.linalg.inv(design.T @ design)
    solution = inverse @ (design.T @ values)
    residual = values - design @ solution
    error = np.sqrt(residual @ residual / left * inverse[1, 1])
    return float(solution[1]), float(quantile(left) * error)


def _pair_spread(free: Sequence[BlockMean], held: Sequence[BlockMean]) -> float:
    """Standard deviation of one pair's difference from the frees' spread, or from the steps within."""
    within = _within([*free, *held])
    between = float(np.var([b.value for b in free], ddof=1)) if len(free) > 1 else 0.0
    return float(np.sqrt(2.0 * max(within, between)))


def pairs(free: Sequence[BlockMean], held: Sequence[BlockMean], *, randomised: bool) -> Effect:
    """Effect of pairs, ``free[j]`` with ``held[j]``; an exact p when the order within pairs was drawn by coin."""
    base, tested = np.array([b.value for b in free]), np.array([b.value for b in held])
    change, half = paired(base, tested)
    drift, back, mdc = _reversal(float(change), free)
    p = float(sign_flip(tested - base)) if randomised else None
    interval = (float(change - half), float(change + half)) if np.isfinite(half) else None
    spread = float(np.std(tested - base, ddof=1)) if len(base) > 1 else float("nan")
    method = f"{len(base)} pairs, Student's t of their differences"
    return Effect(float(change), interval, float(base.mean()), drift, back, mdc, p, len(base), method, spread, True)
