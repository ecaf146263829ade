"""Any CSV table, described by a small TOML file: columns, units, rate, where it was worn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import pandas as pd

from headway.bounds import read_written, toml_table
from headway.errors import RecordingError
from headway.recording import GRAVITY, FloatArray
from headway.sensors.recording import SIGNED_AXES, InertialSensor, Place, SensorRecording
from headway.sensors.source import LARGEST, columns, read_table

FORCE_UNITS = {"m/s2": 1.0, "g": GRAVITY, "mg": GRAVITY / 1000}
TURN_UNITS = {"rad/s": 1.0, "deg/s": np.pi / 180, "mdeg/s": np.pi / 180_000}
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
MOST_SENSORS = 12


class Signal(msgspec.Struct, forbid_unknown_fields=True):
    """Three columns and their unit; ``columns`` in sensor axes, or ``forward``, ``up``, ``right`` where the axes lie along the body."""

    unit: str
    columns: list[str] = []
    forward: str | None = None
    up: str | None = None
    right: str | None = None


class Described(msgspec.Struct, forbid_unknown_fields=True):
    """One sensor; see :func:`read`."""

    file: str
    where: Place
    force: Signal
    gyro: Signal | None = None
    gravity: Signal | None = None
    quaternion: list[str] = []
    time: str | None = None
    time_unit: Literal["s", "ms", "us", "ns", "date"] = "s"
    rate: float | None = None
    epoch: float | None = None
    mount: dict[str, str] = {}
    clock: str = ""
    only: dict[str, str] = {}
    layout: Literal["columns", "rows"] = "columns"
    row: int = 1
    blocks: list[str] = []


class Description(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file: ``[[sensor]]`` tables."""

    sensor: list[Described]
    subject: str | None = None


def read(path: Path) -> SensorRecording:
    """Read the tables that a TOML file describes.

    Parameters
    ----------
    path
        TOML file with ``[[sensor]]`` tables: ``file`` (beside it), ``where``, ``force`` (``unit`` m/s2, g or mg, and ``columns`` or ``up``,
        ``forward``, ``right``), ``time`` with ``time_unit``, or ``rate``; optionally ``gyro``, ``gravity`` (to be added to ``force``),
        ``quaternion`` (w, x, y, z), ``mount`` (``{up = "+z"}``), ``clock`` (same name: synchronised), ``epoch``, ``only`` (column = value of the
        rows that count), and for tables without a header that keep one recording per row ``layout = "rows"``, ``row`` and ``blocks``.

    Raises
    ------
    RecordingError
        Naming the field that is wrong.
    """
    table = toml_table(path, read_written(path, "check the path"))
    try:
        told = msgspec.convert(table, Description)
    except msgspec.ValidationError as error:
        raise RecordingError(str(path), str(error), "see docs/guides/sensors.md for the fields") from error
    if not 0 < len(told.sensor) <= MOST_SENSORS:
        raise RecordingError(str(path), f"describes {len(told.sensor)} sensors", f"describe 1 to {MOST_SENSORS}")
    sensors = tuple(_sensor(path, one) for one in told.sensor)
    recording = SensorRecording(sensors, source=str(path), kind="described", subject=told.subject)
    return recording.logged("described", arguments={"sensors": [one.where for one in sensors]})


def _sensor(path: Path, told: Described) -> InertialSensor:
    name = Path(told.file)
    if name.is_absolute() or ".." in name.parts:
        raise RecordingError(
            str(path), f"file = {told.file!r} leads out of the folder", "put the table beside the TOML file"
        )
    source = path.parent / name
    table = _rows(source, told) if told.layout == "rows" else read_table(source, str(source))
    for column, value in told.only.items():
        if column not in table.columns:
            raise RecordingError(str(source), f"has no column {column!r} to choose rows by", "correct `only`")
        table = pd.DataFrame(table.loc[table[column].astype(str) == value])
    if len(table) < 2:
        raise RecordingError(str(source), "holds no rows that are asked for", "check `only` in the TOML file")
    where = str(source)
    force, mount = _signal(table, told.force, FORCE_UNITS, where, "force")
    if told.gravity is not None:
        force = force + _signal(table, told.gravity, FORCE_UNITS, where, "gravity")[0]
    gyro = None if told.gyro is None else _signal(table, told.gyro, TURN_UNITS, where, "gyro")[0]
    turn = columns(table, told.quaternion, where) if told.quaternion else None
    if turn is not None and turn.shape[1] != 4:
        raise RecordingError(str(path), "quaternion needs four columns", "give w, x, y, z")
    time, epoch = _time(table, told, where)
    mount = mount | told.mount
    for body, axis in mount.items():
        if body not in ("forward", "up", "right") or axis not in SIGNED_AXES:
            raise RecordingError(
                str(path), f"mount: {body} = {axis!r} cannot be", 'write for example mount = {up = "+z"}'
            )
    return InertialSensor(told.where, time, force, gyro, turn, mount, told.clock, epoch, where)


