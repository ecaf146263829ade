"""The metrics as rows of a table, grouped by family, and what was not measurable, grouped by its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from headway.metrics.registry import Family as FamilyName
from headway.metrics.registry import Metric
from headway.report.numbers import ABSENT, Shown, scale_of, show, span, title_of, with_unit
from headway.results import Entries, Entry, Estimated, NotMeasurable, Status, Value
from headway.texts import TEXTS, shown

MARKS: dict[Status, str] = {"measured": "●", "estimated": "◐", "not_measurable": "○"}
"""Of a status: told apart by shape and by word, not by colour."""
OTHER = "other"
"""Family of what the registry does not know."""
NO_REMEDY = TEXTS("remedy.none")


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
    status: Status
    mark: str
    word: str
    shown: Shown
    steps: str
    strip: Strip | None
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def measurable(self) -> bool:
        """Whether there is a value."""
        return self.status != "not_measurable"


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


def _strip(entry: Value, expected: tuple[float, float]) -> Strip:
    value, interval, left, right = entry.value, entry.ci95, entry.left, entry.right
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
        return TEXTS("table.no_range")
    scale = shown.scale if shown.unit else scale_of(metric.unit, metric.name, max(map(abs, metric.expected)))
    low, high = (end * scale.factor for end in metric.expected)
    return with_unit(span(low, high, scale.decimals), scale.unit)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(metric: Metric | None, entry: Entry, written: Shown) -> list[tuple[str, str]]:
    facts: list[tuple[str, str | None]] = []
    if isinstance(entry, NotMeasurable):
        facts += [("why", shown(entry.why)), ("record", shown(entry.record))]
    if metric is not None:
        facts += [
            ("runner", shown(metric.runner)),
            ("definition", metric.definition),
            ("seen_in", TEXTS("table.range_seen", range=_range(metric, written)) if metric.expected else ""),
            ("for", _sentence(metric.supports)),
            ("against", _sentence(metric.contradicts)),
            ("source", metric.paper),
            ("plane", "" if metric.plane == "none" else metric.plane),
        ]
    if isinstance(entry, Estimated):
        facts.append(("model", entry.model))
    if isinstance(entry, Value):
        facts.append(("note", entry.note))
    return [(TEXTS(f"table.fact_{key}"), text) for key, text in facts if text]


def _row(name: str, entry: Entry, metric: Metric | None) -> TableRow:
    shown = show(name, entry, metric.unit if metric else "")
    expected = metric.expected if metric else None
    return TableRow(
        name=name,
        title=title_of(name),
        family=metric.family if metric else OTHER,
        status=entry.status,
        mark=MARKS[entry.status],
        word=TEXTS(f"table.{entry.status}"),
        shown=shown,
        steps=str(entry.n) if isinstance(entry, Value) else ABSENT,
        strip=_strip(entry, expected) if isinstance(entry, Value) and expected else None,
        facts=_facts(metric, entry, shown),
    )


def rows(entries: Entries, registry: Mapping[str, Metric]) -> list[TableRow]:
    """Turn the metrics of a summary into rows, in the order of the registry; metrics it does not know come last."""
    order = {name: place for place, name in enumerate(registry)}
    names = sorted(entries, key=lambda name: order.get(name, len(order)))
    return [_row(name, entries[name], registry.get(name)) for name in names]


def families(table: list[TableRow]) -> list[MetricFamily]:
    """Group rows by family, in the order in which the registry names the families; an unknown family last."""
    order = {name: place for place, name in enumerate(get_args(FamilyName))}
    names = sorted(dict.fromkeys(row.family for row in table), key=lambda name: order.get(name, len(order)))
    return [
        MetricFamily(
            shown(name),
            [row for row in table if row.family == name and row.measurable],
            [row for row in table if row.family == name and not row.measurable],
        )
        for name in names
    ]


def remedies(table: list[TableRow], entries: Entries) -> list[Remedy]:
    """Group what was not measurable by what to record instead, the remedy that brings most first."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in table:
        if isinstance(entry := entries[row.name], NotMeasurable):
            grouped.setdefault(shown(entry.record or NO_REMEDY), []).append((row.title, shown(entry.why)))
    ordered = sorted(grouped.items(), key=lambda item: (item[0] == shown(NO_REMEDY), -len(item[1])))
    return [Remedy(record, metrics) for record, metrics in ordered]
