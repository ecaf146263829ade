"""CSV: one plain table of points and forces, described in docs/guides/csv.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import mask_unseen
from headway.io.forces import Streams, stream_forces
from headway.io.heading import TIME_UNITS, Column, TextBlock, blocks
from headway.io.labels import is_output, select
from headway.io.plausible import in_seconds
from headway.io.text import check_rising, read_lines, read_table
from headway.io.units import is_length, length_unit
from headway.recording import AXES, LAB_AXES, Flag, FloatArray, Recording, make_points
from headway.texts import TEXTS

_AXIS = r"(?P<axis>x|y|z|forward|up|right)"
_FORCE = re.compile(rf"^(?P<kind>force|cop)_(?P<stream>.+)_{_AXIS}$", re.IGNORECASE)
_TURNED = re.compile(r"^(?P<kind>grf|cop)_(?P<axis>[xyz])_(?P<stream>r|l|right|left)$", re.IGNORECASE)
"""Columns ``GRF_x_r`` and ``CoP_x_r``: the same with the axis before the side, in % of body weight unless told otherwise."""
_MOMENT = re.compile(r"^free_moment_(?P<stream>.+)$", re.IGNORECASE)
_SIDES = {"r": "right", "right": "right", "l": "left", "left": "left"}
_FRAMES = ("frame", "frame#", "index", "item", "fnum", "frame_number", "frame_index", "frame_idx", "sub frame", "#")
_RESULTS = {"LINK_MODEL_BASED", "KINETIC_KINEMATIC", "DERIVED", "METRIC", "FORCE", "ANALOG", "ROTATION"}
"""Words above a column (types of Visual3D) that make it no coordinate."""
FEWEST = 5
"""Points written in a way that other words look like too are believed from this many on."""
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

    @property
    def used(self) -> frozenset[int]:
        """Columns to be read as numbers."""
        groups = (self.points, self.force, self.cop)
        places = (number for group in groups for axes in group.values() for number in axes.values())
        return frozenset((*places, *self.moment.values()))


def read_csv(path: Path, subject: str | None = None, rate: float | None = None) -> Recording:
    """Read the points of a text table, whatever rows of names, axes and units stand above them.

    Parameters
    ----------
    path
        File as described in docs/guides/csv.md: columns ``NAME_x, NAME_y, NAME_z`` or ``NAME_forward, NAME_up, NAME_right``, unit of
        length from a comment line ``# units: mm``, optional ``force_SIDE_AXIS``, ``cop_SIDE_AXIS``, ``free_moment_SIDE``; or what
        other programs write, one table or several below each other, of which the one with most points is read.
    subject
        Runner to read, by label prefix, when there are several.
    rate
        Frames per second, of a table that has no times and states no rate.

    Raises
    ------
    RecordingError
        If a column is missing or a cell is no number, naming it.
    """
    where, lines = str(path), read_lines(path)
    comments = _comments(where, lines)
    block, beside = _table_of(where, lines)
    columns = _sort(block)
    axes = _axes(where, columns)
    table, numbers = read_table(
        where, lines[block.first : block.last], block.first + 1, len(block.columns), block.separator, columns.used
    )
    time, time_flags = _time(where, block, table, numbers, rate)
    labels = list(columns.points)
    raw = mask_unseen(_gather(table, columns.points, labels, axes))
    chosen = select(where, labels, raw, subject=subject)
    stated = comments.get("units", "") or next(
        (block.columns[places[axes[0]]].unit for places in columns.points.values()), ""
    )
    metres, flags = length_unit(where, stated, chosen.positions)
    points = make_points(time, chosen.names, chosen.positions * metres, axes)
    force, force_flags = _forces(where, table, time, columns, axes, comments, metres, points)
    return Recording(
        points=points,
        ground_force=force,
        source=where,
        kind="csv",
        subject=chosen.subject,
        flags=(*time_flags, *flags, *chosen.flags, *force_flags, *_other_flag([*columns.other, *beside])),
    )


def has_points(lines: Sequence[str]) -> bool:
    """Tell whether a text has a table of points, by its head; a head of Vicon Nexus may end before them."""
    found = blocks(lines)
    return any(_sort(block).points or any(one.text.lower() == "sub frame" for one in block.columns) for block in found)


def _table_of(where: str, lines: list[str]) -> tuple[TextBlock, list[str]]:
    """The table with most points, and columns of the others, which are not read."""
    found = blocks(lines)
    if not found:
        raise RecordingError(where, "holds no rows of data", "export it again")
    named = [block for block in found if block.columns]
    if not named:
        raise RecordingError(where, "has no row of names above its numbers", _LOOK)
    best = max(named, key=lambda block: sum(not is_output(name) for name in _sort(block).points))
    beside = [one.text for block in named if block is not best for one in block.columns if one.axis]
    points = _sort(best).points
    if points and all(is_output(name) for name in points):
        what = f"holds results of a model ({', '.join(points)[:120]}) and no markers"
        raise RecordingError(where, what, "export the trajectories of the markers")
    if not points:
        there = ", ".join(dict.fromkeys(one.text for block in named for one in block.columns if one.text))
        what = f"has no point with columns NAME_x, NAME_y, NAME_z (its columns: {there[:160]})"
        raise RecordingError(where, what, _LOOK)
    return best, list(dict.fromkeys(beside))


def _time(
    where: str, block: TextBlock, table: FloatArray, numbers: list[int], rate: float | None
) -> tuple[FloatArray, tuple[Flag, ...]]:
    """Times of the frames, s: of a column, else by the numbers of frames and the rate that is stated or given."""
    likely = block.times
    column = next((number for number in likely if (np.diff(table[:, number]) > 0).all()), next(iter(likely), None))
    if column is not None:
        time = table[:, column]
        check_rising(where, time, numbers)
        unit = TIME_UNITS.get(block.columns[column].unit.lower())
        seconds, flags = in_seconds(where, time) if unit in (None, 1.0) else (unit, ())
        return seconds * time, flags
    rate = block.rate or rate
    if not rate:
        raise RecordingError(where, "has no column named time and states no rate", "give it, for example --rate 200")
    frame = next((number for number, one in enumerate(block.columns) if one.text.lower() in _FRAMES), None)
    count = np.arange(float(len(table))) if frame is None else table[:, frame]
    check_rising(where, count, numbers)
    return count / rate, ()


def _comments(where: str, lines: list[str]) -> dict[str, str]:
    """Statements ``# key: value`` above the table."""
    stated: dict[str, str] = {}
    for line in lines:
        text = line.strip()
        if text.startswith("#"):
            key, _, value = text.lstrip("# ").partition(":")
            stated[key.strip().lower()] = value.strip().strip(",;")
        elif text:
            return stated
    raise RecordingError(where, "holds no table", _LOOK)


