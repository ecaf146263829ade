"""On this computer: the code for the phone, who is connected, and the button that closes the door."""

from __future__ import annotations

from math import ceil

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.shell import not_found, page, to
from headway.app.state import state_of
from headway.app.uploads import all_uploads


def phone(request: Request) -> Response:
    """The code and who came in."""
    state = state_of(request)
    return page(
        request,
        "phone.html.j2",
        section="add",
        door=state.door,
        minutes=0 if state.door is None else ceil(state.door.left / 60),
        uploads=[one for one in all_uploads(state.library) if one.origin == "phone"],
    )


def code(request: Request) -> Response:
    """The code as a picture."""
    door = state_of(request).door
    if door is None or door.address is None:
        return not_found(request)
    return Response(door.code(), media_type="image/svg+xml")


def another(request: Request) -> Response:
    """A code for a further phone."""
    if (door := state_of(request).door) is not None:
        door.renew()
    return to("/phone")


def close(request: Request) -> Response:
    """Close the door."""
    if (door := state_of(request).door) is not None:
        door.close()
    return to("/phone")


ROUTES = [
    Route("/phone", phone),
    Route("/phone/code.svg", code),
    Route("/phone/another", another, methods=["POST"]),
    Route("/phone/close", close, methods=["POST"]),
]
