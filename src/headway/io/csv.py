"""CSV: one plain table of points and forces, described in docs/guides/csv.md."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.forces import Streams, stream_forces
from headway.io.labels import select
from headway.io.plausible import in_seconds
from headway.io.text import cells_of, check_rising, read_lines, read_table, separator_of
from headway.io.units import length_unit
from headway.recording import AXES, LAB_AXES, Flag, FloatArray, Recording, make_points
from headway.texts import TEXTS

_AXIS = r"(?P<axis>x|y|z|forward|up|right)"
_FORCE = re.compile(rf"^(?P<kind>force|cop)_(?P<stream>.+)_{_AXIS}$", re.IGNORECASE)
_TURNED = re.compile(r"^(?P<kind>grf|cop)_(?P<axis>[xyz])_(?P<stream>r|l|right|left)$", re.IGNORECASE)
"""Columns ``GRF_x_r`` and ``CoP_x_r``: the same with the axis before the side, in % of body weight unless told otherwise."""
_MOMENT = re.compile(r"^free_moment_(?P<stream>.+)$", re.IGNORECASE)
_POINT = re.compile(rf"^(?P<name>.+)_{_AXIS}$", re.IGNORECASE)
_SIDES = {"r": "right", "right": "right", "l": "left", "left": "left"}
_LOOK = "see docs/guides/csv.md for the columns"


@dataclass
class _Columns:
    """Column numbers: of points and force streams by name and axis."""

    points: dict[str, dict[str, int]] = field(default_factory=dict)
    force: dict[str, dict[str, int]] = field(default_factory=dict)
    cop: dict[str, dict[str, int]] = field(default_factory=dict)
    moment: dict[str, int] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)
    body_weights: bool = False


def read_csv(path: Path, subject: str | None = None) -> Recording:
    """Read a CSV file with a column ``time`` and three columns per point.

    Parameters
    ----------
    path
        File as described in docs/guides/csv.md: columns ``NAME_x, NAME_y, NAME_z`` or ``NAME_forward, NAME_up, NAME_right``, unit of
        length from a comment line ``# units: mm``, optional ``force_SIDE_AXIS``, ``cop_SIDE_AXIS``, ``free_moment_SIDE``.
    subject
        Runner to read, by label prefix, when there are several.

    Raises
    ------
    RecordingError
        If a column is missing or a cell is no number, naming it.
    """
    where, lines = str(path), read_lines(path)
    comments, start = _comments(lines)
    if start >= len(lines):
        raise RecordingError(where, "holds no table", _LOOK)
    header = lines[start]
    separator = separator_of(header)
    names = cells_of(header, separator)
    lower = [name.lower() for name in names]
    if "time" not in lower:
        raise RecordingError(where, "has no column named time", _LOOK)
    columns = _sort(names)
    axes = _axes(where, columns)
    table, numbers = read_table(where, lines[start + 1 :], start + 2, len(names), separator)
    if len(table) == 0:
        raise RecordingError(where, "holds no rows of data", "export it again")
    time = table[:, lower.index("time")]
    check_rising(where, time, numbers)
    seconds, time_flags = in_seconds(where, time)
    time = seconds * time
    labels = list(columns.points)
    raw = mask_unseen(_gather(table, columns.points, labels, axes))
    chosen = select(where, labels, raw, subject=subject)
    metres, flags = length_unit(where, comments.get("units", ""), chosen.positions)
    points = make_points(time, chosen.names, chosen.positions * metres, axes)
    force, force_flags = _forces(where, table, time, columns, axes, comments, metres, points)
    return Recording(
        points=points,
        ground_force=force,
        source=where,
        kind="csv",
        subject=chosen.subject,
        flags=(*time_flags, *flags, *chosen.flags, *force_flags, *_other_flag(columns.other)),
    )


def _comments(lines: list[str]) -> tuple[dict[str, str], int]:
    """Statements ``# key: value`` above the header, and the index of the header line."""
    stated: dict[str, str] = {}
    for index, line in enumerate(lines):
        text = line.strip()
        if text.startswith("#"):
            key, _, value = text.lstrip("# ").partition(":")
            stated[key.strip().lower()] = value.strip().strip(",;")
        elif text:
            return stated, index
    return stated, len(lines)


