"""Running all claims again, side by side, and what is written of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from headway.errors import OptionError
from headway.publish import Page, publish, write_json
from headway.validation.claim import Claim, ClaimFinding, ClaimVerdict, ValidationSummary
from headway.validation.experiment_claims import CLAIMS as EXPERIMENTS
from headway.validation.film_claims import CLAIMS as FILMS
from headway.validation.interval_claims import CLAIMS as INTERVALS
from headway.validation.laboratory_claims import CLAIMS as LABORATORY
from headway.validation.sensor_claims import CLAIMS as SENSORS
from headway.validation.study_claims import CLAIMS as STUDIES
from headway.version import VERSION, versions_of
from headway.workers import Lost, Pool

SCHEMA = 1
PACKAGES = ("numpy", "scipy", "xarray", "pandas")
CLAIMS: dict[str, Claim] = {
    claim.name: claim for claim in (*LABORATORY, *INTERVALS, *EXPERIMENTS, *STUDIES, *SENSORS, *FILMS)
}
TIME_LIMIT = 1800.0
"""Seconds for one claim, or for those that share their work."""
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class ClaimJob:
    """Claims that one process runs one after the other, and the folder of recordings."""

    names: tuple[str, ...]
    data: Path | None


@dataclass(frozen=True)
class Validation:
    """All claims with what came out; ``save`` writes ``validation.html`` and ``validation.json``."""

    summary: ValidationSummary
    page: ClassVar[Page] = Page("validation.html", "headway.report.validation:render_validation")
    main: ClassVar[str] = "validation.json"

    @property
    def failed(self) -> list[ClaimVerdict]:
        """Claims that do not hold."""
        return [one for one in self.summary.verdicts if one.status == "fails"]

    def own_files(self, target: Path) -> Sequence[str]:
        """Names that are written."""
        return (self.page.file, "validation.json")

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write the summary."""
        write_json(folder / "validation.json", self.summary)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write page and summary as one folder; returns it.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        return publish(self, folder, overwrite=overwrite)


def validate(
    data: str | Path | None = None, *, only: Sequence[str] = (), workers: int = 1, told: Told | None = None
) -> Validation:
    """Run every claim of the documents again.

    Parameters
    ----------
    data
        Folder of the public recordings that claims name; without it only those on simulated truth run.
    only
        Names of claims; all if empty.
    workers
        Processes side by side; 0 works in this one.
    told
        Called with claims done and claims in all.

    Raises
    ------
    OptionError
        There is no such folder or claim.

    Examples
    --------
    >>> validate(only=["power_6_pairs"], workers=0).summary.verdicts[0].status
    'holds'
    """
    folder = None if data is None else Path(data)
    if folder is not None and not folder.is_dir():
        raise OptionError("--data", f"{folder} is no folder", "give the folder of the recordings")
    for name in only:
        if name not in CLAIMS:
            raise OptionError("--only", f"there is no claim {name!r}", f"give one of {', '.join(CLAIMS)}")
    verdicts = {name: _verdict(CLAIMS[name], why=CLAIMS[name].missing(folder)) for name in only or CLAIMS}
    jobs = _jobs([name for name, verdict in verdicts.items() if not verdict.why], folder)
    done = len(verdicts) - sum(len(job.names) for job in jobs)
    with Pool(run_job, size=workers, timeout=TIME_LIMIT) as pool:
        for place, found in pool.run(jobs):
            if isinstance(found, Lost):
                verdicts |= {name: _verdict(CLAIMS[name], why=found.why, lost=True) for name in jobs[place].names}
            else:
                verdicts |= found
            done += len(jobs[place].names)
            if told is not None:
                told(done, len(verdicts))
    return Validation(
        ValidationSummary(
            schema=SCHEMA,
            headway=VERSION,
            versions=versions_of(PACKAGES),
            data=None if folder is None else folder.resolve().name,
            verdicts=[*verdicts.values()],
        )
    )


def run_job(job: ClaimJob, _: object) -> dict[str, ClaimVerdict]:
    """Run some claims one after the other."""
    return {name: _run(CLAIMS[name], job.data or Path()) for name in job.names}


def _run(claim: Claim, data: Path) -> ClaimVerdict:
    start = time.monotonic()
    try:
        found = claim.check(data)
    except Exception as error:  # a claim that cannot be run must not keep the others from being run
        return _verdict(claim, why=f"{type(error).__name__}: {' '.join(str(error).split())}", lost=True)
    if not math.isfinite(found.value):
        return _verdict(claim, why="no number came out", lost=True)
    return _verdict(claim, found=found, seconds=time.monotonic() - start)


def _verdict(
    claim: Claim, *, found: ClaimFinding | None = None, why: str = "", lost: bool = False, seconds: float = 0.0
) -> ClaimVerdict:
    low, high = claim.allowed
    fails = lost or (found is not None and not claim.holds(found.value))
    return ClaimVerdict(
        name=claim.name,
        text=claim.text,
        document=claim.document,
        unit=claim.unit,
        low=low,
        high=high,
        status="fails" if fails else "holds" if found is not None else "not_run",
        why=why,
        found=found,
        seconds=round(seconds, 1),
    )


def _jobs(names: Sequence[str], data: Path | None) -> list[ClaimJob]:
    """Claims that share work in one job; those on recordings, which take long, first."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(CLAIMS[name].together or name, []).append(name)
    jobs = [ClaimJob(tuple(group), data) for group in groups.values()]
    return sorted(jobs, key=lambda job: not CLAIMS[job.names[0]].folders)
