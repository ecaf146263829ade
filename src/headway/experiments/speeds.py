"""Speed: whether loads may be compared at all, and how a measure scales with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from headway.experiments.blocks import MeasuredBlock
from headway.experiments.protocol import REFERENCE
from headway.experiments.slope import SpeedSlope, slope
from headway.experiments.statistics import BlockMean, Effect, quantile

TOLERANCE = 0.02
"""Speeds that differ by more are different speeds: loads are then not compared."""


@dataclass(frozen=True)
class Speeds:
    """Speeds of the two sides of the contrast.

    Attributes
    ----------
    free, tested
        Means, m/s; NaN when unknown.
    """

    free: float
    tested: float

    @property
    def difference(self) -> float:
        """Tested minus free as a share of free; NaN when unknown."""
        return self.tested / self.free - 1.0

    @property
    def matched(self) -> bool | None:
        """Whether they agree within ``TOLERANCE``; ``None`` when a speed is unknown."""
        return None if not np.isfinite(self.difference) else abs(self.difference) <= TOLERANCE + 1e-9


def speeds(free: Sequence[MeasuredBlock], tested: Sequence[MeasuredBlock]) -> Speeds:
    """Mean speeds of free and tested blocks."""
    means = [float(np.mean([one.speed for one in group])) if group else float("nan") for group in (free, tested)]
    return Speeds(*means)


def slope_of(blocks: Sequence[MeasuredBlock], name: str) -> SpeedSlope | None:
    """Slope of one metric on speed over the blocks in which the runner runs as usual; ``None`` with fewer than three speeds."""
    usual = [one for one in blocks if one.block.condition in REFERENCE and name in one.means]
    if len(usual) < 3:
        return None
    return slope(np.array([one.speed for one in usual]), np.array([one.means[name].value for one in usual]))


def without_speed(mean: BlockMean, speed: float, line: SpeedSlope, at: float) -> BlockMean:
    """Block mean as it would be at the speed ``at`` (m/s), by the runner's own slope."""
    return replace(mean, value=mean.value - line.slope * (speed - at))


def widened(effect: Effect, line: SpeedSlope, difference: float) -> Effect:
    """Effect of adjusted block means whose interval also holds what is not known of the slope, for a speed difference in m/s."""
    half = float(np.hypot(effect.half, float(quantile(line.freedom)) * line.error * difference))
    interval = (effect.change - half, effect.change + half) if np.isfinite(half) else None
    method = f"{effect.method}; adjusted for speed by the runner's own slope from {line.speeds} speeds"
    return replace(effect, ci95=interval, adjusted=True, method=method)
