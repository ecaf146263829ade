"""From a pose to joints, markers and segments, with exact derivatives; bones keep their length to rounding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.body.body_plan import SIDES, BodyPlan
from headway.recording import FloatArray, Side
from headway.synthetic import jets
from headway.synthetic.jets import Jet

SIDE_NAMES: tuple[Side, Side] = ("right", "left")
ARM = ("upper_arm", "forearm", "hand")
CLOSE = 1e-12
"""Change of the hips, m, at which Newton's method has arrived."""
STRAIGHT = 1e-4
"""Square of the knee's distance from the line hip-ankle below which the leg is out of reach, m²."""


@dataclass(frozen=True)
class SegmentPose:
    """What is prescribed of the body, all but where the hips are.

    Attributes
    ----------
    pelvis, thorax, head
        Rotations, shape (n, 3, 3).
    head_centre
        m, shape (n, 3).
    neck_base
        Forward and right place of the neck base, m, shape (n, 2); its height follows from the length of the trunk.
    feet
        Rotation and place of the ball on the sole per side.
    arms
        Rotation of upper arm and forearm per side.
    """

    pelvis: Jet
    thorax: Jet
    head: Jet
    head_centre: Jet
    neck_base: Jet
    feet: dict[str, tuple[Jet, Jet]]
    arms: dict[str, tuple[Jet, Jet]]


