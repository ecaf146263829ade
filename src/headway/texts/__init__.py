"""All words that a runner reads: a folder per language with a file per door, so that a translation is files and one row here.

Results hold English. What a result says (a remark, a reason, a remedy) is found again in the English catalogue when it is shown
(:func:`shown`), as gettext does, and is told in the language of the page; what the catalogue does not hold is shown as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code to the language's own name."""
PARTS = ("app", "report", "told", "metrics", "versus", "simulated")
"""Files of a language: the app, the report, remarks and reasons of results, names of metrics, the pages that set several against each other,
and that of a simulation."""
ENGLISH = "en"
Section = dict[str, str]
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Make a page in a language: what is written inside without a language of its own is in this one."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


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

    Attributes
    ----------
    own
        Its code; empty for that of the page being made (:func:`spoken`).

    Examples
    --------
    >>> Texts("en")("common.steps", n=1), Texts("en")("common.steps", n=3)
    ('1 step', '3 steps')
    """

    own: str = ""

    @property
    def language(self) -> str:
        """Code of the language."""
        return self.own or _SPOKEN.get()

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
"""The language of the page being made: English in what is stored, and where nobody chose another."""

TOLD = (
    "words",
    "flags",
    "lab",
    "refused",
    "needs",
    "unseen",
    "absent",
    "remedy",
    "sanity",
    "titles",
    "families",
    "plainly",
    "tested",
    "differing",
    "modelled",
)
"""Sections that results are written from."""
LISTS, JOINTS = ("; ", ", "), (" and ", " or ", " to ")
"""What parts of a message are joined with, the loosest first."""
_FIELD = re.compile(r"\{(\w+)[^}]*\}")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_NUMBER = re.compile(r"[±−+-]?\d+(\.\d+)?([–± ]+\d+(\.\d+)?)*(\s?[°%\w/·²]{1,5})?")


def figures(text: str) -> str:
    """A written number as the page's language has it: in German with a comma for the point."""
    return text if TEXTS.language == ENGLISH else _POINT.sub(",", text)


def shown(message: str) -> str:
    """What a result says, in the language of the page; a text that the catalogue does not hold stays as it is.

    Examples
    --------
    >>> with spoken("de"):
    ...     shown("record with force plates")
    'nimm mit Kraftmessplatten auf'
    """
    return message if TEXTS.language == ENGLISH else _shown(message, TEXTS.language)


def _shown(message: str, language: str) -> str:
    return _told(message, language) or message


@cache
def _told(message: str, language: str, strict: bool = False) -> str:
    """The message in the language; empty where the catalogue does not hold it, ``strict``: it and all that is filled in."""
    whole, made = _english()
    own = catalogue(language)
    if message in whole:
        section, name = whole[message]
        return own[section].get(name, "")
    if _NUMBER.fullmatch(message):
        return _POINT.sub(",", message)
    if " " not in message:
        return message
    if listed := _parts(message, language, LISTS):
        return listed
    for one in made:
        found = one.pattern.fullmatch(message)
        if found and one.name in own[one.section]:
            fields = {
                name: _told(text, language, strict) or text * (not strict) for name, text in found.groupdict().items()
            }
            if all(fields.values()):
                return _FIELD.sub(lambda field, said=fields: said[field[1]], own[one.section][one.name])
    return _parts(message, language, JOINTS) or ("" if strict else _behind_name(message, language))


def _parts(message: str, language: str, joints: tuple[str, ...]) -> str:
    """A list of texts; empty where a part is not known."""
    for joint in (one for one in joints if one in message):
        said = [_told(part, language, strict=True) for part in message.split(joint)]
        if all(said):
            return _shown(joint, language).join(said)
    return ""


def _behind_name(message: str, language: str) -> str:
    """A text behind the name of its recording; empty where it is not known."""
    name, _, text = message.partition(": ")
    said = _told(text, language) if text else ""
    return f"{name}: {said}" if said and said != text else ""


@dataclass(frozen=True)
class _Made:
    """An English text that is filled in, as a pattern."""

    pattern: re.Pattern[str]
    section: str
    name: str


@cache
def _english() -> tuple[dict[str, tuple[str, str]], list[_Made]]:
    """English texts of results: those that stand as they are by text, and those that are filled in, the most worded first."""
    whole: dict[str, tuple[str, str]] = {}
    made: list[tuple[int, _Made]] = []
    for section in TOLD:
        for name, text in catalogue(ENGLISH)[section].items():
            parts = _FIELD.split(text)
            worded = sum(map(len, parts[::2]))
            if len(parts) == 1:
                whole.setdefault(text, (section, name))
            elif worded:
                made.append((worded, _Made(_pattern(parts), section, name)))
    return whole, [one for _, one in sorted(made, key=lambda found: -found[0])]


def _pattern(parts: list[str]) -> re.Pattern[str]:
    """Of a text in parts: words, field, words, field, ...; a field that comes again holds the same."""
    fields = parts[1::2]
    once = [f"(?P={name})" if name in fields[:i] else f"(?P<{name}>.+?)" for i, name in enumerate(fields)]
    return re.compile(
        "".join(re.escape(part) if i % 2 == 0 else once[i // 2] for i, part in enumerate(parts)), re.DOTALL
    )
