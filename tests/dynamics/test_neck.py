import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from headway.body.rotations import angular_acceleration, angular_velocity
from headway.dynamics import neck
from headway.dynamics.ladder import G
from headway.recording import GRAVITY
from headway.signals import derivative, second_derivative

MASS, INERTIA = 5.07, np.array([0.0274, 0.0204, 0.0297])
ARM = np.array([0.074, 0.165, 0.01])  # from the neck base to the centre of mass, in the head
RATE = 500.0
TIME = np.arange(1000) / RATE
INNER = slice(3, -3)


def moving_head():
    """A head that runs, bounces, nods and turns about a moving neck base: all derivatives in closed form."""
    angle, rate, change = 0.3 * np.sin(7 * TIME), 2.1 * np.cos(7 * TIME), -14.7 * np.sin(7 * TIME)
    axis = np.array([0.36, 0.48, 0.8])
    rotation = Rotation.from_rotvec(angle[:, None] * axis).as_matrix()
    omega, alpha = rate[:, None] * axis, change[:, None] * axis
    base = np.stack(
        [3.3 * TIME + 0.02 * np.sin(17 * TIME), 1.4 + 0.05 * np.cos(17 * TIME), 0.02 * np.sin(8.5 * TIME)], 1
    )
    v_base = np.stack([3.3 + 0.34 * np.cos(17 * TIME), -0.85 * np.sin(17 * TIME), 0.17 * np.cos(8.5 * TIME)], 1)
    a_base = np.stack([-5.78 * np.sin(17 * TIME), -14.45 * np.cos(17 * TIME), -1.445 * np.sin(8.5 * TIME)], 1)
    arm = rotation @ ARM
    velocity: np.ndarray = v_base + np.cross(omega, arm)
    acceleration: np.ndarray = a_base + np.cross(alpha, arm) + np.cross(omega, np.cross(omega, arm))
    return rotation, omega, alpha, base, v_base, base + arm, velocity, acceleration


def loads(rotation, omega, alpha, base, com, acceleration):
    force = neck.neck_force(MASS, acceleration)
    inertia = neck.world_inertia(rotation, INERTIA)
    return force, inertia, neck.neck_moment(force, inertia, omega, alpha, com, base)


def test_a_still_head_is_held_up():
    zero = np.zeros((3, 3))
    com, base = np.tile([0.08, 1.6, 0.0], (3, 1)), np.tile([0.0, 1.44, 0.0], (3, 1))
    force, _, moment = loads(np.tile(np.eye(3), (3, 1, 1)), zero, zero, base, com, zero)
    assert np.allclose(force, [0, MASS * GRAVITY, 0])
    # a head ahead of its base nods down by itself: the trunk turns it nose up, + about the right axis
    assert np.allclose(moment, [0, 0, 0.08 * MASS * GRAVITY])
    axial, shear = neck.axial_and_shear(force, com, base)
    assert axial[0] == pytest.approx(MASS * GRAVITY * 0.16 / np.hypot(0.08, 0.16))
    assert np.allclose(axial[:, None] * (com - base) / np.hypot(0.08, 0.16) + shear, force)
    assert neck.moment_ratio(moment, MASS, com, base)[0] == pytest.approx(0.08 / np.hypot(0.08, 0.16))
    assert neck.moment_arm_ratio(moment, force, com, base)[0] == pytest.approx(0.08 / np.hypot(0.08, 0.16))


def test_a_body_that_only_translates_has_the_moment_of_its_lever():
    """Any a(t): M = (p_h − p_NB) × m (a − g); the static moment only where a = 0."""
    _, _, _, base, _, _, _, _ = moving_head()
    com = base + ARM
    acceleration = np.stack([-5.78 * np.sin(17 * TIME), -14.45 * np.cos(17 * TIME), -1.445 * np.sin(8.5 * TIME)], 1)
    zero = np.zeros_like(com)
    _, _, moment = loads(np.tile(np.eye(3), (len(TIME), 1, 1)), zero, zero, base, com, acceleration)
    assert np.allclose(moment, np.cross(ARM, MASS * (acceleration - G)), rtol=1e-12)
    static = np.cross(ARM, -MASS * G)
    differs = np.linalg.norm(moment - static, axis=1)
    assert differs.max() > 1
    assert np.allclose(moment - static, np.cross(ARM, MASS * acceleration))


def test_free_spin_about_a_principal_axis_needs_no_moment():
    rotation = Rotation.from_euler("Y", 9 * TIME[:, None]).as_matrix()
    omega = np.tile([0.0, 9.0, 0.0], (len(TIME), 1))
    com = np.zeros_like(omega)
    falling = np.broadcast_to(G, com.shape)
    force, _, moment = loads(rotation, omega, np.zeros_like(omega), com, com, falling)
    assert np.allclose(force, 0)
    assert np.allclose(moment, 0, atol=1e-12)


