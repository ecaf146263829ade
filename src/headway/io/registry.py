"""The door for files: which formats can be read, and the one function that reads them.

A format is one module with one function decorated with :func:`reader`; nothing else has to know about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import RecordingError

if TYPE_CHECKING:
    from headway.recording import Recording

    Reader = Callable[[Path, str | None], Recording]

_MODULES = ("c3d", "trc", "csv", "qualisys", "mot")
"""Formats in the order in which they are listed, each in a module of its name; imported on first use to keep
``import headway`` light."""


@dataclass(frozen=True)
class Format:
    """A readable format.

    Attributes
    ----------
    name
        Short name, also the ``kind`` of its recordings.
    suffixes
        Lower case, with the dot.
    description
        One line on what is in such a file.
    read
        Path and subject (or ``None``) to a raw recording.
    """

    name: str
    suffixes: tuple[str, ...]
    description: str
    read: Reader


_REGISTRY: dict[str, Format] = {}


def reader(name: str, *suffixes: str, description: str) -> Callable[[Reader], Reader]:
    """Register the decorated function as the reader of files with these suffixes; see :class:`Format`."""

    def register(read: Reader) -> Reader:
        _REGISTRY[name] = Format(name, suffixes, description, read)
        return read

    return register


def formats() -> tuple[Format, ...]:
    """Return the readable formats in a fixed order."""
    for module in _MODULES:
        import_module(f"headway.io.{module}")
    return tuple(_REGISTRY[name] for name in _MODULES)


def format_of(path: Path) -> Format:
    """Return the format that reads this file, by its suffix.

    Raises
    ------
    RecordingError
        For an unknown suffix, naming the suffixes that can be read.
    """
    suffix = path.suffix.lower()
    known = formats()
    for candidate in known:
        if suffix in candidate.suffixes:
            return candidate
    listed = ", ".join(each for candidate in known for each in candidate.suffixes)
    what = f"files ending in {suffix} cannot be read" if suffix else "the name has no ending that tells its format"
    raise RecordingError(str(path), what, f"give a file ending in {listed}, or a film (mp4, mov)")


def load(path: str | Path, *, subject: str | None = None, forces: str | Path | None = None) -> Recording:
    """Read a recording from a file of any known format.

    Points are in metres with NaN where nothing was seen, implausible jumps are masked, forces act on the runner, and
    every step is written to the log of the recording.

    Parameters
    ----------
    path
        The recording; its suffix tells the format (:func:`formats`).
    subject
        Which runner to read when the file holds several, by prefix or name.
    forces
        File of ground forces (``.mot``, ``.sto``) to use instead of those in or beside the recording.

    Raises
    ------
    RecordingError
        If the file is missing, cannot be read, is damaged or holds too little; one line with the remedy.
    """
    from headway.io.checks import check_file, finish

    source = Path(path)
    found = format_of(source) if source.suffix.lower() != "" and not source.is_dir() else None
    check_file(source)
    recording = (found or format_of(source)).read(source, subject)
    if forces is not None:
        from headway.io.mot import attach_forces

        recording = attach_forces(recording, Path(forces), named=True)
    return finish(recording, {"path": str(path), "subject": subject, "forces": None if forces is None else str(forces)})
