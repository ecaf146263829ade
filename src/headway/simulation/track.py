"""Track a recording: the motion nearest to a runner's mean step that this runner's skeleton can do with no residual forces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.blocks import Family, Program
from headway.simulation.conditions import CONDITIONS, Condition
from headway.simulation.contact import SOLES, Ground
from headway.simulation.effort import CostFunction
from headway.simulation.kinematics import posture
from headway.simulation.measured_step import MeasuredStep
from headway.simulation.runner_body import runner_skeleton, settled
from headway.simulation.solution import Solution
from headway.simulation.sole import Landing, fit_sole
from headway.simulation.solve import Listener, solve_step
from headway.simulation.splines import StepSplines
from headway.simulation.step import ANKLES_APART, CLEARANCE, FORCES, FREE, KNEES_APART, StepProblem

TRACKING = CostFunction(
    "tracking", exponent=2.0, work=0.0, force_rate=1e-6, posture=0.0, gaze=0.003, smoothness=1e-9
)  # fmt: skip
"""What settles, beside the distances, that which no marker shows: head and small motions."""
POINT_ERROR, FORCE_ERROR = 0.003, 0.03
"""Distances that cost as much as each other and about as much as running itself: m (mean over the points) and body weights."""
WEIGHTS = {"asis": 0.5, "psis": 0.5, "sacrum": 0.5, "toe": 0.3, "mt1": 0.3, "mt5": 0.3, "heel": 0.3, "head_centre": 0.3}
"""Weight of points that are no joint centres."""
TOUCH = 0.003
"""Least height of the swing foot, m: nothing is asked of it but to be off the ground."""
LOOSE = np.radians(5.0)
"""How much farther than in the recording a joint may go, where that is beyond the usual limits."""
ROUNDS = 3


@dataclass(frozen=True)
class Fitted:
    """A runner's body brought to the measured motion.

    Attributes
    ----------
    skeleton, ground
        The runner's own.
    coefficients
        Spline coefficients.
    """

    skeleton: Skeleton
    ground: Ground
    coefficients: FloatArray


class TrackProblem(StepProblem):
    """The step's program with the distance from a measured step in it, at the measured step time.

    Parameters
    ----------
    skeleton, intervals, ground
        As :class:`StepProblem` takes them.
    measured
        What to be near to.
    """

    def __init__(self, skeleton: Skeleton, intervals: int, ground: Ground, measured: MeasuredStep) -> None:
        super().__init__(skeleton, intervals, ground)
        self.measured = measured

    @property
    def since(self) -> FloatArray:
        """Instants counted from when the pelvis is lowest, steps."""
        return self.phases - self.middle / self.instants

    @cached_property
    def program(self) -> Program:
        """All families."""
        families = [self._motion(), self._rate(), self._midstance(), self._means(), self._near(), self._timing()]
        return Program(families, self.parameters)

    def _motion(self) -> Family:
        """As in a prediction, but with legs and swing foot where the runner has them."""
        family = super()._motion()
        lower = np.where(family.lower == CLEARANCE, TOUCH, family.lower)
        return replace(family, lower=np.where(np.isin(lower, (ANKLES_APART, KNEES_APART)), -FREE, lower))

    def _near(self) -> Family:
        """Distance from the measured points and force."""
        model, names = self.model, list(self.measured.paths)
        known = ca.SX.sym("measured", 3 * len(names) + 3)
        weights = np.array([WEIGHTS.get(_stem(name), 1.0) for name in names])
        apart = sum(
            (
                float(weights[k]) * ca.sumsqr(model.equations.points[name] - known[3 * k : 3 * k + 3])
                for k, name in enumerate(names)
            ),
            ca.SX(0),
        ) / float(weights.sum())
        pushed = sum((model.force[3 * k : 3 * k + 3] for k in range(len(SOLES))), ca.SX.zeros(3))
        short = ca.sumsqr(pushed - known[-3:])
        (cost,) = self.at_local([(apart / POINT_ERROR**2 + short / FORCE_ERROR**2) / self.instants])
        data = np.hstack([*(self.measured.at(name, self.since) for name in names), self.measured.force(self.since)])
        none = np.zeros(0)
        return Family("near", self._local.all, cost, ca.SX(0, 1), self.rows, none, none, known=known, data=data)

    def _timing(self) -> Family:
        """Step time as measured."""
        one = ca.SX.sym("step_time")
        rows = np.zeros((1, self.layout.size))
        rows[0, self.layout.step_time] = 1.0
        exactly = np.array([self.measured.step_time])
        return Family("timing", one, ca.SX(0), one, self._sparse(rows), exactly, exactly)

    @staticmethod
    def _sparse(rows: FloatArray) -> Any:
        import scipy.sparse as sp

        return sp.csc_matrix(rows)


def _stem(name: str) -> str:
    return name.removesuffix("_right").removesuffix("_left")


def fit_body(measured: MeasuredStep, intervals: int, middle: float) -> Fitted:
    """Bring the runner's skeleton to the measured motion by kinematics alone, and find its sole.

    Parameters
    ----------
    measured
        The mean step.
    intervals
        Spline intervals in the step.
    middle
        Where in the step the pelvis is lowest.
    """
    skeleton, ground = runner_skeleton(measured), Ground()
    splines = StepSplines(skeleton, intervals)
    phases = np.arange(2 * intervals) / (2 * intervals)
    since = phases - middle
    paths = {name: measured.at(name, since) for name in measured.paths}
    weights = {name: WEIGHTS.get(_stem(name), 1.0) for name in paths}
    coefficients = _upright(splines, paths)
    for _ in range(ROUNDS):
        coefficients = posture(skeleton, splines, phases, paths, weights, coefficients)
        skeleton = settled(skeleton, splines.rows(phases) @ coefficients, paths)
    coefficients = posture(skeleton, splines, phases, paths, weights, coefficients)
    q = splines.rows(phases) @ coefficients
    v = splines.rows(phases, 1) @ coefficients / measured.step_time
    v[:, 0] += measured.speed
    landing = Landing(q, v, measured.force(since), measured.centre_of_pressure(since))
    skeleton, ground = fit_sole(skeleton, ground, landing)
    return Fitted(_roomy(skeleton, splines, coefficients), ground, coefficients)


def _upright(splines: StepSplines, paths: dict[str, FloatArray]) -> FloatArray:
    """Coefficients of standing with all limbs a little bent, at the height of the measured hips."""
    out = np.zeros(splines.size)
    bent = {"knee_flexion_right": 0.6, "hip_flexion_right": 0.4, "elbow_flexion_right": 1.5}
    bent["pelvis_up"] = float((paths["hip_right"] + paths["hip_left"])[:, 1].mean()) / 2
    for name, value in bent.items():
        first, number = splines.columns[name]
        out[first : first + number] = value
    return out


def _roomy(skeleton: Skeleton, splines: StepSplines, coefficients: FloatArray) -> Skeleton:
    """The skeleton with limits that the recorded motion stays within."""
    reached = {
        name: coefficients[first : first + number] for name, (first, number) in splines.columns.items()
    }  # fmt: skip

    def wider(one: Any) -> Any:
        seen = reached[one.name.removesuffix("_left") + "_right" if one.name.endswith("_left") else one.name]
        low, high = min(one.lower, float(seen.min()) - LOOSE), max(one.upper, float(seen.max()) + LOOSE)
        return replace(one, lower=low, upper=high)

    bodies = (replace(body, coordinates=tuple(wider(one) for one in body.coordinates)) for body in skeleton.bodies)
    return replace(skeleton, bodies=tuple(bodies))


def track(
    measured: MeasuredStep,
    *,
    intervals: int = 18,
    condition: Condition | None = None,
    iterations: int = 400,
    listener: Listener | None = None,
) -> Solution:
    """Find the step nearest to the measured one that obeys the equations of motion and the contact law.

    Parameters
    ----------
    measured
        The mean step of a recording.
    intervals
        Spline intervals in the step.
    condition
        Neck during the recording; ``free`` unless told.
    iterations, listener
        As :func:`solve_step` takes them.
    """
    middle = StepProblem.middle_of(intervals) if hasattr(StepProblem, "middle_of") else None
    middle = round(0.4 * 2 * intervals) / (2 * intervals) if middle is None else middle
    fitted = fit_body(measured, intervals, middle)
    problem = TrackProblem(fitted.skeleton, intervals, fitted.ground, measured)
    start = np.zeros(problem.layout.size)
    start[: problem.layout.coefficients] = fitted.coefficients
    start[problem.layout.forces] = _shared(measured.force(problem.since)).ravel()
    start[problem.layout.step_time], start[problem.layout.speed] = measured.step_time, measured.speed
    return solve_step(
        problem, condition or CONDITIONS["free"], TRACKING, measured.speed,
        start=start, iterations=iterations, listener=listener,
    )  # fmt: skip


def _shared(force: FloatArray) -> FloatArray:
    """Half of the measured force under either sole point, shape (n, 6)."""
    return np.hstack([force / len(SOLES)] * len(SOLES)).reshape(-1, FORCES)
