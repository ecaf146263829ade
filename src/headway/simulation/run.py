"""A whole simulation: conditions, variants of what nobody knows of a runner, and what holds in all of them."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS, CostFunction
from headway.simulation.outcome import OUTCOMES, outcomes
from headway.simulation.solution import Solution
from headway.simulation.task import Task
from headway.simulation.verdict import Difference, judge
from headway.simulation.workers import Keeper, Listener, Workers

BETTER = 1e-5
"""Relative gain that makes it worth while."""
EASY = 3.5
"""Speed from which a cold start nearly always succeeds, m/s; others are reached from there if their own fails."""
STRIDE = 0.5
"""Steps of speed on that way, m/s."""


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
    """

    cost: CostFunction
    neck: float = 1.0
    mesh: float = 1.0

    @property
    def words(self) -> str:
        """For a person."""
        if self.mesh != 1.0:
            return f"mesh × {self.mesh:g}"
        return f"cost {self.cost.name}" if self.neck == 1.0 else f"neck stiffness × {self.neck:g}"

    @property
    def changes(self) -> str:
        """What it changes against the leading variant."""
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
"""Four cost functions, one of them without a price on turning the head, three neck stiffnesses, two meshes; the first leads."""


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
        Also find the speed that each condition allows at the first one's cost.
    ground
        Under the foot.
    begin
        Solution to begin with instead of cold starts (a tracked runner, or an earlier solution).
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


def simulate(plan: Plan, workers: int = 1, listener: Listener | None = None) -> Simulation:
    """Solve every condition in every variant and compare them.

    Parameters
    ----------
    plan
        What is asked.
    workers
        Processes.
    listener
        Told of the progress.

    Notes
    -----
    The first condition is started cold several times; the cheapest goes on. In every variant the others start from the first, and the first is
    tried again from each of them; if that is cheaper, all start again from there. So all are solutions of one kind of running: with many local
    solutions a difference means something only then.
    """
    run = _Run(plan, Workers(workers, listener))
    interrupted = True
    try:
        run.lead()
        run.variants()
        if plan.same_effort:
            run.same_effort()
        interrupted = False
    except KeyboardInterrupt:
        pass
    except BrokenProcessPool:
        run.lost()
    finally:
        run.workers.close(now=interrupted)
    return run.result(interrupted=interrupted)


