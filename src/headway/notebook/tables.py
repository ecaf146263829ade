"""Results as tidy tables: one row per number, its unit beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from headway.comparison.result import ComparedRow
from headway.experiments.result import OutcomeEffect
from headway.results import Summary, Value

SIDES = ("left", "right")


def of_summary(summary: Summary) -> pd.DataFrame:
    """Every metric: ``metric, side, value, low, high, unit, status, n``; a side has a value and no interval of its own."""
    rows = [row for name, entry in summary.metrics.items() for row in _rows(name, entry)]
    return pd.DataFrame(rows, columns=["metric", "side", "value", "low", "high", "unit", "status", "n"])


def _rows(name: str, entry: object) -> Iterator[tuple[object, ...]]:
    if not isinstance(entry, Value):
        yield name, "both", float("nan"), float("nan"), float("nan"), "", "not_measurable", 0
        return
    low, high = entry.ci95 or (float("nan"), float("nan"))
    yield name, "both", entry.value, low, high, entry.unit, entry.status, entry.n
    for side, own in zip(SIDES, (entry.left, entry.right), strict=True):
        if own is not None:
            yield name, side, own, float("nan"), float("nan"), entry.unit, entry.status, entry.n


def of_rows(rows: list[ComparedRow]) -> pd.DataFrame:
    """Every measure of a comparison: ``metric, a, b, difference, low, high, unit, verdict``; the difference is B minus A."""
    told = [
        (row.name, row.a.value, row.b.value, row.difference, *(row.ci95 or (None, None)), row.unit, row.verdict)
        for row in rows
    ]
    columns = ["metric", "a", "b", "difference", "low", "high", "unit", "verdict"]
    return pd.DataFrame(told, columns=columns).astype(dict.fromkeys(columns[1:6], float))


def of_effects(outcomes: list[OutcomeEffect]) -> pd.DataFrame:
    """Every outcome of an experiment: ``metric, change, low, high, reference, unit``; the change is tested minus free."""
    told = []
    for one in outcomes:
        effect = one.effect
        low, high = (None, None) if effect is None or effect.ci95 is None else effect.ci95
        told.append(
            (
                one.name,
                None if effect is None else effect.change,
                low,
                high,
                None if effect is None else effect.reference,
                one.unit,
            )
        )
    columns = ["metric", "change", "low", "high", "reference", "unit"]
    return pd.DataFrame(told, columns=columns).astype(dict.fromkeys(columns[1:5], float))


def of_registry() -> pd.DataFrame:
    """Every metric that Headway knows: ``metric, title, unit, family, definition``."""
    from headway.metrics import REGISTRY

    rows = [(one.name, one.title, one.unit, one.family, one.definition) for one in REGISTRY.values()]
    return pd.DataFrame(rows, columns=["metric", "title", "unit", "family", "definition"])
