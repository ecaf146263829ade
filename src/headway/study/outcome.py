"""What became of one recording: rows for the tables, or why there are none; small enough to be sent between computers."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Kind = Literal["excluded", "unusable", "error", "timeout", "died"]
"""Why a recording has no results: left out before it was read; a fault in the recording; any other fault; the time limit; a worker that died."""


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
    row: dict[str, Any] = {}
    metrics: list[dict[str, Any]] = []
    steps: dict[str, list[Any]] = {}
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
