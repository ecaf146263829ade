"""Which source tells the contacts: force, else the file's own events, else the foot markers."""

from __future__ import annotations

from dataclasses import replace

from headway.dynamics.ground_force import PlateForce
from headway.gait.contacts import CONTACT_LONGEST, Contacts
from headway.gait.file_events import file_contacts
from headway.gait.force_events import force_contacts
from headway.gait.marker_events import marker_contacts
from headway.recording import Flag, Recording


def find_contacts(recording: Recording, force: PlateForce | None) -> Contacts:
    """Contacts of an oriented recording.

    Raises
    ------
    RecordingError
        No source tells any contact.
    """
    if force is not None:
        found = force_contacts(recording, force)
        if found.kept or any(contact.duration > CONTACT_LONGEST for contact in found.found):
            return found
    found = file_contacts(recording) or marker_contacts(recording)
    if force is None:
        return found
    text = "no whole contact is on the force plates: nothing that needs force is measured"
    return replace(found, flags=(*found.flags, Flag("plates_unused", "warning", text)))
