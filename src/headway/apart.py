"""Reading foreign bytes in a process apart: a copy of this one that may ask for so much memory and time, and may die, and gives back what it read.

A copy (fork) costs some milliseconds where a new process would import every library anew. It is made only where :func:`allowed` holds, as on the
command line; the workers of the app and of studies are processes that may die themselves. Elsewhere, and on systems other than Linux, the work
is done here.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from headway.bounds import AGAIN
from headway.errors import RecordingError
from headway.workers import Tell, read_message, write_message

Result = TypeVar("Result")
_ALIGNED = 64
"""Bytes to a multiple of which arrays begin."""
_allowed = False


@contextmanager
def allowed() -> Iterator[None]:
    """Let this process make copies of itself within: it works for one person alone, and has no threads that matter to its readers."""
    global _allowed
    before, _allowed = _allowed, sys.platform == "linux"
    try:
        yield
    finally:
        _allowed = before


@dataclass(frozen=True)
class _Done:
    """What the work returned: a pickle, and the lengths of the arrays that stand beside it in memory."""

    pickled: bytes
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class _Raised:
    """What the work raised."""

    fault: Exception


def apart(
    where: Path,
    work: Callable[[Tell], Result],
    hear: Tell,
    *,
    seconds: int | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Result:
    """Do some work in a copy of this process, if that is allowed.

    Parameters
    ----------
    where
        The file that is read, for the message.
    work
        Given what to tell its progress to; what it returns has to be pickled.
    hear
        Told what the work tells, in this process.
    seconds
        Most time of the processor (Linux); ``None`` for any.
    meanwhile
        What this process does while the copy works, should there be one: a second or two at most.

    Raises
    ------
    Exception
        Whatever the work raised.
    RecordingError
        The copy died, or ran out of time.
    """
    if not _allowed:
        return work(hear)
    with _copy(work, seconds) as (answers, arrays, child):
        if meanwhile is not None:
            meanwhile()
        while (message := read_message(answers)) is not None:
            answer = pickle.loads(message)
            if isinstance(answer, _Raised):
                raise answer.fault
            if isinstance(answer, _Done):
                return _loaded(answer, arrays)
            hear(answer)
        raise _died(where, child.wait(), seconds)


@dataclass
class _Child:
    """The copy, and how it ended once that was asked."""

    number: int
    status: int | None = None

    def wait(self) -> int:
        """Its exit code, or the number of the signal that ended it with a minus."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])
        return self.status


@contextmanager
def _copy(work: Callable[[Tell], Any], seconds: int | None) -> Iterator[tuple[Any, int, _Child]]:
    """A copy at work: the stream of its answers, the memory for arrays, and its number; it is gone at the end."""
    arrays = os.memfd_create("headway")
    from_child, to_parent = os.pipe()
    alive, parent_is = os.pipe()  # its end tells the copy that nobody waits any more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, from Python 3.12: progress bars have one
        number = os.fork()
    if not number:
        for end in (from_child, parent_is):
            os.close(end)
        _be_child(work, to_parent, arrays, alive, seconds)
    for end in (to_parent, alive):
        os.close(end)
    child = _Child(number)
    try:
        with os.fdopen(from_child, "rb") as answers:
            yield answers, arrays, child
    finally:
        if child.status is None:
            os.kill(number, signal.SIGKILL)
            child.wait()
        for end in (arrays, parent_is):
            os.close(end)


def _be_child(work: Callable[[Tell], Any], to_parent: int, arrays: int, alive: int, seconds: int | None) -> NoReturn:
    """Work, answer and end; nothing of the parent is tidied up here."""
    try:
        import resource

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
        with os.fdopen(to_parent, "wb") as stream:
            try:
                answer = _kept(work(lambda word: write_message(stream, word)), arrays)
            except Exception as fault:  # whatever a reader raises is raised again by who waits for it
                answer = _Raised(fault)
            write_message(stream, answer)
        os._exit(0)
    finally:
        os._exit(1)


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)
    os._exit(0)


def _kept(result: object, arrays: int) -> _Done:
    """Write the arrays of a result into the shared memory."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(result, protocol=5, buffer_callback=buffers.append)
    with os.fdopen(os.dup(arrays), "wb") as stream:
        for buffer in buffers:
            stream.write(buffer.raw())
            stream.write(bytes(-stream.tell() % _ALIGNED))
    return _Done(pickled, tuple(buffer.raw().nbytes for buffer in buffers))


def _loaded(done: _Done, arrays: int) -> Any:
    """A result whose arrays lie where the copy wrote them; they can be changed, and nothing is copied before."""
    if not any(done.sizes):
        return pickle.loads(done.pickled, buffers=[bytearray() for _ in done.sizes])
    memory, views, at = memoryview(mmap.mmap(arrays, 0, access=mmap.ACCESS_COPY)), [], 0
    for size in done.sizes:
        views.append(memory[at : at + size])
        at += size + -size % _ALIGNED
    return pickle.loads(done.pickled, buffers=views)


def _died(where: Path, code: int, seconds: int | None) -> RecordingError:
    """Why there is no answer."""
    if code == -signal.SIGXCPU:
        return RecordingError(str(where), f"takes more than {seconds} s of the processor to read", AGAIN)
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return RecordingError(str(where), f"reading it ended abnormally ({how})", f"{AGAIN}; memory may be short")
