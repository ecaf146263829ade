"""Finding the constants of the runner's posture: how high the runner runs, how far the trunk leans, where the feet land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.body.body_plan import BodyPlan
from headway.recording import FloatArray
from headway.synthetic.parameters import RunnerParameters

ROUNDS = 40
LEAST_FLEXION = 14.0
"""No knee is ever straighter than this, in swing either, deg."""
SETTLED = 1e-9
"""Change from round to round, m, at which the posture counts as found."""


@dataclass(frozen=True)
class Offsets:
    """Constants that place the prescribed paths.

    Attributes
    ----------
    height
        Mean height of the centre of mass, m.
    head
        Forward and up place of the head's path, m.
    neck_base
        Forward place of the neck base's path, m.
    foot
        Ball of the foot at midstance ahead of the mean centre of mass, m.
    """

    height: float
    head: tuple[float, float]
    neck_base: float
    foot: float


@dataclass(frozen=True)
class Sample:
    """What the search looks at, over one stride with evenly spaced times.

    Attributes
    ----------
    neck_base, head_centre, pelvis_centre
        m, shape (n, 3).
    reach
        Greatest distance from hip to ankle of the leg on the ground and of either leg, m.
    moment
        Moment of the ground force about the centre of mass about the right axis, N·m, shape (n,).
    vertical
        Vertical ground force, N, shape (n,).
    """

    neck_base: FloatArray
    head_centre: FloatArray
    pelvis_centre: FloatArray
    reach: tuple[float, float]
    moment: FloatArray
    vertical: FloatArray


def settle(parameters: RunnerParameters, plan: BodyPlan, sample: Callable[[Offsets], Sample]) -> Offsets | None:
    """Find the constants by repeated correction.

    Parameters
    ----------
    parameters, plan
        The runner.
    sample
        One stride of the runner with trial constants.

    Returns
    -------
    Offsets or None
        Such that trunk lean, head anteversion and least knee flexion are those asked for, the head is as far above the neck base
        as in standing, and the ground force turns the body neither forward nor backward over a
        stride; ``None`` where the search runs away because the legs do not reach.
    """
    tall = plan.scale
    bend = np.radians([parameters.knee_flexion, min(parameters.knee_flexion, LEAST_FLEXION)])
    longest = np.sqrt(plan.thigh**2 + plan.shank**2 + 2 * plan.thigh * plan.shank * np.cos(bend))
    found = np.array([0.94 * tall, 0.06 * tall, 1.50 * tall, 0.0, 0.0])
    for _ in range(ROUNDS):
        if not np.isfinite(found).all() or not 0.6 * tall < found[0] < 1.3 * tall:
            return None
        now = sample(Offsets(found[0], (found[1], found[2]), found[3], found[4]))
        rise = now.neck_base - now.pelvis_centre
        angle = np.arctan2(rise[:, 0], rise[:, 1]).mean()
        head = (now.head_centre - now.neck_base).mean(0)
        grounded, either = longest - now.reach
        change = np.array(
            [
                0.9 * (grounded if abs(grounded) > 0.02 * tall else min(grounded, either)),
                parameters.head_anteversion - head[0],
                plan.standing_head[1] - head[1],
                0.58 * (np.radians(parameters.trunk_lean) - angle) * rise[:, 1].mean(),
                -now.moment.sum() / now.vertical.sum(),
            ]
        )
        change = np.clip(change, -0.03 * tall, 0.03 * tall)
        # what moves with the neck base or with the hips moves the head as well
        found = found + change + np.array([0.0, change[3], change[0], 0.0, 0.0])
        if np.abs(change).max() < SETTLED:
            break
    height, forward, up, neck, foot = (float(value) for value in found)
    return Offsets(height, (forward, up), neck, foot)
