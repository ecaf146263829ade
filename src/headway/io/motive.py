"""OptiTrack Motive: CSV of tracked markers, with its rows of types, names and axes above the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.labels import select
from headway.io.plausible import stated_clock
from headway.io.text import cells_of, check_rising, read_lines, read_table
from headway.io.units import length_unit
from headway.recording import Flag, Recording, make_points
from headway.texts import TEXTS

_KINDS = ("marker", "bone marker", "bone")
"""What a column can be of, best first: measured, solved on a skeleton, origin of a segment."""
_EXPORT = "export the take again as CSV with markers and header"
_HEADER_LINES = 12


@dataclass(frozen=True)
class _Header:
    """Statements of the first line, and per column its kind, name, quantity and axis; line of the first numbers."""

    stated: dict[str, str]
    kinds: list[str]
    names: list[str]
    quantities: list[str]
    axes: list[str]
    first: int


def read_motive_csv(path: Path, subject: str | None = None) -> Recording:
    """Read the markers of an OptiTrack Motive take.

    Parameters
    ----------
    path
        CSV file with the header that Motive writes; lengths in the unit that it states.
    subject
        Runner to read, by the name of the skeleton or marker set, when there are several.

    Raises
    ------
    RecordingError
        If the header or a number is wrong, or no marker is in the file.
    """
    where, lines = str(path), read_lines(path)
    header = _header(where, lines)
    kind, columns, flags = _columns(where, header)
    wanted = {1, *(place for places in columns.values() for place in places)}
    table, numbers = read_table(where, lines[header.first :], header.first + 1, len(header.axes), ",", wanted)
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    rate = header.stated.get("export frame rate") or header.stated.get("capture frame rate") or ""
    time, time_flags = stated_clock(table[:, 1], _number(rate))
    check_rising(where, time, numbers)
    raw = mask_unseen(np.stack([table[:, places] for places in columns.values()], axis=1))
    chosen = select(where, [name for name, _ in columns], raw, subject=subject)
    metres, unit_flags = length_unit(where, header.stated.get("length units", ""), chosen.positions)
    return Recording(
        points=make_points(time, chosen.names, chosen.positions * metres),
        source=where,
        kind="motive",
        subject=chosen.subject,
        flags=(*time_flags, *unit_flags, *chosen.flags, *flags, *_kind_flag(kind)),
    )


def _header(where: str, lines: list[str]) -> _Header:
    rows = [cells_of(line, ",") for line in lines[:_HEADER_LINES]]
    axes = next((k for k, row in enumerate(rows) if row and row[0].lower() == "frame"), None)
    if axes is None or axes < 3 or len(rows[axes]) < 3 or not rows[axes][1].lower().startswith("time"):
        raise RecordingError(where, "has no row Frame, Time above its numbers", _EXPORT)
    first = rows[0]
    stated = {key.lower(): value for key, value in zip(first[::2], first[1::2], strict=False)}
    named = next((row for row in rows[:axes] if len(row) > 1 and row[1].lower() == "name"), None)
    kinds = next(
        (row for row in rows[1:axes] if len(row) > 2 and row[1].lower() in ("", "type") and any(row[2:])), None
    )
    named = rows[rows.index(kinds) + 1] if named is None and kinds is not None else named
    if named is None or kinds is None:
        raise RecordingError(where, "has no rows of types and names above its numbers", _EXPORT)
    width = len(rows[axes])
    filled = [(row + [""] * width)[:width] for row in (kinds, named, rows[axes - 1], rows[axes])]
    return _Header(
        stated,
        [cell.lower() for cell in filled[0]],
        filled[1],
        [cell.lower() for cell in filled[2]],
        [cell.lower() for cell in filled[3]],
        axes + 1,
    )


def _columns(where: str, header: _Header) -> tuple[str, dict[tuple[str, int], list[int]], tuple[Flag, ...]]:
    """Kind of the points taken, the three columns of each by name and number, and what else the file holds."""
    found: dict[str, dict[tuple[str, int], list[int]]] = {}
    for column in range(2, len(header.axes)):
        if header.quantities[column] != "position" or header.axes[column] != "x":
            continue
        if header.axes[column : column + 3] != ["x", "y", "z"]:
            raise RecordingError(where, f"the columns of {header.names[column]} are not x, y, z", _EXPORT)
        places = found.setdefault(header.kinds[column], {})
        places[header.names[column], column] = [column, column + 1, column + 2]
    kind = next((kind for kind in _KINDS if kind in found), None)
    if kind is None:
        there = ", ".join(found) or "nothing with a position"
        raise RecordingError(where, f"holds no markers ({there})", _EXPORT)
    others = [f"{other} ({len(places)})" for other, places in found.items() if other != kind]
    if not others:
        return kind, found[kind], ()
    message = TEXTS("lab.columns_beside", names=", ".join(others), kind=kind, n=len(found[kind]))
    return kind, found[kind], (Flag("columns_not_read", "info", message),)


def _kind_flag(kind: str) -> tuple[Flag, ...]:
    if kind == "marker":
        return ()
    what = "solved on the skeleton" if kind == "bone marker" else "the origins of the skeleton's bones"
    return (Flag("not_measured_markers", "warning", TEXTS("lab.not_measured_markers", what=what)),)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0