def _sort(block: TextBlock) -> _Columns:
    columns = _Columns()
    whole = block.triples
    loose = [name for name, places in whole.items() if not any(block.columns[k].strict for k in places.values())]
    for number, one in enumerate(block.columns):
        name = f"{one.name}_{one.axis}" if one.axis else one.text
        if one.is_time or one.text.lower() in _FRAMES:
            continue
        if match := _TURNED.match(one.text):
            kind = "cop" if match["kind"].lower() == "cop" else "force"
            columns.body_weights |= kind == "force"
            stream = _SIDES[match["stream"].lower()]
            getattr(columns, kind).setdefault(stream, {})[match["axis"].lower()] = number
        elif match := _MOMENT.match(one.text):
            columns.moment[match["stream"]] = number
        elif match := _FORCE.match(name):
            getattr(columns, match["kind"].lower()).setdefault(match["stream"], {})[match["axis"].lower()] = number
        elif one.axis and _is_place(one) and (one.strict or (one.name in whole and len(loose) >= FEWEST)):
            columns.points.setdefault(one.name, {})[one.axis] = number
        else:
            columns.other.append(one.text)
    return columns


def _is_place(one: Column) -> bool:
    """Whether a column can be a coordinate: in no other unit than one of length, and no result of a model."""
    return (not one.unit or is_length(one.unit)) and not one.kinds & _RESULTS


def _axes(where: str, columns: _Columns) -> tuple[str, ...]:
    """Axes used by all columns; every point and force must have all three."""
    groups = [("", columns.points), ("force_", columns.force), ("cop_", columns.cop)]
    used = {axis for _, group in groups for places in group.values() for axis in places}
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
    names = [name for name in other if name]
    if not names:
        return ()
    return (Flag("columns_not_read", "info", TEXTS("lab.columns_not_read", names=", ".join(names))),)
