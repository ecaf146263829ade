"""A whole simulation: conditions, variants of what nobody knows of a runner, and what holds in all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from headway.simulation.conditions import Condition
from headway.simulation.outcome import OUTCOMES
from headway.simulation.plan import Simulation, SweepPlan
from headway.simulation.solution import Solution
from headway.simulation.solvers import Keeper, Listener, SolverLost, Solvers
from headway.simulation.stride import mean_outcomes
from headway.simulation.summary import ConditionDifference
from headway.simulation.task import Task, answers
from headway.simulation.verdict import judge

BETTER = 1e-5
"""Relative gain that makes it worth while."""
ALIKE = 1e-4
"""Relative difference of the cost up to which two solutions of one question are the same running."""
EASY = 3.5
"""Speed from which a cold start nearly always succeeds, m/s; others are reached from there if their own fails."""
STRIDE, SHORTEST = 0.5, 0.1
"""Steps of speed on that way, and the shortest that is tried, m/s: from 5 m/s on 0.25 is often too long."""


def simulate(plan: SweepPlan, workers: int = 1, listener: Listener | None = None) -> Simulation:
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
    solutions a difference means something only then. Other kinds are variants of their own. What fails is tried again from its neighbours.
    """
    run = _Run(plan, Solvers(workers, listener))
    interrupted = True
    try:
        run.lead()
        run.variants()
        if plan.same_effort:
            run.same_effort()
        interrupted = False
    except KeyboardInterrupt:
        pass
    except SolverLost:
        run.lost()
    finally:
        run.workers.close()
    return run.result(interrupted=interrupted)


def first_solutions(
    plans: Sequence[SweepPlan], workers: int, listener: Listener | None
) -> tuple[list[Solution | None], bool]:
    """First condition of every plan in the leading variant, side by side; and whether the user stopped it before the last.

    What fails is tried again from the nearest plan that has a solution.
    """
    runs = [_Run(plan, Solvers(1)) for plan in plans]
    out: list[Solution | None] = [None] * len(plans)
    solvers = Solvers(workers, listener)

    def solve(places: Sequence[int], starts: Sequence[Solution | None]) -> None:
        tasks = [runs[k].task(0, runs[k].first, start) for k, start in zip(places, starts, strict=True)]

        def keep(k: int, solution: Solution) -> None:
            out[places[k]] = solution if solution.quality.solved else None

        solvers.run(tasks, keep)

    try:
        solve(range(len(plans)), [plan.begin for plan in plans])
        solved = [k for k, one in enumerate(out) if one is not None]
        failed = [k for k, one in enumerate(out) if one is None] if solved else []
        solve(failed, [out[min(solved, key=lambda other, k=k: abs(other - k))] for k in failed])
    except (KeyboardInterrupt, SolverLost):
        return out, True
    finally:
        solvers.close()
    return out, False


class _Run:
    def __init__(self, plan: SweepPlan, workers: Solvers) -> None:
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
        return replace(task, steps=plan.steps, **more)

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
        starts = [self.plan.styles.get(self.plan.variants[k].style, best) for k in numbers]
        found = self.workers.run([self.task(k, self.first, start) for k, start in zip(numbers, starts, strict=True)])
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
            found = self._retried(asked, self.workers.run(tasks, self._keeper(asked)))
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

    def _retried(self, asked: list[tuple[int, Condition]], found: list[Solution]) -> list[Solution]:
        """Those without a solution again, from the nearest of the same variant that has one (in a sweep: of the nearest value)."""
        out = list(found)
        failed = [k for k, one in enumerate(found) if not one.quality.solved]
        starts = {k: self._nearest(asked, found, k) for k in failed}
        again = [k for k in failed if starts[k] is not None]
        tasks = [self.task(*asked[k], starts[k]) for k in again]
        for k, one in zip(again, self.workers.run(tasks, self._keeper([asked[k] for k in again])), strict=True):
            out[k] = one
        return out

    def _nearest(self, asked: list[tuple[int, Condition]], found: list[Solution], place: int) -> Solution | None:
        number, _ = asked[place]
        solved = [k for k, one in enumerate(found) if one.quality.solved and asked[k][0] == number]
        return found[min(solved, key=lambda k: abs(k - place))] if solved else None

    def _begin(self) -> Solution | None:
        """The first condition's best start."""
        if self.plan.begin is not None:
            task = self.task(0, self.first, self.plan.begin)
            if answers(task, self.plan.begin):
                return self.plan.begin
            (found,) = self.workers.run([task])
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
        """Reach the speed in steps from an easy one; a step that fails is halved until it is too short."""
        at, stride = EASY, STRIDE
        (solution,) = self.workers.run([self.task(0, self.first, None, speed=at)])
        while solution.quality.solved and at != self.plan.speed and stride >= SHORTEST:
            change = self.plan.speed - at
            speed = self.plan.speed if abs(change) <= stride else at + math.copysign(stride, change)
            (found,) = self.workers.run([self.task(0, self.first, solution, speed=speed)])
            if found.quality.solved:
                solution, at = found, speed
            else:
                stride /= 2
        return solution if solution.quality.solved and at == self.plan.speed else None

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

    def _own_styles(self) -> set[int]:
        """Variants of another style, without those that ended as the leading one's running: these are no second opinion."""
        first, out = self.solutions.get((0, self.first.name)), set()
        for k, variant in enumerate(self.plan.variants):
            one = self.solutions.get((k, self.first.name))
            same = first is not None and one is not None and abs(one.objective / first.objective - 1.0) < ALIKE
            if variant.style and not same:
                out.add(k)
        return out

    def lost(self) -> None:
        """A process was killed: say so of everything that has no solution."""
        for one in self.plan.conditions:
            if (0, one.name) not in self.solutions:
                self.refused[one.name] = "a process was killed while it was solved (memory?): give --workers 1"

    def result(self, *, interrupted: bool) -> Simulation:
        """Everything so far."""
        found = {key: mean_outcomes(solution) for key, solution in self.solutions.items()}
        kinds = {variant.words: variant.changes for variant in self.plan.variants}
        words = [variant.words for variant in self.plan.variants]
        own = self._own_styles()
        counted = [k for k, variant in enumerate(self.plan.variants) if not variant.style or k in own]
        differences = []
        for one in self.plan.conditions[1:]:
            if (0, one.name) not in found or (0, self.first.name) not in found:
                continue
            for outcome in OUTCOMES:
                apart = {
                    words[k]: found[k, one.name][outcome] - found[k, self.first.name][outcome]
                    for k in counted
                    if (k, one.name) in found and (k, self.first.name) in found
                }
                reference = found[0, self.first.name][outcome]
                robust, verdict = judge(apart, reference, kinds, len(counted), 1 + len(own))
                value = found[0, one.name][outcome]
                told = one.name, outcome, value, reference, apart, robust, verdict, self.first.name
                differences.append(ConditionDifference(*told))
        finer = next((k for k, variant in enumerate(self.plan.variants) if variant.mesh != 1.0), None)
        mesh = {}
        if finer is not None and (finer, self.first.name) in found:
            lead, fine = found[0, self.first.name], found[finer, self.first.name]
            mesh = {name: (fine[name] - value) / abs(value) if value else 0.0 for name, value in lead.items()}
        return Simulation(
            self.plan, self.solutions, self.refused, tuple(differences), self.speeds, self.starts, mesh, interrupted
        )
