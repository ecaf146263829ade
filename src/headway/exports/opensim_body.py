"""The runner of an analysis as rigid bodies with joints: what an OpenSim model of this runner is made of, and how it moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import xarray as xr

from headway.analysis import Analysis
from headway.analysis.saved_body import saved_body
from headway.body.body import Body
from headway.body.clusters import CLUSTERS
from headway.body.joint_angles import GROUND, JOINTS, Frames, Joint, turns
from headway.body.make_skeleton import make_skeleton
from headway.body.rotations import cross, mean_within, within
from headway.body.segments import Segments
from headway.body.sided import sided
from headway.dynamics.foot_force import FootForce
from headway.dynamics.joint_moments import on_ankle
from headway.errors import RecordingError
from headway.exports.opensim import SIDES, coordinate
from headway.recording import FloatArray
from headway.signals import runs

NAMES = {
    "trunk": "torso",
    "thigh": "femur",
    "shank": "tibia",
    "foot": "calcn",
    "upper_arm": "humerus",
    "forearm": "radius",
}
"""Our segment, without its side, to the body of OpenSim's models."""
CENTRES = {"pelvis": "pelvis_centre", "lumbar": "mid_hip", "neck": "neck_base"}
"""Joint to its centre, where that is not named like the joint."""
RIDERS = {
    "thorax": "trunk",
    "acromion": "trunk",
    "scapula": "trunk",
    "sternum": "trunk",
    "shoulder": "trunk",
    "elbow": "upper_arm",
    "wrist": "forearm",
    "hand": "forearm",
    "knee": "thigh",
    "ankle": "shank",
}
"""Marker or cluster, without its side, to the segment that it rides on."""
LOADED = 50.0
"""Upward force from which a moment is told as a centre of pressure, N."""
USUAL = 1.75
"""Stature of a runner whose stature is not known, m: only the cut between pelvis and trunk hangs on it."""


@dataclass(frozen=True)
class ModelPart:
    """One rigid body with the joint that carries it.

    Attributes
    ----------
    name, parent
        Bodies of OpenSim; the first one's parent is ``ground``.
    coordinates, signs
        Names of the three angles in the order in which they turn (right, forward and up axis), and their signs.
    slides
        Names of the three coordinates along which the joint's centre moves in the parent.
    place
        Mean joint centre in the parent, m, shape (3,).
    mass, com, inertia
        kg; m from the joint; kg·m² about ``com``, shape (3, 3); axes forward, up, right.
    markers
        Name to mean place from the joint, m.
    values
        Angles (rad) and slides (m) over time, shape (frames, 6).
    """

    name: str
    parent: str
    coordinates: tuple[str, ...]
    signs: tuple[float, float, float]
    slides: tuple[str, ...]
    place: FloatArray
    mass: float
    com: FloatArray
    inertia: FloatArray
    markers: dict[str, FloatArray]
    values: FloatArray


@dataclass(frozen=True)
class RunnerModel:
    """A runner's bodies and their motion, and the ground force filtered as the motion is.

    Attributes
    ----------
    time
        s, shape (frames,): the longest stretch in which every body is known.
    parts
        From the pelvis outwards.
    forces
        Columns of a table of external loads at ``time``; empty without a ground force.
    """

    time: FloatArray
    parts: tuple[ModelPart, ...]
    forces: dict[str, FloatArray]

    def motion(self) -> dict[str, FloatArray]:
        """Columns of a MOT in degrees (and m) that moves the model."""
        out: dict[str, FloatArray] = {}
        for part in self.parts:
            out |= {name: np.degrees(part.values[:, k]) for k, name in enumerate(part.coordinates)}
            out |= {name: part.values[:, 3 + k] for k, name in enumerate(part.slides)}
        return out


