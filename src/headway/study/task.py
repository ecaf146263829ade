"""The work on one recording: the ordinary analysis, turned into rows."""

from __future__ import annotations

import logging
import math
import re
import time
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy.typing as npt

from headway import results
from headway.errors import HeadwayError
from headway.study.entry import Entry
from headway.study.manifest import COLUMNS
from headway.study.outcome import Cell, StudyOutcome, failed
from headway.study.rows import MetricRow, RecordingRow

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.workers import Tell

MOST = 60
"""Most messages that are kept of one recording."""


class _MessageLog(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname.lower()} {record.name}: {' '.join(record.getMessage().split())}")


class Job(msgspec.Struct, frozen=True):
    """One recording to analyse, with its key and the hash of its content."""

    entry: Entry
    key: str
    content: str


def warm() -> None:
    """Import what the first recording would wait for."""
    import headway.analysis  # noqa: F401


def work(job: Job, tell: Tell | None = None) -> StudyOutcome:
    """Analyse one recording; never raises but for an interruption."""
    start = time.perf_counter()
    kept = _MessageLog()
    logging.getLogger().addHandler(kept)
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            outcome = _outcome(job.entry, job.key, job.content)
        kept.lines += [f"{one.category.__name__}: {' '.join(str(one.message).split())}" for one in heard]
    finally:
        logging.getLogger().removeHandler(kept)
    outcome.log = list(dict.fromkeys(kept.lines))[:MOST]
    outcome.seconds = time.perf_counter() - start
    return outcome


def _outcome(entry: Entry, key: str, content: str) -> StudyOutcome:
    from headway.door import measured

    try:
        found = measured([entry.path, *([entry.second_film] if entry.second_film else [])], entry.take)
        outcome = to_outcome(entry, found, key, content)
    except HeadwayError as fault:
        return failed(key, "unusable", told(entry, fault), _trace(entry))
    except Exception as fault:  # one recording must not end a study; its row keeps the fault and the trace
        return failed(key, "error", f"{type(fault).__name__}: {fault}", _trace(entry))
    try:
        if entry.details:
            found.save(entry.details, overwrite=True)
    except (HeadwayError, OSError) as fault:  # no fault of the recording: it is tried again by the next run
        return failed(key, "error", f"its own report: {fault}", _trace(entry))
    return outcome


def _trace(entry: Entry) -> str:
    """The traceback, for a bug report: of files and folders only what no person or computer is known by."""
    text = traceback.format_exc().replace(str(Path(entry.path).parent), "…")
    return _FILE.sub(r'File "\1"', text).replace(str(Path.home()), "~")


_FILE = re.compile(r'File "[^"\n]*?((?:[^/\\"\n]+[/\\])?[^/\\"\n]+)"')


def told(entry: Entry, fault: HeadwayError) -> str:
    """The fault in one line, without the path of the recording, which stands beside it; options are columns of a manifest here."""
    text = str(fault).removeprefix(f"{entry.path}: ").replace(f"{Path(entry.path).parent.as_posix()}/", "")
    return re.sub(r"(?<!\S)--([a-z]+)(?:-([a-z]+))?", _column, text)


def _column(option: re.Match[str]) -> str:
    name = "_".join(part for part in option.groups() if part)
    return f"column {name}" if name in COLUMNS else option[0]


def to_outcome(entry: Entry, found: Analysis, key: str, content: str) -> StudyOutcome:
    """Rows of the tables from one analysis."""
    summary = found.summary
    recording, runner, steps = summary.recording, summary.runner, summary.steps
    row = RecordingRow(
        kind=recording.kind,
        view=recording.view,
        duration=recording.duration,
        rate=recording.rate,
        treadmill=recording.treadmill,
        speed=recording.speed,
        speed_stated=entry.take.speed,
        height=runner.height,
        mass=runner.mass,
        mass_source=runner.mass_source,
        sex=runner.sex,
        events=summary.events.source,
        force=summary.force.status,
        steps=steps.count,
        left=steps.left,
        right=steps.right,
        warnings=[flag.message for flag in summary.quality if flag.level == "warning"],
        flags=[flag.code for flag in summary.quality],
        path=Path(entry.path).name,
        content=content,
        key=key,
        headway=summary.headway,
    )
    metrics = [_metric(name, measured) for name, measured in summary.metrics.items()]
    table = found.steps
    columns = {str(name): _plain(table[name].to_numpy()) for name in table.columns}
    return StudyOutcome(key=key, row=row, metrics=metrics, steps=columns)


def _metric(name: str, entry: results.Entry) -> MetricRow:
    if isinstance(entry, results.NotMeasurable):
        return MetricRow(metric=name, status=entry.status, why=entry.why)
    low, high = entry.ci95 or (None, None)
    return MetricRow(
        metric=name,
        status=entry.status,
        value=entry.value,
        unit=entry.unit,
        low=low,
        high=high,
        n=entry.n,
        left=entry.left,
        right=entry.right,
    )


def _plain(values: npt.NDArray[Any]) -> list[Cell]:
    if values.dtype.kind == "f":
        return [value if math.isfinite(value) else None for value in values.tolist()]
    return values.tolist()
