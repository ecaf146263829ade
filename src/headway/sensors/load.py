"""The door for sensor files: any mix of exports of one run becomes one recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from headway.errors import OptionError, RecordingError
from headway.sensors import described, fit, movella_dot, sensor_logger
from headway.sensors.recording import PLACES, InertialSensor, Place, SensorRecording

FORMATS: dict[str, tuple[tuple[str, ...], str]] = {
    "sensor_logger": ((".zip", "folder"), "Sensor Logger app: phone and headphone motion, zipped CSV or folder"),
    "movella_dot": ((".csv",), "Movella (Xsens) DOT export, one CSV per sensor"),
    "described": ((".toml",), "any CSV, described by a small TOML file"),
    "fit": ((".fit",), "watch: speed, cadence and running dynamics (extra `sensors`)"),
}
"""Readable sensor formats: suffixes and what is in them."""


def is_sensor_path(path: str | Path) -> bool:
    """Tell whether a path (``head=FILE`` too) is one of the sensor formats; opens CSV files to look."""
    text = str(path).partition("=")[2] if str(path).partition("=")[0] in PLACES else str(path)
    file = Path(text)
    suffix = file.suffix.lower()
    if suffix in (".toml", ".fit", ".zip") or file.is_dir():
        return True
    return suffix == ".csv" and file.is_file() and movella_dot.header_row(file) is not None


def load_sensors(
    paths: Sequence[str | Path], *, phone: str = "sacrum", where: Mapping[str, str] | None = None
) -> SensorRecording:
    """Read everything that was worn on one run.

    Parameters
    ----------
    paths
        Sensor Logger zips or folders, DOT CSVs, TOML descriptions, FIT files. A DOT file's place is told by ``head=FILE``, by ``where``, or by a
        place in its name.
    phone
        Where the phone of a Sensor Logger export was worn.
    where
        File name to place, for DOT files.

    Raises
    ------
    RecordingError
        A file cannot be read, or two sensors were worn at one place.
    OptionError
        An unknown place.
    """
    parts = [_read(str(given), phone, where or {}) for given in paths]
    sensors = [one for part in parts for one in part.sensors]
    if not sensors:
        name = str(paths[0]) if paths else "sensors"
        raise RecordingError(
            name, "no inertial sensor is among the files", "add the recording of a sensor on the head or sacrum"
        )
    _one_each(sensors)
    watches = sorted((part for part in parts if part.watch is not None), key=lambda part: part.kind != "fit")
    recording = SensorRecording(
        tuple(sensors),
        watches[0].watch if watches else None,
        parts[0].source,
        "+".join(dict.fromkeys(part.kind for part in parts)),
        next((part.subject for part in parts if part.subject), None),
        tuple(step for part in parts for step in part.log),
        tuple(flag for part in parts for flag in part.flags),
    )
    return recording.logged("load_sensors", arguments={"paths": [str(path) for path in paths], "phone": phone})


def _read(given: str, phone: str, where: Mapping[str, str]) -> SensorRecording:
    """Read one file of any sensor format."""
    place, path = _split(given)
    if not path.exists():
        raise RecordingError(str(path), "does not exist", "check the path")
    suffix = path.suffix.lower()
    if suffix == ".fit":
        watch = fit.read(path)
        return SensorRecording((), watch, str(path), "fit", flags=watch.flags)
    if suffix == ".toml":
        return described.read(path)
    if suffix == ".zip" or path.is_dir():
        return sensor_logger.read(path, place or checked_place(phone, "--phone"))
    if suffix == ".csv":
        return SensorRecording(
            (movella_dot.read(path, place or _place(path, where)),), source=str(path), kind="movella_dot"
        )
    what = f"files ending in {suffix or 'nothing'} hold no sensors"
    raise RecordingError(str(path), what, "give a .zip, .csv, .toml or .fit file")


def checked_place(name: str, option: str) -> Place:
    """The place of that name.

    Raises
    ------
    OptionError
        There is none.
    """
    if name not in PLACES:
        raise OptionError(option, f"{name!r} is no place for a sensor", f"give one of {', '.join(PLACES)}")
    return cast("Place", name)


def _split(text: str) -> tuple[Place | None, Path]:
    before, sign, after = text.partition("=")
    if sign and before in PLACES:
        return cast("Place", before), Path(after)
    return None, Path(text)


def _place(path: Path, where: Mapping[str, str]) -> Place:
    for key in (path.name, str(path), path.stem):
        if key in where:
            return checked_place(where[key], "where")
    told: list[Place] = [place for place in PLACES if place in path.stem.lower()]
    if len(told) == 1:
        return told[0]
    raise RecordingError(
        str(path), "does not tell where this sensor was worn", f"write head={path.name} (or {', '.join(PLACES[1:])})"
    )


def _one_each(sensors: list[InertialSensor]) -> None:
    seen: dict[str, str] = {}
    for one in sensors:
        if one.where in seen:
            what = f"two sensors are worn at {one.where} (the other is {seen[one.where]})"
            raise RecordingError(one.source, what, "declare where each was worn")
        seen[one.where] = one.source
