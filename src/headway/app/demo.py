"""The library that ``--demo`` shows: a synthetic runner over some weeks, with a finished experiment; nothing of it was measured on a person."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from headway.app.analyse import AnalysisFound, measures
from headway.app.analyses import keep_analysis
from headway.app.experiments import (
    ExperimentFound,
    ExperimentRequest,
    add_experiment,
    input_folder,
    keep_experiment,
    run_experiment,
)
from headway.app.glance import glance
from headway.app.library import Library, today
from headway.app.recordings import files_folder
from headway.app.runners import RunnerForm, add_runner
from headway.texts import ENGLISH
from headway.workers import Tell

if TYPE_CHECKING:
    from headway.synthetic.parameters import RunnerParameters

NAME = "Sam (synthetic)"
VISITS = ((42, 22.0, 164.0), (28, 21.5, 165.0), (14, 19.0, 167.0), (0, 17.0, 169.0))
"""Days ago, lateral swing of the head (mm) and cadence of every visit."""
TIMES = 3
"""Recordings of a visit."""
PAIRS = 6
SEED = 5
SWING_HELD, CONTACT_HELD = 0.006, 0.97
"""Lateral swing of the head while it is held, m, and what that does to the contact time of this made-up runner."""
BLOCK, VISIT = 14.0, 9.0
"""Seconds of a block, and of a recording of a visit."""


class DemoRequest(msgspec.Struct, frozen=True):
    """Where the files are put until they are whole, and the language of their pages."""

    draft: str
    language: str = ENGLISH


class DemoVisit(msgspec.Struct, frozen=True):
    """One recording: its file, days ago, its name, and its analysis."""

    file: str
    ago: int
    title: str
    found: AnalysisFound


class DemoFound(msgspec.Struct, frozen=True):
    """Everything that was made."""

    visits: list[DemoVisit]
    protocol: str
    experiment: ExperimentFound


def make_demo(request: DemoRequest, tell: Tell) -> DemoFound:
    """Make recordings of the synthetic runner and analyse them like anyone else's."""
    draft = Path(request.draft)
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "input").mkdir(parents=True)
    steps = len(VISITS) * TIMES + 2 * PAIRS + 2
    visits = []
    for number in range(len(VISITS) * TIMES):
        tell((number, steps))
        visits.append(_visit(draft, number, request.language))
    for number in range(2 * PAIRS):
        tell((len(visits) + number, steps))
        _block(draft / "input", number)
    protocol = draft / "input" / "protocol.toml"
    protocol.write_text(_protocol(), encoding="utf-8")
    asked = ExperimentRequest(0, str(protocol), str(draft / "result"), request.language)
    found = run_experiment(asked, lambda _: None)
    return DemoFound(visits, str(draft / "input"), found)


def _parameters(swing: float, cadence: float, seed: int) -> RunnerParameters:
    """The runner on one occasion: nobody runs twice the same."""
    import numpy as np

    from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave

    random = np.random.default_rng([SEED, seed])
    noise = StepVariability(contact_time=0.004, lateral_amplitude=0.002, head_gain=0.02, step_width=0.008, seed=seed)
    own = RunnerParameters(step_noise=noise)
    return replace(
        own,
        cadence=cadence + 0.5 * float(random.standard_normal()),
        contact_time=own.contact_time + 0.0015 * float(random.standard_normal()),
        head_lateral=Wave(swing + 0.0006 * float(random.standard_normal()), own.head_lateral.phase),
        head_vertical_gain=own.head_vertical_gain + 0.01 * float(random.standard_normal()),
    )


def _write(path: Path, parameters: RunnerParameters, seconds: float, seed: int) -> None:
    from headway.synthetic.recording import record, write
    from headway.synthetic.runner import SyntheticRunner

    write(path, record(SyntheticRunner(parameters), duration=seconds, rate=100.0, noise=0.001, seed=seed))


