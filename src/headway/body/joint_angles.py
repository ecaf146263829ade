"""Joint angles over time: how each segment is turned against the one that carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from headway.body.body import Body
from headway.body.functional_joints import add_functional_joints
from headway.body.motion import Motion
from headway.body.rotations import angular_velocity, cross, frame_from, unit
from headway.body.segments import build_segments
from headway.body.sided import sided
from headway.recording import FloatArray
from headway.signals import seen_mean

GROUND = "ground"
SIDES = ("left", "right")


@dataclass(frozen=True)
class Joint:
    """A joint, with the names of its three angles.

    Attributes
    ----------
    name
        ``hip``, or with its side ``hip_right``.
    proximal, distal
        Segment that carries, and segment that is carried.
    angles
        Names of the turns about the right axis of the proximal segment, the floating forward axis and the long axis of the distal segment.
    signs
        Of these turns, so that the names say what is positive.
    """

    name: str
    proximal: str
    distal: str
    angles: tuple[str, str, str]
    signs: tuple[float, float, float]

    def on(self, side: str) -> Joint:
        """The same joint of one side: what turns toward the middle is mirrored on the left."""
        mirror = 1.0 if side == "right" else -1.0
        first, second, third = self.signs
        carried = self.proximal if self.proximal in ("pelvis", "trunk") else f"{self.proximal}_{side}"
        named = tuple(f"{angle}_{side}" for angle in self.angles)
        return Joint(
            f"{self.name}_{side}",
            carried,
            f"{self.distal}_{side}",
            (named[0], named[1], named[2]),
            (first, mirror * second, mirror * third),
        )


_SIDED = (
    Joint("hip", "pelvis", "thigh", ("hip_flexion", "hip_adduction", "hip_internal_rotation"), (1, 1, 1)),
    Joint("knee", "thigh", "shank", ("knee_flexion", "knee_adduction", "knee_internal_rotation"), (-1, 1, 1)),
    Joint("ankle", "shank", "foot", ("ankle_dorsiflexion", "ankle_inversion", "ankle_internal_rotation"), (1, 1, 1)),
    Joint("shoulder", "trunk", "upper_arm", ("shoulder_flexion", "shoulder_adduction", "shoulder_internal_rotation"), (1, 1, 1)),
    Joint("elbow", "upper_arm", "forearm", ("elbow_flexion", "elbow_adduction", "elbow_pronation"), (1, 1, 1)),
)  # fmt: skip
JOINTS = (
    Joint("pelvis", GROUND, "pelvis", ("pelvis_tilt", "pelvis_list", "pelvis_rotation"), (1, 1, 1)),
    Joint("lumbar", "pelvis", "trunk", ("lumbar_extension", "lumbar_bending", "lumbar_rotation"), (1, 1, 1)),
    Joint("neck", "trunk", "head", ("neck_extension", "neck_bending", "neck_rotation"), (1, 1, 1)),
    *(joint.on(side) for joint in _SIDED for side in ("right", "left")),
)
"""All joints, proximal first.

+ = flexion (dorsiflexion), adduction (inversion), internal rotation (pronation); of pelvis, trunk and neck backward tilt (extension),
bending to the right, turning to the left, as in OpenSim's models.
"""


@dataclass(frozen=True)
class JointAngles:
    """Cardan angles of a body's joints.

    Attributes
    ----------
    names
        Of the angles, as in :data:`JOINTS`; only of joints whose segments are there.
    values
        rad, shape (frames, angles); NaN where the markers do not tell it.
    """

    names: tuple[str, ...]
    values: FloatArray

    def of(self, name: str) -> FloatArray:
        """One angle, rad, shape (frames,)."""
        return self.values[:, self.names.index(name)]


def own_side(names: Iterable[str]) -> dict[str, str]:
    """Names without their side, in order, each with the first name that it stands for."""
    out: dict[str, str] = {}
    for name in names:
        out.setdefault(sided(name).stem, name)
    return out


def with_whole_legs(body: Body, *, sex: str | None, height: float | None) -> Body:
    """The same body, with knees and ankles that no marker shows put where the clusters beside them turn (:func:`add_functional_joints`)."""
    if all(body.motion.has(f"knee_{side}") or not body.motion.has(f"thigh_{side}_1") for side in SIDES):
        return body
    points, flags = add_functional_joints(body.motion.to_points())
    if not flags:
        return body
    segments = build_segments(points, sex=sex, height=height, head=body.head)
    return replace(body, motion=Motion(points, body.motion.cutoff), segments=segments, flags=(*body.flags, *flags))


class Frames:
    """Orientation of every segment over time, with the pelvis, whose mass belongs to the trunk here.

    Columns of a frame are its forward, up (long) and right axis in the axes of the recording, as in ISB recommendations (Wu 2002, 2005: X, Y, Z).

    Parameters
    ----------
    body
        Segments and filtered points.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        self._known: dict[str, FloatArray] = {}
        self._turning: dict[str, FloatArray] = {}

    def of(self, segment: str) -> FloatArray | None:
        """Orientation of a segment, shape (frames, 3, 3); ``None`` where the segment is not there."""
        if segment not in self._known:
            made = self._make(segment)
            if made is None:
                return None
            self._known[segment] = made
        return self._known[segment]

    def turning(self, segment: str) -> FloatArray:
        """Angular velocity of a segment that is there, in the axes of the recording, rad/s, shape (frames, 3)."""
        if segment not in self._turning:
            turned = self.of(segment)
            assert turned is not None
            self._turning[segment] = angular_velocity(turned, self._body.motion.rate)
        return self._turning[segment]

    def flexes_only(self, segment: str) -> bool:
        """Whether nothing but the long axis of a segment is marked."""
        segments = self._body.segments
        return segment in segments.names and not np.isfinite(segments.orientation[:, segments.index(segment)]).any()

    def _make(self, segment: str) -> FloatArray | None:
        if segment == GROUND:
            return np.broadcast_to(np.eye(3), (self._body.motion.frames, 3, 3))
        if segment == "pelvis":
            return _pelvis(self._body.motion)
        segments = self._body.segments
        if segment not in segments.names:
            return None
        k = segments.index(segment)
        if not self.flexes_only(segment):
            return segments.orientation[:, k]
        across = self._across
        if across is None:
            return None
        start, end = segments.endpoints[:, k, 0], segments.endpoints[:, k, 1]
        if segment.startswith("foot_"):
            up = cross(across, end - start)
            return np.stack([unit(end - start), unit(up), unit(cross(end - start, up))], axis=-1)
        return frame_from(start - end, across)

    @cached_property
    def _across(self) -> FloatArray | None:
        """The pelvis' right axis, for flexion of what has no axis of its own."""
        pelvis = self.of("pelvis")
        return None if pelvis is None else pelvis[..., 2]


