"""From real markers to the plate: the ladder of a whole body against the measured ground force, and what the neck carries."""

import ezc3d
import numpy as np
import pytest

from headway.body.rotations import angular_acceleration, angular_velocity
from headway.body.segments import build_segments
from headway.dynamics import neck
from headway.dynamics.ladder import LEVELS, closure, force_ladder, ladder_from_ground
from headway.recording import GRAVITY
from headway.signals import low_pass, second_derivative

from .conftest import R1_AXES

MASS, RATE, CUTOFF = 62.7, 200.0, 12.0


@pytest.fixture(scope="module")
def filtered(r1_points):
    return r1_points.copy(data=low_pass(r1_points.to_numpy(), RATE, CUTOFF))


@pytest.fixture(scope="module")
def segments(filtered):
    return build_segments(filtered, sex="male")


@pytest.fixture(scope="module")
def ground(data):
    file = ezc3d.c3d(str(data / "running_0002" / "Running_0002.c3d"), extract_forceplat_data=True)
    force = np.sum([plate["force"] for plate in file["data"]["platform"]], axis=0).T @ R1_AXES.T
    return low_pass(force, 2000.0, CUTOFF)[::10][:80]


@pytest.fixture(scope="module")
def stance(ground):
    return ground[:, 1] > 100


@pytest.fixture(scope="module")
def ladder(segments):
    acceleration = second_derivative(segments.com, RATE)
    return force_ladder(MASS * segments.mass_fraction, acceleration, segments.names, "right")


def test_ladder_closes_on_the_plate(ladder, ground, stance):
    total, by_axis = closure(ladder, ground, MASS, stance)
    assert by_axis[1] < 0.12  # measured: 0.10 BW up,
    assert by_axis[0] < 0.17  # 0.15 forward and 0.11 to the right: skin motion of pelvis and legs after impact
    assert by_axis[2] < 0.13
    assert total < 0.23


def test_impulse_of_the_ladder_is_that_of_the_plate(ladder, ground, stance):
    net = [(force[stance, 1] - MASS * GRAVITY).sum() / RATE for force in (ladder[:, 0], ground)]
    assert net[0] == pytest.approx(net[1], rel=0.05)


def test_force_falls_from_level_to_level(ladder, stance):
    peak = ladder[stance, :, 1].max(0) / (MASS * GRAVITY)
    assert (np.diff(peak) < 0).all()
    share = dict(zip(LEVELS, peak, strict=True))
    assert 2.0 < share["ground"] < 2.5
    assert 0.13 < share["neck"] < 0.18


def test_bottom_up_meets_top_down_within_the_closure(segments, ladder, ground, stance):
    acceleration = second_derivative(segments.com, RATE)
    up = ladder_from_ground(ground, MASS * segments.mass_fraction, acceleration, segments.names, "right")
    miss = np.sqrt((((up - ladder)[stance, 1:5] / (MASS * GRAVITY)) ** 2).sum(-1).mean(0))
    assert (miss < 0.23).all()


def test_neck_of_running_0002(segments, filtered, stance):
    """Peak force 2.1–2.5 head weights, axial part 1.9–2.3, about nothing in flight."""
    k, head = segments.index("head"), segments.head
    assert head is not None
    mass = MASS * segments.mass_fraction[k]
    force = neck.neck_force(mass, second_derivative(head.com, RATE))
    base = filtered.sel(point="neck_base").to_numpy()
    weight = mass * GRAVITY
    assert 2.1 < force[stance, 1].max() / weight < 2.5
    axial, shear = neck.axial_and_shear(force, head.com, base)
    assert 1.9 < axial[stance].max() / weight < 2.3
    assert axial[stance].min() / weight > -0.25  # pressed all through stance; at its ends the filter mixes in flight
    assert np.abs(force[70:77, 1]).max() / weight < 0.6
    inertia = neck.world_inertia(head.orientation, MASS * head.inertia)
    turning = angular_velocity(head.rotation, RATE), angular_acceleration(head.rotation, RATE)
    moment = neck.neck_moment(force, inertia, *turning, head.com, base)
    assert np.isfinite(moment).all()
    assert 0.2 < neck.force_weighted(neck.moment_arm_ratio(moment, force, head.com, base), force, stance) < 0.7
    assert np.isfinite(shear).all()
