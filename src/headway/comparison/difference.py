"""Difference of two independent values with its interval, and which of many differences stand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from headway.experiments import noise as steps_noise
from headway.experiments.statistics import ALPHA, benjamini_hochberg, minimal_detectable_change, quantile
from headway.recording import FloatArray
from headway.statistics import freedom

BLOCK_STEPS, MOST_BLOCKS, FEWEST_BLOCKS = 10, 6, 3
"""A recording is cut into blocks of at least so many steps, at most so many of them; fewer than three tell nothing."""

LEAST = 0.01
"""Nobody's own noise is taken to be smaller than this share of the value: 1 % is the smallest difference that is credible in running."""


@dataclass(frozen=True)
class ComparedValue:
    """One runner's value.

    Attributes
    ----------
    value
        As measured.
    ci95
        95 % interval, ``None`` without one.
    n
        Steps.
    kind
        How the steps became the value.
    """

    value: float
    ci95: tuple[float, float] | None
    n: int
    kind: str = "mean"

    def times(self, factor: float, share: float = 0.0) -> ComparedValue:
        """In another unit; ``share`` is a relative 95 % error of the factor, independent of the value."""
        if self.ci95 is None:
            return ComparedValue(self.value * factor, None, self.n, self.kind)
        extra = self.value * share
        low, high = self.value - np.hypot(self.below, extra), self.value + np.hypot(self.above, extra)
        return ComparedValue(self.value * factor, (float(low) * factor, float(high) * factor), self.n, self.kind)

    @property
    def below(self) -> float:
        """From the lower end of the interval to the value."""
        return float("inf") if self.ci95 is None else max(self.value - self.ci95[0], 0.0)

    @property
    def above(self) -> float:
        """From the value to the upper end."""
        return float("inf") if self.ci95 is None else max(self.ci95[1] - self.value, 0.0)

    @property
    def half(self) -> float:
        """Half of the interval."""
        return (self.below + self.above) / 2

    @property
    def freedom(self) -> float:
        """Degrees of freedom behind the interval, as in :mod:`headway.statistics`."""
        return freedom(self.n)


@dataclass(frozen=True)
class Difference:
    """B minus A.

    Attributes
    ----------
    value
        Unit of the values; for phases the shorter way round.
    ci95
        ``None`` when one of them has no interval.
    tail
        How far out zero lies, as a two-sided tail area: it orders the differences for the control of false discoveries and is not shown, because
        one comparison without a design has no valid p-value.
    """

    value: float
    ci95: tuple[float, float] | None
    tail: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.ci95 is not None and (self.ci95[0] > 0 or self.ci95[1] < 0)


def difference(a: ComparedValue, b: ComparedValue) -> Difference:
    """B minus A with its 95 % interval.

    Notes
    -----
    The two intervals are added in quadrature end by end, which keeps their skewness (Zou and Donner 2008, MOVER). Both hold Student's t for their
    own few blocks, so that the sum is on the wide side.
    """
    change = b.value - a.value
    if a.kind == "phase":
        change = float(np.angle(np.exp(1j * change)))
    if a.ci95 is None or b.ci95 is None:
        return Difference(change, None, 1.0)
    down, up = float(np.hypot(b.below, a.above)), float(np.hypot(b.above, a.below))
    return Difference(change, (change - down, change + up), _tail(change, down if change > 0 else up, a, b))


def _tail(change: float, half: float, a: ComparedValue, b: ComparedValue) -> float:
    """Two-sided tail of Student's t that is 5 % when the interval just touches zero, by Welch and Satterthwaite."""
    if half <= 0:
        return 1.0 if change == 0 else 0.0
    parts = np.array([(one.half / float(quantile(one.freedom))) ** 2 for one in (a, b)])
    freedoms = np.array([a.freedom, b.freedom])
    left = float(parts.sum() ** 2 / (parts**2 / freedoms).sum()) if parts.sum() > 0 else 1.0
    return float(2.0 * stdtr(left, -abs(change) / half * float(quantile(left))))


def stand_out(differences: Sequence[Difference]) -> list[bool]:
    """Which survive the control of the false discovery rate at 5 % (Benjamini and Hochberg 1995); those without interval never do."""
    known = [k for k, one in enumerate(differences) if one.ci95 is not None]
    out = [False] * len(differences)
    for k, q in zip(known, benjamini_hochberg([differences[k].tail for k in known]), strict=True):
        out[k] = q <= ALPHA
    return out


def own_noise(value: ComparedValue, per_step: FloatArray, side: FloatArray) -> float | None:
    """How far a runner differs from themselves within the recording; ``None`` without an interval.

    Parameters
    ----------
    value
        With its interval.
    per_step
        Value of every step, NaN where there is none; empty when steps have no value of their own.
    side
        +1 right, -1 left.

    Notes
    -----
    The largest of three: 1 % of the value; sqrt(2) times half of the interval, which is what two such recordings may differ by; and the minimal
    detectable change between consecutive blocks of ten steps or more of this recording, t sqrt(2) SD, where there are three blocks. Changes from
    day to day are not in it.
    """
    if value.ci95 is None:
        return None
    noise = max(float(np.sqrt(2.0)) * max(value.below, value.above), LEAST * abs(value.value))
    values = steps_noise.centred(per_step, side) if len(per_step) else per_step
    blocks = min(len(values) // BLOCK_STEPS, MOST_BLOCKS)
    if blocks >= FEWEST_BLOCKS:
        means = np.array([part.mean() for part in np.array_split(values, blocks)])
        noise = max(noise, float(minimal_detectable_change(means)))
    return noise
