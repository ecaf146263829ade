"""Whether the gyroscope agrees with gravity: unit, axes and sign of the angular rate, by how the sensor is turned over before and after a run.

Gravity in sensor axes turns with minus the angular velocity, so that the slow parts of d f/dt and of -(M w) x f are the same for the true M.
This is linear in M: each way in which the axes can be exchanged or turned round is judged from one table of products.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations, product

import numpy as np
from scipy.integrate import cumulative_trapezoid
from scipy.ndimage import binary_erosion, uniform_filter1d

from headway.errors import RecordingError
from headway.recording import GRAVITY, Flag, FloatArray
from headway.sensors.recording import InertialSensor
from headway.texts import TEXTS

UNITS = {"": 1.0, "rad/s": float(np.degrees(1.0)), "deg/s": float(np.radians(1.0))}
"""Unit that the numbers are really in, by what they then have to be multiplied with; none where it was declared rightly."""
GRID = 20.0
"""Samples per second at which gravity is followed."""
SMOOTH = 9
"""Of them that are smoothed over, twice."""
QUIET = 1.5
"""Where the size of specific force departs from 1 g by less than this for a second, what is felt is gravity, m/s²."""
LEAST_TURN = 0.15
"""Squared rate of gravity's turning, summed over time, from which it judges the gyroscope, rad²/s: turning over in two seconds makes 5."""
DISAGREES = 0.6
"""Share of gravity's turning that the gyroscope explains, below which it is wrong."""
FITS = 0.8
"""Share that a correction has to explain."""
AHEAD = 0.1
"""By this much it has to explain more than any other that changes as little."""
LEAST_SPIN = 0.08
"""Root mean square of the angular rate while running that no head or trunk stays below, rad/s (they turn at 0.5-3)."""
MOVING = 3.0
"""Standard deviation of the size of specific force within a second that walking reaches, m/s²."""


@dataclass(frozen=True)
class _Way:
    """One way to read the angular rate: matrix, words."""

    matrix: FloatArray
    words: str
    changes: int


def gyroscope_checked(sensor: InertialSensor) -> tuple[InertialSensor, tuple[Flag, ...]]:
    """The sensor with its angular rate put right where gravity shows it wrong and only one correction fits.

    Raises
    ------
    RecordingError
        Gravity turns otherwise than the gyroscope says, and no single correction explains it.
    """
    if sensor.angular_velocity is None or not sensor.whole:
        return sensor, ()
    turning, table, active = _followed(sensor)
    ways = _ways()
    if (turning**2).sum() / GRAVITY**2 / GRID < LEAST_TURN:
        if len(active) == 0 or float(np.median(active)) >= LEAST_SPIN:
            return sensor, ()
        return _corrected(sensor, ways[1], "still")
    told = np.array([_explained(one.matrix, turning, table) for one in ways])
    if told[0] >= DISAGREES:
        return sensor, ()
    for changes in (1, 2, 3):
        best, next_best = sorted((k for k, one in enumerate(ways) if one.changes == changes), key=lambda k: -told[k])[
            :2
        ]
        if told[best] < FITS:
            continue
        if told[best] - told[next_best] < AHEAD:
            break
        return _corrected(sensor, ways[best], "turns")
    solved = np.linalg.lstsq(table.reshape(-1, 9), turning.ravel(), rcond=None)[0]
    free: FloatArray = np.asarray(solved, np.float64).reshape(3, 3)
    if _explained(free, turning, table) < FITS:
        return sensor, ()  # not gravity's turning but the hand's accelerations
    what = f"gravity turns otherwise than the gyroscope of the {sensor.where} sensor says"
    remedy = "check unit, order and signs of the angular rate's columns"
    raise RecordingError(sensor.source or sensor.where, what, remedy)


def _corrected(sensor: InertialSensor, way: _Way, why: str) -> tuple[InertialSensor, tuple[Flag, ...]]:
    assert sensor.angular_velocity is not None
    text = TEXTS(f"flags.gyroscope_{why}", where=sensor.where, words=way.words)
    turned = sensor.angular_velocity @ way.matrix.T
    return replace(sensor, angular_velocity=turned), (Flag(f"gyroscope_{sensor.where}", "warning", text),)


def _followed(sensor: InertialSensor) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Gravity's change (n, 3), what each entry of M gives (n, 3, 9), both where little but gravity is felt; the angular rate in motion, rad/s."""
    assert sensor.angular_velocity is not None
    time, force, spin = sensor.time, sensor.specific_force, sensor.angular_velocity
    crossed = [-np.cross(np.eye(3)[i], force) * spin[:, j : j + 1] for i in range(3) for j in range(3)]
    size = np.linalg.norm(force, axis=1)
    rate = np.linalg.norm(spin, axis=1)
    columns = np.column_stack([force, *crossed, size, size**2, rate**2])
    edges = np.arange(time[0], time[-1], 1.0 / GRID)
    whole = cumulative_trapezoid(columns, time, axis=0, initial=0.0)
    means = np.column_stack([np.diff(np.interp(edges, time, column)) * GRID for column in whole.T])
    second: FloatArray = np.asarray(uniform_filter1d(means[:, 30:], int(GRID), axis=0), np.float64)
    scatter = np.sqrt(np.maximum(second[:, 1] - second[:, 0] ** 2, 0.0))
    quiet = (np.abs(second[:, 0] - GRAVITY) < QUIET) & (scatter < QUIET)
    quiet = np.asarray(binary_erosion(quiet, iterations=SMOOTH), bool)
    smooth: FloatArray = means[:, :30]
    for _ in range(2):
        smooth = np.asarray(uniform_filter1d(smooth, SMOOTH, axis=0), np.float64)
    change: FloatArray = np.asarray(np.gradient(smooth[:, :3], 1.0 / GRID, axis=0), np.float64)
    table = smooth[:, 3:30].reshape(-1, 9, 3).transpose(0, 2, 1)
    return change[quiet], table[quiet], np.sqrt(np.maximum(second[:, 2], 0.0))[scatter > MOVING]


def _explained(matrix: FloatArray, turning: FloatArray, table: FloatArray) -> float:
    rest = turning - table @ matrix.ravel()
    return 1.0 - float((rest**2).sum() / (turning**2).sum())


def _ways() -> list[_Way]:
    """As declared first; then another unit, other axes or signs, and both."""
    out = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[np.arange(3), order] = signs
            axes = (
                ""
                if np.array_equal(turn, np.eye(3))
                else ", ".join(f"{'-' if sign < 0 else ''}{'xyz'[k]}" for k, sign in zip(order, signs, strict=True))
            )
            for unit, factor in UNITS.items():
                words = [TEXTS("words.unit_is", unit=unit)] * bool(unit) + [TEXTS("words.axes_are", axes=axes)] * bool(
                    axes
                )
                out.append(_Way(factor * turn, " and ".join(words), 2 * bool(axes) + bool(unit)))
    return sorted(out, key=lambda one: one.changes)
