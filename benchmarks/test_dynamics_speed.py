"""Time per frame from marker positions to the force ladder and the neck's loads, whole body, 4500 frames."""

import numpy as np
import pytest

from headway.body.joint_centres import add_joint_centres
from headway.body.rotations import angular_acceleration, angular_velocity
from headway.body.segments import build_segments
from headway.dynamics.ladder import force_ladder
from headway.dynamics.neck import neck_force, neck_moment, world_inertia
from headway.recording import AXES, make_points
from headway.signals import second_derivative

FRAMES, RATE, MASS = 4500, 150.0, 70.0
BUDGET = 15e-6
"""Seconds per frame for segments, ladder and neck."""
HEIGHTS = {
    "c7": 1.50, "suprasternal": 1.42, "t10": 1.25, "xiphoid": 1.25, "asis_right": 1.00, "psis_right": 1.02,
    "acromion_right": 1.45, "elbow_lateral_right": 1.13, "elbow_medial_right": 1.13, "wrist_radial_right": 0.9,
    "wrist_ulnar_right": 0.9, "hand_right": 0.82, "knee_lateral_right": 0.5, "knee_medial_right": 0.5, "heel_right": 0.05,
    "ankle_lateral_right": 0.09, "ankle_medial_right": 0.09, "mt1_right": 0.03, "mt5_right": 0.03, "toe_right": 0.03,
    "head_front_right": 1.68, "head_back_right": 1.68,
}  # fmt: skip

pytestmark = pytest.mark.benchmark(group="dynamics", min_rounds=5, disable_gc=True)


@pytest.fixture(scope="module")
def points():
    """Make a full marker set in smooth motion, every marker on a path of its own."""
    random = np.random.default_rng(0)
    heights = HEIGHTS | {n.replace("right", "left"): h for n, h in HEIGHTS.items()}
    time = np.arange(FRAMES) / RATE
    sides = np.array([("right" in n) * 1.0 - ("left" in n) for n in heights])
    home = np.stack([random.normal(0, 0.08, len(heights)), list(heights.values()), 0.15 * sides], axis=1)
    phase, size = random.uniform(0, 6, (len(heights), 3)), random.uniform(0.005, 0.02, (len(heights), 3))
    values = home + size * np.sin(17 * time[:, None, None] + phase)
    return make_points(time, list(heights), values, AXES)


@pytest.fixture(scope="module")
def with_joints(points):
    return add_joint_centres(points, height=1.75, sex="male")[0]


def segments_to_neck(points):
    """Segments (with the head's rigid fit), accelerations, ladder, neck force and moment."""
    segments = build_segments(points, sex="male", height=1.75)
    acceleration = second_derivative(segments.com, RATE)
    mass = MASS * segments.mass_fraction
    ladder = force_ladder(mass, acceleration, segments.names, "right")
    head, k = segments.head, segments.index("head")
    assert head is not None
    force = neck_force(mass[k], acceleration[:, k])
    inertia = world_inertia(head.orientation, MASS * head.inertia)
    omega, alpha = angular_velocity(head.rotation, RATE), angular_acceleration(head.rotation, RATE)
    moment = neck_moment(force, inertia, omega, alpha, head.com, points.sel(point="neck_base").to_numpy())
    return ladder, moment


def test_segments_ladder_and_neck(benchmark, with_joints):
    ladder, moment = benchmark(segments_to_neck, with_joints)
    assert np.isfinite(ladder).all()
    assert np.isfinite(moment).all()
    if benchmark.stats is not None:  # the fastest round: what others do on the machine only ever adds
        assert benchmark.stats.stats.min / FRAMES < BUDGET


def test_joint_centres(benchmark, points):
    benchmark(add_joint_centres, points, height=1.75, sex="male")
