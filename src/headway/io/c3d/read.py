"""C3D: markers, force plates and events of motion-capture systems."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from headway.bounds import LARGEST_SAMPLES, MOST_POINTS, check_extent, check_size, read_part
from headway.errors import RecordingError
from headway.io.c3d.events import c3d_events
from headway.io.c3d.layout import Layout, layout_of
from headway.io.c3d.samples import Samples, decode, read_samples
from headway.io.c3d.sections import AGAIN, BLOCK, Sections, numbers, read_sections, texts
from headway.io.checks import mask_unseen
from headway.io.forces import silent_flag
from headway.io.gaps import shortened
from headway.io.labels import Selection, select
from headway.io.plates import read_plates
from headway.io.units import length_unit
from headway.recording import Flag, FloatArray, Recording, make_ground_force, make_points
from headway.texts import TEXTS

_HEAD = (1 << 16) * BLOCK
"""Bytes within which the data have to begin: the number of their first block has 16 bits."""
_NEAR = 1e-6
"""Frames by which a time may miss its frame."""
_OUTPUT_GROUPS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS")
"""POINT parameters in which Plug-in Gait lists the labels that are results, not markers."""


@dataclass(frozen=True)
class C3dFile:
    """A C3D file that was read: what it states, how it is laid out, its samples."""

    where: str
    sections: Sections
    layout: Layout
    samples: Samples
    begins: int = 0
    """Frames of the file before those that were read."""


def read_c3d(
    path: Path, subject: str | None = None, start: float | None = None, stop: float | None = None
) -> Recording:
    """Read a C3D file.

    Points are in metres on a clock that starts at the first stored frame; event times, which count from the start of the
    capture, are put on the same clock. Forces of plates of types 1 to 5 and 7 act on the runner.

    Parameters
    ----------
    path
        File.
    subject
        Runner to read, by label prefix or subject name, when there are several.
    start, stop
        Part of a file that is too long to be read as a whole, s on its clock; shorter ones are read as a whole.

    Raises
    ------
    RecordingError
        If the file is damaged, holds no labelled points, holds several runners and none is named, or is too long and no part is told.
    """
    file = open_c3d(path, start, stop)
    chosen = _select(file, mask_unseen(file.samples.positions), subject)
    units = texts(file.sections.group("POINT"), "UNITS")
    metres, unit_flags = length_unit(file.where, units[0] if units else "", chosen.positions)
    positions = chosen.positions * metres
    rate = file.layout.rate
    time = (file.begins + np.arange(len(positions))) / rate
    plates, plate_flags = _ground_force(file, metres, positions)
    events, event_flags = c3d_events(
        file.sections.group("EVENT") or file.sections.group("EVENTS"),
        (file.layout.first - 1) / rate,
        file.layout.shape.frames / rate,
        chosen.subject,
        file.sections.header.events,
    )
    return Recording(
        points=make_points(time, chosen.names, positions),
        ground_force=plates,
        events=events,
        source=file.where,
        kind="c3d",
        subject=chosen.subject,
        flags=(
            *_file_flags(file),
            *unit_flags,
            *chosen.flags,
            *plate_flags,
            *event_flags,
            *_forces_beside(path, plates),
        ),
    )


def open_c3d(path: Path, start: float | None = None, stop: float | None = None) -> C3dFile:
    """Read a C3D file as it is: all points and channels, in its own units; of one that is too long, a part.

    Raises
    ------
    RecordingError
        If it is damaged, holds no points, contradicts itself, or is too long and no part is told.
    """
    where, size = str(path), path.stat().st_size
    check_size(path, size, LARGEST_SAMPLES)
    content = read_part(path, 0, _HEAD)
    sections = read_sections(where, content)
    layout = layout_of(where, sections, size)
    _check_damage(where, sections, layout)
    shape = layout.shape
    if shape.frames * shape.points <= MOST_POINTS:
        content = content if size <= _HEAD else read_part(path, 0, size)
        return C3dFile(where, sections, layout, read_samples(path, content, sections, layout))
    length = shape.frames / layout.rate
    first, last = max(start or 0.0, 0.0), length if stop is None else min(stop, length)
    check_extent(where, shape.points, layout.rate, first, last)
    begins, ends = math.ceil(first * layout.rate - _NEAR), math.floor(last * layout.rate + _NEAR) + 1
    part = replace(shape, start=0, frames=max(min(ends, shape.frames) - begins, 0))
    content = read_part(path, shape.start + begins * shape.size, part.frames * part.size)
    return C3dFile(where, sections, layout, decode(content, sections, part), begins)


def _check_damage(where: str, sections: Sections, layout: Layout) -> None:
    """Defaults hold for what a file leaves out, not for what was lost with a broken chain of parameters."""
    if sections.complete:
        return
    scaled = all(len(numbers(sections.group("ANALOG"), name)) for name in ("SCALE", "OFFSET"))
    if not texts(sections.group("POINT"), "LABELS") or (layout.shape.channels and not scaled):
        raise RecordingError(where, "has damaged parameters", AGAIN)


def _file_flags(file: C3dFile) -> tuple[Flag, ...]:
    flags = [*file.layout.flags, *_other_channels(file)]
    if not file.sections.complete:
        message = TEXTS("lab.parameters_damaged")
        flags.append(Flag("parameters_damaged", "warning", message))
    channels, analog = file.layout.shape.channels, file.sections.group("ANALOG")
    for name, default in (("SCALE", 1), ("OFFSET", 0)):
        given = len(numbers(analog, name)) or (len(numbers(analog, "OFFSETS")) if name == "OFFSET" else 0)
        if given < channels:
            message = TEXTS("lab.analog_defaults", name=name, given=given, channels=channels, default=default)
            flags.append(Flag("analog_defaults", "warning", message))
    return tuple(flags)


def _forces_beside(path: Path, plates: xr.Dataset | None) -> tuple[Flag, ...]:
    """Tell of a file of forces with the name of this one: its axes need not be the laboratory's, so it is not just taken."""
    from headway.io.mot import neighbours

    found = neighbours(path).chosen if plates is None else None
    if found is None or not found.stem.lower().startswith(path.stem.lower()):
        return ()
    message = TEXTS("lab.forces_not_used", name=found.name)
    return (Flag("forces_not_used", "info", message),)


