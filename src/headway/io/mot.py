"""MOT and STO: ground forces as OpenSim keeps them, in a file of their own beside the markers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headway.errors import RecordingError
from headway.io.checks import check_file
from headway.io.forces import Streams, stream_forces
from headway.io.plausible import in_seconds
from headway.io.text import cells_of, check_rising, read_lines, read_table, separator_of
from headway.recording import Flag, FloatArray, Recording
from headway.texts import TEXTS

_FAMILIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # R_ground_force_vx, ground_force_1_vx, calcn_r_ground_force_px; R_ground_torque_x, ground_force_1_mx
        r"^(?:(?P<before>.+?)_)?ground_(?:force_(?:(?P<after>.+?)_)?(?P<kind>[vpm]|torque_|moment_)"
        r"|(?:torque|moment)_(?:(?P<about>.+?)_)?[mt]?)(?P<axis>[xyz])$",
        # f1_x, p1_x, m1_x; f_r_x
        r"^(?P<kind>f|p|m|t|cop)_?(?P<after>\d+|r|l|right|left)_(?P<axis>[xyz])$",
        # FP1_Fx, FP1_COPx, FP1_Mx; Fx1, COPx1
        r"^(?:(?P<before>[a-z]*\d+|r|l|right|left|(?:force)?plate ?\d*)[_. ]?)?(?P<kind>f|m|cop|p)_?(?P<axis>[xyz])_?(?P<after>\d*)$",
        # calcn_r_force_x, calcn_r_force_vx, calcn_r_point_x, calcn_r_torque_x
        r"^(?P<before>.+?)_(?P<kind>force|point|cop|torque|moment)_[vpmt]?(?P<axis>[xyz])$",
    )
)
"""Names of columns of ground force (v, f), its place (p) and the torque there (m, t), by the programs that write them."""
_KINDS = {"v": "v", "f": "v", "force": "v", "p": "p", "cop": "p", "point": "p"}
_SIDES = {"r": "right", "right": "right", "l": "left", "left": "left"}
_FORCE_FILE = re.compile(r"grf|forces?(?![a-z])|kinetics|plates?(?![a-z])", re.IGNORECASE)
"""What the names of files of ground force say."""
_SUFFIXES = (".mot", ".sto")
OVERLAP = 0.8
"""Share of the points' duration that forces found beside a file must cover to belong to it."""


def refuse_alone(path: Path) -> RecordingError:
    """Why a MOT or STO file alone is no recording: it holds no points."""
    names, _, _ = _table_header(str(path), read_lines(path))
    if _columns(names):
        remedy = "name the TRC file that belongs to it as well"
        return RecordingError(str(path), "holds ground forces but no points", remedy)
    there = ", ".join(name for name in names if name)[:120]
    remedy = "give the markers of the same trial (TRC or C3D)"
    return RecordingError(str(path), f"holds no markers (its columns: {there})", remedy)


@dataclass(frozen=True)
class Neighbours:
    """Files of ground force beside a recording: the one that belongs to it, and why others were not used."""

    chosen: Path | None
    flags: tuple[Flag, ...]


def find_forces(markers: Path) -> Path | None:
    """Find the ground forces that belong to a marker file, by name; see :func:`neighbours`."""
    return neighbours(markers).chosen


def neighbours(markers: Path) -> Neighbours:
    """Look for ground forces beside a marker file.

    Looked for in its folder, in this order: ``STEM_grf``, ``grf``, ``STEM``, each as ``.mot`` or ``.sto``; other files whose
    names begin with ``STEM``; else the only ``.mot`` or ``.sto`` file with force columns.
    """
    stem, folder = markers.stem, markers.parent
    beside = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    ordered = [folder / f"{name}{suffix}" for name in (f"{stem}_grf", "grf", stem) for suffix in _SUFFIXES]
    own = [path for path in beside if path.stem.lower().startswith(f"{stem.lower()}_") and path not in ordered]
    first = [path for path in ordered if path in beside]
    for candidate in (*first, *own):
        if holds_forces(candidate):
            return Neighbours(candidate, ())
    with_forces = [path for path in beside if holds_forces(path)]
    if len(with_forces) == 1:
        return Neighbours(with_forces[0], ())
    if with_forces:
        listed = ", ".join(path.name for path in with_forces[:4])
        return Neighbours(None, (_unused(f"several files of ground force lie beside it ({listed})"),))
    meant = [path for path in (*first, *own) if _FORCE_FILE.search(path.stem)]
    return Neighbours(None, tuple(_unused(_why_unread(path)) for path in meant))


def _unused(why: str) -> Flag:
    return Flag("forces_not_used", "warning", TEXTS("lab.forces_unfit", why=why))


