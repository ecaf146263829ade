"""Ladder and neck loads against MuJoCo's recursive Newton–Euler, on a body in smooth spatial motion.

MuJoCo's tree is rooted in the stance foot, so the force through each joint of the ladder is one of its own interaction forces and
the force it needs at the root is the ground force. There are no joint ranges and no contacts: both are soft and would add torque.
"""

import numpy as np
import pytest

from headway.body.anthropometry import MEAN_LENGTHS, SEGMENTS, WHOLE_BODY
from headway.body.rotations import angular_acceleration, angular_velocity
from headway.dynamics import neck
from headway.dynamics.ladder import LEVELS, G, force_ladder, ladder_from_ground
from headway.signals import second_derivative

mujoco = pytest.importorskip("mujoco")

BODY_MASS, RATE, FRAMES = 70.0, 1000.0, 120
LENGTH = {name: pair[0] for name, pair in MEAN_LENGTHS.items()} | {"shank": 0.434, "trunk": 0.515}


def parameters(name: str):
    return SEGMENTS[{"trunk": "trunk_mid_shoulder"}.get(name, name)].of("male")


def inertial(name, com):
    """Explicit mass and inertia; the foot's long axis is forward, all others' up."""
    mass, _, (sagittal, transverse, longitudinal) = parameters(name)
    order = (longitudinal, sagittal, transverse) if name == "foot" else (sagittal, longitudinal, transverse)
    moments = BODY_MASS * mass * (LENGTH[name] * np.array(order)) ** 2
    text = " ".join(f"{value:.17g}" for value in (*moments, 0, 0, 0))
    return f'<inertial pos="{com[0]:.17g} {com[1]:.17g} {com[2]:.17g}" mass="{BODY_MASS * mass:.17g}" fullinertia="{text}"/>'


def body(name, side, pos, com, joint, children=""):
    full = name if side is None else f"{name}_{side}"
    place = " ".join(f"{value:.17g}" for value in pos)
    axis = 'axis="0.1 0.2 0.97"' if joint == "hinge" else ""
    return f'<body name="{full}" pos="{place}"><joint type="{joint}" {axis}/>{inertial(name, com)}{children}</body>'


CHAINS = {
    "leg": (("thigh", "ball"), ("shank", "hinge"), ("foot", "ball")),
    "arm": (("upper_arm", "ball"), ("forearm", "hinge"), ("hand", "ball")),
}


def limb(chain, side, pos):
    """The swing leg from its hip down or an arm from its shoulder down, each segment at the lower end of the one above."""
    out, parts = "", CHAINS[chain]
    for k in (2, 1, 0):
        name, joint = parts[k]
        along = parameters(name)[1] * LENGTH[name]
        com = (along - 0.05, -0.05, 0.0) if name == "foot" else (0.0, -along, 0.0)
        out = body(name, side, (0.0, -LENGTH[parts[k - 1][0]], 0.0) if k else pos, com, joint, out)
    return out


def model(stance):
    swing = "right" if stance == "left" else "left"
    sign = 1.0 if stance == "right" else -1.0
    head = body("head", None, (0.03, LENGTH["trunk"] + 0.08, 0.0), (0.07, 0.16, 0.01), "ball")
    trunk_com = (0.02, (1 - parameters("trunk")[1]) * LENGTH["trunk"], -sign * 0.09)
    arms = "".join(limb("arm", side, (0.0, LENGTH["trunk"], z)) for side, z in (("left", -0.18), ("right", 0.18)))
    upper = head + arms + limb("leg", swing, (0.0, 0.0, -sign * 0.18))
    trunk = body("trunk", None, (0.0, LENGTH["thigh"], 0.0), trunk_com, "ball", upper)
    thigh = body(
        "thigh",
        stance,
        (0.0, LENGTH["shank"], 0.0),
        (0, (1 - parameters("thigh")[1]) * LENGTH["thigh"], 0),
        "hinge",
        trunk,
    )
    shank = body(
        "shank", stance, (0.05, 0.08, 0.0), (0, (1 - parameters("shank")[1]) * LENGTH["shank"], 0), "ball", thigh
    )
    foot = f'<body name="foot_{stance}" pos="0 0 0"><freejoint/>{inertial("foot", (0.06, 0.02, 0.0))}{shank}</body>'
    xml = f"""<mujoco><compiler angle="radian" inertiafromgeom="false" balanceinertia="false" autolimits="false"/>
    <option gravity="{G[0]} {G[1]} {G[2]}"><flag contact="disable" limit="disable"/></option>
    <worldbody>{foot}</worldbody></mujoco>"""
    return mujoco.MjModel.from_xml_string(xml)


