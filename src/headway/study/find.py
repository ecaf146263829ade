"""Folder mode: which files of a folder are recordings, and why the others are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

from headway.errors import RecordingError
from headway.io.mot import find_forces
from headway.io.registry import formats
from headway.pose.load import FILM_SUFFIXES, is_keypoint_source
from headway.study.entry import Entry, Excluded

STANDING = re.compile(r"(?<![a-z])(static|standing|calibration|neutral|tpose|t-pose)(?![a-z])", re.IGNORECASE)
FORCES = (".mot", ".sto")
OWN = "summary.json"
"""Folders with this file are analyses that were written before; they are passed over."""
NOT_READ = "no recording: its ending is not among the readable formats"


def find_recordings(folder: Path) -> tuple[list[Entry], list[Excluded]]:
    """Readable recordings of a folder and all below it, in the order of their names; and what was left out with the reason.

    TRC files are read with the ground forces beside them; standing trials (told by their names), tables that are no recordings and forces of
    no marker file are left out. Files of other kinds are not mentioned.

    Raises
    ------
    RecordingError
        The folder cannot be read, or holds no recording.
    """
    entries: list[Entry] = []
    left: list[Excluded] = []
    used: set[Path] = set()
    for path in _candidates(folder):
        name = path.relative_to(folder).as_posix()
        why = _why_not(path)
        if why is not None:
            left.append(Excluded(name, str(path), why))
            continue
        forces = find_forces(path) if path.suffix.lower() == ".trc" else None
        if forces is not None:
            used.add(forces.resolve())
        entries.append(Entry(recording=name, path=str(path.absolute())))
    left = [one for one in left if Path(one.path).resolve() not in used]
    if not entries:
        found = f"{len(left)} files that are no running trials" if left else "no recording"
        raise RecordingError(str(folder), f"holds {found}", "name a folder with C3D, TRC, CSV files or films")
    return entries, left


def _candidates(folder: Path) -> list[Path]:
    known = {suffix for one in formats() for suffix in one.suffixes} | set(FILM_SUFFIXES) | {".fit", ".zip"}
    out: list[Path] = []

    def refuse(error: OSError) -> None:
        raise RecordingError(str(error.filename), f"cannot be read ({error.strerror})", "check its permissions")

    for place, folders, files in os.walk(folder, onerror=refuse):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if here != folder and (OWN in files or "study.json" in files):
            folders.clear()
            continue
        jsons = sum(name.endswith(".json") for name in files)
        if jsons >= 10 and is_keypoint_source(here):
            out.append(here)
            folders.clear()
            continue
        out += [here / name for name in files if not name.startswith(".") and Path(name).suffix.lower() in known]
    return sorted(out, key=lambda path: path.relative_to(folder).as_posix())


def _why_not(path: Path) -> str | None:
    """Why a file is left out; ``None`` for a recording."""
    suffix = path.suffix.lower()
    if suffix in FORCES:
        return "ground forces that belong to no marker file"
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=\d)(?=[a-z])", " ", path.stem)
    if STANDING.search(words):
        return "standing trial (by its name)"
    if suffix == ".csv" and not _is_recording(path):
        return "a table that is no recording (runners' data go into a manifest)"
    return None


def _is_recording(path: Path) -> bool:
    from headway.io.text import read_lines
    from headway.sensors.load import is_sensor_path

    if is_keypoint_source(path) or is_sensor_path(path):
        return True
    try:
        lines = read_lines(path)
    except (RecordingError, OSError):
        return True
    header = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    return re.split(r"[,;\t]", header.lower())[0].strip(' "') == "time"
