"""The frame of every page: navigation, language, units, and the words and jobs that templates name."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from urllib.parse import parse_qsl

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from headway.app.guard import LARGEST_FORM
from headway.app.texts import texts_of
from headway.app.units import units_of
from headway.texts import LANGUAGES, shown, spoken

NAVIGATION = (("home", "/"), ("add", "/add"), ("drill", "/drill"), ("live", "/live"), ("runners", "/runners"))
"""Sections of the top line: the key of its word in ``nav``, and its address; those without a page are left out."""
SCRIPT_BREAKERS = "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"


def _template(name: str) -> str:
    return (files("headway.app") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["told"] = shown  # what a result says, in the language of the page
    return environment


def prepare() -> None:
    """Compile what the first page would wait for."""
    _environment().get_template("home.html.j2")
    _environment().get_template("shell.html.j2")
    _environment().get_template("parts.html.j2")


def embedded(data: object) -> Markup:
    """Data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in SCRIPT_BREAKERS:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def page(
    request: Request,
    template: str,
    *,
    section: str = "",
    script_texts: tuple[str, ...] = (),
    status: int = 200,
    **named: object,
) -> HTMLResponse:
    """Fill a template of ``templates``.

    Parameters
    ----------
    request
        Whose language and units are used.
    template
        Begins with ``{% extends "shell.html.j2" %}``.
    section
        Which part of :data:`NAVIGATION` it belongs to.
    script_texts
        Sections of the catalogue that its scripts use.
    status
        Of the answer.
    named
        What the template names.
    """
    texts = texts_of(request)
    paths = {getattr(route, "path", "") for route in request.app.routes}
    said = partial(_lines, texts)
    filled = _environment().get_template(template)
    with spoken(texts.language):
        html = filled.render(
            t=texts,
            said=said,
            language=texts.language,
            languages=LANGUAGES,
            units=units_of(request),
            navigation=[(key, address) for key, address in NAVIGATION if address in paths],
            section=section,
            address=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            script_texts=embedded(texts.sections(("common", "jobs", *script_texts))),
            **named,
        )
    return HTMLResponse(html, status)


def _lines(texts: Callable[..., str], key: str) -> list[str]:
    """A text of several paragraphs."""
    return texts(key).split("\n")


def not_found(request: Request) -> HTMLResponse:
    """Nothing is there."""
    return page(request, "missing.html.j2", status=404)


async def form(request: Request) -> dict[str, str]:
    """What a form sent, each field once."""
    body = await request.body()
    return dict(parse_qsl(body[:LARGEST_FORM].decode("utf-8", errors="replace"), keep_blank_values=True))


def to(address: str) -> RedirectResponse:
    """Go on to another page, after a form was sent."""
    return RedirectResponse(address, 303)


def back_to(given: dict[str, str]) -> RedirectResponse:
    """Go back to the page a form was on, and to no other site."""
    back = given.get("back", "/")
    return to(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


def report(text: str) -> Response:
    """A page of its own (a report), shown in a frame without any right to the app."""
    policy = (
        "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "img-src data: blob:; media-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return HTMLResponse(text, headers={"content-security-policy": policy})


def report_styles() -> str:
    """The style of the reports, whose look the app shares."""
    return (files("headway.report") / "assets" / "report.css").read_text(encoding="utf-8")
