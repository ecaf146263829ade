"""Claims about studies and norms: simulated runners whose slopes and places are known."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
from scipy.stats import norm

from headway.norms.bands import load_norms
from headway.norms.place import place
from headway.study.data import Table
from headway.study.norms import band_of
from headway.study.relations import within_slope
from headway.validation.claim import Claim, ClaimFinding

RUNNERS = (4, 8, 12, 20)
STUDIES, PLACED = 300, 40
SPEEDS, MIDDLE = (2.5, 3.5, 4.5), 3.5
BETWEEN, WITHIN = 1.0, 0.2
"""Standard deviation of the runners' levels, and of one recording."""
SLOPE, SLOPES = 0.5, 0.25
"""Mean and standard deviation of the runners' slopes, per m/s."""


def made_study(runners: int, random: np.random.Generator, *, even: bool) -> Table:
    """Recordings of runners with a level and a slope of their own; uneven: two to eight each, at speeds of their own."""
    rows = []
    for runner in range(runners):
        level, slope = BETWEEN * random.standard_normal(), SLOPE + SLOPES * random.standard_normal()
        low, high = random.uniform(2.0, 3.0), random.uniform(3.5, 5.0)
        speeds = np.array(SPEEDS) if even else random.uniform(low, high, int(random.integers(2, 9)))
        for speed in speeds:
            value = level + slope * (speed - MIDDLE) + WITHIN * random.standard_normal()
            rows.append((f"r{runner}", float(speed), value, "m", "measured"))
    return pd.DataFrame(rows, columns=["runner", "speed", "value", "unit", "status"])


def slopes_held(runners: int, studies: int, *, even: bool, seed: int = 0) -> float:
    """Share of studies whose interval of the slope within runners holds the mean slope of all runners."""
    random = np.random.default_rng([seed, runners, even])
    found = (within_slope(made_study(runners, random, even=even), mixed=False) for _ in range(studies))
    held = [one.ci95[0] <= SLOPE <= one.ci95[1] for one in found if one is not None]
    return float(np.mean(held))


def places_held(runners: int, studies: int, *, seed: int = 0) -> float:
    """Share of further runners, drawn from the same crowd, whose range of shares among the runners of a study holds their true share."""
    random, held = np.random.default_rng([seed, runners]), []
    shipped, spread = load_norms(), float(np.hypot(BETWEEN, WITHIN))
    for _ in range(studies):
        band = band_of(made_study(runners, random, even=True), MIDDLE)
        assert band is not None
        norms = msgspec.structs.replace(shipped, metrics={"made": band}, middle=MIDDLE)
        for value in spread * random.standard_normal(PLACED):
            found = place(norms, "made", float(value), MIDDLE)
            assert found is not None
            held.append(found.surely[0] <= norm.cdf(value / spread) <= found.surely[1])
    return float(np.mean(held))


def slopes(runners: int, _: Path) -> ClaimFinding:
    """Least share over even and uneven studies, %."""
    shares = {word: slopes_held(runners, STUDIES, even=word == "even") for word in ("even", "uneven")}
    word = min(shares, key=shares.__getitem__)
    return ClaimFinding(value=100 * shares[word], n=2 * STUDIES, detail=f"least in {word} studies")


def places(runners: int, studies: int, _: Path) -> ClaimFinding:
    """Share of further runners that are placed truly, %."""
    return ClaimFinding(value=100 * places_held(runners, studies), n=PLACED * studies)


CLAIMS = (
    *(
        Claim(
            f"slope_of_{runners}_runners",
            f"Studies of {runners} runners who differ in their slopes: the interval of the slope within runners holds the mean of all runners.",
            "guides/study.md, What is written",
            "%",
            (92.0, None),
            partial(slopes, runners),
        )
        for runners in RUNNERS
    ),
    *(
        Claim(
            f"place_among_{runners}",
            f"Among {runners} runners: the shares between which a further runner stands hold the true one.",
            "guides/norms.md",
            "%",
            (92.0, None),
            partial(places, runners, studies),
        )
        for runners, studies in ((12, 40), (20, 25))
    ),
)
