"""Which way a runner sets off: where a sensor's front is, from what does not know the phase of the gait.

From standing still, orientation and gravity are known, and the velocity some seconds later is that of the body: straight on, in the direction
of running. The same holds backward in time from where the runner comes to a stand. Braking and push-off do not tell the head's front: its
forward acceleration at step frequency comes 81-143 degrees of the step after the sacrum's (base of the neck, five trials of two runners).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.integrate import cumulative_trapezoid
from scipy.ndimage import uniform_filter1d
from scipy.spatial.transform import Rotation

from headway.recording import GRAVITY, FloatArray
from headway.sensors.level import LONGEST_GAP, Levelled
from headway.sensors.recording import InertialSensor
from headway.sensors.rotation import integrated, onto_up
from headway.signals import runs

REST = 0.5
"""Standard deviation of the size of specific force over half a second below which somebody stands still, m/s²."""
SHORTEST_REST = 0.8
"""Shorter rests tell neither level nor the gyroscope's zero, s."""
WAY = (2.5, 4.5)
"""The velocity is read this long after the rest, or before it, s."""
LEAST_SPEED = 0.8
"""Slower is not told from the errors of integration, m/s."""
PUT_ON = np.radians(35.0)
"""A sensor that lies otherwise at rest than in the run by more than this was put on in between."""
CLEAR = 0.7
"""Cosine between velocity and the axis of running from which the one tells the other's sign."""


def way_ahead(sensor: InertialSensor, level: Levelled) -> FloatArray:
    """Velocities after every start from standing and before every stop, in the sensor's level axes, m/s, shape (k, 3).

    Parameters
    ----------
    sensor
        On its own clock, with gyroscope; without one nothing is told.
    level
        The same sensor, levelled, whose mean pose carries the velocity to the level axes.
    """
    found: list[FloatArray] = []
    if sensor.angular_velocity is None or not sensor.whole:
        return np.empty((0, 3))
    even = np.arange(sensor.time[0], sensor.time[-1], 0.05)
    size = np.interp(even, sensor.time, np.linalg.norm(sensor.specific_force, axis=1))
    mean = uniform_filter1d(size, 10)
    still = uniform_filter1d((size - mean) ** 2, 10) < REST**2
    for first, last in runs(still):
        start, stop = float(even[first]), float(even[last - 1])
        if stop - start < SHORTEST_REST:
            continue
        rest = (max(start + 0.1, stop - 2.0), stop - 0.1), (start + 0.1, min(stop - 0.1, start + 2.0))
        for (low, high), way in zip(rest, (1.0, -1.0), strict=True):
            velocity = _velocity(sensor, low, high, way, level)
            if velocity is not None and np.linalg.norm(velocity) > LEAST_SPEED:
                found.append(velocity)
    return np.array(found).reshape(-1, 3)


def told_sign(velocities: FloatArray, angle: float) -> float:
    """+1 or -1: whether forward is along the direction at this angle or against it; 0 where starts and stops do not tell, or not alike."""
    if not len(velocities):
        return 0.0
    flat = velocities[:, [0, 2]]
    along = flat @ [np.cos(angle), -np.sin(angle)] / np.linalg.norm(flat, axis=1)
    clear = np.sign(along[np.abs(along) > CLEAR])
    return float(clear[0]) if len(clear) and (clear == clear[0]).all() and len(clear) * 2 >= len(along) else 0.0


def _velocity(sensor: InertialSensor, low: float, high: float, way: float, level: Levelled) -> FloatArray | None:
    """Mean velocity some seconds after (``way`` 1) or before (-1) a rest, in level axes; ``None`` where that cannot be told."""
    ends = (low, high + WAY[1]) if way > 0 else (low - WAY[1], high)
    first, last = np.searchsorted(sensor.time, ends).tolist()
    time, force = sensor.time[first:last], sensor.specific_force[first:last]
    assert sensor.angular_velocity is not None
    spin = sensor.angular_velocity[first:last]
    if len(time) < 20 or time[-1] - time[0] < 0.97 * (ends[1] - ends[0]) or np.diff(time).max() > LONGEST_GAP:
        return None
    resting = (time >= low) & (time <= high)
    if resting.sum() < 8:
        return None
    turn = integrated(time, spin - spin[resting].mean(0))
    up = _at(turn, resting).apply(force[resting]).mean(0)
    turn = onto_up(up[None])[0] * turn
    fault = np.linalg.norm(up) / GRAVITY
    acceleration = turn.apply(force / fault) - [0.0, GRAVITY, 0.0]
    speed = cumulative_trapezoid(acceleration, time, axis=0, initial=0.0)
    speed = speed - speed[resting].mean(0)
    away = way * (time - (high if way > 0 else low))
    read = (away > WAY[0]) & (away < WAY[1])
    upright = level.mounted.inv().apply([0.0, 1.0, 0.0])
    lying = _at(turn, resting).inv().apply([0.0, 1.0, 0.0]).mean(0)
    if read.sum() < 8 or upright @ lying < np.cos(PUT_ON) * np.linalg.norm(lying):
        return None
    onward = speed[read] * [1.0, 0.0, 1.0]
    return np.asarray(level.mounted.apply(_at(turn, read).inv().apply(onward)).mean(0), np.float64)


def _at(turn: Rotation, chosen: npt.NDArray[np.bool_]) -> Rotation:
    """Those of the rotations that are chosen."""
    return Rotation.from_quat(turn.as_quat()[chosen])