def _visit(draft: Path, number: int, language: str) -> DemoVisit:
    from headway.analysis import analyze
    from headway.gait.runner import Runner
    from headway.sources import load_recording

    ago, swing, cadence = VISITS[number // TIMES]
    parameters = _parameters(swing / 1000, cadence, number)
    path = draft / f"run-{number + 1}.c3d"
    _write(path, parameters, VISIT, number)
    analysis = analyze(load_recording(path), Runner(height=parameters.height, sex=parameters.sex))
    folder = draft / f"analysis-{number + 1}"
    analysis.save(folder, language=language)
    found = AnalysisFound(
        recording=0,
        draft=str(folder),
        view=analysis.summary.recording.view,
        headway=analysis.summary.headway,
        glance=glance(analysis),
        measures=measures(analysis),
    )
    return DemoVisit(str(path), ago, f"Treadmill {number % TIMES + 1}", found)


def _order() -> list[bool]:
    """Whether the head is held, block by block."""
    from headway.experiments.plan import coin_order

    return [held for first in coin_order(PAIRS, SEED) for held in ((True, False) if first else (False, True))]


def _block(folder: Path, number: int) -> None:
    from headway.synthetic.parameters import Wave

    free = _parameters(0.018, 168.0, 100 + number)
    held = replace(
        free, contact_time=free.contact_time * CONTACT_HELD, head_lateral=Wave(SWING_HELD, free.head_lateral.phase)
    )
    _write(folder / f"block-{number + 1:02d}.c3d", held if _order()[number] else free, BLOCK, 100 + number)


def _protocol() -> str:
    """The protocol with what this made-up runner felt."""
    lines = [
        'title = "Holding the head still"',
        "[runner]",
        "height = 1.75",
        'sex = "male"',
        "[design]",
        'kind = "pairs"',
        'primary = "contact_time"',
        "randomised = true",
        f"seed = {SEED}",
        "washout = 60",
        "smallest = 2",
    ]
    for number, held in enumerate(_order()):
        stress = 4 - held + number % 2
        lines += [
            "[[block]]",
            f'recording = "block-{number + 1:02d}.c3d"',
            f'condition = "{"held" if held else "free"}"',
        ]
        lines += [f"pair = {number // 2 + 1}", f"felt = {{ legs_feet_stress = {stress}, rpe = {12 + number % 2} }}"]
        lines += [f'pushed = "{"head" if held else "body"}"']
    return "\n".join(lines) + "\n"


def keep_demo(library: Library, _: object, found: DemoFound) -> int:
    """Put everything into the library; returns the runner's number."""
    runner = add_runner(library, RunnerForm(NAME, 1.75, None, "male"))
    for visit in found.visits:
        day = (date.fromisoformat(today()) - timedelta(days=visit.ago)).isoformat()
        recording = _keep_recording(library, runner, Path(visit.file), visit.title, day)
        keep_analysis(library, None, msgspec.structs.replace(visit.found, recording=recording))
    day = (date.fromisoformat(today()) - timedelta(days=21)).isoformat()
    number = add_experiment(library, runner, found.experiment.title, taken=day)
    shutil.copytree(found.protocol, input_folder(library, runner, number), dirs_exist_ok=True)
    keep_experiment(library, None, msgspec.structs.replace(found.experiment, experiment=number))
    shutil.rmtree(Path(found.protocol).parent, ignore_errors=True)
    return runner


def _keep_recording(library: Library, runner: int, path: Path, title: str, day: str) -> int:
    database = library.database
    number = database.insert(
        "recordings", runner=runner, title=title, taken=day, options="{}", created=day + "T12:00:00Z"
    )
    folder = files_folder(library, runner, number)
    folder.mkdir(parents=True)
    name = f"1-{path.name}"
    database.insert("files", recording=number, name=path.name, file=name, size=path.stat().st_size, holds="recording")
    shutil.move(path, folder / name)
    return number
