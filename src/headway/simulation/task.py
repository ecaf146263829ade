"""One solution to be found, by itself: what a worker process is given and gives back."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache

from headway.body.skeleton import Skeleton
from headway.simulation.conditions import Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.solution import Solution
from headway.simulation.solve import LIMIT, Listener, solve_step
from headway.simulation.step import HALVES, StepProblem
from headway.simulation.stride import StrideProblem, fitted, longer_leg, weaker_ankle

MATCHED = 1e-4
"""Relative difference at which two values of the cost count as equal."""
TRIES = 4


@dataclass(frozen=True)
class Task:
    """A step to be solved.

    Attributes
    ----------
    label
        For the progress line.
    skeleton, ground, intervals
        Body, ground and mesh.
    condition, cost, speed
        What is asked.
    start
        Solution to start from; ``None`` is a cold start, disturbed by ``seed``.
    seed
        0 for the plain guess.
    match
        Value of the cost at which the speed is looked for; ``None`` solves at ``speed``.
    steps
        1 for a step whose mirror image follows, 2 for a stride.
    iterations
        Most iterations of the solver.
    """

    label: str
    skeleton: Skeleton
    ground: Ground
    intervals: int
    condition: Condition
    cost: CostFunction
    speed: float
    start: Solution | None = None
    seed: int = 0
    match: float | None = None
    steps: int = 1
    iterations: int = LIMIT

    @property
    def body(self) -> Skeleton:
        """Who runs in this condition: with a longer right leg, or a weaker right ankle, if that is asked."""
        asked, body = self.condition, self.skeleton
        if asked.longer_leg:
            body = longer_leg(body, "right", asked.longer_leg)
        return weaker_ankle(body, "right", asked.ankle_strength) if asked.ankle_strength != 1.0 else body


def perform(task: Task, listener: Listener | None = None) -> Solution:
    """Solve a task; with ``match``, at the speed whose cost that is (Newton's method with the price of speed)."""
    parts = HALVES if task.start is None else task.start.parts
    problem = _problem(_Body(task.body), task.ground, task.intervals, task.steps, parts)

    def solve(speed: float, start: Solution | None) -> Solution:
        asked = problem, task.condition, task.cost, speed
        return solve_step(*asked, start=start, seed=task.seed, iterations=task.iterations, listener=listener)

    if task.match is None or task.start is None:
        return solve(task.speed, _on_body(task))
    found = task.start
    for _ in range(TRIES):
        missing = task.match - found.objective
        if abs(missing) < MATCHED * task.match or found.speed_price <= 0:
            break
        change = max(-0.3, min(0.3, missing / found.speed_price))
        found = solve(found.speed + change, found)
        if not found.quality.solved:
            break
    close = abs(task.match - found.objective) < 10 * MATCHED * task.match
    return found if close else replace(found, quality=replace(found.quality, solved=False, status="speed not found"))


def answers(task: Task, solution: Solution) -> bool:
    """Whether a solution is one of this task, so that nothing is to be solved."""
    one = solution
    same = one.condition == replace(task.condition, name=one.condition.name) and one.cost == task.cost
    where = one.speed == task.speed and one.intervals == task.intervals and one.ground == task.ground
    return one.quality.solved and same and where and one.steps == task.steps and _Body(one.skeleton) == _Body(task.body)


def _on_body(task: Task) -> Solution | None:
    """The solution to start from; of a stride, on the legs that run."""
    start = task.start
    if start is None or start.steps > task.steps:
        return None  # no step is the mean of two unlike ones
    if task.steps == 1 or _Body(start.skeleton) == _Body(task.body):
        return start
    return fitted(start, task.body)


class _Body:
    """A skeleton as a key, by its numbers: they are arrays, which have no hash."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self._key = pickle.dumps((skeleton.bodies, skeleton.plan, skeleton.lengths))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Body) and other._key == self._key


@lru_cache(maxsize=4)
def _problem(body: _Body, ground: Ground, intervals: int, steps: int, parts: tuple[float, float]) -> StepProblem:
    if steps == 1:
        return StepProblem(body.skeleton, intervals, ground)
    return StrideProblem(body.skeleton, intervals, ground, parts)
