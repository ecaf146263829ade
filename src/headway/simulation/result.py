"""What a simulation found, at one speed or at several, as its summary tells it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from headway.body.skeleton import Skeleton
from headway.plain import settled
from headway.simulation.balance import balances
from headway.simulation.conditions import condition_words
from headway.simulation.motion import SolvedStride, motion
from headway.simulation.outcome import OUTCOMES
from headway.simulation.plan import LEAD, Simulation
from headway.simulation.request import SimulationRequest, Sweep
from headway.simulation.solution import Solution
from headway.simulation.stride import mean_outcomes, side_outcomes
from headway.simulation.summary import (
    RECORDED,
    SCHEMA,
    ConditionDifference,
    ConditionWords,
    PlanTold,
    SimulatedRunner,
    SimulationSummary,
    SolvedCondition,
    SolverTrust,
    TrackingReport,
    UnsolvedCondition,
)
from headway.simulation.verdict import SAME
from headway.version import VERSION

COARSE = ", but smaller than the mesh error"
"""What a verdict adds to a robust difference that a finer mesh changes by more than itself."""


@dataclass(frozen=True)
class SimulationRun:
    """One run: the conditions that are compared with each other, and what became of them."""

    request: SimulationRequest
    simulation: Simulation

    @property
    def first(self) -> str:
        """Full name of the condition that the others are compared with."""
        return self.simulation.plan.conditions[0].name + self.request.suffix


@dataclass(frozen=True)
class Result:
    """All runs.

    Attributes
    ----------
    skeleton
        Who runs.
    sweep
        The option that was swept, if any.
    runs
        One per set of conditions that are compared with each other.
    recording
        Name of the recording that it began from, empty without one.
    tracked
        The stride that was found nearest to that recording.
    tracking
        How near to the recording that is.
    """

    skeleton: Skeleton
    sweep: Sweep | None
    runs: tuple[SimulationRun, ...]
    recording: str = ""
    tracked: Solution | None = None
    tracking: TrackingReport | None = None

    @cached_property
    def solutions(self) -> dict[str, Solution]:
        """Solutions in the leading variant, by the conditions' full names."""
        out = {} if self.tracked is None else {RECORDED: self.tracked}
        for one in self.runs:
            for condition in one.simulation.plan.conditions:
                solution = one.simulation.lead(condition.name)
                if solution is not None:
                    out[condition.name + one.request.suffix] = solution
        return out

    @cached_property
    def motions(self) -> dict[str, SolvedStride]:
        """A stride of each of them."""
        return {name: motion(solution) for name, solution in self.solutions.items()}

    @cached_property
    def summary(self) -> SimulationSummary:
        """The contents of ``summary.json``."""
        return settled(
            SimulationSummary(
                schema=SCHEMA,
                headway=VERSION,
                kind="simulation",
                runner=SimulatedRunner(
                    height=self.skeleton.plan.height,
                    mass=self.skeleton.mass,
                    sex=self.skeleton.plan.sex,
                    recording=self.recording or None,
                ),
                plan=self._plan(),
                outcomes=OUTCOMES,
                conditions=self._conditions(),
                differences=self._differences(),
                same_effort=self._speeds(),
                tracking=self.tracking,
                trust=[
                    SolverTrust(condition=one.first, starts=list(one.simulation.starts), mesh=one.simulation.mesh)
                    for one in self.runs
                ],
                stopped=any(one.simulation.interrupted for one in self.runs),
            )
        )

    def _plan(self) -> PlanTold:
        first = self.runs[0].simulation
        variants = first.plan.variants
        return PlanTold(
            speeds=list(dict.fromkeys(one.simulation.plan.speed for one in self.runs)),
            sweep=self.sweep,
            heads=self._heads(),
            variants=[variant.words for variant in variants],
            costs=list(dict.fromkeys(variant.cost.name for variant in variants)),
            necks=list(dict.fromkeys(variant.neck for variant in variants)),
            styles=[variant.style for variant in variants if variant.style],
            lead=LEAD.words,
            intervals=first.plan.intervals,
            starts=len(first.starts),
            begun_from=self._begun(),
            same_effort=first.plan.same_effort,
            smallest_difference=SAME,
        )

    def _begun(self) -> str:
        first = self.runs[0].simulation
        cold = first.plan.begin is None or bool(first.starts)  # what could not be begun from a solution was begun cold
        return "cold" if cold else self.recording or first.plan.begun

    def _heads(self) -> list[ConditionWords]:
        """What is asked of the runner in each condition, but for the option that is swept."""
        swept = "" if self.sweep is None else self.sweep.word
        told = {
            condition.name.partition(f" {swept}=")[0]: condition_words(condition, swept=swept)
            for one in self.runs
            for condition in one.simulation.plan.conditions
        }
        return [ConditionWords(name=name, words=words) for name, words in told.items()]

    def _conditions(self) -> list[SolvedCondition | UnsolvedCondition]:
        out: list[SolvedCondition | UnsolvedCondition] = []
        if self.tracked is not None:
            words = f"the runner of {self.recording}, tracked"
            out.append(_solved(self.tracked, name=RECORDED, words=words, reference=None))
        for one in self.runs:
            for condition in one.simulation.plan.conditions:
                demands = asdict(condition)
                name = demands.pop("name") + one.request.suffix
                demands |= {"name": name, "words": condition_words(condition), "reference": one.first}
                if name in self.solutions:
                    out.append(_solved(self.solutions[name], **demands))
                else:
                    why = one.simulation.refused.get(condition.name, "it was not reached before the run was stopped")
                    out.append(UnsolvedCondition(speed=one.simulation.plan.speed, why=why, **demands))
        return out

    def _differences(self) -> list[ConditionDifference]:
        return [
            replace(
                difference,
                verdict=_verdict(difference, one.simulation.mesh.get(difference.outcome)),
                condition=difference.condition + one.request.suffix,
                against=one.first,
            )
            for one in self.runs
            for difference in one.simulation.differences
        ]

    def _speeds(self) -> dict[str, dict[str, float]]:
        out: dict[str, dict[str, float]] = {}
        for one in self.runs:
            for variant, speeds in one.simulation.speeds.items():
                named = {name + one.request.suffix: speed for name, speed in speeds.items()}
                out.setdefault(variant, {}).update(named)
        return out


def _solved(solution: Solution, **told: Any) -> SolvedCondition:
    return SolvedCondition(
        speed=solution.speed,
        objective=solution.objective,
        quality=solution.quality,
        outcomes=mean_outcomes(solution),
        sides=side_outcomes(solution) if solution.steps == 2 else None,
        balances=balances(solution),
        **told,
    )


def _verdict(difference: ConditionDifference, mesh: float | None) -> str:
    """The verdict, and whether a finer mesh changes the first condition's value by more than the difference."""
    size, reference = difference.size, difference.reference
    if mesh is None or size is None or reference is None or not difference.verdict.startswith("robust"):
        return difference.verdict
    return difference.verdict + (COARSE if abs(size) < abs(mesh * reference) else "")
