"""How much a file may ask for: kind, size and nesting are looked at before memory is asked for (docs/evidence/hardening.md lists the limits)."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headway.errors import HeadwayError, RecordingError

MB, GB = 1_000_000, 1_000_000_000
LARGEST_SAMPLES = 4 * GB
"""Bytes of a file of samples (C3D): 4 h of 60 markers and two plates at 200 Hz."""
MOST_POINTS = 5_000_000
"""Frames times points that are analysed at once, in 2 GB: seven minutes of 60 markers at 200 Hz, 20 of 40 at 100 Hz."""
LARGEST_TEXT = GB
"""Bytes of a sensor's table of numbers as text: ten hours at 100 Hz."""
LARGEST_LINES = 400 * MB
"""Bytes of markers, forces or key points as text, which are read as a whole in 2 GB: 25 minutes of 41 markers at 200 Hz."""
LARGEST_JSON = 250 * MB
"""Bytes of a file of key points or of a summary."""
LARGEST_WRITTEN = 20 * MB
"""Bytes of what people write by hand: protocols, descriptions, manifests."""
LONGEST = 48 * 3600.0
"""Seconds between the first and the last sample of one recording."""
AGAIN = "export or copy it again"
_KINDS = {
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
_MEMORY = (1_500 * MB, 20)
"""Bytes that a reader may take beside its file, and as often the size of that file."""


def check_kind(path: Path) -> None:
    """Refuse what is no file or folder (a device never ends, a pipe may never begin), and names that are no text.

    Raises
    ------
    RecordingError
        It is one of these. Whether anything is there is not asked.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise RecordingError(str(path), "the name holds bytes that are no text (not UTF-8)", "rename it") from None
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    kind = _KINDS.get(stat.S_IFMT(mode))
    if kind is not None:
        raise RecordingError(str(path), f"is {kind}, not a file", "save the recording to a file and name that")


def read_whole(path: Path, most: int, remedy: str = "cut the recording into parts") -> bytes:
    """Bytes of a regular file.

    Parameters
    ----------
    most
        Refused when it is larger.

    Raises
    ------
    RecordingError
        It is larger, or of another kind.
    OSError
        It is not there, or may not be read.
    """
    check_kind(path)
    with path.open("rb") as stream:
        check_size(path, os.fstat(stream.fileno()).st_size, most, remedy)
        content = stream.read(min(os.fstat(stream.fileno()).st_size, most) + 1)
    check_size(path, len(content), most, remedy)
    return content


def read_part(path: Path, begin: int, length: int) -> bytes:
    """Some bytes of a regular file; fewer where it ends before.

    Raises
    ------
    RecordingError
        It is of another kind.
    OSError
        It is not there, or may not be read.
    """
    check_kind(path)
    with path.open("rb") as stream:
        stream.seek(begin)
        return stream.read(length)


def check_size(path: Path, size: int, most: int, remedy: str = "cut the recording into parts") -> None:
    """Refuse a file of more bytes than ``most``.

    Raises
    ------
    RecordingError
        It is larger.
    """
    if size > most:
        raise RecordingError(str(path), f"is larger than {_told(most)} ({_told(size)})", remedy)


def check_extent(where: str, points: int, rate: float, first: float, last: float) -> None:
    """Refuse a recording, or a part of one, whose analysis would take too much memory.

    Parameters
    ----------
    points
        How many there are in a frame.
    rate
        Frames per second.
    first, last
        Its ends, s.

    Raises
    ------
    RecordingError
        It holds more than ``MOST_POINTS``, with a part that can be analysed.
    """
    if (last - first) * rate * points <= MOST_POINTS:
        return
    most = MOST_POINTS / (rate * points)
    most = 10 * int(most / 10) or int(most)
    raise RecordingError(
        where,
        f"{last - first:.0f} s of {points} points at {rate:g} frames per second would take more than 2 GB of memory",
        f"choose parts of no more than {most} s with --start and --stop, as --start {first:g} --stop {first + most:g}",
    )


def _told(size: int) -> str:
    return f"{size / GB:.3g} GB" if size >= GB else f"{size / MB:.3g} MB"


def json_value(content: bytes) -> object:
    """What JSON holds.

    Raises
    ------
    ValueError
        It is no JSON, or nested too deep.

    Examples
    --------
    >>> json_value(b'{"frame": 3}')
    {'frame': 3}
    """
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def read_written(path: Path, remedy: str) -> str:
    """Text of a file that somebody wrote by hand.

    Raises
    ------
    RecordingError
        It is not there, no text, or larger than anybody writes.
    """
    try:
        return read_whole(path, LARGEST_WRITTEN, remedy).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not a text file in UTF-8"
        raise RecordingError(str(path), f"cannot be read ({why})", remedy) from error


def toml_table(path: Path, text: str) -> dict[str, Any]:
    """What a TOML text holds.

    Raises
    ------
    RecordingError
        Its syntax is wrong (the line is named), or it is nested too deep.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecordingError(str(path), f"TOML syntax: {error}", "mend that line") from error
    except (RecursionError, ValueError) as error:
        what = "is nested too deep" if isinstance(error, RecursionError) else "holds a number of too many digits"
        raise RecordingError(str(path), what, "write it plainly") from error


@contextmanager
def memory(size: int) -> Iterator[None]:
    """Let what is done within ask for no more memory than a file of ``size`` bytes can need: beyond it there is a ``MemoryError``.

    Linux only; elsewhere nothing is limited. The limit is the process's own: other threads share it while it holds.
    """
    try:
        import resource

        status = Path("/proc/self/status").read_bytes()
        used = int(status.split(b"VmData:", 1)[1].split(None, 1)[0]) * 1024
        before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    except (ImportError, OSError, IndexError, ValueError):
        yield
        return
    wanted = used + _MEMORY[0] + _MEMORY[1] * size
    limits = [one for one in (wanted, before, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))


@contextmanager
def read_safely(path: Path, remedy: str) -> Iterator[None]:
    """Tell whatever a reader of foreign bytes runs into as one line: what is in a file is never a fault of Headway.

    Raises
    ------
    RecordingError
        In place of any other exception.
    """
    try:
        yield
    except HeadwayError:
        raise
    except MemoryError as error:
        what = "asks for more memory than a file of its size can need"
        raise RecordingError(str(path), what, remedy) from error
    except RecursionError as error:
        raise RecordingError(str(path), "is nested too deep", remedy) from error
    except Exception as error:  # readers of foreign bytes, ours and libraries', raise anything; the kind of fault is told and the cause kept
        told = " ".join(str(error).split())[:100]
        what = f"cannot be read ({type(error).__name__}{': ' if told else ''}{told})"
        raise RecordingError(str(path), what, remedy) from error
