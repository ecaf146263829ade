"""Body-worn sensors and watches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headway.errors import RecordingError
from headway.io.heading import blocks
from headway.io.worn_columns import signals_of
from headway.options import PLACES, Options, Place
from headway.sources.format import Format, Progress, Source
from headway.sources.registry import register

if TYPE_CHECKING:
    from headway.sensors.recording import SensorRecording

EXPORTED = ("Accelerometer.csv", "TotalAcceleration.csv", "Headphone.csv")
DOT_LINES = 40
"""The header row of a DOT export is looked for in this many lines."""
_SENSOR = re.compile(r"^\s*\[\[\s*sensor\s*\]\]")


def _is_sensor_logger(source: Source) -> bool:
    if source.names is not None:
        return any(name in source.names for name in EXPORTED)
    return source.head.startswith(b"PK\x03\x04")


def _read_sensor_logger(source: Source, options: Options, progress: Progress | None) -> SensorRecording:
    from headway.sensors import sensor_logger

    return sensor_logger.read(source.path, source.place or options.phone or "sacrum")


def _is_dot(source: Source) -> bool:
    return any("SampleTimeFine" in line for line in source.lines[:DOT_LINES])


def _read_dot(source: Source, options: Options, progress: Progress | None) -> SensorRecording:
    from headway.sensors import movella_dot
    from headway.sensors.recording import SensorRecording

    sensor = movella_dot.read(source.path, source.place or _place_in_name(source))
    return SensorRecording((sensor,), source=str(source.path), kind="movella_dot")


def _is_table(source: Source) -> bool:
    found = [signals_of(block) for block in blocks(source.lines)]
    return any(one is not None and one.has_force for one in found)


def _read_table(source: Source, options: Options, progress: Progress | None) -> SensorRecording:
    from headway.sensors import table

    return table.read(source.path, source.place or options.phone or _place_in_name(source))


def _place_in_name(source: Source) -> Place:
    named: list[Place] = [place for place in PLACES if place in source.path.stem.lower()]
    if len(named) == 1:
        return named[0]
    remedy = f"write head={source.path.name} (or {', '.join(PLACES[1:])})"
    raise RecordingError(str(source.path), "does not tell where this sensor was worn", remedy)


def _is_described(source: Source) -> bool:
    return any(_SENSOR.match(line) for line in source.lines)


def _read_described(source: Source, options: Options, progress: Progress | None) -> SensorRecording:
    from headway.sensors import described

    return described.read(source.path)


def _is_fit(source: Source) -> bool:
    return source.head[8:12] == b".FIT"


def _read_fit(source: Source, options: Options, progress: Progress | None) -> SensorRecording:
    from headway.sensors import fit
    from headway.sensors.recording import SensorRecording

    watch = fit.read(source.path)
    return SensorRecording((), watch, str(source.path), "fit", flags=watch.flags)


register(
    Format(
        "sensor_logger",
        "Sensor Logger export",
        "Sensor Logger app: phone and headphone motion, zipped CSV or folder",
        (".zip",),
        "sensors",
        _is_sensor_logger,
        _read_sensor_logger,
        options=frozenset({"phone"}),
    ),
    Format(
        "movella_dot",
        "Movella DOT export",
        "Movella (Xsens) DOT export, one CSV per sensor",
        (".csv",),
        "sensors",
        _is_dot,
        _read_dot,
    ),
    Format(
        "sensor_table",
        "table of a sensor",
        "one sensor as text with names above the columns: phone apps, loggers, laboratory systems",
        (".csv",),
        "sensors",
        _is_table,
        _read_table,
        options=frozenset({"phone"}),
    ),
    Format(
        "described",
        "TOML description of sensors",
        "any CSV of sensors, described by a small TOML file (docs/guides/sensors.md)",
        (".toml",),
        "sensors",
        _is_described,
        _read_described,
    ),
    Format(
        "fit",
        "FIT file",
        "watch: speed, cadence and running dynamics",
        (".fit",),
        "sensors",
        _is_fit,
        _read_fit,
        extra="sensors",
    ),
)
