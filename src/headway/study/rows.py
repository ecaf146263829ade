"""Rows of a study's tables: their columns are the fields of these structs, after recording, runner and condition."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["excluded", "unusable", "error", "timeout", "died"]
"""Why a recording has no results: left out before it was read; a fault in the recording; any other fault; the time limit; a worker that died."""


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One recording: what it is, of whom, what was found in it, and what it was made from (SI units)."""

    kind: str
    view: str
    duration: float
    rate: float
    treadmill: bool | None
    speed: float | None
    speed_stated: float | None
    height: float | None
    mass: float | None
    mass_source: str | None
    sex: str | None
    events: str
    force: str
    steps: int
    left: int
    right: int
    warnings: list[str]
    flags: list[str]
    path: str
    content: str
    key: str
    headway: str


class MetricRow(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of one recording: its value with 95 % interval, count and sides, or why there is none."""

    metric: str
    status: str
    value: float | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    left: float | None = None
    right: float | None = None
    why: str | None = None


class FailureRow(msgspec.Struct, frozen=True, kw_only=True):
    """One recording without results: where it lies, and why."""

    file: str
    recording: str
    runner: str | None
    condition: str | None
    kind: Kind
    reason: str
    traceback: str | None
    key: str | None
