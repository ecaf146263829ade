"""Joint angles of a skeleton that holds together: inverse kinematics of pelvis, legs and trunk, beside the free Cardan angles of segments.

The joints are those of :func:`headway.body.skeleton.make_skeleton` (hip and lumbar joint turn about three axes, knee and ankle about one); lengths,
joint places and markers are this runner's means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from headway.body.body import Body
from headway.body.joint_angles import Frames, JointAngles
from headway.body.make_skeleton import make_skeleton
from headway.body.rotations import cross, mean_within
from headway.body.sided import sided
from headway.body.skeleton import Coordinate
from headway.recording import FloatArray

SEGMENT = {"torso": "trunk"}
"""Body of the skeleton to the segment that is called otherwise."""
CENTRE = {"pelvis": "mid_hip", "torso": "mid_hip", "thigh": "hip", "shank": "knee", "foot": "ankle"}
"""Body to the joint that carries it."""
RIDERS: dict[str, tuple[str, ...]] = {
    "pelvis": ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum"),
    "torso": ("c7", "suprasternal", "acromion_left", "acromion_right"),
    "thigh": ("knee", "knee_lateral", "knee_medial", "knee_axis"),
    "shank": ("ankle", "ankle_lateral", "ankle_medial", "ankle_axis"),
    "foot": ("heel", "mt1", "mt2", "mt5", "toe"),
}
"""Points that are followed, without their side where the body has one."""
CALLED = {
    "pelvis_pitch": "pelvis_tilt",
    "pelvis_roll": "pelvis_list",
    "pelvis_yaw": "pelvis_rotation",
    "hip_rotation_left": "hip_internal_rotation_left",
    "hip_rotation_right": "hip_internal_rotation_right",
}
"""Coordinates of the skeleton that :data:`headway.body.joint_angles.JOINTS` calls otherwise."""
ROUNDS, CLOSE, LONGEST, DAMPING = 40, 1e-5, 0.4, 1e-6
"""Most rounds; largest change (rad, m) that ends them; largest change of a round; added to the diagonal, m²."""
BENT = 0.5
"""Knees begin so far bent, rad: a straight knee does not know which way to bend."""


@dataclass(frozen=True)
class ConstrainedAngles:
    """Angles of the skeleton that comes nearest to the markers.

    Attributes
    ----------
    angles
        Named as in :data:`headway.body.joint_angles.JOINTS`; NaN in frames with a gap.
    residual
        Root mean square distance of the followed points from the skeleton's, m, shape (frames,).
    """

    angles: JointAngles
    residual: FloatArray


@dataclass(frozen=True)
class _Link:
    """One body: its parent's place in the list, the joint from the parent's, m, its coordinates with their place in q, and its points."""

    parent: int
    offset: FloatArray
    coordinates: tuple[tuple[int, Coordinate], ...]
    points: dict[str, FloatArray]


def constrained_angles(body: Body) -> ConstrainedAngles | None:
    """Fit the skeleton to every frame by itself; ``None`` where no leg is marked from pelvis to foot.

    Parameters
    ----------
    body
        With knees and ankles (:func:`headway.body.joint_angles.with_whole_legs`).

    Notes
    -----
    Least squares by Gauss and Newton with exact derivatives, all frames at once (global optimisation: Lu & O'Connor 1999, J Biomech 32:129).
    """
    links, names = _links(body, Frames(body))
    if not any(name.startswith("knee_flexion") for name in names):
        return None
    points = [name for link in links for name in link.points]
    target = body.motion.stack(points)
    seen = np.isfinite(target).all((1, 2))
    q = np.zeros((int(seen.sum()), len(names)))
    for k, name in enumerate(names):
        if name.startswith("knee_flexion"):
            q[:, k] = BENT
    q[:, :3] = body.motion.position("mid_hip")[seen]
    for _ in range(ROUNDS):
        places, slope = _forward(links, q)
        missed = (target[seen] - places).reshape(len(q), -1)
        across = np.swapaxes(slope, 1, 2)
        normal = across @ slope + DAMPING * np.eye(len(names))
        step = np.clip(np.linalg.solve(normal, across @ missed[..., None])[..., 0], -LONGEST, LONGEST)
        q += step
        if not len(q) or np.abs(step).max() < CLOSE:
            break
    values, residual = np.full((len(target), len(names)), np.nan), np.full(len(target), np.nan)
    values[seen] = q
    away = _forward(links, q)[0] - target[seen]
    residual[seen] = np.sqrt((away * away).sum(-1).mean(-1))
    called = tuple(CALLED.get(name, name) for name in names[3:])
    return ConstrainedAngles(JointAngles(called, values[:, 3:]), residual)


def _links(body: Body, frames: Frames) -> tuple[list[_Link], list[str]]:
    """The bodies that are marked, a parent before its children, and the names of their coordinates."""
    links: list[_Link] = []
    names: list[str] = []
    place: dict[str, int] = {}
    for one in make_skeleton().bodies:
        own = sided(one.name)
        centre = own.of(CENTRE.get(own.stem, ""))
        turned = frames.of(SEGMENT.get(one.name, one.name)) if body.motion.has(centre) else None
        if turned is None or (one.parent is not None and one.parent not in place):
            continue
        riders = [own.of(name) for name in RIDERS[own.stem]]
        at = body.motion.position(centre)
        points = {name: mean_within(turned, body.motion.position(name) - at) for name in body.motion.present(riders)}
        coordinates = tuple((len(names) + k, coordinate) for k, coordinate in enumerate(one.coordinates))
        names += [coordinate.name for coordinate in one.coordinates]
        parent, offset = -1, np.zeros(3)
        if one.parent is not None:
            above = frames.of(SEGMENT.get(one.parent, one.parent))
            assert above is not None
            parent = place[one.parent]
            offset = mean_within(above, at - body.motion.position(_centre_of(one.parent)))
        place[one.name] = len(links)
        links.append(_Link(parent, offset, coordinates, points))
    return links, names


def _centre_of(name: str) -> str:
    own = sided(name)
    return own.of(CENTRE[own.stem])


def _forward(links: list[_Link], q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Places of all points, m, (frames, points, 3), and their derivatives by q, (frames, points * 3, coordinates)."""
    turns, origins, movers = [], [], []
    places, slopes = [], []
    for link in links:
        first = link.parent < 0
        turn = np.broadcast_to(np.eye(3), (len(q), 3, 3)) if first else turns[link.parent]
        origin = np.zeros((len(q), 3)) if first else origins[link.parent] + turn @ link.offset
        moved = [] if first else list(movers[link.parent])
        for k, coordinate in link.coordinates:
            axis = turn @ coordinate.axis
            if coordinate.kind == "slide":
                origin = origin + axis * q[:, k, None]
                moved.append((k, axis, None))
            else:
                turn = turn @ Rotation.from_rotvec(q[:, k, None] * coordinate.axis).as_matrix()
                moved.append((k, axis, origin))
        turns.append(turn)
        origins.append(origin)
        movers.append(moved)
        for local in link.points.values():
            at = origin + turn @ local
            slope = np.zeros((len(q), 3, q.shape[1]))
            for k, axis, pivot in moved:
                slope[:, :, k] = axis if pivot is None else cross(axis, at - pivot)
            places.append(at)
            slopes.append(slope)
    return np.stack(places, axis=1), np.concatenate(slopes, axis=1)
