"""Solve a running step with IPOPT, with progress, and from where an earlier solution ended."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.bounds import boxed, constraint_bounds, variable_bounds, violation
from headway.simulation.conditions import Condition, shoulder_price
from headway.simulation.effort import CostFunction
from headway.simulation.guess import cold_guess
from headway.simulation.solution import Solution, neck_values
from headway.simulation.step import StepProblem
from headway.simulation.stride import StrideProblem, fitted, unfolded
from headway.simulation.summary import Quality

COLD, WARM, PUSH = 0.1, 1e-6, 1e-8
"""First barrier parameter from given decision variables and from a solution, and how far a warm start is pushed off its bounds."""
NEAR, BOX, NEAR_ITERATIONS, AFTER = 0.01, 0.3, 150, 1e-3
"""A cold start first looks within a box about the guess (rad, m), at most so many iterations, then everywhere with this barrier: without the
box IPOPT strays to running with bent knees and other costly local solutions."""
LIMIT = 400
ENDINGS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
"""Signals that end a run: Ctrl-C, a polite kill, a closed terminal."""


@dataclass(frozen=True)
class Progress:
    """Where the solver is: iteration, greatest constraint violation, seconds since the start."""

    iteration: int
    infeasibility: float
    seconds: float


Listener = Callable[[Progress], None]


class Interrupted(KeyboardInterrupt):
    """The user stopped the solver."""


def solve_step(
    problem: StepProblem,
    condition: Condition,
    cost: CostFunction,
    speed: float,
    *,
    start: FloatArray | Solution | None = None,
    seed: int = 0,
    iterations: int = LIMIT,
    listener: Listener | None = None,
) -> Solution:
    """Find the step, or the stride of two, that costs least.

    Parameters
    ----------
    problem
        Body and mesh.
    condition, cost
        What is asked and what is spared.
    speed
        m/s.
    start
        A solution to start from, or decision variables; a cold start otherwise, of a stride by way of a step and its mirror image.
    seed
        Of the disturbance of a cold start.
    iterations
        Most iterations.
    listener
        Called at every iteration.

    Raises
    ------
    Interrupted
        The listener raised ``KeyboardInterrupt``.
    """
    if start is None and isinstance(problem, StrideProblem):
        plain = StepProblem(problem.skeleton, problem.intervals, problem.model.ground)
        begun = solve_step(plain, condition, cost, speed, seed=seed, iterations=iterations, listener=listener)
        start = fitted(begun, problem.skeleton)
    solver = _StepSolver(problem, condition, cost, speed, listener)
    if start is not None:
        known = isinstance(start, Solution)
        alike = known and (start.intervals, start.steps) == (problem.intervals, problem.splines.steps)
        multipliers = start.multipliers if isinstance(start, Solution) and alike else None
        first = transferred(problem, start, speed)
        return solver.solution(solver.run(first, WARM if known else COLD, iterations, multipliers=multipliers))
    guess = cold_guess(problem, speed, seed)
    near = solver.run(guess, NEAR, NEAR_ITERATIONS, within=BOX)
    return solver.solution(solver.run(near.variables, AFTER, iterations, before=near))


@dataclass(frozen=True)
class _IpoptOutcome:
    """Where IPOPT ended."""

    variables: FloatArray
    objective: float
    price: float
    quality: Quality
    multipliers: FloatArray


class _StepSolver:
    """One question to IPOPT: body, condition, cost, speed."""

    def __init__(
        self, problem: StepProblem, condition: Condition, cost: CostFunction, speed: float, listener: Listener | None
    ) -> None:
        self.problem, self.condition, self.cost = problem, condition, cost
        self.variable_bounds = variable_bounds(problem, condition, speed)
        self.constraint_bounds = constraint_bounds(problem, condition)
        self.watcher = _Watcher(problem, *self.constraint_bounds, listener)

    def run(
        self,
        first: FloatArray,
        barrier: float,
        iterations: int,
        *,
        within: float | None = None,
        before: _IpoptOutcome | None = None,
        multipliers: FloatArray | None = None,
    ) -> _IpoptOutcome:
        """Solve from given decision variables, if asked no farther from them than ``within`` (rad, m)."""
        problem, (lower, upper), (low, high) = self.problem, self.variable_bounds, self.constraint_bounds
        if within is not None:
            lower, upper = boxed(problem, lower, upper, first, within)
        began = time.monotonic()
        solver = problem.program.solver(_options(barrier, iterations), self.watcher)
        parameters = parameter_values(problem.skeleton, self.condition, self.cost)
        asked = {
            "x0": np.clip(first, lower, upper),
            "p": parameters,
            "lbx": lower,
            "ubx": upper,
            "lbg": low,
            "ubg": high,
        }
        if multipliers is not None:
            asked |= {"lam_g0": multipliers[: len(low)], "lam_x0": multipliers[len(low) :]}
        with _noticed(self.watcher):
            found = solver(**asked)
        if self.watcher.stopped:
            raise Interrupted
        stats = solver.stats()
        history = stats.get("iterations", {})  # none where the very first values are not finite
        quality = Quality(
            str(stats["return_status"]),
            bool(stats["success"]),
            int(stats["iter_count"]) + (before.quality.iterations if before else 0),
            time.monotonic() - began + (before.quality.seconds if before else 0.0),
            violation(np.asarray(found["g"]).ravel(), low, high),
            float(history["inf_du"][-1]) if history.get("inf_du") else float("nan"),
        )
        multipliers = np.concatenate([np.asarray(found[name]).ravel() for name in ("lam_g", "lam_x")])
        price = -float(multipliers[len(low) + problem.layout.speed])
        return _IpoptOutcome(np.asarray(found["x"]).ravel(), float(found["f"]), price, quality, multipliers)

    def solution(self, found: _IpoptOutcome) -> Solution:
        """What was found, as a solution."""
        problem = self.problem
        return Solution(
            problem.skeleton, self.condition, self.cost, problem.model.ground, problem.intervals, found.variables,
            found.objective, found.price, found.quality, found.multipliers, problem.splines.steps, problem.parts,
        )  # fmt: skip


def parameter_values(skeleton: Skeleton, condition: Condition, cost: CostFunction) -> FloatArray:
    """Values of :attr:`headway.simulation.step.StepProblem.parameters`."""
    return np.concatenate([cost.values(), neck_values(skeleton, condition), [shoulder_price(condition)]])


def _options(barrier: float, iterations: int) -> dict[str, Any]:
    ipopt = {
        "max_iter": iterations,
        "tol": 1e-5,
        "constr_viol_tol": 1e-7,
        "acceptable_tol": 1e-4,
        "acceptable_constr_viol_tol": 1e-6,
        "acceptable_iter": 12,
        "mu_init": barrier,
        "print_level": 0,
        "sb": "yes",
        "linear_solver": "mumps",
        "mumps_pivot_order": 5,  # nested dissection: four times as fast here as the default
    }
    if barrier <= WARM:
        pushed = ("bound_push", "bound_frac", "slack_bound_push", "slack_bound_frac", "mult_bound_push")
        ipopt |= {"warm_start_init_point": "yes"} | {f"warm_start_{name}": PUSH for name in pushed}
    elif barrier < COLD:
        ipopt |= {"warm_start_init_point": "yes", "warm_start_bound_push": 1e-6, "warm_start_mult_bound_push": 1e-6}
    return {"ipopt": ipopt, "print_time": False, "error_on_fail": False}


def transferred(problem: StepProblem, start: FloatArray | Solution, speed: float) -> FloatArray:
    """Decision variables of a solution for another mesh, body or speed."""
    if not isinstance(start, Solution):
        return start
    if start.steps < problem.splines.steps:
        start = unfolded(start)
    layout = problem.layout
    if start.intervals == problem.intervals:
        out = start.variables.copy()
    else:
        steps = problem.splines.steps
        phases = np.arange(4 * steps * problem.intervals) / (4 * problem.intervals)
        state = start.state(phases * start.step_time)
        state.q[:, 0] -= start.speed * state.time
        out = np.zeros(layout.size)
        out[: layout.coefficients] = problem.splines.fit(phases, state.q, smooth=1e-9)
        old, new = np.append(start.times / start.step_time, steps), problem.phases
        force = np.vstack([start.sole_force, np.zeros(layout.pushes)])
        out[layout.forces] = np.stack([np.interp(new, old, column) for column in force.T], axis=1).ravel()
        out[layout.step_time] = start.step_time
    out[layout.speed] = speed
    return problem.taut(out)


class _Watcher(ca.Callback):
    """Tells the listener of every iteration and stops the solver when the user asks for it."""

    def __init__(self, problem: StepProblem, low: FloatArray, high: FloatArray, listener: Listener | None) -> None:
        ca.Callback.__init__(self)
        self._sizes = {"x": problem.layout.size, "f": 1, "g": len(low), "lam_x": problem.layout.size, "lam_g": len(low)}
        self._sizes["lam_p"] = problem.parameters.shape[0]
        self._low, self._high, self._listener = low, high, listener
        self._began, self._count, self.stopped = time.monotonic(), 0, False
        self.construct("watcher", {})

    def get_n_in(self) -> int:
        return ca.nlpsol_n_out()

    def get_n_out(self) -> int:
        return 1

    def get_name_in(self, i: int) -> str:
        return ca.nlpsol_out(i)

    def get_name_out(self, i: int) -> str:
        return "stop"

    def get_sparsity_in(self, i: int) -> Any:
        return ca.Sparsity.dense(self._sizes.get(ca.nlpsol_out(i), 0), 1)

    def eval(self, arguments: Any) -> list[float]:
        values = np.asarray(arguments[2]).ravel()
        self._count += 1
        try:
            if self._listener is not None:
                passed = time.monotonic() - self._began
                self._listener(Progress(self._count, violation(values, self._low, self._high), passed))
        except KeyboardInterrupt:
            self.stopped = True
        return [float(self.stopped)]


@contextmanager
def _noticed(watcher: _Watcher) -> Iterator[None]:
    """Let Ctrl-C and signals to end stop the solver after its iteration: an exception that comes up within IPOPT's own code would be lost."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # of a worker too, that leaves Ctrl-C to its parent
        return
    before = {number: signal.getsignal(number) for number in ENDINGS}
    heard = {number: handler for number, handler in before.items() if callable(handler)}

    def stop(number: int, frame: FrameType | None) -> None:
        watcher.stopped = True
        with suppress(KeyboardInterrupt):
            heard[number](number, frame)  # who notes what came

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
