"""The first page: a picture, a sentence, the next step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.analyses import newest_analyses
from headway.app.next_step import next_step
from headway.app.runners import all_runners
from headway.app.shell import page
from headway.app.shown import shown_analysis
from headway.app.state import state_of

LATEST = 6
"""Analyses that are listed."""


def home(request: Request) -> Response:
    """The newest analysis, or how to begin."""
    state = state_of(request)
    runners = {one.id: one for one in all_runners(state.library)}
    latest = newest_analyses(state.library, LATEST)
    newest = latest[0] if latest else None
    return page(
        request,
        "home.html.j2",
        section="home",
        jobs=state.jobs.open_jobs()[:3],
        newest=None if newest is None else shown_analysis(request, newest),
        runner=None if newest is None else runners[newest.runner],
        names={number: one.name for number, one in runners.items()},
        latest=latest,
        step=next_step(state.library, newest),
    )


ROUTES = [Route("/", home)]
