"""Where under the foot the ground pushes when no plate tells it: the path of the centre of pressure along the foot over stance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.body.body import Body
from headway.dynamics.foot_force import SIDES
from headway.gait.contacts import Contact, Contacts
from headway.recording import FloatArray
from headway.signals import seen_mean

PARAMETERS = "pressure_model.json"
NODES = np.linspace(0.0, 1.0, 21)
"""Shares of stance at which the path is modelled."""
FLAT = (0.3, 0.6)
"""Shares of stance between which the foot lies on the ground."""
LEAST_FRAMES = 2


@dataclass(frozen=True)
class PressureModel:
    """Path of the centre of pressure, in lengths of the foot.

    Attributes
    ----------
    along
        From the heel toward the toe tip at a landing with a flat foot, and its change per rad of the foot's pitch at landing, shape (2, nodes).
    aside
        From the foot's line to its lateral side, shape (nodes,).
    error
        Standard error along and aside for runners left out, m, shape (2, nodes).
    """

    along: FloatArray
    aside: FloatArray
    error: FloatArray

    def place(self, share: FloatArray, foot: FootOnGround) -> FloatArray:
        """Centre of pressure at shares of stance, forward and right, m, shape (n, 2), where the foot lies still."""
        path = self.along[0] + self.along[1] * foot.pitch
        ahead, aside = (foot.length * np.interp(share, NODES, one) for one in (path, self.aside))
        return foot.heel + ahead[:, None] * foot.line + aside[:, None] * foot.outward


@dataclass(frozen=True)
class FootOnGround:
    """A foot that lies on the ground; forward and right, m.

    Attributes
    ----------
    heel
        In the middle of stance, shape (2,).
    line, outward
        Unit vectors from the heel to the toe tip, and to the foot's lateral side, shape (2,).
    length
        Of the foot seen from above.
    pitch
        Of the foot at landing against the flat foot, rad; + = toe up.
    """

    heel: FloatArray
    line: FloatArray
    outward: FloatArray
    length: float
    pitch: float


@lru_cache(maxsize=1)
def load_pressure_model() -> PressureModel:
    """The model in the parameter file, made by ``benchmarks/fit_pressure.py``."""
    held = json.loads((files("headway") / "data" / PARAMETERS).read_text(encoding="utf-8"))
    return PressureModel(*(np.array(held[name]) for name in ("along", "aside", "error")))


def foot_on_ground(body: Body, contact: Contact, travel: float) -> FootOnGround | None:
    """How the foot of a contact lies on the ground; ``None`` where it was not seen.

    Parameters
    ----------
    body
        With feet.
    contact
        With its side.
    travel
        Forward velocity of the ground, m/s: minus the speed on a treadmill, else 0.
    """
    name = f"foot_{contact.side}"
    if name not in body.segments.names:
        return None
    time, ends = body.motion.time, body.segments.endpoints[:, body.segments.index(name)]
    flat = (time >= contact.at(FLAT[0])) & (time <= contact.at(FLAT[1]))
    first = int(time.searchsorted(contact.initial_contact))
    if flat.sum() < LEAST_FRAMES or first >= len(time):
        return None
    still = ends[flat].copy()
    still[..., 0] -= travel * (time[flat] - contact.at(0.5))[:, None]
    heel, tip = seen_mean(still)
    line = (tip - heel)[[0, 2]]
    length = float(np.hypot(*line))
    landing = ends[first, 1] - ends[first, 0]
    pitch = _pitch(landing) - _pitch(tip - heel)
    if not np.isfinite([length, pitch]).all():
        return None
    line = line / length
    outward = np.array([-line[1], line[0]]) * (1.0 if contact.side == "right" else -1.0)
    return FootOnGround(heel[[0, 2]], line, outward, length, pitch)


def _pitch(line: FloatArray) -> float:
    return float(np.arctan2(line[1], np.hypot(line[0], line[2])))


def estimated_pressure(
    body: Body, contacts: Contacts, time: FloatArray, level: float, travel: float, model: PressureModel | None = None
) -> FloatArray:
    """Centre of pressure of each foot, m, shape (samples, 2, 3); NaN outside of its contacts.

    Parameters
    ----------
    body, contacts
        Of one trial.
    time
        Of the samples, s.
    level
        Height of the ground, m.
    travel
        See :func:`foot_on_ground`.
    model
        Another model than that of the parameter file (for judging it on runners left out).
    """
    model = model or load_pressure_model()
    out = np.full((len(time), 2, 3), np.nan)
    for contact in contacts.found:
        foot = None if contact.side is None else foot_on_ground(body, contact, travel)
        if foot is None or contact.side is None:
            continue
        own = slice(*time.searchsorted([contact.initial_contact, contact.toe_off]))
        place = model.place((time[own] - contact.initial_contact) / contact.duration, foot)
        place[:, 0] += travel * (time[own] - contact.at(0.5))
        k = SIDES.index(contact.side)
        out[own, k, 0], out[own, k, 1], out[own, k, 2] = place[:, 0], level, place[:, 1]
    return out
