"""What the command line calls: thin functions that return what is to be said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import HeadwayError
from headway.machine import processors
from headway.texts import ENGLISH, spoken

if TYPE_CHECKING:
    from headway.norms import Norms
    from headway.study.data import Study

MOST = 5
"""Reasons said on the command line; the page has all."""


def study_command(
    source: Path,
    out: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    timeout: float | None = None,
    details: bool = False,
    language: str = ENGLISH,
    quiet: bool = False,
) -> Study:
    """Run or continue a study, write its page in a language, and return it."""
    from headway.progress import live_line
    from headway.study.data import Study
    from headway.study.run import TIMEOUT, StudyOptions, run_study

    options = StudyOptions(
        workers=processors() if workers is None else workers,
        scheduler=scheduler,
        resume=resume,
        timeout=TIMEOUT if timeout is None else timeout,
        details=details,
    )
    with live_line(quiet=quiet, in_logs=True) as show:
        folder = run_study(source, out, options, None if show is None else lambda state: show(state.words))
    study = Study.load(folder)
    with spoken(language):
        write_page(study)
    return study


def write_page(study: Study) -> Path:
    """Write ``report.html`` of a study; returns its path."""
    from headway.report.study import render_study
    from headway.study.overview import overview
    from headway.study.run import slug
    from headway.study.store import put

    names = study.recordings["recording"]
    links = {name: f"details/{slug(name)}/report.html" for name in names}
    links = {name: link for name, link in links.items() if (study.folder / link).is_file()}
    target = study.folder / "report.html"
    page = render_study(overview(study), links).encode()
    try:
        put(target, lambda stream: stream.write(page))
    except OSError as error:
        why = error.strerror or str(error)
        raise HeadwayError(str(target), f"cannot be written ({why})", "the tables are whole; make room") from error
    return target


def study_lines(study: Study) -> list[str]:
    """What became of the recordings, why some are missing, where everything is."""
    lost = study.failures
    left, failed = lost[lost["kind"] == "excluded"], lost[lost["kind"] != "excluded"]
    found = len(lost) + len(study.recordings)
    lines = [f"{found} found, {len(left)} left out, {len(failed)} not analysed, {len(study.recordings)} analysed"]
    for reason, count in left["reason"].value_counts().head(MOST).items():
        lines.append(f"left out: {count} × {reason}")
    for row in failed.head(MOST).itertuples():
        lines.append(f"not analysed: {row.recording}: {row.reason}")
    if len(failed) > MOST:
        lines.append(f"and {len(failed) - MOST} more in failures.parquet")
    log = study.folder / "study.log"
    if log.is_file() and log.stat().st_size:
        lines.append(f"Messages of the workers: {log}")
    return [*lines, f"Page: {study.folder / 'report.html'}"]


def norms_build_command(study: Path, out: Path, *, source: str, licence: str, name: str | None = None) -> Norms:
    """Build reference bands from a study and write them; refuses to replace a file."""
    from headway.study.data import Study
    from headway.study.norms import build_norms, save_norms

    if out.exists():
        raise HeadwayError(str(out), "exists", "name another file with --out")
    norms = build_norms(Study.load(study), name=out.stem if name is None else name, source=source, licence=licence)
    save_norms(norms, out)
    return norms


def norms_lines(norms: Norms, out: Path) -> list[str]:
    """How many measures and runners the bands come from, and where they are."""
    people = norms.population
    low, high = people.speed or (float("nan"), float("nan"))
    count = f"{len(norms.metrics)} measures from {people.recordings} recordings of {people.runners} runners"
    return [f"{count}, {low:g} to {high:g} m/s", f"Norms: {out}"]