def _sort(names: list[str]) -> _Columns:
    columns = _Columns()
    for number, name in enumerate(names):
        if name.lower() == "time":
            continue
        if match := _TURNED.match(name):
            kind = "cop" if match["kind"].lower() == "cop" else "force"
            columns.body_weights |= kind == "force"
            stream = _SIDES[match["stream"].lower()]
            getattr(columns, kind).setdefault(stream, {})[match["axis"].lower()] = number
        elif match := _MOMENT.match(name):
            columns.moment[match["stream"]] = number
        elif match := _FORCE.match(name):
            getattr(columns, match["kind"].lower()).setdefault(match["stream"], {})[match["axis"].lower()] = number
        elif match := _POINT.match(name):
            columns.points.setdefault(match["name"], {})[match["axis"].lower()] = number
        else:
            columns.other.append(name)
    return columns


def _axes(where: str, columns: _Columns) -> tuple[str, ...]:
    """Axes used by all columns; every point and force must have all three."""
    groups = [("", columns.points), ("force_", columns.force), ("cop_", columns.cop)]
    used = {axis for _, group in groups for places in group.values() for axis in places}
    if not columns.points:
        raise RecordingError(where, "has no point with columns NAME_x, NAME_y, NAME_z", _LOOK)
    if used & set(AXES) and used & set(LAB_AXES):
        raise RecordingError(
            where, "mixes columns in x, y, z with columns in forward, up, right", "use one kind of axes"
        )
    axes = AXES if used & set(AXES) else LAB_AXES
    for start, group in groups:
        for name, places in group.items():
            for axis in axes:
                if axis not in places:
                    raise RecordingError(where, f"has no column {start}{name}_{axis}", _LOOK)
    return axes


def _forces(
    where: str,
    table: FloatArray,
    time: FloatArray,
    columns: _Columns,
    axes: tuple[str, ...],
    comments: dict[str, str],
    metres: float,
    points: Any,
) -> tuple[Any, tuple[Flag, ...]]:
    if not columns.force:
        return None, ()
    unit = comments.get("forces", "%BW" if columns.body_weights else "N").replace(" ", "").lower()
    if unit in ("bw", "%bw"):
        message = TEXTS("lab.forces_in_body_weights")
        return None, (Flag("forces_not_used", "warning", message),)
    if unit != "n":
        raise RecordingError(where, f"states forces in {comments['forces']}", "write N, BW or %BW after # forces:")
    streams = list(columns.force)
    moment = np.full((len(table), len(streams), 3), np.nan)
    for index, stream in enumerate(streams):
        if stream in columns.moment:
            # About the normal only, whichever axis that is: stream_forces takes the component it needs.
            moment[:, index] = table[:, columns.moment[stream], None]
    sides = [_SIDES.get(stream.lower(), "") for stream in streams]
    pressure = _gather(table, columns.cop, streams, axes) * metres
    found = Streams(time, streams, sides, _gather(table, columns.force, streams, axes), pressure, moment)
    return stream_forces(found, points)


def _gather(table: FloatArray, group: dict[str, dict[str, int]], names: list[str], axes: tuple[str, ...]) -> FloatArray:
    """Columns as (rows, names, 3); NaN for names that the group does not hold."""
    out = np.full((len(table), len(names), 3), np.nan)
    for index, name in enumerate(names):
        if name in group:
            out[:, index] = table[:, [group[name][axis] for axis in axes]]
    return out


def _other_flag(other: list[str]) -> tuple[Flag, ...]:
    names = [name for name in other if name and name.lower() not in ("frame", "frame#", "index")]
    if not names:
        return ()
    return (Flag("columns_not_read", "info", TEXTS("lab.columns_not_read", names=", ".join(names))),)
