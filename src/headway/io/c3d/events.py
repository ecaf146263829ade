"""The events of a C3D file, on the clock of its frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headway.io.c3d.sections import Values, numbers, texts
from headway.io.events import METHOD, parse_event
from headway.recording import Event, Flag, FloatArray
from headway.texts import TEXTS


def c3d_events(
    group: Mapping[str, Values],
    offset: float,
    duration: float,
    subject: str | None = None,
    in_header: Sequence[tuple[str, float]] = (),
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
    in_header
        Labels and times (s) of the events in the header of the file, used where the group holds none.

    Returns
    -------
    tuple
        Events in order of time and what has to be said about them.
    """
    labels, contexts, owners = (texts(group, name) for name in ("LABELS", "CONTEXTS", "SUBJECTS"))
    times = _times(group)
    if not labels:
        labels, times = [label for label, _ in in_header], np.array([time for _, time in in_header])
    several = len({owner.strip().lower() for owner in owners if owner.strip()}) > 1
    found: list[Event] = []
    unknown: list[str] = []
    for k, label in enumerate(labels[: len(times)]):
        parsed = parse_event(label, contexts[k] if k < len(contexts) else "")
        owner = owners[k].strip() if k < len(owners) else ""
        if several and subject and owner and owner.lower() != subject.lower():
            continue
        if parsed is None:
            unknown.append(label.strip())
        else:
            found.append(Event(parsed[0], parsed[1], float(times[k]), METHOD))
    events, flags = _place(found, offset, duration)
    return events, (*flags, *_unknown_flag(unknown))


def _times(group: Mapping[str, Values]) -> FloatArray:
    """Seconds: minutes and seconds by turns."""
    pairs = numbers(group, "TIMES")
    return pairs[: len(pairs) // 2 * 2].reshape(-1, 2) @ np.array([60.0, 1.0])


def _unknown_flag(labels: Sequence[str]) -> tuple[Flag, ...]:
    named = list(dict.fromkeys(label for label in labels if label))
    if not named:
        return ()
    message = TEXTS("lab.events_not_used", names=", ".join(named[:6]))
    return (Flag("events_not_used", "info", message),)


def _place(found: Sequence[Event], offset: float, duration: float) -> tuple[tuple[Event, ...], tuple[Flag, ...]]:
    """Put events on the clock of the file."""
    moved = [Event(event.name, event.side, event.time - offset, event.method) for event in found]
    inside = [event for event in moved if -1e-6 <= event.time <= duration]
    if found and not inside and offset > 0 and all(0.0 <= event.time <= duration for event in found):
        message = TEXTS("lab.event_clock")
        return tuple(sorted(found, key=_order)), (Flag("event_clock", "info", message),)
    flags: tuple[Flag, ...] = ()
    if len(inside) < len(found):
        flags = (
            Flag("events_outside", "info", TEXTS("lab.events_outside", found=len(found) - len(inside), all=len(found))),
        )
    return tuple(sorted(inside, key=_order)), flags


def _order(event: Event) -> tuple[float, str]:
    return event.time, event.name
