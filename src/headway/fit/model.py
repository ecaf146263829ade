"""Equations of a runner with toes on the ground of both feet, as functions of one instant with exact first derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import SIDE_SIGN, Skeleton
from headway.body.toes import DAMPING
from headway.fit.measured import SIDES
from headway.recording import GRAVITY, FloatArray
from headway.simulation.conditions import RELAXED
from headway.simulation.contact import Ground
from headway.simulation.effort import ROOT
from headway.simulation.equations import Equations

SOLE_BODIES = {"heel": "foot", "ball": "foot", "toe": "toes"}
"""Places under each foot and what carries them."""
SOLE_POINTS = tuple((side, name) for side in SIDES for name in SOLE_BODIES)
GROUND = replace(Ground(), friction=0.9)
"""What the fit begins with: that of ``simulate``, with a grip at which no recorded foot slips."""
UNIT = 0.01
"""Unit of the sole's unknown offsets, m."""
NECK_DAMPING = 0.35
"""Of the relaxed neck as a prior where the head has no markers, N·m·s/rad; its stiffness is that of ``simulate``."""
GROUND_UNKNOWNS = (*SOLE_BODIES, "creep", "damping")
"""What is unknown of the ground beside the places: logarithms of the factors on the stiffness under heel, ball and toe, on creep and damping."""


@dataclass(frozen=True)
class Instant:
    """Symbols of one instant: coordinates, velocities, accelerations, and what is unknown of the soles for the whole stretch."""

    q: Any
    v: Any
    a: Any
    soles: Any
    force: Any
    """On every place of the soles, body weights."""
    smoothing: Any
    """Skin of the ground (m) and creep of the friction (m/s)."""

    @property
    def all(self) -> list[Any]:
        """In the order of the functions' arguments."""
        return [self.q, self.v, self.a, self.soles, self.force, self.smoothing]


