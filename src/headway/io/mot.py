"""MOT and STO: ground forces as OpenSim keeps them, in a file of their own beside the markers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import check_file
from headway.io.forces import Streams, stream_forces
from headway.io.text import check_rising, read_lines, read_table
from headway.recording import Flag, FloatArray, Recording

_ID = r"(?:(?P<before>[a-z]+|\d+)_)?"
_INNER = r"(?:(?P<after>[a-z]+|\d+)_)?"
_VECTOR = re.compile(rf"^{_ID}ground_force_{_INNER}(?P<kind>[vpm])(?P<axis>[xyz])$", re.IGNORECASE)
_TORQUE = re.compile(
    rf"^{_ID}ground_(?:torque|moment|force)_{_INNER}(?:torque_|moment_)?m?(?P<axis>[xyz])$", re.IGNORECASE
)
_SIDES = {"r": "right", "right": "right", "l": "left", "left": "left"}
_SUFFIXES = (".mot", ".sto")
OVERLAP = 0.8
"""Share of the points' duration that forces found beside a file must cover to belong to it."""


def refuse_alone(path: Path) -> RecordingError:
    """Why a MOT or STO file alone is no recording: it holds no points."""
    names, _, _ = _table_header(str(path), read_lines(path))
    holds = "ground forces" if _columns(names) else "no markers"
    remedy = "load the .trc file of the same trial and give this one with --forces"
    return RecordingError(
        str(path), f"holds {holds} but no points" if holds == "ground forces" else f"holds {holds}", remedy
    )


def find_forces(markers: Path) -> Path | None:
    """Find the ground forces that belong to a marker file, by name.

    Looked for in its folder, in this order: ``STEM_grf.mot``, ``STEM_grf.sto``, ``grf.mot``, ``grf.sto``, ``STEM.mot``,
    ``STEM.sto``; else the only ``.mot`` file with force columns. Files without force columns are passed over.
    """
    stem, folder = markers.stem, markers.parent
    for name in (f"{stem}_grf", "grf", stem):
        for suffix in _SUFFIXES:
            candidate = folder / f"{name}{suffix}"
            if candidate.is_file() and holds_forces(candidate):
                return candidate
    with_forces = [path for path in sorted(folder.glob("*.mot")) if holds_forces(path)]
    return with_forces[0] if len(with_forces) == 1 else None


def holds_forces(path: Path) -> bool:
    """Tell whether a file is a readable MOT or STO file with ground-force columns."""
    try:
        names, _, _ = _table_header(str(path), read_lines(path))
    except (RecordingError, OSError):
        return False
    return bool(_columns(names))


def read_forces(path: Path) -> Streams:
    """Read the ground forces of a MOT or STO file.

    Columns known, with any side or number in place of ``R``: ``R_ground_force_vx``, ``ground_force_r_vx``,
    ``ground_force_1_vx``, ``1_ground_force_vx``; each with ``_px`` (centre of pressure) and, where there is one, a torque
    at it (``R_ground_torque_x``, ``ground_torque_r_x``, ``ground_force_1_mx``).

    Raises
    ------
    RecordingError
        If the file cannot be read, has no ``endheader``, or holds no ground forces.
    """
    check_file(path)
    where = str(path)
    lines = read_lines(path)
    names, first, separator = _table_header(where, lines)
    columns = _columns(names)
    if not columns:
        what = "holds no ground forces (no column such as ground_force_r_vx)"
        raise RecordingError(where, what, "give the file of ground forces, not of joint angles")
    if names[0].lower() != "time":
        raise RecordingError(where, "its first column is not time", "export it again from OpenSim")
    table, numbers = read_table(where, lines[first:], first + 1, len(names), separator)
    if len(table) < 2:
        raise RecordingError(where, "holds no rows of data", "export it again")
    check_rising(where, table[:, 0], numbers)
    streams = sorted(columns)
    gather = [[columns[stream].get(kind) for stream in streams] for kind in "vpt"]
    force, pressure, torque = (_gather(table, wanted) for wanted in gather)
    sides = [_SIDES.get(stream, "") for stream in streams]
    labels = [side or (f"plate {stream}" if stream else "plate") for side, stream in zip(sides, streams, strict=True)]
    return Streams(table[:, 0], labels, sides, force, pressure, torque)


