"""An experiment: every block analysed, was it done, the effect, and the verdict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from headway.analysis import Analysis
from headway.experiments.blocks import MeasuredBlock, measure
from headway.experiments.protocol import Protocol
from headway.experiments.read_protocol import load_protocol
from headway.experiments.summary import summarise
from headway.publish import Page, publish, published, write_json


@dataclass(frozen=True)
class Experiment:
    """What came out of one protocol.

    Attributes
    ----------
    summary
        Design, blocks, checks, effects and the verdict, as in ``experiment.json``.
    steps
        One row per step of every block: ``block`` (from 1, in order of time), ``condition``, ``pair`` and the columns of :class:`Analysis`.
    analyses
        One per block, in order of time.
    protocol
        Text of the protocol file.
    """

    summary: dict[str, Any]
    steps: pd.DataFrame
    analyses: tuple[Analysis, ...]
    protocol: str = ""

    page: ClassVar[Page] = Page("report.html", "headway.report.experiment:render_experiment")

    @property
    def verdict(self) -> str:
        """Changed, no change larger than your own noise, cannot tell, or not performed."""
        return str(self.summary["verdict"]["word"])

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write ``experiment.json``, ``steps.parquet``, ``report.html``, the protocol, and every block's analysis under ``blocks``.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        return publish(self, folder, overwrite=overwrite)

    def own_files(self, target: Path) -> tuple[str, ...]:
        """What an experiment writes; only these are replaced by ``--overwrite``."""
        return ("experiment.json", "steps.parquet", "report.html", "protocol.toml", "blocks")

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        write_json(folder / "experiment.json", self.summary)
        (folder / "protocol.toml").write_text(self.protocol, encoding="utf-8")
        pq.write_table(pa.Table.from_pandas(self.steps, preserve_index=False), folder / "steps.parquet")
        for name, analysis in zip(self._names(), self.analyses, strict=True):
            analysis.save(folder / "blocks" / name, report=False)

    def _names(self) -> list[str]:
        return [f"{k:02d}-{block['condition']}" for k, block in enumerate(self.summary["blocks"], 1)]

    @classmethod
    def load(cls, folder: str | Path) -> Experiment:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the experiment is missing.
        """
        source = published(folder, ("experiment.json", "steps.parquet", "protocol.toml"), "experiment")
        summary = json.loads((source / "experiment.json").read_text(encoding="utf-8"))
        steps = pq.read_table(source / "steps.parquet").to_pandas()
        found = cls(summary, steps, (), (source / "protocol.toml").read_text(encoding="utf-8"))
        analyses = tuple(Analysis.load(source / "blocks" / name) for name in found._names())
        return cls(summary, steps, analyses, found.protocol)


def run(path: str | Path) -> Experiment:
    """Run the experiment of a protocol file.

    Parameters
    ----------
    path
        The protocol (TOML); recordings are relative to it.

    Raises
    ------
    RecordingError
        The protocol or one of its recordings cannot be used; one line with the place in the file.
    """
    source = Path(path)
    protocol = load_protocol(source)
    blocks = measure(protocol, source)
    text = source.read_text(encoding="utf-8")
    return Experiment(summarise(protocol, blocks), _steps(blocks), tuple(one.analysis for one in blocks), text)


def run_blocks(protocol: Protocol, blocks: list[MeasuredBlock]) -> Experiment:
    """Decide about blocks that were measured elsewhere (no file is read)."""
    return Experiment(summarise(protocol, blocks), _steps(blocks), tuple(one.analysis for one in blocks))


def _steps(blocks: list[MeasuredBlock]) -> pd.DataFrame:
    tables = []
    for k, one in enumerate(blocks, 1):
        table = one.analysis.steps.copy()
        table.insert(0, "block", k)
        table.insert(1, "condition", one.block.condition)
        table.insert(2, "pair", one.block.pair or 0)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
