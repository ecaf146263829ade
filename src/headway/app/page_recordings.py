"""One recording: what the first look found, what can be said of it, and the analysis of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.analyses import RUN, analyse_request, analyses_from
from headway.app.recordings import (
    KeptFile,
    KeptRecording,
    check_request,
    delete_recording,
    files_of,
    recording_of,
    say,
    split_recording,
)
from headway.app.runners import runner_of
from headway.app.shell import form, not_found, page, to
from headway.app.state import AppState, state_of
from headway.app.texts import texts_of
from headway.errors import HeadwayError, OptionError
from headway.options import PLACES, from_mapping

SAID = ("start", "stop", "speed", "treadmill", "view", "slow_motion", "rate")
"""Options that the page asks for."""
ROLES = ("", "standing", "unused", *PLACES)
"""What a file can be said to be."""


def _page(
    request: Request, recording: KeptRecording, given: dict[str, str] | None = None, fault: HeadwayError | None = None
) -> Response:
    state = state_of(request)
    library = state.library
    files = files_of(library, recording.id)
    return page(
        request,
        "recording.html.j2",
        section="runners",
        recording=recording,
        runner=runner_of(library, recording.runner),
        files=files,
        several=sum(one.holds == "recording" for one in files) > 1,
        worn=any(one.holds == "sensors" for one in files),
        places=PLACES,
        checked=recording.found,
        checking=state.jobs.last("check", recording.id),
        analysing=state.jobs.last("analyse", recording.id),
        analyses=analyses_from(library, recording.id),
        given=recording.said if given is None else given,
        fault=fault,
        status=422 if fault else 200,
    )


def recording(request: Request) -> Response:
    """One recording."""
    found = recording_of(state_of(request).library, request.path_params["recording"])
    return not_found(request) if found is None else _page(request, found)


def _posted(do: Callable[[Request, KeptRecording, dict[str, str]], Response]) -> Callable[..., Awaitable[Response]]:
    """What answers a form about one recording, beside the loop that serves the others."""

    async def answer(request: Request) -> Response:
        given = await form(request)
        return await run_in_threadpool(_of_recording, request, given)

    def _of_recording(request: Request, given: dict[str, str]) -> Response:
        found = recording_of(state_of(request).library, request.path_params["recording"])
        return not_found(request) if found is None else do(request, found, given)

    return answer


def _analyse(request: Request, found: KeptRecording, given: dict[str, str]) -> Response:
    """Keep what was said, and begin the long work."""
    state = state_of(request)
    said = {name: given[name].strip() for name in SAID if given.get(name, "").strip()}
    try:
        from_mapping(said, lambda name: name)
        _roles(state, found, given)
    except OptionError as fault:
        return _page(request, found, given, fault)
    say(state.library, found.id, said)
    _begin(state, found, texts_of(request).language)
    return to(f"/recordings/{found.id}")


def _roles(state: AppState, recording: KeptRecording, given: dict[str, str]) -> None:
    """Which file is what, where several could be the run."""
    files = files_of(state.library, recording.id)
    roles = _roles_given(files, given)
    if not any(roles[one.id] not in ("standing", "unused") and one.holds in RUN for one in files):
        raise OptionError("files", "none of them is the run", "leave one of them as the run")
    _keep_roles(state, roles)


def _roles_given(files: Sequence[KeptFile], given: dict[str, str]) -> dict[int, str]:
    return {one.id: given.get(f"role-{one.id}", one.role) for one in files}


def _keep_roles(state: AppState, roles: dict[int, str]) -> None:
    for number, role in roles.items():
        if role in ROLES:
            state.library.database.run("UPDATE files SET role = ? WHERE id = ?", role, number)


def _begin(state: AppState, recording: KeptRecording, language: str) -> None:
    kept, runner = recording_of(state.library, recording.id), runner_of(state.library, recording.runner)
    assert kept is not None and runner is not None
    state.jobs.add("analyse", kept.id, analyse_request(state.library, kept, runner, language), runner.id)


def _look_again(request: Request, found: KeptRecording, given: dict[str, str]) -> Response:
    """Repeat the first look, with what was said of the files."""
    state = state_of(request)
    _keep_roles(state, _roles_given(files_of(state.library, found.id), given))
    state.jobs.add("check", found.id, check_request(state.library, found), found.runner)
    return to(f"/recordings/{found.id}")


def _split(request: Request, found: KeptRecording, _: dict[str, str]) -> Response:
    """Make a recording of every file."""
    state = state_of(request)
    for number in split_recording(state.library, found):
        one = recording_of(state.library, number)
        assert one is not None
        state.jobs.add("check", number, check_request(state.library, one), one.runner)
    return to(f"/runners/{found.runner}")


def _delete(request: Request, found: KeptRecording, _: dict[str, str]) -> Response:
    """Delete the files and all that was found in them."""
    state = state_of(request)
    for kind in ("check", "analyse"):
        job = state.jobs.last(kind, found.id)
        if job is not None:
            state.jobs.cancel(job.id)
    delete_recording(state.library, found)
    return to(f"/runners/{found.runner}")


ROUTES = [
    Route("/recordings/{recording:int}", recording),
    Route("/recordings/{recording:int}/analyse", _posted(_analyse), methods=["POST"]),
    Route("/recordings/{recording:int}/look", _posted(_look_again), methods=["POST"]),
    Route("/recordings/{recording:int}/split", _posted(_split), methods=["POST"]),
    Route("/recordings/{recording:int}/delete", _posted(_delete), methods=["POST"]),
]
