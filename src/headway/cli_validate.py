"""The command line for running the documents' claims again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from headway.progress import film_bar


def validate(
    *,
    data: Path | None = None,
    out: Path = Path("headway-validation"),
    only: list[str] | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    markdown: bool = False,
    quiet: bool = False,
) -> None:
    """Run every claim of the documents again, and write a page of what holds.

    Ends with code 1 if a claim fails.

    Parameters
    ----------
    data
        Folder of the public recordings (rbds, hamner2013, ...); without it only claims on simulated truth run.
    out
        Folder for the page and validation.json.
    only
        Name of a claim; may be given several times.
    workers
        Number of processes; one per core otherwise.
    overwrite
        Replace an earlier validation in the folder.
    markdown
        Print the page as Markdown (this makes docs/evidence/claims.md).
    quiet
        Print nothing.
    """
    from headway.folder import claimed
    from headway.report import validation as page
    from headway.validation.validation import validate as run

    size = workers if workers is not None else os.cpu_count() or 1
    with claimed(out, overwrite=overwrite, files=("validation.json", "validation.html")):
        with film_bar("claims", quiet=quiet) as told:
            found = run(data, only=only or (), workers=size, told=told)
        found.save(out, overwrite=overwrite)
    if markdown:
        sys.stdout.write(page.markdown(found.summary))
    elif not quiet:
        lines = [page.line(one) for one in found.summary.verdicts]
        sys.stdout.write("\n".join([*lines, page.headline(found.summary), f"Page: {out / found.page.file}"]) + "\n")
    if found.failed:
        sys.exit(1)
