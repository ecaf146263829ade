"""A study that was run, read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from headway.displayed import Displayed
from headway.metrics import REGISTRY
from headway.stored.result import Form, ResultFolder
from headway.study.entry import SCHEMA
from headway.study.summary import StudySummary
from headway.study.tables import schema

WINDOW = 0.5
"""Width of the speed classes, m/s."""
Table = Any
"""A pandas table; its published types are too wide to be of help."""
FORM = Form("study", "study.json", StudySummary, SCHEMA, "run the study again with --resume")
CYCLIC = ("phase",)
"""Kinds of metrics on a circle, of which no mean or slope is taken."""


@dataclass(frozen=True, repr=False)
class Study(Displayed):
    """The tables of a study.

    Attributes
    ----------
    folder
        Where it lies.
    summary
        Contents of ``study.json``.
    recordings, metrics, failures
        Tables; ``metrics`` has one row per recording and metric.
    files
        The folder with the checksums of its files.
    """

    folder: Path
    summary: StudySummary
    recordings: Table
    metrics: Table
    failures: Table
    files: ResultFolder[StudySummary]

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_study"

    @classmethod
    def load(cls, folder: str | Path) -> Study:
        """Read the folder that :func:`headway.study.run_study` wrote.

        Raises
        ------
        RecordingError
            It is no study, or a file of it is damaged.
        """
        source = FORM.open(folder, "failures.parquet")
        if source.summary.state != "complete":  # the checksums are those of the run before
            source = replace(source, seal=None)
        tables = [_table(source, name).to_pandas() for name in ("recordings", "metrics")]
        lost = source.table("failures.parquet").to_pandas()
        tables[0]["class"] = (tables[0]["speed"] / WINDOW).round() * WINDOW
        return cls(source.path, source.summary, tables[0], tables[1], lost, source)

    def steps(self, metrics: Sequence[str]) -> Table:
        """Recording, step and some metrics for every step; the steps of a recording stand together, in their order."""
        return _table(self.files, "steps", ["recording", "step", *metrics]).to_pandas()

    def measured(self) -> list[str]:
        """Metrics that at least two recordings carry, in the order of the registry."""
        counts = self.metrics.loc[self.metrics["value"].notna(), "metric"].value_counts()
        return [name for name, one in REGISTRY.items() if counts.get(name, 0) > 1 and one.kind not in CYCLIC]

    def values(self, metric: str) -> Table:
        """Recordings that carry a metric: recording, runner, condition, speed, class, status, value, low, high."""
        rows = self.metrics[(self.metrics["metric"] == metric) & np.isfinite(self.metrics["value"].astype(float))]
        return rows.merge(self.recordings[["recording", "class"]], on="recording", validate="one_to_one")


def _table(folder: ResultFolder[StudySummary], name: str, columns: list[str] | None = None) -> pa.Table:
    there = {path.relative_to(folder.path).as_posix() for path in (folder.path / name).glob("part-*.parquet")}
    written = set() if folder.seal is None else {part for part in folder.seal.files if part.startswith(f"{name}/")}
    parts = [folder.table(part, columns) for part in sorted(there | written)]
    if not parts:
        whole = schema(name).empty_table()
        return whole if columns is None else whole.select(columns)
    return pa.concat_tables(parts)
