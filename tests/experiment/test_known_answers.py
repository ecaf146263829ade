"""Plans, power and pairs against answers that are known from elsewhere."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from headway.experiments.designs import _pair_spread, alternating
from headway.experiments.plan import conditions
from headway.experiments.power import _own, pairs_needed, power
from headway.experiments.protocol import DesignPlan
from headway.experiments.statistics import BlockMean, paired


@pytest.mark.parametrize(("size", "pairs", "known"), [(0.5, 34, 0.80778), (0.8, 15, 0.82131), (0.5, 20, 0.56450)])
def test_power_is_that_of_a_paired_t_test(size, pairs, known):
    """G*Power 3.1, difference of two dependent means, two-sided 0.05."""
    assert power(size, pairs) == pytest.approx(known, abs=2e-5)


def test_as_many_pairs_are_asked_for_as_find_the_change_and_no_more():
    needed = pairs_needed(0.6, 0.8)
    assert needed is not None
    assert power(0.6, needed) >= 0.8 > power(0.6, needed - 1)


def test_the_interval_of_pairs_is_students():
    free, held = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.5, 2.1, 3.9, 4.2, 5.8])
    middle, half = paired(free, held)
    low, high = ttest_rel(held, free).confidence_interval(0.95)
    assert (middle - half, middle + half) == pytest.approx((low, high))


@pytest.mark.parametrize("shape", [(), (3,)])
def test_one_pair_tells_no_interval(shape):
    free = np.zeros((*shape, 1))
    middle, half = paired(free, free + 2.0)
    assert np.shape(middle) == np.shape(half) == shape
    assert np.all(middle == 2.0)
    assert np.all(half == np.inf)


def test_a_sham_comes_before_between_and_after_its_pair():
    order = [conditions("pairs", 40, seed, "held", sham=True) for seed in range(3)]
    places = {[name for name, pair in one if pair == number].index("sham") for one in order for number in range(1, 41)}
    assert places == {0, 1, 2}
    for one in order:
        assert all(sorted(name for name, pair in one if pair == k) == ["free", "held", "sham"] for k in range(1, 41))


def test_pairs_spread_as_their_blocks_do_by_their_steps_or_from_each_other():
    one = BlockMean(0.25, 0.0004, 29.0, 0.0, 30)
    assert _pair_spread([one], [one]) == pytest.approx(np.sqrt(2 * 0.0004))
    free = [BlockMean(value, 0.0004, 29.0, 0.0, 30) for value in (0.20, 0.25, 0.30)]
    assert _pair_spread(free, [one]) == pytest.approx(np.sqrt(2 * 0.0025))


def test_a_change_of_three_per_cent_matters_unless_the_runner_says_otherwise():
    assert DesignPlan(kind="free-held-free", primary="contact_time").smallest == 3.0


def test_the_spread_of_steps_is_that_about_the_means_of_both_feet():
    # Two means are taken from every block (left, right), so a block of n steps tells n - 2 times.
    residuals = [np.random.default_rng(seed).normal(0, 0.01, 12) for seed in (1, 2)]
    found = _own(residuals, np.array([0.24, 0.26]))
    squares = sum(float(one @ one) for one in residuals)
    assert found.cv == pytest.approx(np.sqrt(squares / 20) / 0.25)


def test_one_tested_block_is_held_against_its_frees_by_the_steps_within():
    free = [BlockMean(value, 0.0001, 29.0, float(2 * k), 30) for k, value in enumerate((1.0, 1.2, 1.1, 1.3, 1.2, 1.4))]
    found = alternating(free, [BlockMean(1.5, 0.0001, 29.0, 1.0, 30)])
    assert "curve" not in found.method
    assert found.change == pytest.approx(1.5 - 1.2)
    several = alternating(free, [BlockMean(1.5, 0.0001, 29.0, float(2 * k + 1), 30) for k in range(3)])
    assert "curve" in several.method