def runner_model(analysis: Analysis) -> RunnerModel:
    """The bodies of a runner from the joints of an analysis.

    Every joint has three turns and three slides: the bodies move exactly as the markers of each segment show, and so OpenSim's inverse dynamics
    answers for the same motion as :func:`headway.dynamics.joint_moments.joint_moments`.

    Raises
    ------
    RecordingError
        No mass, or no pelvis.
    """
    runner, source = analysis.summary.runner, analysis.summary.recording.source
    if runner.mass is None:
        raise RecordingError(source, "the runner's mass is not known", "analyse it with --mass for a model")
    body = saved_body(analysis)
    frames = Frames(body)
    if frames.of("pelvis") is None:
        raise RecordingError(source, "the pelvis is not marked", "a model needs markers at both ASIS and PSIS")
    carrying = _Carrying(analysis, body, frames, runner.mass)
    parts = [part for joint in JOINTS if (part := carrying.part(joint)) is not None]
    rows = _longest(np.logical_and.reduce([np.isfinite(part.values).all(1) for part in parts]), body.motion.time)
    kept = tuple(replace(part, values=part.values[rows]) for part in parts)
    return RunnerModel(body.motion.time[rows], kept, _forces(analysis.curves, body, rows))


def opensim_body(segment: str) -> str:
    """Name of OpenSim's body for one of our segments.

    Examples
    --------
    >>> opensim_body("thigh_left")
    'femur_l'
    """
    stem, side = sided(segment)
    return NAMES.get(stem, stem) + ("" if side is None else f"_{SIDES[side]}")


