"""Symbolic equations of motion against MuJoCo, energy, and the mirror."""

import numpy as np
import pytest

ca = pytest.importorskip("casadi")
mujoco = pytest.importorskip("mujoco")

from headway.body.make_skeleton import make_skeleton  # noqa: E402
from headway.recording import GRAVITY  # noqa: E402
from headway.simulation.equations import Equations  # noqa: E402
from headway.simulation.mjcf import mjcf  # noqa: E402

N = 29


@pytest.fixture(scope="module", params=[(1.75, 70.0, "male"), (1.60, 54.0, "female")])
def body(request):
    skeleton = make_skeleton(*request.param)
    return skeleton, Equations(skeleton)


def motion(seed):
    random = np.random.default_rng(seed)
    return random.uniform(-0.7, 0.7, N), random.uniform(-8, 8, N), random.uniform(-100, 100, N)


def test_inverse_dynamics_agrees_with_mujoco(body):
    skeleton, equations = body
    model = mujoco.MjModel.from_xml_string(mjcf(skeleton))
    data = mujoco.MjData(model)
    assert [model.joint(k).name for k in range(model.njnt)] == list(skeleton.names)
    moments = ca.Function("moments", [equations.q, equations.v, equations.a], [equations.moments])
    for seed in range(5):
        data.qpos[:], data.qvel[:], data.qacc[:] = motion(seed)
        mujoco.mj_inverse(model, data)
        ours = np.asarray(moments(*motion(seed))).ravel()
        assert np.abs(ours - data.qfrc_inverse).max() < 1e-8 * np.abs(ours).max()


def test_points_and_pushes_agree_with_mujoco(body):
    skeleton, equations = body
    model = mujoco.MjModel.from_xml_string(mjcf(skeleton))
    data = mujoco.MjData(model)
    q, _, _ = motion(3)
    data.qpos[:] = q
    mujoco.mj_forward(model, data)
    force = np.array([30.0, 800.0, -40.0])
    for name in ("sole_ball_left", "head_centre", "wrist_right", "asis_left"):
        ours = ca.Function("place", [equations.q], [equations.points[name], equations.pushed_by(name, ca.DM(force))])
        place, pushed = (np.asarray(value).ravel() for value in ours(q))
        jacobian = np.zeros((3, N))
        mujoco.mj_jacSite(model, data, jacobian, None, model.site(name).id)
        assert np.allclose(place, data.site(name).xpos, atol=1e-12)
        assert np.allclose(pushed, jacobian.T @ force, atol=1e-9)


def test_power_of_all_moments_is_the_change_of_energy(body):
    _, equations = body
    energy = equations.energy()
    flow = ca.jtimes(energy, equations.q, equations.v) + ca.jtimes(energy, equations.v, equations.a)
    both = ca.Function("both", [equations.q, equations.v, equations.a], [flow, ca.dot(equations.moments, equations.v)])
    for seed in range(3):
        change, power = (float(value) for value in both(*motion(seed)))
        assert power == pytest.approx(change, rel=1e-10)


def test_the_pelvis_carries_the_weight_and_the_moving_mass(body):
    skeleton, equations = body
    q, v, a = motion(1)
    moments = ca.Function("moments", [equations.q, equations.v, equations.a], [equations.moments])
    still = np.asarray(moments(q, np.zeros(N), np.zeros(N))).ravel()
    assert still[:3] == pytest.approx([0.0, skeleton.mass * GRAVITY, 0.0], abs=1e-9)
    lifted = a.copy()
    lifted[1] += 3.0
    change = np.asarray(moments(q, v, lifted) - moments(q, v, a)).ravel()
    assert change[1] == pytest.approx(3.0 * skeleton.mass, rel=1e-12)


def test_a_mirrored_motion_has_mirrored_moments(body):
    skeleton, equations = body
    order, sign = skeleton.mirror
    order = order.astype(int)
    moments = ca.Function("moments", [equations.q, equations.v, equations.a], [equations.moments])
    given = motion(7)
    ours = np.asarray(moments(*given)).ravel()
    turned = np.asarray(moments(*(one[order] * sign for one in given))).ravel()
    assert np.allclose(turned, ours[order] * sign, rtol=1e-11, atol=1e-9)
