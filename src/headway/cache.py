"""Where results are kept between runs: a folder of files that each appear whole or not at all, and that never grows without bound."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from headway.bounds import GB, read_whole
from headway.errors import HeadwayError

Kept = TypeVar("Kept")
LARGEST = 500_000_000
"""Bytes that files of one kind may take; what was not used for longest goes first."""


def cache_folder(chosen: Path | None = None) -> Path:
    """Folder of what is kept: the one chosen, ``HEADWAY_CACHE``, or the user's cache folder."""
    if chosen is not None:
        return Path(chosen)
    if os.environ.get("HEADWAY_CACHE"):
        return Path(os.environ["HEADWAY_CACHE"])
    from platformdirs import user_cache_path

    folder = user_cache_path("headway", appauthor=False)
    return folder if folder.is_absolute() else Path(tempfile.gettempdir()) / "headway"  # nobody's home is known


def digest(path: Path) -> str:
    """Hash of a file's content, with its size; read once while it does not change."""
    status = path.stat()
    return f"{status.st_size}-{_hash(path.absolute(), status.st_size, status.st_mtime_ns)}"


@lru_cache(maxsize=64)
def _hash(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def find(path: Path, read: Callable[[bytes], Kept]) -> Kept | None:
    """What was kept in a file; ``None`` when there is none, or none that can be believed: it is then made again.

    Parameters
    ----------
    path
        The file; it counts as used now.
    read
        From its bytes to what it holds; may raise anything where they are damaged.
    """
    try:
        content = read_whole(path, 2 * GB)
    except FileNotFoundError:
        return None
    except (OSError, HeadwayError, MemoryError) as error:  # another kind of file, too large, or not ours to read
        logging.getLogger(__name__).debug("%s cannot be read (%s)", path, error)
        return None
    try:
        found = read(content)
    except Exception as error:  # damaged bytes raise anything in zip, NumPy and msgspec; what is lost is time
        logging.getLogger(__name__).debug("%s is damaged and is made again (%s: %s)", path, type(error).__name__, error)
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return found


def keep(path: Path, content: bytes, largest: int = LARGEST) -> bool:
    """Store bytes under a name ``kind-key.npz``; tell whether that worked (a folder that cannot be written to is no fault).

    Parameters
    ----------
    path
        The file appears there only when it is whole.
    content
        From :func:`headway.stored.archive.pack`.
    largest
        Bytes that files of this kind may take in the folder.
    """
    kind = path.name.partition("-")[0]
    scratch: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f"{kind}-", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(scratch).replace(path)
    except OSError:
        return False
    finally:
        # Also when interrupted: nothing is left behind.
        if scratch is not None:
            with contextlib.suppress(OSError):
                Path(scratch).unlink(missing_ok=True)
    _make_room(path, kind, largest)
    return True


def _make_room(newest: Path, kind: str, largest: int) -> None:
    """Remove what was not used for longest, and what a killed program left half written."""
    kept = []
    for path in newest.parent.glob(f"{kind}-*"):
        with contextlib.suppress(OSError):
            status = path.stat()
            if path.suffix == ".part" and time.time() - status.st_mtime > 3600:
                path.unlink()
            elif path.suffix == ".npz":
                kept.append((path == newest, status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, _, size, _ in kept)
    for is_newest, _, size, path in sorted(kept):
        if total <= largest or is_newest:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
