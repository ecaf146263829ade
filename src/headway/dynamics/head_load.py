"""The load on the head in one trial: force, moment, power and energy, computed when they are asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from headway.body.head import HeadModel
from headway.body.motion import Motion
from headway.body.rotations import angular_acceleration, angular_velocity, frame_from
from headway.body.segments import Segments
from headway.dynamics import neck
from headway.recording import GRAVITY, FloatArray
from headway.signals import derivative


class HeadLoad:
    """What the trunk does to head and neck.

    Parameters
    ----------
    motion
        Filtered points, with ``head_com``, and for moments ``neck_base``.
    head
        Model of head and neck.
    mass
        Of the body, kg; NaN where it is unknown: then that of 1 kg of body, as ratios do not need it.
    travel
        Mean velocity of the runner in the recording's axes, m/s, shape (3,).
    shoulders
        Left and right point whose line stands for the shoulders.
    segments
        For the energy of the whole body.
    """

    def __init__(
        self,
        motion: Motion,
        head: HeadModel,
        mass: float,
        travel: FloatArray,
        shoulders: tuple[str, str],
        segments: Segments | None = None,
    ) -> None:
        self.motion, self.head, self.travel, self.shoulders, self.segments = motion, head, travel, shoulders, segments
        self.body_mass = mass if np.isfinite(mass) else 1.0
        self.mass = head.mass_fraction * self.body_mass

    @cached_property
    def force(self) -> FloatArray:
        """Force of the trunk on head and neck, N, shape (frames, 3)."""
        return neck.neck_force(self.mass, self.motion.acceleration("head_com"))

    @cached_property
    def line(self) -> tuple[FloatArray, FloatArray]:
        """Centre of mass of head and neck, and neck base, m, each (frames, 3)."""
        return self.motion.position("head_com"), self.motion.position("neck_base")

    @cached_property
    def spin(self) -> FloatArray:
        """Angular velocity of the head, rad/s, shape (frames, 3)."""
        return angular_velocity(self.head.rotation, self.motion.rate)

    @cached_property
    def inertia(self) -> FloatArray:
        """Inertia tensor of head and neck in the recording's axes, kg·m², shape (frames, 3, 3)."""
        return neck.world_inertia(self.head.orientation, self.head.inertia * self.body_mass)

    @cached_property
    def moment(self) -> FloatArray:
        """Moment of the trunk on head and neck about the neck base, N·m, shape (frames, 3)."""
        change = angular_acceleration(self.head.rotation, self.motion.rate)
        return neck.neck_moment(self.force, self.inertia, self.spin, change, *self.line)

    @cached_property
    def power(self) -> FloatArray:
        """Power that passes the neck base into the head, seen from the frame that moves with the mean speed, W, shape (frames,)."""
        return neck.neck_power(self.force, self.moment, self.spin, self.motion.velocity("neck_base"), self.travel)

    @cached_property
    def joint_power(self) -> FloatArray:
        """Power of the muscles across the neck, W, shape (frames,)."""
        thorax = angular_velocity(self.thorax_rotation, self.motion.rate)
        return neck.neck_joint_power(self.moment, self.spin, thorax)

    @cached_property
    def thorax_rotation(self) -> FloatArray:
        """Attitude of the thorax: long axis from mid-hip (else pelvis) to neck base, across from shoulder to shoulder, (frames, 3, 3)."""
        motion = self.motion
        low = motion.position("mid_hip" if motion.has("mid_hip") else "pelvis_centre")
        left, right = self.shoulders
        return frame_from(motion.position("neck_base") - low, motion.position(right) - motion.position(left))

    @cached_property
    def energies(self) -> tuple[FloatArray, FloatArray]:
        """Energy of head and neck, and of the whole body (segments as points, with the head's rotation), J, each (frames,)."""
        if self.segments is None:
            raise ValueError("the energy of the body needs its segments")
        head = neck.head_energy(
            self.mass, self.head.com, self.motion.velocity("head_com"), self.inertia, self.spin, self.travel
        )
        velocity = derivative(self.segments.com, self.motion.rate) - self.travel
        points = 0.5 * (velocity**2).sum(-1) + GRAVITY * self.segments.com[..., 1]
        mass, index = self.segments.mass_fraction * self.body_mass, self.segments.index("head")
        return head, points @ mass - mass[index] * points[:, index] + head
