"""A comparison: summary and aligned curves of two analyses, saved to a folder and loaded again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import xarray as xr

from headway.analysis import Analysis
from headway.comparison.summary import summarise
from headway.comparison.waveforms import waveforms
from headway.door import measured
from headway.errors import RecordingError
from headway.folder import whole_folder

OWN_FILES = ("compare.json", "compare.html", "waveforms.nc", "a", "b")
"""Files that a comparison writes; with the folders ``a`` and ``b`` only these are replaced by ``--overwrite``."""


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

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write ``compare.json``, ``compare.html``, ``waveforms.nc`` and both analyses in the folders ``a`` and ``b``.

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
        from headway.report.compare import write_compare_report

        text = json.dumps(self.summary, indent=1, allow_nan=False, default=msgspec.to_builtins)
        (folder / "compare.json").write_text(text + "\n", encoding="utf-8")
        self.waveforms.to_netcdf(folder / "waveforms.nc", engine="scipy")
        for name, analysis in zip("ab", self.analyses, strict=True):
            analysis.save(folder / name, report=False)
        write_compare_report(self, folder / "compare.html")

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the comparison is missing.
        """
        source = Path(folder)
        for name in ("compare.json", "waveforms.nc"):
            if not (source / name).is_file():
                raise RecordingError(str(source), f"{name} is missing", "give a folder that headway compare wrote")
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
