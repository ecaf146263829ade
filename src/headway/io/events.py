"""Names that systems give to the two events of a running step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headway.recording import Event, Flag, Side

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


def c3d_events(
    group: Mapping[str, Any], offset: float, duration: float, subject: str | None = None
) -> tuple[tuple[Event, ...], tuple[Flag, ...]]:
    """Read the EVENT group of a C3D file.

    Parameters
    ----------
    group
        Values by parameter name; ``TIMES`` is (2, events) in minutes and seconds from the start of the capture.
    offset
        s from the start of the capture to the first stored frame, taken off every time.
    duration
        s; events outside the file are left out.
    subject
        Runner whose events are wanted, where the events belong to several.

    Returns
    -------
    tuple
        Events in order of time and what has to be said about them.
    """
    labels, contexts, owners = (_texts(group, name) for name in ("LABELS", "CONTEXTS", "SUBJECTS"))
    times = _times(group)
    several = len({owner.strip().lower() for owner in owners if owner.strip()}) > 1
    found: list[Event] = []
    for k, label in enumerate(labels[: len(times)]):
        parsed = parse_event(label, contexts[k] if k < len(contexts) else "")
        owner = owners[k].strip() if k < len(owners) else ""
        if parsed is None or (several and subject and owner and owner.lower() != subject.lower()):
            continue
        found.append(Event(parsed[0], parsed[1], float(times[k]), METHOD))
    return _place(found, offset, duration)


def _place(found: Sequence[Event], offset: float, duration: float) -> tuple[tuple[Event, ...], tuple[Flag, ...]]:
    """Put events on the clock of the file."""
    moved = [Event(event.name, event.side, event.time - offset, event.method) for event in found]
    inside = [event for event in moved if -1e-6 <= event.time <= duration]
    if found and not inside and offset > 0 and all(0.0 <= event.time <= duration for event in found):
        message = "event times count from the first stored frame, not from the start of the capture as C3D has it"
        return tuple(sorted(found, key=_order)), (Flag("event_clock", "info", message),)
    flags: tuple[Flag, ...] = ()
    if len(inside) < len(found):
        flags = (
            Flag("events_outside", "info", f"{len(found) - len(inside)} of {len(found)} events lie outside the file"),
        )
    return tuple(sorted(inside, key=_order)), flags


def _order(event: Event) -> tuple[float, str]:
    return event.time, event.name


def _texts(group: Mapping[str, Any], name: str) -> list[str]:
    """All values of a text parameter; past 255 they go on in NAME2, NAME3 and so on."""
    values: list[str] = []
    for part in (name, *(f"{name}{k}" for k in range(2, 10))):
        if part not in group:
            break
        values.extend(str(value) for value in group[part])
    return values


def _times(group: Mapping[str, Any]) -> np.ndarray:
    parts: list[np.ndarray] = []
    for part in ("TIMES", *(f"TIMES{k}" for k in range(2, 10))):
        values = np.asarray(group.get(part, []), dtype=float)
        if values.size == 0:
            break
        values = values.reshape(2, -1, order="F") if values.ndim == 1 else values
        parts.append(60.0 * values[0] + values[1])
    return np.concatenate(parts) if parts else np.zeros(0)
