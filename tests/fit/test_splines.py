"""Splines with free ends give what they hold, and its derivatives."""

import numpy as np
import pytest

from headway.fit.splines import DEGREE, FreeSplines


def test_values_and_derivatives_are_those_of_scipys_splines():
    from scipy.interpolate import BSpline

    splines = FreeSplines(0.2, 1.0, 10, 2)
    random = np.random.default_rng(0)
    coefficients = random.normal(size=(splines.count, 2))
    step = 0.8 / 10
    knots = 0.2 + step * np.arange(-DEGREE, 10 + DEGREE + 1)
    theirs = BSpline(knots, coefficients, DEGREE)
    time = np.linspace(0.2, 1.0, 57)
    for order in range(4):
        assert splines.values(coefficients, time, order) == pytest.approx(theirs(time, order), rel=1e-8, abs=1e-8)


def test_there_are_two_instants_in_an_interval_and_one_at_either_end():
    nodes = FreeSplines(0.0, 0.4, 20, 1).nodes
    assert len(nodes) == 41
    assert nodes[[0, -1]] == pytest.approx([0.0, 0.4])
