"""The tables of a study: their columns, and rows from outcomes and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from headway.metrics import REGISTRY
from headway.statistics import TWO_SIDED
from headway.study.entry import SCHEMA, Entry
from headway.study.outcome import Failure, StudyOutcome

TEXT, REAL, WHOLE = pa.string(), pa.float64(), pa.int32()
NAMED: list[tuple[str, pa.DataType]] = [("recording", TEXT), ("runner", TEXT), ("condition", TEXT)]
RECORDINGS: list[tuple[str, pa.DataType]] = [
    *NAMED,
    ("kind", TEXT),
    ("view", TEXT),
    ("duration", REAL),
    ("rate", REAL),
    ("treadmill", pa.bool_()),
    ("speed", REAL),
    ("speed_stated", REAL),
    ("height", REAL),
    ("mass", REAL),
    ("mass_source", TEXT),
    ("sex", TEXT),
    ("events", TEXT),
    ("force", TEXT),
    ("steps", WHOLE),
    ("left", WHOLE),
    ("right", WHOLE),
    ("warnings", pa.list_(TEXT)),
    ("flags", pa.list_(TEXT)),
    ("path", TEXT),
    ("content", TEXT),
    ("key", TEXT),
    ("headway", TEXT),
]
METRICS: list[tuple[str, pa.DataType]] = [
    *NAMED,
    ("speed", REAL),
    ("metric", TEXT),
    ("status", TEXT),
    ("value", REAL),
    ("unit", TEXT),
    ("low", REAL),
    ("high", REAL),
    ("n", WHOLE),
    ("left", REAL),
    ("right", REAL),
    ("why", TEXT),
]
FAILURES: list[tuple[str, pa.DataType]] = [
    ("file", TEXT),
    ("recording", TEXT),
    ("runner", TEXT),
    ("condition", TEXT),
    ("kind", TEXT),
    ("reason", TEXT),
    ("traceback", TEXT),
    ("key", TEXT),
]
_STEP: list[tuple[str, pa.DataType, str]] = [
    ("step", WHOLE, "1"),
    ("side", TEXT, ""),
    ("initial_contact", REAL, "s"),
    ("toe_off", REAL, "s"),
]
TABLES = ("steps", "metrics", "recordings")
"""Tables in the order in which a batch is put in place: the last one makes it count."""


def schema(table: str) -> pa.Schema:
    """Columns of a table, with the version of the schema, and units where they are the same in every row."""
    about = {b"headway_study_schema": str(SCHEMA).encode()}
    if table == "steps":
        fields = [pa.field(name, kind) for name, kind in NAMED] + [
            pa.field(name, kind, metadata={"unit": unit}) for name, kind, unit in _STEP
        ]
        fields += [pa.field(name, REAL, metadata={"unit": REGISTRY[name].unit}) for name in step_metrics()]
        return pa.schema(fields, metadata=about)
    return pa.schema({"metrics": METRICS, "recordings": RECORDINGS, "failures": FAILURES}[table], metadata=about)


def step_metrics() -> list[str]:
    """Metrics that have a value per step, in the order of the registry."""
    return [name for name, metric in REGISTRY.items() if metric.kind not in (*TWO_SIDED, "locking")]


def build(table: str, items: Sequence[tuple[Entry, StudyOutcome]]) -> pa.Table:
    """One table from the outcomes of a batch, in their order."""
    if table == "recordings":
        rows = [_names(entry) | outcome.row for entry, outcome in items]
        return pa.Table.from_pylist(rows, schema("recordings"))
    if table == "metrics":
        rows = [
            _names(entry) | {"speed": outcome.row.get("speed")} | row
            for entry, outcome in items
            for row in outcome.metrics
        ]
        return pa.Table.from_pylist(rows, schema("metrics"))
    whole = schema("steps")
    parts = [_steps(whole, entry, outcome) for entry, outcome in items]
    return pa.concat_tables(parts) if parts else whole.empty_table()


def _steps(whole: pa.Schema, entry: Entry, outcome: StudyOutcome) -> pa.Table:
    count = len(outcome.steps.get("step", []))
    names = _names(entry)
    columns = []
    for field in whole:
        values = [names[field.name]] * count if field.name in names else outcome.steps.get(field.name, [None] * count)
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=whole)


def _names(entry: Entry) -> dict[str, Any]:
    return {"recording": entry.recording, "runner": entry.runner or None, "condition": entry.condition or None}


def outcomes(parts: dict[str, pa.Table]) -> list[StudyOutcome]:
    """Outcomes of a batch, back from its three tables."""
    metrics: dict[str, list[dict[str, Any]]] = {}
    for row in parts["metrics"].to_pylist():
        name = row["recording"]
        metrics.setdefault(name, []).append({k: v for k, v in row.items() if k not in (*dict(NAMED), "speed")})
    of_step = parts["steps"].column("recording").to_pylist()
    columns = [name for name in parts["steps"].column_names if name not in dict(NAMED)]
    starts: dict[str, list[int]] = {}
    for index, name in enumerate(of_step):
        starts.setdefault(name, [index, 0])[1] += 1
    out = []
    for row in parts["recordings"].to_pylist():
        name = row["recording"]
        first, count = starts.get(name, [0, 0])
        own = parts["steps"].slice(first, count)
        steps = {one: own.column(one).to_pylist() for one in columns}
        kept = {k: v for k, v in row.items() if k not in dict(NAMED)}
        out.append(StudyOutcome(key=row["key"], row=kept, metrics=metrics.get(name, []), steps=steps))
    return out


def failure_row(recording: str, path: str, failure: Failure, entry: Entry | None = None, key: str = "") -> dict:
    """Row of ``failures``."""
    return {
        "file": path,
        "recording": recording,
        "runner": (entry.runner or None) if entry else None,
        "condition": (entry.condition or None) if entry else None,
        "kind": failure.kind,
        "reason": failure.reason,
        "traceback": failure.traceback or None,
        "key": key or None,
    }
