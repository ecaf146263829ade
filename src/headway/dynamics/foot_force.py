"""The ground force of each foot, with its place and its free moment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headway.body.rotations import cross
from headway.dynamics.ground_force import PRESSURE_FLOOR, PlateForce
from headway.gait.contacts import Contacts
from headway.recording import FloatArray, Recording

SIDES = ("left", "right")


@dataclass(frozen=True)
class FootForce:
    """Force of the ground on each foot, zero corrected and unfiltered; arrays hold left and right.

    Attributes
    ----------
    time
        s, shape (samples,).
    force
        N, shape (samples, 2, 3); zero while the other foot is on the ground.
    pressure
        Centre of pressure, m, shape (samples, 2, 3); NaN where it is not known.
    free_moment
        About the upward axis through the centre of pressure, N·m, shape (samples, 2); NaN where it is not known.
    """

    time: FloatArray
    force: FloatArray
    pressure: FloatArray
    free_moment: FloatArray


def foot_force(force: PlateForce, contacts: Contacts, recording: Recording) -> FootForce:
    """Give the sum of all streams to one foot at a time: in running, the one whose contact is nearest.

    Parameters
    ----------
    force
        Measured, or estimated (then without a centre of pressure).
    contacts
        Of which foot.
    recording
        Oriented; holds the free moments of its plates.
    """
    right = _is_right(contacts, force.time)
    on_foot = np.stack([~right, right], axis=1)
    pressure = force.centre_of_pressure
    turning = _free_moment(force, recording, pressure)
    return FootForce(
        force.time,
        np.where(on_foot[..., None], force.raw[:, None], 0.0),
        np.where(on_foot[..., None], pressure[:, None], np.nan),
        np.where(on_foot, turning[:, None], np.nan),
    )


def _is_right(contacts: Contacts, time: FloatArray) -> np.ndarray:
    """Whether the contact nearest to each instant is of the right foot."""
    found = sorted((one for one in contacts.found if one.side is not None), key=lambda one: one.initial_contact)
    middle = [(one.toe_off + after.initial_contact) / 2 for one, after in pairwise(found)]
    right = np.array([one.side == "right" for one in found])
    return right[np.searchsorted(np.array(middle), time)]


def _free_moment(force: PlateForce, recording: Recording, pressure: FloatArray) -> FloatArray:
    """Moment of all streams about the upward axis through the common centre of pressure, N·m, shape (samples,); NaN where that is not known."""
    data = recording.ground_force
    if data is None or data.sizes["time"] != len(force.time):
        return np.full(len(force.time), np.nan)
    own = data["free_moment"].transpose("time", "plate").to_numpy()
    loaded = (force.streams[..., 1] > PRESSURE_FLOOR / 2) & np.isfinite(force.pressure).all(-1)
    about = cross(force.pressure - pressure[:, None], force.streams)[..., 1]
    return np.where(np.isfinite(pressure[:, 0]), np.where(loaded, np.nan_to_num(own) + about, 0.0).sum(1), np.nan)
