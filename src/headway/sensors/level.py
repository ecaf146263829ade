"""A sensor's signals in a frame that is level and turns with the runner: gravity removed by orientation, never by a filter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from headway.recording import GRAVITY, FloatArray
from headway.sensors.recording import InertialSensor, axis_vector
from headway.sensors.rotation import about_up, integrated, onto_up, slow

LONGEST_GAP = 0.25
"""A longer gap ends a piece: orientation is not carried across it, s."""
SHORTEST_PIECE = 4.0
"""Shorter pieces are not used, s."""
FARTHEST_POSES = (1.5, 1.0, 0.7, 0.7)
"""Poses farther from the mean than this are left out of it, time after time, rad."""


@dataclass(frozen=True)
class Levelled:
    """One sensor in level axes.

    Attributes
    ----------
    where
        Place on the body.
    time
        s, shape (n,).
    acceleration
        Of the sensor, without gravity: one horizontal axis, up, the other horizontal axis (right-handed), m/s², shape (n, 3). The horizontal axes
        turn with the mean heading; how they lie to the runner is found later.
    rotation
        Turn away from the slow mean pose about the same axes, rad, shape (n, 3); ``None`` without gyroscope and orientation.
    turning
        Rate of change of the heading, rad/s, + left, shape (n,).
    piece
        Number of the unbroken piece of every sample, shape (n,).
    mounted
        Mean pose: sensor to level axes.
    rate
        Samples per second (median).
    planar
        Whether the horizontal axes were recorded.
    """

    where: str
    time: FloatArray
    acceleration: FloatArray
    rotation: FloatArray | None
    turning: FloatArray
    piece: npt.NDArray[np.intp]
    mounted: Rotation
    rate: float
    planar: bool


def levelled(sensor: InertialSensor) -> Levelled | None:
    """Level a sensor piece by piece; ``None`` without a piece that is long enough.

    Notes
    -----
    Orientation comes from the gyroscope (or from the device). Its drift is undone with two facts of steady running: over a few strides the mean
    acceleration is zero, so that the mean specific force points up, and the mean heading is straight on. Both means are zero-lag and slower than
    0.25 Hz, so that nothing at stride frequency is touched.
    """
    breaks = np.flatnonzero(np.diff(sensor.time) > LONGEST_GAP) + 1
    edges = np.concatenate([[0], breaks, [len(sensor.time)]])
    axis = _level_axis(sensor)
    parts = []
    for k, (start, stop) in enumerate(pairwise(edges.tolist())):
        if stop - start > 8 and sensor.time[stop - 1] - sensor.time[start] >= SHORTEST_PIECE:
            parts.append((k, slice(int(start), int(stop)), *_piece(sensor, slice(int(start), int(stop)), axis)))
    if not parts:
        return None
    index = np.concatenate([np.arange(part.start, part.stop) for _, part, *_ in parts])
    turned = None if parts[0][3] is None else np.concatenate([part[3] for part in parts])
    longest = max(parts, key=lambda part: part[1].stop - part[1].start)
    return Levelled(
        sensor.where,
        sensor.time[index],
        np.concatenate([part[2] for part in parts]),
        turned,
        np.concatenate([part[4] for part in parts]),
        np.concatenate([np.full(part.stop - part.start, k) for k, part, *_ in parts]),
        longest[5],
        sensor.rate,
        sensor.whole,
    )


def _piece(
    sensor: InertialSensor, part: slice, axis: int
) -> tuple[FloatArray, FloatArray | None, FloatArray, Rotation]:
    """Acceleration, rotation, turning and mean pose of one unbroken piece."""
    time, force = sensor.time[part], sensor.specific_force[part]
    if not sensor.whole:
        return _flat(sensor, force)
    if sensor.angular_velocity is not None:
        inertial = integrated(time, sensor.angular_velocity[part])
    elif sensor.orientation is not None:
        w, x, y, z = sensor.orientation[part].T
        inertial = Rotation.from_quat(np.column_stack([x, y, z, w]))
    else:
        up = slow(time, force)
        level = onto_up(up)
        return level.apply(force) - [0.0, GRAVITY, 0.0], None, np.zeros(len(time)), level.mean()
    level = onto_up(slow(time, inertial.apply(force))) * inertial
    heading = _heading(level, axis)
    steady = slow(time, heading)
    pose = about_up(-steady) * level
    mean = _usual(pose)
    rotation = (pose * mean.inv()).as_rotvec()
    return pose.apply(force) - [0.0, GRAVITY, 0.0], rotation, np.gradient(steady, time), mean


def _usual(pose: Rotation) -> Rotation:
    """Mean pose without the times at which the sensor lay otherwise: in the hand, on the table."""
    mean = pose.mean()
    for farthest in FARTHEST_POSES:
        near = (pose * mean.inv()).magnitude() < farthest
        if near.mean() < 0.3:
            break
        mean = pose[near].mean()
    return mean


def _flat(sensor: InertialSensor, force: FloatArray) -> tuple[FloatArray, None, FloatArray, Rotation]:
    """Fewer than three axes: only the one that was declared to point up can be used."""
    up = axis_vector(sensor.mount.get("up", "+y"))
    acceleration = np.full(force.shape, np.nan)
    acceleration[:, 1] = np.where(np.isfinite(force), force, 0.0) @ up - GRAVITY
    return acceleration, None, np.zeros(len(force)), Rotation.identity()


def _level_axis(sensor: InertialSensor) -> int:
    """The sensor axis that lies most level on average: the heading is read from it in every piece."""
    return int(np.argmin(np.abs(np.nan_to_num(sensor.specific_force).mean(0))))


def _heading(level: Rotation, axis: int) -> FloatArray:
    """Direction of a sensor axis, rad about up, + left, unwrapped."""
    along = level.apply(np.eye(3)[axis])
    return np.unwrap(np.arctan2(-along[:, 2], along[:, 0]))
