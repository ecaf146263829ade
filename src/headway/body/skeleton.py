"""The joint tree of a runner: segments, joints, limits, strengths and points, described once for every simulator.

Zero of all angles is upright standing with straight legs, arms hanging, palms toward the thighs. Frames are forward, up, right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from headway.body.body_plan import BodyPlan
from headway.body.sided import twin
from headway.recording import FloatArray, Side

SIDE_SIGN: dict[Side, float] = {"right": 1.0, "left": -1.0}
SOLE = {"heel": (-0.055, -0.075, 0.0), "ball": (0.145, -0.075, 0.0)}
"""Where the sole meets the ground, from the ankle at the reference height, m. The ball is ahead of the metatarsal heads, where the
centre of pressure is in push-off, because the foot has no joint at the toes."""


@dataclass(frozen=True)
class Lengths:
    """Segment lengths, m; what a recording can change of the table's body.

    Attributes
    ----------
    thigh, shank, upper_arm, forearm
        Between joint centres.
    trunk
        Mid-hip to neck base.
    hips, shoulders
        Half the distance between the joint centres.
    foot
        Ankle to the ball, forward.
    """

    thigh: float
    shank: float
    trunk: float
    hips: float
    shoulders: float
    upper_arm: float
    forearm: float
    foot: float

    @classmethod
    def of(cls, plan: BodyPlan) -> Lengths:
        """Lengths of the table's body of this height."""
        return cls(
            plan.thigh,
            plan.shank,
            plan.trunk,
            float(plan.pelvis["hip_right"][2]),
            float(plan.thorax["acromion_right"][2]),
            plan.upper_arm,
            plan.forearm,
            SOLE["ball"][0] * plan.scale,
        )


@dataclass(frozen=True)
class Coordinate:
    """One degree of freedom.

    Attributes
    ----------
    name
        For example ``hip_flexion_right``.
    kind
        ``slide`` (m) or ``hinge`` (rad).
    axis
        In the frame that the coordinates before it have turned, shape (3,).
    lower, upper
        Limits, rad; infinite for the six of the pelvis in space.
    strength
        Greatest moment towards larger and towards smaller angles, N·m; 0 for those of the pelvis in space.
    fastest
        Angular velocity at which no moment is left, rad/s.
    stiffness
        Passive, about zero, N·m/rad; the neck's is part of a condition.
    """

    name: str
    kind: Literal["slide", "hinge"]
    axis: FloatArray
    lower: float = -np.inf
    upper: float = np.inf
    strength: tuple[float, float] = (0.0, 0.0)
    fastest: float = np.inf
    stiffness: float = 0.0


@dataclass(frozen=True)
class BodyTree:
    """One rigid segment and the joint that carries it.

    Attributes
    ----------
    name, parent
        ``parent`` is ``None`` for the pelvis, whose joint is with space.
    offset
        Joint centre in the parent's frame, m, shape (3,).
    coordinates
        In the order in which they turn.
    mass
        kg.
    com
        Centre of mass from the joint, m, shape (3,).
    inertia
        About the centre of mass, kg·m², shape (3, 3).
    points
        Places from the joint, m, by name.
    """

    name: str
    parent: str | None
    offset: FloatArray
    coordinates: tuple[Coordinate, ...]
    mass: float
    com: FloatArray
    inertia: FloatArray
    points: dict[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class Skeleton:
    """Bodies from the pelvis outwards: a parent stands before its children.

    Attributes
    ----------
    bodies
        The tree.
    plan
        The body it was made for.
    lengths
        Segment lengths.
    """

    bodies: tuple[BodyTree, ...]
    plan: BodyPlan
    lengths: Lengths

    @cached_property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """All coordinates, in the order of the vectors q, v and a."""
        return tuple(one for body in self.bodies for one in body.coordinates)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates."""
        return tuple(one.name for one in self.coordinates)

    def index(self, name: str) -> int:
        """Place of a coordinate in q."""
        return self.names.index(name)

    @property
    def mass(self) -> float:
        """Of the whole body, kg."""
        return sum(body.mass for body in self.bodies)

    @cached_property
    def mirror(self) -> tuple[FloatArray, FloatArray]:
        """Left and right exchanged: ``q[order] * sign`` is the mirrored posture; indices (integers) and signs."""
        order, sign = [], []
        for name in self.names:
            other = twin(name)
            paired = other != name and other in self.names
            order.append(self.index(other if paired else name))
            sign.append(-1.0 if not paired and name in MIDLINE_SIGNS else 1.0)
        return np.array(order), np.array(sign)


MIDLINE_SIGNS = frozenset(
    {"pelvis_right", "pelvis_roll", "pelvis_yaw", "lumbar_bending", "lumbar_rotation", "neck_roll"}
)
"""Coordinates of the midline that change sign in a mirror; those of the limbs are defined alike on both sides."""
