"""An output folder that is written whole or not at all: beside its place, under a lock, and put there by one rename.

Beside a target ``out`` stand, while a run goes on, ``.out.headway-lock`` and ``.out.headway-draft-…``; what a killed run left of them is removed by
the next run that writes there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from headway.errors import HeadwayError
from headway.exchange import ASIDE, exchange
from headway.kept_files import carry_over, conflict, other_result, written_by_headway

LOCK, DRAFT = ".headway-lock", ".headway-draft-"
_OTHER = "name another folder with --out"
_PUT: list[tuple[Path, int]] = []
"""The targets of this process, with the number (inode) of the draft that is to stand there."""


def check_target(target: Path, *, overwrite: bool) -> None:
    """Refuse an output folder that exists, or that is a file.

    Raises
    ------
    HeadwayError
        It is one of these, or its name cannot be one.
    """
    try:
        str(target).encode()
        there, folder = target.exists(), target.is_dir()
        filled = folder and any(target.iterdir())
    except UnicodeEncodeError:
        raise HeadwayError(str(target), "the name holds bytes that are no text (not UTF-8)", _OTHER) from None
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    if there and not folder:
        raise HeadwayError(str(target), "is a file", "name a folder with --out")
    if filled and not overwrite:
        raise HeadwayError(str(target), "the output folder exists", "name another one with --out, or give --overwrite")


@contextmanager
def claimed(folder: str | Path, *, overwrite: bool, files: Sequence[str] = ()) -> Iterator[None]:
    """Hold a target for one run, from before its work to the end: what cannot be written is told now, and nobody else writes there meanwhile.

    Parameters
    ----------
    folder
        The target.
    overwrite
        Whether it may exist.
    files
        Names that will be written for sure, the summary first: a file of somebody else that bears one is told now too.

    Raises
    ------
    HeadwayError
        The folder exists and ``overwrite`` is false, it cannot be written, or another run is writing there.
    """
    target = _place(Path(folder))
    check_target(target, overwrite=overwrite)
    with ExitStack() as undo:
        try:
            undo.callback(_remove_empty, _make_parents(target.parent))
            undo.enter_context(_locked(target))
            _clear(target.parent)
            _draft(target).rmdir()
        except OSError as error:
            raise _unwritable(target, error) from error
        check_target(target, overwrite=overwrite)
        if target.exists():
            _refuse_place(target)
            _refuse_conflict(target, files, files, files[0] if files else "")
        yield


@contextmanager
def whole_folder(folder: str | Path, own: Sequence[str], *, main: str = "", overwrite: bool) -> Iterator[Path]:
    """Give a draft folder beside the target; it takes the target's place at the end, so that a fault or an interruption leaves nothing behind.

    Files of others that stand in the target stay: they are linked into the draft before it takes the place.

    Parameters
    ----------
    folder
        The target.
    own
        Names (files and folders) that the writer makes: in a folder without a seal, only these count as Headway's.
    main
        Name of the summary that holds the seal; empty where none is written.
    overwrite
        Whether it may exist.

    Raises
    ------
    HeadwayError
        The folder exists and ``overwrite`` is false, a file of somebody else is in the way, it cannot be written, or another run is writing there.
    """
    target = _place(Path(folder))
    with claimed(target, overwrite=overwrite, files=[main] if main else []):
        try:
            draft = _draft(target)
        except OSError as error:
            raise _unwritable(target, error) from error
        try:
            yield draft
            check_target(target, overwrite=overwrite)
            _put(draft, target, own, main)
        except OSError as error:
            raise _unwritable(target, error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def forget_places() -> None:
    """Begin anew to note what this process writes, as a command does that is not the first of its process."""
    _PUT.clear()


def put_in_place() -> list[Path]:
    """Targets that this process wrote whole, at whatever instant it is asked: also where a signal came right after the rename."""
    return [target for target, number in _PUT if target.exists() and target.stat().st_ino == number]


def _put(draft: Path, target: Path, own: Sequence[str], main: str) -> None:
    """Let the draft take the place of the target; what was there stands in the draft's place afterwards."""
    _PUT.append((target, draft.stat().st_ino))
    if not target.exists():
        draft.chmod(0o755)
        draft.rename(target)
        return
    new = [one.relative_to(draft).as_posix() for one in draft.rglob("*") if one.is_file()]
    names = own if main else new
    _refuse_conflict(target, new, names, main)
    carry_over(target, draft, written_by_headway(target, names, main), names)
    draft.chmod(target.stat().st_mode & 0o7777)
    exchange(draft, target)


def _refuse_place(target: Path) -> None:
    """A folder that somebody stands in, or another disk, cannot change places with a new one."""
    if target.is_mount() or Path.cwd().is_relative_to(target.absolute()):
        what = "is a disk of its own" if target.is_mount() else "is the folder that you work in"
        raise HeadwayError(str(target), what, "name a new folder inside it with --out")


def _refuse_conflict(target: Path, new: Sequence[str], own: Sequence[str], main: str) -> None:
    foreign = conflict(target, new, written_by_headway(target, own, main))
    if not foreign:
        return
    kind = other_result(target, main, foreign)
    if kind:
        raise HeadwayError(str(target), f"is the folder of {kind} that Headway wrote", _OTHER)
    what = f"holds {foreign}, which Headway did not write and would have to replace"
    raise HeadwayError(str(target), what, f"move it away, or {_OTHER}")


def _place(target: Path) -> Path:
    """The target itself where a link leads to it."""
    try:
        return target.resolve() if target.is_symlink() or target.name in ("", ".", "..") else target
    except (OSError, RuntimeError) as error:
        raise HeadwayError(str(target), "is a link that leads nowhere", _OTHER) from error


def _draft(target: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{target.name}{DRAFT}", dir=target.parent))


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the lock of a target; this process may hold it several times over, and the system takes it back however the process ends."""
    path = target.with_name(f".{target.name}{LOCK}")
    lock = FileLock(path.absolute(), timeout=0, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        raise HeadwayError(str(target), "another run is writing there", f"wait for it, or {_OTHER}") from None
    except NotImplementedError:  # a file system without locks
        yield
        return
    try:
        yield
    finally:
        if lock.lock_counter == 1:
            with suppress(OSError):  # Windows removes it when it is let go
                path.unlink(missing_ok=True)  # while it is held: whoever opened it meanwhile looks again
        lock.release()


def _clear(parent: Path) -> None:
    """Remove drafts and locks that killed runs left in a folder: those that nobody holds."""
    for left in sorted(parent.glob(f".*{DRAFT}*")) + sorted(parent.glob(f".*{LOCK}")):
        name = left.name[1:].partition(DRAFT)[0].removesuffix(LOCK)
        with suppress(HeadwayError, OSError), _locked(parent / name):
            if left.name.endswith(ASIDE) and not (parent / name).exists():
                left.rename(parent / name)  # killed between the two renames
            elif left.is_dir():
                shutil.rmtree(left, ignore_errors=True)


def _make_parents(parent: Path) -> list[Path]:
    """Make a folder with its parents; returns those that were not there, innermost first."""
    made = [one for one in (parent, *parent.parents) if not one.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    return made


def _remove_empty(folders: list[Path]) -> None:
    for one in folders:
        with suppress(OSError):
            one.rmdir()


def _unwritable(target: Path, error: OSError | ValueError) -> HeadwayError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return HeadwayError(str(target), f"cannot be written ({why})", "name a folder you may write to with --out")
