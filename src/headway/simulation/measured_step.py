"""A runner's own mean step: paths of points and ground force over the step, left steps mirrored into right ones, and whose body made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.body.skeleton import Skeleton
from headway.errors import RecordingError
from headway.recording import FloatArray
from headway.simulation.contact import Ground
from headway.simulation.mean_step import MIRROR, Clock, Spread, mean_force, mean_path, trend

DENSE = 240
"""Samples per step of the mean curves."""
WHOLE = 2
"""Steps that have to be whole: one of each foot."""


@dataclass(frozen=True)
class MeasuredStep:
    """The mean step of a runner, as a stride of two steps that are mirror images.

    Attributes
    ----------
    source
        The file.
    skeleton, ground
        The runner's own body, alike on both sides, and the contact law under it.
    speed, step_time
        m/s and s.
    stance
        Initial contact and toe-off of the right foot in steps from when the pelvis is lowest.
    steps
        Whole steps of the left and of the right foot that were averaged.
    paths
        Mean paths of points by name over the stride, beginning when the pelvis is lowest over the right foot, in a frame that
        moves with the runner's mean speed: forward from the lowest pelvis, up from the ground, right from the middle; m, each of
        shape (2 * DENSE, 3).
    push
        Ground force in body weights, shape (2 * DENSE, 3).
    spread
        How single instants of a point lie about these paths, by point: steps that differ, and left from right.
    notes
        What was assumed, in sentences.
    """

    source: str
    skeleton: Skeleton
    ground: Ground
    speed: float
    step_time: float
    stance: tuple[float, float]
    steps: tuple[int, int]
    paths: dict[str, FloatArray]
    push: FloatArray
    spread: dict[str, Spread]
    notes: tuple[str, ...] = ()

    def at(self, name: str, since: FloatArray) -> FloatArray:
        """A point at times since the pelvis was lowest, steps; m, shape (n, 3)."""
        return _periodic(self.paths[name], since)

    def force(self, since: FloatArray) -> FloatArray:
        """Ground force at times since the pelvis was lowest (steps), body weights, shape (n, 3)."""
        return _periodic(self.push, since)


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
    contact_time
        Mean time of a foot on the ground, s.
    """

    source: str
    clock: Clock
    places: dict[str, FloatArray]
    force: FloatArray
    contact_time: float

    def mean(self, skeleton: Skeleton, ground: Ground, notes: tuple[str, ...] = ()) -> MeasuredStep:
        """The mean step.

        Raises
        ------
        RecordingError
            There are not two whole steps, one after the other.
        """
        clock = self.clock
        whole = len(clock.contacts) - 1
        if whole < WHOLE:
            what = f"no whole stride to track ({whole} whole steps in a row)"
            raise RecordingError(self.source, what, "record three contacts in a row")
        hips = (self.places["hip_left"] + self.places["hip_right"]) / 2
        origin, speed = trend(hips, clock)
        origin[:, 1] = 0.0
        grid = np.arange(2 * DENSE) / DENSE
        lowest = _lowest(mean_path(np.stack([hips - origin, (hips - origin) * MIRROR]), clock, grid)[0])
        paths, spread = self._paths(origin, grid + lowest)
        ahead = (paths["hip_left"][0, 0] + paths["hip_right"][0, 0]) / 2
        for path in paths.values():
            path[:, 0] -= ahead
        push = mean_force(self.force, clock, grid + lowest)
        right = int((clock.numbers[:-1] % 2 == 0).sum())
        stance = (-lowest, self.contact_time / clock.step_time - lowest)
        return MeasuredStep(
            self.source, skeleton, ground, speed, clock.step_time, stance, (whole - right, right), paths, push, spread, notes
        )  # fmt: skip

    def _paths(self, origin: FloatArray, grid: FloatArray) -> tuple[dict[str, FloatArray], dict[str, Spread]]:
        """Mean paths of all points, and the spread about them; both sides from both."""
        paths, spread = {}, {}
        for name, path in self.places.items():
            if name.endswith("_right"):
                other = name.removesuffix("right") + "left"
                pair = np.stack([path - origin, (self.places[other] - origin) * MIRROR])
                right, wide = mean_path(pair, self.clock, grid)
                paths[name], paths[other] = right, np.roll(right, DENSE, axis=0) * MIRROR
                spread[name] = spread[other] = wide
            elif not name.endswith("_left"):
                moved = path - origin
                paths[name], spread[name] = mean_path(np.stack([moved, moved * MIRROR]), self.clock, grid)
        return paths, spread


def _lowest(path: FloatArray) -> float:
    """Phase after the right foot's contact at which a path of the midline is lowest, steps."""
    first = path[: DENSE * 3 // 4, 1]
    return float(np.argmin(first)) / DENSE


def _periodic(curve: FloatArray, since: FloatArray) -> FloatArray:
    grid = np.arange(len(curve)) / DENSE
    return np.stack([np.interp(since, grid, column, period=len(curve) / DENSE) for column in curve.T], axis=1)
