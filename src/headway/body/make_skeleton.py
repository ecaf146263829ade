"""The skeleton of a runner of some height, mass and sex: every segment with its weight, and the joint that carries it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.body.anthropometry import MEAN_LENGTHS, SEGMENTS
from headway.body.body_plan import BodyPlan
from headway.body.joint_list import JOINTS, SIDED, JointMotion
from headway.body.skeleton import SIDE_SIGN, SOLE, BodyTree, Coordinate, Lengths, Skeleton
from headway.recording import FloatArray, Side

LUMBAR = (-0.030, 0.105, 0.0)
"""Lumbosacral joint from mid-hip at the reference height, m."""


def make_skeleton(
    height: float = 1.75, mass: float = 70.0, sex: str | None = None, lengths: Lengths | None = None
) -> Skeleton:
    """Make the skeleton of a runner.

    Parameters
    ----------
    height
        m.
    mass
        kg.
    sex
        Table of segment masses; ``None`` takes the mean.
    lengths
        Instead of those that follow from the height.

    Notes
    -----
    29 degrees of freedom: pelvis in space 6, lumbar 3, neck 2, shoulder 3, elbow 1, hip 3, knee 1, ankle 1. Segment masses,
    centres and radii of gyration from de Leva 1996; the trunk is cut at the omphalion: its lower part moves with the pelvis.
    """
    plan = BodyPlan(height, sex)
    maker = _Maker(plan, mass, lengths or Lengths.of(plan))
    bodies = [maker.pelvis(), maker.torso(), maker.head()]
    for side in SIDE_SIGN:
        bodies += maker.arm(side)
    for side in SIDE_SIGN:
        bodies += maker.leg(side)
    total = sum(body.mass for body in bodies)
    scaled = tuple(replace(body, mass=body.mass * mass / total, inertia=body.inertia * mass / total) for body in bodies)
    return Skeleton(scaled, plan, maker.lengths)


class _Maker:
    def __init__(self, plan: BodyPlan, mass: float, lengths: Lengths) -> None:
        self.plan, self.mass, self.lengths, self.scale = plan, mass, lengths, plan.scale
        up = float(np.sqrt(lengths.trunk**2 - plan.standing_neck[0] ** 2))
        self.neck_base = np.array([plan.standing_neck[0], up, 0.0])
        """From mid-hip."""
        self.lumbar = np.array(LUMBAR) * self.scale

    def pelvis(self) -> BodyTree:
        part = self._trunk_part("lower_trunk")
        wide = self.lengths.hips / self.plan.pelvis["hip_right"][2]
        points = {name: place * [1.0, 1.0, wide] for name, place in self.plan.pelvis.items()}
        axes = {"forward": 0, "up": 1, "right": 2}
        space = tuple(Coordinate(f"pelvis_{name}", "slide", np.eye(3)[k]) for name, k in axes.items())
        return BodyTree(
            "pelvis", None, np.zeros(3), (*space, *self._joint("pelvis")), *part, points | {"mid_hip": np.zeros(3)}
        )

    def torso(self) -> BodyTree:
        """Upper and middle trunk as one rigid segment."""
        parts = [self._trunk_part(name) for name in ("upper_trunk", "middle_trunk")]
        mass = sum(part[0] for part in parts)
        com = sum((part[0] * part[1] for part in parts), np.zeros(3)) / mass
        inertia = sum((part[2] + _steiner(part[0], part[1] - com) for part in parts), np.zeros((3, 3)))
        base = self.neck_base - self.lumbar
        wide = self.lengths.shoulders / self.plan.thorax["acromion_right"][2]
        points = {name: base + place * [1.0, 1.0, wide] for name, place in self.plan.thorax.items()}
        points["neck_base"] = base
        return BodyTree("torso", "pelvis", self.lumbar, self._joint("lumbar"), mass, com - self.lumbar, inertia, points)

    def head(self) -> BodyTree:
        axes, moments = self.plan.head_inertia
        centre = self.plan.standing_head
        points = {name: centre + place for name, place in self.plan.head.items() if name != "head_com"}
        mass = self.mass * SEGMENTS["head"].of(self.plan.sex)[0]
        inertia = axes @ np.diag(moments * self.mass) @ axes.T
        return BodyTree(
            "head",
            "torso",
            self.neck_base - self.lumbar,
            self._joint("neck"),
            mass,
            centre + self.plan.head["head_com"],
            inertia,
            points | {"head_centre": centre},
        )

    def arm(self, side: Side) -> list[BodyTree]:
        sign, lengths = SIDE_SIGN[side], self.lengths
        shoulder = (
            self.neck_base - self.lumbar + [-0.005 * self.scale, -self.plan.shoulder_drop, sign * lengths.shoulders]
        )
        upper = self._rod("upper_arm", lengths.upper_arm)
        wrist, tip = np.array([0.0, -lengths.forearm, 0.0]), np.array([0.0, -lengths.forearm - self.plan.hand, 0.0])
        fore, hand = self._rod("forearm", lengths.forearm), self._rod("hand", self.plan.hand)
        mass = fore[0] + hand[0]
        centre = hand[1] + wrist
        com = (fore[0] * fore[1] + hand[0] * centre) / mass
        inertia = fore[2] + _steiner(fore[0], fore[1] - com) + hand[2] + _steiner(hand[0], centre - com)
        elbow = np.array([0.0, -lengths.upper_arm, 0.0])
        return [
            BodyTree(f"upper_arm_{side}", "torso", shoulder, self._joint("shoulder", side), *upper,
                 {f"shoulder_{side}": np.zeros(3), f"elbow_{side}": elbow}),
            BodyTree(f"forearm_{side}", f"upper_arm_{side}", elbow, self._joint("elbow", side), mass, com, inertia,
                 {f"wrist_{side}": wrist, f"hand_{side}": tip}),
        ]  # fmt: skip

    def leg(self, side: Side) -> list[BodyTree]:
        sign, lengths = SIDE_SIGN[side], self.lengths
        hip, knee, ankle = (
            np.array(p) for p in ((0, 0, sign * lengths.hips), (0, -lengths.thigh, 0), (0, -lengths.shank, 0))
        )
        return [
            BodyTree(f"thigh_{side}", "pelvis", hip, self._joint("hip", side), *self._rod("thigh", lengths.thigh),
                 {f"knee_{side}": knee}),
            BodyTree(f"shank_{side}", f"thigh_{side}", knee, self._joint("knee", side), *self._rod("shank", lengths.shank),
                 {f"ankle_{side}": ankle}),
            BodyTree(f"foot_{side}", f"shank_{side}", ankle, self._joint("ankle", side), *self._foot(side)),
        ]  # fmt: skip

    def _foot(self, side: Side) -> tuple[float, FloatArray, FloatArray, dict[str, FloatArray]]:
        """Mass, centre, inertia and points of a foot, from the ankle."""
        long = self.lengths.foot / SOLE["ball"][0]
        ankle = self.plan.foot[f"ankle_{side}"]
        points = {
            name: (place - ankle) / self.scale * [long, self.scale, self.scale]
            for name, place in self.plan.foot.items()
            if name.endswith(side) and name != f"ankle_{side}"
        }
        for name, place in SOLE.items():
            points[f"sole_{name}_{side}"] = np.array(place) * [long, self.scale, self.scale]
        heel, toe = points[f"heel_{side}"], points[f"toe_{side}"]
        share, fraction, radii = SEGMENTS["foot"].of(self.plan.sex)
        sagittal, transverse, longitudinal = (float(np.linalg.norm(toe - heel)) * r for r in radii)
        inertia = share * self.mass * np.diag(np.array([longitudinal, sagittal, transverse]) ** 2)
        return share * self.mass, heel + fraction * (toe - heel), inertia, points

    def _rod(self, row: str, length: float) -> tuple[float, FloatArray, FloatArray]:
        """Mass, centre and inertia of a limb segment that hangs down from its joint."""
        share, fraction, radii = SEGMENTS[row].of(self.plan.sex)
        sagittal, transverse, longitudinal = radii
        inertia = share * self.mass * np.diag(np.array([sagittal, longitudinal, transverse]) * length) ** 2
        return share * self.mass, np.array([0.0, -fraction * length, 0.0]), inertia

    def _trunk_part(self, row: str) -> tuple[float, FloatArray, FloatArray]:
        """Mass, centre from mid-hip and inertia of a slice of the trunk, on the line from C7 to mid-hip."""
        share, fraction, radii = SEGMENTS[row].of(self.plan.sex)
        seventh = self.neck_base + self.plan.thorax["c7"]
        rows = ("upper_trunk", "middle_trunk", "lower_trunk")
        lengths = [
            sum(MEAN_LENGTHS[name]) if self.plan.sex is None else MEAN_LENGTHS[name][self.plan.sex == "female"]
            for name in rows
        ]
        lengths = np.array(lengths) / sum(lengths)
        k = rows.index(row)
        centre = seventh * (1.0 - lengths[:k].sum() - fraction * lengths[k])
        sagittal, transverse, longitudinal = (r * lengths[k] * float(np.linalg.norm(seventh)) for r in radii)
        mass = share * self.mass
        return mass, centre, mass * np.diag(np.array([sagittal, longitudinal, transverse]) ** 2)

    def _joint(self, joint: str, side: Side | None = None) -> tuple[Coordinate, ...]:
        return tuple(self._coordinate(joint, motion, side) for motion in JOINTS[joint])

    def _coordinate(self, joint: str, motion: JointMotion, side: Side | None) -> Coordinate:
        name = f"{joint}_{motion.name}" + (f"_{side}" if side else "")
        axis = np.eye(3)[motion.axis] * motion.sign * (SIDE_SIGN[side] if side and motion.name in SIDED else 1.0)
        weight = self.mass * self.plan.height
        return Coordinate(
            name,
            "hinge",
            axis,
            np.radians(motion.lower),
            np.radians(motion.upper),
            (motion.strength[0] * weight, motion.strength[1] * weight),
            motion.fastest,
            motion.stiffness * weight,
        )


def _steiner(mass: float, arm: FloatArray) -> FloatArray:
    return mass * (float(arm @ arm) * np.eye(3) - np.outer(arm, arm))
