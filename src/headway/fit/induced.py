"""Induced accelerations: how much of a point's acceleration each joint moment, gravity and the velocities give (Zajac & Gordon 1989).

The equations of motion are linear in what drives them, so accelerations add up over the drives once it is said what the ground does
when a drive changes. Three answers stand side by side: the loaded places of the sole stay where they are (``pinned``); the foot turns
about its centre of pressure (``rolling``); the ground gives as the contact law has it within ``RESPONSE`` (``compliant``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.dynamics.push import SOURCES
from headway.fit.measured import FittedContact
from headway.fit.model import GROUND, SOLE_BODIES, SOLE_POINTS, FitModel, evaluate
from headway.recording import GRAVITY, FloatArray
from headway.simulation.effort import ROOT

GroundModel = Literal["pinned", "rolling", "compliant"]
GROUNDS: tuple[GroundModel, ...] = ("pinned", "rolling", "compliant")
LEAD: GroundModel = "rolling"
"""Idea of the ground that figures are given for: it leaves the least to what the sole does by itself."""
POINTS = ("head", "neck_base", "pelvis", "com")
"""Whose accelerations are told apart: of the head's centre of mass, the neck base, the middle of the hips, the whole."""
RESPONSE = 0.03
"""Time within which the ground answers a change of a drive, s: that over which Liu et al. 2006 let it."""
LOADED = 0.03
"""Body weights from which a place of the sole counts as held."""
TIGHT = 1e-9
"""Relative size below which a constraint is a sum of others: three places on one line of a rigid foot."""
JOINT_SOURCES = {
    "ankle": "ankle", "toes": "ankle", "knee": "knee", "hip": "hip", "lumbar": "lumbar", "neck": "neck", "shoulder": "arms", "elbow": "arms",
}  # fmt: skip


@dataclass(frozen=True)
class Mechanics:
    """Matrices of a body at some instants.

    Attributes
    ----------
    mass
        Shape (n, c, c).
    gravity, velocity
        Generalised forces, shape (n, c).
    sole, sole_bias
        Jacobian of the places of the soles (n, places * 3, c) and their acceleration at none of the coordinates (n, places * 3).
    point, point_bias
        The same of :data:`POINTS`, (n, points * 3, c) and (n, points * 3).
    """

    mass: FloatArray
    gravity: FloatArray
    velocity: FloatArray
    sole: FloatArray
    sole_bias: FloatArray
    point: FloatArray
    point_bias: FloatArray


def mechanics(model: FitModel, q: FloatArray, v: FloatArray, soles: FloatArray) -> Mechanics:
    """Matrices of a body at instants of shape (n, coordinates)."""
    e, at = model.equations, model.at
    none = ca.DM.zeros(len(model.skeleton.names))
    still = ca.substitute(e.moments, ca.vertcat(e.v, e.a), ca.vertcat(none, none))
    bias = ca.substitute(e.moments, e.a, none)
    head = next(body for body in model.skeleton.bodies if body.name == "head")
    points = [e.place("head", ca.DM(head.com)), e.points["neck_base"], e.points["mid_hip"], e.centre_of_mass()]

    def moving(places: list[Any]) -> list[Any]:
        place = ca.vertcat(*places)
        slope = ca.jacobian(place, e.q)
        return [slope, ca.jtimes(slope @ e.v, e.q, e.v)]

    outputs = [ca.jacobian(e.moments, e.a), still, bias - still, *moving(list(model.places.values())), *moving(points)]
    function = ca.Function("mechanics", [e.q, e.v, at.soles], outputs)
    mass, gravity, speed, sole, sole_bias, point, point_bias = evaluate(function, q, v, soles)
    return Mechanics(mass, -gravity, -speed, sole, sole_bias, point, point_bias)


@dataclass(frozen=True)
class Induced:
    """Accelerations by drive.

    Attributes
    ----------
    drives
        Names: every joint coordinate, then ``gravity``, ``velocity`` and ``sole``: what the places of the sole do themselves.
    by
        m/s², shape (n, drives, points, 3).
    total
        Of the motion, m/s², shape (n, points, 3).
    """

    drives: tuple[str, ...]
    by: FloatArray
    total: FloatArray

    def sources(self) -> FloatArray:
        """By :data:`~headway.dynamics.push.SOURCES`; the sole's own part counts with the velocities; shape (n, sources, points, 3)."""
        out = np.zeros((len(self.by), len(SOURCES), *self.by.shape[2:]))
        for k, name in enumerate(self.drives):
            out[:, SOURCES.index(source_of(name))] += self.by[:, k]
        return out

    def closure(self) -> FloatArray:
        """RMS of what the sum misses over the RMS of the acceleration, per point, shape (points,)."""
        missing = self.by.sum(1) - self.total
        return np.sqrt((missing**2).sum(-1).mean(0) / (self.total**2).sum(-1).mean(0))


def source_of(drive: str) -> str:
    """Source that a drive counts with."""
    return {"gravity": "gravity", "velocity": "velocity", "sole": "velocity"}.get(drive) or JOINT_SOURCES[
        drive.split("_")[0]
    ]