class Motion:
    """Analytic joint motion: every ball turns about an axis of its own, every coordinate has its own frequency."""

    def __init__(self, m, seed=0):
        random = np.random.default_rng(seed)
        self.m = m
        self.axes = random.normal(size=(m.njnt, 3))
        self.axes /= np.linalg.norm(self.axes, axis=1, keepdims=True)
        self.offset, self.size = random.uniform(-0.3, 0.3, (m.njnt, 4)), random.uniform(0.15, 0.5, (m.njnt, 4))
        self.omega, self.phase = random.uniform(5, 18, (m.njnt, 4)), random.uniform(0, 6, (m.njnt, 4))

    def wave(self, joint, column, time, order):
        size, omega, phase = self.size[joint, column], self.omega[joint, column], self.phase[joint, column]
        if order == 0:
            return self.offset[joint, column] + size * np.sin(omega * time + phase)
        return size * omega**order * np.sin(omega * time + phase + order * np.pi / 2)

    def apply(self, d, time):
        for joint in range(self.m.njnt):
            kind, q, v = self.m.jnt_type[joint], self.m.jnt_qposadr[joint], self.m.jnt_dofadr[joint]
            if kind == mujoco.mjtJoint.mjJNT_FREE:
                for k in range(3):
                    d.qpos[q + k] = 0.2 * self.wave(joint, k, time, 0)
                    d.qvel[v + k], d.qacc[v + k] = (0.2 * self.wave(joint, k, time, order) for order in (1, 2))
                q, v = q + 3, v + 3
            if kind == mujoco.mjtJoint.mjJNT_HINGE:
                d.qpos[q], d.qvel[v], d.qacc[v] = (self.wave(joint, 3, time, order) for order in range(3))
                continue
            angle = self.wave(joint, 3, time, 0)
            d.qpos[q] = np.cos(angle / 2)
            d.qpos[q + 1 : q + 4] = np.sin(angle / 2) * self.axes[joint]
            d.qvel[v : v + 3], d.qacc[v : v + 3] = (
                self.wave(joint, 3, time, order) * self.axes[joint] for order in (1, 2)
            )


def simulate(stance):
    """Kinematics of all segments and MuJoCo's own forces, frame by frame."""
    m = model(stance)
    d, motion = mujoco.MjData(m), Motion(m)
    ids = [mujoco.mj_name2id(m, mujoco.mjtObj.mjOBJ_BODY, name) for name in WHOLE_BODY]
    n, s = FRAMES, len(WHOLE_BODY)
    out = {key: np.empty((n, s, 3)) for key in ("com", "acceleration", "omega", "alpha", "force", "moment", "origin")}
    out |= {"rotation": np.empty((n, s, 3, 3)), "root": np.empty((n, 3)), "inertia": m.body_inertia[ids].copy()}
    out |= {"mass": m.body_mass[ids].copy(), "axes": np.empty((n, s, 3, 3))}
    spatial = np.empty(6)
    for k in range(n):
        motion.apply(d, k / RATE)
        mujoco.mj_inverse(m, d)
        mujoco.mj_rnePostConstraint(m, d)
        out["root"][k] = d.qfrc_inverse[:3]
        for j, i in enumerate(ids):
            out["com"][k, j], out["rotation"][k, j] = d.xipos[i], d.xmat[i].reshape(3, 3)
            out["axes"][k, j], out["origin"][k, j] = d.ximat[i].reshape(3, 3), d.xpos[i]
            mujoco.mj_objectVelocity(m, d, mujoco.mjtObj.mjOBJ_BODY, i, spatial, 0)
            out["omega"][k, j] = spatial[:3]
            mujoco.mj_objectAcceleration(m, d, mujoco.mjtObj.mjOBJ_BODY, i, spatial, 0)
            out["alpha"][k, j], out["acceleration"][k, j] = spatial[:3], spatial[3:] + G  # its accelerations hold −g
            torque, force = d.cfrc_int[i, :3], d.cfrc_int[i, 3:]
            about = d.subtree_com[m.body_rootid[i]]
            out["force"][k, j], out["moment"][k, j] = force, torque + np.cross(about - d.xpos[i], force)
    return out


