"""An experiment: every block analysed, was it done, the effect, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from headway.analysis import Analysis
from headway.analysis.analysis import FORM as ANALYSIS
from headway.displayed import Displayed
from headway.experiments.blocks import MeasuredBlock, measure
from headway.experiments.marked import cut_at_marks
from headway.experiments.protocol import Protocol
from headway.experiments.read_protocol import load_protocol
from headway.experiments.result import ExperimentSummary
from headway.experiments.summary import SCHEMA, summarise
from headway.experiments.verdict import Word
from headway.named import call
from headway.publish import Page, Part, Published
from headway.stored.result import Form


@dataclass(frozen=True, repr=False)
class Experiment(Published, Displayed):
    """What came out of one protocol; saved as ``experiment.json``, ``steps.parquet``, ``report.html``, the protocol, and ``blocks``.

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

    summary: ExperimentSummary
    steps: pd.DataFrame
    analyses: tuple[Analysis, ...]
    protocol: str = ""

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_experiment"
    page: ClassVar[Page] = Page("report.html", "headway.report.experiment:render_experiment")
    main: ClassVar[str] = "experiment.json"

    @property
    def verdict(self) -> Word:
        """Changed, no change larger than your own noise, cannot tell, or not performed."""
        return self.summary.verdict.word

    def to_frame(self) -> pd.DataFrame:
        """Every outcome as a tidy table: ``metric, change, low, high, reference, unit``."""
        return call("headway.notebook.tables:of_effects", [self.summary.primary, *self.summary.secondary])

    def parts(self) -> dict[str, Part]:
        """Summary, protocol, steps and the analysis of every block, by the name of their file or folder."""
        blocks = zip(_folders(self.summary), self.analyses, strict=True)
        return {
            "experiment.json": self.summary,
            "protocol.toml": self.protocol,
            "steps.parquet": self.steps,
            **dict(blocks),
        }

    @classmethod
    def load(cls, folder: str | Path) -> Experiment:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the experiment is missing, damaged, of another experiment, or written by a later Headway.
        """
        source = FORM.open(folder, "steps.parquet", "protocol.toml")
        steps = source.table("steps.parquet").to_pandas()
        analyses = tuple(source.part(name, ANALYSIS, Analysis.load) for name in _folders(source.summary))
        return cls(source.summary, steps, analyses, source.text("protocol.toml"))


FORM = Form("experiment", "experiment.json", ExperimentSummary, SCHEMA, "run the experiment again")


def _folders(summary: ExperimentSummary) -> list[str]:
    """Where the analysis of each block lies."""
    return [f"blocks/{k:02d}-{block.condition}" for k, block in enumerate(summary.blocks, 1)]


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
    protocol = cut_at_marks(load_protocol(source), source)
    return run_blocks(protocol, measure(protocol, source), source.read_text(encoding="utf-8"))


def run_blocks(protocol: Protocol, blocks: list[MeasuredBlock], text: str = "") -> Experiment:
    """Decide about blocks that were measured elsewhere; ``text`` is that of the protocol file."""
    return Experiment(summarise(protocol, blocks), _steps(blocks), tuple(one.analysis for one in blocks), text)


def _steps(blocks: list[MeasuredBlock]) -> pd.DataFrame:
    tables = []
    for k, one in enumerate(blocks, 1):
        table = one.analysis.steps.copy()
        table.insert(0, "block", k)
        table.insert(1, "condition", one.block.condition)
        table.insert(2, "pair", one.block.pair or 0)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
