"""A measured runner as a start of the atlas: the price on joint angles that are not the runner's is taken away bit by bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.fit.fit_body import fit_body
from headway.fit.own_stride import own_stride
from headway.gait.runner import Runner
from headway.recording import FloatArray
from headway.simulation.blocks import BlockFamily
from headway.simulation.conditions import CONDITIONS
from headway.simulation.contact import Ground
from headway.simulation.effort import COSTS
from headway.simulation.solution import Solution
from headway.simulation.solve import solve_step
from headway.simulation.step import StepProblem
from headway.simulation.stride import exchanged, fitted
from headway.simulation.track import track
from simulation_kept import KeptSolutions

RUNNERS = {"run300": ("hamner2013/subject04/trials/run300/markers.trc", Runner(1.772, 76.0), 3.0)}
"""Recording, runner, and the speed at which the start is, m/s."""
PRICES = (100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.0)
"""Of squared angles off the runner's, per rad²; running itself costs about 2."""


class NearProblem(StepProblem):
    """A step's program with a price on height and joint angles that are not given ones, shape (nodes, coordinates)."""

    def __init__(self, skeleton: Skeleton, intervals: int, ground: Ground, angles: FloatArray, price: float) -> None:
        super().__init__(skeleton, intervals, ground)
        self.angles, self.price = angles, price

    def families(self) -> list[BlockFamily]:
        """Those of a step, and the distance."""
        known = ca.SX.sym("angles", self.angles.shape[1])
        apart = (self._local.q - known)[3:]
        cost, none = self.price * ca.sumsqr(apart) / self.nodes, np.zeros(0)
        near = BlockFamily(
            "near", self._local.all, cost, ca.SX(0, 1), self.rows, none, none, known=known, data=self.angles
        )
        return [*super().families(), near]


def mirrored_mean(stride: Solution, problem: StepProblem) -> tuple[FloatArray, FloatArray]:
    """Decision variables of the step that is the mean of a stride and its mirror image, on the problem's body, and its angles."""
    own = fitted(stride, problem.skeleton)
    both = own, exchanged(own)
    phases = np.arange(4 * problem.intervals) / (4 * problem.intervals)
    motion = [one.state(phases * one.step_time).q for one in both]
    for q in motion:
        q[:, 0] -= own.speed * phases * own.step_time
    layout = problem.layout
    out = np.zeros(layout.size)
    out[: layout.coefficients] = problem.splines.fit(phases, np.mean(motion, axis=0))
    out[layout.forces] = np.mean([one.sole_force[: problem.nodes] for one in both], axis=0).ravel()
    out[layout.step_time], out[layout.speed] = own.step_time, own.speed
    angles = problem.splines.rows(problem.phases) @ out[: layout.coefficients]
    return problem.taut(out), angles


def measured_start(kept: KeptSolutions, name: str, data: Path, mesh: int) -> Solution | None:
    """The free step that a measured runner's becomes when nothing is tracked any more; ``None`` where that does not end."""
    path, runner, speed = RUNNERS[name]
    stride = track(own_stride(fit_body(data / path, runner, workers=1)), intervals=mesh)
    plain = StepProblem(kept.skeleton, mesh, kept.ground)
    first, angles = mirrored_mean(stride, plain)
    return without_tracking(kept, name, speed, mesh, first, angles)


def without_tracking(
    kept: KeptSolutions, name: str, speed: float, mesh: int, first: FloatArray, angles: FloatArray
) -> Solution | None:
    """From near given angles to nothing tracked; a price that fails is left out."""
    at: FloatArray | Solution = first
    for price in PRICES:
        problem = NearProblem(kept.skeleton, mesh, kept.ground, angles, price)
        found = solve_step(problem, CONDITIONS["free"], COSTS["effort"], speed, start=at)
        print(f"{name}, price {price:g}: {found.quality.status}, {found.quality.iterations} iterations", flush=True)
        if found.quality.solved:
            at = found
    if not isinstance(at, Solution):
        return None
    return kept.solve(name, CONDITIONS["free"], COSTS["effort"], speed, mesh, replace(at, multipliers=None))
