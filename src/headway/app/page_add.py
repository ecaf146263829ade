"""Add a recording: drop files, say whose they are and when it was."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.library import today
from headway.app.recordings import add_recording, check_request, recording_of
from headway.app.runners import add_runner, all_runners, read_runner, runner_of
from headway.app.shell import form, page, to
from headway.app.state import AppState, state_of
from headway.app.uploads import all_uploads, whole_uploads
from headway.errors import HeadwayError, OptionError
from headway.options import read

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _page(request: Request, given: dict[str, str], fault: HeadwayError | None = None) -> Response:
    library = state_of(request).library
    runners = all_runners(library)
    chosen = given.get("runner") or request.query_params.get("runner") or (str(runners[0].id) if runners else "new")
    return page(
        request,
        "add.html.j2",
        section="add",
        script_texts=("add",),
        runners=runners,
        chosen=chosen,
        uploads=all_uploads(library),
        given=given,
        today=today(),
        phone=state_of(request).door is not None,
        fault=fault,
        status=422 if fault else 200,
    )


def add(request: Request) -> Response:
    """Where files are dropped."""
    return _page(request, {})


async def take(request: Request) -> Response:
    """Make a recording of the uploads, and begin to look at it."""
    given = await form(request)
    try:
        number = await run_in_threadpool(_take, state_of(request), given)
    except HeadwayError as fault:
        return await run_in_threadpool(_page, request, given, fault)
    return to(f"/recordings/{number}")


def _take(state: AppState, given: dict[str, str]) -> int:
    library = state.library
    numbers = [int(one) for one in given.get("uploads", "").split(",") if one.isdecimal() and len(one) < 16]
    uploads = whole_uploads(library, numbers)
    reference = given.get("reference") == "yes"
    said = {}
    if start := given.get("start", "").strip():
        read("start", start, "start")
        said["start"] = start
    taken = given.get("taken", "")
    if taken and not _DAY.fullmatch(taken):
        raise OptionError("taken", f"{taken[:20]!r} is no date", "write it as 2026-05-31")
    runner = _runner(state, given)
    number = add_recording(
        library, runner, uploads, title=given.get("title", ""), taken=taken, said=said, reference=reference
    )
    recording = recording_of(library, number)
    assert recording is not None
    state.jobs.add("check", number, check_request(library, recording), runner)
    return number


def _runner(state: AppState, given: dict[str, str]) -> int:
    chosen = given.get("runner", "new")
    if chosen.isdecimal() and len(chosen) < 16 and runner_of(state.library, int(chosen)) is not None:
        return int(chosen)
    return add_runner(state.library, read_runner(given))


ROUTES = [Route("/add", add), Route("/recordings", take, methods=["POST"])]
