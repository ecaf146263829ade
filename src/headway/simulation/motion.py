"""A stride of a simulated runner at equal shares of it, as pictures need it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray
from headway.simulation.mjcf import Replay
from headway.simulation.outcome import THRESHOLD, moments
from headway.simulation.solution import Solution

FRAMES = 120
"""In a stride."""
DRAWN = (
    "head_centre", "neck_base", "mid_hip",
    *(f"{name}_{side}" for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe") for side in ("left", "right")),
)  # fmt: skip
"""Points of the stick figure."""


@dataclass(frozen=True)
class SolvedStride:
    """One stride, right step first, in a frame that moves with the runner's mean speed.

    Attributes
    ----------
    names
        Of the points.
    time
        s, shape (FRAMES,); ``stride_time`` follows the last one.
    stride_time, speed
        s, m/s.
    weight
        N.
    points
        m, shape (FRAMES, points, 3): forward, up, right.
    force, pressure
        Ground force (N) and where it acts (m, NaN where hardly loaded) of the left and the right foot, shape (FRAMES, 2, 3).
    """

    names: tuple[str, ...]
    time: FloatArray
    stride_time: float
    speed: float
    weight: float
    points: FloatArray
    force: FloatArray
    pressure: FloatArray


def replay(solution: Solution) -> Replay:
    """The right foot's step for MuJoCo, at twice as many instants as it was solved at, its end too."""
    time = np.linspace(*solution.parts, 4 * solution.intervals + 1) * solution.step_time
    state = solution.state(time)
    return Replay(time, state.q, state.v, moments(solution, state))


def motion(solution: Solution) -> SolvedStride:
    """The stride of a solved step."""
    stride = 2 * solution.step_time
    time = np.arange(FRAMES) / FRAMES * stride
    state = solution.state(time)
    places = solution.places(state)
    travel = np.outer(solution.speed * time, [1.0, 0.0, 0.0])
    forces, pressures = [], []
    for side in ("left", "right"):
        soles = [f"sole_{sole}_{side}" for sole in solution.model.soles]
        parts = [state.forces[sole] for sole in soles]
        force = sum(parts, np.zeros((FRAMES, 3)))
        up = np.where(force[:, 1:2] > THRESHOLD, force[:, 1:2], np.nan)
        weighted = (part[:, 1:2] * places[sole] for sole, part in zip(soles, parts, strict=True))
        forces.append(force)
        pressures.append(sum(weighted, np.zeros((FRAMES, 3))) / up - travel)
    return SolvedStride(
        DRAWN,
        time,
        stride,
        solution.speed,
        solution.model.weight,
        np.stack([places[name] - travel for name in DRAWN], axis=1),
        np.stack(forces, axis=1),
        np.stack(pressures, axis=1),
    )
