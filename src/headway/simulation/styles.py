"""Styles of running: local solutions at many speeds that ship with Headway, made by ``benchmarks/simulation_atlas.py``.

One cost has several kinds of running that no small change makes cheaper. Simulations start from these instead of from nothing, and a
conclusion that one of them contradicts is said to depend on the style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.solution import Solution
from headway.simulation.summary import Quality

STYLES = "running_styles.npz"
COMPARED = (2.0, 5.0)
"""Speeds at which the leading style was held against people, m/s; it is known beyond (``docs/evidence/simulation.md``)."""


@dataclass(frozen=True)
class Style:
    """One style.

    Attributes
    ----------
    name
        For people.
    intervals
        Spline intervals in the step.
    speeds
        m/s, ascending, shape (n,).
    variables
        Decision variables at these speeds, shape (n, size).
    """

    name: str
    intervals: int
    speeds: FloatArray
    variables: FloatArray

    def near(self, skeleton: Skeleton, ground: Ground, speed: float) -> Solution:
        """The step between those of the nearest speeds, on another body, to start from: it does not obey the laws there yet.

        Parameters
        ----------
        skeleton, ground
            Who is to run, with toes, and on what.
        speed
            m/s.
        """
        last = len(self.speeds) - 1
        place = float(np.interp(speed, self.speeds, np.arange(last + 1)))
        low, high = int(place), min(int(place) + 1, last)
        between = self.variables[low] + (place - low) * (self.variables[high] - self.variables[low])
        begun = Quality("begun", False, 0, 0.0, float("nan"), float("nan"))
        parts = skeleton, CONDITIONS["free"], COSTS["effort"], ground, self.intervals, between
        return Solution(*parts, float("nan"), float("nan"), begun)


@cache
def styles() -> tuple[Style, ...]:
    """All styles, the one that costs least first."""
    with (files("headway.data") / STYLES).open("rb") as file, np.load(file) as data:
        return tuple(
            Style(str(name), int(data["intervals"]), data[f"speeds {name}"], data[f"variables {name}"].astype(float))
            for name in data["names"]
        )


def beyond_words(speeds: Sequence[float]) -> list[str]:
    """A line where a speed lies beyond those at which the leading style was held against people.

    >>> beyond_words([3.5])
    []
    >>> beyond_words([1.5])
    ['this model was held against people from 2 to 5 m/s: what is found beyond has been compared with no runner']
    """
    slowest, fastest = COMPARED
    if all(slowest <= speed <= fastest for speed in speeds):
        return []
    told = "what is found beyond has been compared with no runner"
    return [f"this model was held against people from {slowest:g} to {fastest:g} m/s: {told}"]


def save_styles(path: Path, solutions: Mapping[str, list[Solution]]) -> None:
    """Write styles by name, the leading one first; their solutions are of one body and mesh, in the order of speed."""
    first = next(iter(solutions.values()))[0]
    arrays: dict[str, Any] = {"names": np.array(list(solutions)), "intervals": np.array(first.intervals)}
    for name, every in solutions.items():
        arrays[f"speeds {name}"] = np.array([one.speed for one in every])
        arrays[f"variables {name}"] = np.stack([one.variables for one in every]).astype(np.float32)
    np.savez_compressed(path, **arrays)
