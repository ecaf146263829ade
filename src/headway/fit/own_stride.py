"""A fitted body as one mean stride, left and right as they are: where a prediction on the runner's own body begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headway.body.skeleton import BodyTree, Skeleton
from headway.errors import RecordingError
from headway.fit.fitted import FittedStretch
from headway.fit.measured import SIDES
from headway.fit.model import GROUND, GROUND_UNKNOWNS, SOLE_BODIES, SOLE_POINTS, UNIT, FitModel, evaluate
from headway.fit.problem import HARDEST
from headway.fit.run import FittedBody
from headway.fit.runner import with_points
from headway.recording import GRAVITY, FloatArray, Side
from headway.simulation.contact import Ground
from headway.simulation.mean_stride import Clock
from headway.simulation.measured_stride import MeasuredStride, MovingPoints

SIDED = ("hip", "knee", "ankle", "heel", "toe", "mt1", "mt5", "shoulder", "elbow", "wrist", "asis", "psis")
"""Stems of the points that a stride is tracked by, beside neck base and head."""


def own_stride(body: FittedBody) -> MeasuredStride:
    """Make the mean stride of a fitted body.

    Parameters
    ----------
    body
        As :func:`headway.fit.run.fit_trial` gives it.

    Notes
    -----
    Strides are averaged in motion, force, lengths, soles and ground. Left and right stay apart, but for the ground, which is one under both.

    Raises
    ------
    RecordingError
        Nothing converged, or there are not two whole steps, one after the other.
    """
    trial, stretches = body.trial, body.stretches
    source = trial.recording.source
    if not stretches:
        raise RecordingError(
            source, "no body could be fitted to its strides", "look at them with headway analyze … --body"
        )
    chosen = sorted(contact.step for one in stretches for contact in one.contacts)
    time = np.concatenate([one.time for one in stretches])
    soles = np.mean([one.ground for one in stretches], axis=0)
    skeleton = mean_skeleton([_soled(one) for one in stretches])
    every = [_places(one, _tracked_by(skeleton, head=body.found.head_seen)) for one in stretches]
    weight = stretches[0].skeleton.mass * GRAVITY
    moving = MovingPoints(
        source,
        Clock.of(trial.steps, chosen, time),
        {name: np.concatenate([one[name] for one in every]) for name in every[0]},
        np.concatenate([one.force.sum(1) for one in stretches]) / weight,
        _contact_times(body, chosen),
    )
    found = body.found
    force = "plates" if found.force == "measured" else "the force that motion tells"
    note = (
        f"the body was fitted to {found.strides} strides: joint centres {1000 * found.joint_rms:.0f} mm, "
        f"force in stance {found.force_rms[1]:.2f} BW (up) from {force}"
    )
    return moving.mean(skeleton, own_ground(soles), (note,))


def own_ground(soles: FloatArray) -> Ground:
    """The contact law that a fit found, one stiffness under heel, ball and toe."""
    factors = dict(zip(GROUND_UNKNOWNS, np.exp(soles[3 * len(SOLE_POINTS) :]), strict=True))
    stiff = float(np.mean([factors[name] for name in SOLE_BODIES]))
    return replace(
        GROUND,
        stiffness=GROUND.stiffness * stiff,
        damping=GROUND.damping * float(factors["damping"]),
        creep=HARDEST.creep * float(factors["creep"]),
        skin=HARDEST.skin,
    )


def mean_skeleton(skeletons: Sequence[Skeleton]) -> Skeleton:
    """The mean of skeletons with the same bodies; points that one of these lacks on a body are left out."""
    every = [{body.name: body for body in one.bodies} for one in skeletons]
    return replace(skeletons[0], bodies=tuple(_mean([named[name] for named in every]) for name in every[0]))


def _contact_times(body: FittedBody, chosen: Sequence[int]) -> dict[Side, float]:
    """Median time of each foot on the ground, s."""
    steps = body.trial.steps
    own: dict[Side, list[int]] = {side: [k for k in chosen if steps.names[k] == side] or list(chosen) for side in SIDES}
    return {side: float(np.nanmedian(steps.contact_time[numbers])) for side, numbers in own.items()}


def _mean(same: Sequence[BodyTree]) -> BodyTree:
    first = same[0]
    shared = [name for name in first.points if all(name in one.points for one in same)]
    points = {name: np.mean([one.points[name] for one in same], axis=0) for name in shared}
    offset, com, inertia = (
        np.mean([getattr(one, name) for one in same], axis=0) for name in ("offset", "com", "inertia")
    )
    mass = float(np.mean([one.mass for one in same]))
    return replace(first, offset=offset, com=com, inertia=inertia, mass=mass, points=points)


def _soled(one: FittedStretch) -> Skeleton:
    """The skeleton of a stretch with the places under its soles where they were found."""
    moved: dict[str, dict[str, FloatArray]] = {}
    bodies = {body.name: body for body in one.skeleton.bodies}
    for k, (side, name) in enumerate(SOLE_POINTS):
        body, point = f"{SOLE_BODIES[name]}_{side}", f"sole_{name}_{side}"
        place = bodies[body].points[point] + UNIT * one.ground[3 * k : 3 * k + 3]
        moved.setdefault(body, {})[point] = place
    return with_points(one.skeleton, moved)


def _tracked_by(skeleton: Skeleton, *, head: bool) -> tuple[str, ...]:
    """Names of the points that a stride is tracked by: joints, usual markers on both sides, and the head where it was seen."""
    there = {name for one in skeleton.bodies for name in one.points}
    sided = [f"{stem}_{side}" for stem in SIDED if {f"{stem}_{side}" for side in SIDES} <= there for side in SIDES]
    return (*sided, "neck_base", "head_centre") if head else (*sided, "neck_base")


def _places(one: FittedStretch, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Points of a stretch by name, m, shape (n, 3)."""
    model = FitModel(one.skeleton, motion_only=True)
    places = evaluate(model.points(names), one.q)[0].reshape(len(one.time), len(names), 3)
    return {name: places[:, k] for k, name in enumerate(names)}
