"""Bounds of a step's decision variables and constraints under a condition."""

from __future__ import annotations

import numpy as np

from headway.body.sided import sided
from headway.recording import FloatArray
from headway.simulation.conditions import ARMS, Condition
from headway.simulation.step import StepProblem

ROOM = ((-0.3, 0.3), (0.4, 1.6), (-0.3, 0.3), (-0.6, 0.4), (-0.25, 0.25), (-0.25, 0.25))
"""Where the pelvis may be: forward of the mean, height, sideways (m), pitch, roll, yaw (rad)."""
STEP_TIME = (0.15, 0.6)


def violation(values: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Greatest amount by which values are outside their bounds."""
    return float(np.maximum(np.maximum(lower - values, values - upper), 0.0).max())


def variable_bounds(problem: StepProblem, condition: Condition, speed: float) -> tuple[FloatArray, FloatArray]:
    """Bounds of the decision variables: a spline stays within the range of its coefficients."""
    layout, skeleton = problem.layout, problem.skeleton
    lower, upper = np.full(layout.size, -np.inf), np.full(layout.size, np.inf)
    scale, arms = skeleton.plan.scale, ARMS.get(condition.arms, {})
    for name, (first, number) in problem.splines.columns.items():
        k = skeleton.index(name)
        one, part = skeleton.coordinates[k], slice(first, first + number)
        if k < len(ROOM):
            size = scale if one.kind == "slide" else 1.0
            lower[part], upper[part] = ROOM[k][0] * size, ROOM[k][1] * size
        else:
            lower[part], upper[part] = one.lower, one.upper
        kept = arms.get(sided(name).stem)
        if kept is not None:
            lower[part] = upper[part] = kept
    soles = problem.nodes * layout.pushes // 3
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
        low, high = (bound.reshape(shape).copy() for bound in family.bounds())
        if family.name == "motion" and condition.held:
            low[:, -1] = high[:, -1] = 0.0
        if family.name == "midstance":
            if condition.stacked:
                low[:, 2::2] = high[:, 2::2] = 0.0  # of a stride both feet
            if condition.step_width is not None:
                low[:, 3] = high[:, 3] = condition.step_width
        if family.name == "means" and condition.lean is not None:
            low[:], high[:] = condition.lean, condition.lean
        lower.append(low.ravel())
        upper.append(high.ravel())
    return np.concatenate(lower), np.concatenate(upper)


def boxed(
    problem: StepProblem, lower: FloatArray, upper: FloatArray, about: FloatArray, within: float
) -> tuple[FloatArray, FloatArray]:
    """Bounds no farther than ``within`` (rad, m) from given spline coefficients, and the step time within as large a share."""
    layout, lower, upper = problem.layout, lower.copy(), upper.copy()
    part, time = slice(0, layout.coefficients), layout.step_time
    centre = np.clip(about, lower, upper)
    lower[part] = np.maximum(lower[part], centre[part] - within)
    upper[part] = np.minimum(upper[part], centre[part] + within)
    lower[time] = max(lower[time], centre[time] * (1 - within / 2))
    upper[time] = min(upper[time], centre[time] * (1 + within / 2))
    return lower, upper
