"""What the same runner would do under a condition: a prediction that starts from the tracked step."""

from __future__ import annotations

from headway.simulation.conditions import Condition
from headway.simulation.effort import CostFunction
from headway.simulation.solution import Solution
from headway.simulation.solve import LIMIT, Listener, solve_step
from headway.simulation.step import StepProblem


def problem_of(tracked: Solution) -> StepProblem:
    """The optimal control problem of a tracked runner: own body, own sole and ground. Serves all conditions."""
    return StepProblem(tracked.skeleton, tracked.intervals, tracked.ground)


def predict_from(
    tracked: Solution,
    condition: Condition,
    cost: CostFunction,
    *,
    problem: StepProblem | None = None,
    speed: float | None = None,
    iterations: int = LIMIT,
    listener: Listener | None = None,
) -> Solution:
    """Predict a condition for the runner of a recording, at the recording's speed, starting from the tracked step.

    Parameters
    ----------
    tracked
        The tracked step, or an earlier prediction from it.
    condition, cost
        What is asked and what is spared; nothing is tracked any more.
    problem
        From :func:`problem_of`, to build it once for several conditions.
    speed
        m/s; that of the recording unless given.
    iterations, listener
        As :func:`headway.simulation.solve.solve_step` takes them.
    """
    problem = problem or problem_of(tracked)
    return solve_step(
        problem, condition, cost, tracked.speed if speed is None else speed,
        start=tracked, iterations=iterations, listener=listener,
    )  # fmt: skip
