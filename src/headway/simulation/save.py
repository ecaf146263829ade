"""A simulation's folder: every condition analysed like a recording, and one summary and page for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd
from msgspec import structs

from headway.analysis import Analysis, analyze
from headway.errors import HeadwayError, RecordingError
from headway.gait.runner import Runner
from headway.io.write_c3d import write_c3d
from headway.options import Options
from headway.publish import Page, publish, write_json
from headway.recording import Flag
from headway.simulation.motion import SolvedStride
from headway.simulation.result import Result
from headway.simulation.solution import Solution
from headway.simulation.store import save_solution
from headway.simulation.summary import WHOLE, SimulationSummary, SolvedCondition, UnsolvedCondition
from headway.simulation.to_recording import to_recording
from headway.sources import load_recording
from headway.texts import ENGLISH

OWN_FILES = ("summary.json", "report.html", "outcomes.csv")
RECORDING, SOLUTION = "simulated.c3d", "solution.npz"
NOT_MEASURED = Flag(
    "simulated",
    "info",
    "this runner is simulated, not measured: every step is the same, and so the intervals mean nothing",
)


def analyse(solution: Solution, folder: Path) -> Analysis:
    """Record a simulated runner to a C3D in ``folder`` and analyse it like anyone else; body and belt speed are known.

    Raises
    ------
    RecordingError
        The ordinary analysis cannot use it.
    """
    made = to_recording(solution)
    path = folder / RECORDING
    write_c3d(path, made.points, made.ground_force, made.events)
    read = load_recording(path)
    what = {"condition": solution.condition.name, "cost": solution.cost.name, "speed": solution.speed}
    read = read.logged("simulated", flags=(NOT_MEASURED,), arguments=what)
    plan = solution.skeleton.plan
    runner = Runner(plan.height, solution.skeleton.mass, plan.sex)  # pyright: ignore[reportArgumentType]
    return analyze(read, runner, Options(treadmill=True, speed=solution.speed))


def save_result(
    result: Result, folder: str | Path, *, csv: bool = False, overwrite: bool = False, language: str = ENGLISH
) -> Path:
    """Write ``summary.json``, ``report.html`` (and ``outcomes.csv``), and a folder per condition as ``headway analyze`` does.

    Parameters
    ----------
    result
        What was found.
    folder
        Where to; written whole or not at all.
    csv
        Write the table of outcomes, and ``steps.csv`` of each condition.
    overwrite
        Replace an earlier simulation, and nothing else.
    language
        Of the pages (:data:`headway.texts.LANGUAGES`).

    Raises
    ------
    HeadwayError
        The folder exists and ``overwrite`` is false, something in it would be replaced that no simulation wrote, or it cannot be written.
    """
    return publish(
        _ResultFolder(result, result.summary, language), folder, csv=csv, overwrite=overwrite, language=language
    )


@dataclass
class _ResultFolder:
    """A result as it is published; the folders of the conditions are added to the summary when they are written."""

    result: Result
    summary: SimulationSummary
    language: str

    page: ClassVar[Page] = Page("report.html", "headway.report.simulation:draw")
    main: ClassVar[str] = "summary.json"

    @property
    def motions(self) -> dict[str, SolvedStride]:
        """A stride of each condition that has a solution, by name."""
        return self.result.motions

    def own_files(self, target: Path) -> tuple[str, ...]:
        """See :func:`own_names`."""
        return own_names(target, self.result.solutions)

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        saved = [self._saved(one, folder, csv=csv) for one in self.summary.conditions]
        self.summary = structs.replace(self.summary, conditions=saved)
        write_json(folder / "summary.json", self.summary)
        if csv:
            outcome_table(self.summary).to_csv(folder / "outcomes.csv", index=False)

    def _saved(
        self, condition: SolvedCondition | UnsolvedCondition, folder: Path, *, csv: bool
    ) -> SolvedCondition | UnsolvedCondition:
        if isinstance(condition, UnsolvedCondition):
            return condition
        name = folder_name(condition.name)
        fault = _save_condition(self.result.solutions[condition.name], folder, name, csv=csv, language=self.language)
        return structs.replace(condition, folder=name, analysis=fault or WHOLE)


def _save_condition(solution: Solution, draft: Path, name: str, *, csv: bool, language: str) -> str:
    """Analyse and save one condition; returns why it could not be analysed, empty when it could."""
    scratch = draft / f".{name}"
    scratch.mkdir()
    save_solution(solution, scratch / SOLUTION)
    files = (scratch / RECORDING, scratch / SOLUTION)
    try:
        analysis = analyse(solution, scratch)
    except RecordingError as error:
        scratch.rename(draft / name)
        return error.what
    analysis.save(draft / name, csv=csv, attachments=files, language=language)
    for path in files:
        path.unlink()
    scratch.rmdir()
    return ""


def outcome_table(summary: SimulationSummary) -> pd.DataFrame:
    """One row per condition and outcome: value, difference to the first condition, verdict, and each variant's difference."""
    found = {(one.condition, one.outcome): one for one in summary.differences}
    rows = []
    for condition in summary.solved:
        for name, value in condition.outcomes.items():
            difference = found.get((condition.name, name))
            row = {
                "condition": condition.name,
                "speed": condition.speed,
                "outcome": name,
                "unit": summary.outcomes[name].unit,
                "value": value,
                "against": difference.against if difference else None,
                "difference": difference.size if difference else None,
                "robust": difference.robust if difference else None,
                "verdict": difference.verdict if difference else None,
            }
            rows.append(
                row | {f"difference, {k}": v for k, v in (difference.differences if difference else {}).items()}
            )
    return pd.DataFrame(rows)


def folder_name(condition: str) -> str:
    """Name of a condition's folder: ``free lean=4`` becomes ``free-lean=4``."""
    return "".join(c if c.isalnum() or c in "._=+" else "-" for c in condition)


def own_names(target: Path, conditions: Iterable[str]) -> tuple[str, ...]:
    """Files and folders in ``target`` that a simulation of these conditions replaces: what it writes, and what an earlier one wrote.

    Raises
    ------
    HeadwayError
        One of them is there and no simulation wrote it.
    """
    earlier = _earlier(target)
    names = tuple(dict.fromkeys((*OWN_FILES, *map(folder_name, conditions), *earlier)))
    foreign = [name for name in names if name not in earlier and (target / name).exists()]
    if foreign:
        what = f"no simulation of Headway wrote it, and it would be replaced{f' (and {len(foreign) - 1} more)' if foreign[1:] else ''}"
        raise HeadwayError(str(target / foreign[0]), what, "name another folder with --out, or move it away")
    return names


def _earlier(target: Path) -> tuple[str, ...]:
    """Files and folders that an earlier simulation wrote there."""
    try:
        summary = json.loads((target / "summary.json").read_text(encoding="utf-8"))
        if summary["kind"] != "simulation":
            return ()
        names = [one.get("folder") for one in summary["conditions"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()
    folders = (name for name in names if isinstance(name, str) and name == folder_name(name) and name.strip("."))
    return (*OWN_FILES, *folders)
