"""The force ladder: how much force passes each level of the body on its way from the ground to the head.

Axes are (forward, up, right). Newton's second law for all that lies above a level: F = Σ m (a − g).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.recording import GRAVITY, FloatArray, Side

LEVELS = ("ground", "ankle", "knee", "hip", "lumbar", "neck")
"""Bottom up; the joint of the stance leg, the base of the trunk, the base of the neck."""
G = np.array([0.0, -GRAVITY, 0.0])
"""Gravity, m/s²."""
_LEG = ("foot", "shank", "thigh")
_ARM = ("upper_arm", "forearm", "hand")
_SIDES = ("left", "right")
_UPPER = ("trunk", *(f"{part}_{side}" for side in _SIDES for part in _ARM))
BODY = ("head", *_UPPER, *(f"{part}_{side}" for side in _SIDES for part in _LEG))
"""All segments a whole body has."""


def below(level: str, side: Side) -> tuple[str, ...]:
    """Segments under a level: those distal to it on the stance leg; lumbar both legs, neck all but the head.

    Parameters
    ----------
    level
        Out of ``LEVELS``.
    side
        Stance leg. The swing leg hangs on the pelvis, so it is above its own hip's level.
    """
    if level == "neck":
        return tuple(name for name in BODY if name != "head")
    if level == "lumbar":
        return tuple(f"{part}_{leg}" for leg in _SIDES for part in _LEG)
    return tuple(f"{part}_{side}" for part in _LEG[: LEVELS.index(level)])


def above(level: str, side: Side) -> tuple[str, ...]:
    """Segments over a level: all of ``BODY`` that are not :func:`below` it."""
    under = below(level, side)
    return tuple(name for name in BODY if name not in under)


def force_ladder(mass: FloatArray, acceleration: FloatArray, names: Sequence[str], side: Side) -> FloatArray:
    """Force that passes each level, top down: on all above it, from all below.

    Parameters
    ----------
    mass
        kg, shape (segments,).
    acceleration
        Of the centres of mass, m/s², shape (frames, segments, 3).
    names
        Of the segments, out of ``BODY``, in the order of the arrays.
    side
        Stance leg.

    Returns
    -------
    FloatArray
        N, shape (frames, 6, 3), in the order of ``LEVELS``; the force that the part below exerts on the part above. A
        level that lacks a segment above it is NaN in all frames (without a head: all), a gap in one of its segments
        in that frame.

    Notes
    -----
    In flight the ground level is zero: a check that needs no plate.
    """
    force = _demand(mass, acceleration)
    place = _places(names, acceleration)
    out = np.full((len(acceleration), len(LEVELS), 3), np.nan)
    for k, level in enumerate(LEVELS):
        part = above(level, side)
        if all(name in place for name in part):
            out[:, k] = force[:, [place[name] for name in part]].sum(1)
    return out


def ladder_from_ground(
    ground_force: FloatArray, mass: FloatArray, acceleration: FloatArray, names: Sequence[str], side: Side
) -> FloatArray:
    """Force that passes each level, bottom up: the ground force less what the segments below take.

    Parameters
    ----------
    ground_force
        On the runner, on the time base of the segments, N, shape (frames, 3).
    mass, acceleration, names, side
        As in :func:`force_ladder`.

    Returns
    -------
    FloatArray
        N, shape (frames, 6, 3). Levels it can reach: ankle, knee, hip with the stance leg alone, lumbar with both legs,
        neck with everything but the head; NaN else.
    """
    force = _demand(mass, acceleration)
    place = _places(names, acceleration)
    out = np.full((len(acceleration), len(LEVELS), 3), np.nan)
    for k, level in enumerate(LEVELS):
        part = below(level, side)
        if all(name in place for name in part):
            out[:, k] = ground_force - force[:, [place[name] for name in part]].sum(1)
    return out


def closure(
    ladder: FloatArray, ground_force: FloatArray, mass: float, stance: np.ndarray | None = None
) -> tuple[float, FloatArray]:
    """How well the ladder's ground level meets the measured ground force.

    Parameters
    ----------
    ladder
        From :func:`force_ladder`, N, shape (frames, 6, 3).
    ground_force
        On the same frames, N, shape (frames, 3), filtered like the motion.
    mass
        Of the body, kg.
    stance
        Frames to use, shape (frames,); else all.

    Returns
    -------
    total, by_axis
        Root mean square of the length of the difference, and of its components (shape (3,)), in body weights. NaN
        without a frame in which both are known.
    """
    miss = (ladder[:, 0] - ground_force) / (mass * GRAVITY)
    use = np.isfinite(miss).all(1) & (True if stance is None else np.asarray(stance, bool))
    if not use.any():
        return float("nan"), np.full(3, np.nan)
    by_axis = np.sqrt((miss[use] ** 2).mean(0))
    return float(np.sqrt((by_axis**2).sum())), by_axis


def _demand(mass: FloatArray, acceleration: FloatArray) -> FloatArray:
    """Force each segment needs from others, m (a − g), N, shape (frames, segments, 3)."""
    return np.asarray(mass)[:, None] * (acceleration - G)


def _places(names: Sequence[str], acceleration: FloatArray) -> dict[str, int]:
    unknown = [name for name in names if name not in BODY]
    if unknown or len(set(names)) != acceleration.shape[1]:
        raise ValueError(
            f"segments {list(names)} do not fit an acceleration of shape {acceleration.shape} (unknown: {unknown})"
        )
    return {name: k for k, name in enumerate(names)}
