"""The tables of a study: their columns, and rows from outcomes and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
from msgspec.structs import asdict

from headway.metrics import REGISTRY
from headway.statistics import TWO_SIDED
from headway.study.entry import SCHEMA, Entry
from headway.study.outcome import Failure, StudyOutcome
from headway.study.rows import FailureRow, Kind, MetricRow, RecordingRow

TEXT, REAL, WHOLE = pa.string(), pa.float64(), pa.int32()
_ARROW: dict[object, pa.DataType] = {str: TEXT, Kind: TEXT, float: REAL, int: WHOLE, bool: pa.bool_()}
_ARROW |= {kind | None: _ARROW[kind] for kind in (str, float, int, bool)} | {list[str]: pa.list_(TEXT)}
Columns = list[tuple[str, pa.DataType]]


def _columns(row: type[msgspec.Struct]) -> Columns:
    return [(one.name, _ARROW[one.type]) for one in msgspec.structs.fields(row)]


NAMED: Columns = [("recording", TEXT), ("runner", TEXT), ("condition", TEXT)]
_COLUMNS: dict[str, Columns] = {
    "recordings": [*NAMED, *_columns(RecordingRow)],
    "metrics": [*NAMED, ("speed", REAL), *_columns(MetricRow)],
    "failures": _columns(FailureRow),
}
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
    return pa.schema(_COLUMNS[table], metadata=about)


def step_metrics() -> list[str]:
    """Metrics that have a value per step, in the order of the registry."""
    return [
        name for name, metric in REGISTRY.items() if metric.kind not in (*TWO_SIDED, "locking") and not metric.fitted
    ]


def build(table: str, items: Sequence[tuple[Entry, StudyOutcome]]) -> pa.Table:
    """One table from the outcomes of a batch, in their order."""
    done = [(_names(entry), outcome.row, outcome.metrics) for entry, outcome in items if outcome.row is not None]
    if table == "recordings":
        return pa.Table.from_pylist([names | asdict(row) for names, row, _ in done], schema("recordings"))
    if table == "metrics":
        rows = [names | {"speed": row.speed} | asdict(one) for names, row, metrics in done for one in metrics]
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


def _names(entry: Entry) -> dict[str, str | None]:
    return {"recording": entry.recording, "runner": entry.runner or None, "condition": entry.condition or None}


def outcomes(parts: dict[str, pa.Table]) -> list[StudyOutcome]:
    """Outcomes of a batch, back from its three tables."""
    metrics: dict[str, list[MetricRow]] = {}
    for row in parts["metrics"].to_pylist():
        metrics.setdefault(row["recording"], []).append(msgspec.convert(row, MetricRow))
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
        kept = msgspec.convert(row, RecordingRow)
        out.append(StudyOutcome(key=kept.key, row=kept, metrics=metrics.get(name, []), steps=steps))
    return out


def failure_row(recording: str, path: str, failure: Failure, entry: Entry | None = None, key: str = "") -> FailureRow:
    """Row of ``failures``."""
    return FailureRow(
        file=Path(path).name,
        recording=recording,
        runner=(entry.runner or None) if entry else None,
        condition=(entry.condition or None) if entry else None,
        kind=failure.kind,
        reason=failure.reason,
        traceback=failure.traceback or None,
        key=key or None,
    )
