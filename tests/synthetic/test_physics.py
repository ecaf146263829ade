"""Newton's law, flight, exact derivatives, symmetry and scaling of the synthetic runner."""

import numpy as np
import pytest

from headway.errors import OptionError
from headway.recording import GRAVITY
from headway.synthetic import jets
from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.runner import SyntheticRunner

UP = np.array([0.0, GRAVITY, 0.0])


def strides(runner, count=2, samples=700):
    return np.linspace(0.0, count * runner.parameters.stride_time, count * samples + 1)


def inside_steps(runner, time, margin):
    """Tell which instants are farther than ``margin`` (s) from every true contact and toe-off."""
    stances = runner.ground.stances(np.arange(-3, 12))
    edges = np.concatenate([stances.initial_contact, stances.toe_off])
    return np.abs(time[:, None] - edges).min(1) > margin


def test_mass_times_acceleration_is_force(anyone):
    time = strides(anyone)
    skeleton, joints = anyone.skeleton(time)
    mass = anyone.parameters.mass
    carried = sum(
        mass * anyone.plan.mass_shares[name] * (path.acceleration + UP)
        for name, path in skeleton.segments(joints).items()
    )
    assert np.abs(carried - anyone.force(time)).max() < 1e-9 * mass * GRAVITY


def test_segments_add_up_to_the_centre_of_mass(anyone):
    time = strides(anyone)
    skeleton, joints = anyone.skeleton(time)
    mean = sum(anyone.plan.mass_shares[name] * path.d for name, path in skeleton.segments(joints).items())
    assert sum(anyone.plan.mass_shares.values()) == pytest.approx(1.0, abs=1e-15)
    assert np.abs(mean - anyone.centre_of_mass(time).d).max() < 1e-9


def test_flight_is_free_fall(anyone):
    stances = anyone.ground.stances(np.arange(6))
    for start, stop in zip(stances.toe_off[:-1], stances.initial_contact[1:], strict=True):
        time = np.linspace(start + 1e-9, stop - 1e-9, 50)
        assert not anyone.force(time).any()
        assert np.isnan(anyone.pressure(time)).all()
        path = anyone.centre_of_mass(time)
        assert np.array_equal(path.acceleration, np.broadcast_to(-UP, (50, 3)))
        since = (time - time[0])[:, None]
        fall = path.value[0] + path.velocity[0] * since - UP * since**2 / 2
        assert np.abs(path.value - fall).max() < 1e-12


def test_force_integrates_to_the_path(anyone):
    """The closed-form path against numerical integration of force over mass."""
    stances = anyone.ground.stances([2])
    time = np.linspace(stances.initial_contact[0], stances.toe_off[0], 20001)
    path = anyone.centre_of_mass(time)
    nodes = (time[1:] + time[:-1]) / 2
    gained = (anyone.force(nodes) / anyone.parameters.mass - UP).sum(0) * (time[1] - time[0])
    assert path.velocity[-1] - path.velocity[0] == pytest.approx(gained, abs=1e-6)


def test_derivatives_against_finite_differences(anyone):
    time = strides(anyone, count=1, samples=400)
    time = time[inside_steps(anyone, time, 0.013)]
    step = 1e-4
    now, before, after = (anyone.points(time + shift) for shift in (0.0, -step, step))
    for name, point in now.items():
        slope = (after[name].value - before[name].value) / (2 * step)
        bend = (after[name].velocity - before[name].velocity) / (2 * step)
        assert np.abs(point.velocity - slope).max() < 2e-4, name
        assert np.abs(point.acceleration - bend).max() < 0.02, name


def test_positions_are_continuous_with_their_derivatives(runner):
    """Contact and toe-off leave no jump in position, velocity or acceleration of any point."""
    stances = runner.ground.stances([0, 1, 2])
    edges = np.concatenate([stances.initial_contact, stances.toe_off])
    before, after = runner.points(edges - 1e-9), runner.points(edges + 1e-9)
    for name in before:
        jump = np.abs(after[name].d - before[name].d).max((1, 2))
        assert (jump < [1e-7, 1e-5, 1e-3]).all(), name


def test_motion_repeats_every_stride(runner):
    time = strides(runner, count=1, samples=50)
    first, later = runner.points(time), runner.points(time + 7 * runner.parameters.stride_time)
    assert max(np.abs(first[name].d - later[name].d).max() for name in first) < 1e-8
    assert runner.force(time) == pytest.approx(runner.force(time + 7 * runner.parameters.stride_time), abs=1e-7)


def test_left_mirrors_right(runner):
    time = strides(runner, count=1, samples=50)
    right, left = runner.points(time), runner.points(time + runner.parameters.step_time)
    flip = np.array([1.0, 1.0, -1.0])
    for name, point in right.items():
        other = name.replace("_right", "_LEFT").replace("_left", "_right").replace("_LEFT", "_left")
        assert np.abs(point.d - left[other].d * flip).max() < 1e-8, name
    assert runner.force(time) == pytest.approx(runner.force(time + runner.parameters.step_time) * flip, abs=1e-7)


