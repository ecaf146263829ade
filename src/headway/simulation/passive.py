"""What ligaments and resting muscles do at the joints: moments that cost nothing."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import SIDE_SIGN, Skeleton

Symbol = Any
REFERENCE = 70.0 * 1.75
"""Mass times height of the young men of the source, kg·m, about."""


def passive_moments(skeleton: Skeleton, q: Symbol, v: Symbol, neck: Symbol) -> Symbol:
    """Passive moments of all coordinates, N·m, SX of shape (coordinates,).

    Parameters
    ----------
    skeleton
        Whose coordinates.
    q, v
        Coordinates and velocities.
    neck
        Stiffness (N·m/rad), damping (N·m·s/rad) and rest pitch (rad) of the neck.

    Notes
    -----
    Hip, knee and ankle in the sagittal plane after Riener & Edrich 1999 (J Biomech 32:539), with the muscles that span two
    joints; the toes' spring as Headway's fit of a body has it.
    """
    out = -ca.DM([one.stiffness for one in skeleton.coordinates]) * q
    size = skeleton.mass * skeleton.plan.height / REFERENCE
    for side in SIDE_SIGN:
        places = [skeleton.index(f"{name}_{side}") for name in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")]
        for k, moment in zip(places, leg_moments(*(q[k] for k in places)), strict=True):
            out[k] = size * moment
    for name, rest in (("neck_pitch", neck[2]), ("neck_roll", 0)):
        k = skeleton.index(name)
        out[k] = -neck[0] * (q[k] - rest) - neck[1] * v[k]
    return out


def leg_moments(hip: Symbol, knee: Symbol, ankle: Symbol) -> tuple[Symbol, Symbol, Symbol]:
    """Passive moments of hip, knee and ankle toward flexion (dorsiflexion), N·m, at their angles of flexion, rad.

    After Riener & Edrich 1999, with dorsiflexion positive.

    >>> hip, knee, ankle = leg_moments(0.0, 0.0, 0.0)
    >>> print(f"{float(hip):.1f} {float(knee):.1f} {float(ankle):.1f}")
    8.6 10.4 -6.4
    """
    h, k, a = (angle * (180 / np.pi) for angle in (hip, knee, ankle))
    at_hip = ca.exp(1.4655 - 0.0034 * k - 0.0750 * h) - ca.exp(1.3403 - 0.0226 * k + 0.0305 * h) + 8.072
    at_knee = (
        ca.exp(1.800 + 0.0460 * a - 0.0352 * k + 0.0217 * h)
        - ca.exp(-3.971 + 0.0004 * a + 0.0495 * k - 0.0128 * h)
        - 4.820
        + ca.exp(2.220 - 0.150 * k)
    )
    at_ankle = ca.exp(-7.9763 - 0.1949 * a + 0.0008 * k) - ca.exp(2.1016 + 0.0843 * a - 0.0176 * k) + 1.792
    return at_hip, at_knee, at_ankle
