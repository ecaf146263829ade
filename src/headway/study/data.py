"""A study that was run, read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from headway.displayed import Displayed
from headway.errors import RecordingError
from headway.metrics import REGISTRY
from headway.stored.result import read_document
from headway.study.entry import SCHEMA
from headway.study.summary import StudySummary
from headway.study.tables import schema

WINDOW = 0.5
"""Width of the speed classes, m/s."""
Table = Any
"""A pandas table; its published types are too wide to be of help."""
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
    """

    folder: Path
    summary: StudySummary
    recordings: Table
    metrics: Table
    failures: Table

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_study"

    @classmethod
    def load(cls, folder: str | Path) -> Study:
        """Read the folder that :func:`headway.study.run_study` wrote.

        Raises
        ------
        RecordingError
            It is no study, or a file of it is damaged.
        """
        source = Path(folder)
        try:
            summary, _ = read_document(source / "study.json", StudySummary, SCHEMA, "run the study again with --resume")
            tables = [_table(source, name).to_pandas() for name in ("recordings", "metrics")]
            lost = pq.ParquetFile(source / "failures.parquet").read().to_pandas()
        except FileNotFoundError as error:
            name = Path(error.filename or "study.json").name
            raise RecordingError(str(source), f"{name} is missing", "give a folder that headway study wrote") from error
        except (OSError, ValueError, pa.ArrowException) as error:
            told = " ".join(str(error).split())[:120]
            raise RecordingError(
                str(source), f"cannot be read ({told})", "run the study again with --resume"
            ) from error
        tables[0]["class"] = (tables[0]["speed"] / WINDOW).round() * WINDOW
        return cls(source, summary, tables[0], tables[1], lost)

    def steps(self, metrics: Sequence[str]) -> Table:
        """Recording, step and some metrics for every step; the steps of a recording stand together, in their order."""
        return _table(self.folder, "steps", ["recording", "step", *metrics]).to_pandas()

    def measured(self) -> list[str]:
        """Metrics that at least two recordings carry, in the order of the registry."""
        counts = self.metrics.loc[self.metrics["value"].notna(), "metric"].value_counts()
        return [name for name, one in REGISTRY.items() if counts.get(name, 0) > 1 and one.kind not in CYCLIC]

    def values(self, metric: str) -> Table:
        """Recordings that carry a metric: recording, runner, condition, speed, class, status, value, low, high."""
        rows = self.metrics[(self.metrics["metric"] == metric) & np.isfinite(self.metrics["value"].astype(float))]
        return rows.merge(self.recordings[["recording", "class"]], on="recording", validate="one_to_one")


def _table(folder: Path, name: str, columns: list[str] | None = None) -> pa.Table:
    parts = [pq.ParquetFile(path).read(columns) for path in sorted((folder / name).glob("part-*.parquet"))]
    if not parts:
        whole = schema(name).empty_table()
        return whole if columns is None else whole.select(columns)
    return pa.concat_tables(parts)
