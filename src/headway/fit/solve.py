"""Solve a fit: Levenberg–Marquardt from soft laws to stiff ones, then all laws are made to hold as far as can be computed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.linalg import LinAlgError

from headway.body.skeleton import Skeleton
from headway.fit.assembly import Normal
from headway.fit.kept import KeptFits
from headway.fit.measured import MeasuredStretch
from headway.fit.model import FitModel
from headway.fit.problem import HARDEST, LAWS, FitProblem, Stage
from headway.fit.runner import settled_on, stretch_skeleton
from headway.fit.splines import FreeSplines
from headway.recording import FloatArray

KNOTS = 0.020
"""Length of a spline interval, s."""
STAGES = (
    Stage(0.1, 0.1, 0.006, 3.0, 5.0),
    Stage(0.01, 0.03, 0.006, 1.0, 3.0),
    Stage(0.003, 0.01, 0.004, 0.5),
    Stage(0.003, 0.01, 0.001, 0.3),
    Stage(0.002, 0.006, 0.001, 0.3),
    Stage(0.001, 0.004, 0.001, 0.3),
    Stage(0.001, 0.002, 0.001, 0.3),
)
"""From soft to stiff."""
LAST = Stage(0.001, 0.001, 0.001, 0.3, rounds=35, close=1e-3)
"""As good as exact; after it the rest is taken in by multipliers."""
MENDINGS = 15
ENOUGH = 1e-6
"""Body weights by which the equations of motion and the contact law may be missed."""
STILL = 1e-2
"""Share by which one more step may lower the cost of what has converged."""
SETTLINGS, LOOKS = 3, 25
UPRIGHT = {"knee_flexion": 0.6, "hip_flexion": 0.4, "elbow_flexion": 1.5}
"""Where the joints begin, rad."""


@dataclass(frozen=True)
class FitProgress:
    """Where a fit is: steps taken, by how much the equations of motion are missed (body weights), seconds of the processor."""

    rounds: int
    violation: float
    seconds: float


Listener = Callable[[FitProgress], None]


@dataclass(frozen=True)
class Solved:
    """Where the search ended.

    Attributes
    ----------
    problem
        What was solved.
    unknowns
        All of them.
    violation
        Greatest miss of the equations of motion and of the contact law at the nodes, body weights.
    optimality
        Share of the cost by which the last step lowered it.
    rounds, seconds
        Effort; processor seconds of this process.
    """

    problem: FitProblem
    unknowns: FloatArray
    violation: float
    optimality: float
    rounds: int
    seconds: float

    @property
    def converged(self) -> bool:
        """Whether the laws hold and hardly anything is to be gained."""
        return self.violation <= ENOUGH and self.optimality <= STILL


class Descent:
    """Levenberg–Marquardt with a memory of its damping.

    Attributes
    ----------
    damping
        At present.
    rounds
        Steps taken or tried so far.
    gain
        Share of the cost that the last step saved.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self.damping, self.rounds, self.gain = 1e-4, 0, 1.0
        self.listener, self.began = listener, time.process_time()

    @property
    def seconds(self) -> float:
        """Processor seconds since the beginning."""
        return time.process_time() - self.began

    def run(
        self, function: Callable[[FloatArray], Normal], x: FloatArray, rounds: int, close: float
    ) -> tuple[FloatArray, Normal]:
        """Go down until a step gains less than a share ``close``, in at most so many rounds."""
        normal = function(x)
        for _ in range(rounds):
            self.rounds += 1
            if self.listener is not None:
                self.listener(FitProgress(self.rounds, normal.violation, self.seconds))
            try:
                step = normal.step(self.damping)
            except (LinAlgError, np.linalg.LinAlgError):
                self.damping = max(self.damping * 10, 1e-6)
                continue
            after = function(x + step)
            if not np.isfinite(after.cost) or after.cost >= normal.cost:
                self.damping = max(self.damping * 10, 1e-8)
                continue
            self.gain = 1 - after.cost / normal.cost
            x, normal = x + step, after
            self.damping = max(self.damping / 10, 1e-10)
            if self.gain < close:
                break
        return x, normal


