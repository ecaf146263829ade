"""What a format declares of itself, and a path that was looked at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from headway.bounds import check_kind
from headway.errors import RecordingError
from headway.io.dialect import encoding_of
from headway.options import PLACES, Options, Place

if TYPE_CHECKING:
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Recording
    from headway.sensors.recording import SensorRecording

    Data: TypeAlias = Recording | KeyPoints | SensorRecording

Holds = Literal["recording", "forces", "keypoints", "sensors", "analysis"]
Progress = Callable[[int, int], None]
HEAD = 1 << 16
"""Bytes that are read of a file to tell its format."""
RUNNER = frozenset({"height", "mass", "sex", "speed", "treadmill", "start", "stop"})
USED: dict[Holds, frozenset[str]] = {
    "recording": RUNNER | {"up", "forward", "standing", "subject", "forces", "cutoff", "threshold", "bout", "body"},
    "forces": frozenset(),
    "keypoints": RUNNER | {"cutoff", "view", "slow_motion", "cache", "bout", "body"},
    "sensors": RUNNER | {"same_clock", "swap_sides", "window"},
    "analysis": frozenset(),
}
"""Options that what a format holds is analysed with; a format adds those that its reader takes."""
HOLDS: dict[Holds, str] = {
    "recording": "markers",
    "forces": "ground forces without motion",
    "keypoints": "the key points of one view",
    "sensors": "what sensors recorded",
    "analysis": "an analysis",
}


@dataclass(frozen=True)
class Source:
    """A path that was looked at: what is there, and how it begins.

    Attributes
    ----------
    path
        File or folder.
    place
        Where the sensor was worn, from ``head=FILE``.
    head
        First bytes of a file (at most ``HEAD``); none of a folder.
    names
        Names in a folder; ``None`` for a file.
    """

    path: Path
    place: Place | None = None
    head: bytes = b""
    names: frozenset[str] | None = None

    @property
    def suffix(self) -> str:
        """Ending of the name, lower case with the dot."""
        return self.path.suffix.lower()

    @cached_property
    def lines(self) -> list[str]:
        """Whole lines at the beginning of a text file; none where it holds other bytes."""
        encoding = encoding_of(self.head)
        if encoding is None:
            return []
        lines = self.head.decode(encoding, errors="replace").splitlines()
        return lines[:-1] if len(self.head) == HEAD else lines

    @cached_property
    def header(self) -> str:
        """First line of a table that is neither blank nor a comment."""
        return next((line for line in self.lines if line.strip() and not line.startswith("#")), "")


@dataclass(frozen=True)
class Format:
    """A readable format: one declaration in one file of this room.

    Attributes
    ----------
    name
        Short name, also the ``kind`` of what it holds.
    title
        What people call such a file, after "a": ``C3D file``.
    description
        One line on what is in it.
    suffixes
        Lower case with the dot, the usual one first: for lists, messages, and for files whose content tells nothing.
    holds
        What comes out.
    recognise
        Whether a path that was looked at is of this format; cheap, by its content.
    read
        From the path and the options to the data. Recordings are checked and put on an even clock, and key points cut to the part asked for,
        by :func:`headway.sources.load`.
    options
        Options that the reader takes, beyond those of the analysis (``USED``).
    extra
        Name of the extra of the package that it needs.
    general
        Asked last, since special formats look like it.
    """

    name: str
    title: str
    description: str
    suffixes: tuple[str, ...]
    holds: Holds
    recognise: Callable[[Source], bool]
    read: Callable[[Source, Options, Progress | None], Data]
    options: frozenset[str] = frozenset()
    extra: str = ""
    general: bool = False

    @property
    def takes(self) -> frozenset[str]:
        """Every option that such a recording can use."""
        return USED[self.holds] | self.options


def look(given: str | Path) -> Source:
    """Look at a path once: list a folder, or read the head of a file.

    Parameters
    ----------
    given
        Path, or ``head=FILE`` for a sensor worn at the head.

    Raises
    ------
    RecordingError
        Nothing is there, or it may not be read.
    """
    before, sign, after = str(given).partition("=")
    place, path = (cast("Place", before), Path(after)) if sign and before in PLACES else (None, Path(given))
    check_kind(path)
    try:
        if path.is_dir():
            return Source(path, place, names=frozenset(one.name for one in path.iterdir()))
        if not path.exists():
            raise RecordingError(str(path), "there is no such file", "check the path")
        with path.open("rb") as stream:
            return Source(path, place, head=stream.read(HEAD))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise RecordingError(str(path), f"cannot be opened ({reason})", "check the rights to the file") from error
