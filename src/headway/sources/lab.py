"""Formats of motion-capture laboratories: markers and ground forces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.options import Options
from headway.sources.format import Format, Progress, Source
from headway.sources.registry import register

if TYPE_CHECKING:
    from headway.recording import Recording

_BLOCK = 512


def _is_c3d(source: Source) -> bool:
    """Key and processor type where the header says that the parameters are."""
    head = source.head
    if len(head) < 2 or head[1] != 0x50:
        return False
    start = (head[0] - 1) * _BLOCK
    return start > 0 and start + 3 < len(head) and head[start + 3] in (84, 85, 86)


def _read_c3d(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.c3d.read import read_c3d

    return read_c3d(source.path, options.subject, options.start, options.stop)


def _is_trc(source: Source) -> bool:
    return bool(source.lines) and source.lines[0].lower().startswith("pathfiletype")


def _read_trc(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.trc import read_trc

    return read_trc(source.path, options.subject)


def _is_csv(source: Source) -> bool:
    from headway.io.csv import has_points

    return has_points(source.lines)


def _read_csv(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.csv import read_csv

    return read_csv(source.path, options.subject, options.rate)


def _is_motive(source: Source) -> bool:
    return bool(source.lines) and source.lines[0].lstrip('" ').lower().startswith("format version")


def _read_motive(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.motive import read_motive_csv

    return read_motive_csv(source.path, options.subject)


def _is_qualisys(source: Source) -> bool:
    return any(line.upper().startswith("NO_OF_FRAMES") for line in source.lines[:3])


def _read_qualisys(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.qualisys import read_qualisys_tsv

    return read_qualisys_tsv(source.path, options.subject)


def _is_mot(source: Source) -> bool:
    return any(line.strip().lower() == "endheader" for line in source.lines[:200])


def _read_mot(source: Source, options: Options, progress: Progress | None) -> Recording:
    from headway.io.mot import refuse_alone

    raise refuse_alone(source.path)


register(
    Format(
        "c3d",
        "C3D file",
        "markers, force plates and events of a motion-capture system",
        (".c3d",),
        "recording",
        _is_c3d,
        _read_c3d,
    ),
    Format(
        "trc",
        "TRC file",
        "markers as text (OpenSim), with the ground forces of the .mot or .sto file beside it",
        (".trc",),
        "recording",
        _is_trc,
        _read_trc,
        general=True,
    ),
    Format(
        "csv",
        "CSV table",
        "table of points with names above the columns (Vicon Nexus, Visual3D, BTS, plain ones: docs/guides/csv.md)",
        (".csv", ".emt"),
        "recording",
        _is_csv,
        _read_csv,
        options=frozenset({"rate"}),
        general=True,
    ),
    Format(
        "motive",
        "take of OptiTrack Motive",
        "markers of an OptiTrack Motive take as CSV",
        (".csv",),
        "recording",
        _is_motive,
        _read_motive,
    ),
    Format(
        "qualisys",
        "TSV file of Qualisys",
        "trajectories of Qualisys Track Manager as TSV with header",
        (".tsv",),
        "recording",
        _is_qualisys,
        _read_qualisys,
    ),
    Format(
        "mot",
        "MOT or STO file",
        "ground forces (OpenSim), read along with a .trc file or named with --forces",
        (".mot", ".sto"),
        "forces",
        _is_mot,
        _read_mot,
    ),
)
