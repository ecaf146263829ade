"""A runner's own mean stride: paths of points and ground force over it, left and right as they are, and whose body made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.body.sided import twin
from headway.body.skeleton import Skeleton
from headway.errors import RecordingError
from headway.recording import FloatArray, Side
from headway.simulation.contact import Ground
from headway.simulation.mean_stride import MIRROR, Clock, length, mean_force, mean_path, trend

DENSE = 240
"""Samples per step of the mean curves."""
WHOLE = 2
"""Steps that have to be whole: one of each foot."""


@dataclass(frozen=True)
class MeasuredStride:
    """The mean stride of a runner.

    Attributes
    ----------
    source
        The file.
    skeleton, ground
        The runner's own body, and the contact law under it.
    speed, step_time
        m/s, and half the time of a stride, s.
    stances
        Initial contact and toe-off of each foot in steps from when the pelvis is lowest over the right one.
    steps
        Whole steps of the left and of the right foot that were averaged.
    paths
        Mean paths of points by name over the stride, beginning when the pelvis is lowest over the right foot, in a frame that
        moves with the runner's mean speed: forward from the lowest pelvis, up from the ground, right from the middle; m, each of
        shape (2 * DENSE, 3).
    push
        Ground force in body weights, shape (2 * DENSE, 3).
    spread
        Root mean square distance of single instants of a point from these paths, m, by point: strides that differ.
    notes
        What was assumed, in sentences.
    """

    source: str
    skeleton: Skeleton
    ground: Ground
    speed: float
    step_time: float
    stances: dict[Side, tuple[float, float]]
    steps: tuple[int, int]
    paths: dict[str, FloatArray]
    push: FloatArray
    spread: dict[str, float]
    notes: tuple[str, ...] = ()

    def at(self, name: str, since: FloatArray) -> FloatArray:
        """A point at times since the pelvis was lowest, steps; m, shape (n, 3)."""
        return _periodic(self.paths[name], since)

    def force(self, since: FloatArray) -> FloatArray:
        """Ground force at times since the pelvis was lowest (steps), body weights, shape (n, 3)."""
        return _periodic(self.push, since)

    def standing(self, since: FloatArray) -> np.ndarray:
        """Whether a foot is on the ground at times since the pelvis was lowest (steps), shape (n,)."""
        return np.any([np.mod(since - first, 2) <= last - first for first, last in self.stances.values()], axis=0)

    def asymmetry(self, name: str) -> float:
        """Root mean square distance of a point's path from the mean of it and its mirrored twin's half a stride later, m."""
        other = np.roll(self.paths[twin(name)], -DENSE, axis=0) * MIRROR
        return length(self.paths[name] - other) / 2


@dataclass(frozen=True)
class MovingPoints:
    """Points and ground force of a runner at some instants, on the ground's own axes.

    Attributes
    ----------
    source
        The file.
    clock
        Of the instants.
    places
        m, shape (n, 3), by name; both sides of what has sides.
    force
        Body weights, shape (n, 3).
    contact_times
        Mean time of each foot on the ground, s.
    """

    source: str
    clock: Clock
    places: dict[str, FloatArray]
    force: FloatArray
    contact_times: dict[Side, float]

    def mean(self, skeleton: Skeleton, ground: Ground, notes: tuple[str, ...] = ()) -> MeasuredStride:
        """The mean stride.

        Raises
        ------
        RecordingError
            There are not two whole steps, one after the other.
        """
        clock = self.clock
        if clock.whole < WHOLE:
            what = f"no whole stride to track ({clock.whole} whole steps in a row)"
            raise RecordingError(self.source, what, "record three contacts in a row")
        hips = (self.places["hip_left"] + self.places["hip_right"]) / 2
        origin, speed = trend(hips, clock)
        origin[:, 1] = 0.0
        grid = np.arange(2 * DENSE) / DENSE
        lowest = _lowest(mean_path(hips - origin, clock, grid)[0])
        means = {name: mean_path(path - origin, clock, grid + lowest) for name, path in self.places.items()}
        paths = {name: path for name, (path, _) in means.items()}
        spread = {name: around for name, (_, around) in means.items()}
        ahead = (paths["hip_left"][0, 0] + paths["hip_right"][0, 0]) / 2
        for path in paths.values():
            path[:, 0] -= ahead
        push = mean_force(self.force, clock, grid + lowest)
        begins: dict[Side, float] = {"right": -lowest, "left": 1.0 + clock.later - lowest}
        stances: dict[Side, tuple[float, float]] = {
            side: (at, at + self.contact_times[side] / clock.step_time) for side, at in begins.items()
        }
        of_first, of_second = -(-clock.whole // 2), clock.whole // 2
        steps = (of_first, of_second) if clock.first == "left" else (of_second, of_first)
        return MeasuredStride(
            self.source, skeleton, ground, speed, clock.step_time, stances, steps, paths, push, spread, notes
        )  # fmt: skip


def _lowest(path: FloatArray) -> float:
    """Phase after the right foot's contact at which a path of the midline is lowest, steps."""
    first = path[: DENSE * 3 // 4, 1]
    return float(np.argmin(first)) / DENSE


def _periodic(curve: FloatArray, since: FloatArray) -> FloatArray:
    grid = np.arange(len(curve)) / DENSE
    return np.stack([np.interp(since, grid, column, period=len(curve) / DENSE) for column in curve.T], axis=1)
