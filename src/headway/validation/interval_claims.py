"""Claims about intervals: simulated series of steps, and windows of real trials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from headway.statistics import REDUCERS, Prior, estimate, prior_of
from headway.statistics.prior import prior_from
from headway.validation.claim import Claim, ClaimFinding
from headway.validation.made_steps import KINDS, covered
from headway.validation.step_noise import FEWEST_STEPS, Carried, Noise, noise_of, table_of
from headway.validation.step_series import StepSeries, all_series

LENGTHS, CORRELATIONS, RECORDINGS = (3, 5, 8, 12, 30), (0.0, 0.3, 0.6), 300
TWO_SIDED = ("asymmetry", "shift_ratio")
WINDOWS = (5, 8, 12, 20)
REST = 10
"""Fewest steps outside of the window, beside as many as in it."""
FEWEST_WINDOWS = 200
"""Metrics with fewer windows are not judged one by one."""


def simulated(kind: str, _: Path) -> ClaimFinding:
    """Least share of intervals that hold the truth, over lengths and correlations, %."""
    lengths = [n for n in LENGTHS if n > 3 or kind not in TWO_SIDED]
    shares = {
        (n, rho): covered(kind, n, rho, RECORDINGS, Prior(rho, 0.1), seed=n) for n in lengths for rho in CORRELATIONS
    }
    (n, rho), least = min(shares.items(), key=lambda one: one[1])
    detail = f"least with {n} steps at correlation {rho:g}; {100 * np.mean([*shares.values()]):.1f} % in all"
    return ClaimFinding(value=100 * least, n=RECORDINGS * len(shares), detail=detail)


def window_hits(one: StepSeries, length: int, prior: Prior | None) -> list[bool]:
    """Whether the interval of each window of so many steps holds the value of the rest of its trial."""
    found, n = [], len(one.side)
    for start in range(0, n - length + 1, length):
        inside = (np.arange(n) >= start) & (np.arange(n) < start + length)
        own = estimate(one.kind, one.parts[inside], one.side[inside], prior)
        if own is None or own.ci95 is None:
            continue
        rest = float(np.real(REDUCERS[one.kind](one.parts[~inside].sum(0))))
        if one.kind == "phase":
            rest = own.value + float(np.angle(np.exp(1j * (rest - own.value))))
        found.append(own.ci95[0] <= rest <= own.ci95[1])
    return found


def _judged(series: Iterable[tuple[StepSeries, Prior | None]]) -> dict[str, list[bool]]:
    """Whether the windows of every metric hold the rest of their trial."""
    found: dict[str, list[bool]] = defaultdict(list)
    for one, prior in series:
        for length in WINDOWS:
            if len(one.side) >= 2 * length + REST:
                found[one.name] += window_hits(one, length, prior)
    return found


@lru_cache(maxsize=1)
def windows(data: Path) -> dict[str, list[bool]]:
    """Windows of every trial, by the table of the package."""
    series = all_series(data, 2 * min(WINDOWS) + REST)
    return _judged((one, prior_of(*one.carried)) for one in series)


@lru_cache(maxsize=1)
def windows_of_new_runners(data: Path) -> dict[str, list[bool]]:
    """Windows of every runner of the treadmill trials, by a table made from all others."""
    series = [*all_series(data, FEWEST_STEPS)]
    noises = [noise_of(one) for one in series]
    found: dict[str, list[bool]] = defaultdict(list)
    for runner in sorted({one.runner for one in series}):
        trials: dict[Carried, list[Noise]] = defaultdict(list)
        for one, noise in zip(series, noises, strict=True):
            if one.runner != runner:
                trials[one.carried].append(noise)
        table = table_of(trials)
        own = _judged((one, prior_from(table, *one.carried)) for one in series if one.runner == runner)
        for name, held in own.items():
            found[name] += held
    return found


def over_all(judged: Callable[[Path], dict[str, list[bool]]], data: Path) -> ClaimFinding:
    """Share of all windows whose interval holds the rest of their trial, %."""
    together = np.concatenate([*judged(data).values()])
    return ClaimFinding(value=100 * float(together.mean()), n=len(together))


def least(judged: Callable[[Path], dict[str, list[bool]]], data: Path) -> ClaimFinding:
    """The same of the metric with the least share, %."""
    shares = {name: float(np.mean(held)) for name, held in judged(data).items() if len(held) >= FEWEST_WINDOWS}
    name = min(shares, key=shares.__getitem__)
    return ClaimFinding(value=100 * shares[name], n=len(shares), detail=f"least: {name}")


WINDOW_CLAIMS = tuple(
    Claim(
        f"interval_of_{name}{end}",
        text,
        "methods/intervals.md, How well they hold",
        "%",
        (low, None),
        partial(check, judged),
        folders=folders,
        together="windows",
    )
    for name, judged, folders, whose in (
        ("windows", windows, ("rbds", "rbds_more", "hamner2013"), "their trial"),
        (
            "new_runners",
            windows_of_new_runners,
            ("rbds", "rbds_more"),
            "the trial of a runner whose step noise is not in the table",
        ),
    )
    for end, check, low, text in (
        ("", least, 88.0, f"Intervals of 5 to 20 steps hold the mean of the rest of {whose}, for every metric."),
        (
            "_in_all",
            over_all,
            92.0,
            f"Intervals of 5 to 20 steps hold the mean of the rest of {whose}, over all metrics.",
        ),
    )
)
CLAIMS = (
    *(
        Claim(
            f"interval_of_{kind.replace(' ', '_')}",
            f"Simulated {kind}: intervals hold the truth with 3 to 30 steps and correlations of 0 to .6.",
            "methods/intervals.md, How well they hold",
            "%",
            (90.0, None),
            partial(simulated, kind),
        )
        for kind in KINDS
    ),
    *WINDOW_CLAIMS,
)
