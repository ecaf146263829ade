"""The path of the force under a foot without plates, and the moments that rest on it."""

from dataclasses import replace

import numpy as np

from headway import Options, Runner, analyze
from headway.dynamics.pressure_model import NODES, FootOnGround, load_pressure_model
from headway.results import Estimated
from headway.sources import load

FLAT = FootOnGround(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.25, 0.0)


def test_the_path_runs_from_the_landing_to_the_toes():
    model = load_pressure_model()
    heel_first = replace(FLAT, pitch=np.radians(15))
    path = model.place(NODES, heel_first)[:, 0]
    assert path[2] < 0.10 and 0.15 < path[-3] < 0.25, "from the rear of the foot to its ball"
    assert (np.diff(path[2:]) > -1e-3).all()
    assert path[2] < model.place(NODES, FLAT)[2, 0], "who lands on the heel begins farther back"
    assert (model.error[:, 4:17] < 0.02).all(), "in the middle of stance"


def test_a_left_foot_is_the_mirror_of_a_right_one():
    model = load_pressure_model()
    left = replace(FLAT, outward=-FLAT.outward)
    assert np.allclose(model.place(NODES, left), model.place(NODES, FLAT) * [1.0, -1.0])


def test_moments_without_plates_hold_those_with_them(data):
    recording, short = load(data / "rbds" / "RBDS014runT35.c3d"), Options(stop=6.0)
    plates = analyze(recording, options=short)
    known = Runner(mass=plates.summary.runner.mass)
    blind = analyze(replace(recording, ground_force=None, events=()), known, short)
    for name in ("ankle_moment_peak", "knee_moment_peak", "hip_moment_peak", "knee_work_taken"):
        found, truth = blind[name], plates[name]
        assert isinstance(found, Estimated) and isinstance(truth, Estimated) and found.ci95 is not None
        assert found.ci95[0] < truth.value < found.ci95[1], name
        assert "estimated from motion" in found.model
    without = analyze(replace(recording, ground_force=None, events=()), None, short)
    assert not hasattr(without["knee_moment_peak"], "value"), "nothing is told per kg of an unknown mass"
    assert "joint_moment" not in without.curves
