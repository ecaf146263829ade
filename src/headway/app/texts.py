"""All words of the app: one file per language in ``texts``, chosen by the user or by what the browser asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from starlette.requests import HTTPConnection

from headway.app.state import state_of

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code to the language's own name; a translation is one more file and one more row."""
Section = dict[str, str]


@cache
def catalogue(language: str) -> dict[str, Section]:
    """Sections of a language: key to text, with ``{name}`` where something is filled in."""
    return json.loads((files("headway.app") / "texts" / f"{language}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    Examples
    --------
    >>> Texts("en")("common.steps", n=1), Texts("en")("common.steps", n=3)
    ('1 step', '3 steps')
    """

    language: str

    def __call__(self, key: str, **filled: object) -> str:
        """The text of ``section.key``; with ``n=1`` that of ``key_one`` where there is one, and the key in words where there is none."""
        section, _, name = key.partition(".")
        words = catalogue(self.language).get(section, {})
        if filled.get("n") == 1:
            name = f"{name}_one" if f"{name}_one" in words else name
        text = words.get(name, name.replace("_", " "))
        try:
            return text.format_map(filled) if filled else text
        except (KeyError, ValueError):  # numbers that another version wrote
            return text

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        section, _, name = key.partition(".")
        return name in catalogue(self.language).get(section, {})

    def sections(self, names: tuple[str, ...]) -> dict[str, Section]:
        """Whole sections, for a script."""
        return {name: catalogue(self.language)[name] for name in names}


def texts_of(request: HTTPConnection) -> Texts:
    """In the language that was chosen, else the first of the browser's that is there, else English."""
    chosen = state_of(request).library.setting("language")
    if chosen in LANGUAGES:
        return Texts(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return Texts(code)
    return Texts("en")
