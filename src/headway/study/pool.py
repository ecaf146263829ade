"""Workers that can be killed: each a process of its own, replaced when it hangs or dies."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

from headway.study.outcome import Outcome, failed, unpack
from headway.study.task import work
from headway.study.worker import Job, pack_job, read_message, start_worker, write_message

START_LIMIT = 120.0
"""Seconds within which a new worker must be ready."""
TRIES = 2
"""How often a recording is given to a worker, when the first dies with it: it may have been killed for another's sake."""


class _Worker:
    """One process, the thread that listens to it, and the job it has."""

    def __init__(self, heard: queue.SimpleQueue[tuple[_Worker, bytes | None]], errors: IO[bytes] | int | None) -> None:
        self.process = start_worker(errors)
        self.job: Job | None = None
        self.since = time.monotonic()
        self.ready = False
        self.over_time = False
        threading.Thread(target=self._listen, args=(heard,), daemon=True).start()

    def _listen(self, heard: queue.SimpleQueue[tuple[_Worker, bytes | None]]) -> None:
        assert self.process.stdout is not None
        while (data := read_message(self.process.stdout)) is not None:
            heard.put((self, data))
        heard.put((self, None))

    def give(self, job: Job) -> None:
        self.job, self.since, self.over_time = job, time.monotonic(), False
        assert self.process.stdin is not None
        try:
            write_message(self.process.stdin, pack_job(job))
        except OSError:
            self.process.kill()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


class Pool:
    """Some workers on this computer, for one study.

    Parameters
    ----------
    workers
        How many processes; 0 works in this process, where nothing can be killed.
    timeout
        Seconds that one recording may take.
    log
        File for what libraries print.
    """

    def __init__(self, workers: int, timeout: float, log: Path | None = None) -> None:
        self.workers, self.timeout, self.log = workers, timeout, log

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[str, Outcome]]:
        """Analyse all; yields key and outcome in the order in which they are done."""
        if self.workers == 0:
            for job in jobs:
                yield job.key, work(job.entry, job.key, job.content)
            return
        with nullcontext() if self.log is None else self.log.open("ab") as errors:
            crew = Crew(self.workers, errors)
            try:
                yield from crew.run(jobs, self.timeout)
            finally:
                crew.end()

    def close(self) -> None:
        """Nothing stays open between runs."""


class Crew:
    """Workers that stay between calls.

    Parameters
    ----------
    size
        Most processes at a time.
    errors
        Where what libraries print goes; ``None`` for where ours goes.
    """

    def __init__(self, size: int, errors: IO[bytes] | None) -> None:
        self.size, self.errors = size, errors
        self.heard: queue.SimpleQueue[tuple[_Worker, bytes | None]] = queue.SimpleQueue()
        self.crew: list[_Worker] = []
        self.waiting: list[Job] = []
        self.tries: dict[str, int] = {}
        self.dead_starts = 0
        self.timeout = 0.0

    def run(self, jobs: Sequence[Job], timeout: float) -> Iterator[tuple[str, Outcome]]:
        """Analyse all, each within ``timeout`` seconds; yields key and outcome in the order in which they are done."""
        self.waiting, self.timeout = list(jobs)[::-1], timeout
        while self.waiting or any(worker.job for worker in self.crew):
            self._man()
            found = self._next()
            if found is not None:
                yield found

    def end(self) -> None:
        """Kill all workers."""
        for worker in self.crew:
            worker.end()
        self.crew.clear()

    def _man(self) -> None:
        """Have as many workers as there is work for."""
        busy = sum(worker.job is not None for worker in self.crew)
        wanted = min(self.size, busy + len(self.waiting))
        while len(self.crew) < wanted:
            self.crew.append(_Worker(self.heard, self.errors))
        for worker in self.crew:
            if worker.ready and worker.job is None and self.waiting:
                worker.give(self.waiting.pop())

    def _next(self) -> tuple[str, Outcome] | None:
        """Wait for one message; kill what is beyond its time."""
        now = time.monotonic()
        due = [worker.since + self._limit(worker) for worker in self.crew if worker.job or not worker.ready]
        try:
            worker, data = self.heard.get(timeout=min(max(min(due, default=now + 1) - now, 0.001), 3600.0))
        except queue.Empty:
            now = time.monotonic()
            for worker in self.crew:
                if (worker.job or not worker.ready) and now >= worker.since + self._limit(worker):
                    worker.over_time = True
                    worker.process.kill()
                    worker.since = now
            return None
        if worker not in self.crew:
            return None
        if data is None:
            return self._ended(worker)
        if not data:
            worker.ready, self.dead_starts = True, 0
            return None
        job, worker.job = worker.job, None
        assert job is not None
        return job.key, unpack(data)

    def _limit(self, worker: _Worker) -> float:
        return self.timeout if worker.ready else START_LIMIT

    def _ended(self, worker: _Worker) -> tuple[str, Outcome] | None:
        """A worker is gone: with what it had, or before it began."""
        self.crew.remove(worker)
        worker.end()
        job = worker.job
        if job is None:
            self.dead_starts += not worker.ready
            if self.dead_starts > 2 * self.size + 2:
                raise OSError(None, "worker processes end before they begin; study.log may say why")
            return None
        if worker.over_time:
            reason = f"not done within {self.timeout:g} s; it was stopped"
            return job.key, failed(job.key, "timeout", reason, seconds=self.timeout)
        self.tries[job.key] = self.tries.get(job.key, 0) + 1
        if self.tries[job.key] < TRIES:
            self.waiting.append(job)
            return None
        code = worker.process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return job.key, failed(job.key, "died", f"the worker died with it {TRIES} times ({how}); memory may be short")
