"""Claims about intervals: simulated series of steps, and windows of real trials."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path

import numpy as np

from headway.statistics import REDUCERS, Prior, estimate, prior_of
from headway.validation.claim import Claim, ClaimFinding
from headway.validation.made_steps import KINDS, covered
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


def window_hits(one: StepSeries, length: int) -> list[bool]:
    """Whether the interval of each window of so many steps holds the value of the rest of its trial."""
    found, n = [], len(one.side)
    prior = prior_of(one.name, one.kind, one.unit)
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


def windows(data: Path) -> ClaimFinding:
    """Least share over metrics of windows of real trials whose interval holds the rest, %."""
    found: dict[str, list[bool]] = defaultdict(list)
    for one in all_series(data, 2 * min(WINDOWS) + REST):
        for length in WINDOWS:
            if len(one.side) >= 2 * length + REST:
                found[one.name] += window_hits(one, length)
    shares = {name: float(np.mean(held)) for name, held in found.items() if len(held) >= FEWEST_WINDOWS}
    name = min(shares, key=shares.__getitem__)
    together = np.concatenate([*found.values()])
    return ClaimFinding(
        value=100 * shares[name], n=len(together), detail=f"least: {name}; {100 * together.mean():.1f} % in all"
    )


CLAIMS = (
    *(
        Claim(
            f"interval_of_{kind.replace(' ', '_')}",
            f"Simulated {kind}: intervals hold the truth with 3 to 30 steps and correlations of 0 to .6.",
            "intervals.md, How well they hold",
            "%",
            (90.0, None),
            partial(simulated, kind),
        )
        for kind in KINDS
    ),
    Claim(
        "interval_of_windows",
        "Intervals of 5 to 20 steps hold the mean of the rest of their trial, for every metric.",
        "intervals.md, How well they hold",
        "%",
        (88.0, None),
        windows,
        folders=("rbds", "rbds_more", "hamner2013"),
    ),
)
