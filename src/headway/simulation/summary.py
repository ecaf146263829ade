"""What a simulation found, typed: ``summary.json`` of a simulation is this file's :class:`SimulationSummary`; needs no CasADi."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msgspec import UNSET, UnsetType

from headway.recording import Side
from headway.results import Fields
from headway.simulation.request import Sweep
from headway.stored.result import Form

SCHEMA = 1
"""Number of the form of ``summary.json``; raised when a field changes its meaning or goes."""
WHOLE = "whole"
"""What the summary says of a condition that was analysed."""
Axes = tuple[float, float, float]
"""Forward, up, right."""


@dataclass(frozen=True)
class Quality:
    """How well a solution solves its problem.

    Attributes
    ----------
    status
        IPOPT's word.
    solved
        Whether it is a solution.
    iterations, seconds
        What it took.
    constraint_error
        Greatest violation of a constraint (shares of body weight, rad, m).
    optimality_error
        Greatest violation of the optimality conditions, scaled (Wächter & Biegler 2006, eq. 5).
    """

    status: str
    solved: bool
    iterations: int
    seconds: float
    constraint_error: float
    optimality_error: float


@dataclass(frozen=True)
class StepOutcome:
    """One number that a simulated step gives.

    Attributes
    ----------
    title
        Words for a person.
    unit
        SI; ``1`` for a pure number; BW, W/kg and N·m/kg where the field normalises.
    group
        Heading over it in the table of outcomes.
    """

    title: str
    unit: str
    group: Literal["effort", "step", "ground force", "joints", "head"]


@dataclass(frozen=True)
class ConditionDifference:
    """One outcome of one condition against the first condition.

    Attributes
    ----------
    condition, outcome
        Names.
    value, reference
        In the leading variant, SI; ``None`` (NaN while it is computed) where it cannot be measured.
    differences
        Condition minus reference in each variant that has both, by the variant's words; the leading one first.
    robust
        Whether the verdict holds in all variants.
    verdict
        ``robust: higher``, ``robust: lower``, ``no difference``, ``depends on ...`` or ``not tested``; ``higher in one style`` and the like
        where the choices agree but no other style of running was tried.
    against
        Name of the first condition.
    """

    condition: str
    outcome: str
    value: float | None
    reference: float | None
    differences: Mapping[str, float | None]
    robust: bool
    verdict: str
    against: str

    @property
    def size(self) -> float | None:
        """Condition minus reference; ``None`` where either cannot be measured."""
        return None if self.value is None or self.reference is None else self.value - self.reference


@dataclass(frozen=True)
class TrackingReport:
    """Distances between a tracked stride and the recording.

    Attributes
    ----------
    points
        Root mean square distance over the stride per point, m.
    joints, markers
        The same over all joint centres, and over all other points, m; ``None`` (NaN while it is computed) where there are no others.
    force
        Root mean square difference of the ground force over the stride, forward, up, right, body weights.
    stance_force
        The same over the measured stances.
    constraint_error
        Greatest violation of a constraint at the nodes at which the stride was solved.
    residual
        Root mean square force missing to equilibrium of the whole body at all times, between the nodes too, body weights.
    spread, asymmetry
        Root mean square distance of the recording's own frames from its mean stride over all joint centres, m; and that of each
        side's mean path from the mean of both sides, which is tracked.
    notes
        What could not be tracked, and what was assumed, in sentences.
    """

    points: dict[str, float]
    joints: float
    markers: float | None
    force: Axes
    stance_force: Axes
    constraint_error: float
    residual: float
    spread: float
    asymmetry: float
    notes: tuple[str, ...]


class SimulatedRunner(Fields, frozen=True, kw_only=True):
    """Who runs: height in m, mass in kg, and the recording that it began from, if any."""

    height: float
    mass: float
    sex: str | None
    recording: str | None


class ConditionWords(Fields, frozen=True, kw_only=True):
    """What a condition asks of the runner, in words."""

    name: str
    words: str


class PlanTold(Fields, frozen=True, kw_only=True):
    """What was to be simulated.

    Attributes
    ----------
    speeds
        m/s.
    sweep
        The option that was swept.
    heads
        The conditions, but for the option that is swept.
    variants, costs, necks, styles
        What was varied: words of each variant, names of its cost functions, factors on the neck stiffness, styles beside the leading one.
    lead
        The leading variant.
    intervals
        Spline intervals in a step.
    starts, begun_from
        Number of cold starts; ``cold``, or what it began from.
    same_effort
        Whether the speed at the first condition's cost was looked for.
    smallest_difference
        Share of the reference below which a difference is none.
    """

    speeds: list[float]
    sweep: Sweep | None
    heads: list[ConditionWords]
    variants: list[str]
    costs: list[str]
    necks: list[float]
    styles: list[str]
    lead: str
    intervals: int
    starts: int
    begun_from: str
    same_effort: bool
    smallest_difference: float


class ConditionTold(ConditionWords, frozen=True, kw_only=True, tag_field="status"):
    """A condition, as :class:`headway.simulation.conditions.Condition` demands it; demands are unset for a tracked recording.

    Attributes
    ----------
    reference
        Name of the condition that it is compared with.
    speed
        m/s.
    """

    reference: str | None
    neck_stiffness: float | UnsetType = UNSET
    held: bool | UnsetType = UNSET
    stacked: bool | UnsetType = UNSET
    arms: str | UnsetType = UNSET
    lean: float | UnsetType | None = UNSET
    step_width: float | UnsetType | None = UNSET
    longer_leg: float | UnsetType = UNSET
    ankle_strength: float | UnsetType = UNSET
    speed: float


class SolvedCondition(ConditionTold, frozen=True, kw_only=True, tag="solved"):
    """A condition with a solution.

    Attributes
    ----------
    objective, quality
        Value of the cost function, and how well it is solved.
    outcomes, balances
        By name: what the step gives, SI (of a stride, the mean of both legs), and how far it is from the laws it has to obey.
    sides
        Outcomes of each leg's stance, where both steps were solved.
    folder, analysis
        Where its own analysis is, and :data:`WHOLE` or why there is none.
    """

    objective: float
    quality: Quality
    outcomes: Mapping[str, float | None]
    balances: Mapping[str, float | None]
    sides: Mapping[Side, Mapping[str, float | None]] | None = None
    folder: str | None = None
    analysis: str | None = None


class UnsolvedCondition(ConditionTold, frozen=True, kw_only=True, tag="no solution"):
    """A condition without a solution, and why."""

    why: str


class SolverTrust(Fields, frozen=True, kw_only=True):
    """First condition of a run: cost of each cold start (``None`` found nothing), relative change of each outcome on a finer mesh."""

    condition: str
    starts: list[float | None]
    mesh: Mapping[str, float | None]


class SimulationSummary(Fields, frozen=True, kw_only=True):
    """All that a simulation found, as in ``summary.json``.

    Attributes
    ----------
    schema, headway, kind
        Form of the file, and what wrote it.
    runner, plan
        Who ran, and what was asked.
    outcomes
        What the outcomes of conditions mean, by name.
    conditions
        One by one, in the order in which they were asked.
    differences
        Every outcome of every condition against the first.
    same_effort
        Speed that each condition allows at the first one's cost, m/s, by variant's words and condition.
    tracking
        How near the tracked step is to the recording.
    trust
        Cold starts and mesh change of each run.
    stopped
        Whether the user stopped it.
    """

    schema: int
    headway: str
    kind: Literal["simulation"]
    runner: SimulatedRunner
    plan: PlanTold
    outcomes: dict[str, StepOutcome]
    conditions: list[SolvedCondition | UnsolvedCondition]
    differences: list[ConditionDifference]
    same_effort: dict[str, dict[str, float]]
    tracking: TrackingReport | None
    trust: list[SolverTrust]
    stopped: bool

    @property
    def solved(self) -> list[SolvedCondition]:
        """Conditions that have a solution."""
        return [one for one in self.conditions if isinstance(one, SolvedCondition)]

    @property
    def unsolved(self) -> list[UnsolvedCondition]:
        """Conditions that have none."""
        return [one for one in self.conditions if isinstance(one, UnsolvedCondition)]

    @classmethod
    def load(cls, folder: str | Path) -> SimulationSummary:
        """Read the summary of a folder that ``headway simulate`` wrote.

        Raises
        ------
        RecordingError
            It is missing, damaged, or written by a later Headway.
        """
        return Form("simulate", "summary.json", cls, SCHEMA, "simulate it again").open(folder).summary
