"""C3D: markers, force plates and events of motion-capture systems, read through ezc3d."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.io.c3d_header import check_c3d
from headway.io.checks import mask_unseen
from headway.io.events import c3d_events
from headway.io.forces import silent_flag
from headway.io.labels import Selection, select
from headway.io.plates import read_plates
from headway.io.units import length_unit
from headway.recording import Flag, FloatArray, Recording, make_ground_force, make_points

_OUTPUT_GROUPS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS")
"""POINT parameters in which Plug-in Gait lists the labels that are results, not markers."""


@dataclass(frozen=True)
class _Content:
    """A C3D file as arrays: values of the parameters by group and name, positions (frames, points, 3) in file units."""

    parameters: dict[str, dict[str, Any]]
    positions: FloatArray
    analogs: FloatArray
    first_frame: int
    rate: float
    analog_rate: float


def read_c3d(path: Path, subject: str | None = None) -> Recording:
    """Read a C3D file.

    Points are in metres on a clock that starts at the first stored frame; event times, which count from the start of the
    capture, are put on the same clock. Forces of plates of types 1 to 5 and 7 act on the runner.

    Parameters
    ----------
    path
        File.
    subject
        Runner to read, by label prefix or subject name, when there are several.

    Raises
    ------
    RecordingError
        If the file is damaged, holds no labelled points, or holds several runners and none is named.
    """
    where = str(path)
    check_c3d(path)
    content = _read(path)
    metres, unit_flags = _length_unit(where, content)
    positions = mask_unseen(content.positions) * metres
    chosen = _select(where, content, positions, subject)
    positions = positions[:, chosen.columns]
    time = np.arange(len(positions)) / content.rate
    plates, plate_flags = _ground_force(content, metres, positions)
    events, event_flags = c3d_events(
        content.parameters.get("EVENT", {}),
        content.first_frame / content.rate,
        len(time) / content.rate,
        chosen.subject,
    )
    return Recording(
        points=make_points(time, chosen.names, positions),
        ground_force=plates,
        events=events,
        source=where,
        kind="c3d",
        subject=chosen.subject,
        flags=(*unit_flags, *chosen.flags, *plate_flags, *event_flags),
    )


def _read(path: Path) -> _Content:
    import ezc3d

    try:
        raw = ezc3d.c3d(str(path))
    except (RuntimeError, ValueError, OSError, MemoryError, OverflowError, IndexError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        remedy = "export the recording again"
        raise RecordingError(str(path), f"cannot be read as C3D ({reason.rstrip('.')})", remedy) from error
    parameters = {
        group: {name: each["value"] for name, each in entries.items() if isinstance(each, Mapping) and "value" in each}
        for group, entries in raw["parameters"].items()
    }
    data, header = raw["data"], raw["header"]
    positions = np.moveaxis(np.asarray(data["points"], dtype=float)[:3], 0, 2).transpose(1, 0, 2).copy()
    residuals = np.asarray(data["meta_points"]["residuals"], dtype=float)
    if residuals.size == positions.shape[0] * positions.shape[1]:
        positions[residuals.reshape(positions.shape[1], positions.shape[0]).T < 0] = np.nan
    analogs = np.asarray(data["analogs"], dtype=float)
    analogs = analogs.reshape(analogs.shape[1], -1) if analogs.size else np.zeros((0, 0))
    rate = _rate(path, parameters, header)
    ratio = round(analogs.shape[1] / len(positions)) if len(positions) else 1
    return _Content(parameters, positions, analogs, int(header["points"]["first_frame"]), rate, rate * max(ratio, 1))


def _rate(path: Path, parameters: Mapping[str, Mapping[str, Any]], header: Mapping[str, Any]) -> float:
    stated = np.ravel(parameters.get("POINT", {}).get("RATE", []))
    rate = float(stated[0]) if len(stated) else float(header["points"]["frame_rate"])
    if not np.isfinite(rate) or rate <= 0:
        raise RecordingError(str(path), f"states a frame rate of {rate:g} Hz", "export it with its frame rate")
    return rate


def _length_unit(where: str, content: _Content) -> tuple[float, tuple[Flag, ...]]:
    units = [str(unit) for unit in content.parameters.get("POINT", {}).get("UNITS", [])]
    return length_unit(where, units[0] if units else "", mask_unseen(content.positions))


def _select(where: str, content: _Content, positions: FloatArray, subject: str | None) -> Selection:
    point = content.parameters.get("POINT", {})
    labels: list[str] = []
    for part in ("LABELS", *(f"LABELS{k}" for k in range(2, 10))):
        labels.extend(str(label) for label in point.get(part, []))
    labels = (labels + [""] * positions.shape[1])[: positions.shape[1]]
    subjects = content.parameters.get("SUBJECTS", {})
    return select(
        where,
        labels,
        positions,
        subject=subject,
        prefixes=[str(prefix) for prefix in subjects.get("LABEL_PREFIXES", [])],
        subjects=[str(name) for name in subjects.get("NAMES", [])],
        outputs=[str(label).strip() for group in _OUTPUT_GROUPS for label in _texts(point.get(group, []))],
    )


def _texts(value: Any) -> list[str]:
    """Values of a text parameter; a number under the same name is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _ground_force(content: _Content, metres: float, positions: FloatArray) -> tuple[Any, tuple[Flag, ...]]:
    if content.analogs.size == 0:
        return None, ()
    plates, flags = read_plates(content.parameters, content.analogs, metres, positions)
    if not plates:
        return None, flags
    force = np.stack([plate.force for plate in plates], axis=1)
    data = make_ground_force(
        np.arange(content.analogs.shape[1]) / content.analog_rate,
        [plate.name for plate in plates],
        force,
        np.stack([plate.centre_of_pressure for plate in plates], axis=1),
        np.stack([plate.free_moment for plate in plates], axis=1),
        corners=np.stack([plate.corners for plate in plates]),
    )
    return data, (*flags, *silent_flag(force))
