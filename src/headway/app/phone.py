"""The app behind the door for a phone: an upload page and nothing else."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from headway.app.guard import Guard
from headway.app.page_settings import style
from headway.app.page_uploads import take_announcement, take_piece
from headway.app.phone_door import PhoneDoor
from headway.app.shell import page
from headway.app.state import AppState, state_of

SCRIPT, STYLE, PICTURE = "text/javascript", "text/css", "image/svg+xml"
ASSETS = {"app.css": STYLE, "phone.js": SCRIPT, "upload.js": SCRIPT, "texts.js": SCRIPT, "logo.svg": PICTURE}
"""Files that a phone may ask for."""


def make_phone_app(state: AppState, door: PhoneDoor) -> Starlette:
    """The app behind the door: an upload page and nothing else."""

    def upload_page(request: Request) -> Response:
        door.met(request)
        return page(request, "phone_upload.html.j2", script_texts=("add", "phone"))

    async def begin(request: Request) -> Response:
        door.met(request)
        return await take_announcement(state_of(request).library, request, "phone")

    async def piece(request: Request) -> Response:
        door.met(request)
        return await take_piece(state_of(request).library, request, "phone")

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ASSETS:
            return Response(status_code=404)
        return FileResponse(str(files("headway.app") / "static" / name), media_type=ASSETS[name])

    async def missing(_: Request, __: Exception) -> Response:
        return Response(status_code=404)

    app = Starlette(
        routes=[
            Route("/", upload_page),
            Route("/uploads", begin, methods=["POST"]),
            Route("/uploads/{upload:int}", piece, methods=["PATCH"]),
            Route("/static/{name}", asset),
            Route("/report.css", style),
        ],
        middleware=[Middleware(Guard, entry=door.entry)],
        exception_handlers={404: missing, HTTPException: missing},
    )
    app.state.headway = state
    return app
