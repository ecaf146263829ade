"""The first page: a picture, a sentence, the next step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.runners import all_runners
from headway.app.shell import page
from headway.app.state import state_of


def home(request: Request) -> Response:
    """The newest analysis, or how to begin."""
    state = state_of(request)
    return page(request, "home.html.j2", section="home", runners=all_runners(state.library))


ROUTES = [Route("/", home)]
