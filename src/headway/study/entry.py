"""One recording of a study: where it lies, what is known of it, and the key that tells whether it was analysed already."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

import headway
from headway.compare.options import Take

SCHEMA = 1
"""Version of the tables; part of every key."""
NO_OPTIONS = ("recording", "path", "runner", "condition", "details", "line")
"""Fields that do not change what is measured in the file."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One recording of a study.

    Attributes
    ----------
    recording
        Its name in the tables: the path relative to the folder or manifest, with subject and part where they were given.
    path
        Absolute path.
    runner, condition
        Who ran, and under what condition; empty when not stated.
    height, mass, sex, speed
        m, kg, ``male`` or ``female``, m/s, as stated.
    treadmill, up, forward, forces, subject, start, stop, view, slow_motion
        As the options of ``headway analyze``.
    details
        Folder for the recording's own report and waveforms; empty for none.
    line
        Line of the manifest; 0 without one.
    """

    recording: str
    path: str
    runner: str = ""
    condition: str = ""
    height: float | None = None
    mass: float | None = None
    sex: Literal["male", "female"] | None = None
    speed: float | None = None
    treadmill: bool = False
    up: str | None = None
    forward: str | None = None
    forces: str | None = None
    subject: str | None = None
    start: str | None = None
    stop: str | None = None
    view: Literal["side", "rear", "front"] | None = None
    slow_motion: float | None = None
    details: str = ""
    line: int = 0

    @property
    def take(self) -> Take:
        """What is said about the recording, as for ``headway analyze``."""
        return Take(
            start=self.start,
            stop=self.stop,
            height=self.height,
            mass=self.mass,
            sex=self.sex,
            speed=self.speed,
            treadmill=self.treadmill,
            up=self.up,
            forward=self.forward,
            forces=None if self.forces is None else Path(self.forces),
            subject=self.subject,
            view=self.view,
            slow_motion=self.slow_motion,
        )


class Excluded(msgspec.Struct, frozen=True):
    """A file that is no part of the study, and why."""

    recording: str
    path: str
    reason: str


def content_hash(path: Path) -> str:
    """Hash of a file, or of all files of a folder with their names (BLAKE2b, 32 hexadecimal digits)."""
    whole = hashlib.blake2b(digest_size=16)
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    for one in files:
        if not one.is_file() and one.exists():
            raise OSError(None, "it is no regular file", str(one))
        whole.update(one.relative_to(path).as_posix().encode() if path.is_dir() else b"")
        with one.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()


def contents(entry: Entry) -> str:
    """Hash of everything that is read for a recording: the file and the ground forces that were named or found beside it."""
    parts = [content_hash(Path(entry.path))]
    forces = entry.forces
    if forces is None and entry.path.lower().endswith(".trc"):
        from headway.io.mot import find_forces

        found = find_forces(Path(entry.path))
        forces = None if found is None else str(found)
    if forces is not None:
        parts.append(content_hash(Path(forces)))
    return "+".join(parts)


def measured_alike(entry: Entry, content: str) -> str:
    """Key of what is measured: content, options and version, whoever ran and whatever the file is called."""
    options = {name: value for name, value in msgspec.to_builtins(entry).items() if name not in (*NO_OPTIONS, "forces")}
    return _digest([content, options])


def key_of(entry: Entry, content: str) -> str:
    """Key of a result: it changes with the content, the options, the stated runner and condition, and the version."""
    return _digest(
        [measured_alike(entry, content), entry.recording, entry.runner, entry.condition, bool(entry.details)]
    )


def _digest(parts: list[object]) -> str:
    text = msgspec.json.encode([SCHEMA, headway.__version__, *parts], order="sorted")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