class _Run:
    def __init__(self, plan: Plan, workers: Workers) -> None:
        self.plan, self.workers = plan, workers
        self.solutions: dict[tuple[int, str], Solution] = {}
        self.refused: dict[str, str] = {}
        self.speeds: dict[str, dict[str, float]] = {}
        self.starts: tuple[float, ...] = ()
        self.first = plan.conditions[0]

    def task(self, number: int, condition: Condition, start: Solution | None, **more: object) -> Task:
        plan, variant = self.plan, self.plan.variants[number]
        label = condition.name if number == 0 else f"{condition.name}, {variant.words}"
        asked = replace(condition, neck_stiffness=condition.neck_stiffness * variant.neck)
        intervals = round(plan.intervals * variant.mesh)
        task = Task(label, plan.skeleton, plan.ground, intervals, asked, variant.cost, plan.speed, start)
        return replace(task, **more)

    def lead(self) -> None:
        """All conditions in the leading variant."""
        best = self._begin()
        if best is not None:
            self._settle({0: best})

    def variants(self) -> None:
        """All conditions in the other variants."""
        best = self.solutions.get((0, self.first.name))
        if best is None:
            return
        numbers = list(range(1, len(self.plan.variants)))
        found = self.workers.run([self.task(k, self.first, best) for k in numbers])
        self._settle({k: one for k, one in zip(numbers, found, strict=True) if one.quality.solved})

    def _settle(self, firsts: dict[int, Solution]) -> None:
        """Solve all conditions from the first one's solution, by variant; again where another condition shows a cheaper way for the first."""
        for last in (False, True):
            asked = []
            for number, first in firsts.items():
                self._keep(number, self.first, first)
                others = [one for one in self.plan.conditions[1:] if number == 0 or (0, one.name) in self.solutions]
                asked += [(number, one) for one in others]
            tasks = [self.task(number, one, firsts[number]) for number, one in asked]
            found = self.workers.run(tasks, self._keeper(asked))
            if last:
                return
            pairs = [(number, one) for (number, _), one in zip(asked, found, strict=True) if one.quality.solved]
            back = self.workers.run([self.task(number, self.first, one) for number, one in pairs])
            cheaper = {}
            for (number, _), again in zip(pairs, back, strict=True):
                limit = cheaper.get(number, firsts[number]).objective
                if again.quality.solved and again.objective < limit - BETTER * abs(limit):
                    cheaper[number] = again
            firsts = cheaper

    def _begin(self) -> Solution | None:
        """The first condition's best start."""
        if self.plan.begin is not None:
            (found,) = self.workers.run([self.task(0, self.first, self.plan.begin)])
            if found.quality.solved:
                return found
        tasks = [self.task(0, self.first, None, seed=seed) for seed in range(max(self.plan.starts, 1))]
        # what the user stops is kept, the cheapest so far
        every = self.workers.run(tasks, lambda _, solution: self._keep_cheaper(solution))
        self.starts = tuple(one.objective if one.quality.solved else float("nan") for one in every)
        solved = [one for one in every if one.quality.solved]
        if solved:
            return min(solved, key=lambda one: one.objective)
        near = self._approach()
        if near is None:
            self._keep(0, self.first, every[0])
        return near

    def _keeper(self, asked: list[tuple[int, Condition]]) -> Keeper:
        return lambda k, solution: self._keep(*asked[k], solution)

    def _keep_cheaper(self, solution: Solution) -> None:
        before = self.solutions.get((0, self.first.name))
        if solution.quality.solved and (before is None or solution.objective < before.objective):
            self._keep(0, self.first, solution)

    def _approach(self) -> Solution | None:
        """Reach the speed in steps from an easy one."""
        speed, solution = EASY, None
        while True:
            (solution,) = self.workers.run([self.task(0, self.first, solution, speed=speed)])
            if not solution.quality.solved:
                return None
            if speed == self.plan.speed:
                return solution
            change = self.plan.speed - speed
            speed = self.plan.speed if abs(change) <= STRIDE else speed + (STRIDE if change > 0 else -STRIDE)

    def same_effort(self) -> None:
        """Speed of every condition at the cost of the first."""
        asked = [
            (number, one)
            for number in range(len(self.plan.variants))
            for one in self.plan.conditions[1:]
            if (number, one.name) in self.solutions and (number, self.first.name) in self.solutions
        ]
        tasks = []
        for number, one in asked:
            start = self.solutions[number, one.name]
            tasks.append(self.task(number, one, start, match=self.solutions[number, self.first.name].objective))

        def keep(k: int, solution: Solution) -> None:
            number, one = asked[k]
            if solution.quality.solved:
                self.speeds.setdefault(self.plan.variants[number].words, {})[one.name] = solution.speed

        self.workers.run(tasks, keep)

    def _keep(self, number: int, condition: Condition, solution: Solution) -> None:
        if solution.quality.solved:
            self.solutions[number, condition.name] = solution
            self.refused.pop(condition.name, None)
        else:
            self.solutions.pop((number, condition.name), None)
        if number == 0 and not solution.quality.solved:
            status = solution.quality.status.lower().replace("_", " ")
            self.refused[condition.name] = (
                f"no solution at {solution.speed:g} m/s ({status}, {solution.quality.iterations} iterations)"
            )

    def lost(self) -> None:
        """A process was killed: say so of everything that has no solution."""
        for one in self.plan.conditions:
            if (0, one.name) not in self.solutions:
                self.refused[one.name] = "a process was killed while it was solved (memory?): give --workers 1"

    def result(self, *, interrupted: bool) -> Simulation:
        """Everything so far."""
        found = {key: outcomes(solution) for key, solution in self.solutions.items()}
        kinds = {variant.words: variant.changes for variant in self.plan.variants}
        words = [variant.words for variant in self.plan.variants]
        differences = []
        for one in self.plan.conditions[1:]:
            if (0, one.name) not in found or (0, self.first.name) not in found:
                continue
            for outcome in (each.name for each in OUTCOMES):
                apart = {
                    words[k]: found[k, one.name][outcome] - found[k, self.first.name][outcome]
                    for k in range(len(words))
                    if (k, one.name) in found and (k, self.first.name) in found
                }
                reference = found[0, self.first.name][outcome]
                robust, verdict = judge(apart, reference, kinds, len(words))
                value = found[0, one.name][outcome]
                differences.append(Difference(one.name, outcome, value, reference, apart, robust, verdict))
        finer = next((k for k, variant in enumerate(self.plan.variants) if variant.mesh != 1.0), None)
        mesh = {}
        if finer is not None and (finer, self.first.name) in found:
            lead, fine = found[0, self.first.name], found[finer, self.first.name]
            mesh = {name: (fine[name] - value) / abs(value) if value else 0.0 for name, value in lead.items()}
        return Simulation(
            self.plan, self.solutions, self.refused, tuple(differences), self.speeds, self.starts, mesh, interrupted
        )