def _why_unread(path: Path) -> str:
    try:
        names, _, _ = _table_header(str(path), read_lines(path))
    except (RecordingError, OSError) as error:
        return f"{path.name} beside it cannot be read ({error})"
    return f"{path.name} beside it has no columns of force that are known (it has {', '.join(names[1:5])})"


def holds_forces(path: Path) -> bool:
    """Tell whether a file is a readable MOT or STO file with ground-force columns."""
    try:
        names, _, _ = _table_header(str(path), read_lines(path))
    except (RecordingError, OSError):
        return False
    return bool(_columns(names))


def read_forces(path: Path) -> Streams:
    """Read the ground forces of a MOT or STO file.

    Columns known, with any side, number or body in place of ``R``: ``R_ground_force_vx``, ``ground_force_r_vx``,
    ``1_ground_force_vx``, ``f1_x``, ``FP1_Fx``, ``calcn_r_force_x``; each with its centre of pressure (``_px``, ``p1_x``,
    ``FP1_COPx``, ``calcn_r_point_x``) and the torque there, where there are any.

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
    seconds, flags = in_seconds(where, table[:, 0])
    streams = sorted(columns)
    gather = [[columns[stream].get(kind) for stream in streams] for kind in "vpt"]
    force, pressure, torque = (_gather(table, wanted) for wanted in gather)
    sides = [_side(stream) for stream in streams]
    names = [side or (f"plate {stream}" if stream else "plate") for side, stream in zip(sides, streams, strict=True)]
    labels = [name if names.count(name) == 1 else stream for name, stream in zip(names, streams, strict=True)]
    return Streams(seconds * table[:, 0], labels, sides, force, pressure, torque, flags)


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
        return _flagged(recording, Flag("forces_not_used", "warning", TEXTS("lab.forces_faulty", error=error)))
    start, stop = recording.time[[0, -1]]
    shared = max(min(stop, streams.time[-1]) - max(start, streams.time[0]), 0.0) / max(stop - start, 1e-9)
    if shared == 0.0 and named:
        what = f"covers {streams.time[0]:g} to {streams.time[-1]:g} s, the points {start:g} to {stop:g} s"
        raise RecordingError(str(path), what, "give the forces of the same trial")
    if shared < OVERLAP and not named:
        reason = TEXTS("lab.forces_cover_part", name=path.name, shared=100 * shared)
        return _flagged(recording, Flag("forces_not_used", "warning", reason))
    force, flags = stream_forces(streams, recording.points)
    info = Flag("forces_from", "info", TEXTS("lab.forces_from", name=path.name))
    return _flagged(replace(recording, ground_force=force), info, *streams.flags, *flags)


def _table_header(where: str, lines: list[str]) -> tuple[list[str], int, str | None]:
    """Column names, index of the first row of numbers, and the separator."""
    ends = [k for k, line in enumerate(lines[:200]) if line.strip().lower() == "endheader"]
    if not ends:
        raise RecordingError(where, "has no line endheader", "export it again from OpenSim as MOT or STO")
    rest = [k for k in range(ends[0] + 1, len(lines)) if lines[k].strip()]
    if not rest:
        raise RecordingError(where, "ends after its header", "export it again")
    line = lines[rest[0]]
    separator = separator_of(line)
    return cells_of(line.rstrip(f"{separator or ''} "), separator), rest[0] + 1, separator


def _columns(names: list[str]) -> dict[str, dict[str, list[int | None]]]:
    """Columns of each force stream: stream -> ``v``, ``p``, ``t`` -> column of x, y, z; one without all of ``v`` is none.

    Without a whole ``p`` the torque is about a point that nobody names, and is left out.
    """
    found: dict[str, dict[str, list[int | None]]] = {}
    for column, name in enumerate(names):
        match = next((match for family in _FAMILIES if (match := family.match(name.strip()))), None)
        if match is None or "_on_" in name:  # the load of a joint: ankle_r_on_calcn_r_in_ground_fx
            continue
        parts = match.groupdict()
        kind = _KINDS.get((parts.get("kind") or "t").lower(), "t")
        stream = next((text.lower() for key in ("before", "after", "about") if (text := parts.get(key))), "")
        found.setdefault(stream, {}).setdefault(kind, [None, None, None])["xyz".index(parts["axis"].lower())] = column
    whole = {stream: {kind: c for kind, c in kinds.items() if None not in c} for stream, kinds in found.items()}
    return {stream: kinds if "p" in kinds else {"v": kinds["v"]} for stream, kinds in whole.items() if "v" in kinds}


def _side(stream: str) -> str:
    """Foot that a stream's name tells, as a word of its own: ``r``, ``calcn_l``."""
    sides = {_SIDES[word] for word in re.split(r"[^a-z]+", stream) if word in _SIDES}
    return sides.pop() if len(sides) == 1 else ""


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
