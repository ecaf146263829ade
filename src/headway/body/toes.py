"""Feet that bend at the toes: each foot of a skeleton cut in two at the heads of the metatarsals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.body.joint_list import JOINTS
from headway.body.skeleton import SIDE_SIGN, BodyTree, Coordinate, Skeleton
from headway.recording import FloatArray

TOE_SHARE = 0.15
"""Of the foot's mass that is toes (the generic models of OpenSim have 0.14 to 0.16)."""
BEHIND_TIP = 0.065
"""From the toe joint to the tip of the toes, m at the reference height."""
ABOVE_SOLE = 0.012
"""Height of the toe joint's axis above the sole, m."""
UNDER = {"heel": -0.045, "ball": 0.0, "toe": 0.045}
"""Where the sole touches: the heel forward of the ankle, ball and toe forward of the toe joint, m at the reference height."""
DAMPING = 0.002
"""Passive damping of the toe joint, N·m·s/rad over kg·m."""


def with_toes(skeleton: Skeleton, hinges: dict[str, FloatArray], ahead: frozenset[str] = frozenset()) -> Skeleton:
    """Give the feet a metatarsophalangeal joint and three places where the sole touches the ground.

    Parameters
    ----------
    skeleton
        With feet in one piece.
    hinges
        Middle of the toe joint from the ankle by side, m, shape (3,); its height is that of the sole and a little.
    ahead
        Points of the foot that move with the toes.

    Notes
    -----
    The joint is held by a passive spring and damper alone: 25 N·m/rad for a man of 70 kg and 1.75 m.
    """
    out: list[BodyTree] = []
    for body in skeleton.bodies:
        side = next((side for side in SIDE_SIGN if body.name == f"foot_{side}"), None)
        out += [body] if side is None else _cut(skeleton, body, side, hinges[side], ahead)
    return replace(skeleton, bodies=tuple(out))


def _cut(
    skeleton: Skeleton, foot: BodyTree, side: str, middle: FloatArray, ahead: frozenset[str]
) -> tuple[BodyTree, BodyTree]:
    scale, weight = skeleton.plan.scale, skeleton.mass * skeleton.plan.height
    level = float(foot.points[f"sole_ball_{side}"][1])
    hinge = np.array([middle[0], level + ABOVE_SOLE, middle[2]])
    tip = BEHIND_TIP * scale
    mass = foot.mass * TOE_SHARE
    com = np.array([tip / 2, 0.0, 0.0])
    inertia = mass * np.diag([0.06**2, tip**2 + 0.06**2, tip**2]) / 12
    rest = foot.mass - mass
    behind = (foot.mass * foot.com - mass * (hinge + com)) / rest
    own = {name: place for name, place in foot.points.items() if name not in ahead}
    own[f"sole_heel_{side}"] = np.array([UNDER["heel"] * scale, level, 0.0])
    own[f"sole_ball_{side}"] = np.array([hinge[0] + UNDER["ball"] * scale, level, hinge[2]])
    toes = {name: place - hinge for name, place in foot.points.items() if name in ahead}
    toes[f"sole_toe_{side}"] = np.array([UNDER["toe"] * scale, level - hinge[1], 0.0])
    toes[f"toe_joint_{side}"] = np.zeros(3)
    (motion,) = JOINTS["toes"]
    joint = Coordinate(
        f"toes_extension_{side}",
        "hinge",
        np.eye(3)[motion.axis] * motion.sign,
        np.radians(motion.lower),
        np.radians(motion.upper),
        (motion.strength[0] * weight, motion.strength[1] * weight),
        motion.fastest,
        motion.stiffness * weight,
    )
    shorter = foot.inertia * (1 - TOE_SHARE) * 0.7  # of a foot that ends at the metatarsals
    return (
        replace(foot, mass=rest, com=behind, inertia=shorter, points=own),
        BodyTree(f"toes_{side}", foot.name, hinge, (joint,), mass, com, inertia, toes),
    )
