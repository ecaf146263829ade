"""Which files of a folder Headway wrote, and how those of others are kept when the folder is replaced."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from headway.stored.seal import seal_of

LITTER = (".DS_Store", "Thumbs.db", "desktop.ini", ".lock")
"""Files that systems put into every folder."""
_SUMMARIES = {
    "summary.json": "an analysis or a simulation",
    "compare.json": "a comparison",
    "experiment.json": "an experiment",
    "validation.json": "a validation",
}
"""What the folder of each summary is."""


def written_by_headway(folder: Path, own: Sequence[str], main: str) -> set[str]:
    """Files of a folder that Headway wrote, as paths in it: those that its seal names; without a seal, those that bear the writer's names.

    Parameters
    ----------
    own
        Names of files and folders that the writer makes; a folder counts only where it holds a result.
    main
        Name of the summary; a folder without it holds nothing of Headway. Empty for writers without a summary: then the names of files count.
    """
    if main and not (folder / main).is_file():
        return set()
    seal = seal_of(folder / main) if main else None
    if seal is not None:
        return {main, *seal.files}
    found = {name for name in own if (folder / name).is_file()}
    for name in own:
        if main and (folder / name).is_dir() and not (folder / name).is_symlink() and _holds_result(folder / name):
            found |= {path for path in _files(folder) if path.startswith(f"{name}/")}
    return found


def other_result(folder: Path, main: str, name: str) -> str:
    """Of what other kind of result of Headway a file in a folder is; empty where it is of none."""
    for summary, kind in _SUMMARIES.items():
        if summary == main or not (folder / summary).is_file():
            continue
        seal = seal_of(folder / summary)
        if seal is not None and (name == summary or any(Path(one).is_relative_to(name) for one in seal.files)):
            return kind
    return ""


def conflict(folder: Path, new: Iterable[str], written: Collection[str]) -> str:
    """A file or folder of somebody else that stands where a new file has to; empty where none does."""
    for name in new:
        for place in (Path(name), *Path(name).parents[:-1]):
            if not os.path.lexists(folder / place) or place.as_posix() in written:
                continue
            real_folder = (folder / place).is_dir() and not (folder / place).is_symlink()
            fits = _replaceable(folder, place.as_posix(), written) if place == Path(name) else True
            if not (real_folder and fits):
                return place.as_posix()
    return ""


def _replaceable(folder: Path, name: str, written: Collection[str]) -> bool:
    """Whether everything in a folder was written by Headway, so that it may go."""
    inside = [path for path in _files(folder) if path.startswith(f"{name}/")]
    return bool(inside) and all(path in written for path in inside)


def carry_over(old: Path, new: Path, written: Collection[str], own: Collection[str]) -> None:
    """Link everything that Headway did not write into the folder that takes the place of the old one; empty folders of its own names go."""
    for base, folders, files in os.walk(old):
        here = Path(base).relative_to(old)
        links = [name for name in folders if (Path(base) / name).is_symlink()]
        for name in [*files, *links]:
            relative = (here / name).as_posix()
            if relative not in written and name not in LITTER:
                (new / here).mkdir(parents=True, exist_ok=True)
                _link(old / relative, new / relative)
        if not folders and not files and here.as_posix() not in own:
            (new / here).mkdir(parents=True, exist_ok=True)


def _link(old: Path, new: Path) -> None:
    """The same file under a further name; a copy where the file system knows no links."""
    try:
        os.link(old, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(old, new, follow_symlinks=False)


def _holds_result(folder: Path) -> bool:
    return any((place / name).is_file() for place in (folder, *folder.iterdir()) for name in _SUMMARIES)


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
