"""Instants within a stance, found in forces whose crossings and peaks are known."""

import numpy as np
import pytest

from headway.dynamics.ground_force import PlateForce
from headway.gait.steps import Steps, with_force_instants
from headway.recording import GRAVITY

MASS, CONTACT = 70.0, 0.25


def stance(forward) -> tuple[Steps, PlateForce]:
    """One stance of 0.25 s from time 0, loaded as a half sine, with a forward force that is told over the share of stance."""
    time = np.arange(-0.1, 0.4, 1 / 2000)
    share = time / CONTACT
    loaded = (share >= 0) & (share <= 1)
    streams = np.zeros((len(time), 1, 3))
    streams[loaded, 0, 1] = 2.5 * MASS * GRAVITY * np.sin(np.pi * share[loaded])
    streams[loaded, 0, 0] = forward(share[loaded])
    nan, one = np.full(1, np.nan), np.ones(1)
    steps = Steps(np.ones(1, int), 0.0 * one, CONTACT * one, nan, nan, ("force",), nan, nan, nan, nan)
    return steps, PlateForce(time, streams, ("right",), np.zeros_like(streams), None, 0.0)


def test_propulsion_begins_at_the_last_crossing():
    """Forward force rises through zero at 25 % of stance, falls through it, and rises again at 60 %."""
    found = with_force_instants(
        *stance(lambda u: 300 * np.sin(np.pi * (u - 0.6) / 0.175) * (u > 0.2) * (u < 0.78)), MASS
    )
    assert found.transition / CONTACT == pytest.approx(0.6, abs=0.01)


def test_peak_and_support_of_a_half_sine():
    found = with_force_instants(*stance(lambda u: -300 * np.cos(np.pi * u)), MASS)
    assert found.transition / CONTACT == pytest.approx(0.5, abs=0.005)
    assert found.peak / CONTACT == pytest.approx(0.5, abs=0.005)
    above = np.arcsin(1 / 2.5) / np.pi  # body weight is reached
    assert found.support_start / CONTACT == pytest.approx(above, abs=0.005)
    assert found.support_stop / CONTACT == pytest.approx(1 - above, abs=0.005)
