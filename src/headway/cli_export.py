"""The command line for files of other programs."""

from __future__ import annotations

import sys
from pathlib import Path


def export(analysis: Path, *, to: list[str], out: Path, overwrite: bool = False, quiet: bool = False) -> None:
    """Write an analysis to files for OpenSim, Visual3D, MATLAB and others.

    Parameters
    ----------
    analysis
        Folder that headway analyze wrote.
    to
        trc, mot, sto, osim, c3d, mat, csv or bids; give it several times for several.
    out
        Folder for the files.
    overwrite
        Replace such files in a folder that exists.
    quiet
        Print nothing.
    """
    from headway.analysis import Analysis
    from headway.exports.targets import export as write
    from headway.exports.targets import target_of
    from headway.folder import claimed

    for name in to:
        target_of(name)
    with claimed(out, overwrite=overwrite):
        folder = write(Analysis.load(analysis), to, out, overwrite=overwrite)
    if not quiet:
        written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        sys.stdout.write(f"{folder}: {', '.join(written)}\n")
