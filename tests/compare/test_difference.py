"""Differences of simulated steps: intervals that hold the truth, angles, false alarms, own noise."""

import numpy as np
import pytest
from scipy.signal import lfilter

from headway.comparison.difference import ComparedValue, Difference, difference, own_noise, stand_out
from headway.statistics import components, estimate

SIDE = np.where(np.arange(40) % 2, 1.0, -1.0)


def steps(rng: np.random.Generator, n: int = 40, rho: float = 0.3) -> np.ndarray:
    return lfilter([np.sqrt(1 - rho**2)], [1, -rho], rng.standard_normal(n + 50))[50:]


def measured(series: np.ndarray) -> ComparedValue:
    side = SIDE[: len(series)]
    found = estimate("mean", components("mean", series, side), side)
    assert found is not None
    return ComparedValue(found.value, found.ci95, found.n)


def test_intervals_are_added_end_by_end():
    found = difference(ComparedValue(10.0, (7.0, 14.0), 40), ComparedValue(20.0, (16.0, 23.0), 40))
    assert found.value == 10.0
    assert found.ci95 == pytest.approx((10 - np.hypot(4, 4), 10 + np.hypot(3, 3)))
    swapped = difference(ComparedValue(20.0, (16.0, 23.0), 40), ComparedValue(10.0, (7.0, 14.0), 40))
    assert swapped.ci95 == pytest.approx((-found.ci95[1], -found.ci95[0]))
    assert swapped.tail == pytest.approx(found.tail)


def test_the_tail_is_five_per_cent_where_the_interval_touches_zero():
    half = np.hypot(3.0, 4.0)
    for n in (6, 40, 400):
        touching = difference(ComparedValue(0.0, (-3.0, 3.0), n), ComparedValue(half, (half - 4, half + 4), n))
        assert touching.tail == pytest.approx(0.05, abs=1e-6)


def test_angles_go_the_shorter_way_round():
    a, b = ComparedValue(3.0, (2.9, 3.1), 40, "phase"), ComparedValue(-3.0, (-3.1, -2.9), 40, "phase")
    found = difference(a, b)
    assert found.value == pytest.approx(2 * np.pi - 6)
    assert found.ci95[0] > 0


def test_scaling_adds_the_error_of_the_scale():
    found = ComparedValue(10.0, (7.0, 13.0), 40).times(2.0, 0.4)
    assert found.value == 20.0
    assert found.ci95 == pytest.approx((10.0, 30.0))


def test_without_an_interval_nothing_stands_out():
    found = difference(ComparedValue(1.0, None, 1), ComparedValue(9.0, (8.9, 9.1), 40))
    assert found.value == 8.0 and found.ci95 is None and not stand_out([found])[0]


def test_false_discoveries_are_controlled():
    """Hundred true nulls with tails as uniform as they come: hardly ever one stands out; ten gross differences always do."""
    rng = np.random.default_rng(3)
    alarms = 0
    for _ in range(200):
        null = [Difference(0.1, (-1.0, 1.2), tail) for tail in rng.uniform(size=100)]
        alarms += any(stand_out(null))
    assert alarms <= 20
    gross = [Difference(9.0, (8.0, 10.0), 1e-6)] * 10
    assert stand_out([*gross, *(Difference(0.1, (-1.0, 1.2), t) for t in rng.uniform(size=90))])[:10] == [True] * 10


def test_coverage_and_false_alarms_of_simulated_runners():
    """Two recordings of 40 correlated steps each with the same mean: intervals hold zero, and own noise is rarely exceeded."""
    rng = np.random.default_rng(1)
    holds, beyond = 0, 0
    for _ in range(200):
        a, b = steps(rng), steps(rng)
        one, two = measured(a), measured(b)
        found = difference(one, two)
        holds += not found.excludes_zero
        noise = max(own_noise(value, series, SIDE) or 0.0 for value, series in ((one, a), (two, b)))
        beyond += abs(found.value) > noise
    assert 186 <= holds <= 200
    assert beyond <= 4


def test_own_noise_grows_with_a_drift_within_the_recording():
    rng = np.random.default_rng(2)
    still = steps(rng)
    drifting = still + np.linspace(-3, 3, 40)
    value = measured(still)
    calm, moved = (own_noise(value, series, SIDE) for series in (still, drifting))
    assert calm is not None and moved is not None and moved > 2 * calm
    assert own_noise(value, np.empty(0), np.empty(0)) == pytest.approx(np.sqrt(2) * max(value.below, value.above))
