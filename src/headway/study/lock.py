"""One study per folder: a lock file that names the process, and is recognised when that process is gone."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headway.errors import HeadwayError

NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises
    ------
    HeadwayError
        Another study is writing there.
    """
    path, own = folder / NAME, uuid.uuid4().hex
    text = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "started": _started(os.getpid()), "id": own})
    for _ in range(20):
        if _create(path, text):
            break
        holder = _holder(path)
        if holder is not None and not _gone(holder):
            raise HeadwayError(
                str(folder),
                f"another study is writing here (process {holder['pid']} on {holder['host']})",
                f"wait for it, or delete {path} if it no longer runs",
            )
        aside = folder / f"{NAME}-{own}"
        try:
            path.rename(aside)
        except FileNotFoundError:
            continue
        if _holder(aside) != holder and not path.exists():
            os.link(aside, path)
        aside.unlink(missing_ok=True)
    else:
        raise HeadwayError(str(folder), "cannot be locked", f"delete {path} if no study runs")
    try:
        yield
    finally:
        if (_holder(path) or {}).get("id") == own:
            path.unlink(missing_ok=True)


def _create(path: Path, text: str) -> bool:
    """Put the whole lock file there at once, or tell that there is one."""
    draft = path.with_name(f"{NAME}-{uuid.uuid4().hex}")
    try:
        draft.write_text(text, encoding="utf-8")
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _holder(path: Path) -> dict | None:
    """What the lock file says; ``None`` when it is gone, or a power cut left it empty."""
    for _ in range(3):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) and {"host", "pid"} <= found.keys() else None
        except FileNotFoundError:
            return None
        except ValueError:
            time.sleep(0.02)
    return None


def _gone(holder: dict) -> bool:
    """Whether the process that wrote the lock is known to be dead: only for this computer."""
    if holder["host"] != socket.gethostname():
        return False
    pid = int(holder["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return holder.get("started") is not None and _started(pid) not in (None, holder["started"])


def _started(pid: int) -> str | None:
    """When a process was started, in the kernel's ticks: tells a number that was given out again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
