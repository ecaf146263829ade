"""What was worn on one run, from several files, as one recording."""

from __future__ import annotations

from collections.abc import Sequence

from headway.errors import RecordingError
from headway.sensors.recording import InertialSensor, SensorRecording


def merged(parts: Sequence[SensorRecording], paths: Sequence[str], phone: str) -> SensorRecording:
    """One recording from those of single files.

    Parameters
    ----------
    parts
        As read.
    paths, phone
        What was given, for the log.

    Raises
    ------
    RecordingError
        No inertial sensor is among them, or two were worn at one place.
    """
    sensors = [one for part in parts for one in part.sensors]
    if not sensors:
        name = paths[0] if paths else "sensors"
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
    return recording.logged("load_sensors", arguments={"paths": list(paths), "phone": phone})


def _one_each(sensors: list[InertialSensor]) -> None:
    seen: dict[str, str] = {}
    for one in sensors:
        if one.where in seen:
            what = f"two sensors are worn at {one.where} (the other is {seen[one.where]})"
            raise RecordingError(one.source, what, "declare where each was worn")
        seen[one.where] = one.source
