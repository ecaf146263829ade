"""Qualisys Track Manager: TSV of 3-D trajectories."""

from __future__ import annotations

from dataclasses import dataclass
from glob import escape
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.events import METHOD, parse_event
from headway.io.labels import select
from headway.io.plausible import stated_clock
from headway.io.text import check_rising, read_lines, read_table
from headway.io.units import length_unit
from headway.recording import Event, Flag, FloatArray, Recording, make_points
from headway.texts import TEXTS

_MARK = "NO_OF_FRAMES"
_EXPORT = "export the trajectories again as TSV with header"


@dataclass(frozen=True)
class _Header:
    """Values by key in capitals, rows of events, and the index of the first row of numbers."""

    stated: dict[str, list[str]]
    events: list[list[str]]
    first: int


def read_qualisys_tsv(path: Path, subject: str | None = None) -> Recording:
    """Read the trajectories of a Qualisys TSV file, which are in millimetres.

    Parameters
    ----------
    path
        File with the header ``NO_OF_FRAMES``, ``FREQUENCY``, ``MARKER_NAMES`` and so on.
    subject
        Runner to read, by label prefix, when there are several.

    Raises
    ------
    RecordingError
        If the file holds other data than trajectories, or header or numbers are wrong.
    """
    where, lines = str(path), read_lines(path)
    if not any(line.upper().startswith(_MARK) for line in lines[:3]):
        raise RecordingError(where, "does not begin with the header of a Qualisys export", _EXPORT)
    header = _header(lines)
    data = (header.stated.get("DATA_INCLUDED") or ["3D"])[0].upper()
    names = header.stated.get("MARKER_NAMES", [])
    if data != "3D" or not names:
        raise RecordingError(where, f"holds {data} data and {len(names)} named markers", "export the 3D trajectories")
    rate = _number(header)
    table, numbers, time = _table(where, lines, header, 3 * len(names), rate)
    time, time_flags = stated_clock(time, rate)
    check_rising(where, time, numbers)
    raw = mask_unseen(table.reshape(len(table), len(names), 3))
    chosen = select(where, names, raw, subject=subject)
    metres, unit_flags = length_unit(where, "mm", chosen.positions)
    events, event_flags = _events(header, time)
    return Recording(
        points=make_points(time, chosen.names, chosen.positions * metres),
        events=events,
        source=where,
        kind="qualisys",
        subject=chosen.subject,
        flags=(*time_flags, *unit_flags, *chosen.flags, *event_flags, *_forces_beside(path)),
    )


def _forces_beside(path: Path) -> tuple[Flag, ...]:
    """Tell of the forces that Qualisys writes beside the trajectories, plate by plate."""
    beside = sorted(one.name for one in path.parent.glob(f"{escape(path.stem)}_f*.tsv"))
    if not beside:
        return ()
    message = TEXTS("lab.forces_beside", names=", ".join(beside[:4]))
    return (Flag("forces_not_used", "warning", message),)


def _header(lines: list[str]) -> _Header:
    stated: dict[str, list[str]] = {}
    events: list[list[str]] = []
    for index, line in enumerate(lines):
        key, *values = (cell.strip() for cell in line.split("\t"))
        if not key.replace("_", "").isalpha() or not key.isupper():
            words = key.lower() in ("frame", "time") or any(cell.endswith((" X", " x")) for cell in (key, *values))
            return _Header(stated, events, index + 1 if words else index)
        if key == "EVENT":
            events.append(values)
        else:
            stated[key] = [value for value in values if value]
    return _Header(stated, events, len(lines))


def _number(header: _Header) -> float:
    try:
        return float((header.stated.get("FREQUENCY") or ["0"])[0].replace(",", "."))
    except ValueError:
        return 0.0


def _table(
    where: str, lines: list[str], header: _Header, columns: int, rate: float
) -> tuple[FloatArray, list[int], FloatArray]:
    """Coordinates, the line of each row, and times: of the column of time if there is one, else by the rate."""
    rows = lines[header.first :]
    width = len(rows[0].rstrip("\t ").split("\t")) if rows else 0
    lead = min(max(width - columns, 0), 2)
    if rows and not header.first:
        raise RecordingError(where, "has no header", _EXPORT)
    above = lines[header.first - 1].split("\t")[0].strip().lower()
    lead = 2 if above == "frame" else 1 if above == "time" else lead
    table, numbers = read_table(where, rows, header.first + 1, lead + columns, "\t")
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", _EXPORT)
    if lead:
        return table[:, lead:], numbers, table[:, lead - 1]
    if rate <= 0:
        raise RecordingError(where, "states no FREQUENCY and has no column of time", _EXPORT)
    return table, numbers, np.arange(len(table)) / rate


def _events(header: _Header, time: FloatArray) -> tuple[tuple[Event, ...], tuple[Flag, ...]]:
    """Rows ``EVENT label frame time``; the time counts from the start of the capture, as the frames do."""
    found: list[Event] = []
    unknown: list[str] = []
    for row in header.events:
        parsed = parse_event(row[0]) if row else None
        try:
            at = float(row[2].replace(",", "."))
        except (IndexError, ValueError):
            continue
        if parsed is None or not time[0] <= at <= time[-1]:
            unknown.append(row[0])
        else:
            found.append(Event(parsed[0], parsed[1], at, METHOD))
    message = TEXTS("lab.events_unknown", names=", ".join(unknown[:6]))
    flags = (Flag("events_not_used", "info", message),) if unknown else ()
    return tuple(sorted(found, key=lambda event: event.time)), flags
