"""A runner's body brought to the measured motion by kinematics alone: where a tracked stride begins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from headway.body.sided import sided
from headway.body.skeleton import SIDE_SIGN, Skeleton
from headway.recording import FloatArray
from headway.simulation.kinematics import posture
from headway.simulation.measured_stride import MeasuredStride
from headway.simulation.splines import StrideSplines

WEIGHTS = {"asis": 0.5, "psis": 0.5, "sacrum": 0.5, "toe": 0.3, "mt1": 0.3, "mt5": 0.3, "heel": 0.3, "head_centre": 0.3}
"""Weight of points that are no joint centres."""
LOOSE = np.radians(5.0)
"""How much farther than in the recording a joint may go, where that is beyond the usual limits."""


def weight_of(name: str) -> float:
    """Weight of a point, 1 for joint centres."""
    return WEIGHTS.get(sided(name).stem, 1.0)


def fit_stride(measured: MeasuredStride, intervals: int, middle: float) -> tuple[Skeleton, FloatArray]:
    """Bring the runner's skeleton to the measured motion by kinematics alone.

    Parameters
    ----------
    measured
        The mean stride.
    intervals
        Spline intervals in the step.
    middle
        Where in the right foot's step the pelvis is lowest.

    Returns
    -------
    The skeleton with limits that the motion stays within, and the spline coefficients.
    """
    skeleton = measured.skeleton
    splines = StrideSplines(skeleton, intervals)
    phases = np.arange(4 * intervals) / (2 * intervals)
    paths = {name: measured.at(name, phases - middle) for name in measured.paths}
    weights = {name: weight_of(name) for name in paths}
    coefficients = posture(skeleton, splines, phases, paths, weights, _upright(splines, paths))
    return _roomy(skeleton, splines, coefficients), coefficients


def _upright(splines: StrideSplines, paths: dict[str, FloatArray]) -> FloatArray:
    """Coefficients of standing with all limbs a little bent, at the height of the measured hips."""
    out = np.zeros(splines.size)
    joints = {"knee_flexion": 0.6, "hip_flexion": 0.4, "elbow_flexion": 1.5}
    bent = {f"{name}_{side}": value for name, value in joints.items() for side in SIDE_SIGN}
    bent["pelvis_up"] = float((paths["hip_right"] + paths["hip_left"])[:, 1].mean()) / 2
    for name, value in bent.items():
        first, number = splines.columns[name]
        out[first : first + number] = value
    return out


def _roomy(skeleton: Skeleton, splines: StrideSplines, coefficients: FloatArray) -> Skeleton:
    """The skeleton with limits that the recorded motion stays within."""
    reached = {
        name: coefficients[first : first + number] for name, (first, number) in splines.columns.items()
    }  # fmt: skip

    def wider(one: Any) -> Any:
        seen = reached[one.name]
        low, high = min(one.lower, float(seen.min()) - LOOSE), max(one.upper, float(seen.max()) + LOOSE)
        return replace(one, lower=low, upper=high)

    bodies = (replace(body, coordinates=tuple(wider(one) for one in body.coordinates)) for body in skeleton.bodies)
    return replace(skeleton, bodies=tuple(bodies))
