"""TRC: marker trajectories as text, the format of OpenSim."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.labels import select
from headway.io.text import check_rising, read_lines, read_table
from headway.io.units import length_unit
from headway.recording import Flag, FloatArray, Recording, make_points

_HEADER_LINES = 5
_EXPORT = "export the markers again as TRC"


def read_trc(path: Path, subject: str | None = None) -> Recording:
    """Read a TRC file and the ground forces beside it.

    The file's own times are kept, so that forces and joint angles of the same trial fit. Empty cells and 0, 0, 0 are gaps.

    Parameters
    ----------
    path
        File. Ground forces are looked for as told in :func:`headway.io.mot.find_forces`.
    subject
        Runner to read, by label prefix, when there are several.

    Raises
    ------
    RecordingError
        If the header, the unit or a number in the file is wrong, naming the line.
    """
    from headway.io.mot import attach_forces, find_forces

    where, lines = str(path), read_lines(path)
    stated, names = _header(where, lines)
    table, numbers = read_table(where, lines[_HEADER_LINES:], _HEADER_LINES + 1, 2 + 3 * len(names), "\t")
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    check_rising(where, table[:, 1], numbers)
    raw = mask_unseen(table[:, 2:].reshape(len(table), len(names), 3))
    metres, unit_flags = length_unit(where, stated.get("units", ""), raw)
    chosen = select(where, names, raw, subject=subject)
    recording = Recording(
        points=make_points(_exact_times(table[:, 1], stated), chosen.names, raw[:, chosen.columns] * metres),
        source=where,
        kind="trc",
        subject=chosen.subject,
        flags=(*unit_flags, *chosen.flags, *_row_flags(stated, len(table))),
    )
    found = find_forces(path)
    return recording if found is None else attach_forces(recording, found, named=False)


def _header(where: str, lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Stated values by lower-case key, and the marker names."""
    if len(lines) < _HEADER_LINES or not lines[0].lower().startswith("pathfiletype"):
        raise RecordingError(where, "does not begin with the five header lines of a TRC file", _EXPORT)
    keys = [key.strip().lower() for key in lines[1].split("\t")]
    stated = dict(zip(keys, (value.strip() for value in lines[2].split("\t")), strict=False))
    cells = [cell.strip() for cell in lines[3].split("\t")]
    names = [cell for cell in cells[2:] if cell]
    if len(cells) < 3 or not names or cells[1].lower() != "time":
        raise RecordingError(where, "line 4 names no time and markers, separated by tabs", _EXPORT)
    if [cell for cell in cells[2::3] if cell] != names:
        raise RecordingError(where, "line 4 does not name a marker in every third column", _EXPORT)
    return stated, names


def _exact_times(time: FloatArray, stated: dict[str, str]) -> FloatArray:
    """Undo the rounding of printed times with the stated rate, where the two agree."""
    try:
        rate = float(stated.get("datarate", ""))
    except ValueError:
        return time
    exact = time[0] + np.arange(len(time)) / rate if rate > 0 else time
    return exact if len(time) > 1 and np.abs(exact - time).max() < 0.25 / max(rate, 1e-9) else time


def _row_flags(stated: dict[str, str], rows: int) -> tuple[Flag, ...]:
    count = stated.get("numframes", "")
    if not count.isdigit() or int(count) <= rows:
        return ()
    return (
        Flag("rows_missing", "warning", f"the header states {count} frames, the file holds {rows}: it may be cut off"),
    )
