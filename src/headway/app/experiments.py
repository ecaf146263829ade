"""Experiments in the library: planned, run, measured, decided."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import msgspec

from headway.app.analyses import place_folder
from headway.app.library import Library, now, today
from headway.texts import ENGLISH
from headway.workers import Tell

Stage = Literal["planned", "running", "measuring", "done"]
VERDICTS = {
    "changed": "changed",
    "no change larger than your own noise": "same",
    "cannot tell": "unknown",
    "not performed": "not_performed",
}
"""Verdict to its key in the catalogue's section ``verdict``."""


class KeptExperiment(msgspec.Struct, frozen=True):
    """An experiment of the library.

    Attributes
    ----------
    id, runner, title, taken
        Number, whose it is, what was changed, the day.
    state
        How far it is.
    plan
        JSON of whoever leads it.
    verdict, why
        As the experiment decided, and in words; ``None`` before.
    created
        When it was planned.
    """

    id: int
    runner: int
    title: str
    taken: str
    state: Stage
    plan: str
    verdict: str | None
    why: str | None
    created: str

    @property
    def verdict_key(self) -> str:
        """Key of the verdict in the catalogue, or that of the stage."""
        return VERDICTS.get(self.verdict or "", self.state)


class ExperimentRequest(msgspec.Struct, frozen=True):
    """Which protocol to run, the folder for the result until it is whole, and the language of its page."""

    experiment: int
    protocol: str
    draft: str
    language: str = ENGLISH


class ExperimentFound(msgspec.Struct, frozen=True):
    """What the library keeps of an experiment; its folder waits at ``draft``."""

    experiment: int
    draft: str
    title: str
    verdict: str
    why: str


def add_experiment(library: Library, runner: int, title: str, plan: str = "{}", taken: str = "") -> int:
    """Keep a planned experiment; its recordings and ``protocol.toml`` go into :func:`input_folder`."""
    number = library.database.insert(
        "experiments", runner=runner, title=title, taken=taken or today(), state="planned", plan=plan, created=now()
    )
    input_folder(library, runner, number).mkdir(parents=True)
    return number


def input_folder(library: Library, runner: int, experiment: int) -> Path:
    """Folder of the protocol and of its recordings."""
    return library.experiment(runner, experiment) / "input"


def result_folder(library: Library, runner: int, experiment: int) -> Path:
    """Folder that ``Experiment.save`` wrote."""
    return library.experiment(runner, experiment) / "result"


def set_stage(library: Library, experiment: int, stage: Stage) -> None:
    """Note how far it is."""
    library.database.run("UPDATE experiments SET state = ? WHERE id = ?", stage, experiment)


def experiment_request(library: Library, experiment: KeptExperiment, language: str) -> ExperimentRequest:
    """What the work needs."""
    return ExperimentRequest(
        experiment=experiment.id,
        protocol=str(input_folder(library, experiment.runner, experiment.id) / "protocol.toml"),
        draft=str(library.experiment(experiment.runner, experiment.id) / ".draft-result"),
        language=language,
    )


def run_experiment(request: ExperimentRequest, tell: Tell) -> ExperimentFound:
    """Run the protocol into the draft folder, in a worker process."""
    from headway.experiments.experiment import run
    from headway.report.numbers import tidy

    tell((0, 1))
    found = run(request.protocol)
    draft = Path(request.draft)
    shutil.rmtree(draft, ignore_errors=True)
    found.save(draft, language=request.language)
    title = found.summary.title or found.summary.primary.title
    return ExperimentFound(request.experiment, str(draft), title, found.verdict, tidy(found.summary.verdict.why))


def keep_experiment(library: Library, _: object, found: ExperimentFound) -> int:
    """Keep the verdict and put the folder in its place; returns the number."""
    database = library.database
    with database.together():
        kept = experiment_of(library, found.experiment)
        if kept is None:
            raise LookupError("the experiment was deleted meanwhile")
        sql = "UPDATE experiments SET state = 'done', verdict = ?, why = ? WHERE id = ?"
        database.run(sql, found.verdict, found.why, kept.id)
        place_folder(Path(found.draft), result_folder(library, kept.runner, kept.id))
    return found.experiment


def experiment_of(library: Library, number: int) -> KeptExperiment | None:
    """One experiment."""
    return library.database.row(KeptExperiment, "SELECT * FROM experiments WHERE id = ?", number)


def experiments_of(library: Library, runner: int) -> list[KeptExperiment]:
    """Those of a runner, newest first."""
    sql = "SELECT * FROM experiments WHERE runner = ? ORDER BY taken DESC, id DESC"
    return library.database.rows(KeptExperiment, sql, runner)


def delete_experiment(library: Library, experiment: KeptExperiment) -> None:
    """Delete an experiment with all its files."""
    library.database.run("DELETE FROM experiments WHERE id = ?", experiment.id)
    shutil.rmtree(library.experiment(experiment.runner, experiment.id), ignore_errors=True)
    library.database.forget()
