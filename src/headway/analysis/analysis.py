"""The result of one recording: summary, steps and waveforms, saved to a folder and loaded again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from headway.errors import RecordingError
from headway.folder import whole_folder
from headway.pose.keypoints import KeyPoints
from headway.results import Summary, encoded

if TYPE_CHECKING:
    from headway.report.film import FilmLayer


@dataclass(frozen=True)
class Analysis:
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
    """

    summary: Summary
    steps: pd.DataFrame
    waveforms: xr.Dataset
    units: dict[str, str]
    films: tuple[KeyPoints, ...] = ()

    def save(
        self,
        folder: str | Path,
        *,
        csv: bool = False,
        report: bool = True,
        overwrite: bool = False,
        attachments: tuple[Path, ...] = (),
        film: Sequence[FilmLayer] = (),
    ) -> Path:
        """Write ``summary.json``, ``steps.parquet`` (and ``steps.csv``), ``waveforms.nc`` and ``report.html``.

        ``attachments`` are files that go along (the demo's own
        recordings); ``film`` is what the report shows of the films. Everything is written beside the target and moved
        there at the end, so that a fault or an interruption leaves nothing behind.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        with whole_folder(folder, OWN_FILES, overwrite=overwrite) as draft:
            self._write(draft, csv=csv, report=report, film=film)
            for path in attachments:
                shutil.copy(path, draft / path.name)
        return Path(folder)

    def _write(self, folder: Path, *, csv: bool, report: bool, film: Sequence[FilmLayer]) -> None:
        (folder / "summary.json").write_bytes(encoded(self.summary))
        table = pa.Table.from_pandas(self.steps, preserve_index=False)
        fields = [field.with_metadata({"unit": self.units.get(field.name, "")}) for field in table.schema]
        pq.write_table(table.cast(pa.schema(fields)), folder / "steps.parquet")
        if csv:
            self.steps.to_csv(folder / "steps.csv", index=False)
        self.waveforms.to_netcdf(folder / "waveforms.nc", engine="scipy")
        if report:
            from headway.report.html import write_report

            write_report(self, folder / "report.html", film)

    @classmethod
    def load(cls, folder: str | Path) -> Analysis:
        """Load what :meth:`save` wrote.

        Raises
        ------
        RecordingError
            A file of the analysis is missing.
        """
        source = Path(folder)
        missing = [name for name in ("summary.json", "steps.parquet", "waveforms.nc") if not (source / name).is_file()]
        if missing:
            raise RecordingError(str(source), f"{missing[0]} is missing", "give a folder that headway analyze wrote")
        table = pq.read_table(source / "steps.parquet")
        units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in table.schema}
        with xr.open_dataset(source / "waveforms.nc", engine="scipy") as data:
            waveforms = data.load()
        try:
            summary = msgspec.json.decode((source / "summary.json").read_bytes(), type=Summary)
        except msgspec.DecodeError as error:
            raise RecordingError(
                str(source / "summary.json"), f"is damaged ({error})", "analyse the recording again"
            ) from error
        return cls(summary, table.to_pandas(), waveforms, units)


OWN_FILES = ("summary.json", "steps.parquet", "steps.csv", "waveforms.nc", "report.html", "runner.c3d", "standing.c3d")
"""Files that Headway writes to an output folder; only these are replaced by ``--overwrite``."""
