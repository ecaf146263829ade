"""Intervals hold the truth in 95 % of recordings, short ones too."""

import numpy as np
import pytest

from headway.statistics import Prior
from headway.validation.made_steps import KINDS, covered, covered_by_prior

SHORT = (3, 5, 8, 12, 20, 30, 100)
CORRELATIONS = (0.0, 0.3, 0.6)
TWO_SIDED = ("asymmetry", "shift_ratio")


def chance(count: int) -> float:
    """Three standard errors of a share of 95 %."""
    return 3 * float(np.sqrt(0.05 * 0.95 / count))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [5, 12])
def test_short_recordings_have_intervals_that_hold(kind: str, n: int):
    for rho in CORRELATIONS:
        assert 0.93 - chance(120) <= covered(kind, n, rho, 120, Prior(rho, 0.1)) <= 1.0


@pytest.mark.parametrize("kind", ["mean", "asymmetry", "ratio", "amplitude", "lag"])
def test_nothing_known_is_on_the_wide_side(kind: str):
    for rho in CORRELATIONS:
        assert covered(kind, 8, rho, 200, None) >= 0.93 - chance(200)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", SHORT)
def test_coverage_where_the_correlation_is_about_known(kind: str, n: int):
    if kind in TWO_SIDED and n < 4:
        pytest.skip("a comparison of the sides needs two steps of each")
    for rho in CORRELATIONS:
        found = covered(kind, n, rho, 1000, Prior(rho, 0.1))
        assert 0.91 <= found <= 0.97 + 0.02, (kind, n, rho, found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", SHORT)
def test_coverage_over_recordings_that_differ_as_the_prior_says(kind: str, n: int):
    if kind in TWO_SIDED and n < 4:
        pytest.skip("a comparison of the sides needs two steps of each")
    assert 0.92 <= covered_by_prior(kind, n, Prior(0.25, 0.17), 1000) <= 0.99
