"""Contacts from foot markers, for recordings without force plates, each with its expected error."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headway.body.channels import SIDES, BodyChannels, body_channels
from headway.errors import RecordingError
from headway.gait.contacts import CONTACT_LONGEST, CONTACT_SHORTEST, Contact, Contacts, rejection_flags
from headway.gait.event_model import (
    COARSE_SHIFT,
    HELD_ERROR,
    KINDS,
    EventModel,
    EventModels,
    elsewhere,
    held,
    planted,
    usable_models,
)
from headway.recording import Flag, FloatArray, Recording, Side
from headway.texts import TEXTS

COARSE_ERROR = {"initial_contact": 0.015, "toe_off": 0.015}
"""Standard error of events without refinement, s (treadmill runners: 9 and 11 ms; doubled speed range)."""
RATE_LOWEST = 45.0
"""Below this the refinement was never tried and is left out, frames per second."""
LONGEST_RUNNING = 0.42
"""A longer contact lies outside of what the models were fitted on and keeps its coarse ends, s."""
NOVELTY_LARGEST = 9.0
"""Motion further than this from what a model knows keeps its coarse event."""
AT_END = 0.006
"""A planted phase this near an end of the recording is cut by it, s."""


@dataclass(frozen=True)
class MarkerContact(Contact):
    """A contact found in the motion of the foot.

    Attributes
    ----------
    initial_contact_error, toe_off_error
        Standard errors against a force plate's 50 N crossing, s.
    """

    initial_contact_error: float = float("nan")
    toe_off_error: float = float("nan")


def marker_contacts(recording: Recording, *, models: EventModels | None = None) -> Contacts:
    """Find contacts from the motion of the feet relative to the ground, refined to a fraction of a frame.

    Parameters
    ----------
    recording
        Oriented, with landmarks.
    models
        Other models than those of the parameter file (for judging them on runners left out).

    Returns
    -------
    Contacts of the type :class:`MarkerContact`, in order of time. The instants stand for the 50 N crossings of a force plate.

    Raises
    ------
    RecordingError
        No pelvis, no foot, or no foot that ever stays on the ground.

    Notes
    -----
    A foot is planted while its forefoot (else toe, else heel) goes with the ground, level and low. From either end of that phase a ridge
    regression on velocity and acceleration of heel, forefoot, shank, thigh and pelvis within 80 ms leads to the event, with the heights of
    heel and forefoot (landing) and the place of the foot behind the pelvis (toe-off). Fitted on 19 treadmill runners at 2.5-4.5 m/s
    (Fukuchi 2017) with copies at 50 and 100 Hz and with fewer markers; ``docs/evidence/without-plates.md`` has the errors on runners left out.
    Compare Handsaker 2016 (limits -12 to +18 ms) and FootNet (Rivadulla 2021; RMSE 5-6 ms).
    """
    body = body_channels(recording)
    wider = elsewhere(recording)
    found = [contact for side in SIDES for contact in _foot_contacts(body, side, models, wider)]
    if not found:
        raise RecordingError(
            recording.source,
            "no foot stays on the ground in this recording",
            "give a recording of running with heel and forefoot markers and at least one stance",
        )
    found.sort(key=lambda contact: contact.initial_contact)
    return Contacts(tuple(found), "markers", None, (*_flags(body, found), *rejection_flags(tuple(found))))


def _foot_contacts(body: BodyChannels, side: Side, models: EventModels | None, wider: float) -> list[MarkerContact]:
    phases = planted(body, side)
    if not phases:
        return []
    ends = np.array(phases)
    events, errors, methods = zip(
        *(_events(body, usable_models(body, side, kind, models), side, ends, k) for k, kind in enumerate(KINDS)),
        strict=True,
    )
    contacts = []
    for k, (start, stop) in enumerate(phases):
        contact = MarkerContact(
            float(events[0][k]),
            float(events[1][k]),
            side,
            f"markers: {methods[0][k]}"
            if methods[0][k] == methods[1][k]
            else f"markers: {methods[0][k]} (toe-off: {methods[1][k]})",
            initial_contact_error=wider * float(errors[0][k]),
            toe_off_error=wider * float(errors[1][k]),
        )
        contacts.append(_checked(body, contact, start, stop))
    return contacts


def _events(
    body: BodyChannels, models: list[EventModel], side: Side, phases: FloatArray, end: int
) -> tuple[FloatArray, FloatArray, list[str]]:
    """Times (s), standard errors (s) and methods of the events at one end of each planted phase."""
    kind = KINDS[end]
    guess = phases[:, end] + COARSE_SHIFT[kind]
    time, error = guess.copy(), np.full(len(guess), COARSE_ERROR[kind])
    method = ["foot speed and height"] * len(guess)
    if body.source_rate < RATE_LOWEST:
        return time, error + 0.5 / body.source_rate, method
    open_ = np.diff(phases, axis=1)[:, 0] < LONGEST_RUNNING
    for model in models:
        if not open_.any():
            break
        refined, novelty = model.refine(body, side, guess)
        done = open_ & np.isfinite(refined) & (novelty < NOVELTY_LARGEST)
        time[done] = refined[done]
        width = np.hypot(model.error * np.sqrt(np.maximum(novelty, 1.0)), HELD_ERROR * held(body, refined))
        error[done] = width[done]
        for k in np.flatnonzero(done):
            method[k] = model.channels
        open_ &= ~done
    return time, error, method


def _checked(body: BodyChannels, contact: MarkerContact, start: float, stop: float) -> MarkerContact:
    """Reject what is no whole running contact."""
    why = ""
    first, last = body.time[0], body.time[-1]
    if start - first < AT_END or last - stop < AT_END or contact.initial_contact < first or contact.toe_off > last:
        why = TEXTS("words.cut_by_end")
    elif contact.duration > CONTACT_LONGEST:
        why = TEXTS("words.stays_long", time=CONTACT_LONGEST)
    elif contact.duration < CONTACT_SHORTEST:
        why = TEXTS("words.touches_short", time=1000 * CONTACT_SHORTEST)
    return contact if not why else _rejected(contact, why)


def _rejected(contact: MarkerContact, why: str) -> MarkerContact:
    changed = contact.reject(why)
    assert isinstance(changed, MarkerContact)
    return changed


def _flags(body: BodyChannels, found: list[MarkerContact]) -> list[Flag]:
    kept = [contact for contact in found if not contact.rejected]
    flags = []
    if kept:
        early, late = (
            1000 * float(np.median([getattr(contact, f"{kind}_error") for contact in kept])) for kind in KINDS
        )
        text = TEXTS("flags.events_from_markers", early=2 * early, late=2 * late)
        flags.append(Flag("events_from_markers", "warning", text))
    sides = [contact.side for contact in kept]
    missing = [side for side in SIDES if side not in {contact.side for contact in found}]
    if missing:
        text = TEXTS("flags.one_foot_marked", side=missing[0])
        flags.append(Flag("one_foot", "warning", text))
    elif repeated := sum(a == b for a, b in pairwise(sides)):
        text = TEXTS("flags.sides_repeat", repeated=repeated, contacts=len(sides))
        flags.append(Flag("sides_repeat", "warning", text))
    if body.source_rate < 1.2 * RATE_LOWEST:
        flags.append(Flag("slow_frames", "warning", TEXTS("flags.slow_frames", source_rate=body.source_rate)))
    return flags
