"""The body that is simulated where no recording gives one: from tables, with a joint at the toes."""

from __future__ import annotations

import numpy as np

from headway.body.make_skeleton import make_skeleton
from headway.body.skeleton import SIDE_SIGN, Skeleton
from headway.body.toes import BEHIND_TIP, with_toes


def simulated_skeleton(height: float = 1.75, mass: float = 70.0, sex: str | None = None) -> Skeleton:
    """Make the skeleton of a runner with toes, 31 degrees of freedom; see :func:`headway.body.skeleton.make_skeleton`."""
    skeleton = make_skeleton(height, mass, sex)
    points = {name: place for body in skeleton.bodies for name, place in body.points.items()}
    tips = [f"toe_{side}" for side in SIDE_SIGN]
    behind = np.array([BEHIND_TIP * skeleton.plan.scale, 0.0, 0.0])
    hinges = {side: points[tip] * [1.0, 1.0, 0.0] - behind for side, tip in zip(SIDE_SIGN, tips, strict=True)}
    return with_toes(skeleton, hinges, frozenset(tips))
