"""Runners: the list, one of them, and the form for both."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.runners import add_runner, all_runners, change_runner, delete_runner, read_runner, runner_of
from headway.app.shell import form, not_found, page, to
from headway.app.state import state_of
from headway.errors import OptionError


def runners(request: Request) -> Response:
    """All of them, and a form for one more."""
    return page(
        request,
        "runners.html.j2",
        section="runners",
        runners=all_runners(state_of(request).library),
        given={},
        fault=None,
    )


async def add(request: Request) -> Response:
    """Add one."""
    given, library = await form(request), state_of(request).library
    try:
        number = add_runner(library, read_runner(given))
    except OptionError as fault:
        return page(
            request,
            "runners.html.j2",
            section="runners",
            runners=all_runners(library),
            given=given,
            fault=fault,
            status=422,
        )
    return to(f"/runners/{number}")


def runner(request: Request) -> Response:
    """One of them."""
    found = runner_of(state_of(request).library, request.path_params["runner"])
    if found is None:
        return not_found(request)
    return page(request, "runner.html.j2", section="runners", runner=found, given={}, fault=None)


async def change(request: Request) -> Response:
    """Change one."""
    given, library, number = await form(request), state_of(request).library, request.path_params["runner"]
    found = runner_of(library, number)
    if found is None:
        return not_found(request)
    try:
        change_runner(library, number, read_runner(given))
    except OptionError as fault:
        return page(request, "runner.html.j2", section="runners", runner=found, given=given, fault=fault, status=422)
    return to(f"/runners/{number}")


def delete(request: Request) -> Response:
    """Delete one with everything of theirs."""
    state, number = state_of(request), request.path_params["runner"]
    state.jobs.cancel_of(number)
    delete_runner(state.library, number)
    return to("/runners")


ROUTES = [
    Route("/runners", runners),
    Route("/runners", add, methods=["POST"]),
    Route("/runners/{runner:int}", runner),
    Route("/runners/{runner:int}", change, methods=["POST"]),
    Route("/runners/{runner:int}/delete", delete, methods=["POST"]),
]
