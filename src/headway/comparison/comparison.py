"""A comparison: summary and aligned curves of two analyses, saved to a folder and loaded again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import xarray as xr

from headway.analysis import Analysis
from headway.comparison.summary import summarise
from headway.comparison.waveforms import waveforms
from headway.door import measured
from headway.publish import Page, publish, published, write_json


@dataclass(frozen=True)
class Comparison:
    """Two recordings side by side.

    Attributes
    ----------
    summary
        As in ``compare.json``: speeds, every measure with both values, difference (B minus A) and interval, what one of them lacks, remarks.
    waveforms
        Curves of both over stance (:func:`headway.comparison.waveforms.waveforms`).
    analyses
        A and B.
    """

    summary: dict[str, Any]
    waveforms: xr.Dataset
    analyses: tuple[Analysis, Analysis]

    page: ClassVar[Page] = Page("compare.html", "headway.report.compare:render_compare")

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write ``compare.json``, ``compare.html``, ``waveforms.nc`` and both analyses in the folders ``a`` and ``b``.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        return publish(self, folder, overwrite=overwrite)

    def own_files(self, target: Path) -> tuple[str, ...]:
        """What a comparison writes; only these are replaced by ``--overwrite``."""
        return ("compare.json", "compare.html", "waveforms.nc", "a", "b")

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        write_json(folder / "compare.json", self.summary)
        self.waveforms.to_netcdf(folder / "waveforms.nc", engine="scipy")
        for name, analysis in zip("ab", self.analyses, strict=True):
            analysis.save(folder / name, report=False)

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the comparison is missing.
        """
        source = published(folder, ("compare.json", "waveforms.nc"), "compare")
        summary = json.loads((source / "compare.json").read_text(encoding="utf-8"))
        with xr.open_dataset(source / "waveforms.nc", engine="scipy") as data:
            curves = data.load()
        return cls(summary, curves, (Analysis.load(source / "a"), Analysis.load(source / "b")))


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
    a, b = (one if isinstance(one, Analysis) else measured(one) for one in (a, b))
    summary, sized = summarise(a, b, same_runner=same_runner)
    return Comparison(summary, waveforms(a, b, sized, normalised=bool(summary["normalised"])), (a, b))
