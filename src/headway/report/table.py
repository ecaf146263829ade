"""The metrics as rows of a table, grouped by family, and what was not measurable, grouped by its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from headway.metrics.registry import Family as FamilyName
from headway.metrics.registry import Metric
from headway.report.numbers import Shown, finite, interval_of, number, scale_of, show, span, with_unit
from headway.report.sentences import NOT_MEASURABLE

STATUS = {"measured": ("●", "measured"), "estimated": ("◐", "estimated"), NOT_MEASURABLE: ("○", "not measurable")}
"""Mark and word of a status: told apart by shape and by word, not by colour."""
OTHER = "further metrics"
NO_REMEDY = "No remedy is known for these"


@dataclass(frozen=True)
class Strip:
    """Where the value lies against what is seen in running; every field in % of the strip's width.

    Attributes
    ----------
    band
        Start and width of the range seen in running.
    interval
        Start and width of the 95 % interval, or ``None``.
    value, left, right
        Positions, ``None`` where absent.
    """

    band: tuple[float, float]
    interval: tuple[float, float] | None
    value: float | None
    left: float | None
    right: float | None


@dataclass(frozen=True)
class TableRow:
    """One metric as shown: the numbers of the summary and the words of the registry."""

    name: str
    title: str
    family: str
    status: str
    mark: str
    word: str
    shown: Shown
    steps: str
    strip: Strip | None
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def measurable(self) -> bool:
        """Whether there is a value."""
        return self.status != NOT_MEASURABLE


@dataclass(frozen=True)
class MetricFamily:
    """One section of the table: rows with a value, and rows without."""

    name: str
    rows: list[TableRow]
    missing: list[TableRow]


@dataclass(frozen=True)
class Remedy:
    """What to record, and the metrics it would bring: (title, why it is missing)."""

    record: str
    metrics: list[tuple[str, str]]

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Titles by reason, in order of first appearance."""
        grouped: dict[str, list[str]] = {}
        for title, why in self.metrics:
            grouped.setdefault(why, []).append(title)
        return list(grouped.items())


def _strip(entry: Mapping[str, Any], expected: tuple[float, float] | None) -> Strip | None:
    value = finite(entry.get("value"))
    if expected is None or value is None:
        return None
    interval = interval_of(entry)
    left, right = finite(entry.get("left")), finite(entry.get("right"))
    present = [v for v in (value, left, right, *expected, *(interval or ())) if v is not None]
    low, high = min(present), max(present)
    margin = 0.06 * (high - low) or 1.0
    low, high = low - margin, high + margin

    def at(x: float) -> float:
        return round(100.0 * (x - low) / (high - low), 1)

    def piece(ends: tuple[float, float]) -> tuple[float, float]:
        return at(ends[0]), round(at(ends[1]) - at(ends[0]), 1)

    return Strip(
        band=piece(expected),
        interval=None if interval is None else piece(interval),
        value=at(value),
        left=None if left is None else at(left),
        right=None if right is None else at(right),
    )


def _range(metric: Metric, shown: Shown) -> str:
    if metric.expected is None:
        return "no range known"
    scale = shown.scale if shown.unit else scale_of(metric.unit, metric.name, max(map(abs, metric.expected)))
    low, high = (end * scale.factor for end in metric.expected)
    return with_unit(span(low, high, scale.decimals), scale.unit)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(metric: Metric | None, entry: Mapping[str, Any], shown: Shown) -> list[tuple[str, str]]:
    facts = [("Why not", entry.get("why")), ("Record instead", entry.get("record"))]
    if metric is not None:
        facts += [
            ("In plain words", metric.runner),
            ("Definition", metric.definition),
            ("Seen in running", f"{_range(metric, shown)} (for orientation, not a norm)" if metric.expected else ""),
            ("Evidence for", _sentence(metric.supports)),
            ("Evidence against", _sentence(metric.contradicts)),
            ("Source", metric.cited),
            ("Plane", "" if metric.plane == "none" else metric.plane),
        ]
    facts += [("Model", entry.get("model")), ("Note", entry.get("note"))]
    return [(word, str(text)) for word, text in facts if text]


def _row(name: str, entry: Mapping[str, Any], metric: Metric | None) -> TableRow:
    status = str(entry.get("status") or "measured")
    if status != NOT_MEASURABLE and finite(entry.get("value")) is None:
        status = NOT_MEASURABLE
    mark, word = STATUS.get(status, ("●", status.replace("_", " ")))
    shown = show(name, {"unit": metric.unit if metric else "", **entry})
    count = finite(entry.get("n"))
    return TableRow(
        name=name,
        title=metric.title if metric else name.replace("_", " "),
        family=metric.family if metric else OTHER,
        status=status,
        mark=mark,
        word=word,
        shown=shown,
        steps=number(count, 0),
        strip=_strip(entry, metric.expected) if metric else None,
        facts=_facts(metric, entry, shown),
    )


def rows(entries: Mapping[str, Mapping[str, Any]], registry: Mapping[str, Metric]) -> list[TableRow]:
    """Turn ``summary["metrics"]`` into rows, in the order of the registry; metrics it does not know come last."""
    order = {name: place for place, name in enumerate(registry)}
    names = sorted(entries, key=lambda name: order.get(name, len(order)))
    return [_row(name, entries[name], registry.get(name)) for name in names]


def families(table: list[TableRow]) -> list[MetricFamily]:
    """Group rows by family, in the order in which the registry names the families; an unknown family last."""
    order = {name: place for place, name in enumerate(get_args(FamilyName))}
    names = sorted(dict.fromkeys(row.family for row in table), key=lambda name: order.get(name, len(order)))
    return [
        MetricFamily(
            name,
            [row for row in table if row.family == name and row.measurable],
            [row for row in table if row.family == name and not row.measurable],
        )
        for name in names
    ]


def remedies(table: list[TableRow], entries: Mapping[str, Mapping[str, Any]]) -> list[Remedy]:
    """Group what was not measurable by what to record instead, the remedy that brings most first."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in table:
        if not row.measurable:
            entry = entries[row.name]
            record = str(entry.get("record") or NO_REMEDY)
            grouped.setdefault(record, []).append((row.title, str(entry.get("why") or "no value could be computed")))
    ordered = sorted(grouped.items(), key=lambda item: (item[0] == NO_REMEDY, -len(item[1])))
    return [Remedy(record, metrics) for record, metrics in ordered]
