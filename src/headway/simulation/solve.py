"""Solve a running step with IPOPT, with progress, and from where an earlier solution ended."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import casadi as ca
import numpy as np

from headway.recording import FloatArray
from headway.simulation.conditions import HANDS_ON_HIPS, Condition
from headway.simulation.effort import CostFunction
from headway.simulation.guess import cold_guess
from headway.simulation.solution import Quality, Solution, neck_values
from headway.simulation.step import FORCES, StepProblem

ROOM = ((-0.3, 0.3), (0.4, 1.6), (-0.3, 0.3), (-0.6, 0.4), (-0.25, 0.25), (-0.25, 0.25))
"""Where the pelvis may be: forward of the mean, height, sideways (m), pitch, roll, yaw (rad)."""
STEP_TIME = (0.15, 0.6)
COLD, WARM = 0.1, 1e-4
"""First barrier parameter from a guess and from a solution."""
LIMIT = 400


@dataclass(frozen=True)
class Progress:
    """Where the solver is: iteration, greatest constraint violation, seconds since the start."""

    iteration: int
    infeasibility: float
    seconds: float


Listener = Callable[[Progress], None]


class Interrupted(Exception):
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
    """Find the step that costs least.

    Parameters
    ----------
    problem
        Body and mesh.
    condition, cost
        What is asked and what is spared.
    speed
        m/s.
    start
        A solution to start from, or unknowns; a cold start otherwise.
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
    warm = isinstance(start, Solution)
    first = cold_guess(problem, speed, seed) if start is None else transferred(problem, start, speed)
    lower, upper = unknown_bounds(problem, condition, speed)
    low, high = constraint_bounds(problem, condition)
    watcher = _Watcher(problem, low, high, listener)
    began = time.monotonic()
    solver = problem.program.solver(_options(WARM if warm else COLD, iterations), watcher)
    parameters = np.concatenate([cost.values(), neck_values(problem.skeleton, condition)])
    with _noticed(watcher):
        found = solver(x0=np.clip(first, lower, upper), p=parameters, lbx=lower, ubx=upper, lbg=low, ubg=high)
    if watcher.stopped:
        raise Interrupted
    stats, unknowns = solver.stats(), np.asarray(found["x"]).ravel()
    history = stats["iterations"]
    quality = Quality(
        str(stats["return_status"]),
        bool(stats["success"]),
        int(stats["iter_count"]),
        time.monotonic() - began,
        violation(np.asarray(found["g"]).ravel(), low, high),
        float(history["inf_du"][-1]) if history.get("inf_du") else float("nan"),
    )
    price = float(np.asarray(found["lam_x"]).ravel()[problem.layout.speed])
    return Solution(
        problem.skeleton, condition, cost, problem.model.ground, problem.intervals, unknowns, float(found["f"]),
        -price, quality,
    )  # fmt: skip


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
    if barrier < COLD:
        ipopt |= {"warm_start_init_point": "yes", "warm_start_bound_push": 1e-6, "warm_start_mult_bound_push": 1e-6}
    return {"ipopt": ipopt, "print_time": False, "error_on_fail": False}


def violation(values: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Greatest amount by which values are outside their bounds."""
    return float(np.maximum(np.maximum(lower - values, values - upper), 0.0).max())


def transferred(problem: StepProblem, start: FloatArray | Solution, speed: float) -> FloatArray:
    """Unknowns of a solution for another mesh, body or speed."""
    if not isinstance(start, Solution):
        return start
    layout = problem.layout
    if start.intervals == problem.intervals:
        out = start.unknowns.copy()
    else:
        phases = np.arange(4 * problem.intervals) / (4 * problem.intervals)
        state = start.state(phases * start.step_time)
        state.q[:, 0] -= start.speed * state.time
        out = np.empty(layout.size)
        out[: layout.coefficients] = problem.splines.fit(phases, state.q, smooth=1e-9)
        old, new = np.append(start.times / start.step_time, 1.0), problem.phases
        force = np.vstack([start.sole_force, np.zeros(FORCES)])
        out[layout.forces] = np.stack([np.interp(new, old, column) for column in force.T], axis=1).ravel()
        out[layout.step_time] = start.step_time
    out[layout.speed] = speed
    return out


def unknown_bounds(problem: StepProblem, condition: Condition, speed: float) -> tuple[FloatArray, FloatArray]:
    """Bounds of the unknowns: a spline stays within the range of its coefficients."""
    layout, skeleton = problem.layout, problem.skeleton
    lower, upper = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
    scale = skeleton.plan.scale
    for name, (first, number) in problem.splines.columns.items():
        k = skeleton.index(name)
        one, part = skeleton.coordinates[k], slice(first, first + number)
        if k < len(ROOM):
            size = scale if one.kind == "slide" else 1.0
            lower[part], upper[part] = ROOM[k][0] * size, ROOM[k][1] * size
        else:
            lower[part], upper[part] = one.lower, one.upper
        stem = name.removesuffix("_right")
        if condition.hands_on_hips and stem in HANDS_ON_HIPS:
            lower[part] = upper[part] = np.radians(HANDS_ON_HIPS[stem])
    soles = problem.instants * FORCES // 3
    lower[layout.forces] = np.tile([-4.0, -0.01, -4.0], soles)
    upper[layout.forces] = np.tile([4.0, 6.0, 4.0], soles)
    lower[layout.step_time], upper[layout.step_time] = STEP_TIME
    lower[layout.speed] = upper[layout.speed] = speed
    return lower, upper


def constraint_bounds(problem: StepProblem, condition: Condition) -> tuple[FloatArray, FloatArray]:
    """Bounds of the constraints under a condition."""
    lower, upper = [], []
    for family in problem.program.families:
        shape = (1 if family.summed else family.blocks, family.constraints.shape[0])
        low, high = (np.broadcast_to(bound, shape).copy() for bound in (family.lower, family.upper))
        if family.name == "motion" and condition.held:
            low[:, -1] = high[:, -1] = 0.0
        if family.name == "midstance":
            if condition.stacked:
                low[:, 2] = high[:, 2] = 0.0
            if condition.step_width is not None:
                low[:, 3] = high[:, 3] = condition.step_width
        if family.name == "means" and condition.lean is not None:
            low[:], high[:] = condition.lean, condition.lean
        lower.append(low.ravel())
        upper.append(high.ravel())
    return np.concatenate(lower), np.concatenate(upper)


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
    """Let Ctrl-C end the solver after its iteration: an exception that comes up within IPOPT's own code would be lost there."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT) if main else None
    if before is not signal.default_int_handler:  # a worker that leaves Ctrl-C to its parent
        yield
        return

    def stop(*_: object) -> None:
        watcher.stopped = True

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
