"""Errors of worn sensors, and what a push needs, against answers known by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from headway.metrics import ground_force, worn, worn_error
from headway.metrics.push import _contribution
from headway.metrics.registry import CannotMeasure
from headway.metrics.worn_error import SCALE_ERROR
from headway.sensors.prepare import midstance_error


def run_of(path: np.ndarray, **more) -> SimpleNamespace:
    """A run of strides of 0.7 s with a head whose mean path has these harmonics, shape (harmonics, 3)."""
    track = SimpleNamespace(path=lambda _: np.stack([path, path]), alignment=SimpleNamespace(uncertainty=0.01), **more)
    strides = SimpleNamespace(start=np.array([0.0, 0.7]), stop=np.array([0.7, 1.4]))
    return SimpleNamespace(tracks={"head": track, "sacrum": track}, strides=strides, reference="sacrum")


def test_a_value_has_the_error_of_the_scales_behind_it_and_no_other():
    assert worn_error.nothing(run_of(np.zeros((3, 3))), 168.0) == 0.0
    assert worn_error.scaled(run_of(np.zeros((3, 3))), 2.0) == pytest.approx(2.0 * SCALE_ERROR)
    assert worn_error.scaled_ratio(run_of(np.zeros((3, 3))), 2.0) == pytest.approx(2.0 * np.sqrt(2) * SCALE_ERROR)
    assert worn_error.scaled_decibels(run_of(np.zeros((3, 3))), -9.0) == pytest.approx(
        20 * np.log10(1 + np.sqrt(2) * SCALE_ERROR)
    )
    assert worn_error.clock(run_of(np.zeros((3, 3)))) == 0.01


def test_a_phase_is_as_sure_as_midstance_the_clock_and_what_leaks_in(monkeypatch):
    monkeypatch.setattr(worn_error, "_leak", lambda run, where: 0.002)
    path = np.zeros((3, 3))
    path[0, 2], path[1, 2] = 0.02, 0.5  # sideways: 2 cm at the stride, more at the step
    late = 2 * np.pi * 0.01 / 0.7
    expected = np.sqrt(midstance_error("sacrum", 0.7) ** 2 + late**2 + 0.1**2)
    assert worn_error.sideways_phase("head")(run_of(path), 0.0) == pytest.approx(expected)
    own = np.sqrt(midstance_error("sacrum", 0.7) ** 2 + 0.1**2)
    assert worn_error.sideways_phase("sacrum")(run_of(path), 0.0) == pytest.approx(own)


def test_a_push_is_measured_where_any_step_has_one():
    compute = _contribution("push_by_ankle")
    some = np.array([np.nan, 0.4, np.nan])
    np.testing.assert_array_equal(compute(SimpleNamespace(push=SimpleNamespace(of=lambda _: some))), some)
    for push in (None, SimpleNamespace(of=lambda _: np.full(3, np.nan))):
        with pytest.raises(CannotMeasure):
            compute(SimpleNamespace(push=push))


def test_the_roll_at_midstance_of_the_left_foot_is_half_a_stride_on_and_counts_toward_it(monkeypatch):
    # Stride harmonic 0.10 rad, step harmonic 0.02 rad, both greatest at right midstance: half a stride on the first has turned its sign.
    harmonics = np.zeros((2, 2, worn.ROLL + 1), complex)
    harmonics[..., worn.ROLL] = [0.10, 0.02]
    monkeypatch.setattr(worn, "_track", lambda run, where, size: SimpleNamespace(rotates=True, harmonics=harmonics))
    monkeypatch.setattr(worn, "_sided", lambda run, where: None)
    found = worn.roll_at_midstance(SimpleNamespace(side=np.array([1.0, -1.0])))
    np.testing.assert_allclose(found, [0.10 + 0.02, 0.10 - 0.02])


def test_a_loading_rate_is_measured_where_any_step_has_an_impact_peak(monkeypatch):
    rates = [np.nan, 62.0]
    monkeypatch.setattr(ground_force, "_loading_rate", lambda trial, k: rates[k])
    trial = SimpleNamespace(force=SimpleNamespace(rate=1000.0), steps=[0, 1])
    np.testing.assert_array_equal(ground_force.vertical_loading_rate(trial), rates)
    rates[1] = np.nan
    with pytest.raises(CannotMeasure):
        ground_force.vertical_loading_rate(trial)
