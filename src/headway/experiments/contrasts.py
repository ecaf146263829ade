"""Which blocks are set against which, and the effect of every metric and rating on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.experiments.blocks import MeasuredBlock
from headway.experiments.designs import alternating, pairs
from headway.experiments.protocol import Condition, Protocol
from headway.experiments.result import PhaseEffect, RatingChange, ShamEffect
from headway.experiments.speeds import Speeds, slope_of, speeds, widened, without_speed
from headway.experiments.statistics import BlockMean, Effect
from headway.metrics import REGISTRY

USUAL = ("free", "baseline")
RATINGS = {"legs_feet_stress": "Stress in legs and feet", "rpe": "Effort (RPE)", "ease": "Ease"}


class Contrast:
    """The tested blocks of an experiment against its free ones.

    Parameters
    ----------
    protocol
        With the tested condition.
    blocks
        All, in order of time.
    tested
        Another condition than the protocol's.
    """

    def __init__(self, protocol: Protocol, blocks: Sequence[MeasuredBlock], tested: str | None = None) -> None:
        self.protocol, self.blocks = protocol, list(blocks)
        self.condition = tested or protocol.tested
        self.free = [one for one in blocks if one.block.condition in USUAL]
        self.tested = [one for one in blocks if one.block.condition == self.condition]
        self.paired = protocol.design.kind == "pairs" and self.condition == protocol.tested
        if self.paired:
            self.free = sorted((one for one in self.free if one.block.pair), key=_pair)
            self.tested = sorted((one for one in self.tested if one.block.pair), key=_pair)
        self.speeds: Speeds = speeds(self.free, self.tested)

    def refused(self, name: str) -> bool:
        """Whether speed forbids the comparison: a load, speeds apart or unknown, and no slope of the runner's own."""
        if not REGISTRY[name].load or self.speeds.matched is True or not self.tested:
            return False
        return slope_of(self.blocks, name) is None or self.speeds.matched is None

    def effect(self, name: str) -> Effect | None:
        """Effect on a metric; ``None`` when a block does not carry it. Loads at unequal speed are adjusted with the runner's own slope."""
        if any(name not in one.means for one in (*self.free, *self.tested)):
            return None
        both = (*self.free, *self.tested)
        line = slope_of(self.blocks, name) if REGISTRY[name].load and self.speeds.matched is False else None
        free, tested = self.speeds.free, self.speeds.tested
        if line is None or free is None or tested is None:
            return self.of({one.index: one.means[name] for one in both})
        found = self.of({one.index: without_speed(one.means[name], one.speed, line, free) for one in both})
        return None if found is None else widened(found, line, tested - free)

    def of(self, means: dict[int, BlockMean]) -> Effect | None:
        """Effect on block means by index of the block."""
        free, tested = ([means[one.index] for one in group] for group in (self.free, self.tested))
        if not free or not tested:
            return None
        if self.paired:
            return pairs(free, tested, randomised=self.protocol.design.randomised)
        return alternating(free, tested)


def _pair(one: MeasuredBlock) -> int:
    return one.block.pair or 0


def felt_changes(protocol: Protocol, contrast: Contrast) -> list[RatingChange]:
    """Change of every rating that all blocks of the contrast have; one rating per block, so without noise from within."""
    out = []
    for name, title in RATINGS.items():
        given = {one.index: getattr(one.block.felt, name) for one in (*contrast.free, *contrast.tested)}
        if not contrast.tested or any(value is None for value in given.values()):
            continue
        means = {
            one.index: BlockMean(float(given[one.index]), float("nan"), 1.0, float(one.order), 1)
            for one in (*contrast.free, *contrast.tested)
        }
        effect = contrast.of(means)
        if effect is not None:
            out.append(RatingChange(name=name, title=title, effect=effect))
    return out


def sham_contrast(contrast: Contrast, name: str) -> ShamEffect | None:
    """What the sham did to the primary outcome, and the tested condition beyond it; ``None`` without sham blocks."""
    if contrast.condition == "sham" or not any(one.block.condition == "sham" for one in contrast.blocks):
        return None
    other = Contrast(contrast.protocol, contrast.blocks, "sham")
    own, effect = contrast.effect(name), other.effect(name)
    if effect is None or own is None or contrast.refused(name) or other.refused(name):
        return None
    beyond = own.change - effect.change
    half = float(np.hypot(own.half, effect.half))
    interval = (beyond - half, beyond + half) if np.isfinite(half) else None
    return ShamEffect(effect=effect, beyond=beyond, beyond_ci95=interval)


def phases(contrast: Contrast, name: str) -> list[PhaseEffect]:
    """Every phase of a drill against the baseline, described."""
    out = []
    conditions: dict[Condition, None] = dict.fromkeys(
        one.block.condition for one in contrast.blocks if one.block.condition not in USUAL
    )
    for condition in conditions:
        other = Contrast(contrast.protocol, contrast.blocks, condition)
        names, refused = dict.fromkeys(one.name for one in other.tested), other.refused(name)
        effect = None if refused else other.effect(name)
        out.append(PhaseEffect(condition=condition, name=", ".join(names), refused=refused, effect=effect))
    return out
