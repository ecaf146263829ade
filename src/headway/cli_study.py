"""The command line for many recordings: studies and norms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from cyclopts import App

norms = App(name="norms", help="Reference bands by speed, built from a study.")


def study(
    source: Path,
    *,
    out: Path,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    timeout: float = 600.0,
    details: bool = False,
    language: Literal["en", "de"] = "en",
    quiet: bool = False,
) -> None:
    """Analyse every recording of a folder or manifest into one data set.

    Parameters
    ----------
    source
        Folder of recordings, or a manifest (CSV, TOML, Parquet) with a column named path and what is known about each runner.
    out
        Folder for the data set.
    workers
        Number of processes; one per core otherwise.
    scheduler
        Address of a running dask scheduler (tcp://host:8786; extra cluster).
    resume
        Continue where an earlier run stopped; only what has changed is analysed.
    timeout
        Longest time allowed for one recording, s.
    details
        Write each recording's own report and waveforms too.
    language
        Of the study's page.
    quiet
        Print nothing.
    """
    from headway.study.commands import study_command, study_lines

    found = study_command(
        source,
        out,
        workers=workers,
        scheduler=scheduler,
        resume=resume,
        timeout=timeout,
        details=details,
        language=language,
        quiet=quiet,
    )
    if not quiet:
        sys.stdout.write("\n".join(study_lines(found)) + "\n")


@norms.command
def build(study: Path, *, out: Path, source: str, licence: str, name: str | None = None) -> None:
    """Build reference bands by speed from a study.

    Parameters
    ----------
    study
        Folder written by headway study.
    out
        File to write (JSON).
    source
        Where the recordings come from, as it should be cited.
    licence
        Licence under which the recordings may be used.
    name
        Name of the norms; the name of the file otherwise.
    """
    from headway.study.commands import norms_build_command, norms_lines

    found = norms_build_command(study, out, source=source, licence=licence, name=name)
    sys.stdout.write("\n".join(norms_lines(found, out)) + "\n")
