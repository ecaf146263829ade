"""What the command line calls: thin functions that return what is to be said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import HeadwayError

if TYPE_CHECKING:
    from headway.experiments.experiment import Experiment
    from headway.experiments.plan import Schedule


def experiment_command(
    protocol: Path, out: Path | None, *, language: str = "en", overwrite: bool = False
) -> tuple[Experiment, Path]:
    """Run a protocol and save the result with its page in a language; returns it with its folder."""
    from headway.experiments.experiment import run
    from headway.folder import claimed

    target = out if out is not None else protocol.with_name(f"{protocol.stem}-headway")
    with claimed(target, overwrite=overwrite, files=("experiment.json", "report.html")):
        found = run(protocol)
        found.save(target, overwrite=overwrite, language=language)
    return found, target


def experiment_lines(found: Experiment, folder: Path) -> list[str]:
    """The verdict and where the report is."""
    verdict, performed = found.summary.verdict, found.summary.performed
    lines = [
        f"{found.summary.primary.title}: {verdict.word}",
        verdict.why,
        f"Was it done? {performed.status}: {performed.text}",
    ]
    lines += [verdict.would] if verdict.would else []
    lines += [f"warning: {flag.message}" for flag in found.summary.quality]
    return [*lines, f"Report: {folder / 'report.html'}"]


def plan_lines(schedule: Schedule, folder: Path) -> list[str]:
    """What the plan promises, on which noise, and where it is."""
    from headway.experiments.plan import minutes
    from headway.experiments.power import MOST_PAIRS

    noise = schedule.noise
    lines = [
        f"{len(schedule.slots)} blocks, {minutes(schedule.slots[-1].stop)} min; seed {schedule.seed}",
        f"Noise of {schedule.metric}: {noise.cv:.1%} from step to step, correlation {noise.rho:.2f}, "
        f"{noise.between:.1%} from block to block ({noise.source})",
    ]
    for steps, need in schedule.needs:
        many = f"more than {MOST_PAIRS}" if need is None else str(need)
        lines.append(f"A change of {schedule.change:.1%} in 4 of 5 attempts: {many} pairs of {steps} steps each")
    if schedule.promised is not None:
        lines.append(f"This plan finds it in {schedule.promised:.0%} of attempts.")
    else:
        lines.append("This design describes; randomised pairs test (--design pairs).")
    return [*lines, f"Card, cues and protocol: {folder}"]


def new_protocol_command(path: Path, *, overwrite: bool = False) -> Path:
    """Write a commented protocol.

    Raises
    ------
    HeadwayError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    from headway.experiments.template import TEMPLATE

    if path.exists() and not overwrite:
        raise HeadwayError(str(path), "the file exists", "name another one, or give --overwrite")
    try:
        path.write_text(TEMPLATE, encoding="utf-8")
    except OSError as error:
        raise HeadwayError(
            str(path), f"cannot be written ({error.strerror or error})", "name a file you may write"
        ) from error
    return path
