"""The synthetic runner standing still: the reference pose of head and body."""

from __future__ import annotations

import numpy as np

from headway.body.body_plan import SIDES, BodyPlan
from headway.synthetic import jets
from headway.synthetic.jets import Jet
from headway.synthetic.markers import all_points
from headway.synthetic.skeleton import SegmentPose, SyntheticSkeleton

PELVIC_TILT = -8.0
"""Pitch of the pelvis in standing, deg."""


def standing_skeleton(plan: BodyPlan) -> tuple[SyntheticSkeleton, dict[str, Jet]]:
    """Skeleton and all points of the upright body at one instant, m; origin on the ground between the ankles.

    Parameters
    ----------
    plan
        The body; its standing height is the runner's height.
    """
    still = jets.moment([0.0], 1)
    straight = _turned(still, 0.0)
    hips = np.array([0.0, plan.standing_hips, 0.0])
    neck = np.array([*plan.standing_neck, 0.0])
    feet = {}
    for side, _ in SIDES:
        ball = -plan.foot[f"ankle_{side}"] * [1.0, 0.0, 0.0] + plan.pelvis[f"hip_{side}"] * [0.0, 0.0, 1.0]
        feet[side] = (straight, jets.constant(ball, still))
    arms = {side: (_turned(still, -6.0 * sign, 0), _turned(still, 10.0)) for side, sign in SIDES}
    pose = SegmentPose(
        pelvis=_turned(still, PELVIC_TILT),
        thorax=straight,
        head=straight,
        head_centre=jets.constant(neck + plan.standing_head, still),
        neck_base=jets.constant(neck[[0, 2]], still),
        feet=feet,
        arms=arms,
    )
    skeleton = SyntheticSkeleton(plan, pose)
    return skeleton, all_points(plan, pose, skeleton.joints(jets.constant(hips, still)))


def _turned(like: Jet, degrees: float, axis: int = 2) -> Jet:
    return jets.about(axis, jets.constant(np.radians(degrees), like))
