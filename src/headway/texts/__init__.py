"""All words that a runner reads: a folder per language with a file per door, so that a translation is files and one row here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code to the language's own name."""
PARTS = ("app", "report")
"""Files of a language: what the app says, and what reports and the terminal say."""
ENGLISH = "en"
Section = dict[str, str]


@cache
def catalogue(language: str) -> dict[str, Section]:
    """Sections of a language: key to text, with ``{name}`` where something is filled in."""
    folder = files("headway.texts") / language
    sections: dict[str, Section] = {}
    for part in PARTS:
        sections |= json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    return sections


@dataclass(frozen=True)
class Texts:
    """The words of one language; English where it has none.

    Examples
    --------
    >>> Texts("en")("common.steps", n=1), Texts("en")("common.steps", n=3)
    ('1 step', '3 steps')
    """

    language: str = ENGLISH

    def __call__(self, key: str, **filled: object) -> str:
        """The text of ``section.key``; with ``n=1`` that of ``key_one`` where there is one, and the key in words where there is none."""
        section, _, name = key.partition(".")
        words = {**catalogue(ENGLISH).get(section, {}), **catalogue(self.language).get(section, {})}
        if filled.get("n") == 1:
            name = f"{name}_one" if f"{name}_one" in words else name
        text = words.get(name, name.replace("_", " "))
        try:
            return text.format_map(filled) if filled else text
        except (KeyError, ValueError):  # numbers that another version wrote
            return text

    def has(self, key: str) -> bool:
        """Whether this language has such a text of its own."""
        section, _, name = key.partition(".")
        return name in catalogue(self.language).get(section, {})

    def sections(self, names: tuple[str, ...]) -> dict[str, Section]:
        """Whole sections, for a script."""
        english, own = catalogue(ENGLISH), catalogue(self.language)
        return {name: {**english[name], **own.get(name, {})} for name in names}


TEXTS = Texts()
"""English: what is stored in files, and said where nobody chose a language."""
