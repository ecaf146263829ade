"""A comparison: summary and aligned curves of two analyses, saved to a folder and loaded again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd
import xarray as xr

from headway.analysis import Analysis
from headway.analysis.analysis import FORM as ANALYSIS
from headway.analysis.thresholds import raised
from headway.comparison.result import ComparisonSummary
from headway.comparison.summary import SCHEMA, summarise
from headway.comparison.waveforms import waveforms
from headway.displayed import Displayed
from headway.door import measured
from headway.named import call
from headway.options import Options
from headway.publish import Page, Part, Published
from headway.stored.result import Form


@dataclass(frozen=True, repr=False)
class Comparison(Published, Displayed):
    """Two recordings side by side; saved as ``compare.json``, ``compare.html``, ``waveforms.nc`` and both analyses in ``a`` and ``b``.

    Attributes
    ----------
    summary
        As in ``compare.json``: speeds, every measure with both values, difference (B minus A) and interval, what one of them lacks, remarks.
    waveforms
        Curves of both over stance (:func:`headway.comparison.waveforms.waveforms`).
    analyses
        A and B.
    """

    summary: ComparisonSummary
    waveforms: xr.Dataset
    analyses: tuple[Analysis, Analysis]

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_comparison"
    page: ClassVar[Page] = Page("compare.html", "headway.report.compare:render_compare")
    main: ClassVar[str] = "compare.json"

    def to_frame(self) -> pd.DataFrame:
        """Every measure of both as a tidy table: ``metric, a, b, difference, low, high, unit, verdict``."""
        return call("headway.notebook.tables:of_rows", self.summary.rows)

    def parts(self) -> dict[str, Part]:
        """Summary, curves and both analyses, by the name of their file or folder."""
        a, b = self.analyses
        return {"compare.json": self.summary, "waveforms.nc": self.waveforms, "a": a, "b": b}

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the comparison is missing, damaged, of another comparison, or written by a later Headway.
        """
        source = FORM.open(folder, "waveforms.nc")
        a, b = (source.part(name, ANALYSIS, Analysis.load) for name in "ab")
        return cls(source.summary, source.curves("waveforms.nc"), (a, b))


FORM = Form("compare", "compare.json", ComparisonSummary, SCHEMA, "compare the recordings again")


def compare(a: Analysis | str | Path, b: Analysis | str | Path, *, same_runner: bool = False) -> Comparison:
    """Set two analyses side by side.

    Parameters
    ----------
    a, b
        Of recordings of any kind, from :func:`headway.analyze` or :meth:`Analysis.load`; or paths to recordings.
    same_runner
        Both show one runner (before and after): nothing is normalised by size.

    Raises
    ------
    RecordingError
        No measure is carried by both.
    """
    given = (a, b)
    a, b = (one if isinstance(one, Analysis) else measured(one) for one in given)
    for k, threshold in raised((a, b)).items():
        one = given[k]
        if not isinstance(one, Analysis) and not (Path(one) / "summary.json").is_file():
            again = measured(one, Options(threshold=threshold))
            a, b = (again, b) if k == 0 else (a, again)
    summary, sized = summarise(a, b, same_runner=same_runner)
    return Comparison(summary, waveforms(a, b, sized, normalised=summary.normalised), (a, b))
