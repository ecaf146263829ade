"""The skeleton as an MJCF file for MuJoCo: tree, inertias and points, the contact law under the feet, and a step to be run again."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as Xml

import numpy as np

from headway.body.skeleton import BodyTree, Skeleton
from headway.recording import GRAVITY, FloatArray
from headway.simulation.contact import Ground
from headway.simulation.mujoco_contact import RATIO, contact_pairs

RADIUS = 1e-4
"""Of the spheres that stand for the places under the sole, m."""
GAIN, DAMPING = 0.4, 0.04
"""Feedback of a joint about the step that is run again, shares of strength per rad and per rad/s: it keeps a fall away, no more."""


@dataclass(frozen=True)
class Replay:
    """A step that MuJoCo is to run again.

    Attributes
    ----------
    time
        s, shape (n,).
    q, v
        Coordinates and velocities, shape (n, coordinates).
    moments
        Net joint moments, N·m, shape (n, joint coordinates).
    """

    time: FloatArray
    q: FloatArray
    v: FloatArray
    moments: FloatArray


def mjcf(skeleton: Skeleton, ground: Ground | None = None, replay: Replay | None = None) -> str:
    """Text of an MJCF file; MuJoCo's qpos has the order of the skeleton's coordinates, SI, forward x, up y, right z.

    Parameters
    ----------
    skeleton
        Who runs.
    ground
        Contact law of the places under the soles; ``None`` switches contacts off, for inverse dynamics.
    replay
        Step that is written as keyframes: start at the first and set ``ctrl`` to those of the key of the time.

    Notes
    -----
    Joint ranges are written but switched off: they are soft in MuJoCo and would add moments. A motor gives the net moment of its joint
    and a weak feedback about the step: ``ctrl`` = moment + gain · q + damping · v of the step.
    """
    root = Xml.Element("mujoco", model="headway runner")
    Xml.SubElement(root, "compiler", angle="radian", inertiafromgeom="false", balanceinertia="false", autolimits="true")
    option = Xml.SubElement(
        root, "option", gravity=_text([0.0, -GRAVITY, 0.0]), integrator="implicitfast", timestep="0.0001",
        cone="elliptic", impratio=f"{RATIO:g}",
    )  # fmt: skip
    off = {"limit": "disable"} | ({"contact": "disable"} if ground is None else {})
    Xml.SubElement(option, "flag", off)
    world = Xml.SubElement(root, "worldbody")
    Xml.SubElement(world, "light", pos="0 4 0", dir="0 -1 0")
    floor = {"type": "plane", "size": "50 5 0.1", "zaxis": "0 1 0", "rgba": "0.85 0.87 0.9 1"}
    Xml.SubElement(world, "geom", floor, name="floor", contype="0", conaffinity="0")
    elements = {}
    for body in skeleton.bodies:
        holder = world if body.parent is None else elements[body.parent]
        elements[body.name] = element = Xml.SubElement(holder, "body", name=body.name, pos=_text(body.offset))
        _fill(element, body)
        for child in skeleton.bodies:
            if child.parent == body.name and np.linalg.norm(child.offset) > 0.02:
                _bone(element, f"{body.name}_to_{child.name}", child.offset)
    if ground is not None:
        contacts = Xml.SubElement(root, "contact")
        for name, law in contact_pairs(skeleton, ground).items():
            Xml.SubElement(contacts, "pair", law, geom1="floor", geom2=name)
    if replay is not None:
        _replayed(root, skeleton, replay)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


def _replayed(root: Xml.Element, skeleton: Skeleton, replay: Replay) -> None:
    """A motor at each joint, and the step as keyframes."""
    joints = skeleton.coordinates[-replay.moments.shape[1] :]
    strength = np.array([np.mean(one.strength) for one in joints])
    actuators = Xml.SubElement(root, "actuator")
    for one, strong in zip(joints, strength, strict=True):
        bias = _text([0.0, -GAIN * strong, -DAMPING * strong])
        Xml.SubElement(
            actuators, "general", name=one.name, joint=one.name, biastype="affine", gainprm="1", biasprm=bias
        )
    q, v = replay.q[:, -len(joints) :], replay.v[:, -len(joints) :]
    control = replay.moments + strength * (GAIN * q + DAMPING * v)
    keys = Xml.SubElement(root, "keyframe")
    for k, time in enumerate(replay.time):
        told = {"qpos": _text(replay.q[k]), "qvel": _text(replay.v[k]), "ctrl": _text(control[k])}
        Xml.SubElement(keys, "key", told, time=f"{time:.17g}")


def _fill(element: Xml.Element, body: BodyTree) -> None:
    for one in body.coordinates:
        joint = {"name": one.name, "type": one.kind, "axis": _text(one.axis), "pos": "0 0 0"}
        if np.isfinite(one.lower) and abs(one.upper - one.lower) < 2 * np.pi:
            joint["range"] = _text([one.lower, one.upper])
        Xml.SubElement(element, "joint", joint)
    full = body.inertia[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]
    Xml.SubElement(element, "inertial", pos=_text(body.com), mass=f"{body.mass:.17g}", fullinertia=_text(full))
    for name, place in body.points.items():
        Xml.SubElement(element, "site", name=name, pos=_text(place), size="0.008")
        if name.startswith("sole_"):
            sphere = {"type": "sphere", "pos": _text(place), "size": f"{RADIUS:g}"}
            Xml.SubElement(element, "geom", sphere, name=name, contype="0", conaffinity="0")
    ends = [place for name, place in body.points.items() if name.startswith(("wrist", "toe_l", "toe_r", "vertex"))]
    if body.name == "head":
        geom = {"type": "sphere", "pos": _text(body.points["head_centre"]), "size": "0.09"}
        Xml.SubElement(element, "geom", geom, name="head_shape", contype="0", conaffinity="0", rgba="0.8 0.45 0.2 1")
    elif ends:
        _bone(element, f"{body.name}_end", ends[0])


def _bone(element: Xml.Element, name: str, end: object) -> None:
    geom = {"type": "capsule", "fromto": f"0 0 0 {_text(end)}", "size": "0.025", "rgba": "0.35 0.45 0.6 1"}
    Xml.SubElement(element, "geom", geom, name=name, contype="0", conaffinity="0")


def _text(values: object) -> str:
    return " ".join(f"{value:.17g}" for value in np.asarray(values, dtype=float).ravel())
