"""Moments of joints: Newton's and Euler's laws in another form, and a leg that hangs still."""

import numpy as np
import pytest

from headway.body.joint_angles import Frames
from headway.body.rotations import angular_velocity
from headway.dynamics.foot_force import FootForce
from headway.dynamics.joint_moments import joint_moments
from headway.dynamics.ladder import G
from headway.dynamics.neck import world_inertia
from headway.signals import derivative, second_derivative

from .made_legs import made_body

MASS, INNER = 70.0, slice(40, -40)


def loaded(time: np.ndarray, force: np.ndarray, pressure: np.ndarray) -> FootForce:
    """A force on the right foot."""
    both = np.zeros((len(time), 2, 3))
    both[:, 1] = force
    place = np.full((len(time), 2, 3), np.nan)
    place[:, 1] = pressure
    return FootForce(time, both, place, np.zeros((len(time), 2)))


@pytest.fixture(scope="module")
def swinging():
    time, body = made_body()
    return (
        time,
        body,
        joint_moments(body, MASS, loaded(time, np.zeros((len(time), 3)), np.full((len(time), 3), np.nan))),
    )


def test_what_the_joints_give_is_what_the_leg_gains(swinging):
    """Power of ankle, knee and of what acts at the hip = rate of change of the leg's mechanical energy."""
    time, body, found = swinging
    frames, rate, segments = Frames(body), body.motion.rate, body.segments
    for side in ("left", "right"):
        energy, pull = np.zeros(len(time)), np.zeros((len(time), 3))
        for part in ("foot", "shank", "thigh"):
            k, turned = segments.index(f"{part}_{side}"), frames.of(f"{part}_{side}")
            mass, com = segments.mass_fraction[k] * MASS, segments.com[:, k]
            speed, turning = derivative(com, rate), angular_velocity(turned, rate)
            spin = np.einsum("nij,nj->ni", world_inertia(turned, segments.inertia[k] * MASS), turning)
            energy += mass * ((speed**2).sum(1) / 2 - com @ G) + (turning * spin).sum(1) / 2
            pull += mass * (second_derivative(com, rate) - G)
        given = sum(found.power[:, found.names.index(f"{joint}_{side}")] for joint in ("ankle", "knee"))
        hip = found.names.index(f"hip_{side}")
        given = given + (found.lab[:, hip] * angular_velocity(frames.of(f"thigh_{side}"), rate)).sum(1)
        given = given + (pull * body.motion.velocity(f"hip_{side}")).sum(1)
        gained = derivative(energy[:, None], rate)[:, 0]
        assert np.abs(given - gained)[INNER].max() < 0.01 * np.ptp(gained), side


def test_a_force_far_from_a_joint_bends_it_by_its_arm(swinging):
    time, body, free = swinging
    push = np.tile([50.0, 900.0, -20.0], (len(time), 1))
    place = body.motion.position("toe_right")
    found = joint_moments(body, MASS, loaded(time, push, place))
    for joint in ("ankle", "knee", "hip"):
        arm = place - body.motion.position(f"{joint}_right")
        k = found.names.index(f"{joint}_right")
        change = (found.lab - free.lab)[:, k]
        assert np.allclose(change[INNER], -np.cross(arm, push)[INNER], atol=0.5), joint
    other = found.names.index("hip_left")
    assert np.allclose(found.lab[:, other], free.lab[:, other])


def test_the_same_moment_in_all_axes(swinging):
    _, _, found = swinging
    size = np.linalg.norm(found.lab, axis=-1)[INNER]
    assert np.allclose(np.linalg.norm(found.proximal, axis=-1)[INNER], size)
    assert np.allclose(np.linalg.norm(found.distal, axis=-1)[INNER], size)


def test_along_the_axes_of_the_angles_a_moment_gives_its_power(swinging):
    """Generalised forces: Σ moment × rate of angle is the power."""
    from headway.body.joint_angles import JOINTS, joint_angles

    _, body, found = swinging
    told = joint_angles(body)
    for k, name in enumerate(found.names):
        joint = next(one for one in JOINTS if one.name == name)
        rates = np.stack(
            [derivative(told.of(angle)[:, None], body.motion.rate)[:, 0] for angle in joint.angles], axis=1
        )
        power = (found.joint[:, k] * rates).sum(1)
        assert np.allclose(power[INNER], found.power[INNER, k], atol=0.02 * np.nanmax(np.abs(found.power[:, k]))), name


def test_twice_the_mass_needs_twice_the_moment(swinging):
    time, body, once = swinging
    nothing = loaded(time, np.zeros((len(time), 3)), np.full((len(time), 3), np.nan))
    assert np.allclose(joint_moments(body, 2 * MASS, nothing).lab, 2 * once.lab, equal_nan=True)
