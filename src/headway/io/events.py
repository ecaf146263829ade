"""Names that systems give to the two events of a running step."""

from __future__ import annotations

import re

from headway.recording import Side

METHOD = "file"
_NAMES = {
    "initial_contact": "footstrike footcontact footdown initialcontact heelstrike touchdown strike contact on fs hs ic td",
    "toe_off": "footoff footup toeoff takeoff liftoff terminalcontact off to fo tc lo",
}
_EVENT = {word: name for name, words in _NAMES.items() for word in words.split()}
_SIDES: dict[str, Side] = {"left": "left", "l": "left", "right": "right", "r": "right"}


def parse_event(label: str, context: str = "") -> tuple[str, Side | None] | None:
    """Tell which event a label names and of which foot, or ``None`` for a label that names neither contact nor toe-off.

    Parameters
    ----------
    label
        ``Foot Strike``, ``RHS``, ``LOFF``, ``toe_off`` …
    context
        ``Left`` or ``Right`` where the file says so beside the label; anything else is no side.
    """
    word = re.sub(r"[^a-z]", "", label.lower())
    side = _SIDES.get(context.strip().lower())
    if word in _EVENT:
        return _EVENT[word], side
    for mark, named in _SIDES.items():
        for rest in (word.removeprefix(mark), word.removesuffix(mark)):
            if rest != word and rest in _EVENT:
                return _EVENT[rest], side or named
    return None