def solve_stretch(
    measured: MeasuredStretch,
    listener: Listener | None = None,
    *,
    skeleton: Skeleton | None = None,
    kept: KeptFits | None = None,
) -> Solved:
    """Fit the body of a runner to a stretch of running.

    Parameters
    ----------
    measured
        What the recording shows.
    listener
        Told of every step; a ``KeyboardInterrupt`` that it raises ends the fit.
    skeleton
        Of the runner, where it is known; made from the recording otherwise.
    kept
        Where to go on, and to keep what is found; ``None`` begins anew and keeps nothing.
    """
    descent = Descent(listener)
    problem, x = _kinematic(measured, descent, skeleton)
    x, stages, done = problem.begun(x), (*STAGES, LAST, LAST), 0
    if kept is not None and (found := kept.find(measured, len(x))) is not None:
        x, done = found[0], min(found[1], len(stages) - 1)
    multipliers = np.zeros((len(problem.nodes), LAWS))
    for number, stage in enumerate(stages[done:], done + 1):
        descent.damping = 1e-5
        asked = partial(laws_cost, problem, multipliers, stage)
        x, _ = descent.run(asked, x, stage.rounds, stage.close)
        if kept is not None:
            kept.put(measured, x, number)
        if stage is LAST:
            multipliers = multipliers + problem.dynamic(x, multipliers, stage)[1] * problem.hardness(stage) ** 2
    x, violation = _mended(problem, x)
    return Solved(problem, x, violation, descent.gain, descent.rounds, descent.seconds)


def laws_cost(problem: FitProblem, multipliers: FloatArray, stage: Stage, x: FloatArray) -> Normal:
    """The cost of data and laws at a point, as softly as a stage has the laws."""
    return problem.dynamic(x, multipliers, stage)[0]


def _kinematic(measured: MeasuredStretch, descent: Descent, known: Skeleton | None) -> tuple[FitProblem, FloatArray]:
    """The runner's skeleton, and its motion by inverse kinematics alone."""
    skeleton = known or stretch_skeleton(measured)
    turns = 1 if known else SETTLINGS
    splines = FreeSplines(
        measured.start, measured.stop, round((measured.stop - measured.start) / KNOTS), len(skeleton.names)
    )
    x, problem = np.zeros(0), None
    for turn in range(turns):
        problem = FitProblem(FitModel(skeleton), measured, splines)
        x = _upright(problem) if turn == 0 else x
        x, _ = descent.run(problem.kinematic, x, LOOKS, 1e-4)
        if turn < turns - 1:
            paths = {name: measured.at(name, splines.nodes) for name in measured.paths}
            skeleton = settled_on(skeleton, problem.model.equations, problem.whole.motion_of(x)[0], paths)
    assert problem is not None
    problem.sharpen(x)
    problem.align(x)
    return problem, x


def _upright(problem: FitProblem) -> FloatArray:
    """Unknowns of running upright with bent limbs along the path of the hips."""
    splines, names = problem.splines, problem.model.skeleton.names
    out = np.zeros((splines.count, len(names)))
    time = np.linspace(splines.start, splines.stop, splines.count)
    hips = (problem.measured.at("hip_left", time) + problem.measured.at("hip_right", time)) / 2
    for k in range(3):
        seen = np.isfinite(hips[:, k])
        out[:, k] = np.interp(time, time[seen], hips[seen, k])
    for k, name in enumerate(names):
        out[:, k] += UPRIGHT.get(name.removesuffix("_left").removesuffix("_right"), 0.0)
    return np.concatenate([out.ravel(), np.zeros(problem.model.unknown)])


def _mended(problem: FitProblem, x: FloatArray) -> tuple[FloatArray, float]:
    """Make the laws hold, moving everything else as little as can be; and by how much they are still missed."""
    none = np.zeros((len(problem.nodes), LAWS))
    best, least = x, np.inf
    for _ in range(MENDINGS):
        normal, laws = problem.dynamic(x, none, HARDEST, laws_alone=True)
        missed = float(np.abs(laws).max())
        if missed < least:
            best, least = x, missed
        if least < ENOUGH / 10:
            break
        try:
            x = x + normal.step(1e-10)
        except (LinAlgError, np.linalg.LinAlgError):
            break
    return best, least
