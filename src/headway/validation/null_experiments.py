"""Experiments in which nothing changes, by the thousand: block means with drift, curves, after-effects and unequal noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.experiments.designs import against_curve, carry_over, survives
from headway.experiments.statistics import ALPHA, sign_flip
from headway.recording import FloatArray

NOISE = 0.01
"""Standard deviation of a block's mean."""


@dataclass(frozen=True)
class NullWorld:
    """What disturbs block means, as shares of the value.

    Attributes
    ----------
    drift
        From the first block to the last, straight.
    curve
        Height of a parabola over the session.
    after
        Left in the block that follows a held one.
    ratio
        Noise of held blocks over that of free ones.
    """

    drift: float = 0.0
    curve: float = 0.0
    after: float = 0.0
    ratio: float = 1.0


WORLDS = {
    "noise": NullWorld(),
    "drift of 5 %": NullWorld(drift=0.05),
    "drift of 20 %": NullWorld(drift=0.20),
    "curve of 10 %": NullWorld(curve=0.10),
    "curve of 20 %": NullWorld(curve=0.20),
    "held three times as noisy": NullWorld(ratio=3.0),
    "free three times as noisy": NullWorld(ratio=1 / 3),
}
AFTER = {
    f"after-effect of {100 * size:g} %": NullWorld(after=size) for size in (0.005, 0.0075, 0.01, 0.0125, 0.015, 0.03)
}
"""Up to half of the smallest change that matters (3 %), and all of it."""


def values(held: np.ndarray, rng: np.random.Generator, world: NullWorld) -> FloatArray:
    """Block means of experiments, shape (experiments, blocks)."""
    time = np.linspace(0, 1, held.shape[1])
    noise = NOISE * np.where(held, world.ratio, 1.0) * rng.standard_normal(held.shape)
    out = world.drift * time + world.curve * 4 * time * (1 - time) + noise
    out[:, 1:] += world.after * held[:, :-1]
    return out


def orders(count: int, pairs: int, rng: np.random.Generator) -> np.ndarray:
    """Whether the held block comes first, as ``coin_order`` tosses it, shape (count, pairs)."""
    first = rng.random((4 * count + 100, pairs)) < 0.5
    return first[first.any(1) & ~first.all(1)][:count]


def changed(
    pairs: int, count: int = 5000, world: NullWorld = WORLDS["noise"], *, washed_out: bool = False, effect: float = 0.0
) -> float:
    """Share of "changed" among experiments of randomised pairs, by the rules of ``is_change``."""
    rng = np.random.default_rng(pairs)
    first = orders(count, pairs, rng)
    held = np.stack([first, ~first], 2).reshape(len(first), -1)
    found = values(held, rng, world) + effect * held
    before = np.concatenate([np.zeros((len(held), 1)), held[:, :-1]], axis=1)
    sign = np.where(first, 1.0, -1.0)
    difference, follows = (sign * (one[:, ::2] - one[:, 1::2]) for one in (found, before))
    p = np.concatenate([sign_flip(part) for part in np.array_split(difference, max(count // 250, 1))])
    unlike = (follows != 0).sum(1)
    told = (unlike >= 2) & (pairs - unlike >= 2)
    size, half, without, _ = carry_over(difference[told], follows[told])
    stands = unlike < 2
    stands[told] = survives(difference[told].mean(1), without)
    if washed_out:
        stands[told] |= np.abs(size) <= half
        stands |= ~told
    return float(np.mean((p <= ALPHA) & stands))


def alternating_changed(
    count: int, experiments: int = 5000, world: NullWorld = WORLDS["noise"], *, gone_back: bool = True
) -> float:
    """Share of "changed" among alternations of ``count`` held blocks between free ones; ``gone_back``: with the last free block as the first."""
    held = np.broadcast_to(np.arange(2 * count + 1) % 2 == 1, (experiments, 2 * count + 1))
    found = values(held, np.random.default_rng(count), world)
    change, half = against_curve(found, held[0], np.arange(2 * count + 1.0))
    free = found[:, ::2]
    back = np.abs(free[:, -1] - free[:, 0]) < 0.5 * np.abs(change)
    return float(np.mean((np.abs(change) > half) & (back | (not gone_back))))


def allowed(count: int) -> float:
    """5 % and two and a half standard errors."""
    return 0.05 + 2.5 * float(np.sqrt(0.05 * 0.95 / count))
