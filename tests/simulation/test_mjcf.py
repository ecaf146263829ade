"""MuJoCo runs a solved step again with the contact law that the file carries."""

import numpy as np
import pytest

mujoco = pytest.importorskip("mujoco")
pytest.importorskip("casadi")

from headway.simulation.contact import Ground  # noqa: E402
from headway.simulation.mjcf import mjcf  # noqa: E402
from headway.simulation.motion import replay  # noqa: E402
from headway.simulation.mujoco_contact import inverse_weights  # noqa: E402
from headway.simulation.simulated_body import simulated_skeleton  # noqa: E402


def test_the_weight_that_scales_mujocos_contacts_is_mujocos_own():
    skeleton = simulated_skeleton(1.62, 55.0, "female")
    model = mujoco.MjModel.from_xml_string(mjcf(skeleton))
    for name, weight in inverse_weights(skeleton).items():
        assert weight == pytest.approx(model.body(name).invweight0[0], rel=1e-9)


def test_a_foot_that_is_pressed_in_is_pushed_as_the_contact_law_has_it():
    skeleton, ground = simulated_skeleton(1.75, 70.0, "male"), Ground()
    model = mujoco.MjModel.from_xml_string(mjcf(skeleton, ground))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    data.qpos[1] -= data.site("sole_ball_right").xpos[1] + 0.006
    mujoco.mj_forward(model, data)
    force, total = np.zeros(6), 0.0
    for k in range(data.ncon):
        mujoco.mj_contactForce(model, data, k, force)
        total += force[0]
    assert data.ncon == 6
    assert total == pytest.approx(6 * 0.006 * ground.stiffness * skeleton.mass * 9.80665, rel=0.02)


def test_the_step_runs_in_mujoco_as_it_was_solved(coarse):
    _, free = coarse
    model = mujoco.MjModel.from_xml_string(mjcf(free.skeleton, free.ground, replay(free)))
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    farthest = 0.0
    while data.time < model.key_time[-1]:
        k = int(np.clip(np.searchsorted(model.key_time, data.time), 1, model.nkey - 1))
        share = (data.time - model.key_time[k - 1]) / (model.key_time[k] - model.key_time[k - 1])
        data.ctrl[:] = (1 - share) * model.key_ctrl[k - 1] + share * model.key_ctrl[k]
        mujoco.mj_step(model, data)
        solved = (1 - share) * model.key_qpos[k - 1] + share * model.key_qpos[k]
        farthest = max(farthest, float(np.abs(data.qpos[:3] - solved[:3]).max()))
    assert farthest < 0.005