def _rows(source: Path, told: Described) -> pd.DataFrame:
    """One row of a table without a header, cut into equally long blocks."""
    if not source.is_file() or source.stat().st_size > LARGEST:
        raise RecordingError(str(source), "does not exist, or is larger than 1 GB", "check the path")
    if not told.blocks or told.row < 1:
        raise RecordingError(str(source), 'layout = "rows" needs row (from 1) and blocks', "name the blocks of a row")
    try:
        values = pd.read_csv(source, header=None, skiprows=told.row - 1, nrows=1).to_numpy(float)[0]
    except (pd.errors.EmptyDataError, pd.errors.ParserError, ValueError, IndexError) as error:
        raise RecordingError(str(source), f"has no row {told.row} of numbers", "check `row`") from error
    if len(values) % len(told.blocks):
        what = f"row {told.row} has {len(values)} numbers, which are not {len(told.blocks)} equal blocks"
        raise RecordingError(str(source), what, "check `blocks`")
    return pd.DataFrame(dict(zip(told.blocks, values.reshape(len(told.blocks), -1), strict=True)))


def _signal(
    table: pd.DataFrame, told: Signal, units: dict[str, float], where: str, word: str
) -> tuple[FloatArray, dict[str, str]]:
    """Values in SI, and the mounting that body-aligned columns tell."""
    if told.unit not in units:
        raise RecordingError(where, f"{word}: unit {told.unit!r} is not known", f"give one of {', '.join(units)}")
    if told.columns:
        if len(told.columns) != 3:
            raise RecordingError(where, f"{word} needs three columns", "give x, y, z, or up, forward and right by name")
        return columns(table, told.columns, where) * units[told.unit], {}
    along = {"forward": told.forward, "up": told.up, "right": told.right}
    if along["up"] is None:
        raise RecordingError(where, f"{word} needs columns, or at least up", 'write columns = ["x", "y", "z"]')
    out = np.full((len(table), 3), np.nan)
    for k, name in enumerate(along.values()):
        if name is not None:
            out[:, k] = columns(table, [name], where)[:, 0] * units[told.unit]
    axes = dict(zip(along, ("+x", "+y", "+z"), strict=True))
    return out, {body: axis for body, axis in axes.items() if along[body] is not None}


def _time(table: pd.DataFrame, told: Described, where: str) -> tuple[FloatArray, float | None]:
    """Seconds from the first row, and the epoch of time zero."""
    if told.time is None:
        if told.rate is None or not 0 < told.rate < 100_000:
            raise RecordingError(where, "neither time nor rate is given", "name the column of time, or give rate in Hz")
        return np.arange(len(table)) / told.rate, told.epoch
    if told.time_unit == "date":
        if told.time not in table.columns:
            raise RecordingError(where, f"has no column {told.time!r}", "name the column of time")
        stamps = pd.to_datetime(table[told.time], errors="coerce", utc=True)
        seconds = (stamps - stamps.iloc[0]).dt.total_seconds().to_numpy(float)
        return seconds, float(stamps.iloc[0].timestamp())
    ticks = columns(table, [told.time], where)[:, 0]
    zero = float(ticks[0])
    seconds = (ticks - zero) * TIME_UNITS[told.time_unit]
    absolute = zero * TIME_UNITS[told.time_unit]
    return (seconds, absolute) if absolute > 1e9 else (seconds + absolute, told.epoch)