def _pelvis(motion: Motion) -> FloatArray | None:
    """Right along the line of the ASIS, forward in the plane of ASIS and PSIS (Wu 2002)."""
    if not motion.has("asis_left", "asis_right"):
        return None
    back = ("psis_left", "psis_right") if motion.has("psis_left", "psis_right") else ("sacrum",)
    if not motion.has(*back):
        return None
    right = motion.position("asis_right") - motion.position("asis_left")
    ahead = motion.mean("asis_left", "asis_right") - motion.mean(*back)
    z, y = unit(right), unit(cross(right, ahead))
    return np.stack([cross(y, z), y, z], axis=-1)


def cardan(proximal: FloatArray, distal: FloatArray) -> FloatArray:
    """Turns about the right axis of the proximal, the floating forward axis and the long axis of the distal segment.

    Parameters
    ----------
    proximal, distal
        Columns forward, up and right axis, shape (..., 3, 3).

    Returns
    -------
    FloatArray
        rad, shape (..., 3); the first is in ±π, the second in ±π/2.

    Notes
    -----
    Grood & Suntay 1983, J Biomech Eng 105:136; with ISB axes this is the Cardan sequence Z–X–Y.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.spatial.transform import Rotation
    >>> turned = Rotation.from_euler("ZXY", [0.6, -0.1, 0.2]).as_matrix()
    >>> cardan(np.eye(3), turned).round(6)
    array([ 0.6, -0.1,  0.2])
    """
    turn = np.swapaxes(proximal, -1, -2) @ distal
    second = np.arcsin(np.clip(turn[..., 2, 1], -1.0, 1.0))
    first = np.arctan2(-turn[..., 0, 1], turn[..., 1, 1])
    third = np.arctan2(-turn[..., 2, 0], turn[..., 2, 2])
    return np.stack([first, second, third], axis=-1)


def joint_angles(body: Body, frames: Frames | None = None) -> JointAngles:
    """Angles of all joints whose two segments are there.

    Where nothing but the long axis of a segment is marked (no medial markers), its turn about that axis is taken from the pelvis: flexion is
    told, and the other two angles of its joints are NaN.

    Notes
    -----
    Each angle is counted on through ±π.
    """
    frames = frames or Frames(body)
    names: list[str] = []
    values: list[FloatArray] = []
    for joint in JOINTS:
        angles = turns(joint, frames)
        if angles is None:
            continue
        if frames.flexes_only(joint.proximal) or frames.flexes_only(joint.distal):
            angles[:, 1:] = np.nan
        names += joint.angles
        values.append(angles)
    for side in SIDES:
        bent = _toes(body.motion, side)
        if bent is not None:
            names.append(f"toe_extension_{side}")
            values.append(bent[:, None])
    told = np.concatenate(values, axis=1) if values else np.empty((body.motion.frames, 0))
    return JointAngles(tuple(names), told)


def _toes(motion: Motion, side: str) -> FloatArray | None:
    """Angle at the heads of the metatarsals between the toes and the line from the heel, rad, shape (frames,); + = toes up; None if not marked."""
    heads = motion.present((f"mt1_{side}", f"mt5_{side}")) or motion.present((f"mt2_{side}",))
    if not heads or not motion.has(f"heel_{side}", f"toe_{side}"):
        return None
    ball = motion.mean(*heads)
    foot, toes = ball - motion.position(f"heel_{side}"), motion.position(f"toe_{side}") - ball
    slopes = (np.arctan2(one[:, 1], np.hypot(one[:, 0], one[:, 2])) for one in (toes, foot))
    return next(slopes) - next(slopes)


def turns(joint: Joint, frames: Frames) -> FloatArray | None:
    """The three angles of a joint, rad, shape (frames, 3), counted on through ±π; ``None`` where a segment of it is not there."""
    proximal, distal = frames.of(joint.proximal), frames.of(joint.distal)
    if proximal is None or distal is None:
        return None
    return _counted_on(cardan(proximal, distal) * np.array(joint.signs))


def _counted_on(angles: FloatArray) -> FloatArray:
    """Without jumps of a whole turn, and with the mean within half a turn of zero."""
    out = angles.copy()
    for k in range(angles.shape[1]):
        seen = np.isfinite(angles[:, k])
        if seen.any():
            path = np.unwrap(angles[seen, k])
            out[seen, k] = path - 2 * np.pi * np.round(float(seen_mean(path)) / (2 * np.pi))
    return out
