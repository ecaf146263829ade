"""Intervals of short windows of real trials hold the mean of the rest of their trial.

``HEADWAY_TEST_DATA=../shared/data pytest -m benchmark benchmarks/test_interval_windows.py -s`` prints the table; Dorn 2012 is too short to leave a
rest.
"""

import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from step_series import Series, all_series

from headway.statistics import REDUCERS, estimate, prior_of

pytestmark = pytest.mark.benchmark
DATA = Path(os.environ.get("HEADWAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
WINDOWS = (5, 8, 12, 20)
REST = 10
"""Fewest steps outside of the window, beside as many as in it."""


def hits(one: Series, length: int) -> list[bool]:
    """Whether each window's interval holds the rest's value."""
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


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no real recordings at {DATA}; set HEADWAY_TEST_DATA")
def test_windows_of_real_trials_hold_the_rest() -> None:
    found: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in all_series(DATA, 2 * min(WINDOWS) + REST):
        for length in WINDOWS:
            if len(one.side) >= 2 * length + REST:
                found[one.name][length] += hits(one, length)
    shares = {}
    for name, by_length in found.items():
        all_of = np.concatenate([np.array(by_length[length], bool) for length in WINDOWS])
        if len(all_of) < 200:
            continue
        shares[name] = float(all_of.mean())
        cells = " ".join(
            f"{100 * np.mean(by_length[length]):4.0f}" if by_length[length] else "   -" for length in WINDOWS
        )
        print(f"{name:40s} {cells}  all {100 * shares[name]:5.1f} of {len(all_of)}")
    together = np.concatenate([np.array(h, bool) for by in found.values() for h in by.values()])
    print(f"all {100 * together.mean():.1f} % of {len(together)} windows, least {100 * min(shares.values()):.1f} %")
    assert together.mean() >= 0.92
    assert min(shares.values()) >= 0.88
