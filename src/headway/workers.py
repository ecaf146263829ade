"""Processes that do independent jobs side by side, and can be killed: each is replaced when it hangs or dies.

A process is told what to do through its standard input and answers through its standard output: eight bytes of length, then a pickle.
It ends when its input ends, also in the middle of a job, so that none outlives the program that started it. Only that program minds Ctrl-C.
"""

from __future__ import annotations

import math
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Generic, Literal, TypeVar

from headway.machine import collect_seldom, spare_dask

START = "from headway.workers import serve; serve()"
START_LIMIT = 120.0
"""Seconds within which a new process must be ready."""
TRIES = 2
"""How often a job is given out, when the first process dies with it: it may have been killed for another's sake."""
_LENGTH = struct.Struct(">Q")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
"""Every process computes on one core; the jobs are what is parallel."""

Job = TypeVar("Job")
Result = TypeVar("Result")
Tell = Callable[[Any], None]
"""What a job reports its progress to."""


@dataclass(frozen=True)
class Lost:
    """A job without a result: stopped at the time limit, or every process died with it; and the reason in words."""

    kind: Literal["timeout", "died"]
    why: str


class _Worker:
    """One process, the thread that listens to it, and the place of the job it has."""

    def __init__(self, heard: queue.SimpleQueue[tuple[_Worker | None, bytes | None]], errors: IO[bytes] | None) -> None:
        self.process = start_process(errors)
        self.place: int | None = None
        self.since = time.monotonic()
        self.ready = self.over_time = False
        threading.Thread(target=self._listen, args=(heard,), daemon=True).start()

    def _listen(self, heard: queue.SimpleQueue[tuple[_Worker | None, bytes | None]]) -> None:
        assert self.process.stdout is not None
        while (data := read_message(self.process.stdout)) is not None:
            heard.put((self, data))
        heard.put((self, None))

    def give(self, place: int, job: object) -> None:
        self.place, self.since, self.over_time = place, time.monotonic(), False
        self.send(job)

    def send(self, message: object) -> None:
        assert self.process.stdin is not None
        try:
            write_message(self.process.stdin, message)
        except OSError:
            self.process.kill()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue


