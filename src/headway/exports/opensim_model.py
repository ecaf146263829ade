"""An OpenSim model of the runner (OSIM), its motion and loads, and the set-up file that runs OpenSim's inverse dynamics on them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from headway.analysis import Analysis
from headway.errors import RecordingError
from headway.exports.opensim import component, write_loads, write_storage
from headway.exports.opensim_body import ModelPart, RunnerModel, runner_model
from headway.recording import GRAVITY

VERSION = "40000"
TURN_AXES = (2, 0, 1)
"""The axis of each turn, in order: right, forward, up."""


def write_model(analysis: Analysis, stem: str, folder: Path) -> None:
    """Write ``.osim``, the motion and the loads that belong to it, and a set-up of inverse dynamics.

    Parameters
    ----------
    analysis
        Of markers, with a mass.
    stem
        Bare name of the files.
    folder
        Where to.

    Raises
    ------
    RecordingError
        There is no mass, no pelvis, or no frame in which the whole body is known.
    """
    model = runner_model(analysis)
    if not len(model.time):
        source = analysis.summary.recording.source
        raise RecordingError(source, "no frame shows all of its segments", "leave --to osim out")
    name = f"{stem}_model"
    _write(folder / f"{name}.osim", _model(stem, model))
    write_storage(folder / f"{name}_motion.mot", model.time, model.motion(), degrees=True)
    if model.forces:
        write_storage(folder / f"{name}_forces.mot", model.time, model.forces)
        write_loads(folder / f"{name}_loads.xml", f"{name}_forces.mot")
        _write(folder / f"{name}_inverse_dynamics.xml", _tool(name, model))


def _write(path: Path, content: ET.Element) -> None:
    root = ET.Element("OpenSimDocument", Version=VERSION)
    root.append(content)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)


def _tool(name: str, model: RunnerModel) -> ET.Element:
    tool = ET.Element("InverseDynamicsTool", name=component(name))
    told = {
        "results_directory": "./",
        "model_file": f"{name}.osim",
        "time_range": f"{model.time[0]:.8g} {model.time[-1]:.8g}",
        "forces_to_exclude": "Muscles",
        "external_loads_file": f"{name}_loads.xml",
        "coordinates_file": f"{name}_motion.mot",
        "lowpass_cutoff_frequency_for_coordinates": "-1",
        "output_gen_force_file": f"{name}_inverse_dynamics.sto",
    }
    for tag, text in told.items():
        _leaf(tool, tag, text)
    return tool


def _model(stem: str, model: RunnerModel) -> ET.Element:
    out = ET.Element("Model", name=component(stem))
    _leaf(
        out,
        "credits",
        "Made by Headway: masses of de Leva 1996; joints, lengths and markers of this runner's recording",
    )
    _leaf(out, "length_units", "meters")
    _leaf(out, "force_units", "N")
    _leaf(out, "gravity", _row((0.0, -GRAVITY, 0.0)))
    bodies, joints, markers = (_objects(out, tag) for tag in ("BodySet", "JointSet", "MarkerSet"))
    for part in model.parts:
        bodies.append(_body(part))
        joints.append(_joint(part))
        for name, place in part.markers.items():
            markers.append(_marker(name, part, place))
    return out


def _objects(out: ET.Element, tag: str) -> ET.Element:
    return ET.SubElement(ET.SubElement(out, tag, name=tag.lower()), "objects")


def _body(part: ModelPart) -> ET.Element:
    out = ET.Element("Body", name=part.name)
    _leaf(out, "mass", f"{part.mass:.8g}")
    _leaf(out, "mass_center", _row(part.com))
    moments = part.inertia
    _leaf(out, "inertia", _row([*np.diag(moments), moments[0, 1], moments[0, 2], moments[1, 2]]))
    return out


def _joint(part: ModelPart) -> ET.Element:
    """Three turns and three slides about the mean place of the joint in its parent."""
    out = ET.Element("CustomJoint", name=f"{part.parent}_{part.name}")
    where = "/ground" if part.parent == "ground" else f"/bodyset/{part.parent}"
    _leaf(out, "socket_parent_frame", f"{part.parent}_offset")
    _leaf(out, "socket_child_frame", f"/bodyset/{part.name}")
    coordinates = ET.SubElement(out, "coordinates")
    for k, name in enumerate((*part.coordinates, *part.slides)):
        one = ET.SubElement(coordinates, "Coordinate", name=name)
        _leaf(one, "default_value", f"{_usual(part, k):.8g}")
        _leaf(one, "range", "-10 10")
        _leaf(one, "clamped", "false")
    offset = ET.SubElement(ET.SubElement(out, "frames"), "PhysicalOffsetFrame", name=f"{part.parent}_offset")
    _leaf(offset, "socket_parent", where)
    _leaf(offset, "translation", _row(part.place))
    _leaf(offset, "orientation", "0 0 0")
    transform = ET.SubElement(out, "SpatialTransform")
    for k, axis in enumerate(TURN_AXES):
        direction = np.eye(3)[axis] * part.signs[k]
        _axis(transform, f"rotation{k + 1}", part.coordinates[k], direction)
    for k in range(3):
        _axis(transform, f"translation{k + 1}", part.slides[k], np.eye(3)[k])
    return out


def _usual(part: ModelPart, k: int) -> float:
    """Where a coordinate stands in an empty scene: in its mean, the slides at rest."""
    return float(part.values[:, k].mean()) if k < 3 or part.parent == "ground" else 0.0


def _axis(transform: ET.Element, name: str, coordinate: str, direction: Iterable[float]) -> None:
    axis = ET.SubElement(transform, "TransformAxis", name=name)
    _leaf(axis, "coordinates", coordinate)
    _leaf(axis, "axis", _row(direction))
    _leaf(ET.SubElement(axis, "LinearFunction", name="function"), "coefficients", "1 0")


def _marker(name: str, part: ModelPart, place: Iterable[float]) -> ET.Element:
    out = ET.Element("Marker", name=name)
    _leaf(out, "socket_parent_frame", f"/bodyset/{part.name}")
    _leaf(out, "location", _row(place))
    _leaf(out, "fixed", "true")
    return out


def _leaf(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _row(values: Iterable[float]) -> str:
    return " ".join(f"{float(value):.8g}" for value in values)
