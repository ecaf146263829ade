"""The result of one recording: summary, steps and waveforms, saved to a folder and loaded again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from headway.displayed import Displayed
from headway.named import call
from headway.pose.keypoints import KeyPoints
from headway.publish import Page, publish, write_curves, write_json
from headway.results import SCHEMA, Entry, Summary
from headway.stored.result import Form

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Analysis(Displayed):
    """What was measured in one recording.

    Attributes
    ----------
    summary
        Recording, runner, events, steps, quality flags and metrics, as in ``summary.json``.
    steps
        One row per step: ``step, side, initial_contact, toe_off`` (s) and one column per metric that has a value per step, in the
        units of ``units``.
    waveforms
        Stance- and stride-normalised means and spreads, SI units.
    units
        Unit of every column of ``steps``.
    films
        Key points that films were analysed from, for the report; they are not saved.
    curves
        Continuous channels over time, SI units (:func:`headway.analysis.continuous.continuous`); empty for sensors.
    """

    summary: Summary
    steps: pd.DataFrame
    waveforms: xr.Dataset
    units: dict[str, str]
    films: tuple[KeyPoints, ...] = ()
    curves: xr.Dataset = field(default_factory=xr.Dataset)

    page: ClassVar[Page] = Page("report.html", "headway.report.html:render")
    main: ClassVar[str] = "summary.json"
    card: ClassVar[Page] = Page("card.svg", "headway.report.card:card", "card.png", "headway.report.card:pixels")
    shown_by: ClassVar[str] = "headway.notebook.overviews:of_analysis"

    def save(
        self,
        folder: str | Path,
        *,
        csv: bool = False,
        report: bool = True,
        overwrite: bool = False,
        attachments: tuple[Path, ...] = (),
        film: Sequence[object] = (),
        language: str = "en",
    ) -> Path:
        """Write ``summary.json``, ``steps.parquet`` (and ``steps.csv``), ``waveforms.nc``, ``curves.nc``, ``report.html``, ``card.svg``.

        ``card.png`` comes where resvg is installed. ``attachments`` are files that go along (the demo's own recordings); ``film`` is what
        the report shows of the films (:class:`headway.report.film.FilmLayer`), ``language`` that of report and card. See
        :func:`headway.publish.publish`.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        return publish(
            self,
            folder,
            csv=csv,
            with_page=report,
            overwrite=overwrite,
            attachments=attachments,
            beside=(self.card,),
            film=film,
            language=language,
        )

    def to_frame(self) -> pd.DataFrame:
        """Every metric as a tidy table: ``metric, side, value, low, high, unit, status, n``."""
        return call("headway.notebook.tables:of_summary", self.summary)

    def __getitem__(self, name: str) -> Entry:
        """One metric by its name; notebooks complete it.

        Raises
        ------
        KeyError
            There is no such metric.
        """
        return self.summary.metrics[name]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.summary.metrics)

    def plot(self, name: str, axes: Axes | None = None) -> Axes:
        """Draw a metric step by step; see :func:`headway.notebook.plots.plot_metric`."""
        return call("headway.notebook.plots:plot_metric", self, name, axes)

    def plot_ladder(self, axis: str = "up", axes: Axes | None = None) -> Axes:
        """Draw the force that passes each level of the body; see :func:`headway.notebook.plots.plot_ladder`."""
        return call("headway.notebook.plots:plot_ladder", self, axis, axes)

    def plot_curves(self, name: str, axes: Axes | None = None) -> Axes:
        """Draw a joint's angle, moment or power over the stride; see :func:`headway.notebook.plots.plot_curves`."""
        return call("headway.notebook.plots:plot_curves", self, name, axes)

    def export(self, to: str | Sequence[str], folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write files for other programs; see :func:`headway.exports.targets.export`."""
        return call("headway.exports.targets:export", self, to, folder, overwrite=overwrite)

    def angles_side_by_side(self) -> xr.Dataset:
        """Joint angles of free segments and of a skeleton; see :func:`headway.analysis.saved_body.angles_side_by_side`."""
        return call("headway.analysis.saved_body:angles_side_by_side", self)

    def cite(self) -> str:
        """How to cite what was done: Headway with its version, and the models that had a part in it."""
        return call("headway.notebook.cite:cite", self.summary)

    def own_files(self, target: Path) -> tuple[str, ...]:
        """Files that are written to an output folder; only these are replaced by ``--overwrite``."""
        return OWN_FILES

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        write_json(folder / "summary.json", self.summary)
        table = pa.Table.from_pandas(self.steps, preserve_index=False)
        fields = [field.with_metadata({"unit": self.units.get(field.name, "")}) for field in table.schema]
        pq.write_table(table.cast(pa.schema(fields)), folder / "steps.parquet")
        if csv:
            self.steps.to_csv(folder / "steps.csv", index=False)
        write_curves(folder / "waveforms.nc", self.waveforms)
        if self.curves:
            write_curves(folder / "curves.nc", self.curves, "float32")

    @classmethod
    def load(cls, folder: str | Path) -> Analysis:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the analysis is missing, damaged, of another analysis, or written by a later Headway.
        """
        source = FORM.open(folder, "steps.parquet", "waveforms.nc")
        table = source.table("steps.parquet")
        units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in table.schema}
        curves = source.curves("curves.nc") if source.has("curves.nc") else xr.Dataset()
        return cls(source.summary, table.to_pandas(), source.curves("waveforms.nc"), units, curves=curves)


FORM = Form("analyze", "summary.json", Summary, SCHEMA, "analyse the recording again")
OWN_FILES = (
    "card.svg",
    "card.png",
    "summary.json",
    "steps.parquet",
    "steps.csv",
    "waveforms.nc",
    "curves.nc",
    "report.html",
    "runner.c3d",
    "standing.c3d",
)
