"""Statistics whose answers stand in the literature, or follow from least squares."""

import numpy as np
import pytest
from scipy import stats

from headway.statistics.influence import Influence, influence
from headway.statistics.intervals import RESULTANTS, _of_loose_locking, _turn, _wilson
from headway.statistics.kinds import REDUCERS, SIZES, components, wave_of, without
from headway.statistics.posterior import (
    BATCHES,
    CORRELATIONS,
    Posterior,
    _batched,
    _design,
    _weights,
    freedom,
)
from headway.statistics.repeats import repeated
from headway.statistics.trend import slope


def test_reliability_of_the_six_targets_of_shrout_and_fleiss():
    """Shrout and Fleiss 1979, tables 2 to 4: within mean square 6.26, ICC(1,1) 0.17."""
    ratings = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
    found = repeated([np.array(one, float) for one in ratings], "targets")
    assert found is not None and (found.groups, found.values) == (6, 24)
    assert found.sem**2 == pytest.approx(6.26, abs=0.005)
    assert found.icc == pytest.approx(0.17, abs=0.005)
    assert found.mdc95 == pytest.approx(1.96 * np.sqrt(2 * 6.2639), rel=1e-3)


def test_reliability_of_unlike_groups_is_that_of_the_analysis_of_variance():
    draw = np.random.default_rng(1)
    groups = [draw.normal(mean, 1.0, size) for mean, size in ((0, 9), (2, 4), (1, 12), (3, 5), (-1, 7))]
    found = repeated(groups, "groups")
    assert found is not None
    ratio = stats.f_oneway(*groups).statistic
    sizes = np.array([len(one) for one in groups])
    size = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(groups) - 1)
    assert found.icc == pytest.approx((ratio - 1) / (ratio + size - 1))


def test_a_trend_whose_rest_does_not_hang_together_is_that_of_least_squares():
    time = np.linspace(0.0, 7.0, 20)
    rest = 0.3 * (-1.0) ** np.arange(20) * np.linspace(0.5, 1.5, 20)
    found = slope(time, 2.0 + 0.7 * time + rest)
    known = stats.linregress(time, 2.0 + 0.7 * time + rest)
    half = stats.t.ppf(0.975, 18) * known.stderr
    assert found == pytest.approx((known.slope, known.slope - half, known.slope + half))


def test_a_trend_whose_rest_hangs_together_is_less_certain_by_its_correlation():
    """Bartlett 1946: the variance grows by (1 + r) / (1 - r), and so do the values that one independent value stands for."""
    time = np.arange(40.0)
    rest = np.sin(2 * np.pi * time / 20)
    found = slope(time, 0.1 * time + rest)
    known = stats.linregress(time, 0.1 * time + rest)
    left = 0.1 * time + rest - known.intercept - known.slope * time
    r = (left[1:] @ left[:-1]) / (left @ left)
    widened = (1 + min(r, 0.9)) / (1 - min(r, 0.9))
    half = stats.t.ppf(0.975, max(38 / widened, 2.0)) * known.stderr * np.sqrt(widened)
    assert found == pytest.approx((known.slope, known.slope - half, known.slope + half))
    assert half > 5 * stats.t.ppf(0.975, 38) * known.stderr / 2


def _shift_ratio(parts, weight):
    sums = weight @ parts
    return (sums[0] / sums[1] - sums[2] / sums[3]) / (sums[4] / sums[5])


def _asymmetry(parts, weight, side):
    right, left = (
        abs(weight[side == sign] @ (parts[side == sign, 0] + parts[side == sign, 2]) / weight[side == sign].sum())
        for sign in (1.0, -1.0)
    )
    return 200 * (right - left) / (right + left)


def _range(parts, weight):
    wave, _ = wave_of((weight @ parts[:, :-1]) / (weight @ parts[:, -1]))
    return wave.max() - wave.min()


