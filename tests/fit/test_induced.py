"""Induced accelerations: they add up for every idea of the ground, and an independent engine gives each of them."""

import numpy as np
import pytest

pytest.importorskip("casadi", reason="the extra 'lab' is not installed")

from headway.body.make_skeleton import make_skeleton
from headway.body.toes import with_toes
from headway.dynamics.push import SOURCES
from headway.fit.induced import GROUNDS, LOADED, POINTS, RESPONSE, induced, mechanics
from headway.fit.model import GROUND, SOLE_POINTS, FitModel
from headway.recording import GRAVITY
from headway.simulation.effort import ROOT

N = 6


def toed():
    skeleton = make_skeleton(1.75, 70.0, "male")
    hinges = {side: np.array([0.12, 0.0, 0.0]) for side in ("left", "right")}
    return with_toes(skeleton, hinges, frozenset(f"toe_{side}" for side in ("left", "right")))


@pytest.fixture(scope="module")
def stance():
    """A body in wild motion with one loaded foot: model, posture, motion, force (N) and matrices."""
    model = FitModel(toed(), motion_only=True)
    random = np.random.default_rng(3)
    c = len(model.skeleton.names)
    q, v, a = 0.3 * random.normal(size=(N, c)), 3 * random.normal(size=(N, c)), 30 * random.normal(size=(N, c))
    force = np.zeros((N, len(SOLE_POINTS), 3))
    for k in range(N):
        for place in range(3, 3 + 1 + k % 3):
            force[k, place] = [60.0 * random.normal(), 300.0 + 200 * random.random(), 40 * random.normal()]
    force = force.reshape(N, -1)
    at = mechanics(model, q, v, np.zeros(model.unknown))
    # a motion that needs no force on the pelvis but that of the ground, whatever the joints do
    joints = 40 * random.normal(size=(N, c)) * (np.arange(c) >= ROOT)
    drive = joints + at.gravity + at.velocity + np.einsum("nij,ni->nj", at.sole, force)
    a = np.linalg.solve(at.mass, drive[..., None])[..., 0]
    return model, q, v, a, joints, force, at


@pytest.mark.parametrize("ground", GROUNDS)
def test_contributions_add_up_to_the_acceleration(stance, ground):
    model, _, _, a, _, force, at = stance
    found = induced(model.skeleton, at, a, force, ground)
    assert np.abs(found.by.sum(1) - found.total).max() < 1e-8 * np.abs(found.total).max()
    assert np.abs(found.sources().sum(1) - found.total).max() < 1e-8 * np.abs(found.total).max()
    assert found.closure().max() < 1e-8


def test_a_moment_twice_as_large_gives_twice_as_much_and_nothing_else_changes(stance):
    model, _, _, a, joints, force, at = stance
    knee = model.skeleton.index("knee_flexion_right")
    more = a + np.linalg.solve(at.mass, (joints * (np.arange(joints.shape[1]) == knee))[..., None])[..., 0]
    before, after = (induced(model.skeleton, at, one, force, "pinned") for one in (a, more))
    assert after.by[:, knee - ROOT] == pytest.approx(2 * before.by[:, knee - ROOT], rel=1e-6, abs=1e-7)
    others = np.r_[0 : knee - ROOT, knee - ROOT + 1 : len(before.drives) - 1]  # the sole's own part tells the rest
    assert after.by[:, others] == pytest.approx(before.by[:, others], rel=1e-6, abs=1e-6)


def test_gravity_alone_is_free_fall_where_no_foot_is_loaded(stance):
    model, _, _, a, _, force, at = stance
    found = induced(model.skeleton, at, a, np.zeros_like(force), "pinned")
    fall = found.sources()[:, SOURCES.index("gravity")]
    assert fall == pytest.approx(np.broadcast_to([0.0, -GRAVITY, 0.0], fall.shape), abs=1e-8)


def test_joints_do_not_move_the_centre_of_mass_in_flight(stance):
    model, _, _, a, _, force, at = stance
    found = induced(model.skeleton, at, a, np.zeros_like(force), "rolling")
    joints = found.by[:, :-3, POINTS.index("com")]
    assert np.abs(joints).max() < 1e-8


def test_a_soft_ground_comes_between_no_answer_and_a_hard_one(stance):
    model, _, _, a, _, force, at = stance
    hard = induced(model.skeleton, at, a, force, "compliant", stiffness=1e12).by
    pinned = induced(model.skeleton, at, a, force, "pinned").by
    assert hard == pytest.approx(pinned, rel=1e-4, abs=1e-3)