def induced(
    skeleton: Skeleton,
    at: Mechanics,
    a: FloatArray,
    force: FloatArray,
    ground: GroundModel,
    *,
    stiffness: float = GROUND.stiffness,
) -> Induced:
    """Take the accelerations of points apart.

    Parameters
    ----------
    skeleton, at
        The body and its matrices.
    a
        Accelerations of the coordinates, shape (n, c).
    force
        On the places of the soles, N, shape (n, places * 3).
    ground
        What the ground does when a drive changes.
    stiffness
        Of one place, body weights per m, for the compliant ground.

    Notes
    -----
    ``M q̈ = drives + Jᵀλ`` and ``J q̈ + J̇ v = R λ + rest``: what constrained places do themselves, and forces on others, are a drive of
    their own (``sole``), so that the sum is the acceleration for every ground.
    """
    moments = np.einsum("nij,nj->ni", at.mass, a) - at.gravity - at.velocity - np.einsum("nij,ni->nj", at.sole, force)
    joints = skeleton.names[ROOT:]
    drives = (*joints, "gravity", "velocity", "sole")
    n, c = a.shape
    columns = np.zeros((n, c, len(drives)))
    columns[:, ROOT:, : len(joints)] = np.eye(len(joints)) * moments[:, None, ROOT:]
    columns[..., -3], columns[..., -2] = at.gravity, at.velocity
    q = np.zeros((n, c, len(drives)))
    for k in range(n):
        hold = _hold(at, k, force[k], ground, skeleton.mass * GRAVITY, stiffness)
        jacobian, bias, give, carried = hold
        columns[k, :, -1] = at.sole[k].T @ force[k] - jacobian.T @ carried
        own = np.zeros((len(bias), len(drives)))
        own[:, -2] = bias
        own[:, -1] = -(jacobian @ a[k] + bias + give * carried)
        q[k] = _constrained(at.mass[k], columns[k], jacobian, own, give)
    by = np.einsum("npc,ncd->ndp", at.point, q)
    by[:, drives.index("velocity")] += at.point_bias
    total = np.einsum("npc,nc->np", at.point, a) + at.point_bias
    shape = (n, len(POINTS), 3)
    return Induced(drives, by.reshape(n, len(drives), *shape[1:]), total.reshape(shape))


def _constrained(
    mass: FloatArray, columns: FloatArray, jacobian: FloatArray, own: FloatArray, give: FloatArray
) -> FloatArray:
    """Accelerations of the coordinates by drive when the places answer to it."""
    free: FloatArray = np.asarray(np.linalg.solve(mass, np.hstack([columns, jacobian.T])), np.float64)
    driven, back = free[:, : columns.shape[1]], free[:, columns.shape[1] :]
    if not len(jacobian):
        return driven
    stiff = jacobian @ back + np.diag(give)
    force = -np.linalg.pinv(stiff, rcond=TIGHT, hermitian=True) @ (jacobian @ driven + own)
    return np.asarray(driven + back @ force, dtype=np.float64)


def _hold(
    at: Mechanics, k: int, force: FloatArray, ground: GroundModel, weight: float, stiffness: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Jacobian and bias of what is held at an instant, how it gives (1/kg), and the force that the hold carries, N."""
    up = force[1::3]
    loaded = np.flatnonzero(up > LOADED * weight)
    if ground != "rolling" or not len(loaded):
        rows = (3 * loaded[:, None] + np.arange(3)).ravel()
        give = np.zeros(len(rows)) if ground == "pinned" else np.full(len(rows), 2 / (stiffness * weight * RESPONSE**2))
        return at.sole[k, rows], at.sole_bias[k, rows], give, force[rows]
    parts = [
        _rolling(at, k, force, foot)
        for foot in range(len(SOLE_POINTS) // len(SOLE_BODIES))
        if _carries(up, foot, loaded)
    ]
    jacobian, bias, carried = (np.concatenate([part[j] for part in parts]) for j in range(3))
    return jacobian, bias, np.zeros(len(bias)), carried


def _carries(up: FloatArray, foot: int, loaded: np.ndarray) -> bool:
    return any(len(SOLE_BODIES) * foot <= place < len(SOLE_BODIES) * (foot + 1) for place in loaded)


def _rolling(at: Mechanics, k: int, force: FloatArray, foot: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The centre of pressure of a foot, as the mean of its places by their load, and all of its force there."""
    size = 3 * len(SOLE_BODIES)
    part = slice(size * foot, size * (foot + 1))
    share = np.clip(force[part][1::3], 0.0, None)
    share = share / share.sum()
    jacobian = np.einsum("p,pic->ic", share, at.sole[k, part].reshape(-1, 3, at.sole.shape[-1]))
    bias = share @ at.sole_bias[k, part].reshape(-1, 3)
    return jacobian, bias, force[part].reshape(-1, 3).sum(0)


def over_push_off(rates: FloatArray, time: FloatArray, contact: FittedContact) -> FloatArray:
    """Integral over push-off of rates at instants, shape (n, ...)."""
    start, stop = contact.transition, contact.toe_off
    if not (np.isfinite(start) and np.isfinite(stop)):
        return np.full(rates.shape[1:], np.nan)
    inside = (time > start) & (time < stop)
    at = np.concatenate([[start], time[inside], [stop]])
    flat = rates.reshape(len(rates), -1)
    values = np.stack([np.interp(at, time, column) for column in flat.T], axis=1)
    return np.asarray(np.trapezoid(values, at, axis=0)).reshape(rates.shape[1:])
