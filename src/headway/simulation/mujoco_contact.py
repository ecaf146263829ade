"""The contact law in MuJoCo's words: its soft constraints made springs and dampers of a given stiffness.

MuJoCo solves a contact for the force at which the contact's acceleration is ``aref = -b v - k r``, give or take ``R`` per newton. With
the least impedance that it allows, ``R`` is so large that the contact's own acceleration does not matter, and the force is
``aref / R``: a spring and a damper (MuJoCo documentation, *Computation*). ``R`` is fixed by the inverse weight of the body that
carries the place, in the posture of all zeros.
"""

from __future__ import annotations

import numpy as np

from headway.body.skeleton import SIDE_SIGN, Skeleton
from headway.recording import GRAVITY, FloatArray
from headway.simulation.contact import Ground, soles_of

IMPEDANCE = 1e-4
"""The least that MuJoCo takes."""
USUAL_DEPTH = 0.005
"""m: at which MuJoCo's damper, which does not know the depth, damps as much as the contact law does."""
USUAL_LOAD = 0.8
"""Body weights on a place: at which MuJoCo's friction, which does not know the load before it slips, creeps as the contact law does."""
RATIO = 1e4
"""By how much friction is held harder than depth (``impratio``): ``R`` of friction is then the inverse weight, and its damping implicit."""


def contact_pairs(skeleton: Skeleton, ground: Ground) -> dict[str, dict[str, str]]:
    """Attributes of the contact of every place under the soles with the floor, by the place's name."""
    weights = inverse_weights(skeleton)
    places = {f"sole_{sole}_{side}" for sole in soles_of(skeleton) for side in SIDE_SIGN}
    return {
        name: _pair(ground, skeleton.mass * GRAVITY, weights[body.name])
        for body in skeleton.bodies
        for name in body.points
        if name in places
    }


def _pair(ground: Ground, weight: float, inverse: float) -> dict[str, str]:
    stiffness = ground.stiffness * weight * inverse * (1 - IMPEDANCE)
    creeping = ground.friction * USUAL_LOAD * weight / ground.creep
    held = creeping * inverse * (1 - IMPEDANCE) / RATIO
    return {
        "condim": "3",
        "friction": f"{ground.friction:g} {ground.friction:g} 0.005 0.0001 0.0001",
        "solimp": f"{IMPEDANCE} {IMPEDANCE} 0.001 0.5 2",
        "solref": f"{-stiffness:.17g} {-stiffness * ground.damping * USUAL_DEPTH:.17g}",
        "solreffriction": f"0 {-held:.17g}",
    }


def inverse_weights(skeleton: Skeleton) -> dict[str, float]:
    """By how much a force of 1 N at a body's centre of mass accelerates it in the posture of all zeros, mean over the axes, 1/kg."""
    n = len(skeleton.names)
    places: dict[str | None, FloatArray] = {None: np.zeros(3)}
    slides: dict[str | None, FloatArray] = {None: np.zeros((3, n))}
    spins: dict[str | None, FloatArray] = {None: np.zeros((3, n))}
    mass, moved = np.zeros((n, n)), {}
    for body in skeleton.bodies:
        place = places[body.parent] + body.offset
        slide = slides[body.parent] + _across(spins[body.parent], body.offset)
        spin = spins[body.parent].copy()
        for one in body.coordinates:
            (slide if one.kind == "slide" else spin)[:, skeleton.index(one.name)] += one.axis
        places[body.name], slides[body.name], spins[body.name] = place, slide, spin
        moved[body.name] = centre = slide + _across(spin, body.com)
        mass += body.mass * centre.T @ centre + spin.T @ body.inertia @ spin
    return {name: float(np.trace(centre @ np.linalg.solve(mass, centre.T)) / 3) for name, centre in moved.items()}


def _across(spin: FloatArray, arm: FloatArray) -> FloatArray:
    """Velocity of the end of an arm by each coordinate."""
    return np.cross(spin.T, arm).T
