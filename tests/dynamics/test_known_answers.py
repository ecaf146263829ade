"""Ground force against loads that are known by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.dynamics.ground_force import _zeroed
from headway.dynamics.shape_constraints import IMPULSE_ERROR, PELVIS_IMPULSE, PELVIS_SHARE, _forward_impulse, stances_of
from headway.gait.contacts import Contact
from headway.recording import GRAVITY


def test_the_zero_of_a_plate_is_the_mean_of_its_rests_by_their_length():
    # 1 kHz: unloaded for 0.4 s at 4 N, loaded for 0.2 s, unloaded for 0.8 s at 7 N; sideways it rests at 1 N throughout.
    force = np.zeros((1400, 3))
    force[:400, 1], force[400:600, 1], force[600:, 1] = 4.0, 900.0, 7.0
    force[:, 2] = 1.0
    corrected, restless, offset = _zeroed(force, 1000.0)
    edge = 10  # hundredth of a second at either end of a rest
    zero = (4.0 * (400 - 2 * edge) + 7.0 * (800 - 2 * edge)) / (1200 - 4 * edge)
    assert offset == pytest.approx(zero)
    np.testing.assert_allclose(corrected[500], [0.0, 900.0 - zero, 0.0])
    assert restless == 0.0


def test_the_zero_of_a_plate_follows_its_drift():
    time = np.arange(6000) / 1000.0
    drift = 3.0 + 1.0 * time  # N, a newton in every second
    loaded = np.sin(2 * np.pi * time / 0.7) > 0.4
    force = np.zeros((6000, 3))
    force[:, 1] = drift + np.where(loaded, 1200.0, 0.0)
    corrected, _, offset = _zeroed(force, 1000.0)
    inner = (time > 2.0) & (time < 4.0)
    np.testing.assert_allclose(corrected[inner & ~loaded, 1], 0.0, atol=0.5)
    np.testing.assert_allclose(corrected[inner & loaded, 1], 1200.0, atol=0.5)
    assert offset == pytest.approx(drift[-1], abs=1.6)


def test_a_runner_who_gains_speed_pushes_forward_by_as_much():
    # Speed 3 m/s, 0.1 m/s more in every second; a step takes 0.35 s: forward impulse a T / g body weights.
    time = np.arange(0.0, 5.0, 0.005)
    place = 3.0 * time + 0.05 * time**2
    body = SimpleNamespace(time=time, position={"pelvis": np.column_stack([place, 0 * place, 0 * place])})
    stances = [SimpleNamespace(start=0.2 + 0.35 * k, period=0.35) for k in range(8)]
    np.testing.assert_allclose(_forward_impulse(stances, body), 0.1 * 0.35 / GRAVITY, rtol=0.02)
    assert np.isnan(_forward_impulse(stances[:3], body)).all()


def body_of(height: np.ndarray) -> SimpleNamespace:
    """A pelvis of this height, 200 times a second."""
    time = 0.005 * np.arange(len(height))
    path = np.column_stack([0 * height, height, 0 * height])
    return SimpleNamespace(time=time, position={"pelvis": path}, velocity=lambda _: np.gradient(path, 0.005, axis=0))


def contact(side: str, begin: float, end: float) -> Contact:
    return Contact(begin, end, side, "by hand")


def test_contacts_between_two_flights_carry_the_weight_of_a_step():
    # Contacts of 0.25 s, flights of 0.11 s, a pelvis that keeps its height: impulse over weight is the time of a step.
    contacts = [contact("right" if k % 2 else "left", 0.3 + 0.36 * k, 0.55 + 0.36 * k) for k in range(5)]
    found = stances_of(body_of(np.zeros(600)), contacts)
    assert [stance.impulse for stance in found] == pytest.approx([0.36] * 5)
    assert [stance.period for stance in found] == pytest.approx([0.36] * 5)
    assert found[0].impulse_error == pytest.approx(IMPULSE_ERROR["after"] * 0.36)
    assert found[2].impulse_error == pytest.approx(IMPULSE_ERROR["both"] * 0.36)
    assert found[4].impulse_error == pytest.approx(IMPULSE_ERROR["before"] * 0.36)


def test_a_flight_that_rises_needs_a_greater_push_before_it():
    contacts = [contact("left", 0.2, 0.45), contact("right", 0.55, 0.8), contact("left", 0.9, 1.15)]
    time = 0.005 * np.arange(400)
    found = stances_of(body_of(0.4 * np.maximum(time - 0.7, 0.0)), contacts)[1]  # 0.4 m/s upward in the second flight
    assert found.impulse - found.period == pytest.approx(PELVIS_SHARE * 0.4 / GRAVITY)


def test_a_contact_without_flights_is_told_by_the_pelvis_alone():
    time = 0.005 * np.arange(400)
    alone = stances_of(body_of(0.5 * 2.0 * time**2), [contact("left", 0.5, 0.75)])[0]  # 2 m/s² upward throughout
    assert alone.impulse == pytest.approx(0.25 + PELVIS_IMPULSE * 2.0 * 0.25 / GRAVITY)
    assert np.isnan(alone.period)