class Pool(Generic[Job, Result]):
    """Some processes on this computer that do one kind of work; use it as a context, or close it.

    Parameters
    ----------
    work
        Function at the top of a module: given a job, and what to report progress to; returns the result.
    size
        Most processes at a time; 0 works in this process, where nothing can be killed.
    timeout
        Seconds that one job may take.
    log
        File for what libraries print; ``None`` for where ours goes.
    prepare
        Called once in each new process, before its first job.

    Examples
    --------
    >>> with Pool(lambda job, tell: 2 * job, size=0) as pool:
    ...     list(pool.run([1, 2]))
    [(0, 2), (1, 4)]
    """

    def __init__(
        self,
        work: Callable[[Job, Tell], Result],
        size: int,
        *,
        timeout: float = math.inf,
        log: Path | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self.work, self.size, self.timeout, self.log, self.prepare = work, size, timeout, log, prepare
        self._errors: IO[bytes] | None = None
        self._heard: queue.SimpleQueue[tuple[_Worker | None, bytes | None]] = queue.SimpleQueue()
        self._crew: list[_Worker] = []
        self._dead_starts = 0
        self._jobs: Iterator[tuple[int, Job]] = iter(())
        self._held: dict[int, Job] = {}
        self._waiting: list[int] = []
        self._deaths: Counter[int] = Counter()
        self._cancelled = False

    def __enter__(self) -> Pool[Job, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self, jobs: Iterable[Job], listener: Callable[[Job, Any], None] | None = None
    ) -> Iterator[tuple[int, Result | Lost]]:
        """Do all jobs; yields each one's place and result in the order in which they are done.

        Parameters
        ----------
        jobs
            Taken as processes become free: no more than these are held in memory.
        listener
            Given a job and what it reports of its progress.

        Raises
        ------
        Exception
            Whatever the work raised.
        OSError
            Processes end before they begin.
        """
        if self.size == 0:
            for place, job in enumerate(jobs):
                yield place, self.work(job, partial(_hear, listener, job))
            return
        self._jobs, self._held, self._waiting, self._deaths = enumerate(jobs), {}, [], Counter()
        try:
            while self._man():
                worker, data = self._next()
                if self._cancelled:
                    return
                if worker not in self._crew:
                    continue
                if data is None:
                    place, result = worker.place, self._ended(worker)
                    if place is None or result is None:
                        continue
                else:
                    kind, result = pickle.loads(data)
                    place = worker.place
                    if kind == "ready":
                        worker.ready, self._dead_starts = True, 0
                    if place is None:
                        continue
                    if kind == "told":
                        _hear(listener, self._held[place], result)
                        continue
                    worker.place = None
                    if kind == "raised":
                        raise result
                del self._held[place]
                yield place, result
        finally:
            self._cancelled = False
            self._end([worker for worker in self._crew if worker.place is not None])

    def cancel(self) -> None:
        """End the run that goes on, or else the next one, without further results; any thread may ask for it."""
        self._cancelled = True
        self._heard.put((None, None))

    def close(self) -> None:
        """Kill all processes."""
        self._end(self._crew)
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _man(self) -> bool:
        """Have as many processes as there is work for, and give it to them; tell whether anything is left to do."""
        busy = sum(worker.place is not None for worker in self._crew)
        for place, job in islice(self._jobs, max(self.size - busy - len(self._waiting), 0)):
            self._held[place] = job
            self._waiting.insert(0, place)
        while len(self._crew) < min(self.size, busy + len(self._waiting)):
            self._start()
        for worker in self._crew:
            if worker.ready and worker.place is None and self._waiting:
                place = self._waiting.pop()
                worker.give(place, self._held[place])
        return bool(self._held)

    def _start(self) -> None:
        if self.log is not None and self._errors is None:
            self._errors = self.log.open("ab")
        worker = _Worker(self._heard, self._errors)
        worker.send((self.work, self.prepare))
        self._crew.append(worker)

    def _next(self) -> tuple[_Worker | None, bytes | None]:
        """Wait for one message; kill what is beyond its time."""
        now = time.monotonic()
        due = min((self._due(worker) for worker in self._crew), default=math.inf)
        try:
            return self._heard.get(timeout=min(max(due - now, 0.001), 3600.0))
        except queue.Empty:
            now = time.monotonic()
            for worker in self._crew:
                if now >= self._due(worker):
                    worker.over_time, worker.since = True, now
                    worker.process.kill()
            return None, None

    def _due(self, worker: _Worker) -> float:
        """When a process has to be done with its job, or ready."""
        if not worker.ready:
            return worker.since + START_LIMIT
        return math.inf if worker.place is None else worker.since + self.timeout

    def _ended(self, worker: _Worker) -> Lost | None:
        """A process is gone: with what it had, or before it began; ``None`` when nothing is lost yet."""
        self._end([worker])
        place = worker.place
        if place is None:
            self._dead_starts += not worker.ready
            if self._dead_starts > 2 * self.size + 2:
                raise OSError(
                    None, f"worker processes end before they begin; {self.log or 'standard error'} may say why"
                )
            return None
        if worker.over_time:
            return Lost("timeout", f"not done within {self.timeout:g} s; it was stopped")
        self._deaths[place] += 1
        if self._deaths[place] < TRIES:
            self._waiting.append(place)
            return None
        code = worker.process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return Lost("died", f"the worker died with it {TRIES} times ({how}); memory may be short")

    def _end(self, workers: list[_Worker]) -> None:
        for worker in workers:
            worker.end()
        self._crew = [worker for worker in self._crew if worker not in workers]


def _hear(listener: Callable[[Job, Any], None] | None, job: Job, word: object) -> None:
    if listener is not None:
        listener(job, word)


def start_process(errors: IO[bytes] | None) -> subprocess.Popen[bytes]:
    """Start a process that serves; what libraries print there goes to ``errors``."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **ONE_THREAD},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def write_message(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """Read one message, still pickled; ``None`` at the end of the stream, also in the middle of a message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def serve() -> None:
    """Be a worker: do jobs until the input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    given: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        stream = os.fdopen(0, "rb")
        while (data := read_message(stream)) is not None:
            given.put(data)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    collect_seldom()
    spare_dask()
    work, prepare = pickle.loads(given.get())
    if prepare is not None:
        prepare()
    write_message(out, ("ready", None))
    while True:
        try:
            answer = "done", work(pickle.loads(given.get()), lambda word: write_message(out, ("told", word)))
        except Exception as fault:  # whatever the work raises is raised again by who waits for it
            answer = "raised", fault
        write_message(out, answer)
