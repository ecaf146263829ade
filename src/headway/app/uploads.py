"""Files on their way into the library: in pieces, resumed where they broke off, named by the server."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import msgspec

from headway.app.library import Library, now
from headway.errors import HeadwayError

LARGEST = 4 * 1024**3
"""Bytes of one file."""
SPARE = 500_000_000
"""Bytes that stay free on the disk."""
LONGEST = 255
_STEM, _ENDING = re.compile(r"[^a-z0-9_]+"), re.compile(r"\.[a-z0-9]{1,5}")


class Upload(msgspec.Struct, frozen=True):
    """A file that came in, or comes in: its name as the sender wrote it, and the name that the library gives it.

    Attributes
    ----------
    id, name, file
        Number, the sender's name (only ever shown), the server's name.
    size, received
        Bytes.
    origin
        ``here``, or ``phone``.
    taken
        When the file was last changed, as its sender says.
    created
        When it was announced.
    """

    id: int
    name: str
    file: str
    size: int
    received: int
    origin: str
    taken: str | None
    created: str

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self.received == self.size


class Announced(msgspec.Struct, frozen=True):
    """What a sender says of a file before its first piece; ``changed`` in ms since 1970."""

    name: str
    size: int
    changed: float | None = None


class Refused(Exception):
    """A piece or a file that is not taken, with the status of HTTP."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


def server_name(name: str) -> str:
    """A name of letters, digits, underscores and hyphens for a file that somebody called something."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    stem, dot, ending = plain.rpartition(".")
    suffix = f"{dot}{ending}"
    if not stem or not _ENDING.fullmatch(suffix):
        stem, suffix = plain, ""
    return (_STEM.sub("-", stem).strip("-")[:40] or "file") + suffix


def shown_name(name: str) -> str:
    """The sender's name without folders and control characters."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    return "".join(one for one in bare if one.isprintable())[:LONGEST] or "file"


def announce(library: Library, said: Announced, origin: str) -> Upload:
    """Begin an upload, or find the one that broke off.

    Raises
    ------
    Refused
        It is empty, too large, or the disk is too full.
    """
    if said.size <= 0:
        raise Refused(400, "empty")
    if said.size > LARGEST:
        raise Refused(413, "too large")
    database, name = library.database, shown_name(said.name)
    known = database.row(
        Upload, "SELECT * FROM uploads WHERE name = ? AND size = ? AND origin = ? AND received < size ORDER BY id DESC LIMIT 1",
        name, said.size, origin,
    )  # fmt: skip
    if known is not None:
        return known
    if shutil.disk_usage(library.folder).free < said.size + SPARE:
        raise Refused(507, "disk full")
    number = database.insert(
        "uploads", name=name, file=server_name(said.name), size=said.size, received=0, origin=origin,
        taken=_day(said.changed), created=now(),
    )  # fmt: skip
    library.upload(number).touch(mode=0o600)
    found = upload_of(library, number)
    assert found is not None
    return found


def _day(changed: float | None) -> str | None:
    from datetime import datetime

    try:
        return None if changed is None else datetime.fromtimestamp(changed / 1000).astimezone().strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return None


def upload_of(library: Library, number: int) -> Upload | None:
    """One upload."""
    return library.database.row(Upload, "SELECT * FROM uploads WHERE id = ?", number)


def all_uploads(library: Library) -> list[Upload]:
    """Those that are not part of a recording yet."""
    return library.database.rows(Upload, "SELECT * FROM uploads ORDER BY id")


def append(library: Library, upload: Upload, offset: int, piece: bytes) -> int:
    """Add a piece; returns the bytes that are there now.

    Raises
    ------
    Refused
        It does not continue what is there, or is longer than announced.
    """
    path = library.upload(upload.id)
    if offset != upload.received:
        raise Refused(409, "not the next piece")
    if offset + len(piece) > upload.size:
        raise Refused(413, "longer than announced")
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(piece)
        file.truncate()
    library.database.run("UPDATE uploads SET received = ? WHERE id = ?", offset + len(piece), upload.id)
    return offset + len(piece)


def drop(library: Library, number: int) -> None:
    """Delete an upload."""
    library.database.run("DELETE FROM uploads WHERE id = ?", number)
    library.upload(number).unlink(missing_ok=True)


def whole_uploads(library: Library, numbers: list[int]) -> list[Upload]:
    """Uploads that are all there.

    Raises
    ------
    HeadwayError
        One is not.
    """
    found = [upload_of(library, number) for number in numbers]
    there = [one for one in found if one is not None and one.whole]
    if not there or len(there) < len(numbers):
        raise HeadwayError("file", "is not there yet", "wait until it is, or choose it again")
    return there
