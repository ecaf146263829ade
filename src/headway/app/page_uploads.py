"""Files come in: announced, sent in pieces, resumed, dropped; the same for this computer and for a phone."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.library import Library
from headway.app.state import state_of
from headway.app.uploads import Announced, Refused, announce, append, drop, upload_of


class UploadProgress(msgspec.Struct, frozen=True):
    """How much of an upload is there."""

    id: int
    received: int
    size: int


def answer(data: msgspec.Struct, status: int = 200) -> Response:
    """A struct as JSON."""
    return Response(msgspec.json.encode(data), status, media_type="application/json")


async def take_announcement(library: Library, request: Request, origin: str) -> Response:
    """Begin an upload or find the one that broke off; tells how much is there."""
    try:
        said = msgspec.json.decode(await request.body(), type=Announced)
    except msgspec.DecodeError:
        return Response(status_code=400)
    try:
        found = await run_in_threadpool(announce, library, said, origin)
    except Refused as fault:
        return Response(fault.why, fault.status)
    return answer(UploadProgress(found.id, found.received, found.size), 201)


async def take_piece(library: Library, request: Request, origin: str) -> Response:
    """Add a piece at ``?offset=``."""
    found = await run_in_threadpool(upload_of, library, request.path_params["upload"])
    offset = request.query_params.get("offset", "")
    if found is None or found.origin != origin:
        return Response(status_code=404)
    if not offset.isdecimal() or len(offset) > 15:
        return Response(status_code=400)
    piece = await request.body()
    try:
        received = await run_in_threadpool(append, library, found, int(offset), piece)
    except Refused as fault:
        return Response(fault.why, fault.status)
    return answer(UploadProgress(found.id, received, found.size))


async def begin(request: Request) -> Response:
    """From this computer."""
    return await take_announcement(state_of(request).library, request, "here")


async def piece(request: Request) -> Response:
    """From this computer."""
    return await take_piece(state_of(request).library, request, "here")


def remove(request: Request) -> Response:
    """Delete an upload."""
    drop(state_of(request).library, request.path_params["upload"])
    return Response(status_code=204)


ROUTES = [
    Route("/uploads", begin, methods=["POST"]),
    Route("/uploads/{upload:int}", piece, methods=["PATCH"]),
    Route("/uploads/{upload:int}", remove, methods=["DELETE"]),
]