@pytest.fixture(scope="module", params=["right", "left"])
def oracle(request):
    return request.param, simulate(request.param)


def worst(ours, theirs):
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


def expected_ladder(stance, o):
    """The interaction force MuJoCo reports at each joint of the ladder."""
    swing = "right" if stance == "left" else "left"
    at = {name: o["force"][:, k] for k, name in enumerate(WHOLE_BODY)}
    levels = {
        "ground": o["root"],
        "ankle": at[f"shank_{stance}"],
        "knee": at[f"thigh_{stance}"],
        "hip": at["trunk"],
        "lumbar": at["trunk"] - at[f"thigh_{swing}"],
        "neck": at["head"],
    }
    return np.stack([levels[name] for name in LEVELS], axis=1)


def test_the_model_is_the_body(oracle):
    _, o = oracle
    assert o["mass"].sum() == pytest.approx(BODY_MASS, rel=1e-4)
    assert np.linalg.norm(o["omega"], axis=-1).max() > 5
    assert np.linalg.norm(o["acceleration"], axis=-1).max() > 30


def test_accelerations_are_those_of_the_positions(oracle):
    """The oracle's accelerations against sixth-order differences of its positions: two ways that share nothing."""
    _, o = oracle
    inner = slice(3, -3)
    assert worst(second_derivative(o["com"], RATE)[inner], o["acceleration"][inner]) < 1e-6
    k = WHOLE_BODY.index("head")
    assert worst(angular_velocity(o["rotation"][:, k], RATE)[inner], o["omega"][inner, k]) < 1e-6
    assert worst(angular_acceleration(o["rotation"][:, k], RATE)[inner], o["alpha"][inner, k]) < 1e-6


def test_every_level_of_the_ladder(oracle):
    stance, o = oracle
    theirs = expected_ladder(stance, o)
    ours = force_ladder(o["mass"], o["acceleration"], WHOLE_BODY, stance)
    for k, level in enumerate(LEVELS):
        assert worst(ours[:, k], theirs[:, k]) < 1e-9, level
    from_ground = ladder_from_ground(o["root"], o["mass"], o["acceleration"], WHOLE_BODY, stance)
    for k, level in enumerate(LEVELS):
        assert worst(from_ground[:, k], theirs[:, k]) < 1e-6, level


def neck_loads(o, acceleration, omega, alpha):
    k = WHOLE_BODY.index("head")
    force = neck.neck_force(float(o["mass"][k]), acceleration)
    inertia = neck.world_inertia(o["axes"][:, k], o["inertia"][k])
    return force, neck.neck_moment(force, inertia, omega, alpha, o["com"][:, k], o["origin"][:, k])


def test_neck_force_and_moment(oracle):
    _, o = oracle
    k = WHOLE_BODY.index("head")
    force, moment = neck_loads(o, o["acceleration"][:, k], o["omega"][:, k], o["alpha"][:, k])
    assert worst(force, o["force"][:, k]) < 1e-9
    assert worst(moment, o["moment"][:, k]) < 1e-9


def test_neck_and_ladder_from_positions_alone(oracle):
    """The whole chain with our own derivatives of positions and rotations."""
    stance, o = oracle
    k, inner = WHOLE_BODY.index("head"), slice(3, -3)
    acceleration = second_derivative(o["com"], RATE)
    rotation = o["rotation"][:, k]
    force, moment = neck_loads(
        o, acceleration[:, k], angular_velocity(rotation, RATE), angular_acceleration(rotation, RATE)
    )
    assert worst(force[inner], o["force"][inner, k]) < 1e-6
    assert worst(moment[inner], o["moment"][inner, k]) < 1e-6
    ladder = force_ladder(o["mass"], acceleration, WHOLE_BODY, stance)
    assert worst(ladder[inner], expected_ladder(stance, o)[inner]) < 1e-6
