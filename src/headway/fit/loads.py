"""What one segment exerts on the next at a joint: the force that its motion needs beyond what the ground gives, with no muscle guessed."""

from __future__ import annotations

from collections.abc import Iterator

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.fit.model import SOLE_BODIES, SOLE_POINTS, FitModel, evaluate
from headway.recording import GRAVITY, FloatArray

JOINT_OF = {
    "torso": "lumbar", "head": "neck", "upper_arm": "shoulder", "forearm": "elbow", "thigh": "hip", "shank": "knee",
    "foot": "ankle", "toes": "toes",
}  # fmt: skip
"""Segment to the joint by which it hangs on the one before it."""


def joints_of(skeleton: Skeleton) -> tuple[str, ...]:
    """Joints by name, in the order of the segments that hang on them."""
    return tuple(_joint(body.name) for body in skeleton.bodies if body.parent is not None)


def joint_loads(model: FitModel, q: FloatArray, v: FloatArray, a: FloatArray, force: FloatArray) -> FloatArray:
    """Force on the segment beyond each joint by the one before it, N, shape (n, joints, 3).

    Parameters
    ----------
    model
        The body.
    q, v, a
        Motion, shape (n, coordinates).
    force
        Of the ground on the places under the soles, N, shape (n, places, 3).

    Notes
    -----
    Newton's second law of all that is beyond the joint. Muscles that pull across it press it together by more than this.
    """
    bodies, equations = model.skeleton.bodies, model.equations
    places = ca.vertcat(*(equations.place(one.name, ca.DM(one.com)) for one in bodies))
    speed = ca.jtimes(places, equations.q, equations.v)
    rate = ca.jtimes(speed, equations.q, equations.v) + ca.jtimes(places, equations.q, equations.a)
    (found,) = evaluate(ca.Function("rates", [equations.q, equations.v, equations.a], [rate]), q, v, a)
    weightless = found.reshape(len(q), -1, 3) + np.array([0.0, GRAVITY, 0.0])
    needed = weightless * np.array([one.mass for one in bodies])[:, None]
    names = [one.name for one in bodies]
    for k, (side, place) in enumerate(SOLE_POINTS):
        needed[:, names.index(f"{SOLE_BODIES[place]}_{side}")] -= force[:, k]
    beyond = [[names.index(name) for name in _beyond(model.skeleton, one.name)] for one in bodies if one.parent]
    return np.stack([needed[:, own].sum(1) for own in beyond], axis=1)


def _beyond(skeleton: Skeleton, name: str) -> Iterator[str]:
    """A segment and all that hang on it."""
    yield name
    for body in skeleton.bodies:
        if body.parent == name:
            yield from _beyond(skeleton, body.name)


def _joint(body: str) -> str:
    stem = body.removesuffix("_left").removesuffix("_right")
    return JOINT_OF[stem] + body.removeprefix(stem)