class _Carrying:
    """What is needed for every part."""

    def __init__(self, analysis: Analysis, body: Body, frames: Frames, mass: float) -> None:
        self.body, self.frames, self.mass = body, frames, mass
        runner = analysis.summary.runner
        tree = make_skeleton(runner.height or USUAL, mass, runner.sex)
        self.trunk = {one.name: one for one in tree.bodies if one.name in ("pelvis", "torso")}
        self.riders: dict[str, list[str]] = {}
        for marker in (str(name) for name in analysis.curves["marker"].to_numpy()):
            self.riders.setdefault(_ridden(marker), []).append(marker)

    def part(self, joint: Joint) -> ModelPart | None:
        """The body that a joint carries; ``None`` where it or its parent is not there."""
        frames, motion = self.frames, self.body.motion
        angles, centre = turns(joint, frames), self.centre(joint.name)
        turned, above = frames.of(joint.distal), frames.of(joint.proximal)
        if angles is None or centre is None or turned is None or above is None:
            return None
        origin = np.zeros((motion.frames, 3)) if joint.proximal == GROUND else self._origin(joint.proximal)
        away = within(above, centre - origin)
        place = np.zeros(3) if joint.proximal == GROUND else np.nanmean(away, axis=0)
        stem, side = sided(joint.name)
        slides = tuple(f"{stem}_t{axis}" + ("" if side is None else f"_{SIDES[side]}") for axis in "xyz")
        mass, com, inertia = self._weight(joint.distal, turned, centre)
        markers = {
            name: place
            for name in self.riders.get(joint.distal, [])
            if np.isfinite(place := mean_within(turned, motion.position(name) - centre)).all()
        }
        names = tuple(coordinate(angle) for angle in joint.angles)
        values = np.concatenate([angles, away - place], axis=1)
        own, parent = opensim_body(joint.distal), opensim_body(joint.proximal)
        return ModelPart(own, parent, names, joint.signs, slides, place, mass, com, inertia, markers, values)

    def centre(self, joint: str) -> FloatArray | None:
        """Path of a joint's centre, m, shape (frames, 3); ``None`` where it is not there."""
        name = CENTRES.get(joint, joint)
        return self.body.motion.position(name) if self.body.motion.has(name) else None

    def _origin(self, segment: str) -> FloatArray:
        centre = self.centre(next(joint.name for joint in JOINTS if joint.distal == segment))
        assert centre is not None
        return centre

    def _weight(self, segment: str, turned: FloatArray, centre: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Mass, centre of mass from the joint and inertia; the trunk is cut at the omphalion, the hand goes with the forearm."""
        if segment in ("pelvis", "trunk"):
            one = self.trunk["torso" if segment == "trunk" else "pelvis"]
            hips = self.body.motion
            below = mean_within(turned, hips.position("mid_hip") - centre) if hips.has("mid_hip") else np.zeros(3)
            return one.mass, one.com + one.offset + below, one.inertia
        segments = self.body.segments
        own = self._own(segments, segment, turned, centre)
        hand = segment.replace("forearm", "hand")
        if hand == segment or hand not in segments.names:
            return own
        return _joined(own, self._own(segments, hand, turned, centre))

    def _own(
        self, segments: Segments, segment: str, turned: FloatArray, centre: FloatArray
    ) -> tuple[float, FloatArray, FloatArray]:
        k = segments.index(segment)
        com = mean_within(turned, segments.com[:, k] - centre)
        return float(segments.mass_fraction[k] * self.mass), com, np.diag(segments.inertia[k] * self.mass)


def _ridden(marker: str) -> str:
    """Segment that a marker rides on; the pelvis where nothing else is known."""
    for cluster in CLUSTERS:
        if marker in (*cluster.carriers, *cluster.passengers):
            return RIDERS.get(cluster.name, cluster.name)
    own = sided(marker)
    segment = RIDERS.get(own.stem, "pelvis")
    return segment if segment in ("trunk", "pelvis") else own.of(segment)


def _joined(
    one: tuple[float, FloatArray, FloatArray], other: tuple[float, FloatArray, FloatArray]
) -> tuple[float, FloatArray, FloatArray]:
    """Two bodies as one."""
    mass = one[0] + other[0]
    com = (one[0] * one[1] + other[0] * other[1]) / mass
    inertia = np.zeros((3, 3))
    for own, place, about in (one, other):
        arm = place - com
        inertia += about + own * (float(arm @ arm) * np.eye(3) - np.outer(arm, arm))
    return mass, com, inertia


def _longest(known: np.ndarray, time: FloatArray) -> slice:
    """The longest stretch of known frames without a jump in time."""
    gaps = np.flatnonzero(np.diff(time) > 1.5 * np.median(np.diff(time))) + 1
    ends = pairwise([0, *gaps.tolist(), len(time)])
    pieces = [(start + a, start + b) for start, stop in ends for a, b in runs(known[start:stop])]
    return slice(*max(pieces, key=lambda piece: piece[1] - piece[0], default=(0, 0)))


def _forces(curves: xr.Dataset, body: Body, rows: slice) -> dict[str, FloatArray]:
    """Force of each foot, its place and its turning moment, filtered like the motion; empty without a centre of pressure."""
    if "ground_force" not in curves or not bool(np.isfinite(curves["centre_of_pressure"]).any()):
        return {}
    arrays = [curves[name].to_numpy().astype(float) for name in ("ground_force", "centre_of_pressure", "free_moment")]
    feet = FootForce(curves["force_time"].to_numpy(), *arrays)
    level = float(np.nanmedian(arrays[1][..., 1]))
    out: dict[str, FloatArray] = {}
    for side, letter in SIDES.items():
        if f"foot_{side}" not in body.segments.names or not body.motion.has(f"ankle_{side}"):
            continue
        force, moment = (np.nan_to_num(values[rows]) for values in on_ankle(body, feet, side))
        ankle = body.motion.position(f"ankle_{side}")[rows]
        place, turning = _on_ground(force, moment, ankle, level)
        out |= {f"ground_force_{letter}_v{axis}": force[:, k] for k, axis in enumerate("xyz")}
        out |= {f"ground_force_{letter}_p{axis}": place[:, k] for k, axis in enumerate("xyz")}
        out |= {f"ground_torque_{letter}_{axis}": turning[:, k] for k, axis in enumerate("xyz")}
    return out


def _on_ground(force: FloatArray, moment: FloatArray, ankle: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """A force with its moment about the ankle, as a force at the centre of pressure with the moment that is left there; each (frames, 3)."""
    up = np.where(force[:, 1] > LOADED, force[:, 1], np.nan)
    down = level - ankle[:, 1]
    ahead, right = (down * force[:, 0] + moment[:, 2]) / up, (down * force[:, 2] - moment[:, 0]) / up
    arm = np.where(np.isfinite(up)[:, None], np.stack([ahead, down, right], axis=1), 0.0)
    return ankle + arm, moment - cross(arm, force)
