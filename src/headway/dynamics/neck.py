"""What the trunk does to the head: force, moment, their split along the neck, and the power that passes.

Axes are (forward, up, right); arrays have one row per frame. F and M act **on the head and neck**, at the neck base.
"""

from __future__ import annotations

import numpy as np

from headway.body.rotations import cross
from headway.dynamics.ladder import G
from headway.recording import GRAVITY, FloatArray


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.einsum("...i,...i->...", a, b)


def _length(a: FloatArray) -> FloatArray:
    return np.sqrt(_dot(a, a))


def neck_force(mass: float, acceleration: FloatArray) -> FloatArray:
    """Force of the trunk on head and neck, F = m (a − g).

    Parameters
    ----------
    mass
        Of head and neck, kg.
    acceleration
        Of their centre of mass, m/s², shape (frames, 3).

    Returns
    -------
    FloatArray
        N, shape (frames, 3).
    """
    return mass * (acceleration - G)


def world_inertia(orientation: FloatArray, inertia: FloatArray) -> FloatArray:
    """Inertia tensor in the axes of the points, R diag(I) Rᵀ.

    Parameters
    ----------
    orientation
        Columns are the principal axes, shape (frames, 3, 3).
    inertia
        Principal moments, kg·m², shape (3,).
    """
    return np.einsum("nij,j,nkj->nik", orientation, inertia, orientation, optimize=True)


def neck_moment(
    force: FloatArray,
    inertia: FloatArray,
    angular_velocity: FloatArray,
    angular_acceleration: FloatArray,
    com: FloatArray,
    neck_base: FloatArray,
) -> FloatArray:
    """Moment of the trunk on head and neck about the neck base, M = I α + ω × I ω − (p_NB − p_h) × F.

    Parameters
    ----------
    force
        From :func:`neck_force`, N, shape (frames, 3).
    inertia
        From :func:`world_inertia`, kg·m², shape (frames, 3, 3).
    angular_velocity, angular_acceleration
        Of the head, rad/s and rad/s², shape (frames, 3).
    com, neck_base
        m, shape (frames, 3).

    Returns
    -------
    FloatArray
        N·m, shape (frames, 3).
    """
    spin = np.einsum("nij,nj->ni", inertia, angular_velocity)
    change = np.einsum("nij,nj->ni", inertia, angular_acceleration) + cross(angular_velocity, spin)
    return change - cross(neck_base - com, force)


def axial_and_shear(force: FloatArray, com: FloatArray, neck_base: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Split the neck force along and across the line from the neck base to the centre of mass.

    Returns
    -------
    axial, shear
        N, shape (frames,), positive when the neck is pressed; N, shape (frames, 3), at right angles to that line.
    """
    arm = com - neck_base
    axis = arm / _length(arm)[:, None]
    axial = _dot(force, axis)
    return axial, force - axial[:, None] * axis


def moment_ratio(moment: FloatArray, mass: float, com: FloatArray, neck_base: FloatArray) -> FloatArray:
    """Size of the moment over the weight of the head times its lever: |M| / (m g l), shape (frames,)."""
    return _length(moment) / (mass * GRAVITY * _length(com - neck_base))


def moment_arm_ratio(moment: FloatArray, force: FloatArray, com: FloatArray, neck_base: FloatArray) -> FloatArray:
    """Lever form of the moment, |M| / (|F| l), shape (frames,): comparable with standing; NaN where F = 0."""
    lever = _length(force) * _length(com - neck_base)
    return _length(moment) / np.where(lever > 0, lever, np.nan)


def push_through_angle(force: FloatArray, upright: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Angle of the neck force to the direction fixed in the head that is vertical in standing.

    Parameters
    ----------
    force
        N, shape (frames, 3).
    upright
        Unit vectors, shape (frames, 3).

    Returns
    -------
    angle, sagittal
        rad, shape (frames,); ``sagittal`` is the part in the plane forward–up, positive when the force leans forward of
        the axis.
    """
    angle = np.arctan2(_length(cross(upright, force)), _dot(upright, force))
    lean = np.arctan2(force[:, 0], force[:, 1]) - np.arctan2(upright[:, 0], upright[:, 1])
    return angle, np.arctan2(np.sin(lean), np.cos(lean))


def force_weighted(values: FloatArray, force: FloatArray, window: np.ndarray | None = None) -> float:
    """Mean of ``values``, shape (frames,), weighted by the size of the force over a window of frames; NaN if empty."""
    weight = _length(force)
    use = np.isfinite(values) & np.isfinite(weight) & (True if window is None else np.asarray(window, bool))
    total = float(weight[use].sum())
    return float((values[use] * weight[use]).sum() / total) if total > 0 else float("nan")


def carried_velocity(
    velocity: FloatArray, angular_velocity: FloatArray, com: FloatArray, neck_base: FloatArray
) -> FloatArray:
    """Velocity of the *head's* point at the neck base, v* = v_h + ω × (p_NB − p_h), m/s, shape (frames, 3)."""
    return velocity + cross(angular_velocity, neck_base - com)


def neck_power(
    force: FloatArray,
    moment: FloatArray,
    angular_velocity: FloatArray,
    base_velocity: FloatArray,
    frame_velocity: FloatArray | float = 0.0,
) -> FloatArray:
    """Power that passes the neck base into the head, P = F·(v_NB − v̄) + M·ω_h.

    Parameters
    ----------
    force, moment, angular_velocity
        N, N·m, rad/s of the head, shape (frames, 3).
    base_velocity
        Of the neck base, m/s, shape (frames, 3): of the trunk's point for the power the trunk gives, or of
        :func:`carried_velocity` for the power the head gets. The neck holds or loses the difference.
    frame_velocity
        Of the frame in which energy is counted, m/s, shape (3,): the mean horizontal velocity of the stride, without
        which the number depends on who looks (overground and belt differ by F·u).

    Returns
    -------
    FloatArray
        W, shape (frames,).
    """
    return _dot(force, base_velocity - frame_velocity) + _dot(moment, angular_velocity)


def neck_joint_power(moment: FloatArray, head_velocity: FloatArray, thorax_velocity: FloatArray) -> FloatArray:
    """Power of the muscles across the neck, M·(ω_head − ω_thorax), W, shape (frames,); > 0 they work, < 0 absorb."""
    return _dot(moment, head_velocity - thorax_velocity)


def head_energy(
    mass: float,
    com: FloatArray,
    velocity: FloatArray,
    inertia: FloatArray,
    angular_velocity: FloatArray,
    frame_velocity: FloatArray | float = 0.0,
) -> FloatArray:
    """Energy of the head, ½ m v² + ½ ωᵀ I ω + m g Y, in a frame that moves with ``frame_velocity``.

    Its rate of change is :func:`neck_power` at :func:`carried_velocity`.

    Returns
    -------
    FloatArray
        J, shape (frames,).
    """
    moving = velocity - frame_velocity
    spin = np.einsum("nij,nj->ni", inertia, angular_velocity)
    return 0.5 * mass * _dot(moving, moving) + 0.5 * _dot(angular_velocity, spin) + mass * GRAVITY * com[:, 1]
