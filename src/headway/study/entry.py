"""One recording of a study: where it lies, what is known of it, and the key that tells whether it was analysed already."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from headway.options import Options
from headway.version import VERSION

SCHEMA = 1
"""Version of the tables; part of every key."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One recording of a study.

    Attributes
    ----------
    recording
        Its name in the tables: the path relative to the folder or manifest, with subject and part where they were given.
    path
        Absolute path.
    second_film
        Absolute path of a second film of the same run, from another side; empty for none.
    runner, condition
        Who ran, and under what condition; empty when not stated.
    take
        What is said about the recording, as for ``headway analyze``.
    details
        Folder for the recording's own report and waveforms; empty for none.
    line
        Line of the manifest; 0 without one.
    """

    recording: str
    path: str
    second_film: str = ""
    runner: str = ""
    condition: str = ""
    take: Options = Options()
    details: str = ""
    line: int = 0


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
    """Hash of everything that is read for a recording: the file, a second film, ground forces beside it, and every file that an option names."""
    from headway.io.mot import find_forces

    read, named = [Path(entry.path)], _files(_given(entry.take))
    if entry.second_film:
        read.append(Path(entry.second_film))
    beside = find_forces(Path(entry.path)) if entry.path.lower().endswith(".trc") else None
    if beside is not None:
        named.setdefault("forces", beside)
    return "+".join([*map(content_hash, read), *(f"{name}={content_hash(named[name])}" for name in sorted(named))])


def _given(options: Options) -> dict[str, object]:
    return {name: getattr(options, name) for name in options.given()}


def _files(given: dict[str, object]) -> dict[str, Path]:
    """Files that options name, by option: what counts of them is their content."""
    return {name: value for name, value in given.items() if isinstance(value, Path)}


def measured_alike(entry: Entry, content: str) -> str:
    """Key of what is measured: content, options and version, whoever ran and whatever the files are called."""
    given = _given(entry.take)
    return _digest([content, {name: value for name, value in given.items() if not isinstance(value, Path)}])


def key_of(entry: Entry, alike: str) -> str:
    """Key of a result: it changes with what is :func:`measured_alike`, the stated runner and condition, and the version."""
    return _digest([alike, entry.recording, entry.runner, entry.condition, bool(entry.details)])


def _digest(parts: list[object]) -> str:
    text = msgspec.json.encode([SCHEMA, VERSION, *parts], order="sorted")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
