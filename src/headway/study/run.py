"""Run a study: find the recordings, analyse what is new, keep the data set valid at every moment."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import msgspec

from headway.errors import HeadwayError, OptionError, StoppedByUser
from headway.stored.seal import sealed
from headway.study.cluster import Cluster
from headway.study.entry import SCHEMA, Entry, Excluded
from headway.study.find import find_recordings
from headway.study.lock import locked
from headway.study.manifest import is_manifest, read_manifest
from headway.study.outcome import Failure, StudyOutcome, failed, pack
from headway.study.plan import StudyPlan, make_plan
from headway.study.progress import StudyState
from headway.study.rows import FailureRow
from headway.study.store import Store, put
from headway.study.summary import StudyCounts, StudyMachine, StudySettings, StudySummary
from headway.study.tables import failure_row
from headway.study.task import Job, warm, work
from headway.version import VERSION
from headway.workers import Lost, Pool

BATCH = 32
"""Recordings per Parquet file."""
TIMEOUT = 600.0


Progress = Callable[[StudyState], None]


@dataclass(frozen=True)
class StudyOptions:
    """How a study is run.

    Attributes
    ----------
    workers
        Worker processes; 0 works in this process, without time limit.
    scheduler
        Address of a dask scheduler, whose workers are used instead.
    resume
        Continue a study that is in the folder.
    timeout
        Seconds that one recording may take.
    details
        Write every recording's own report, summary and waveforms too.
    """

    workers: int = 1
    scheduler: str | None = None
    resume: bool = False
    timeout: float = TIMEOUT
    details: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.workers <= 1024:
            raise OptionError(
                "--workers", f"{self.workers} workers cannot be", "give the number of processes, 1 to 1024"
            )
        if not self.timeout > 0:
            raise OptionError("--timeout", f"{self.timeout:g} s is no time limit", "give seconds above 0")
        if self.scheduler is not None and "://" not in self.scheduler:
            raise OptionError("--scheduler", f"{self.scheduler!r} is no address", "give one such as tcp://host:8786")


def run_study(
    source: str | Path, out: str | Path, options: StudyOptions | None = None, progress: Progress | None = None
) -> Path:
    """Analyse every recording of a folder or manifest into one data set; returns its folder.

    The tables do not depend on the number of workers, nor on interruptions.

    Parameters
    ----------
    source
        Folder, or manifest (CSV, TOML, Parquet).
    out
        Folder for the data set.
    options
        Workers, scheduler, resume, time limit.
    progress
        Called after each recording.

    Raises
    ------
    HeadwayError
        Nothing to read, a faulty manifest, another study in the folder, a folder that cannot be written or is full: in one line.
    """
    options, source, folder = options or StudyOptions(), Path(source), Path(out)
    if is_manifest(source):
        entries, excluded = read_manifest(source), []
    else:
        entries, excluded = find_recordings(source)
    _check_folder(folder, resume=options.resume)
    hands = _hands(folder, options)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(hands), locked(folder):
            _Run(source, folder, options, hands, progress).run(_detailed(entries, folder, options), excluded)
    except KeyboardInterrupt as stop:
        raise StoppedByUser(f"what was finished is kept in {folder}: go on with --resume") from stop
    except OSError as error:
        why = error.strerror or str(error)
        raise HeadwayError(
            str(folder), f"cannot be written ({why})", "what was finished is kept: make room, then give --resume"
        ) from error
    return folder


def _hands(folder: Path, options: StudyOptions) -> Cluster | Pool[Job, StudyOutcome]:
    """Who does the work."""
    if options.scheduler is not None:
        return Cluster(options.scheduler, options.timeout)
    return Pool(work, options.workers, timeout=options.timeout, log=folder / "study.log", prepare=warm)


def _check_folder(folder: Path, *, resume: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise HeadwayError(str(folder), "is a file", "name a folder with --out")
    if not folder.exists() or not any(path.name != ".lock" for path in folder.iterdir()):
        return
    if not (folder / "study.json").is_file():
        raise HeadwayError(str(folder), "holds other files", "name another folder with --out")
    if not resume:
        raise HeadwayError(
            str(folder), "holds a study", "give --resume to continue it, or name another folder with --out"
        )


def _detailed(entries: list[Entry], folder: Path, options: StudyOptions) -> list[Entry]:
    if not options.details:
        return entries
    root = (folder / "details").absolute()
    return [msgspec.structs.replace(one, details=str(root / slug(one.recording))) for one in entries]


def _ran_on(options: StudyOptions) -> StudyMachine:
    """The kind of scheduler, not its address: results name no computer."""
    scheduler = None if options.scheduler is None else options.scheduler.partition("://")[0]
    return StudyMachine(workers=options.workers, scheduler=scheduler, machine=platform.platform())


def slug(recording: str) -> str:
    """Name of the folder of a recording's own report."""
    return "".join(c if c.isalnum() or c in ".-_" else "_" for c in recording).strip(".") or "_"


