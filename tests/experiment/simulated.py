"""Experiments made of numbers: blocks of steps with autocorrelated noise, a drift through the session and a change from block to block."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from headway.experiments import noise
from headway.experiments.blocks import pooled
from headway.experiments.designs import alternating, pairs
from headway.experiments.manipulation import Check
from headway.experiments.statistics import BlockMean, Effect
from headway.experiments.verdict import Verdict, decide

DONE = Check(-1, "held", "performed", 0.5, "done")


@dataclass(frozen=True)
class World:
    """What is true: mean 1; effect, drift over the session and CV as shares of it."""

    effect: float = 0.0
    cv: float = 0.02
    rho: float = 0.3
    drift: float = 0.0
    between: float = 0.0
    steps: int = 30
    side: float = 0.01

    def blocks(self, tested: list[bool], rng: np.random.Generator) -> tuple[list[BlockMean], list[BlockMean]]:
        n, count = self.steps, len(tested)
        fresh = rng.standard_normal((count, n + 60))
        series = lfilter([np.sqrt(1 - self.rho**2)], [1, -self.rho], fresh, axis=1)[:, 60:] * self.cv
        series += 1 + self.effect * np.array(tested)[:, None] + self.between * rng.standard_normal((count, 1))
        series += self.drift * np.linspace(-0.5, 0.5, count * n).reshape(count, n)
        feet = np.where(np.arange(n) % 2, 1.0, -1.0)
        series += self.side * feet
        residuals = [noise.centred(one, feet) for one in series]
        rho = pooled(residuals)
        means = [
            BlockMean(float(one.mean()), float(noise.mean_variance(r, rho)), noise.freedom(n), float(k), n)
            for k, (one, r) in enumerate(zip(series, residuals, strict=True))
        ]
        return [m for m, t in zip(means, tested, strict=True) if not t], [
            m for m, t in zip(means, tested, strict=True) if t
        ]

    def aba(self, rng: np.random.Generator, held: int = 1) -> tuple[Effect, Verdict]:
        free, tested = self.blocks([bool(k % 2) for k in range(2 * held + 1)], rng)
        effect = alternating(free, tested)
        return effect, verdict(effect, "free-held-free", len(free))

    def pairs(self, rng: np.random.Generator, count: int = 6) -> tuple[Effect, Verdict]:
        coins = rng.integers(0, 2, count)
        order = [bool(coin == half) for coin in coins for half in (1, 0)]
        free, tested = self.blocks(order, rng)
        effect = pairs(free, tested, randomised=True)
        return effect, verdict(effect, "pairs", len(free))


def verdict(effect: Effect, design: str, free: int) -> Verdict:
    return decide(
        effect,
        design=design,
        randomised=design == "pairs",
        check=DONE,
        smallest=0.03,
        free_blocks=free,
        washed_out=True,
    )


def many(world: World, design: str, count: int, seed: int = 0, size: int = 6) -> tuple[float, float, float]:
    """Share of "changed", share of intervals that hold the truth, and share of "no change"."""
    rng = np.random.default_rng(seed)
    found = [world.pairs(rng, size) if design == "pairs" else world.aba(rng, size) for _ in range(count)]
    changed = np.mean([v.word == "changed" for _, v in found])
    covers = np.mean([e.ci95 is not None and e.ci95[0] <= world.effect <= e.ci95[1] for e, _ in found])
    none = np.mean([v.word.startswith("no change") for _, v in found])
    return float(changed), float(covers), float(none)
