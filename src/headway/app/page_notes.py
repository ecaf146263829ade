"""Notes: written beside anything of a runner, and deleted."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.notes import add_note, delete_note
from headway.app.runners import runner_of
from headway.app.shell import back_to, form, not_found
from headway.app.state import state_of

_ABOUT = re.compile(r"runner|(?:analysis|experiment|recording) \d{1,15}")


async def add(request: Request) -> Response:
    """Write something down."""
    given, library = await form(request), state_of(request).library
    found, about = runner_of(library, request.path_params["runner"]), given.get("about", "")
    if found is None or not _ABOUT.fullmatch(about):
        return not_found(request)
    add_note(library, found.id, about, given.get("text", ""))
    return back_to(given)


async def delete(request: Request) -> Response:
    """Delete a note."""
    given = await form(request)
    delete_note(state_of(request).library, request.path_params["note"])
    return back_to(given)


ROUTES = [
    Route("/runners/{runner:int}/notes", add, methods=["POST"]),
    Route("/notes/{note:int}/delete", delete, methods=["POST"]),
]
