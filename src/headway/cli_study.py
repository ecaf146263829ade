"""The command line for many recordings: studies and norms."""

from __future__ import annotations

import sys
from pathlib import Path

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
    quiet: bool = False,
) -> None:
    """Analyse every recording of a folder or manifest into one data set.

    Parameters
    ----------
    source
        Folder of recordings, or a manifest (CSV, TOML, Parquet) with a column path and what is known of each runner.
    out
        Folder of the data set.
    workers
        Processes; one per core otherwise.
    scheduler
        Address of a running dask scheduler (tcp://host:8786; extra cluster).
    resume
        Go on where an earlier run stopped; only what changed is analysed.
    timeout
        Longest time for one recording, s.
    details
        Write each recording's own report and waveforms too.
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
        Folder that headway study wrote.
    out
        File (JSON).
    source
        Where the recordings come from, as it is to be cited.
    licence
        Under which they may be used.
    name
        Of the norms.
    """
    from headway.study.commands import norms_build_command, norms_lines

    found = norms_build_command(study, out, source=source, licence=licence, name=name)
    sys.stdout.write("\n".join(norms_lines(found, out)) + "\n")
