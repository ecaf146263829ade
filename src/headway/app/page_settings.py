"""Language and units, and the style that the app shares with the reports."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.shell import back_to, form, report_styles
from headway.app.state import state_of
from headway.app.units import SYSTEMS
from headway.texts import LANGUAGES


async def choose(request: Request) -> Response:
    """Keep a choice and go back to the page it was made on."""
    given = await form(request)
    library = state_of(request).library
    if given.get("language") in LANGUAGES:
        library.choose("language", given["language"])
    if given.get("units") in SYSTEMS:
        library.choose("units", given["units"])
    return back_to(given)


def style(_: Request) -> Response:
    """The style of the reports."""
    return Response(report_styles(), media_type="text/css", headers={"cache-control": "no-cache"})


ROUTES = [Route("/settings", choose, methods=["POST"]), Route("/report.css", style)]
