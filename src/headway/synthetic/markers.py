"""Markers on the skin of the synthetic runner, by their canonical names, and the joint centres between them."""

from __future__ import annotations

from headway.body.body_plan import SIDES, BodyPlan
from headway.synthetic.jets import Jet
from headway.synthetic.skeleton import SegmentPose

_SIDED = (
    "acromion", "elbow_lateral", "elbow_medial", "wrist_radial", "wrist_ulnar", "hand", "asis", "psis", "knee_lateral",
    "knee_medial", "ankle_lateral", "ankle_medial", "heel", "mt1", "mt5", "toe",
)  # fmt: skip
MARKERS = (
    "head_front_left", "head_front_right", "head_back_left", "head_back_right", "c7", "t10", "suprasternal", "xiphoid",
    *(f"{name}_{side}" for name in _SIDED for side in ("left", "right")),
)  # fmt: skip
"""What :func:`headway.synthetic.recording.record` writes."""


def all_points(plan: BodyPlan, pose: SegmentPose, joints: dict[str, Jet]) -> dict[str, Jet]:
    """Joints and every marker, m, shape (n, 3) each.

    The pairs at knee, elbow and wrist stand symmetrically about the joint; ``foot_*`` is the mean of heel and metatarsal markers.

    Parameters
    ----------
    plan, pose
        Body and pose.
    joints
        From :meth:`headway.synthetic.skeleton.SyntheticSkeleton.joints`.
    """
    out = {name: joint for name, joint in joints.items() if not name.startswith("across_")}
    half = plan.half_widths
    for side, sign in SIDES:
        upper, fore = pose.arms[side]
        for joint, lateral, medial, across in (
            ("knee", "knee_lateral", "knee_medial", joints[f"across_{side}"]),
            ("elbow", "elbow_lateral", "elbow_medial", upper[..., 2]),
            ("wrist", "wrist_radial", "wrist_ulnar", fore[..., 2]),
        ):
            outward = across * (sign * half[joint])
            out[f"{lateral}_{side}"] = joints[f"{joint}_{side}"] + outward
            out[f"{medial}_{side}"] = joints[f"{joint}_{side}"] - outward
        out[f"foot_{side}"] = (joints[f"heel_{side}"] + joints[f"mt1_{side}"] + joints[f"mt5_{side}"]) / 3.0
    return out