def attach_forces(recording: Recording, path: Path, *, named: bool) -> Recording:
    """Return the recording with the ground forces of a file.

    Parameters
    ----------
    recording
        Points in the same axes as the forces.
    path
        MOT or STO file.
    named
        Whether the user named the file. If not, forces that do not cover the points are left out with a flag.

    Raises
    ------
    RecordingError
        If the file cannot be used and was named.
    """
    try:
        streams = read_forces(path)
    except RecordingError as error:
        if named:
            raise
        return _flagged(
            recording, Flag("forces_not_used", "warning", f"forces found beside the file were not used: {error}")
        )
    start, stop = recording.time[[0, -1]]
    shared = max(min(stop, streams.time[-1]) - max(start, streams.time[0]), 0.0) / max(stop - start, 1e-9)
    if shared == 0.0 and named:
        what = f"covers {streams.time[0]:g} to {streams.time[-1]:g} s, the points {start:g} to {stop:g} s"
        raise RecordingError(str(path), what, "give the forces of the same trial")
    if shared < OVERLAP and not named:
        reason = f"{path.name} beside the file covers only {100 * shared:.0f} % of it: not used; name it with --forces if it belongs"
        return _flagged(recording, Flag("forces_not_used", "warning", reason))
    force, flags = stream_forces(streams, recording.points)
    info = Flag("forces_from", "info", f"ground forces were read from {path.name}")
    return _flagged(replace(recording, ground_force=force), info, *flags)


def _table_header(where: str, lines: list[str]) -> tuple[list[str], int, str | None]:
    """Column names, index of the first row of numbers, and the separator."""
    ends = [k for k, line in enumerate(lines[:200]) if line.strip().lower() == "endheader"]
    if not ends:
        raise RecordingError(where, "has no line endheader", "export it again from OpenSim as MOT or STO")
    rest = [k for k in range(ends[0] + 1, len(lines)) if lines[k].strip()]
    if not rest:
        raise RecordingError(where, "ends after its header", "export it again")
    line = lines[rest[0]]
    separator = "\t" if "\t" in line else None
    names = [cell.strip() for cell in (line.rstrip("\t ").split("\t") if separator else line.split())]
    return names, rest[0] + 1, separator


def _columns(names: list[str]) -> dict[str, dict[str, list[int | None]]]:
    """Columns of each complete force stream: stream -> ``v``, ``p``, ``t`` -> column of x, y, z."""
    found: dict[str, dict[str, list[int | None]]] = {}
    for column, name in enumerate(names):
        match = _VECTOR.match(name) or _TORQUE.match(name)
        if match is None:
            continue
        kind = match.groupdict().get("kind") or "t"
        kind = "t" if kind.lower() == "m" else kind.lower()
        stream = (match["before"] or match["after"] or "").lower()
        place = found.setdefault(stream, {}).setdefault(kind, [None, None, None])
        place["xyz".index(match["axis"].lower())] = column
    return {stream: kinds for stream, kinds in found.items() if all(None not in kinds.get(k, [None]) for k in "vp")}


def _gather(table: FloatArray, columns: list[list[int | None] | None]) -> FloatArray:
    """Columns as (samples, streams, 3); NaN where the file has none."""
    out = np.full((len(table), len(columns), 3), np.nan)
    for stream, wanted in enumerate(columns):
        for axis, column in enumerate(wanted or []):
            if column is not None:
                out[:, stream, axis] = table[:, column]
    return out


def _flagged(recording: Recording, *flags: Flag) -> Recording:
    return replace(recording, flags=(*recording.flags, *flags))
