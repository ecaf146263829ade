"""What every page is made with: its template, style, scripts and data in one file that opens offline and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined
from markupsafe import Markup

from headway.cache import cache_folder
from headway.report.curves import Missing
from headway.report.numbers import tidy
from headway.texts import shown

SCRIPTS = ("cursor.js", "chart.js", "figure.js", "map.js", "film.js", "page.js")
"""Of every page with moving pictures."""
_SCRIPT = "/* the script of the page */"
_INDENT = re.compile(r"\n[ \n]+")
"""Spaces at the beginnings of lines, and empty lines: they weigh, and show nothing."""
_COMMENT = re.compile(r"^[ \t]*(//.*|/\*\*.*\*/)$", re.MULTILINE)


@cache
def asset(name: str) -> str:
    """Text of a file of ``assets``; a script without its comments and indents, which weigh and do nothing."""
    text = (files("headway.report") / "assets" / name).read_text(encoding="utf-8")
    return _INDENT.sub("\n", _COMMENT.sub("", text)) if name.endswith(".js") else text


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates as they were compiled before: a tenth of a second of every page; none where nothing can be kept."""
    folder = cache_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    environment.filters |= {"tidy": tidy, "sentence": sentence, "told": shown}
    environment.tests["missing"] = lambda thing: isinstance(thing, Missing)
    return environment


def sentence(text: str) -> str:
    """A text that begins with a capital; the name of a file before it stays as it is.

    Examples
    --------
    >>> sentence("only one ear was seen"), sentence("side.mp4: only one ear was seen")
    ('Only one ear was seen', 'side.mp4: Only one ear was seen')
    """
    name, mark, rest = text.partition(": ")
    if mark and " " not in name and not name.isalpha():
        return name + mark + rest[:1].upper() + rest[1:]
    return text[:1].upper() + text[1:]


def page(template: str, styles: Sequence[str], script: str = "", *, film: bool = False, **shown: object) -> str:
    """Fill a template.

    Parameters
    ----------
    template, styles
        Names of files of ``assets``.
    script
        The only script that the page may run.
    film
        Whether it holds one.
    shown
        What the template names.
    """
    style = Markup("".join(map(asset, styles)))
    made = (
        _environment()
        .get_template(template)
        .render(style=style, script=Markup(_SCRIPT), policy=_policy(script, film), **shown)
    )
    before, mark, after = _INDENT.sub("\n", made).rpartition(_SCRIPT)
    return before + (script if mark else "") + after


def scripts(further: Sequence[str] = ()) -> str:
    """All scripts as one, in a scope of their own."""
    return "\n".join(['(() => {\n"use strict";', *(asset(name) for name in (*SCRIPTS, *further)), "})();"])


def embedded(data: object) -> Markup:
    """Write data as JSON that cannot end the element it stands in."""
    text = json.dumps(msgspec.to_builtins(data), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _policy(script: str, film: bool) -> str:
    """Forbid every load and every script but our own, should a name from a file ever get through the escaping."""
    ours = "style-src 'unsafe-inline'"
    if script:
        digest = base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode()
        ours += f"; script-src 'sha256-{digest}'"
    ours += "; media-src blob:; img-src data:" if film else ""
    return f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"
