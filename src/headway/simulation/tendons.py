"""Tendons in series with the motors of knee and ankle: the motor's speed is the joint's and that at which its tendon is stretched.

A motor that holds a moment while its tendon lengthens and recoils does little work: the stance of running (Roberts et al. 1997,
Science 275:1113). The moments of these joints are decision variables at the nodes, so that their rates are at hand.
"""

from __future__ import annotations

import numpy as np

from headway.body.sided import sided
from headway.body.skeleton import Skeleton
from headway.recording import FloatArray

STIFFNESS = {"knee_flexion": 1000.0, "ankle_dorsiflexion": 600.0}
"""Of the joints' tendons for 70 kg and 1.75 m, N·m/rad; set by hand. Ankle: an Achilles tendon of 190 to 280 N/mm at 5 cm makes 470 to 700;
measured ones differ by more (430 ± 200 N/mm, Peltonen et al. 2010, J Exp Biol 213:1259, abstract). Knee: 4.5 cm and a strain of 4 to 5 %
at the greatest isometric force, as muscle models take it, make 800 to 1200."""
STENCIL = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}
"""Central difference of the fourth order, by nodes from here."""


def with_tendons(skeleton: Skeleton) -> tuple[str, ...]:
    """Coordinates whose motors pull by tendons: those of the right leg, then in the same order those of the left."""
    return tuple(
        f"{name}_{side}" for side in ("right", "left") for name in STIFFNESS if f"{name}_{side}" in skeleton.names
    )


def tendon_stiffness(skeleton: Skeleton) -> FloatArray:
    """N·m/rad of each of them, as strong as the body is heavy and tall."""
    size = skeleton.mass * skeleton.plan.height / (70.0 * 1.75)
    return np.array([STIFFNESS[sided(name).stem] * size for name in with_tendons(skeleton)])


def tendon_units(skeleton: Skeleton) -> FloatArray:
    """Moments that count as one: mean of the strengths either way, N·m."""
    return np.array(
        [np.mean(skeleton.coordinates[skeleton.index(name)].strength) for name in with_tendons(skeleton)], dtype=float
    )


def rate_rows(nodes: int, joints: int, steps: int = 1) -> FloatArray:
    """Rates by phase (steps) of the moments at the nodes of a step, as rows over those moments.

    Parameters
    ----------
    nodes
        In the step, whose mirror image follows, or in the two steps, which repeat.
    joints
        Moments at a node; the first half are the right leg's.
    steps
        1, or 2.

    Returns
    -------
    FloatArray
        Shape (nodes, joints, nodes * joints).
    """
    out = np.zeros((nodes, joints, nodes, joints))
    for k in range(nodes):
        for shift, weight in STENCIL.items():
            turns, place = divmod(k + shift, nodes)
            for joint in range(joints):
                other = (joint + joints // 2) % joints if turns % 2 and steps == 1 else joint
                out[k, joint, place, other] += weight * nodes / steps
    return out.reshape(nodes, joints, nodes * joints)
