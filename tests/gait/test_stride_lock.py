import numpy as np
import pytest

from headway.gait.contacts import Contact
from headway.gait.steps import build_steps
from headway.gait.stride_lock import stride_locked, stride_phase

RATE = 200.0


def _walker(step_times, contact=0.24, first_right=True):
    """Contacts with given step times, and the time base that covers them."""
    starts = np.concatenate([[0.1], 0.1 + np.cumsum(step_times)])
    contacts = tuple(
        Contact(start, start + contact, "right" if (k % 2 == 0) == first_right else "left", "made")
        for k, start in enumerate(starts)
    )
    steps = build_steps(contacts)
    return steps, np.arange(0, starts[-1] + 0.5, 1 / RATE)


def _true_phase(time, steps):
    middle = steps.midstance
    return np.interp(time, middle, np.arange(len(middle)) * np.pi)


def test_amplitude_and_phase_of_a_pure_bounce():
    steps, time = _walker(np.full(20, 0.36))
    phase = _true_phase(time, steps)
    lateral = 0.02 * np.cos(phase - np.radians(-25))
    found = stride_locked(lateral[:, None], time, steps, stride_phase(time, steps))[:, 0, 0]
    mean = np.nanmean(found)
    assert abs(mean) == pytest.approx(0.02, rel=1e-3)
    assert np.degrees(np.angle(mean)) == pytest.approx(-25, abs=0.2)


def test_cadence_and_sway_drift_do_not_cost_amplitude():
    """Cadence drifting by 3 % and a sway of 80 mm: within 3 % and 3 degrees (a fixed frequency would fail)."""
    steps, time = _walker(0.36 * np.linspace(0.97, 1.03, 60))
    phase = _true_phase(time, steps)
    sway = 0.08 * ((time - time.mean()) / np.ptp(time) * 2) ** 2
    lateral = 0.02 * np.cos(phase - np.radians(-25)) + sway
    found = np.nanmean(stride_locked(lateral[:, None], time, steps, stride_phase(time, steps))[:, 0, 0])
    assert abs(found) == pytest.approx(0.02, rel=0.03)
    assert np.degrees(np.angle(found)) == pytest.approx(-25, abs=3)
    inside = (time > steps.midstance[0]) & (time < steps.midstance[-1])
    frequency = 1 / (2 * 0.36)
    design = np.exp(2j * np.pi * frequency * time[inside])
    fixed = 2 * abs(np.mean((lateral - sway)[inside] * design))
    assert abs(fixed - 0.02) > 0.03 * 0.02


def test_a_left_first_run_gives_the_same_phase():
    for first_right in (True, False):
        steps, time = _walker(np.full(12, 0.36), first_right=first_right)
        phase = _true_phase(time, steps) + (0 if first_right else np.pi)
        lateral = 0.015 * np.cos(phase + 0.4)
        found = np.nanmean(stride_locked(lateral[:, None], time, steps, stride_phase(time, steps))[:, 0, 0])
        assert np.angle(found) == pytest.approx(-0.4, abs=0.01)


def test_fewer_than_two_strides_have_no_phase():
    steps, time = _walker(np.full(3, 0.36))
    assert stride_phase(time, steps) is None


def test_a_break_in_the_steps_is_not_bridged():
    steps, time = _walker(np.concatenate([np.full(10, 0.36), [0.9], np.full(5, 0.36)]))
    phase = stride_phase(time, steps)
    assert phase is not None
    assert max(b for _, b in phase.strides) == 10


def test_noise_floor_of_the_amplitude():
    """White noise of 10 mm at 30 frames per second over 10 strides: SD of the amplitude s sqrt(2 / N) = 1.0 mm."""
    rng = np.random.default_rng(2)
    steps, time = _walker(np.full(20, 0.36))
    steps_time = np.arange(0, time[-1], 1 / 30)
    phase = stride_phase(steps_time, steps)
    real = [
        np.nanmean(stride_locked(rng.normal(0, 0.01, (len(steps_time), 1)), steps_time, steps, phase)[:, 0, 0]).real
        for _ in range(60)
    ]
    assert 0.6e-3 < np.std(real) < 1.4e-3
