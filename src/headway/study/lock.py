"""One study per folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from headway.errors import HeadwayError

NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system takes it back when the process ends, however that happens.

    Raises
    ------
    HeadwayError
        Another study is writing there.
    """
    path = folder / NAME
    try:
        with FileLock(path, timeout=0):
            try:
                yield
            finally:
                with suppress(PermissionError):  # Windows, where it is removed when it is let go
                    path.unlink(missing_ok=True)  # while it is held: whoever opened it meanwhile looks again
    except Timeout:
        raise HeadwayError(str(folder), "another study is writing here", "wait for it, or stop it") from None
