"""Texts that try to be more than text, and a look for what came of them in a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, TypeVar

import msgspec

EVIL = '"\'></script></style></title></textarea><zz-evil onzz=1><img src=x onzz=1 onerror="window.evil=1">{{7*7}}'
"""Ends whatever it stands in, and begins an element of its own."""
FILE = "'\"><zz-evil onzz=1><img src=x onerror=window.evil=1>"
"""The same as a file's name can be: without a slash."""

Summary = TypeVar("Summary", bound=msgspec.Struct)


class _Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if tag == "zz-evil" or any("zz" in name or name.startswith("on") for name in names):
            self.faults.append(f"<{tag} {names}> at line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def faults_of(page: str) -> list[str]:
    """Elements and attributes that came from a hostile text; also of a text that was taken for a template."""
    found = _Found()
    found.feed(page)
    return found.faults + (["a text was run as a template"] if "49" in page and "zz-evil onzz=1>49" in page else [])


def shown(page: str) -> int:
    """How often a hostile text is shown as text."""
    found = _Found()
    found.feed(page)
    return sum(text.count("zz-evil") for text in found.texts)


def poisoned(summary: Summary, *spared: str) -> Summary:
    """A summary with every text of it hostile, but those that can only be one of some words, and fields that are named."""
    plain, kept = msgspec.to_builtins(summary), set(spared)
    while True:
        try:
            return msgspec.convert(_evil(plain, kept), type(summary))
        except msgspec.ValidationError as fault:
            named = re.findall(r"[.](\w+)", str(fault).partition(" - at ")[2])
            assert named and named[-1] not in kept, fault
            kept.add(named[-1])


def _evil(value: Any, kept: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: one if name in kept else _evil(one, kept) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_evil(one, kept) for one in value]
    return value + EVIL if isinstance(value, str) else value
