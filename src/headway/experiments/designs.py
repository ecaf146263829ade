"""From block means to the effect of a design: alternating blocks, or randomised pairs, with what one block leaves behind in the next.

The functions on arrays work along the last axis and take any leading axes, so that thousands of simulated experiments are one call.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from headway.experiments.statistics import (
    BlockMean,
    CarryOver,
    Effect,
    contrast,
    minimal_detectable_change,
    paired,
    quantile,
    sign_flip,
)
from headway.recording import FloatArray

NOISE_RATIO = 3.0
"""Standard deviations of tested and free blocks may differ by so much: one concentrates on holding the head, or fumbles."""
_RATIOS = np.array([1.0 / NOISE_RATIO, 1.0, NOISE_RATIO])
BENDS = 2
"""Degree of the drift that is taken out of alternating blocks."""
LEAST_LEFT = 0.85
"""Share of a change that has to be left with carry-over taken out, where nothing was done to wash it out (simulated: false alarms up to 5 %)."""


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
    One held block (A-B-A): interval from the steps within the blocks. Several: the block means against condition and a curve in time
    (:func:`against_curve`).
    """
    base, tested = np.array([b.value for b in free]), np.array([b.value for b in held])
    blocks = [*free, *held]
    by_blocks = len(held) >= 2 and len(free) >= 2 and len(blocks) >= BENDS + 3
    if by_blocks:
        time, is_held = np.array([b.time for b in blocks], float), np.repeat([False, True], [len(free), len(held)])
        found, width = against_curve(np.concatenate([base, tested]), is_held, time)
        method = f"{len(held)} tested and {len(free)} free blocks against condition and a curve in time"
    else:
        weights = [-1.0 / len(free)] * len(free) + [1.0 / len(held)] * len(held)
        found, width = contrast(
            np.concatenate([base, tested]),
            np.array([b.variance for b in blocks]),
            np.array([b.freedom for b in blocks]),
            weights,
        )
        method = "moving blocks of steps within each block; the change from block to block is not in it"
    change, half = float(found), float(width)
    drift, back, mdc = _reversal(change, free)
    interval = (change - half, change + half) if np.isfinite(half) else None
    spread = _pair_spread(free, held)
    return Effect(change, interval, float(base.mean()), drift, back, mdc, None, len(held), method, spread, by_blocks)


def against_curve(values: FloatArray, held: npt.NDArray[np.bool_], time: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Effect of a condition beside a quadratic drift, and the half width of its 95 % interval, shape (...).

    Parameters
    ----------
    values
        Block means, shape (..., blocks).
    held, time
        Of every block, shape (blocks,).

    Notes
    -----
    Least squares. The noise of held and free blocks may differ by ``NOISE_RATIO`` either way: the interval is the widest of those that follow,
    each with the degrees of freedom of Satterthwaite (1946).
    """
    at = (time - time.mean()) / np.ptp(time)
    design = np.column_stack([held.astype(float), *(at**k for k in range(BENDS + 1))])
    inverse = np.linalg.pinv(design)
    weights, residual = inverse[0], np.eye(len(time)) - design @ inverse
    sums = ((values @ residual) ** 2).sum(-1)
    factors = []
    for ratio in _RATIOS:
        variance = np.where(held, ratio**2, 1.0)
        spread = residual * variance
        expected, freedom = np.trace(spread), np.trace(spread) ** 2 / np.trace(spread @ spread)
        factors.append(float(quantile(freedom)) ** 2 * float(weights**2 @ variance) / expected)
    return values @ weights, np.sqrt(max(factors) * sums)


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
    spread = float(np.std(tested - base, ddof=1)) if len(base) > 1 else None
    method = f"{len(base)} pairs, Student's t of their differences"
    carry = _carry(free, held) if randomised else None
    reference = float(base.mean())
    return Effect(float(change), interval, reference, drift, back, mdc, p, len(base), method, spread, True, carry=carry)


def _carry(free: Sequence[BlockMean], held: Sequence[BlockMean]) -> CarryOver | None:
    """Carry-over of pairs whose times count the blocks; ``None`` where it falls on both conditions alike, as when the order alternates."""
    after = {block.time + 1 for block in held}
    follows = np.array([(h.time in after) - float(f.time in after) for f, h in zip(free, held, strict=True)])
    difference = np.array([h.value - f.value for f, h in zip(free, held, strict=True)])
    unlike = int((follows != 0).sum())
    if unlike < 2:
        return None
    if len(follows) - unlike < 2 or len(follows) < 4:
        return CarryOver(0.0, None, 0.0, None)
    size, half, without, width = (float(one) for one in carry_over(difference, follows))
    return CarryOver(size, (size - half, size + half), without, (without - width, without + width))


def carry_over(difference: FloatArray, follows: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """What a tested block leaves behind in the next one, and the change without it, each with the half width of its 95 % interval, shape (...).

    Parameters
    ----------
    difference
        Tested minus free of every pair, shape (..., k).
    follows
        Whether the tested block follows a tested one, minus whether the free one does, shape (..., k); the coin makes it differ between pairs.

    Notes
    -----
    Least squares of the differences on ``follows`` (as in crossover trials, Jones and Kenward 2014): a pair in the same order as the pair before
    has one block after a tested one, a pair in the other order none or both.
    """
    k = difference.shape[-1]
    mean = follows.mean(-1, keepdims=True)
    centred = follows - mean
    squares = (centred**2).sum(-1)
    size = (centred * difference).sum(-1) / squares
    without = difference.mean(-1) - size * mean[..., 0]
    residual = difference - without[..., None] - size[..., None] * follows
    variance = (residual**2).sum(-1) / (k - 2)
    limit = float(quantile(k - 2))
    width = limit * np.sqrt(variance * (1.0 / k + mean[..., 0] ** 2 / squares))
    return size, limit * np.sqrt(variance / squares), without, width


def survives(change: npt.ArrayLike, without: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether a change is still there when carry-over is taken out: in its direction, and ``LEAST_LEFT`` of it or more."""
    change, without = np.asarray(change), np.asarray(without)
    return without * np.sign(change) >= LEAST_LEFT * np.abs(change)
