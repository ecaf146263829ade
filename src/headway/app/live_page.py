"""Live: the page, and the pictures that come to it over a WebSocket and go back as key points and strides."""

from __future__ import annotations

import asyncio
import contextlib
import struct

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from headway.app.live_model import LivePicture
from headway.app.live_pose import LivePose
from headway.app.runners import all_runners
from headway.app.shell import page
from headway.app.state import AppState, state_of
from headway.errors import HeadwayError

LARGEST_PICTURE = 2_000_000
"""Bytes of one JPEG."""
CAMERA = "live"
"""Under this name the app's state holds who has the camera."""


class LiveFault(msgspec.Struct, frozen=True):
    """Why no pictures are looked at: ``taken`` by another window, or what is missing, in one line."""

    fault: str


class LiveReady(msgspec.Struct, frozen=True):
    """The models are loaded: how many pictures may be on their way at once, and the labels of the points with the lines between them."""

    together: int
    names: tuple[str, ...]
    lines: list[tuple[int, int]]


class LiveBusy(msgspec.Struct, frozen=True):
    """The picture of this time was not looked at: all models were busy, or it was none."""

    busy: float


def live(request: Request) -> Response:
    """The page."""
    runners = [one for one in all_runners(state_of(request).library) if one.height is not None]
    return page(request, "live.html.j2", section="live", script_texts=("live", "camera"), runners=runners)


async def stream(socket: WebSocket) -> None:
    """Pictures in (time as a little-endian double, then JPEG), what each tells out; a picture is worked on now or never."""
    await socket.accept()
    state = state_of(socket)
    if state.more.setdefault(CAMERA, socket) is not socket:
        await _say(socket, LiveFault("taken"))
        await socket.close()
        return
    pose: LivePose | None = None
    try:
        pose = await run_in_threadpool(LivePose)
        await _say(socket, LiveReady(pose.free, pose.names, pose.lines))
        await _look(socket, pose, state)
    except HeadwayError as fault:
        await _say(socket, LiveFault(f"{fault.what}; {fault.remedy}"))
    except WebSocketDisconnect:
        pass
    finally:
        del state.more[CAMERA]
        if pose is not None:
            await run_in_threadpool(pose.close)


async def _look(socket: WebSocket, pose: LivePose, state: AppState) -> None:
    open_ones: set[asyncio.Task[None]] = set()
    try:
        while not state.ending:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes") or b""
            if not 8 < len(data) <= LARGEST_PICTURE:
                continue
            (time,) = struct.unpack_from("<d", data)
            job = pose.take(time, data[8:])
            if job is None:
                await _say(socket, LiveBusy(time))
                continue
            task = asyncio.create_task(_answer(socket, time, asyncio.wrap_future(job)))
            open_ones.add(task)
            task.add_done_callback(open_ones.discard)
    finally:
        for task in open_ones:
            task.cancel()


async def _answer(socket: WebSocket, time: float, job: asyncio.Future[LivePicture | None]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the window may be closed by now
        found = await job
        await _say(socket, LiveBusy(time) if found is None else found)


async def _say(socket: WebSocket, data: msgspec.Struct) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        await socket.send_text(msgspec.json.encode(data).decode())


ROUTES = [Route("/live", live), WebSocketRoute("/live/stream", stream)]
