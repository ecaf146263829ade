"""TRC: marker trajectories as text, the format of OpenSim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.labels import select
from headway.io.plausible import in_seconds, stated_clock
from headway.io.text import cells_of, check_rising, read_lines, read_table, separator_of
from headway.io.units import length_unit
from headway.recording import Flag, FloatArray, Recording, make_points
from headway.texts import TEXTS

_HEADER_LINES = 5
_EXPORT = "export the markers again as TRC"


def read_trc(path: Path, subject: str | None = None) -> Recording:
    """Read a TRC file and the ground forces beside it.

    The file's own times are kept, so that forces and joint angles of the same trial fit. Empty cells and 0, 0, 0 are gaps.

    Parameters
    ----------
    path
        File. Ground forces are looked for as told in :func:`headway.io.mot.neighbours`.
    subject
        Runner to read, by label prefix, when there are several.

    Raises
    ------
    RecordingError
        If the header, the unit or a number in the file is wrong, naming the line.
    """
    from headway.io.mot import attach_forces, neighbours

    where, lines = str(path), read_lines(path)
    stated, names = _header(where, lines)
    separator = separator_of(lines[3])
    table, numbers = read_table(where, lines[_HEADER_LINES:], _HEADER_LINES + 1, 2 + 3 * len(names), separator)
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    time, time_flags = _clock(where, table[:, 1], stated)
    check_rising(where, time, numbers)
    raw = mask_unseen(table[:, 2:].reshape(len(table), len(names), 3))
    chosen = select(where, names, raw, subject=subject)
    metres, unit_flags = length_unit(where, stated.get("units", ""), chosen.positions)
    recording = Recording(
        points=make_points(time, chosen.names, chosen.positions * metres),
        source=where,
        kind="trc",
        subject=chosen.subject,
        flags=(*time_flags, *unit_flags, *chosen.flags, *_row_flags(stated, len(table))),
    )
    found = neighbours(path)
    if found.chosen is None:
        return replace(recording, flags=(*recording.flags, *found.flags))
    return attach_forces(recording, found.chosen, named=False)


def _header(where: str, lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Stated values by lower-case key, and the marker names."""
    if len(lines) < _HEADER_LINES or not lines[0].lower().startswith("pathfiletype"):
        raise RecordingError(where, "does not begin with the five header lines of a TRC file", _EXPORT)
    separator = separator_of(lines[3])
    keys, values, cells = (cells_of(line, separator) for line in lines[1:4])
    stated = dict(zip((key.lower() for key in keys), values, strict=False))
    names = [cell for cell in cells[2:] if cell]
    if len(cells) < 3 or not names or cells[1].lower() != "time":
        raise RecordingError(where, "line 4 names no time and markers", _EXPORT)
    if separator is not None and [cell for cell in cells[2::3] if cell] != names:
        raise RecordingError(where, "line 4 does not name a marker in every third column", _EXPORT)
    return stated, names


def _clock(where: str, time: FloatArray, stated: dict[str, str]) -> tuple[FloatArray, tuple[Flag, ...]]:
    """Times in s, put right by the stated rate."""
    try:
        rate = float(stated.get("datarate", "").replace(",", "."))
    except ValueError:
        rate = 0.0
    right, flags = stated_clock(time, rate)
    if flags or (np.diff(right) <= 0).any():
        return right, flags
    seconds, flags = in_seconds(where, right)
    return seconds * right, flags


def _row_flags(stated: dict[str, str], rows: int) -> tuple[Flag, ...]:
    count = stated.get("numframes", "")
    if not count.isdigit() or int(count) <= rows:
        return ()
    return (Flag("rows_missing", "warning", TEXTS("lab.rows_missing", count=count, rows=rows)),)
