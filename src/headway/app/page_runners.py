"""Runners: the list, one of them, and the form for both."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.analyses import analyses_of
from headway.app.experiments import experiments_of
from headway.app.notes import notes_about
from headway.app.recordings import recordings_of
from headway.app.runners import (
    KeptRunner,
    add_runner,
    all_runners,
    change_runner,
    delete_runner,
    read_runner,
    runner_of,
)
from headway.app.shell import form, not_found, page, to
from headway.app.state import state_of
from headway.app.trend_picture import change_words, draw
from headway.app.units import units_of
from headway.app.weeks import NEEDED, followed, views_of
from headway.errors import HeadwayError, OptionError


def _list(request: Request, given: dict[str, str] | None = None, fault: OptionError | None = None) -> Response:
    library = state_of(request).library
    counted = library.database.connection.execute("SELECT runner, count(*) FROM analyses GROUP BY runner")
    return page(
        request,
        "runners.html.j2",
        section="runners",
        script_texts=("add",),
        runners=all_runners(library),
        counts={row[0]: row[1] for row in counted},
        given=given or {},
        fault=fault,
        status=422 if fault else 200,
    )


def runners(request: Request) -> Response:
    """All of them, and a form for one more."""
    return _list(request)


async def add(request: Request) -> Response:
    """Add one."""
    given, library = await form(request), state_of(request).library
    try:
        number = add_runner(library, read_runner(given))
    except OptionError as fault:
        return await run_in_threadpool(_list, request, given, fault)
    return to(f"/runners/{number}")


def runner(request: Request) -> Response:
    """One of them."""
    found = runner_of(state_of(request).library, request.path_params["runner"])
    if found is None:
        return not_found(request)
    return _page(request, found)


def _page(
    request: Request, runner: KeptRunner, given: dict[str, str] | None = None, fault: HeadwayError | None = None
) -> Response:
    library, units = state_of(request).library, units_of(request)
    views = views_of(library, runner.id)
    asked = request.query_params.get("view", "")
    view = asked if asked in views else (views[0] if views else "")
    trends = followed(library, runner.id, view) if view else []
    chosen = next(
        (one for one in trends if one.metric == request.query_params.get("metric")), trends[0] if trends else None
    )
    return page(
        request,
        "runner.html.j2",
        section="runners",
        runner=runner,
        views=views,
        view=view,
        trends=[(one, change_words(one, units)) for one in trends],
        chosen=chosen,
        picture=None if chosen is None else draw(chosen, units),
        needed=NEEDED,
        analyses=analyses_of(library, runner.id),
        recordings=recordings_of(library, runner.id),
        experiments=experiments_of(library, runner.id),
        notes=notes_about(library, runner.id, "runner"),
        given=given or {},
        fault=fault,
        status=422 if fault else 200,
    )


async def change(request: Request) -> Response:
    """Change one."""
    given, library, number = await form(request), state_of(request).library, request.path_params["runner"]
    found = runner_of(library, number)
    if found is None:
        return not_found(request)
    try:
        change_runner(library, number, read_runner(given))
    except OptionError as fault:
        return await run_in_threadpool(_page, request, found, given, fault)
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
