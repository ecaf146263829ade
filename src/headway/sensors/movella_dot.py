"""CSV exports of Movella (Xsens) DOT sensors: one file per sensor.

A few lines of ``name: value`` come before the header row. ``SampleTimeFine`` counts microseconds in 32 bits and starts again after
71.6 min; ``Acc_*`` in m/s² with gravity and ``Gyr_*`` in deg/s in sensor axes; ``Quat_*`` from sensor to earth axes with Z up; ``FreeAcc_*`` in
earth axes without gravity, m/s² (Movella DOT user manual XD0502P).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from headway.errors import RecordingError
from headway.io.text import HEAD, read_lines
from headway.recording import GRAVITY, FloatArray
from headway.sensors.recording import InertialSensor, Place
from headway.sensors.source import columns, read_table

HEADER_LINES = 40
"""The header row is looked for in this many lines."""
MARK = "SampleTimeFine"
FASTEST = 1000.0
"""More samples per second than this mean that the ticks are those of MT devices, 100 µs."""


def header_row(path: Path) -> int | None:
    """Number of the header row, ``None`` where the file is no DOT export."""
    try:
        lines = read_lines(path, HEAD)[:HEADER_LINES]
    except (RecordingError, OSError):
        return None
    return next((number for number, line in enumerate(lines) if MARK in line), None)


def read(path: Path, where: Place) -> InertialSensor:
    """Read one sensor's file.

    Raises
    ------
    RecordingError
        No acceleration in it.
    """
    row = header_row(path)
    if row is None:
        raise RecordingError(str(path), f"has no column {MARK}: no DOT export", "export the recording as CSV")
    table = read_table(path, str(path), skip=row)
    ticks = columns(table, [MARK], str(path))[:, 0]
    time = seconds(ticks)
    gyro = turn = None
    if "Gyr_X" in table:
        turning = columns(table, ["Gyr_X", "Gyr_Y", "Gyr_Z"], str(path))
        gyro = turning if _is_mt(ticks) else np.radians(turning)
    if "Quat_W" in table:
        turn = columns(table, ["Quat_W", "Quat_X", "Quat_Y", "Quat_Z"], str(path))
    if "Acc_X" in table:
        force = columns(table, ["Acc_X", "Acc_Y", "Acc_Z"], str(path))
    elif "FreeAcc_X" in table and turn is not None:
        free = columns(table, ["FreeAcc_X", "FreeAcc_Y", "FreeAcc_Z"], str(path))
        free[:, 2] += GRAVITY
        sound = np.isfinite(turn).all(1) & (np.linalg.norm(np.nan_to_num(turn), axis=1) > 0.5)
        force = np.full_like(free, np.nan)
        force[sound] = Rotation.from_quat(turn[sound][:, [1, 2, 3, 0]]).inv().apply(free[sound])
    else:
        raise RecordingError(
            str(path), "holds no acceleration", "record with a payload that has it (Custom Mode 5 or Rate quantities)"
        )
    return InertialSensor(where, time, force, gyro, turn, clock=_synchronised(path, row), source=str(path))


def seconds(ticks: FloatArray) -> FloatArray:
    """Seconds from a counter of microseconds in 32 bits (100 µs in MT devices); starts again are undone."""
    step = np.diff(ticks)
    wraps = np.concatenate([[0.0], np.cumsum(np.where(step < -(2.0**31), 2.0**32, 0.0))])
    return (ticks + wraps) * (1e-4 if _is_mt(ticks) else 1e-6)


def _is_mt(ticks: FloatArray) -> bool:
    """Whether a counter is that of MT devices, which count 100 µs and export angular velocity in rad/s."""
    moved = np.diff(ticks)
    return bool((moved > 0).any()) and 1e6 / float(np.median(moved[moved > 0])) > FASTEST


def _synchronised(path: Path, row: int) -> str:
    """Name of the common clock where the file says that the sensors were synchronised."""
    preamble = "\n".join(read_lines(path, HEAD)[:row]).lower()
    line = next((text for text in preamble.splitlines() if "syncstatus" in text.replace(" ", "")), "")
    return "dot" if "synced" in line and "unsync" not in line and "not" not in line else ""