def test_power_is_the_rate_of_energy():
    """d/dt(½mv² + ½ωᵀIω + mgY) = F·v* + M·ω, analytic derivatives: 1e-6 relative; in any steadily moving frame."""
    rotation, omega, alpha, base, v_base, com, velocity, acceleration = moving_head()
    force, inertia, moment = loads(rotation, omega, alpha, base, com, acceleration)
    carried = neck.carried_velocity(velocity, omega, com, base)
    assert np.allclose(carried, v_base)  # the base is fixed in this head
    for frame in (np.zeros(3), np.array([3.3, 0.0, 0.0]), np.array([-1.0, 0.0, 0.5])):
        power = neck.neck_power(force, moment, omega, carried, frame)
        energy = neck.head_energy(MASS, com, velocity, inertia, omega, frame)
        assert np.abs(derivative(energy, RATE) - power)[INNER].max() < 1e-6 * np.abs(power).max()


def test_power_is_the_rate_of_energy_from_positions_alone():
    rotation, _, _, base, _, com, _, _ = moving_head()
    omega, alpha = angular_velocity(rotation, RATE), angular_acceleration(rotation, RATE)
    velocity, acceleration = derivative(com, RATE), second_derivative(com, RATE)
    force, inertia, moment = loads(rotation, omega, alpha, base, com, acceleration)
    power = neck.neck_power(force, moment, omega, neck.carried_velocity(velocity, omega, com, base))
    energy = neck.head_energy(MASS, com, velocity, inertia, omega)
    inner = slice(8, -8)
    assert np.abs(derivative(energy, RATE) - power)[inner].max() < 1e-4 * np.abs(power).max()


def test_power_depends_on_the_observer_by_force_times_speed_and_joint_power_does_not():
    rotation, omega, alpha, base, v_base, com, _, acceleration = moving_head()
    force, _, moment = loads(rotation, omega, alpha, base, com, acceleration)
    u = np.array([3.3, 0.0, 0.0])
    lab = neck.neck_power(force, moment, omega, v_base)
    moving = neck.neck_power(force, moment, omega, v_base, u)
    assert np.allclose(lab - moving, force @ u)
    belt = neck.neck_power(force, moment, omega, v_base - u)  # the same run seen on a treadmill
    assert np.allclose(belt, moving)
    assert np.allclose(neck.neck_joint_power(moment, omega, omega), 0)
    assert (neck.neck_joint_power(moment, omega, 0 * omega) == np.einsum("ni,ni->n", moment, omega)).all()


def test_push_through_angle_has_size_and_sign():
    upright = np.tile([0.0, 1.0, 0.0], (3, 1))
    force = (
        np.array([[np.sin(0.1), np.cos(0.1), 0.0], [-np.sin(0.1), np.cos(0.1), 0.0], [0.0, np.cos(0.2), np.sin(0.2)]])
        * 90
    )
    angle, sagittal = neck.push_through_angle(force, upright)
    assert angle == pytest.approx([0.1, 0.1, 0.2])
    assert sagittal == pytest.approx([0.1, -0.1, 0.0], abs=1e-12)
    turn = Rotation.from_euler("Z", 0.5).as_matrix().T  # nodding head and force together changes nothing
    again = neck.push_through_angle(force[:2] @ turn, upright[:2] @ turn)
    assert again[0] == pytest.approx([0.1, 0.1])
    assert again[1] == pytest.approx([0.1, -0.1])


def test_force_weighted_mean():
    force = np.array([[0.0, 100.0, 0.0], [0.0, 300.0, 0.0], [0.0, np.nan, 0.0], [0.0, 500.0, 0.0]])
    assert neck.force_weighted(
        np.array([1.0, 3.0, 5.0, 7.0]), force, np.array([True, True, True, False])
    ) == pytest.approx(2.5)
    assert np.isnan(neck.force_weighted(np.array([np.nan]), np.ones((1, 3))))


def test_mass_scales_forces_but_no_ratio():
    rotation, omega, alpha, base, _, com, _, acceleration = moving_head()
    force, _, moment = loads(rotation, omega, alpha, base, com, acceleration)
    double = neck.neck_moment(2 * force, neck.world_inertia(rotation, 2 * INERTIA), omega, alpha, com, base)
    assert np.allclose(double, 2 * moment)
    assert np.allclose(neck.moment_ratio(double, 2 * MASS, com, base), neck.moment_ratio(moment, MASS, com, base))


def test_mirror_flips_what_turns_in_the_frontal_plane():
    """Sagittal mirror: axial vectors (ω, α, M) flip forward and up, polar ones flip right."""
    rotation, omega, alpha, base, _, com, _, acceleration = moving_head()
    polar, axial = np.array([1.0, 1.0, -1.0]), np.array([-1.0, -1.0, 1.0])
    flip = np.diag(polar)
    _, _, moment = loads(rotation, omega, alpha, base, com, acceleration)
    _, _, other = loads(
        flip @ rotation @ flip, omega * axial, alpha * axial, base * polar, com * polar, acceleration * polar
    )
    assert np.allclose(other, moment * axial, atol=1e-12)
