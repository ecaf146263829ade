"""What a simulation is asked, in which variants, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS, CostFunction
from headway.simulation.solution import Solution
from headway.simulation.summary import ConditionDifference


@dataclass(frozen=True)
class Variant:
    """One choice of what nobody knows exactly.

    Attributes
    ----------
    cost
        What the runner spares.
    neck
        Factor on the neck stiffness of every condition.
    mesh
        Factor on the number of spline intervals.
    style
        Another style of running (:class:`headway.simulation.styles.Style`) to start from; empty for that of the leading variant.
    """

    cost: CostFunction
    neck: float = 1.0
    mesh: float = 1.0
    style: str = ""

    @property
    def words(self) -> str:
        """For a person."""
        if self.style:
            return f"style {self.style}"
        if self.mesh != 1.0:
            return f"mesh × {self.mesh:g}"
        return f"cost {self.cost.name}" if self.neck == 1.0 else f"neck stiffness × {self.neck:g}"

    @property
    def changes(self) -> str:
        """What it changes against the leading variant."""
        if self.style:
            return "style"
        if self.mesh != 1.0:
            return "the mesh"
        return "the cost function" if self.neck == 1.0 else "the neck stiffness"


LEAD = Variant(COSTS["effort"])
VARIANTS = (
    LEAD,
    Variant(COSTS["work"]),
    Variant(COSTS["fatigue"]),
    Variant(COSTS["no gaze"]),
    Variant(COSTS["effort"], neck=0.6),
    Variant(COSTS["effort"], neck=1.8),
    Variant(COSTS["effort"], mesh=1.5),
)
"""Four cost functions, one of them without a price on turning the head, three neck stiffnesses, two meshes; the first leads. Styles of
running come with them where there are any."""


@dataclass(frozen=True)
class SweepPlan:
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
        Also find the speed that each condition allows at the first one's cost.
    ground
        Under the foot.
    begin
        Solution to begin with instead of cold starts (a tracked runner, a style, or an earlier solution). One that was solved for just what
        is asked counts as found.
    begun
        What that is, in words.
    styles
        Solutions to begin the variants of other styles with, by the style's name.
    steps
        1 for steps that are each other's mirror image, 2 for strides of two.
    """

    skeleton: Skeleton
    speed: float
    conditions: tuple[Condition, ...]
    variants: tuple[Variant, ...] = VARIANTS
    intervals: int = 20
    starts: int = 2
    same_effort: bool = True
    ground: Ground = field(default_factory=Ground)
    begin: Solution | None = None
    begun: str = ""
    styles: Mapping[str, Solution] = field(default_factory=dict)
    steps: int = 1


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
        Why a condition has none in the leading variant, by name.
    differences
        Every outcome of every condition against the first.
    speeds
        Speed that each condition allows at the first one's cost, m/s, by variant's words and condition.
    starts
        Cost of each cold start of the first condition (leading variant); NaN for one that found nothing.
    mesh
        Relative change of each outcome of the first condition on the finer mesh.
    interrupted
        Whether the user stopped it: what was finished is here.
    """

    plan: SweepPlan
    solutions: dict[tuple[int, str], Solution]
    refused: dict[str, str]
    differences: tuple[ConditionDifference, ...]
    speeds: dict[str, dict[str, float]] = field(default_factory=dict)
    starts: tuple[float, ...] = ()
    mesh: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False

    def lead(self, condition: str) -> Solution | None:
        """Solution of a condition in the leading variant."""
        return self.solutions.get((0, condition))
