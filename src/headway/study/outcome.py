"""What became of one recording: rows for the tables, or why there are none; small enough to be sent between computers."""

from __future__ import annotations

import msgspec

from headway.study.rows import Kind, MetricRow, RecordingRow

Cell = bool | int | float | str | None
"""What a table of steps holds."""


class Failure(msgspec.Struct, frozen=True):
    """Why a recording has no results: kind, reason in one line, traceback for a bug report."""

    kind: Kind
    reason: str
    traceback: str = ""


class StudyOutcome(msgspec.Struct, kw_only=True):
    """Result of one recording.

    Attributes
    ----------
    key
        Key of the result (content, options, version).
    row
        Row of ``recordings``.
    metrics
        Rows of ``metrics``.
    steps
        Columns of ``steps``.
    failure
        Set instead of the three above.
    log
        Warnings and log messages that came up.
    seconds
        Time taken.
    """

    key: str
    row: RecordingRow | None = None
    metrics: list[MetricRow] = []
    steps: dict[str, list[Cell]] = {}
    failure: Failure | None = None
    log: list[str] = []
    seconds: float = 0.0


def pack(outcome: StudyOutcome) -> bytes:
    """Outcome as bytes."""
    return msgspec.msgpack.encode(outcome)


def unpack(data: bytes) -> StudyOutcome:
    """Outcome from bytes; raises ``msgspec.DecodeError`` when they are cut off."""
    return msgspec.msgpack.decode(data, type=StudyOutcome)


def failed(key: str, kind: Kind, reason: str, traceback: str = "") -> StudyOutcome:
    """Outcome of a recording without results."""
    return StudyOutcome(key=key, failure=Failure(kind, " ".join(reason.split()), traceback))
