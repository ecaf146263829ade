"""A whole simulation: conditions, variants of what is not known of a runner, and what holds in all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import Condition
from headway.simulation.effort import COSTS, CostFunction
from headway.simulation.solution import Solution


@dataclass(frozen=True)
class Variant:
    """One choice of what nobody knows exactly.

    Attributes
    ----------
    cost
        What the runner spares.
    neck
        Factor on the neck stiffness of every condition.
    """

    cost: CostFunction
    neck: float = 1.0

    @property
    def words(self) -> str:
        """For a person."""
        return f"cost {self.cost.name}" if self.neck == 1.0 else f"neck stiffness × {self.neck:g}"


LEAD = Variant(COSTS["effort"])
VARIANTS = (
    LEAD,
    Variant(COSTS["work"]),
    Variant(COSTS["fatigue"]),
    Variant(COSTS["effort"], 0.6),
    Variant(COSTS["effort"], 1.8),
)
"""Three cost functions and three neck stiffnesses; the first leads."""


@dataclass(frozen=True)
class Plan:
    """What is to be simulated.

    Attributes
    ----------
    skeleton
        Who runs.
    speed
        m/s.
    conditions
        The first is the one that others are compared with.
    variants
        The first leads.
    intervals
        Spline intervals in a step.
    starts
        Cold starts of the first condition.
    same_effort
        Also find the speed that each condition allows at the first one's effort.
    """

    skeleton: Skeleton
    speed: float
    conditions: tuple[Condition, ...]
    variants: tuple[Variant, ...] = VARIANTS
    intervals: int = 18
    starts: int = 2
    same_effort: bool = True


@dataclass(frozen=True)
class Difference:
    """One outcome of one condition against the first condition.

    Attributes
    ----------
    condition, outcome
        Names.
    value, reference
        In the leading variant, SI.
    differences
        Condition minus reference in each variant that has both, by the variant's words.
    robust
        Whether all variants agree in sign and none of the differences is within the solver's own error.
    verdict
        One line: ``robust: higher``, ``depends on the cost function``, ``no difference``.
    """

    condition: str
    outcome: str
    value: float
    reference: float
    differences: dict[str, float]
    robust: bool
    verdict: str


@dataclass(frozen=True)
class Simulation:
    """Everything that was found.

    Attributes
    ----------
    plan
        What was asked.
    solutions
        By the variant's place in the plan and the condition's name; a condition without a solution is missing.
    refused
        Why a condition has none, by name.
    differences
        Every outcome of every condition against the first.
    speeds
        Speed that each condition allows at the first one's effort, m/s, by variant's words and condition.
    starts
        Objective of each cold start of the first condition (leading variant).
    mesh
        Relative change of each outcome of the first condition on a mesh 1.5 times as fine.
    interrupted
        Whether the user stopped it: what was finished is here.
    """

    plan: Plan
    solutions: dict[tuple[int, str], Solution]
    refused: dict[str, str]
    differences: tuple[Difference, ...]
    speeds: dict[str, dict[str, float]] = field(default_factory=dict)
    starts: tuple[float, ...] = ()
    mesh: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False

    def lead(self, condition: str) -> Solution | None:
        """Solution of a condition in the leading variant."""
        return self.solutions.get((0, condition))
