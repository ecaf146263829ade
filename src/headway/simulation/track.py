"""Track a recording: the motion nearest to a runner's mean stride that this runner's skeleton can do with no residual forces."""

from __future__ import annotations

from dataclasses import replace

import casadi as ca
import numpy as np
import scipy.sparse as sp

from headway.body.skeleton import Skeleton
from headway.errors import RecordingError
from headway.recording import FloatArray, Side
from headway.simulation.blocks import BlockFamily
from headway.simulation.conditions import CONDITIONS, Condition
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.fit_stride import fit_stride, weight_of
from headway.simulation.measured_stride import MeasuredStride
from headway.simulation.solution import Solution
from headway.simulation.solve import Listener, solve_step
from headway.simulation.step import ANKLES_APART, CLEARANCE, FREE, HALVES, KNEES_APART, MIDDLE
from headway.simulation.step_model import StepModel
from headway.simulation.stride import StrideProblem
from headway.simulation.summary import Quality

TRACKING = CostFunction(
    "tracking", exponent=2.0, work=0.0, force_rate=1e-6, posture=0.0, gaze=0.003, moment_rate=1e-6
)  # fmt: skip
"""What settles, beside the distances, that which no marker shows: head and small motions."""
POINT_ERROR, FORCE_ERROR = 0.003, 0.03
"""Distances that cost as much as each other and about as much as running itself: m (mean over the points) and body weights."""
TOUCH = 0.003
"""Least height of the swing foot, m: nothing is asked of it but to be off the ground."""


class TrackProblem(StrideProblem):
    """The stride's program with the distance from a measured stride in it, at the measured time.

    Parameters
    ----------
    skeleton, intervals, ground
        As :class:`StrideProblem` takes them.
    measured
        What to be near to.
    parts
        As :class:`StrideProblem` takes them.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        intervals: int,
        ground: Ground,
        measured: MeasuredStride,
        parts: tuple[float, float] = HALVES,
    ) -> None:
        super().__init__(skeleton, intervals, ground, parts)
        self.measured = measured

    @property
    def since(self) -> FloatArray:
        """Instants counted from when the pelvis is lowest, steps."""
        return self.phases - self.middle / self.in_step

    def families(self) -> list[BlockFamily]:
        """Those of a prediction, the distance and the step time."""
        return [*super().families(), self._near(), self._timing()]

    def _motion(self, model: StepModel, nodes: np.ndarray) -> BlockFamily:
        """As in a prediction, but with legs and swing foot where the runner has them."""
        family = super()._motion(model, nodes)
        lower = np.where(family.lower == CLEARANCE, TOUCH, family.lower)
        return replace(family, lower=np.where(np.isin(lower, (ANKLES_APART, KNEES_APART)), -FREE, lower))

    def _near(self) -> BlockFamily:
        """Distance from the measured points and force."""
        model, names = self.model, list(self.measured.paths)
        known = ca.SX.sym("measured", 3 * len(names) + 3)
        weights = np.array([weight_of(name) for name in names])
        apart = sum(
            (
                float(weights[k]) * ca.sumsqr(model.equations.points[name] - known[3 * k : 3 * k + 3])
                for k, name in enumerate(names)
            ),
            ca.SX(0),
        ) / float(weights.sum())
        pushed = sum((model.force[3 * k : 3 * k + 3] for k in range(len(model.soles))), ca.SX.zeros(3))
        short = ca.sumsqr(pushed - known[-3:])
        (cost,) = self.at_local([(apart / POINT_ERROR**2 + short / FORCE_ERROR**2) / self.nodes])
        data = np.hstack([*(self.measured.at(name, self.since) for name in names), self.measured.force(self.since)])
        none = np.zeros(0)
        return BlockFamily("near", self._local.all, cost, ca.SX(0, 1), self.rows, none, none, known=known, data=data)

    def _timing(self) -> BlockFamily:
        """Step time as measured."""
        one = ca.SX.sym("step_time")
        rows = np.zeros((1, self.layout.size))
        rows[0, self.layout.step_time] = 1.0
        exactly = np.array([self.measured.step_time])
        return BlockFamily("timing", one, ca.SX(0), one, sp.csc_matrix(rows), exactly, exactly)


def track(
    measured: MeasuredStride,
    *,
    intervals: int = 18,
    condition: Condition | None = None,
    iterations: int = 400,
    listener: Listener | None = None,
) -> Solution:
    """Find the stride nearest to the measured one that obeys the equations of motion and the contact law.

    Parameters
    ----------
    measured
        The mean stride of a recording.
    intervals
        Spline intervals in the step.
    condition
        Neck during the recording; ``free`` unless told.
    iterations, listener
        As :func:`solve_step` takes them.

    Raises
    ------
    RecordingError
        A foot touches the ground before the other has left it.
    Interrupted
        The listener raised ``KeyboardInterrupt``.
    """
    middle = round(MIDDLE * 2 * intervals) / (2 * intervals)
    parts = parts_of(measured, middle, 1 / intervals)
    skeleton, coefficients = fit_stride(measured, intervals, middle)
    problem = TrackProblem(skeleton, intervals, measured.ground, measured, parts)
    start = np.zeros(problem.layout.size)
    start[: problem.layout.coefficients] = coefficients
    start[problem.layout.forces] = _shared(measured.force(problem.since), len(problem.model.soles)).ravel()
    start[problem.layout.step_time], start[problem.layout.speed] = measured.step_time, measured.speed
    condition = condition or CONDITIONS["free"]
    near = Quality("begun", False, 0, 0.0, float("nan"), float("nan"))
    nothing = float("nan")
    begun = Solution(
        skeleton, condition, TRACKING, measured.ground, intervals, start, nothing, nothing, near, steps=2, parts=parts
    )
    found = solve_step(
        problem, condition, TRACKING, measured.speed, start=begun, iterations=iterations, listener=listener
    )
    return replace(found, multipliers=None)  # a prediction has other constraints


def parts_of(measured: MeasuredStride, middle: float, least: float) -> tuple[float, float]:
    """Where the feet's parts of a stride begin: halves, or in the middle of flight where a stance does not fit into its half.

    Parameters
    ----------
    measured
        The stride.
    middle
        Where in the right foot's step the pelvis is lowest.
    least
        Shortest flight, steps: only one foot of the model is on the ground at a time.

    Raises
    ------
    RecordingError
        A flight is shorter.
    """
    (on, off), (later_on, later_off) = (np.add(measured.stances[side], middle).tolist() for side in ("right", "left"))
    flights: dict[Side, float] = {"right": later_on - off, "left": on + 2 - later_off}
    side = min(flights, key=lambda one: flights[one])
    if flights[side] < least:
        what = f"between the toe-off of the {side} foot and the other's contact lie {1000 * flights[side] * measured.step_time:.0f} ms"
        raise RecordingError(
            measured.source, f"{what}: a run with hardly any flight cannot be tracked", "give a faster run"
        )
    if on >= 0 and off <= 1 <= later_on and later_off <= 2:
        return HALVES
    return (on + later_off - 2) / 2, (off + later_on) / 2


def _shared(force: FloatArray, places: int) -> FloatArray:
    """The measured force in equal shares under the places of the sole, shape (n, 3 * places)."""
    return np.hstack([force / places] * places)
