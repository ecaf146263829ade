"""The truth told about the synthetic runner obeys the identities of the definitions."""

import numpy as np
import pytest

from headway.recording import GRAVITY
from headway.synthetic.instants import InstantWindow, true_step
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth import truth
from headway.synthetic.truth_neck import Neck

COARSE = 4000.0


@pytest.fixture(scope="module")
def known(runner):
    return truth(runner, rate=COARSE)


def test_what_the_parameters_say(known, runner):
    p = runner.parameters
    for name, value in (
        ("contact_time", p.contact_time),
        ("cadence", p.cadence),
        ("step_width", p.step_width),
        ("speed", p.speed),
        ("braking_impulse", -p.braking_impulse),
        ("propulsive_impulse", p.braking_impulse),
        ("braking_propulsion_transition", 100 * p.braking_share),
        ("trunk_lean", np.radians(p.trunk_lean)),
        ("head_anteversion", p.head_anteversion),
        ("lateral_bounce_amplitude", p.head_lateral.amplitude),
        ("lateral_bounce_phase", np.radians(p.head_lateral.phase)),
        ("neck_base_lateral_bounce_amplitude", p.neck_base_lateral.amplitude),
        ("neck_base_lateral_bounce_phase", np.radians(p.neck_base_lateral.phase)),
        ("com_lateral_bounce_amplitude", p.com_lateral.amplitude),
        ("lateral_harmonic_ratio", 1.0),
        ("head_pitch_range", np.radians(2 * p.head_pitch.amplitude)),
        ("pelvic_list_range", np.radians(8.0)),
    ):
        assert known[name] == pytest.approx(value, rel=0.01 if "pelvic" in name or "pitch" in name else 1e-4), name
    assert known["head_vertical_gain"] == pytest.approx(p.head_vertical_gain, abs=0.02)
    assert known["head_forward_gain"] == pytest.approx(p.head_forward_gain, abs=0.02)


def test_identities(known, runner):
    p = runner.parameters
    assert known["step_time"] == pytest.approx(known["contact_time"] + known["flight_time"])
    assert known["duty_factor"] == pytest.approx(known["contact_time"] / known["stride_time"])
    sides = known["neck_over_foot_error"] * 2
    assert known["weight_shift_ratio"] == pytest.approx(1 + sides / known["step_width"], abs=1e-9)
    assert known["head_lateral_gain"] == pytest.approx(p.head_lateral.amplitude / p.neck_base_lateral.amplitude)
    lag = (p.head_lateral.phase - p.neck_base_lateral.phase) / 360 * p.stride_time
    assert known["head_lag_lateral"] == pytest.approx(lag, abs=1e-9)
    late = p.neck_base_lateral.phase / 360 * p.stride_time
    middle = known["time_to_peak_vertical_grf"] - p.contact_time / 2
    assert known["neck_over_foot_time"] == pytest.approx(late - middle, abs=1e-5)
    assert known["ladder_ground_impulse_up"] == pytest.approx(p.step_time, rel=1e-6)
    assert known["ladder_ground_impulse_forward"] == pytest.approx(known["propulsive_impulse"], abs=1e-6)
    assert known["ladder_ground_impulse_lateral"] == pytest.approx(known["mediolateral_impulse"], abs=1e-6)
    assert known["ladder_ground_peak_up"] == pytest.approx(known["peak_vertical_grf"], rel=1e-5)
    levels = [known[f"ladder_{level}_peak_up"] for level in ("ground", "ankle", "knee", "hip", "lumbar", "neck")]
    assert levels == sorted(levels, reverse=True)
    share = 0.0694
    assert known["ladder_neck_peak_up"] == pytest.approx(share * known["neck_force_peak"], rel=1e-4)


def test_dense_enough(known, runner):
    dense = truth(runner, rate=12000.0)
    for name, value in dense.items():
        assert known[name] == pytest.approx(value, rel=2e-4, abs=1e-5, nan_ok=True), name