class SyntheticSkeleton:
    """Joints and segments of one pose.

    Parameters
    ----------
    plan
        The body.
    pose
        The pose; the parts that do not depend on the hips are computed once.
    """

    def __init__(self, plan: BodyPlan, pose: SegmentPose) -> None:
        self.plan, self.pose = plan, pose
        self._fixed = {"head_centre": pose.head_centre}
        for name, local in plan.head.items():
            self._fixed[name] = pose.head_centre + jets.turn(pose.head, local)
        for side, _ in SIDES:
            rotation, ball = pose.feet[side]
            for name, local in plan.foot.items():
                if name.endswith(side):
                    self._fixed[name] = ball + jets.turn(rotation, local)
        self._from_neck = {name: jets.turn(pose.thorax, local) for name, local in plan.thorax.items()}
        self._arms: dict[str, dict[str, Jet]] = {}
        for side in SIDE_NAMES:
            upper, fore = pose.arms[side]
            elbow = jets.turn(upper, [0.0, -plan.upper_arm, 0.0])
            wrist = elbow + jets.turn(fore, [0.0, -plan.forearm, 0.0])
            self._arms[side] = {"elbow": elbow, "wrist": wrist, "hand": wrist + jets.turn(fore, [0.0, -plan.hand, 0.0])}
        self._from_hips = {name: jets.turn(pose.pelvis, local) for name, local in plan.pelvis.items()}

    def neck_base(self, mid_hip: Jet) -> Jet:
        """Neck base, at the length of the trunk from mid-hip, m, shape (n, 3)."""
        across = self.pose.neck_base - mid_hip[..., [0, 2]]
        height = jets.sqrt(-jets.dot(across, across) + self.plan.trunk**2) + mid_hip[..., 1]
        return jets.stack(self.pose.neck_base[..., 0], height, self.pose.neck_base[..., 1])

    def shoulder_offset(self, mid_hip: Jet, neck_base: Jet) -> Jet:
        """Shoulder centre from the acromion: down along the trunk, m, shape (n, 3)."""
        middle = (self._from_neck["acromion_left"] + self._from_neck["acromion_right"]) * 0.5 + neck_base
        return jets.unit(mid_hip - middle) * self.plan.shoulder_drop

    def knee(self, side: Side, mid_hip: Jet) -> tuple[Jet, Jet, Jet]:
        """Knee centre, and unit vectors along the leg (downward) and forward across it.

        The knee bends forward in the plane of hip, ankle and the pelvis's heading. Where the ankle is out of reach the leg is
        stretched.
        """
        upper, lower = self.plan.thigh, self.plan.shank
        hip = mid_hip + self._from_hips[f"hip_{side}"]
        span = self._fixed[f"ankle_{side}"] - hip
        square = jets.dot(span, span)
        along = span * jets.reciprocal(jets.sqrt(square))[..., None]
        share = jets.reciprocal(square) * ((upper**2 - lower**2) / 2) + 0.5
        bent = -(share * share * square) + upper**2
        straight = bent.value < STRAIGHT
        if straight.any():
            bent.d[:, straight] = 0.0
            bent.d[0, straight] = STRAIGHT
        heading = self.pose.pelvis[..., 0]
        ahead = jets.unit(heading - along * jets.dot(heading, along)[..., None])
        return hip + span * share[..., None] + ahead * jets.sqrt(bent)[..., None], along, ahead

    def joints(self, mid_hip: Jet) -> dict[str, Jet]:
        """All joints and markers fixed to rigid segments, and ``across_*`` (unit vector to the right across each leg).

        Parameters
        ----------
        mid_hip
            m, shape (n, 3).
        """
        out = dict(self._fixed)
        out["mid_hip"] = mid_hip
        for name, offset in self._from_hips.items():
            out[name] = mid_hip + offset
        out["pelvis_centre"] = (out["asis_right"] + out["asis_left"] + out["psis_right"] + out["psis_left"]) * 0.25
        out["neck_base"] = self.neck_base(mid_hip)
        for name, offset in self._from_neck.items():
            out[name] = out["neck_base"] + offset
        down = self.shoulder_offset(mid_hip, out["neck_base"])
        for side in SIDE_NAMES:
            out[f"shoulder_{side}"] = out[f"acromion_{side}"] + down
            for name, offset in self._arms[side].items():
                out[f"{name}_{side}"] = out[f"shoulder_{side}"] + offset
        for side in SIDE_NAMES:
            out[f"knee_{side}"], along, ahead = self.knee(side, mid_hip)
            out[f"across_{side}"] = jets.cross(along, ahead)
        return out

    def segments(self, joints: dict[str, Jet]) -> dict[str, Jet]:
        """Centres of mass of the segments, m, shape (n, 3) each (de Leva 1996)."""
        plan = self.plan
        out = {"head": joints["head_com"], "trunk": _between(joints, "c7", "mid_hip", plan.fraction("trunk"))}
        for side in SIDE_NAMES:
            for name, start, stop in (
                ("upper_arm", "shoulder", "elbow"),
                ("forearm", "elbow", "wrist"),
                ("hand", "wrist", "hand"),
                ("thigh", "hip", "knee"),
                ("shank", "knee", "ankle"),
                ("foot", "heel", "toe"),
            ):
                out[f"{name}_{side}"] = _between(joints, f"{start}_{side}", f"{stop}_{side}", plan.fraction(name))
        return out

    def centre_of_mass(self, mid_hip: Jet) -> Jet:
        """Centre of mass of the whole body when the hips are at ``mid_hip``, m, shape (n, 3).

        The same sum as over :meth:`segments`, with all that does not depend on the hips added up once.
        """
        share, fraction = self.plan.mass_shares, self.plan.fraction
        arms = sum(share[f"{part}_right"] for part in ARM)
        thigh, shank = share["thigh_right"], share["shank_right"]
        neck_base = self.neck_base(mid_hip)
        hips = share["trunk"] * fraction("trunk") + 2 * thigh * (1 - fraction("thigh"))
        total = mid_hip * hips + neck_base * (share["trunk"] * (1 - fraction("trunk")) + 2 * arms)
        total = total + self.shoulder_offset(mid_hip, neck_base) * (2 * arms) + self._known_mass
        for side in SIDE_NAMES:
            knee, _, _ = self.knee(side, mid_hip)
            total = total + knee * (thigh * fraction("thigh") + shank * (1 - fraction("shank")))
        return total

    @cached_property
    def _known_mass(self) -> Jet:
        """Part of :meth:`centre_of_mass` that does not depend on the hips, m, shape (n, 3)."""
        share, fraction = self.plan.mass_shares, self.plan.fraction
        total = self._fixed["head_com"] * share["head"]
        total = total + self._from_neck["c7"] * (share["trunk"] * (1 - fraction("trunk")))
        for side in SIDE_NAMES:
            arm, foot = self._arms[side], share[f"foot_{side}"]
            upper, fore, hand = (share[f"{part}_{side}"] for part in ARM)
            at_elbow = upper * fraction("upper_arm") + fore * (1 - fraction("forearm"))
            at_wrist = fore * fraction("forearm") + hand * (1 - fraction("hand"))
            total = total + self._from_neck[f"acromion_{side}"] * (upper + fore + hand)
            total = total + arm["elbow"] * at_elbow + arm["wrist"] * at_wrist + arm["hand"] * (hand * fraction("hand"))
            total = total + self._from_hips[f"hip_{side}"] * (share[f"thigh_{side}"] * (1 - fraction("thigh")))
            total = total + self._fixed[f"ankle_{side}"] * (share[f"shank_{side}"] * fraction("shank"))
            total = total + self._fixed[f"heel_{side}"] * (foot * (1 - fraction("foot")))
            total = total + self._fixed[f"toe_{side}"] * (foot * fraction("foot"))
        return total

    def hips_for(self, centre_of_mass: Jet, guess: FloatArray) -> Jet:
        """Place of mid-hip that puts the centre of mass where it has to be, with derivatives.

        Newton's method on the values, then on the derivatives with the last Jacobian (an implicit function in Taylor arithmetic).

        Parameters
        ----------
        centre_of_mass
            m, shape (n, 3).
        guess
            First guess of mid-hip, m, shape (n, 3).
        """
        values = SyntheticSkeleton(self.plan, _first_order(self.pose)) if centre_of_mass.orders > 1 else self
        hips, inverse = np.array(guess), np.empty(0)
        for k in range(20):
            reached = values.centre_of_mass(Jet(hips[None])).value
            if k < 2 or k % 3 == 0:
                inverse = np.linalg.inv(values._jacobian(hips, reached))
            change = np.einsum("nij,nj->ni", inverse, centre_of_mass.value - reached)
            hips = hips + change
            if not np.abs(change).max() > CLOSE:
                break
        out = Jet(np.concatenate([hips[None], centre_of_mass.d[1:]]))
        for _ in range(5 if out.orders > 1 else 0):
            residual = centre_of_mass.d - self.centre_of_mass(out).d
            out = Jet(out.d + np.einsum("nij,onj->oni", inverse, residual))
        return out

    def _jacobian(self, hips: FloatArray, reached: FloatArray, step: float = 1e-7) -> FloatArray:
        """Change of the centre of mass with mid-hip, shape (n, 3, 3)."""
        columns = []
        for axis in range(3):
            shift = np.zeros(3)
            shift[axis] = step
            columns.append((self.centre_of_mass(Jet((hips + shift)[None])).value - reached) / step)
        return np.stack(columns, axis=-1)


def _between(joints: dict[str, Jet], start: str, stop: str, share: float) -> Jet:
    return joints[start] * (1.0 - share) + joints[stop] * share


def _first_order(pose: SegmentPose) -> SegmentPose:
    def cut(jet: Jet) -> Jet:
        return Jet(jet.d[:1])

    return SegmentPose(
        cut(pose.pelvis),
        cut(pose.thorax),
        cut(pose.head),
        cut(pose.head_centre),
        cut(pose.neck_base),
        {side: (cut(a), cut(b)) for side, (a, b) in pose.feet.items()},
        {side: (cut(a), cut(b)) for side, (a, b) in pose.arms.items()},
    )
