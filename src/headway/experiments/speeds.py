"""Speed: whether loads may be compared at all, and how a measure scales with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from headway.experiments.blocks import MeasuredBlock
from headway.experiments.protocol import REFERENCE
from headway.experiments.slope import SpeedSlope, slope
from headway.experiments.statistics import BlockMean, Effect, quantile
from headway.metrics import REGISTRY
from headway.results import Fields

TOLERANCE = 0.02
"""Speeds that differ by more are different speeds: loads are then not compared."""


class Speeds(Fields, frozen=True, kw_only=True):
    """Speeds of the two sides of the contrast.

    Attributes
    ----------
    free, tested
        Means, m/s; ``None`` when unknown.
    difference
        Tested minus free as a share of free; ``None`` when unknown.
    """

    free: float | None
    tested: float | None
    difference: float | None

    @property
    def matched(self) -> bool | None:
        """Whether they agree within ``TOLERANCE``; ``None`` when a speed is unknown."""
        return agree(self.difference)


def agree(difference: float | None) -> bool | None:
    """Whether speeds that differ by this share count as the same; ``None`` when it is unknown."""
    return None if difference is None else abs(difference) <= TOLERANCE + 1e-9


def speeds(free: Sequence[MeasuredBlock], tested: Sequence[MeasuredBlock]) -> Speeds:
    """Mean speeds of free and tested blocks."""
    means = [float(np.mean([one.speed for one in group])) if group else float("nan") for group in (free, tested)]
    one, two = (mean if np.isfinite(mean) else None for mean in means)
    return Speeds(free=one, tested=two, difference=two / one - 1.0 if one is not None and two is not None else None)


def slope_of(blocks: Sequence[MeasuredBlock], name: str) -> SpeedSlope | None:
    """Slope of one metric on speed over the blocks in which the runner runs as usual; ``None`` with fewer than three speeds."""
    usual = [one for one in blocks if one.block.condition in REFERENCE and name in one.means]
    if len(usual) < 3:
        return None
    line = slope(np.array([one.speed for one in usual]), np.array([one.means[name].value for one in usual]))
    metric = REGISTRY[name]
    return line and msgspec.structs.replace(line, name=name, title=metric.title, unit=metric.unit)


def without_speed(mean: BlockMean, speed: float, line: SpeedSlope, at: float) -> BlockMean:
    """Block mean as it would be at the speed ``at`` (m/s), by the runner's own slope."""
    return replace(mean, value=mean.value - line.slope * (speed - at))


def widened(effect: Effect, line: SpeedSlope, difference: float) -> Effect:
    """Effect of adjusted block means whose interval also holds what is not known of the slope, for a speed difference in m/s."""
    half = float(np.hypot(effect.half, float(quantile(line.freedom)) * line.error * difference))
    interval = (effect.change - half, effect.change + half) if np.isfinite(half) else None
    method = f"{effect.method}; adjusted for speed by the runner's own slope from {line.speeds} speeds"
    return replace(effect, ci95=interval, adjusted=True, method=method)