@pytest.mark.parametrize("kind", ["shift_ratio", "ratio", "asymmetry", "range"])
def test_the_influence_of_a_step_is_the_change_of_the_estimate_with_its_weight(kind):
    """Efron 1982: the derivative by the step's weight, times the number of steps."""
    draw, n = np.random.default_rng(3), 14
    side = np.where(np.arange(n) % 2, 1.0, -1.0)
    parts = draw.uniform(1.0, 2.0, (n, 6))
    if kind == "range":
        parts = np.column_stack([draw.normal(size=(n, 3)) + 1j * draw.normal(size=(n, 3)) + 2.0, np.ones(n)])
    estimate = {
        "shift_ratio": _shift_ratio,
        "ratio": lambda parts, weight: (weight @ parts[:, 0]) / (weight @ parts[:, 1]),
        "asymmetry": lambda parts, weight: _asymmetry(parts, weight, side),
        "range": _range,
    }[kind]
    found = influence(kind, parts, side)
    step = 1e-6 * np.eye(n)
    known = [n * (estimate(parts, 1 + one) - estimate(parts, 1 - one)) / 2e-6 for one in step]
    known = np.array(known) * (
        side if found.layout == "contrast" else 1.0
    )  # of a difference of sides: the right less the left
    np.testing.assert_allclose(found.noise[0], known, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("freedom", [3.0, 12.0, 80.0])
def test_the_half_width_over_all_correlations_leaves_two_and_a_half_percent_outside(freedom):
    error = np.array([[0.5, 1.0, 3.0]])
    known = Posterior(np.array([0.5, 0.3, 0.2]), error**2, error, freedom, 0.0, 0.0)
    outside = known.weight @ stats.t.sf(known.half() / error[0], freedom)
    assert outside == pytest.approx(0.025, abs=1e-12)


def test_an_estimate_without_noise_has_no_half_width():
    nothing = np.zeros((1, 2))
    assert Posterior(np.array([0.4, 0.6]), nothing, nothing, 12.0, 0.0, 0.0).half() == 0.0


@pytest.mark.parametrize(("share", "wander"), [(1.0, 0.0), (0.5, 0.0), (1.0, 0.1), (0.5, 0.1)])
def test_a_variance_lies_between_the_ends_of_its_chi_square(share, wander):
    """Slow changes add ``wander`` to the relative variance 2 / freedom of a variance: so many degrees of freedom are left."""
    variance = np.array([[4.0]])
    known = Posterior(np.ones(1), variance, np.sqrt(variance), 20.0, 0.0, wander)
    left = 2.0 / (2.0 / (20.0 * share) + wander)
    expected = 4.0 * left / stats.chi2.ppf([0.975, 0.025], left)
    assert known.variance_between(0, share) == pytest.approx(tuple(expected), rel=0.01)


def test_an_angle_is_as_uncertain_as_the_noise_across_is_of_the_length():
    error = np.array([[0.02], [0.05]])
    noise = Posterior(np.ones(1), error**2, error, 30.0, 0.0, 0.0)
    half = stats.t.ppf(0.975, 30.0) * 0.05
    assert _turn(0.5, noise) == pytest.approx(np.arcsin(half / 0.5))
    assert _turn(0.05, noise) == np.pi


def test_the_low_end_of_loose_locking_rises_from_nought_without_a_leap():
    weight = np.eye(len(CORRELATIONS))[10]
    noise = Posterior(weight, weight, weight, 10.0, 0.0, 0.0)
    none, some = 0.0, 0.9
    for _ in range(40):
        size = (none + some) / 2
        none, some = (none, size) if _of_loose_locking(size, 40, noise)[0] > 0 else (size, some)
    assert 0.0 < _of_loose_locking(some, 40, noise)[0] < RESULTANTS[1]


@pytest.mark.parametrize(("sides", "means"), [("rlrlrlrl", 2), ("rrrrrrrl", 1), ("rrrrrrrr", 1), ("rrrrrrll", 2)])
def test_a_mean_for_each_side_is_taken_out_where_each_has_two_steps(sides, means):
    side = np.array([1.0 if one == "r" else -1.0 for one in sides])
    assert _design(side.tobytes(), "balanced").freedom == len(sides) - means
    assert _design(side.tobytes(), "strides").freedom == len(sides) - 1


def test_both_sides_count_alike_in_a_mean_and_against_each_other_in_a_difference():
    side = np.array([1.0, 1.0, 1.0, -1.0])
    np.testing.assert_allclose(_weights(side, "balanced"), [1 / 6, 1 / 6, 1 / 6, 1 / 2])
    np.testing.assert_allclose(_weights(side, "contrast"), [1 / 6, 1 / 6, 1 / 6, -1 / 2])
    np.testing.assert_allclose(_weights(side, "uniform"), 1 / 4)


def test_long_series_are_means_of_sixty_batches_of_neighbours():
    n = 4 * BATCHES
    noise = np.arange(float(n))[None]
    found = _batched(Influence(noise, "uniform"), np.ones(n))
    np.testing.assert_allclose(found, noise.reshape(1, BATCHES, 4).mean(-1))


def test_what_a_film_makes_too_large_is_taken_off():
    np.testing.assert_allclose(without("mean", np.array([1.0, 2.0]), 0.25), [0.75, 1.75])
    kind = next(iter(SIZES))
    np.testing.assert_allclose(without(kind, np.array([1.0, 2.0]), 0.25), [0.8, 1.6])
    size, other = without(kind, (np.array([1.0, 2.0]), np.array([3.0, 4.0])), 0.25)
    np.testing.assert_allclose([size, other], [[0.8, 1.6], [3.0, 4.0]])
    assert np.angle(without("phase", np.exp(0.7j), 0.2)) == pytest.approx(0.5)
    # 20 ms at 9 rad/s behind, of which 5 ms are the film's.
    pace = np.full(6, 9.0)
    given = (np.full(6, np.exp(-1j * 9.0 * 0.02)), np.ones(6, complex), pace)
    side = np.tile([1.0, -1.0], 3)
    for off, left in ((0.0, 0.02), (0.005, 0.015)):
        parts = components("lag", without("lag", given, off), side)
        assert REDUCERS["lag"](parts.sum(0)) == pytest.approx(left)


def test_the_wave_of_a_harmonic_is_greatest_at_its_own_phase():
    phase = 2 * np.pi * np.arange(128) / 128
    wave, _ = wave_of(np.array([2.0 * np.exp(0.6j), 0.5 * np.exp(-1.1j)]))
    np.testing.assert_allclose(wave, 2.0 * np.cos(phase - 0.6) + 0.5 * np.cos(2 * phase + 1.1), atol=1e-12)


def _lengths(resultant, correlation, n):
    """Lengths of means of unit vectors whose angles are an AR(1) series of variance -2 ln R."""
    draw = np.random.default_rng(4).normal(size=(20_000, n))
    angles = np.empty_like(draw)
    angles[:, 0] = draw[:, 0]
    for step in range(1, n):
        angles[:, step] = correlation * angles[:, step - 1] + np.sqrt(1 - correlation**2) * draw[:, step]
    return np.abs(np.exp(1j * np.sqrt(-2 * np.log(resultant)) * angles).mean(1))


@pytest.mark.parametrize("place", [8, 13])
def test_loose_locking_ends_where_the_length_seen_becomes_a_surprise(place):
    """The ends of the interval against drawn angles: a mean so long, or so short, comes in about 2.5 of 100.

    The mean is taken as normal, and its noise as round where it is long: 1 of 100 is as cautious as that makes it here.
    """
    weight, size, n = np.eye(len(CORRELATIONS))[place], 0.45, 40
    low, high = _of_loose_locking(size, n, Posterior(weight, weight, weight, 10.0, 0.0, 0.0))
    assert 0.009 < (_lengths(low, CORRELATIONS[place], n) >= size).mean() < 0.033
    assert 0.009 < (_lengths(high, CORRELATIONS[place], n) <= size).mean() < 0.033


@pytest.mark.parametrize(("count", "n"), [(6, 20), (1, 9), (0, 15), (40, 50)])
def test_the_interval_of_a_share_is_wilsons(count, n):
    assert _wilson(count / n, n) == pytest.approx(
        tuple(stats.binomtest(count, n).proportion_ci(0.95, "wilson")), abs=1e-4
    )


def test_steps_that_hang_together_count_as_fewer():
    """Of an AR(1) series of correlation 0.3, n steps tell as much of a mean as n 0.7 / 1.3 that are independent."""
    assert freedom(130) == pytest.approx(130 * 0.7 / 1.3 - 1.0)
    assert freedom(2) == 1.0