class _Run:
    """One run of a study."""

    def __init__(
        self,
        source: Path,
        folder: Path,
        options: StudyOptions,
        hands: Cluster | Pool[Job, StudyOutcome],
        progress: Progress | None,
    ) -> None:
        self.hands = hands
        self.source, self.folder, self.options, self.progress = source, folder, options, progress
        self.store = Store(folder)
        self.started = datetime.now(UTC)
        self.clock = time.monotonic()

    def run(self, entries: list[Entry], excluded: list[Excluded]) -> None:
        self.plan = plan = StudyPlan()
        self._describe("running")
        self.store.open()
        self.plan = plan = make_plan(entries, excluded, self.store, BATCH)
        self.keys = {key: entry for entry, key in plan.entries}
        self.open = {number: set() for number in set(plan.batches.values()) - plan.whole}
        for job in plan.jobs:
            self.open[plan.batches[job.key]].add(job.key)
        self._describe("running")
        before, done, bad = len(plan.entries) - len(plan.jobs), 0, 0
        for number in sorted(self.open):
            self._commit(number)
        for place, answer in self.hands.run(plan.jobs):
            key = plan.jobs[place].key
            outcome = failed(key, answer.kind, answer.why) if isinstance(answer, Lost) else answer
            self._take(key, outcome)
            done, bad = done + (outcome.failure is None), bad + (outcome.failure is not None)
            if self.progress is not None:
                total = len(plan.entries)
                self.progress(StudyState(done, bad, before, total, time.monotonic() - self.clock))
        missing = sum(len(keys) for keys in self.open.values())
        if missing:
            raise OSError(None, f"the workers gave no answer for {missing} recordings")
        self.store.write_failures(self._failure_rows())
        self.store.close()
        self._describe("complete")

    def _take(self, key: str, outcome: StudyOutcome) -> None:
        if outcome.log:
            with (self.folder / "study.log").open("a", encoding="utf-8") as stream:
                stream.writelines(f"{self.keys[key].recording}: {line}\n" for line in outcome.log)
        if outcome.failure is not None:
            self.plan.failures[key] = outcome.failure
        self.store.keep(pack(outcome), key)
        number = self.plan.batches[key]
        self.open[number].discard(key)
        self._commit(number)

    def _commit(self, number: int) -> None:
        """Put a batch in place when nothing of it is missing."""
        if self.open[number]:
            return
        plan = self.plan
        batch = plan.batch(number)
        self.store.write_failures(self._failure_rows())
        self.store.commit(number, [(entry, key) for entry, key in batch if key not in plan.failures])
        for _, key in batch:
            self.store.forget(key)

    def _failure_rows(self) -> list[FailureRow]:
        plan = self.plan
        rows = [failure_row(one.recording, one.path, Failure("excluded", one.reason)) for one in plan.excluded]
        rows += [failure_row(entry.recording, entry.path, failure, entry) for entry, failure in plan.unread]
        rows += [
            failure_row(entry.recording, entry.path, plan.failures[key], entry, key)
            for entry, key in plan.entries
            if key in plan.failures
        ]
        return rows

    def _describe(self, state: Literal["running", "complete"]) -> None:
        """Write ``study.json``."""
        plan, options, complete = self.plan, self.options, state == "complete"
        names = ("numpy", "scipy", "pandas", "pyarrow", "ezc3d")
        summary = StudySummary(
            schema=SCHEMA,
            state=state,
            headway=VERSION,
            versions={"python": platform.python_version(), **{name: version(name) for name in names}},
            source=self.source.absolute().name,
            options=StudySettings(timeout=options.timeout, details=options.details, batch=BATCH),
            ran_on=_ran_on(options),
            started=self.started.isoformat(timespec="seconds"),
            finished=datetime.now(UTC).isoformat(timespec="seconds") if complete else None,
            counts=StudyCounts(
                found=len(plan.entries) + len(plan.unread) + len(plan.excluded),
                excluded=len(plan.excluded),
                failed=len(plan.failures) + len(plan.unread),
                analysed=len(plan.entries) - len(plan.failures) if complete else None,
            ),
            contents={entry.recording: key for entry, key in plan.entries},
        )
        data = sealed(msgspec.json.encode(summary), self.store.sums)
        put(self.folder / "study.json", lambda stream: stream.write(data))
