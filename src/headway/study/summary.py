"""What a study was, typed: ``study.json`` is this file's :class:`StudySummary`."""

from __future__ import annotations

from typing import Literal

from headway.results import Fields


class StudySettings(Fields, frozen=True, kw_only=True):
    """What was asked for: longest time for one recording in s, whether each got its own report, recordings per Parquet file."""

    timeout: float
    details: bool
    batch: int


class StudyMachine(Fields, frozen=True, kw_only=True):
    """Who did the work: processes, or the kind of a scheduler; the kind of computer."""

    workers: int
    scheduler: str | None
    machine: str


class StudyCounts(Fields, frozen=True, kw_only=True):
    """Recordings; how many were analysed is known when the study is complete."""

    found: int
    excluded: int
    failed: int
    analysed: int | None


class StudySummary(Fields, frozen=True, kw_only=True):
    """A study, as in ``study.json``.

    Attributes
    ----------
    schema, headway, versions
        Form of the tables, and what wrote them.
    state
        ``running`` until everything is in place.
    source
        Folder or manifest.
    options, ran_on
        How it was run; the tables do not depend on ``ran_on``.
    started, finished
        ISO 8601, UTC.
    counts
        What became of the recordings.
    contents
        Key of each recording's result, by its name.
    """

    schema: int
    state: Literal["running", "complete"]
    headway: str
    versions: dict[str, str]
    source: str
    options: StudySettings
    ran_on: StudyMachine
    started: str
    finished: str | None
    counts: StudyCounts
    contents: dict[str, str]