def _select(file: C3dFile, positions: FloatArray, subject: str | None) -> Selection:
    point, subjects = file.sections.group("POINT"), file.sections.group("SUBJECTS")
    labels = texts(point, "LABELS")
    return select(
        file.where,
        (labels + [""] * positions.shape[1])[: positions.shape[1]],
        positions,
        subject=subject,
        prefixes=texts(subjects, "LABEL_PREFIXES"),
        subjects=texts(subjects, "NAMES"),
        outputs=[label.strip() for group in _OUTPUT_GROUPS for label in texts(point, group)],
    )


def _other_channels(file: C3dFile) -> tuple[Flag, ...]:
    """Name the analog channels that belong to no force plate: muscles, triggers and so on."""
    names = [name.strip() for name in texts(file.sections.group("ANALOG"), "LABELS")][: file.layout.shape.channels]
    of_plates = {int(number) for number in np.ravel(numbers(file.sections.group("FORCE_PLATFORM"), "CHANNEL"))}
    rest = [name for k, name in enumerate(names, 1) if k not in of_plates and name]
    if not rest:
        return ()
    message = TEXTS("lab.channels_not_used", n=len(rest), names=shortened(rest))
    return (Flag("channels_not_used", "info", message),)


def _ground_force(file: C3dFile, metres: float, positions: FloatArray) -> tuple[xr.Dataset | None, tuple[Flag, ...]]:
    analogs = file.samples.analogs
    plates, flags = read_plates(file.sections.groups, analogs, metres, positions)
    if not plates:
        return None, flags
    force = np.stack([plate.force for plate in plates], axis=1)
    data = make_ground_force(
        (file.begins * file.layout.shape.samples + np.arange(analogs.shape[1]))
        / (file.layout.rate * file.layout.shape.samples),
        [plate.name for plate in plates],
        force,
        np.stack([plate.centre_of_pressure for plate in plates], axis=1),
        np.stack([plate.free_moment for plate in plates], axis=1),
        corners=np.stack([plate.corners for plate in plates]),
    )
    return data, (*flags, *silent_flag(force))
