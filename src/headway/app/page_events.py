"""How far the queue is, as server-sent events, and the buttons that cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from headway.app.jobs import QueuedJob
from headway.app.state import AppState, state_of

PAUSE = 0.2
"""Seconds between two looks."""
ALIVE = 15.0
"""Seconds after which something is said, so that a connection that is gone is noticed."""


class Told(msgspec.Struct, frozen=True):
    """What a page hears of a job."""

    id: int
    kind: str
    subject: int
    state: str
    done: int
    expected: int


def _told(job: QueuedJob) -> Told:
    return Told(job.id, job.kind, job.subject, job.state, job.done, job.expected)


async def _stream(state: AppState, watched: set[int]) -> AsyncIterator[bytes]:
    """All open jobs whenever something changed; of those that were open before also their end."""
    seen, quiet = -1, 0.0
    while not state.ending:
        if state.jobs.version != seen:
            seen, quiet = state.jobs.version, 0.0
            told = {job.id: _told(job) for job in state.jobs.open_jobs()}
            for number in watched - told.keys():
                if (job := state.jobs.get(number)) is not None:
                    told[number] = _told(job)
            watched = {number for number, job in told.items() if job.state in ("waiting", "running")}
            yield b"data: " + msgspec.json.encode(list(told.values())) + b"\n\n"
        elif quiet >= ALIVE:
            quiet = 0.0
            yield b": alive\n\n"
        await asyncio.sleep(PAUSE)
        quiet += PAUSE


def events(request: Request) -> Response:
    """The stream; ``?jobs=3,4`` are also told when they ended before it began."""
    watched = {int(one) for one in request.query_params.get("jobs", "").split(",") if one.isdecimal() and len(one) < 16}
    return StreamingResponse(
        _stream(state_of(request), watched), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


def cancel(request: Request) -> Response:
    """Give up a job."""
    found = state_of(request).jobs.cancel(request.path_params["job"])
    return Response(status_code=204 if found else 409)


ROUTES = [Route("/events", events), Route("/jobs/{job:int}/cancel", cancel, methods=["POST"])]