def test_plausible(known):
    expected = {
        "head_vertical_gain": (0.85, 1.25),
        "neck_base_vertical_gain": (0.85, 1.25),
        "pelvis_vertical_gain": (0.85, 1.25),
        "pelvis_forward_gain": (0.5, 2.2),
        "head_retraction": (-0.02, 0.0),
        "head_bob": (0.003, 0.025),
        "head_lag_vertical": (0.0, 0.02),
        "neck_force_peak": (2.0, 3.2),
        "push_through_angle": (0.0, 0.25),
        "grf_line_crossing_time": (55.0, 80.0),
        "neck_base_grf_line_crossing_time": (55.0, 80.0),
        "neck_over_foot_error": (-0.055, 0.055),
        "neck_over_foot_time": (-0.06, 0.04),
        "thorax_pelvis_yaw_range": (0.1, 0.8),
        "hand_sternum_distance": (0.2, 0.55),
        "body_line_deviation": (0.0, 0.2),
        "mediolateral_margin": (-0.05, 0.1),
    }
    for name, (low, high) in expected.items():
        assert low <= known[name] <= high, name


def test_a_stride_gives_the_head_its_weight_and_nothing_forward(runner):
    """Over a whole steady stride the neck carries the head's weight and its net forward impulse is zero."""
    whole = InstantWindow(runner, 0.0, runner.parameters.stride_time, COARSE)
    load = Neck(runner, whole)
    weight = load.mass * GRAVITY
    assert whole.integral(load.force[:, 1]) == pytest.approx(weight * runner.parameters.stride_time, rel=1e-6)
    assert abs(whole.integral(load.force[:, 0])) < 1e-5 * weight
    assert abs(whole.integral(load.force[:, 2])) < 1e-5 * weight


def test_power_at_the_head_is_the_change_of_its_energy(anyone):
    step = true_step(anyone, 2)
    push = InstantWindow(anyone, step.at(0.1), step.at(0.9), COARSE)
    load = Neck(anyone, push)
    gained = np.array([InstantWindow.integral(push, load.carried_power), load.energy[-1] - load.energy[0]])
    assert gained[0] == pytest.approx(gained[1], rel=1e-6)


def test_instants(anyone):
    for number in range(4):
        step = true_step(anyone, number)
        weight = anyone.parameters.mass * GRAVITY
        force = anyone.force([*step.support, step.transition, step.peak])
        assert force[:2, 1] == pytest.approx([weight, weight], rel=1e-9)
        assert abs(force[2, 0]) < 1e-6
        around = anyone.force(step.peak + np.linspace(-0.02, 0.02, 401))[:, 1]
        assert around.max() <= force[3, 1] * (1 + 1e-9)
        assert 0.36 < (step.peak - step.initial_contact) / step.contact_time < 0.5
        assert np.abs(anyone.force([step.initial_contact, step.toe_off])).max() < 1e-6


def test_sides_are_told_apart():
    uneven = SyntheticRunner(RunnerParameters(contact_time_asymmetry=5.0, lateral_asymmetry=0.004))
    known = truth(uneven, rate=2000.0)
    assert known["contact_time_asymmetry"] == pytest.approx(5.0)
    assert known["lateral_bounce_asymmetry"] == pytest.approx(200 * 0.004 / (0.02 * np.cos(np.radians(25))), rel=1e-3)
    mirrored = truth(
        SyntheticRunner(RunnerParameters(contact_time_asymmetry=-5.0, lateral_asymmetry=-0.004)), rate=2000.0
    )
    for name, value in known.items():
        sign = -1.0 if name.endswith("asymmetry") else 1.0
        assert mirrored[name] == pytest.approx(sign * value, rel=1e-3, abs=2e-5, nan_ok=True), name


def test_variable_steps_scatter_about_the_mean():
    noise = StepVariability(contact_time=0.02, lateral_amplitude=0.08, head_gain=0.02, step_width=0.01, seed=5)
    variable = SyntheticRunner(RunnerParameters(step_noise=noise))
    plain = truth(SyntheticRunner(), rate=500.0)
    known = truth(variable, strides=6, rate=500.0)
    for name in ("contact_time", "head_vertical_gain", "lateral_bounce_amplitude", "peak_vertical_grf"):
        assert known[name] != plain[name]
        assert known[name] == pytest.approx(plain[name], rel=0.06), name