class FitModel:
    """One body on its ground.

    Parameters
    ----------
    skeleton
        With toes.
    motion_only
        Without the functions that a fit needs.

    Attributes
    ----------
    dynamics
        Function of an instant (:attr:`Instant.all`): what is missing to equilibrium of the pelvis in space (6, body weights) and to the
        contact law at the places of the soles (18, body weights), ground force on the left and right foot (6, body weights), its moments
        about the up axis of the ground (4: forward and right of each foot, m·BW), the moments that passive joints are short of (4: toes,
        neck; N·m), and the heights of the places (6, m); and the Jacobian by q, v, a, soles and force, stacked.
    """

    def __init__(self, skeleton: Skeleton, *, motion_only: bool = False) -> None:
        self.skeleton = skeleton
        self.equations = equations = Equations(skeleton)
        self.weight = skeleton.mass * GRAVITY
        unknown = 3 * len(SOLE_POINTS) + len(GROUND_UNKNOWNS)
        self.at = Instant(equations.q, equations.v, equations.a, ca.SX.sym("soles", unknown),
                          ca.SX.sym("force", 3 * len(SOLE_POINTS)), ca.SX.sym("smoothing", 2))  # fmt: skip
        self.places = {key: self._place(k, *key) for k, key in enumerate(SOLE_POINTS)}
        self.force = {key: self.at.force[3 * k : 3 * k + 3] for k, key in enumerate(SOLE_POINTS)}
        pushed = ca.SX.zeros(len(skeleton.names))
        for key, place in self.places.items():
            pushed += ca.jtimes(place, equations.q, self.force[key] * self.weight, True)
        self.pushed, self.net = pushed, equations.moments - pushed
        self.moves = 3 * len(skeleton.names) + unknown
        self.dynamics = None if motion_only else self._dynamics()

    @property
    def unknown(self) -> int:
        """Number of unknowns of the soles: offsets of all places and :data:`GROUND_UNKNOWNS`."""
        return int(self.at.soles.shape[0])

    def points(self, names: tuple[str, ...]) -> Any:
        """Function of q that gives the places of named points, and their Jacobian by q."""
        places = ca.vertcat(*(self.equations.points[name] for name in names))
        q = self.equations.q
        return ca.Function("points", [q], [places, ca.jacobian(places, q)])

    def under(self) -> Any:
        """Function of q and soles that gives the places under the soles."""
        return ca.Function("under", [self.at.q, self.at.soles], [ca.vertcat(*self.places.values())])

    def heights(self) -> Any:
        """Function of q and soles that gives the heights of the places under the soles."""
        heights = ca.vertcat(*(place[1] for place in self.places.values()))
        return ca.Function("heights", [self.at.q, self.at.soles], [heights])

    def _place(self, k: int, side: str, name: str) -> Any:
        body = f"{SOLE_BODIES[name]}_{side}"
        points = next(one.points for one in self.skeleton.bodies if one.name == body)
        local = ca.DM(points[f"sole_{name}_{side}"]) + UNIT * self.at.soles[3 * k : 3 * k + 3]
        return self.equations.place(body, local)

    def _law(self, key: tuple[str, str]) -> Any:
        """By how much force and motion of a place miss the contact law, body weights, shape (3,)."""
        place, force, (skin, creep) = self.places[key], self.force[key], ca.vertsplit(self.at.smoothing)
        speed = self.equations.velocity(place)
        soles = self.at.soles[3 * len(SOLE_POINTS) :]
        stiff = GROUND.stiffness * ca.exp(soles[GROUND_UNKNOWNS.index(key[1])])
        creep = creep * ca.exp(soles[GROUND_UNKNOWNS.index("creep")])
        damped = GROUND.damping * ca.exp(soles[GROUND_UNKNOWNS.index("damping")])
        ground = replace(GROUND, stiffness=stiff, damping=damped, creep=creep, skin=skin)
        up = force[1] - ground.force(place, speed)[1]
        # friction multiplied out: where force and speed are both unknown it is a product of two, not a step
        slide = ca.sqrt(speed[0] ** 2 + speed[2] ** 2 + creep**2)
        drag = [(force[k] * slide + GROUND.friction * force[1] * speed[k]) / creep for k in (0, 2)]
        return ca.vertcat(drag[0], up, drag[1])

    def _dynamics(self) -> Any:
        at, names = self.at, self.skeleton
        forces, pressures, passive = [], [], []
        for side in SIDES:
            own = [key for key in SOLE_POINTS if key[0] == side]
            forces.append(sum((self.force[key] for key in own), ca.SX.zeros(3)))
            pressures.append(sum((self.force[key][1] * self.places[key][[0, 2]] for key in own), ca.SX.zeros(2)))
        for side in SIDE_SIGN:
            k = names.index(f"toes_extension_{side}")
            damping = DAMPING * names.mass * names.plan.height
            passive.append(self.net[k] + names.coordinates[k].stiffness * at.q[k] + damping * at.v[k])
        for name in ("neck_pitch", "neck_roll"):
            k = names.index(name)
            passive.append(self.net[k] + RELAXED * at.q[k] + NECK_DAMPING * at.v[k])
        scale = self.weight * ca.DM([1, 1, 1, 0.3, 0.3, 0.3])
        law = [self._law(key) for key in SOLE_POINTS]
        every = ca.vertcat(
            self.net[:ROOT] / scale, *law, *forces, *pressures, *passive, *(place[1] for place in self.places.values())
        )
        moving = ca.vertcat(at.q, at.v, at.a, at.soles, at.force)
        return ca.Function("dynamics", at.all, [every, ca.jacobian(every, moving)])


def evaluate(function: Any, *arguments: FloatArray) -> list[FloatArray]:
    """Outputs of a function at many instants: arguments of shape (n, ...) or (k,) for all, outputs of shape (n, ...)."""
    n = len(arguments[0])
    mapped = function.map(n)
    buffer, trigger = mapped.buffer()
    given = [
        np.ascontiguousarray(np.broadcast_to(one, (n, one.shape[-1]) if one.ndim else (n, 1)), float)
        for one in arguments
    ]
    for k, one in enumerate(given):
        buffer.set_arg(k, memoryview(one))  # pyright: ignore[reportArgumentType]
    patterns = [function.sparsity_out(k) for k in range(function.n_out())]
    values = [np.zeros((n, pattern.nnz())) for pattern in patterns]
    for k, one in enumerate(values):
        buffer.set_res(k, memoryview(one))  # pyright: ignore[reportArgumentType]
    trigger()
    return [_dense(one, pattern) for one, pattern in zip(values, patterns, strict=True)]


def _dense(values: FloatArray, pattern: Any) -> FloatArray:
    """Columns of one number per instant or matrices, of the numbers that are not zero by their place."""
    height, width = pattern.shape
    out = np.zeros((len(values), height, width))
    out[:, pattern.row(), pattern.get_col()] = values
    return out[..., 0] if width == 1 else out
