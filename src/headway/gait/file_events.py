"""Contacts from the events that a file itself holds."""

from __future__ import annotations

from itertools import pairwise

from headway.gait.contacts import CONTACT_LONGEST, CONTACT_SHORTEST, Contact, Contacts
from headway.recording import Recording


def file_contacts(recording: Recording) -> Contacts | None:
    """Pair each initial contact in the file with the next toe-off of the same foot; ``None`` if there is no pair."""
    found = []
    for side in ("left", "right"):
        own = [event for event in recording.events if event.side == side]
        for event, following in pairwise(own):
            if event.name == "initial_contact" and following.name == "toe_off":
                contact = Contact(event.time, following.time, side, event.method)
                if CONTACT_SHORTEST < contact.duration < CONTACT_LONGEST:
                    found.append(contact)
    if not found:
        return None
    return Contacts(tuple(sorted(found, key=lambda contact: contact.initial_contact)), "file", None)
