"""The loading rate against a landing whose rise is known in closed form."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.dynamics.ground_force import PlateForce
from headway.gait.steps import Steps
from headway.metrics.ground_force import vertical_loading_rate
from headway.metrics.registry import CannotMeasure
from headway.recording import GRAVITY

MASS, PEAK, RISE = 70.0, 1100.0, 0.030


def landing(rate: float) -> SimpleNamespace:
    """One stance of 0.25 s: a cosine up to an impact peak, a dip, and the push."""
    time = np.arange(-0.1, 0.4, 1 / rate)
    up = PEAK * (1 - np.cos(np.pi * np.clip(time / RISE, 0, 1))) / 2
    later = np.clip((time - RISE) / (0.25 - RISE), 0, 1)
    force = np.where(
        time < RISE,
        up,
        PEAK * (1 - later) + 1200.0 * np.sin(np.pi * later) - 250.0 * np.sin(2 * np.pi * np.clip(later * 5, 0, 1)),
    )
    streams = np.zeros((len(time), 1, 3))
    streams[:, 0, 1] = np.where((time < 0) | (time > 0.25), 0.0, force)
    one = np.ones(1)
    nan = np.full(1, np.nan)
    steps = Steps(np.ones(1, int), 0.0 * one, 0.25 * one, nan, nan, ("force",), nan, nan, nan, nan)
    plates = PlateForce(time, streams, ("right",), np.zeros_like(streams), None, 0.0)
    return SimpleNamespace(force=plates, steps=steps, mass=MASS)


def test_the_slope_between_a_fifth_and_four_fifths_of_the_impact_peak():
    taken = 2 * RISE / np.pi * (np.pi / 2 - np.arccos(0.6))  # between 20 and 80 % of a raised cosine
    found = vertical_loading_rate(landing(4000.0))
    assert found == pytest.approx([0.6 * PEAK / taken / (MASS * GRAVITY)], rel=0.03)


def test_a_slow_plate_is_refused():
    with pytest.raises(CannotMeasure, match="500 Hz"):
        vertical_loading_rate(landing(500.0))
