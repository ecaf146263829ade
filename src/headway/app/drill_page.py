"""The drill and the experiment, led: chosen, planned by coin, run by voice, beat and chirps, recorded, and measured."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from headway.app.drill_state import LedExperiment, SaidInDrill, keep_plan, led_protocol, plan_of, with_answer
from headway.app.experiments import (
    KeptExperiment,
    add_experiment,
    experiment_of,
    experiment_request,
    input_folder,
    set_stage,
)
from headway.app.runners import all_runners, runner_of
from headway.app.shell import embedded, form, not_found, page, to
from headway.app.state import state_of
from headway.app.texts import texts_of
from headway.app.uploads import Upload, whole_uploads
from headway.app.work import limit_memory
from headway.bounds import AGAIN
from headway.errors import HeadwayError, OptionError
from headway.experiments.context import ABOUT
from headway.experiments.plan import make_plan
from headway.experiments.plan_options import PlanOptions
from headway.experiments.power import DEFAULT_CV
from headway.marks.code import EDGES, LENGTH, Edge, Mark, sound
from headway.marks.session import wav
from headway.metrics import REGISTRY
from headway.workers import Lost, Pool, Tell
from headway.written import NotUnderstood, number

CHANGES = ("held", "lean", "release_neck", "hands_on_hips")
"""Conditions to test in pairs, as the page offers them; ``drill`` runs through all of them."""
OUTCOMES = ("contact_time", "lateral_bounce_amplitude", "step_time", "step_width")
PAIRS, SOUND_RATE = 6, 44100
NUMBERS = ("pairs", "seconds", "settle", "washout", "rest", "change")
READING = 120.0
"""Longest time for reading when a recording was made, s."""
_ANSWERS = threading.Lock()
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


def _choose(request: Request, given: dict[str, str], fault: HeadwayError | None = None) -> Response:
    library = state_of(request).library
    usual = {name: f"{getattr(PlanOptions(), name) or PAIRS:g}" for name in NUMBERS}
    return page(
        request,
        "drill.html.j2",
        section="drill",
        runners=all_runners(library),
        changes=[(name, ABOUT.get(name)) for name in CHANGES],
        outcomes=[(name, REGISTRY[name].title) for name in OUTCOMES if name in DEFAULT_CV],
        given={
            "test": "held",
            "metric": OUTCOMES[0],
            "runner": request.query_params.get("runner", ""),
            **usual,
            **given,
        },
        fault=fault,
        status=422 if fault else 200,
    )


def choose(request: Request) -> Response:
    """Choose a change to look for."""
    return _choose(request, {})


async def plan(request: Request) -> Response:
    """Draw the order and keep the plan."""
    given = await form(request)
    try:
        number = await run_in_threadpool(_plan, request, given)
    except HeadwayError as fault:
        return await run_in_threadpool(_choose, request, given, fault)
    return to(f"/drill/{number}")


def _plan(request: Request, given: dict[str, str]) -> int:
    library, texts = state_of(request).library, texts_of(request)
    chosen = given.get("runner", "")
    runner = runner_of(library, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if runner is None:
        raise OptionError(texts("drill.who"), "nobody is chosen", "add a runner first")
    test = given.get("test", "")
    numbers = {name: _number(name, given[name]) for name in NUMBERS if given.get(name, "").strip()}
    asked = PlanOptions(
        design="drill" if test == "drill" else "pairs",
        test="held" if test == "drill" else test,
        metric=given.get("metric", ""),
        pairs=round(numbers.pop("pairs", PAIRS)),
        seed=secrets.randbelow(10_000),
        marks=True,
    )
    asked = replace(asked, **numbers)
    try:
        make_plan(asked)
    except OptionError as fault:  # named as on the command line
        raise OptionError(fault.where.lstrip("-"), fault.what, fault.remedy) from fault
    title = texts(f"drill.change_{test}")
    return add_experiment(library, runner.id, title, msgspec.json.encode(LedExperiment(asked)).decode())


def _number(name: str, text: str) -> float:
    try:
        return number(text)
    except NotUnderstood as fault:
        raise OptionError(name, fault.what, fault.remedy) from fault


def _led(request: Request) -> tuple[KeptExperiment, LedExperiment] | None:
    found = experiment_of(state_of(request).library, request.path_params["experiment"])
    led = None if found is None else plan_of(found)
    return None if found is None or led is None else (found, led)


def run(request: Request) -> Response:
    """Lead it, or go to its result."""
    found = _led(request)
    if found is None:
        return not_found(request)
    experiment, led = found
    if experiment.state in ("measuring", "done"):
        return to(f"/experiments/{experiment.id}")
    slots = [
        {"number": s.number, "condition": s.condition, "start": s.start, "stop": s.stop} for s in led.schedule.slots
    ]
    return page(
        request,
        "drill_run.html.j2",
        section="drill",
        script_texts=("drill", "camera"),
        experiment=experiment,
        runner=runner_of(state_of(request).library, experiment.runner),
        schedule=led.schedule,
        led=led,
        session=embedded(
            {
                "experiment": experiment.id,
                "slots": slots,
                "mark": LENGTH,
                "settle": led.schedule.settle,
                "quiz": led.quiz,
                "beat": led.beat,
                "recorded": led.recorded,
                "done": [number for number, one in led.blocks.items() if one.stopped is not None],
            }
        ),
    )


def card(request: Request) -> Response:
    """The plan on paper."""
    found = _led(request)
    if found is None:
        return not_found(request)
    schedule = found[1].schedule
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return HTMLResponse(schedule.page.text(schedule), headers={"content-security-policy": policy})


def mark(request: Request, edge: Edge) -> Response:
    """The chirp of one end of one block."""
    try:
        samples = sound(Mark(request.path_params["number"], edge), SOUND_RATE)
    except ValueError:
        return Response(status_code=404)
    return Response(wav(samples, SOUND_RATE), media_type="audio/wav")


async def answer(request: Request) -> Response:
    """Keep an answer or the time of a block."""
    try:
        said = msgspec.json.decode(await request.body(), type=SaidInDrill)
    except msgspec.DecodeError:
        return Response(status_code=400)
    return Response(status_code=await run_in_threadpool(_keep, request, said))


def _keep(request: Request, said: SaidInDrill) -> int:
    """One answer after the other; returns the status."""
    library = state_of(request).library
    with _ANSWERS:
        found = _led(request)
        if found is None:
            return 404
        keep_plan(library, found[0].id, with_answer(found[1], said))
        if said.block is not None and found[0].state == "planned":
            set_stage(library, found[0].id, "running")
    return 204


async def finish(request: Request) -> Response:
    """Take the recording, write the protocol, and measure."""
    given = await form(request)
    found = await run_in_threadpool(_led, request)
    if found is None:
        return not_found(request)
    try:
        await run_in_threadpool(_finish, request, *found, given)
    except HeadwayError as fault:
        return Response(f"{fault.what}; {fault.remedy}", 422, media_type="text/plain")
    return Response(status_code=204)


def _finish(request: Request, experiment: KeptExperiment, led: LedExperiment, given: dict[str, str]) -> None:
    library, jobs = state_of(request).library, state_of(request).jobs
    runner = runner_of(library, experiment.runner)
    assert runner is not None
    uploads = whole_uploads(library, [int(n) for n in given.get("uploads", "").split(",") if n.isdecimal()])
    folder = input_folder(library, experiment.runner, experiment.id)
    name = _moved(uploads[0], library.upload(uploads[0].id), folder)
    library.database.run("DELETE FROM uploads WHERE id = ?", uploads[0].id)
    epoch = _epoch(folder / name) if led.recorded == "sensors" else None
    (folder / "protocol.toml").write_text(led_protocol(led, runner, experiment.title, name, epoch), encoding="utf-8")
    set_stage(library, experiment.id, "measuring")
    kept = experiment_of(library, experiment.id)
    assert kept is not None
    jobs.add("experiment", kept.id, experiment_request(library, kept, texts_of(request).language), kept.runner)


def _moved(upload: Upload, source: Path, folder: Path) -> str:
    """Bring the recording beside its protocol; returns its name there."""
    name = f"session-{_SAFE.sub('-', upload.file)}"
    shutil.move(source, folder / name)
    return name


def _epoch(path: Path) -> float:
    """Where the clock of what was worn begins, s since 1970."""
    with Pool(_read_epoch, 1, timeout=READING, prepare=limit_memory) as pool:
        _, epoch = next(pool.run([path]))
    if isinstance(epoch, Lost):
        raise HeadwayError(path.name, f"reading it ended abnormally ({epoch.why})", AGAIN)
    if epoch is None:
        what = "does not say when it was recorded, so the blocks cannot be found in it"
        raise HeadwayError(path.name, what, "film the session as well, or use a logger that keeps the time of day")
    return epoch


def _read_epoch(path: Path, tell: Tell) -> float | None:
    """In a process of its own."""
    from headway.sources.load import load_sensors

    return load_sensors([path]).sensors[0].epoch


ROUTES = [
    Route("/drill", choose),
    Route("/drill", plan, methods=["POST"]),
    *(Route(f"/drill/sounds/{edge}-{{number:int}}.wav", partial(mark, edge=edge)) for edge in EDGES),
    Route("/drill/{experiment:int}", run),
    Route("/drill/{experiment:int}/card", card),
    Route("/drill/{experiment:int}/answers", answer, methods=["POST"]),
    Route("/drill/{experiment:int}/finish", finish, methods=["POST"]),
]
