"""Moments and powers of the joints of the legs: what has to act there, so that the segments below move as they were seen to.

Axes are (forward, up, right). A moment acts on the distal segment and is positive the way its angle is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.body.body import Body
from headway.body.joint_angles import JOINTS, Frames, Joint
from headway.body.rotations import cross, mean_within, unit, within
from headway.dynamics.foot_force import SIDES, FootForce
from headway.dynamics.ground_force import read
from headway.dynamics.ladder import G
from headway.dynamics.neck import world_inertia
from headway.recording import FloatArray
from headway.signals import derivative, low_pass, second_derivative

CHAIN = (("ankle", "foot"), ("knee", "shank"), ("hip", "thigh"))
"""Joints from the ground up, each with the segment below it."""
UP = 1


@dataclass(frozen=True)
class JointMoments:
    """Net moments and powers of the joints of both legs.

    Attributes
    ----------
    names
        ``ankle_right`` and so on.
    lab
        Moment in the axes of the recording, N·m, shape (frames, joints, 3).
    joint
        Along the three axes that the joint's angles turn about (:func:`headway.body.joint_angles.cardan`), N·m, shape (frames, joints, 3).
    proximal, distal
        The same moment along the forward, up and right axes of the segment that carries, and of the one that is carried.
    power
        W, shape (frames, joints); + = the joint gives energy to the segments.
    """

    names: tuple[str, ...]
    lab: FloatArray
    joint: FloatArray
    proximal: FloatArray
    distal: FloatArray
    power: FloatArray

    def of(self, name: str) -> FloatArray:
        """Moment of one joint along the axes of its angles, N·m, shape (frames, 3)."""
        return self.joint[:, self.names.index(name)]


def joint_moments(body: Body, mass: float, force: FootForce, frames: Frames | None = None) -> JointMoments | None:
    """Inverse dynamics of the legs, from the ground up; ``None`` where no leg is marked from foot to pelvis.

    Parameters
    ----------
    body
        With knees and ankles (:func:`headway.body.joint_angles.with_whole_legs`).
    mass
        Of the runner, kg.
    force
        Of each foot. It is filtered as the motion is, with its moment about the ankle, so that impact does not tear the joints apart
        (Bisseling & Hof 2006, J Biomech 39:2438).
    frames
        Orientation of the segments, when they were made before.

    Notes
    -----
    M = Σ (r − j) × m (a − g) + Ḣ over the segments below the joint j, minus the moment of the ground force about j (Winter 2009, ch. 5, in three
    dimensions). Where nothing but the long axis of a segment is marked, the rate of its turn about that axis is taken from the pelvis.
    """
    frames = frames or Frames(body)
    legs = [side for side in SIDES if _whole(body, frames, side)]
    if not legs or not np.isfinite(mass):
        return None
    made = [one for side in legs for one in _leg(body, frames, mass, force, side)]
    stacked = [
        np.stack([getattr(one, name) for one in made], axis=1)
        for name in ("lab", "joint", "proximal", "distal", "power")
    ]
    return JointMoments(tuple(one.name for one in made), *stacked)


@dataclass(frozen=True)
class _Moment:
    name: str
    lab: FloatArray
    joint: FloatArray
    proximal: FloatArray
    distal: FloatArray
    power: FloatArray


def _whole(body: Body, frames: Frames, side: str) -> bool:
    there = all(f"{part}_{side}" in body.segments.names for _, part in CHAIN)
    return there and frames.of("pelvis") is not None and body.motion.has(*(f"{joint}_{side}" for joint, _ in CHAIN))


def _leg(body: Body, frames: Frames, mass: float, force: FootForce, side: str) -> list[_Moment]:
    motion, segments = body.motion, body.segments
    index = [segments.index(f"{part}_{side}") for _, part in CHAIN]
    com = np.stack([_carried_com(body, frames, f"{part}_{side}", f"{joint}_{side}") for joint, part in CHAIN], axis=1)
    masses = segments.mass_fraction[index] * mass
    pull = masses[:, None] * (second_derivative(com, motion.rate) - G)
    spin = np.stack([_spin_change(body, frames, mass, f"{part}_{side}") for _, part in CHAIN], axis=1)
    ground, about_ankle = on_ankle(body, force, side)
    out: list[_Moment] = []
    for k, (joint, _) in enumerate(CHAIN):
        centre = motion.position(f"{joint}_{side}")
        needed = (cross(com[:, : k + 1] - centre[:, None], pull[:, : k + 1]) + spin[:, : k + 1]).sum(1)
        outer = about_ankle + cross(motion.position(f"ankle_{side}") - centre, ground)
        out.append(_told(_joint(f"{joint}_{side}"), frames, needed - outer))
    return out


def _joint(name: str) -> Joint:
    return next(joint for joint in JOINTS if joint.name == name)


def _carried_com(body: Body, frames: Frames, segment: str, joint: str) -> FloatArray:
    """Centre of mass of a segment, m, shape (frames, 3), at its mean place from the joint above: the segment is rigid, its markers are not."""
    turned, centre = frames.of(segment), body.motion.position(joint)
    assert turned is not None
    offset = mean_within(turned, body.segments.com[:, body.segments.index(segment)] - centre)
    return centre + turned @ offset


def _spin_change(body: Body, frames: Frames, mass: float, segment: str) -> FloatArray:
    """Rate of change of a segment's angular momentum about its own centre, N·m, shape (frames, 3)."""
    turned = frames.of(segment)
    assert turned is not None
    inertia = world_inertia(turned, body.segments.inertia[body.segments.index(segment)] * mass)
    momentum = np.einsum("nij,nj->ni", inertia, frames.turning(segment))
    return derivative(momentum, body.motion.rate)


def on_ankle(body: Body, force: FootForce, side: str) -> tuple[FloatArray, FloatArray]:
    """Ground force of a foot and its moment about the ankle, filtered like the motion, at the frames, N and N·m, each (frames, 3)."""
    motion, k = body.motion, SIDES.index(side)
    ankle = read(motion.time, motion.position(f"ankle_{side}"), force.time)
    foot = read(motion.time, body.segments.com[:, body.segments.index(f"foot_{side}")], force.time)
    known = np.isfinite(force.pressure[:, k])
    arm = np.where(known, force.pressure[:, k], foot) - ankle
    loaded = force.force[:, k]
    moment = np.where(loaded != 0, cross(np.nan_to_num(arm), loaded), 0.0)
    moment[:, UP] += np.nan_to_num(force.free_moment[:, k])
    rate = float(1.0 / np.median(np.diff(force.time)))
    both = low_pass(np.concatenate([loaded, moment], axis=1), rate, motion.cutoff)
    told = read(force.time, both, motion.time)
    return told[:, :3], told[:, 3:]


def _told(joint: Joint, frames: Frames, moment: FloatArray) -> _Moment:
    """One moment in all axes, and its power."""
    proximal, distal = frames.of(joint.proximal), frames.of(joint.distal)
    assert proximal is not None and distal is not None
    first, third = proximal[..., 2], distal[..., 1]
    axes = np.stack([first, unit(cross(third, first)), third], axis=-1)
    turning = frames.turning(joint.distal) - frames.turning(joint.proximal)
    return _Moment(
        joint.name,
        moment,
        within(axes, moment) * np.array(joint.signs),
        within(proximal, moment),
        within(distal, moment),
        (moment * turning).sum(1),
    )
