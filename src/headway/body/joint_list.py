"""The joints of the skeleton: axes, limits and strengths, one row per motion.

Limits are ranges a runner does not leave. Strengths are greatest isometric moments per body mass and stature (N·m over kg·m); those of
the leg are of the size measured on dynamometers (Anderson, Madigan & Nussbaum 2007, J Biomech 40:3105) and in running (ankle 1.6 by
inverse dynamics), those of trunk, neck and arms are round numbers of the size of published ones. They set the price of a
moment, not a bound that decides the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

SIDED = frozenset({"adduction", "rotation"})
"""Motions of the limbs whose axis is mirrored: + is toward the midline, and turning inward."""


@dataclass(frozen=True)
class JointMotion:
    """One motion of a joint.

    Attributes
    ----------
    name
        + is what the name says; flexion brings the segment forward (knee: backward).
    axis, sign
        0 forward, 1 up, 2 right; turned by the right hand.
    lower, upper
        Limits, deg.
    strength
        Moment toward larger and smaller angles, N·m/(kg·m).
    fastest
        rad/s at which the moment is gone.
    stiffness
        Of tendons and ligaments about the zero of the angle, N·m/rad over kg·m; the neck's is part of the condition.
    """

    name: str
    axis: int
    sign: float
    lower: float = -180.0
    upper: float = 180.0
    strength: tuple[float, float] = (0.0, 0.0)
    fastest: float = 25.0
    stiffness: float = 0.0


JOINTS: dict[str, tuple[JointMotion, ...]] = {
    "pelvis": (JointMotion("pitch", 2, 1.0), JointMotion("roll", 0, 1.0), JointMotion("yaw", 1, 1.0)),
    "lumbar": (
        JointMotion("extension", 2, 1.0, -50, 25, (2.2, 1.5), 15.0),
        JointMotion("bending", 0, 1.0, -25, 25, (1.2, 1.2), 15.0),
        JointMotion("rotation", 1, 1.0, -35, 35, (0.8, 0.8), 15.0),
    ),
    "neck": (
        JointMotion("pitch", 2, 1.0, -40, 40, (0.25, 0.16), 15.0),
        JointMotion("roll", 0, 1.0, -35, 35, (0.18, 0.18), 15.0),
    ),
    "shoulder": (
        JointMotion("flexion", 2, 1.0, -80, 90, (0.6, 0.7), 25.0),
        JointMotion("adduction", 0, 1.0, -70, 5, (0.6, 0.5), 25.0),
        JointMotion("rotation", 1, 1.0, -40, 90, (0.35, 0.25), 25.0),
    ),
    "elbow": (JointMotion("flexion", 2, 1.0, 45, 125, (0.5, 0.4), 25.0),),
    "hip": (
        JointMotion("flexion", 2, 1.0, -35, 110, (1.3, 2.0), 25.0),
        JointMotion("adduction", 0, 1.0, -25, 20, (1.2, 1.3), 20.0),
        JointMotion("rotation", 1, 1.0, -30, 30, (0.5, 0.5), 20.0),
    ),
    "knee": (JointMotion("flexion", 2, -1.0, 2, 135, (1.0, 2.0), 30.0),),
    "ankle": (JointMotion("dorsiflexion", 2, 1.0, -32, 35, (0.4, 1.7), 25.0, 0.2),),
    "toes": (JointMotion("extension", 2, 1.0, -20, 80, (0.1, 0.3), 25.0, 0.2),),
}
"""Keyed by the joint; the pelvis turns in space, pitch + nose up, roll + right side down, yaw + to the left."""