def test_twice_the_mass_twice_the_force(runner):
    heavy = SyntheticRunner(runner.parameters.changed(mass=2 * runner.parameters.mass))
    time = strides(runner, count=1, samples=100)
    assert heavy.force(time) == pytest.approx(2 * runner.force(time), rel=1e-12)
    assert (
        np.abs(heavy.positions(time, ["vertex", "toe_left"]) - runner.positions(time, ["vertex", "toe_left"])).max()
        < 1e-9
    )


def test_force_pushes_and_stays_within_friction(anyone):
    time = strides(anyone, count=4)
    force = anyone.force(time)
    loaded = force[:, 1] > 0
    assert (force[:, 1] >= 0).all()
    assert (np.hypot(force[loaded, 0], force[loaded, 2]) / force[loaded, 1]).max() < 0.6


def test_force_rises_through_the_threshold_within_two_milliseconds(anyone):
    stances = anyone.ground.stances(np.arange(4))
    assert (anyone.force(stances.initial_contact + 0.002)[:, 1] > 20.0).all()
    assert (anyone.force(stances.toe_off - 0.002)[:, 1] > 20.0).all()


def test_mean_force_is_weight_and_nothing_forward(anyone):
    stances = anyone.ground.stances([0, 20])
    edges = stances.middle - anyone.parameters.step_time / 2
    path = anyone.centre_of_mass(edges)
    assert path.velocity[1] == pytest.approx(path.velocity[0], abs=1e-10)
    assert path.value[1] == pytest.approx(path.value[0], abs=1e-10)


def test_what_is_asked_for_is_what_comes(runner):
    p = runner.parameters
    time = np.arange(2000) * p.stride_time / 2000
    phase = 2 * np.pi * (time - runner.ground.first_midstance) / p.stride_time
    points = runner.points(time, 1) | {"com": runner.centre_of_mass(time, 1)}
    for name, wave in (
        ("head_centre", p.head_lateral),
        ("neck_base", p.neck_base_lateral),
        ("com", p.com_lateral),
    ):
        locked = 2 * np.mean(points[name].value[:, 2] * np.exp(1j * phase))
        assert abs(locked) == pytest.approx(wave.amplitude, rel=1e-6)
        assert np.degrees(np.angle(locked)) == pytest.approx(wave.phase, abs=1e-3)
    weight = p.mass * GRAVITY
    stance = np.linspace(0, p.contact_time, 20001)
    force = runner.force(stance)[:, 0]
    turn = p.braking_share * p.contact_time
    braking = np.trapezoid(np.where(stance <= turn, force, 0.0), stance)
    assert braking / weight == pytest.approx(-p.braking_impulse, rel=1e-6)
    assert np.interp(turn, stance, force) == pytest.approx(0.0, abs=1e-3)


def test_jets_carry_the_rules_of_calculus():
    time = jets.moment(np.linspace(0.1, 2.0, 7), 3)
    made = jets.sin(time * 2.0) / jets.sqrt(time + 1.0)
    t = time.value
    root = np.sqrt(t + 1)
    first = 2 * np.cos(2 * t) / root - np.sin(2 * t) / (2 * root**3)
    second = -4 * np.sin(2 * t) / root - 2 * np.cos(2 * t) / root**3 + 0.75 * np.sin(2 * t) / root**5
    assert np.abs(made.d - [np.sin(2 * t) / root, first, second]).max() < 1e-12
    turned = jets.yaw_roll_pitch(time * 0.3, jets.sin(time), time * -1.1)
    spin, change = jets.angular_velocity(turned)
    step = 1e-5
    moved = jets.yaw_roll_pitch(
        *(f(jets.moment(t + step, 3)) for f in (lambda x: x * 0.3, jets.sin, lambda x: x * -1.1))
    )
    assert (jets.angular_velocity(moved)[0] - spin) / step == pytest.approx(change, abs=1e-4)
    assert np.linalg.norm(jets.angular_velocity(jets.about(1, time * 3.0))[0] - [0, 3, 0]) < 1e-12


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"speed": -1.0}, "speed"),
        ({"contact_time": 0.36}, "contact_time"),
        ({"force_skew": 0.6}, "force_skew"),
        ({"sex": "other"}, "sex"),
        ({"nothing": 1.0}, "nothing"),
    ],
)
def test_impossible_parameters_are_named(changes, where):
    with pytest.raises(OptionError) as fault:
        RunnerParameters().changed(**changes)
    assert fault.value.where == where


def test_out_of_reach_is_said():
    with pytest.raises(OptionError, match="too short"):
        _ = SyntheticRunner(RunnerParameters(speed=9.0, contact_time=0.2)).offsets


def test_step_noise_has_the_size_and_memory_asked_for():
    noise = StepVariability(contact_time=0.02, correlation=0.5, seed=1)
    runner = SyntheticRunner(RunnerParameters(step_noise=noise, head_lateral=Wave(0.02)))
    duration = runner.ground.stances(np.arange(4000)).contact_time
    deviation = duration / duration.mean() - 1
    assert deviation.std() == pytest.approx(0.02, rel=0.1)
    assert np.corrcoef(deviation[:-1], deviation[1:])[0, 1] == pytest.approx(0.5, abs=0.06)
