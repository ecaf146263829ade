"""Legs that are not alike as a condition: which body runs then, and what its two steps give."""

from __future__ import annotations

import numpy as np

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import Condition
from headway.simulation.outcome import outcomes
from headway.simulation.solution import Solution
from headway.simulation.stride import longer_leg, side_outcomes, weaker_ankle

SHARED = ("effort", "positive_power", "work_per_metre")
"""Outcomes that belong to both legs' steps."""


def body_in(skeleton: Skeleton, condition: Condition) -> Skeleton:
    """The body that runs in a condition: with a longer right leg, or a weaker right ankle, if that is asked."""
    if condition.longer_leg:
        skeleton = longer_leg(skeleton, "right", condition.longer_leg)
    return weaker_ankle(skeleton, "right", condition.ankle_strength) if condition.ankle_strength != 1.0 else skeleton


def stride_outcomes(solution: Solution) -> dict[str, float]:
    """All outcomes of the right leg's step; what the whole body spends is the mean of both steps."""
    if solution.steps == 1:
        return outcomes(solution)
    legs = side_outcomes(solution)
    return legs["right"] | {name: float(np.mean([leg[name] for leg in legs.values()])) for name in SHARED}


def other_leg(solution: Solution) -> dict[str, float] | None:
    """Outcomes of the left leg's step, of its own alone; ``None`` where it is the mirror image of the right one's."""
    return None if solution.steps == 1 else side_outcomes(solution)["left"]
