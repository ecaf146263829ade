"""An experiment: every block analysed, was it done, the effect, and the verdict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from headway.analysis import Analysis
from headway.errors import RecordingError
from headway.experiments.blocks import Measured, measure
from headway.experiments.protocol import Protocol, load_protocol
from headway.experiments.summary import summarise
from headway.folder import whole_folder

OWN_FILES = ("experiment.json", "steps.parquet", "report.html", "protocol.toml", "blocks")
"""What an experiment writes; only these are replaced by ``--overwrite``."""


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

    @property
    def verdict(self) -> str:
        """Changed, no change larger than your own noise, cannot tell, or not performed."""
        return str(self.summary["verdict"]["word"])

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write ``experiment.json``, ``steps.parquet``, ``report.html``, the protocol, and every block's analysis under ``blocks``.

        Everything is written beside the target and moved there at the end.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        with whole_folder(folder, OWN_FILES, overwrite=overwrite) as draft:
            self._write(draft)
        return Path(folder)

    def _write(self, folder: Path) -> None:
        from headway.report.experiment import write_experiment_report

        text = json.dumps(self.summary, indent=1, allow_nan=False, default=msgspec.to_builtins)
        (folder / "experiment.json").write_text(text + "\n", encoding="utf-8")
        (folder / "protocol.toml").write_text(self.protocol, encoding="utf-8")
        pq.write_table(pa.Table.from_pandas(self.steps, preserve_index=False), folder / "steps.parquet")
        for name, analysis in zip(self._names(), self.analyses, strict=True):
            analysis.save(folder / "blocks" / name, report=False)
        write_experiment_report(self, folder / "report.html")

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
        source = Path(folder)
        for name in ("experiment.json", "steps.parquet", "protocol.toml"):
            if not (source / name).is_file():
                raise RecordingError(str(source), f"{name} is missing", "give a folder that headway experiment wrote")
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


def run_blocks(protocol: Protocol, blocks: list[Measured]) -> Experiment:
    """Decide about blocks that were measured elsewhere (no file is read)."""
    return Experiment(summarise(protocol, blocks), _steps(blocks), tuple(one.analysis for one in blocks))


def _steps(blocks: list[Measured]) -> pd.DataFrame:
    tables = []
    for k, one in enumerate(blocks, 1):
        table = one.analysis.steps.copy()
        table.insert(0, "block", k)
        table.insert(1, "condition", one.block.condition)
        table.insert(2, "pair", one.block.pair or 0)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
