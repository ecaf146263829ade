"""Statistics whose answers stand in the literature, or follow from least squares."""

import numpy as np
import pytest
from scipy import stats

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
