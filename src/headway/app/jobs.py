"""The one queue of work: kept in the library, done by worker processes, resumed after a restart."""

from __future__ import annotations

import threading
from typing import Literal

import msgspec

from headway.app.library import Library, now
from headway.app.work import KINDS, SECONDS, Found, Given, limit_memory, named, work
from headway.workers import Lost, Pool

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDS = 3.0
"""Seconds within which a process that was given up is gone."""
KEPT = 500
"""Jobs that are remembered after their end."""


class QueuedJob(msgspec.Struct, frozen=True):
    """A row of the queue: what is done to which ``subject``, how far it is, and what it made (``result``) or why not (``told``)."""

    id: int
    kind: str
    subject: int
    runner: int | None
    request: str
    state: State
    done: int
    expected: int
    told: str
    result: int | None
    created: str
    ended: str | None


class _Lane:
    """A thread that does one job after the other, each in a worker process."""

    def __init__(self, jobs: Jobs, *, quick: bool) -> None:
        self.jobs, self.quick = jobs, quick
        self.current: int | None = None
        self.pool: Pool[Given, Found] | None = None
        self.thread = threading.Thread(target=self._run, name="quick" if quick else "long", daemon=True)

    def _run(self) -> None:
        jobs = self.jobs
        while True:
            with jobs.changed:
                job = None
                while not jobs.ending and (job := jobs.next_job(quick=self.quick)) is None:
                    jobs.changed.wait()
                if job is None:
                    return
                self.current = job.id
                self.pool = Pool(work, 1, timeout=SECONDS, prepare=limit_memory)
            found = self._do(job, self.pool)
            with jobs.changed:
                self.current = self.pool = None
                jobs.changed.notify_all()
            if found is not None and not jobs.ending:
                jobs.settle(job, found)

    def _do(self, job: QueuedJob, pool: Pool[Given, Found]) -> Found | None:
        """The result; ``None`` when it was cancelled."""
        try:
            with pool:
                given = Given(job.kind, job.request)
                for _, found in pool.run([given], lambda _, word: self.jobs.progressed(job.id, *word)):
                    return Found(fault=found.why) if isinstance(found, Lost) else found
        except Exception as fault:  # a worker that cannot start, a broken message: told, and the queue goes on
            return Found(fault=f"{type(fault).__name__}: {fault}")
        return None

    def cancel(self) -> None:
        """Give up the current job; called with the lock held."""
        if self.pool is not None:
            self.pool.cancel()


class Jobs:
    """The queue.

    Parameters
    ----------
    library
        Where it is kept. Jobs that were running when an earlier app ended wait again.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.changed = threading.Condition()
        self.version = 0
        self.ending = False
        library.database.run("UPDATE jobs SET state = 'waiting', done = 0, expected = 0 WHERE state = 'running'")
        self._lanes = [_Lane(self, quick=True), _Lane(self, quick=False)]

    def start(self) -> None:
        """Begin to work."""
        for lane in self._lanes:
            lane.thread.start()

    def stop(self) -> None:
        """End all work; what was running waits for the next start."""
        with self.changed:
            self.ending = True
            for lane in self._lanes:
                lane.cancel()
            self.changed.notify_all()
        for lane in self._lanes:
            if lane.thread.is_alive():
                lane.thread.join(2.0)
        self.library.database.run("UPDATE jobs SET state = 'waiting', done = 0, expected = 0 WHERE state = 'running'")

    def add(self, kind: str, subject: int, request: msgspec.Struct, runner: int | None = None) -> int:
        """Queue a job about something of a runner; one that is open already for it is returned instead."""
        database = self.library.database
        with self.changed:
            known = database.value(
                "SELECT id FROM jobs WHERE kind = ? AND subject = ? AND state IN ('waiting', 'running')", kind, subject
            )
            if isinstance(known, int):
                return known
            text = msgspec.json.encode(request).decode()
            number = database.insert(
                "jobs", kind=kind, subject=subject, runner=runner, request=text, state="waiting", created=now()
            )
            database.run("DELETE FROM jobs WHERE state NOT IN ('waiting', 'running') AND id <= ?", number - KEPT)
            self._tell()
        return number

    def cancel(self, number: int) -> bool:
        """Give up a job, and wait until no process works on it any more; tell whether it was open."""
        with self.changed:
            sql = "UPDATE jobs SET state = 'cancelled', ended = ? WHERE id = ? AND state IN ('waiting', 'running')"
            was_open = self.library.database.run(sql, now(), number) > 0
            for lane in self._lanes:
                if lane.current == number:
                    lane.cancel()
            self._tell()
            self.changed.wait_for(lambda: all(lane.current != number for lane in self._lanes), ENDS)
        return was_open

    def cancel_of(self, runner: int) -> None:
        """Give up everything about a runner."""
        open_ones = self.library.database.rows(
            QueuedJob, "SELECT * FROM jobs WHERE runner = ? AND state IN ('waiting', 'running')", runner
        )
        for job in open_ones:
            self.cancel(job.id)

    def get(self, number: int) -> QueuedJob | None:
        """One job."""
        return self.library.database.row(QueuedJob, "SELECT * FROM jobs WHERE id = ?", number)

    def last(self, kind: str, subject: int) -> QueuedJob | None:
        """The newest job of a kind about something."""
        sql = "SELECT * FROM jobs WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1"
        return self.library.database.row(QueuedJob, sql, kind, subject)

    def open_jobs(self) -> list[QueuedJob]:
        """What waits and what runs, in order."""
        sql = "SELECT * FROM jobs WHERE state IN ('waiting', 'running') ORDER BY id LIMIT 100"
        return self.library.database.rows(QueuedJob, sql)

    def next_job(self, *, quick: bool) -> QueuedJob | None:
        """Take the oldest waiting job of a lane; called with the lock held."""
        kinds = [name for name, kind in KINDS.items() if kind.quick == quick]
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT * FROM jobs WHERE state = 'waiting' AND kind IN ({marks}) ORDER BY id LIMIT 1"
        job = self.library.database.row(QueuedJob, sql, *kinds)
        if job is not None:
            self.library.database.run("UPDATE jobs SET state = 'running' WHERE id = ?", job.id)
            self._tell()
        return job

    def progressed(self, number: int, done: int, expected: int) -> None:
        """Keep how far a job is."""
        sql = "UPDATE jobs SET done = ?, expected = ? WHERE id = ? AND state = 'running'"
        self.library.database.run(sql, done, max(done, expected), number)
        self.version += 1

    def settle(self, job: QueuedJob, found: Found) -> None:
        """Keep what a job made, or why it did not."""
        result, fault = None, found
        state: State = "failed"
        if not found.fault:
            kind = KINDS[job.kind]
            try:
                made = msgspec.json.decode(found.result, type=named(kind.result))
                result = named(kind.done)(self.library, job, made)
                state = "done"
            except Exception as error:  # what it was about may be deleted by now
                fault = Found(fault=f"{type(error).__name__}: {error}")
        told = "; ".join(part for part in (fault.fault, fault.remedy) if part)
        with self.changed:
            sql = "UPDATE jobs SET state = ?, told = ?, result = ?, ended = ? WHERE id = ? AND state = 'running'"
            self.library.database.run(sql, state, told, result, now(), job.id)
            self._tell()

    def _tell(self) -> None:
        self.version += 1
        self.changed.notify_all()
