"""How metrics change from step to step in other runners: what the interval of a short recording may know beforehand.

Per metric the correlation of neighbouring steps, the standard deviation of a step, how much both differ between trials, and the slow change that
neither of them holds. ``benchmarks/fit_step_noise.py`` writes the table of the package with it, and a claim judges runners who are left out of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import root_scalar
from scipy.special import polygamma

from headway.recording import FloatArray
from headway.statistics import Prior
from headway.statistics.influence import influence
from headway.statistics.posterior import CORRELATIONS, MEMORY, posterior
from headway.statistics.prior import Known, Table
from headway.validation.step_series import StepSeries

SOURCE = "Fukuchi, Fukuchi and Duarte 2017, PeerJ 5:e3298 (RBDS, CC BY), 19 runners on a treadmill at 2.5, 3.5 and 4.5 m/s, 30 s each"
FEWEST_STEPS, FEWEST_TRIALS = 40, 8
WINDOWS = (12, 20)
"""Steps of the windows whose means are set against the rest of their trial, for the slow change."""
NO_KNOWLEDGE = Prior(0.2, 10.0)
MOST_WEIGHT = 8.0
"""Degrees of freedom that a scale is worth at most: the recordings are of one laboratory and one treadmill."""
LEAST_SPREAD = 0.08
LEAST_POOLED = 0.25
MOST_WANDER = 0.5


Carried = tuple[str, str, str]
"""Name, kind and unit of a metric."""


@dataclass(frozen=True)
class Noise:
    """One metric in one trial: correlation, variance of a step, its steps, and what windows change beyond it (see :func:`beyond`)."""

    correlation: float
    variance: float
    n: int
    windows: tuple[tuple[float, float, int], ...]


def noise_of(one: StepSeries) -> Noise:
    """Noise of a whole trial, by the same model that the intervals use but without knowledge beforehand."""
    found = influence(one.kind, one.parts, one.side)
    known = posterior(found, one.side, NO_KNOWLEDGE)
    assert known is not None
    variance = float(known.variance.mean(0) @ known.weight)
    noise = found.noise * one.side if found.layout == "contrast" else found.noise
    sign = -1.0 if found.layout == "contrast" else 1.0
    windows = tuple((*beyond(one.kind, noise, variance, length), length) for length in WINDOWS)
    return Noise(sign * float(CORRELATIONS @ known.weight), variance, len(one.side), windows)


def beyond(kind: str, noise: FloatArray, variance: float, length: int) -> tuple[float, float]:
    """Mean square difference of windows from the rest of their trial, and the part of it that independent steps explain.

    In variances of a step; for locking of the logarithm of the angles' variance.
    """
    n = noise.shape[1]
    found = []
    for start in range(0, n - length + 1, length):
        own = slice(start, start + length)
        rest = np.delete(noise, own, axis=1)
        if kind == "locking":
            found.append(np.log((noise[:, own] ** 2).mean() / (rest**2).mean()) ** 2)
        else:
            found.append(((noise[:, own].mean(1) - rest.mean(1)) ** 2).mean() / variance)
    return float(np.mean(found)), 2.0 / length + 2.0 / (n - length)


def variance_of_mean(n: int, rho: float) -> float:
    """Variance of the mean of n steps of an AR(1) series of unit variance."""
    k = np.arange(1, n)
    return float((n + 2 * ((n - k) * rho**k).sum()) / n**2)


def wander(kind: str, trials: Sequence[Noise], rho: float) -> float:
    """Slow change as a share of the variance of a step: what windows differ by beyond AR(1) noise of theirs and of the rest."""
    found = []
    for k, length in enumerate(WINDOWS):
        difference = float(np.mean([one.windows[k][0] for one in trials]))
        if kind == "locking":
            found.append(difference - float(np.mean([one.windows[k][1] for one in trials])))
            continue
        rest = float(np.mean([variance_of_mean(one.n - length, rho) for one in trials]))
        lag = np.arange(length)
        weights = np.where(lag == 0, length, 2.0 * (length - lag)) / length**2
        slow = float(weights @ np.exp(-lag / MEMORY))
        found.append((difference - variance_of_mean(length, rho) - rest) / slow)
    return float(np.clip(np.mean(found), 0.0, MOST_WANDER))


def known_of(kind: str, trials: Sequence[Noise]) -> Known:
    """One row of the table."""
    rho = np.array([one.correlation for one in trials])
    logarithm = np.log([one.variance for one in trials])
    chance = 4.0 / np.mean([one.n for one in trials])
    weight = worth(max(float(logarithm.var(ddof=1) - chance), 0.02))
    slow = wander(kind, trials, float(rho.mean()))
    own = -1.0 if kind == "asymmetry" else 1.0
    return Known(
        kind,
        round(own * float(rho.mean()), 3),
        round(max(float(rho.std(ddof=1)), LEAST_SPREAD), 3),
        float(f"{np.exp(logarithm.mean() / 2):.3g}"),
        round(weight, 1),
        round(slow, 3),
        len(trials),
    )


def worth(spread: float) -> float:
    """Degrees of freedom of a scaled inverse chi-square whose logarithm has this variance."""
    half = root_scalar(lambda half: float(polygamma(1, half)) - spread, bracket=(0.05, 1e3)).root
    return min(2.0 * float(half), MOST_WEIGHT)


def pooled(rows: Sequence[Known], kind: str, *, scaled: bool) -> Known:
    """Row for metrics of a kind (and unit) that the recordings do not carry: as uncertain as the metrics differ."""
    rho = np.array([row.correlation for row in rows])
    within = float(np.mean([row.spread**2 for row in rows]))
    scale = np.log([row.scale or np.nan for row in rows])
    own = [polygamma(1, row.weight / 2) for row in rows]
    weight = worth(float(np.mean(own) + (2 * scale).var(ddof=1))) if scaled else 0.0
    return Known(
        kind,
        round(float(rho.mean()), 3),
        round(max(float(np.sqrt(within + rho.var())), LEAST_POOLED), 3),
        float(f"{np.exp(scale.mean()):.3g}") if scaled else None,
        round(weight, 1),
        round(float(np.mean([row.wander for row in rows])), 3),
        max(row.recordings for row in rows),
    )


def table_of(trials: Mapping[Carried, Sequence[Noise]]) -> Table:
    """The table from the noise of every trial, by metric."""
    rows = {key: known_of(key[1], found) for key, found in trials.items() if len(found) >= FEWEST_TRIALS}
    by_unit: dict[str, list[Known]] = defaultdict(list)
    for (_, kind, unit), row in rows.items():
        by_unit[f"{kind} {unit}"].append(row)
        by_unit[kind].append(row)
    likes = {
        key: pooled(found, found[0].kind, scaled=" " in key)
        for key, found in by_unit.items()
        if len(found) > 1 or " " not in key
    }
    return Table(SOURCE, {key[0]: row for key, row in rows.items()}, likes)
