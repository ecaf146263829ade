"""Where a cold start begins: the outline of a running stride in round numbers, the same for everyone, with nothing measured in it.

There are many local solutions; an outline near to running finds the better ones (``starts`` tries several).
"""

from __future__ import annotations

import casadi as ca
import numpy as np
from scipy.interpolate import CubicSpline

from headway.recording import GRAVITY, FloatArray
from headway.simulation.step import MIDDLE, StepProblem

KEYS = (0, 0.16, 0.33, 0.5, 0.66, 0.83, 1.0, 1.2, 1.5, 1.75, 2.0)
"""Phases after initial contact, steps, that the angles below belong to; toe-off is at 0.63."""
ANGLES = {
    name: np.radians(degrees)
    for name, degrees in {
        "hip_flexion": (40, 38, 28, 15, 4, 0, 5, 25, 50, 48, 40),
        "knee_flexion": (28, 50, 52, 44, 36, 36, 50, 78, 68, 25, 28),
        "ankle_dorsiflexion": (0, 16, 22, 14, -18, -12, -4, -2, 4, 0, 0),
        "shoulder_flexion": (-35, -15, 12, 32, 38, 30, 15, -10, -42, -50, -35),
    }.items()
}
STILL = {
    name: float(np.radians(degrees))
    for name, degrees in {
        "elbow_flexion": 100, "shoulder_adduction": -22, "shoulder_rotation": 45, "hip_adduction": 4
    }.items()
}  # fmt: skip
PITCH = float(np.radians(-8))
"""Of the pelvis, rad."""
STANCE = 0.63
SINK = 0.012
"""How far the sole is pressed in at midstance, m."""


def cold_guess(problem: StepProblem, speed: float, seed: int = 0) -> FloatArray:
    """Unknowns to start from.

    Parameters
    ----------
    problem
        What is to be solved.
    speed
        m/s.
    seed
        0 for the plain outline; others make its swings and its step time larger or smaller by up to 20 and 10 %.
    """
    layout, skeleton = problem.layout, problem.skeleton
    contact_time, flight_time = 0.22 * (3.5 / speed) ** 0.5, 0.125
    step_time = contact_time + flight_time
    phases = np.arange(4 * problem.intervals) / (4 * problem.intervals)
    since = phases - (MIDDLE - STANCE / 2)
    random = np.random.default_rng(seed)
    sizes = dict.fromkeys(ANGLES, 1.0)
    if seed:
        sizes = {name: float(random.uniform(0.8, 1.2)) for name in ANGLES}
        step_time *= float(random.uniform(0.9, 1.1))
    sizes["hip_flexion"] *= min(1.15, 0.6 + 0.4 * speed / 3.5)
    angles = _angles(problem, since, sizes)
    angles[:, skeleton.index("pelvis_up")] = _height(problem, angles, since, flight_time)
    coefficients = problem.splines.fit(phases, angles)
    since = problem.phases - (MIDDLE - STANCE / 2)
    share = np.clip(since / STANCE, 0, 1)
    force = np.zeros((problem.nodes, layout.pushes))
    force[:, 4] = 2.4 * np.sin(np.pi * share)  # under the ball
    force[:, 3] = -0.3 * np.sin(2 * np.pi * share)
    out = np.zeros(layout.size)
    out[: layout.coefficients], out[layout.forces] = coefficients, force.ravel()
    out[layout.step_time], out[layout.speed] = step_time, speed
    return problem.taut(out)


def _angles(problem: StepProblem, since: FloatArray, sizes: dict[str, float]) -> FloatArray:
    """Joint angles at times since initial contact, rad, shape (n, coordinates)."""
    skeleton = problem.skeleton
    out = np.zeros((len(since), len(skeleton.names)))
    curves = {name: CubicSpline(KEYS, values, bc_type="periodic") for name, values in ANGLES.items()}
    for side, later in (("right", 0.0), ("left", 1.0)):
        for name, curve in curves.items():
            out[:, skeleton.index(f"{name}_{side}")] = sizes[name] * curve((since + later) % 2.0)
        for name, angle in STILL.items():
            out[:, skeleton.index(f"{name}_{side}")] = angle
    out[:, skeleton.index("pelvis_pitch")] = PITCH
    return out


def _height(problem: StepProblem, angles: FloatArray, since: FloatArray, flight_time: float) -> FloatArray:
    """Height of the pelvis: sole on the ground in stance, thrown in flight."""
    equations = problem.model.equations
    heights = ca.vertcat(*(equations.points[f"sole_{sole}_right"][1] for sole in problem.model.soles))
    lowest = ca.Function("lowest", [equations.q], [ca.mmin(heights)]).map(len(angles))(angles.T)
    lowest = np.asarray(lowest).ravel()
    stance = (since >= 0) & (since <= STANCE)
    out = -lowest - SINK * np.sin(np.pi * np.clip(since / STANCE, 0, 1))
    first, last = np.flatnonzero(stance)[[0, -1]]
    flight = np.r_[np.arange(last + 1, len(since)), np.arange(0, first)]
    share = np.arange(1, len(flight) + 1) / (len(flight) + 1)
    thrown = GRAVITY / 2 * flight_time**2 * share * (1 - share)
    out[flight] = out[last] + (out[first] - out[last]) * share + thrown
    return out
