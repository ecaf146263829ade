"""The skeleton as an MJCF file for MuJoCo: the same tree, coordinates, inertias and points, and a floor under the feet."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import numpy as np

from headway.body.skeleton import BodyTree, Skeleton
from headway.recording import GRAVITY


def mjcf(skeleton: Skeleton) -> str:
    """Text of an MJCF file; MuJoCo's qpos has the order of the skeleton's coordinates, SI, forward x, up y, right z.

    Joint ranges and contacts are written but switched off: both are soft in MuJoCo and would add moments to inverse dynamics.
    Take the two ``disable`` flags away to simulate forward.
    """
    root = Xml.Element("mujoco", model="headway runner")
    Xml.SubElement(root, "compiler", angle="radian", inertiafromgeom="false", balanceinertia="false", autolimits="true")
    option = Xml.SubElement(
        root, "option", gravity=_text([0.0, -GRAVITY, 0.0]), integrator="implicitfast", timestep="0.0005"
    )
    Xml.SubElement(option, "flag", contact="disable", limit="disable")
    world = Xml.SubElement(root, "worldbody")
    Xml.SubElement(world, "light", pos="0 4 0", dir="0 -1 0")
    floor = {"type": "plane", "size": "50 5 0.1", "zaxis": "0 1 0", "rgba": "0.85 0.87 0.9 1"}
    Xml.SubElement(world, "geom", floor, name="floor", contype="1", conaffinity="2", friction="1 0.005 0.0001")
    elements = {}
    for body in skeleton.bodies:
        holder = world if body.parent is None else elements[body.parent]
        elements[body.name] = element = Xml.SubElement(holder, "body", name=body.name, pos=_text(body.offset))
        _fill(element, body)
        for child in skeleton.bodies:
            if child.parent == body.name and np.linalg.norm(child.offset) > 0.02:
                _bone(element, f"{body.name}_to_{child.name}", child.offset)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


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
            Xml.SubElement(element, "geom", name=name, type="sphere", pos=_text(place + np.array([0.0, 0.01, 0.0])), size="0.01",
                           contype="2", conaffinity="1")  # fmt: skip
    ends = [place for name, place in body.points.items() if name.startswith(("wrist", "toe", "vertex"))]
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
