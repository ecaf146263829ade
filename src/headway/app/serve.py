"""Start the app: a free port of this computer, the address on standard output, a browser, and an end within seconds."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from headway.app.demo import DemoRequest
from headway.app.guard import Pass
from headway.app.library import default_folder
from headway.app.phone import make_phone_app
from headway.app.phone_door import open_door, own_address
from headway.app.server import make_app, open_state
from headway.app.state import AppState
from headway.errors import OptionError
from headway.texts import ENGLISH

LOOPBACK = "127.0.0.1"
GRACE = 2
"""Seconds that open connections have at the end."""


@dataclass(frozen=True)
class ServeOptions:
    """What can be said at the start.

    Attributes
    ----------
    library
        Folder; ``None`` for the user's own.
    port
        0 takes a free one.
    browser
        Open one.
    demo
        Show a made library instead.
    lan
        Open the upload page for phones too.
    lan_address
        At which address of this computer; found otherwise.
    """

    library: Path | None = None
    port: int = 0
    browser: bool = True
    demo: bool = False
    lan: bool = False
    lan_address: str | None = None


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises
    ------
    OptionError
        The port is taken, or may not be used.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs have one port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or error
        raise OptionError(
            "--port", f"{port} cannot be used ({reason})", "give another one, or 0 for a free one"
        ) from error
    made.listen(128)
    return made


def serve(asked: ServeOptions) -> None:
    """Run the app until it is ended.

    Raises
    ------
    HeadwayError
        The library cannot be opened, or the port cannot be used.
    """
    folder = asked.library or (default_folder().with_name("demo") if asked.demo else default_folder())
    with ExitStack() as stack:
        gate = stack.enter_context(listening(LOOPBACK, asked.port))
        phones = stack.enter_context(listening(asked.lan_address or own_address(), 0)) if asked.lan else None
        port = gate.getsockname()[1]
        state = open_state(folder)
        if asked.demo:
            _queue_demo(state)
        entry = Pass(secrets.token_urlsafe(32), (f"{LOOPBACK}:{port}", f"localhost:{port}"))
        address = f"http://{LOOPBACK}:{port}/?token={entry.token}"
        served: dict[socket.socket, uvicorn.Server] = {gate: _Server(configuration(make_app(state, entry)))}
        if phones is not None:
            served[phones] = _phone_server(state, phones)
        sys.stdout.write(f"Headway app: {address}\n")
        sys.stdout.flush()
        if asked.browser:
            webbrowser.open(address)
        try:
            asyncio.run(_until_ended(state, served))
        finally:
            state.jobs.stop()
            state.library.close()


def _queue_demo(state: AppState) -> None:
    """Let the made library be made, where it is not there yet."""
    if state.library.database.value("SELECT count(*) FROM runners") == 0:
        draft, language = state.library.folder / "runners" / ".draft-demo", state.library.setting("language")
        state.jobs.add("demo", 0, DemoRequest(str(draft), language or ENGLISH))


class _Server(uvicorn.Server):
    """A server that leaves signals to the program, which ends several of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _phone_server(state: AppState, gate: socket.socket) -> uvicorn.Server:
    """The server of the door for a phone."""
    door = open_door(gate)
    server = _Server(configuration(make_phone_app(state, door)))

    def close() -> None:
        server.should_exit, state.door = True, None

    door.close, state.door = close, door
    return server


async def _until_ended(state: AppState, served: dict[socket.socket, uvicorn.Server]) -> None:
    """Serve until Ctrl-C or a signal to end."""

    def end(*_: object) -> None:
        state.ending = True  # streams of events end by themselves
        for one in served.values():
            one.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    await asyncio.gather(_close_idle(state), *(_serve(one, gate) for gate, one in served.items()))


async def _serve(server: uvicorn.Server, gate: socket.socket) -> None:
    await server.serve([gate])
    gate.close()


async def _close_idle(state: AppState) -> None:
    """Close the door for a phone when none was heard of for long."""
    while not state.ending and state.door is not None:
        if state.door.left <= 0:
            state.door.close()
        await asyncio.sleep(0.5)


def configuration(app: object) -> uvicorn.Config:
    """How the server runs: silent, so that no address with a token is written anywhere."""
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType]
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=8_000_000,
        proxy_headers=False,
    )
