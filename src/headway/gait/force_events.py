"""Contacts from the ground force: hysteresis threshold, plate edges, feet told apart by the centre of pressure."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from headway.dynamics.ground_force import PlateForce, read
from headway.gait.axes import foot_names
from headway.gait.contacts import CONTACT_LONGEST, CONTACT_SHORTEST, Contact, Contacts, inside, rejection_flags
from headway.recording import Flag, FloatArray, Recording, Side
from headway.signals import runs, seen_mean
from headway.texts import TEXTS

LOADED = 50.0
"""A contact is a force above this for at least ``CONTACT_SHORTEST``, N."""
THRESHOLDS = (20.0, 50.0)
"""Crossings that bound a contact: quiet plates, noisy treadmills, N."""
TORN, TORN_INTERVAL = 200.0, 0.004
"""A force that falls from more than this (N) to nothing within one sample that is shorter than this (s) was not let go by a foot."""
EDGE = 0.01
"""A foot point may lie this far outside the plates before its contact counts as partial, m."""


def force_contacts(recording: Recording, force: PlateForce, threshold: float | None = None) -> Contacts:
    """Find the contacts in the ground force of an oriented recording.

    Parameters
    ----------
    recording
        Oriented, with landmarks: its feet give the sides and the check for feet beside the plates.
    force
        Prepared ground force.
    threshold
        As declared, N.

    Notes
    -----
    A contact is F_up > 50 N for at least 60 ms; its ends are the enclosing crossings of the threshold: 20 N, or 50 N where an unloaded
    plate reaches 20 N, unless it is declared; between samples by linear interpolation.
    """
    noisy: tuple[Flag, ...] = ()
    if threshold is None:
        threshold = THRESHOLDS[0] if force.noise < THRESHOLDS[0] else THRESHOLDS[1]
    elif force.noise >= threshold:
        text = TEXTS("lab.threshold_in_noise", noise=force.noise, threshold=threshold)
        noisy = (Flag("threshold_in_noise", "warning", text),)
    feet = _foot_points(recording)
    swapped: tuple[Flag, ...] = ()
    own = set(force.sides) <= {"left", "right"}
    found: list[Contact] = []
    if own:
        for side in ("left", "right"):
            mine = [k for k, name in enumerate(force.sides) if name == side]
            if mine:
                found += _contacts(force.time, force.streams[:, mine, 1].sum(1), force.gaps, threshold, side)
        found.sort(key=lambda contact: contact.initial_contact)
        found, swapped = _told_sides(recording.time, feet, force, found)
    else:
        found = _contacts(force.time, force.raw[:, 1], force.gaps, threshold, None)
        found = [_sided(recording.time, feet, force, contact) for contact in found]
    found = [_on_plate(recording.time, feet, force, contact) for contact in found]
    flags = [*force.flags, *noisy, *swapped, *rejection_flags(tuple(found)), *_alternation(found)]
    return Contacts(tuple(found), "force", threshold, tuple(flags))


def _contacts(
    time: FloatArray, vertical: FloatArray, gaps: np.ndarray, threshold: float, side: Side | None
) -> list[Contact]:
    above = runs(vertical > threshold)
    loaded = vertical > LOADED
    found = []
    for start, stop in above:
        spans = runs(loaded[start:stop])
        if not spans or (spans[-1][1] - spans[0][0]) * (time[1] - time[0]) < CONTACT_SHORTEST:
            continue
        contact = Contact(
            _crossing(time, vertical, start, threshold),
            _crossing(time, vertical, stop, threshold),
            side,
            f"force {threshold:.0f} N",
        )
        if start == 0 or stop == len(time):
            contact = contact.reject(TEXTS("words.cut_by_force_end"))
        elif contact.duration > CONTACT_LONGEST:
            contact = contact.reject(TEXTS("words.foot_stays", time=CONTACT_LONGEST))
        elif gaps[start:stop].any() or (vertical[stop - 1] > TORN and time[1] - time[0] < TORN_INTERVAL):
            contact = contact.reject(TEXTS("words.force_breaks_off"))
        found.append(contact)
    return found


def _crossing(time: FloatArray, vertical: FloatArray, after: int, threshold: float) -> float:
    if after in (0, len(time)):
        return float(time[min(after, len(time) - 1)])
    low, high = vertical[after - 1], vertical[after]
    return float(time[after - 1] + (threshold - low) / (high - low) * (time[after] - time[after - 1]))


def _foot_points(recording: Recording) -> dict[Side, FloatArray]:
    """Points of each foot, m, shape (frames, points, 3); a foot without any is left out."""
    feet: dict[Side, FloatArray] = {}
    for side in ("left", "right"):
        names = foot_names(recording, side)[:4]
        if names:
            feet[side] = recording.points.sel(point=list(names)).to_numpy()
    return feet


def _sided(time: FloatArray, feet: dict[Side, FloatArray], force: PlateForce, contact: Contact) -> Contact:
    """Give the contact the side of the foot nearest to the centre of pressure over 20-80 % of stance."""
    inner = slice(*np.searchsorted(time, [contact.at(0.2), contact.at(0.8)]).tolist())
    if contact.rejected:
        return contact
    if inner.stop - inner.start < 2:
        return contact.reject(TEXTS("words.no_motion_with_it"))
    pressure = read(force.time, force.centre_of_pressure, time[inner])
    distance = {side: _apart(points[inner], pressure) for side, points in feet.items()}
    if len(distance) < 2 or not np.isfinite(list(distance.values())).all():
        return contact.reject(TEXTS("words.feet_not_marked"))
    nearest: Side = "left" if distance["left"] < distance["right"] else "right"
    return replace(contact, side=nearest)


def _told_sides(
    time: FloatArray, feet: dict[Side, FloatArray], force: PlateForce, found: list[Contact]
) -> tuple[list[Contact], tuple[Flag, ...]]:
    """Exchange the sides that the file tells where the other foot is nearer to the centre of pressure in most contacts."""
    nearest = [_sided(time, feet, force, contact) for contact in found]
    judged = [
        (told, near) for told, near in zip(found, nearest, strict=True) if not told.rejected and not near.rejected
    ]
    wrong = sum(told.side != near.side for told, near in judged)
    if wrong <= len(judged) / 2:
        return found, ()
    text = TEXTS("flags.forces_exchanged", wrong=wrong, contacts=len(judged))
    other: dict[Side | None, Side] = {"left": "right", "right": "left"}
    return [replace(contact, side=other[contact.side]) for contact in found], (
        Flag("sides_exchanged", "warning", text),
    )


def _apart(foot: FloatArray, pressure: FloatArray) -> float:
    """Mean distance of a foot's points from the centre of pressure, m; NaN when they are never seen together."""
    distance = np.linalg.norm(foot - pressure[:, None], axis=2)
    return float(seen_mean(distance.ravel()))


