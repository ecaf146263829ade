"""Folder mode: which files of a folder are recordings, and why the others are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

from headway.errors import RecordingError
from headway.io.mot import find_forces
from headway.sources import Source, formats, look
from headway.sources.registry import recognised
from headway.study.entry import Entry, Excluded
from headway.texts import TEXTS

STANDING = re.compile(r"(?<![a-z])(static|standing|calibration|neutral|tpose|t-pose)(?![a-z])", re.IGNORECASE)
FORCES = (".mot", ".sto")
OWN = "summary.json"
"""Folders with this file are analyses that were written before; they are passed over."""
SILENT = (".json", ".toml")
"""Endings of many things: such files are looked into, and not mentioned where they hold no recording."""
FRAMES = 10
"""JSON files from which a folder counts as key points."""


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
    known = {suffix for one in formats() for suffix in one.suffixes}
    out: list[Path] = []

    def refuse(error: OSError) -> None:
        raise RecordingError(str(error.filename), f"cannot be read ({error.strerror})", "check its permissions")

    for place, folders, files in os.walk(folder, onerror=refuse):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if here != folder and (OWN in files or "study.json" in files):
            folders.clear()
            continue
        inside = recognised(Source(here, names=frozenset((*folders, *files))))
        frames = sum(name.endswith(".json") for name in files)
        if inside is not None and (inside.holds == "sensors" or (inside.holds == "keypoints" and frames >= FRAMES)):
            out.append(here)
            folders.clear()
            continue
        named = (here / name for name in files if not name.startswith(".") and Path(name).suffix.lower() in known)
        out += [path for path in named if path.suffix.lower() not in SILENT or _is_recording(path)]
    return sorted(out, key=lambda path: path.relative_to(folder).as_posix())


def _why_not(path: Path) -> str | None:
    """Why a file is left out; ``None`` for a recording."""
    suffix = path.suffix.lower()
    if suffix in FORCES:
        return TEXTS("differing.left_forces")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=\d)(?=[a-z])", " ", path.stem)
    if STANDING.search(words):
        return TEXTS("differing.left_standing")
    if suffix == ".csv" and not _is_recording(path):
        return TEXTS("differing.left_table")
    return None


def _is_recording(path: Path) -> bool:
    """Whether the content is that of a recording; a file that cannot be read is left to the analysis to tell."""
    try:
        found = recognised(look(path))
    except RecordingError:
        return True
    return found is not None
