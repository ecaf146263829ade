"""Any text table of one sensor that names an accelerometer: what phones, loggers and laboratories export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from headway.errors import RecordingError
from headway.io.dialect import HEAD
from headway.io.heading import TIME_UNITS, TextBlock, blocks
from headway.io.text import cells_of, read_lines, read_table
from headway.io.worn_columns import Signals, Triad, is_without, signals_of
from headway.recording import GRAVITY, Flag, FloatArray
from headway.sensors.recording import InertialSensor, Place, SensorRecording
from headway.sensors.source import Bundle, onto
from headway.texts import TEXTS

RATES = (10.0, 5000.0)
"""Samples per second between which a unit of time that is not stated must put them."""
UNITS = {"g": GRAVITY, "m/s2": 1.0, "mg": GRAVITY / 1000}
MEAN = (0.75, 1.35)
"""Mean force in units of gravity by which a unit that is not stated is told."""
DEGREES = 20.0
"""Angular velocities whose 95th percentile is above this are in degrees: no head or trunk turns so fast in radians."""


def read(path: Path, where: Place) -> SensorRecording:
    """Read one sensor's table.

    Raises
    ------
    RecordingError
        No accelerometer with gravity in it, or neither its unit nor its times can be told.
    """
    sensor, flags = sensor_of(read_lines(path), where, str(path))
    recording = SensorRecording((sensor,), source=str(path), kind="table", flags=flags)
    return recording.logged("sensor_table", arguments={"where": where})


def in_bundle(bundle: Bundle, where: Place) -> SensorRecording | None:
    """The sensor of an export with a table for each kind whose columns state units (phyphox); ``None`` where there is none."""
    named = {name: bundle.lines(name, HEAD) for name in bundle.members if not is_without(name)}
    found = {name: signals for name, lines in named.items() for signals in (_first(lines)[1],) if signals is not None}
    force = next((name for name, one in found.items() if one.force is not None and one.force.factor is not None), None)
    if force is None:
        return None
    sensor, flags = sensor_of(bundle.lines(force), where, f"{bundle.path}:{force}")
    turning = next((name for name, one in found.items() if one.turn is not None), None)
    if sensor.angular_velocity is None and turning is not None:
        source = f"{bundle.path}:{turning}"
        block, signals, table = _table(bundle.lines(turning), source)
        turn, more = _turn(signals.turn, table)
        if turn is not None:
            turn = onto(sensor.time, _times(block, table, bundle.lines(turning), source), turn)
        sensor, flags = replace(sensor, angular_velocity=turn), (*flags, *more)
    recording = SensorRecording((sensor,), source=str(bundle.path), kind="sensor_table", flags=flags)
    return recording.logged("sensor_table", arguments={"where": where})


def sensor_of(lines: Sequence[str], where: Place, source: str) -> tuple[InertialSensor, tuple[Flag, ...]]:
    """The first sensor of a text, and what was assumed."""
    block, found, table = _table(lines, source, where)
    parts = (found.force,) if found.force is not None else (found.without, found.gravity)
    known = [one for one in parts if one is not None]
    if len(known) < len(parts):
        remedy = "record the accelerometer with gravity, or gravity beside it"
        raise RecordingError(source, "has acceleration without gravity only", remedy)
    raw = np.sum([one.sign * table[:, one.columns] for one in known], axis=0)
    factor, flags = _force_factor(known[0], raw, source)
    turn, turn_flags = _turn(found.turn, table)
    time = _times(block, table, lines, source)
    if found.unread:
        message = TEXTS("flags.sensors_not_read", name=known[0].name, others=", ".join(found.unread))
        flags = (*flags, Flag("sensors_not_read", "warning", message))
    return InertialSensor(where, time, factor * raw, turn, source=source), (*flags, *turn_flags)


def _first(lines: Sequence[str], where: Place | None = None) -> tuple[TextBlock | None, Signals | None]:
    """The first table of a text that holds a sensor's signals."""
    return next(((one, held) for one in blocks(lines) if (held := signals_of(one, where)) is not None), (None, None))


def _table(lines: Sequence[str], source: str, where: Place | None = None) -> tuple[TextBlock, Signals, FloatArray]:
    block, found = _first(lines, where)
    if block is None or found is None:
        raise RecordingError(source, "names no accelerometer", "describe its columns: docs/guides/sensors.md")
    rows = lines[block.first : block.last]
    return block, found, read_table(source, rows, block.first + 1, len(block.columns), block.separator, ())[0]


def _force_factor(signal: Triad, raw: FloatArray, source: str) -> tuple[float, tuple[Flag, ...]]:
    if signal.factor is not None:
        return signal.factor, ()
    mean = float(np.median(np.linalg.norm(raw, axis=1)[np.isfinite(raw).all(1)])) if len(raw) else 0.0
    for name, factor in UNITS.items():
        # Between steps a runner is nearly weightless: the median lies below one g.
        if MEAN[0] / 2 < mean * factor / GRAVITY < 2 * MEAN[1]:
            message = TEXTS("flags.sensor_unit_assumed", name=signal.name, unit=name)
            return factor, (Flag("unit_assumed", "info", message),)
    what = f"states no unit of acceleration, and its numbers ({mean:.3g} in the middle) are in neither g nor m/s²"
    raise RecordingError(source, what, "export it in g or m/s²")


def _turn(signal: Triad | None, table: FloatArray) -> tuple[FloatArray | None, tuple[Flag, ...]]:
    """Angular velocity, rad/s."""
    if signal is None:
        return None, ()
    values = table[:, signal.columns]
    if not np.isfinite(values).any():
        return None, ()
    if signal.factor is not None:
        return values * signal.factor, ()
    degrees = float(np.nanpercentile(np.abs(values), 95)) > DEGREES
    message = TEXTS("flags.sensor_unit_assumed", name=signal.name, unit="deg/s" if degrees else "rad/s")
    return (np.radians(values) if degrees else values), (Flag("unit_assumed", "info", message),)


def _times(block: TextBlock, table: FloatArray, lines: Sequence[str], source: str) -> FloatArray:
    """Seconds from the first sample: of a column of times or dates, else by the rate that is stated above."""
    for number in block.times:
        one, values = block.columns[number], table[:, number]
        if not np.isfinite(values).any():
            values = _dates(lines[block.first : block.last], number, block.separator)
        step = float(np.median(np.diff(values[np.isfinite(values)]))) if np.isfinite(values).sum() > 1 else 0.0
        units = [TIME_UNITS[one.unit.lower()]] if one.unit else [1.0, 1e-3, 1e-6, 1e-9]
        unit = next((unit for unit in units if step > 0 and RATES[0] < 1 / (step * unit) < RATES[1]), None)
        if unit is not None:
            return (values - values[np.isfinite(values)][0]) * unit
    if block.rate <= 0:
        raise RecordingError(source, "has no times and states no rate", "describe it: docs/guides/sensors.md")
    return np.arange(len(table)) / block.rate


def _dates(rows: Sequence[str], number: int, separator: str | None) -> FloatArray:
    """Seconds since 1970 of a column of dates; NaN where there is none."""
    cells = [cells_of(row, separator)[number : number + 1] or [""] for row in rows if row.strip()]
    stamps = pd.to_datetime(pd.Series([cell for (cell,) in cells]), errors="coerce", utc=True, format="mixed")
    return np.asarray((stamps - pd.Timestamp(0, tz="UTC")).dt.total_seconds(), dtype=np.float64)
