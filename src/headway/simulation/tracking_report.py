"""How near a tracked stride is to the recording, what is left over, and what the recording could not show."""

from __future__ import annotations

import casadi as ca
import numpy as np

from headway.body.sided import sided
from headway.recording import FloatArray
from headway.simulation.effort import ROOT
from headway.simulation.measured_stride import MeasuredStride
from headway.simulation.solution import Solution, State
from headway.simulation.step import MIDDLE
from headway.simulation.summary import Axes, TrackingReport

JOINTS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "neck_base")
"""Stems of the points that count as joint centres; the others are markers."""
DENSE = 200
"""Times of a step at which the distances are taken, more than it was solved at."""
UNSEEN = {
    "shoulder": "arms",
    "neck_base": "trunk",
    "head_centre": "head",
}
"""What has no data if these points are missing."""


def tracking_report(tracked: Solution, measured: MeasuredStride) -> TrackingReport:
    """Compare a tracked stride with what was measured.

    Parameters
    ----------
    tracked
        As :func:`headway.simulation.track.track` gives it.
    measured
        What it was to be near to.
    """
    phases = np.arange(2 * DENSE) / DENSE
    since = phases - round(MIDDLE * 2 * tracked.intervals) / (2 * tracked.intervals)
    state = tracked.state(phases * tracked.step_time)
    places = tracked.places(state)
    points = {}
    for name in measured.paths:
        place = places[name].copy()
        place[:, 0] -= tracked.speed * state.time
        points[name] = _size(np.linalg.norm(place - measured.at(name, since), axis=1))
    force = sum(state.forces.values()) / tracked.model.weight
    short = np.asarray(force) - measured.force(since)
    stance = measured.standing(since)
    joints = [size for name, size in points.items() if is_joint(name)]
    markers = [size for name, size in points.items() if not is_joint(name)]
    known = [name for name in measured.paths if is_joint(name)]
    apart, differ = (
        _size([size(name) for name in known]) for size in (measured.spread.__getitem__, measured.asymmetry)
    )
    return TrackingReport(
        points,
        _size(joints),
        _size(markers),
        _sizes(short),
        _sizes(short[stance]),
        tracked.quality.constraint_error,
        _residual(tracked, state),
        apart,
        differ,
        _notes(measured, apart, differ),
    )


def is_joint(name: str) -> bool:
    """Whether a point is a joint centre rather than a marker."""
    return sided(name).stem in JOINTS


def _size(values: object) -> float:
    values = np.asarray(values, dtype=float)
    return float(np.sqrt((values**2).mean())) if values.size else float("nan")


def _sizes(values: FloatArray) -> Axes:
    forward, up, right = np.sqrt((values**2).mean(0)).tolist()
    return forward, up, right


def _residual(tracked: Solution, state: State) -> float:
    """Force that is missing to equilibrium when the contact law alone pushes, RMS over the step, body weights."""
    model, equations = tracked.model, tracked.model.equations
    pushed = ca.SX.zeros(3)
    for side in ("right", "left"):
        for sole in model.soles:
            pushed += model.law(f"sole_{sole}_{side}")
    missing = equations.moments[: ROOT // 2] / model.weight - pushed
    values = tracked.evaluate(
        "missing", missing, [equations.q, equations.v, equations.a], [state.q, state.v, state.a]
    )  # fmt: skip
    return _size(np.linalg.norm(values, axis=1))


def _notes(measured: MeasuredStride, apart: float, differ: float) -> tuple[str, ...]:
    left, right = measured.steps
    frames = (
        f"the frames lie {1000 * apart:.0f} mm about it; left and right each lie {1000 * differ:.0f} mm from their mean"
    )
    notes = [f"the mean stride is of {left} left and {right} right steps: {frames}, and both are tracked as they are"]
    names = {sided(name).stem for name in measured.paths}
    lacking = [part for point, part in UNSEEN.items() if point not in names]
    if lacking:
        notes.append(f"no markers for {', '.join(lacking)}: they move as mechanics and a little effort have it")
    return (*notes, *measured.notes)