def _on_plate(time: FloatArray, feet: dict[Side, FloatArray], force: PlateForce, contact: Contact) -> Contact:
    if contact.rejected or force.corners is None or contact.side not in feet:
        return contact
    plates = [
        corners[:, [0, 2]]
        for corners in force.corners
        if np.isfinite(corners).all() and np.ptp(corners[:, [0, 2]], axis=0).min() > 0.05
    ]
    flat = slice(*np.searchsorted(time, [contact.at(0.3), contact.at(0.5)]).tolist())
    if not plates or flat.stop <= flat.start:
        return contact
    places = np.median(feet[contact.side][flat], axis=0)[:, [0, 2]]
    off = [
        place
        for place in places
        if np.isfinite(place).all() and not any(inside(place, plate, -EDGE) for plate in plates)
    ]
    return contact.reject(TEXTS("words.foot_off_plates")) if off else contact


def _alternation(found: list[Contact]) -> list[Flag]:
    sides = [contact.side for contact in found if contact.side and not contact.rejected]
    repeated = sum(a == b for a, b in pairwise(sides))
    if not repeated:
        return []
    return [
        Flag(
            "sides_repeat",
            "warning",
            TEXTS("flags.sides_repeat", repeated=repeated, contacts=len(sides)),
        )
    ]
