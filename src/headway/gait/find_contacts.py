"""Which source tells the contacts: force, else the file's own events, else the foot markers; in a film the key points."""

from __future__ import annotations

from dataclasses import replace

from headway.dynamics.ground_force import PlateForce
from headway.gait.contacts import CONTACT_LONGEST, Contacts
from headway.gait.file_events import file_contacts
from headway.gait.film_events import film_contacts
from headway.gait.force_events import force_contacts
from headway.gait.marker_events import marker_contacts
from headway.recording import Flag, Recording
from headway.texts import TEXTS


def find_contacts(recording: Recording, force: PlateForce | None, threshold: float | None = None) -> Contacts:
    """Contacts of an oriented recording; ``threshold`` of the force as declared, N.

    Raises
    ------
    RecordingError
        No source tells any contact.
    """
    if recording.camera is not None:
        return film_contacts(recording)
    on_plates = force_contacts(recording, force, threshold) if force is not None else None
    if on_plates is not None and (
        on_plates.kept or any(contact.duration > CONTACT_LONGEST for contact in on_plates.found)
    ):
        return on_plates
    found = file_contacts(recording) or marker_contacts(recording)
    if on_plates is None:
        return found
    reasons = sorted({contact.rejected for contact in on_plates.found if contact.rejected})
    text = TEXTS("flags.plates_unused", reasons="; ".join(reasons) or TEXTS("words.none_loaded"))
    return replace(found, flags=(*found.flags, Flag("plates_unused", "warning", text)))
