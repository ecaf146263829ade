"""The door for one's own phone: an upload page in the network at home, opened with a code that works once, that closes itself."""

from __future__ import annotations

import io
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from headway.app.guard import Pass
from headway.errors import OptionError

IDLE = 600.0
"""Seconds without a sign of a phone after which the door closes."""


@dataclass
class PhoneSeen:
    """A phone that came in: its address, what it calls itself, and when it was last heard of (clock of ``time.monotonic``)."""

    address: str
    name: str
    heard: float


@dataclass
class PhoneDoor:
    """The door while it is open.

    Attributes
    ----------
    host, port
        Where it listens.
    entry
        Who may come in: its token works once.
    close
        Ends the server behind it.
    seen
        Phones that came in, by address.
    heard
        When a phone was last heard of, or a code was last shown.
    """

    host: str
    port: int
    entry: Pass
    close: Callable[[], None] = lambda: None
    seen: dict[str, PhoneSeen] = field(default_factory=dict)
    heard: float = field(default_factory=time.monotonic)

    @property
    def address(self) -> str | None:
        """What the code holds; ``None`` when it was used."""
        return None if self.entry.token is None else f"http://{self.host}:{self.port}/?token={self.entry.token}"

    @property
    def left(self) -> float:
        """Seconds until it closes itself."""
        return max(IDLE - (time.monotonic() - self.heard), 0.0)

    def renew(self) -> None:
        """Make a code for a further phone."""
        self.entry.token = secrets.token_urlsafe(24)
        self.heard = time.monotonic()

    def met(self, request: Request) -> None:
        """Note that a phone was heard of."""
        self.heard = time.monotonic()
        address = request.client.host if request.client else ""
        self.seen[address] = PhoneSeen(address, _name(request.headers.get("user-agent", "")), self.heard)

    def code(self) -> bytes:
        """The code as a picture (SVG)."""
        import segno

        out = io.BytesIO()
        segno.make(self.address or "", error="m").save(out, kind="svg", scale=6, border=4, dark="#000", light="#fff")
        return out.getvalue()


def _name(agent: str) -> str:
    """What kind of device calls itself so."""
    return next((word for word in ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux") if word in agent), "")


def own_address() -> str:
    """Address of this computer in the network at home; nothing is sent to find it.

    Raises
    ------
    OptionError
        There is no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # an address of documents: only the route is looked up
            return str(asked.getsockname()[0])
        except OSError as error:
            what = "this computer is in no network"
            raise OptionError("--lan", what, "join the phone's network, or give --lan-address") from error


def open_door(gate: socket.socket) -> PhoneDoor:
    """A door at a socket that listens."""
    host, port = gate.getsockname()[:2]
    return PhoneDoor(host, port, Pass(secrets.token_urlsafe(24), (f"{host}:{port}",), once=True))
