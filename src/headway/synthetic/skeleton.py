"""From a pose to joints, markers and segments, with exact derivatives; bones keep their length to rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray
from headway.synthetic import jets
from headway.synthetic.body_plan import SIDES, BodyPlan
from headway.synthetic.jets import Jet

SIDE_NAMES = ("right", "left")
CLOSE = 1e-12
"""Change of the hips, m, at which Newton's method has arrived."""
STRAIGHT = 1e-4
"""Square of the knee's distance from the line hip-ankle below which the leg is out of reach, m²."""


@dataclass(frozen=True)
class Pose:
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


class Skeleton:
    """Joints and segments of one pose.

    Parameters
    ----------
    plan
        The body.
    pose
        The pose; the parts that do not depend on the hips are computed once.
    """

    def __init__(self, plan: BodyPlan, pose: Pose) -> None:
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
        for side, _ in SIDES:
            upper, fore = pose.arms[side]
            elbow = self._from_neck[f"shoulder_{side}"] + jets.turn(upper, [0.0, -plan.upper_arm, 0.0])
            wrist = elbow + jets.turn(fore, [0.0, -plan.forearm, 0.0])
            hand = wrist + jets.turn(fore, [0.0, -plan.hand, 0.0])
            self._from_neck |= {f"elbow_{side}": elbow, f"wrist_{side}": wrist, f"hand_{side}": hand}
        self._from_hips = {name: jets.turn(pose.pelvis, local) for name, local in plan.pelvis.items()}

    def neck_base(self, mid_hip: Jet) -> Jet:
        """Neck base, at the length of the trunk from mid-hip, m, shape (n, 3)."""
        across = self.pose.neck_base - mid_hip[..., [0, 2]]
        height = jets.sqrt(-jets.dot(across, across) + self.plan.trunk**2) + mid_hip[..., 1]
        return jets.stack(self.pose.neck_base[..., 0], height, self.pose.neck_base[..., 1])

    def knee(self, hip: Jet, ankle: Jet) -> tuple[Jet, Jet]:
        """Knee centre, and unit vector to the right across the leg; the knee bends forward in the plane of hip, ankle and heading.

        Returns
        -------
        Jets of shape (n, 3). Where the ankle is out of reach the leg is stretched.
        """
        upper, lower = self.plan.thigh, self.plan.shank
        span = ankle - hip
        reach = jets.norm(span)
        along = span / reach[..., None]
        ahead = self.pose.pelvis[..., 0] - along * jets.dot(self.pose.pelvis[..., 0], along)[..., None]
        ahead = jets.unit(ahead)
        on_line = (reach * reach + (upper**2 - lower**2)) / (reach * 2.0)
        bent = -(on_line * on_line) + upper**2
        bent.d[:, bent.value < STRAIGHT] = 0.0
        bent.d[0] = np.maximum(bent.value, STRAIGHT)
        off_line = jets.sqrt(bent)
        knee = hip + along * on_line[..., None] + ahead * off_line[..., None]
        return knee, jets.cross(along, ahead)

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
        for side in SIDE_NAMES:
            out[f"knee_{side}"], out[f"across_{side}"] = self.knee(out[f"hip_{side}"], out[f"ankle_{side}"])
        return out

    def segments(self, joints: dict[str, Jet]) -> dict[str, Jet]:
        """Centres of mass of the segments, m, shape (n, 3) each (de Leva 1996)."""
        plan = self.plan
        out = {"head": joints["com"], "trunk": _between(joints, "c7", "mid_hip", plan.fraction("trunk"))}
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
        """Centre of mass of the whole body when the hips are at ``mid_hip``, m, shape (n, 3)."""
        segments = self.segments(self.joints(mid_hip))
        return Jet(np.add.reduce([self.plan.mass_shares[name] * jet.d for name, jet in segments.items()]))

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
        values = Skeleton(self.plan, _first_order(self.pose)) if centre_of_mass.orders > 1 else self
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


def _first_order(pose: Pose) -> Pose:
    def cut(jet: Jet) -> Jet:
        return Jet(jet.d[:1])

    return Pose(
        cut(pose.pelvis),
        cut(pose.thorax),
        cut(pose.head),
        cut(pose.head_centre),
        cut(pose.neck_base),
        {side: (cut(a), cut(b)) for side, (a, b) in pose.feet.items()},
        {side: (cut(a), cut(b)) for side, (a, b) in pose.arms.items()},
    )
