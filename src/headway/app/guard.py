"""In front of every page: who may ask, from where, and how much; and what a browser may do with the answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD")
LARGEST_FORM = 1_000_000
"""Bytes of a request that is no piece of an upload."""
LARGEST_PIECE = 16_000_000
"""Bytes of one piece of an upload."""
PIECES = "/uploads/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' {sockets}; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=()",
}


@dataclass
class Pass:
    """Who may ask: the token of the first address, the cookie that is given for it, and the hosts one is known as.

    Attributes
    ----------
    token
        In the first address; ``None`` when it was used up.
    hosts
        Names with port, as a browser on this computer writes them.
    once
        Whether the token is used up by the first that shows it.
    cookie
        Value that is given for the token.
    """

    token: str | None
    hosts: Sequence[str]
    once: bool = False
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def cookie_name(self) -> str:
        """Cookies know no ports, so that two apps need two names."""
        return f"headway-{self.hosts[0].rpartition(':')[2]}"

    def knows(self, token: str) -> bool:
        """Whether this is the token."""
        return self.token is not None and secrets.compare_digest(self.token.encode(), token.encode())

    def has_cookie(self, headers: Headers) -> bool:
        """Whether the cookie came along."""
        found = cookie_parser(headers.get("cookie", "")).get(self.cookie_name, "")
        return secrets.compare_digest(found.encode(), self.cookie.encode())


class _TooLarge(Exception):
    pass


class Guard:
    """Middleware that lets nothing pass but what a page of the app itself asks for.

    Parameters
    ----------
    app
        What it stands in front of.
    entry
        Who may ask.
    """

    def __init__(self, app: ASGIApp, entry: Pass) -> None:
        self.app, self.entry = app, entry
        self.policy = POLICY.format(sockets=" ".join(f"ws://{host}" for host in entry.hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let pass."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if scope["type"] == "websocket":
            if refused or not self.entry.has_cookie(headers):
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        answer = self._headed(send)
        if refused:
            await PlainTextResponse(refused[1], refused[0])(scope, receive, answer)
        elif token := dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token"):
            await self._admit(scope, receive, answer, token)
        elif not self.entry.has_cookie(headers):
            await PlainTextResponse("Open the address that headway app printed.", 401)(scope, receive, answer)
        else:
            await self._pass(scope, receive, answer, headers)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Why a request is not even looked at."""
        if headers.get("host", "") not in self.entry.hosts:
            return 403, "unknown host"
        origin = headers.get("origin")
        ours = origin in [f"http://{host}" for host in self.entry.hosts]
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if (unsafe or origin is not None) and not ours:
            return 403, "unknown origin"
        return None

    async def _admit(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        """Give the cookie for the token, and take the token out of the address."""
        if scope["method"] not in SAFE or not self.entry.knows(token):
            await PlainTextResponse("This address is not valid any more.", 403)(scope, receive, send)
            return
        if self.entry.once:
            self.entry.token = None
        rest = [(key, value) for key, value in parse_qsl(scope["query_string"].decode("latin-1")) if key != "token"]
        target = scope["path"] + (f"?{urlencode(rest)}" if rest else "")
        answer = RedirectResponse("/" if target.startswith("//") else target, 303)
        answer.set_cookie(self.entry.cookie_name, self.entry.cookie, httponly=True, samesite="strict", path="/")
        await answer(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Let a request through, as far as it is not too large."""
        largest = LARGEST_PIECE if scope["path"].startswith(PIECES) else LARGEST_FORM
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > largest:
            await PlainTextResponse("too large", 413)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise _TooLarge
            return message

        try:
            await self.app(scope, counted, send)
        except _TooLarge:
            await PlainTextResponse("too large", 413)(scope, receive, send)

    def _headed(self, send: Send) -> Send:
        """Add the rules for the browser to every answer that has none of its own."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", self.policy)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return headed