def engine(stance, k):
    """MuJoCo's model and data at an instant."""
    mujoco = pytest.importorskip("mujoco")
    from headway.simulation.mjcf import mjcf

    model, q, v, _, _, _, _ = stance
    m = mujoco.MjModel.from_xml_string(mjcf(model.skeleton))
    d = mujoco.MjData(m)
    d.qpos[:], d.qvel[:] = q[k], v[k]
    mujoco.mj_forward(m, d)
    return mujoco, m, d


def moving(mujoco, m, d, place, body):
    """Jacobian of a place on a body by the coordinates, shape (3, c), and its own rate times the velocities, shape (3,)."""
    slope, rate = np.zeros((3, m.nv)), np.zeros((3, m.nv))
    mujoco.mj_jac(m, d, slope, None, place, body)
    mujoco.mj_jacDot(m, d, rate, None, place, body)
    return slope, rate @ d.qvel


def site(mujoco, m, d, name):
    k = mujoco.mj_name2id(m, mujoco.mjtObj.mjOBJ_SITE, name)
    return moving(mujoco, m, d, d.site_xpos[k], m.site_bodyid[k])


def pushed_points(mujoco, m, d):
    """The points whose accelerations are told apart: head's centre of mass, neck base, middle of the hips, the whole's."""
    of_bodies = [moving(mujoco, m, d, d.xipos[k], k) for k in range(1, m.nbody)]
    share = m.body_mass[1:] / m.body_mass[1:].sum()
    whole = tuple(sum(w * one[j] for w, one in zip(share, of_bodies, strict=True)) for j in (0, 1))
    head = mujoco.mj_name2id(m, mujoco.mjtObj.mjOBJ_BODY, "head")
    sites = [site(mujoco, m, d, name) for name in ("neck_base", "mid_hip")]
    found = [of_bodies[head - 1], *sites, whole]
    return np.stack([one[0] for one in found]), np.stack([one[1] for one in found])


def held(mujoco, m, d, model, force, ground):
    """What the ground holds, from MuJoCo's matrices: Jacobian, its rate times the velocities, and how it gives."""
    soles = [site(mujoco, m, d, f"sole_{place}_{side}") for side, place in SOLE_POINTS]
    up = force.reshape(-1, 3)[:, 1]
    loaded = [j for j in range(len(soles)) if up[j] > LOADED * model.weight]
    if ground == "rolling":
        feet = [j for j in (range(3), range(3, 6)) if set(j) & set(loaded)]
        rows = [tuple(sum(up[j] / up[foot].sum() * soles[j][k] for j in foot) for k in (0, 1)) for foot in feet]
    else:
        rows = [soles[j] for j in loaded]
    slope, bias = (np.concatenate([row[k] for row in rows]) for k in (0, 1))
    give = 2 / (GROUND.stiffness * model.weight * RESPONSE**2) if ground == "compliant" else 0.0
    return slope, bias, give * np.eye(len(bias))


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_contribution_to_every_point_is_that_of_another_engine(stance, ground):
    """Constraint forces from MuJoCo's matrices on the same posture, one drive at a time: nothing of ours in it but the posture."""
    model, _, _, a, joints, force, at = stance
    found = induced(model.skeleton, at, a, force, ground)
    for k in range(N):
        mujoco, m, d = engine(stance, k)
        point, own = pushed_points(mujoco, m, d)
        slope, bias, give = held(mujoco, m, d, model, force[k], ground)
        back = np.stack([solved(mujoco, m, d, row) for row in slope], axis=1)
        stiff = np.linalg.pinv(slope @ back + give, rcond=1e-9, hermitian=True)
        theirs = np.zeros_like(found.by[k])
        for drive in range(len(found.drives) - 3):
            push = np.zeros(m.nv)
            push[ROOT + drive] = joints[k, ROOT + drive]
            driven = solved(mujoco, m, d, push)
            theirs[drive] = point @ (driven - back @ stiff @ slope @ driven)
        speed = solved(mujoco, m, d, -(d.qfrc_bias + at.gravity[k]))
        theirs[found.drives.index("velocity")] = point @ (speed - back @ stiff @ (slope @ speed + bias)) + own
        fall = solved(mujoco, m, d, at.gravity[k])
        theirs[found.drives.index("gravity")] = point @ (fall - back @ stiff @ slope @ fall)
        theirs[found.drives.index("sole")] = point @ a[k] + own - theirs.sum(0)
        apart = np.abs(theirs - found.by[k]).max(axis=(1, 2))
        assert apart.max() < 1e-6 * np.abs(found.by[k]).max(), found.drives[int(apart.argmax())]


def solved(mujoco, m, d, push):
    out = np.zeros((1, m.nv))
    mujoco.mj_solveM(m, d, out, np.ascontiguousarray(push[None]))
    return out[0]
