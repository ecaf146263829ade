"""A contact: one foot on the ground, from initial contact to toe-off, with the method that found it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from headway.recording import Flag, FloatArray, Side
from headway.texts import TEXTS

ContactSource = Literal["force", "file", "markers", "film"]
CONTACT_SHORTEST, CONTACT_LONGEST = 0.06, 0.6
"""A running contact lasts longer than the one and shorter than the other, s."""


@dataclass(frozen=True)
class Contact:
    """One contact.

    Attributes
    ----------
    initial_contact, toe_off
        s, on the time base of the recording.
    side
        Foot, ``None`` while unknown.
    method
        How it was found, with its threshold.
    rejected
        Why it is not analysed; empty when it is.
    """

    initial_contact: float
    toe_off: float
    side: Side | None
    method: str
    rejected: str = ""

    @property
    def duration(self) -> float:
        """Contact time, s."""
        return self.toe_off - self.initial_contact

    def at(self, share: float) -> float:
        """Instant at a share of stance (0 at initial contact, 1 at toe-off), s."""
        return self.initial_contact + share * self.duration

    def reject(self, why: str) -> Contact:
        """Return the same contact, not to be analysed for this reason."""
        return replace(self, rejected=why)


@dataclass(frozen=True)
class EventErrors:
    """Standard errors of the events of a film, s.

    Attributes
    ----------
    initial_contact, toe_off
        Of a single event.
    contact_time
        Of the mean contact time of all contacts.
    apart
        How far the cues of this film's feet are apart, as a contact time: a part of the error of that.
    """

    initial_contact: float
    toe_off: float
    contact_time: float
    apart: float = 0.0

    @property
    def midstance(self) -> float:
        """Of the middle between the two events of a contact, s."""
        return float(np.hypot(self.initial_contact, self.toe_off)) / 2


@dataclass(frozen=True)
class Contacts:
    """All contacts of a recording in order of time.

    Attributes
    ----------
    found
        Contacts, those to be rejected included.
    source
        What told them.
    threshold
        N for force events, else ``None``.
    flags
        What the reader has to know.
    error
        Of the events, where they come from a film.
    doubt
        What speaks against the contact times; empty when nothing does.
    """

    found: tuple[Contact, ...]
    source: ContactSource
    threshold: float | None
    flags: tuple[Flag, ...] = ()
    error: EventErrors | None = None
    doubt: str = ""

    @property
    def kept(self) -> tuple[Contact, ...]:
        """Contacts to be analysed: not rejected and with a known side."""
        return tuple(contact for contact in self.found if not contact.rejected and contact.side is not None)


def rejection_flags(found: tuple[Contact, ...]) -> tuple[Flag, ...]:
    """One flag per reason for which contacts were set aside, with their number."""
    reasons: dict[str, int] = {}
    for contact in found:
        if contact.rejected:
            reasons[contact.rejected] = reasons.get(contact.rejected, 0) + 1
    return tuple(
        Flag("contact_rejected", "info", TEXTS("flags.contact_rejected", n=count, why=why))
        for why, count in reasons.items()
    )


def inside(point: FloatArray, corners: FloatArray, margin: float) -> bool:
    """Tell whether a horizontal point lies in a convex plate, at least ``margin`` (m) from its edges (negative: outside by no more).

    Parameters
    ----------
    point
        Forward and right coordinates, m, shape (2,).
    corners
        m, shape (4, 2), in either turning sense.
    margin
        m.
    """
    centre = corners.mean(0)
    edges = np.roll(corners, -1, axis=0) - corners
    normals = np.column_stack([edges[:, 1], -edges[:, 0]])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    normals *= np.sign(np.einsum("ij,ij->i", normals, centre - corners))[:, None]
    return bool((np.einsum("ij,ij->i", normals, point - corners) >= margin).all())
