"""A model of the runner for OpenSim: it moves as the markers do, weighs what the runner weighs, and OpenSim's inverse dynamics agrees with ours."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from xml.etree import ElementTree as ET

import msgspec
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.errors import HeadwayError
from headway.exports.opensim import moments
from headway.exports.opensim_body import runner_model
from headway.exports.targets import export

EDGE = 8


@pytest.fixture(scope="module")
def written(result, tmp_path_factory):
    return export(result, "osim", tmp_path_factory.mktemp("osim") / "out")


def placed(model):
    """Frames and origins of all bodies over time, from the model and its motion alone."""
    turned, origin = {"ground": np.eye(3)}, {"ground": np.zeros(3)}
    for part in model.parts:
        turn = Rotation.from_euler("ZXY", part.values[:, :3] * np.array(part.signs)).as_matrix()
        shift = part.place + part.values[:, 3:]
        above = turned[part.parent]
        origin[part.name] = origin[part.parent] + np.einsum("...ij,...j->...i", above, shift)
        turned[part.name] = above @ turn
    return turned, origin


def test_the_model_carries_joints_and_markers_where_they_were(result):
    model = runner_model(result)
    turned, origin = placed(model)
    rows = np.isin(result.curves["time"].to_numpy(), model.time)
    points = result.curves["position"].to_numpy()[rows]
    names = list(result.curves["point"].to_numpy())
    for body, joint in (("tibia_r", "knee_right"), ("calcn_l", "ankle_left"), ("radius_r", "elbow_right")):
        assert np.allclose(origin[body], points[:, names.index(joint)], atol=1e-9), body
    off = []
    for part in model.parts:
        for name, place in part.markers.items():
            off.append(origin[part.name] + turned[part.name] @ place - points[:, names.index(name)])
    assert np.sqrt(np.mean(np.square(off))) < 0.006


def test_the_model_weighs_what_the_runner_weighs(result, written):
    model = ET.parse(written / "synthetic runner_model.osim")
    masses = [float(one.text or "nan") for one in model.findall(".//Body/mass")]
    assert sum(masses) == pytest.approx(result.summary.runner.mass, rel=1e-3)
    names = {one.get("name") for one in model.findall(".//Coordinate")}
    assert {"pelvis_tx", "hip_flexion_r", "knee_angle_l", "subtalar_angle_r", "arm_flex_l", "knee_ty_r"} <= names


RUN = """
import opensim

opensim.Logger.setLevelString("Off")
opensim.Logger.removeFileSink()
assert opensim.InverseDynamicsTool("synthetic runner_model_inverse_dynamics.xml").run()
"""


@pytest.mark.skipif(find_spec("opensim") is None, reason="OpenSim is not installed")
def test_opensims_inverse_dynamics_agrees(result, written):
    subprocess.run([sys.executable, "-c", RUN], cwd=written, check=True)  # on its own: it brings another CasADi
    lines = (written / "synthetic runner_model_inverse_dynamics.sto").read_text().splitlines()
    first = lines.index("endheader") + 1
    names = lines[first].split()
    table = np.array([line.split() for line in lines[first + 1 :]], float)[EDGE:-EDGE]
    for name, values in moments(result.curves).items():
        if name.endswith("_moment"):
            own = np.interp(table[:, 0], result.curves["time"].to_numpy(), values)
            theirs = table[:, names.index(name)]
            flexion = name.startswith(("hip_flexion", "knee_angle", "ankle_angle"))
            assert np.abs(own - theirs).max() < (0.02 if flexion else 0.05) * np.ptp(own), name


def test_a_model_needs_a_mass(result):
    unknown = msgspec.structs.replace(result.summary.runner, mass=None)
    nobody = replace(result, summary=msgspec.structs.replace(result.summary, runner=unknown))
    with pytest.raises(HeadwayError, match="mass is not known"):
        runner_model(nobody)


def test_without_plates_there_is_a_model_and_its_motion_alone(result, tmp_path):
    floating = replace(result, curves=result.curves.drop_vars(["ground_force", "centre_of_pressure", "free_moment"]))
    folder = export(floating, "osim", tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == [
        "synthetic runner_model.osim",
        "synthetic runner_model_motion.mot",
    ]
