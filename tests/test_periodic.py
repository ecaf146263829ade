"""The harmonic series of a stride against answers that are known."""

import tracemalloc

import numpy as np
import pytest

from headway.periodic import (
    HalfWaves,
    find_frequency,
    fit_series,
    lock_in,
    peak,
    robust_weights,
    spline,
    stride_phasors,
    time_derivative,
    waveform,
)

PHASORS = np.array([[0.02 * np.exp(0.4j), 0.5], [0.01j, -0.2], [0.003, 0.1 - 0.1j]])


def test_a_larger_angle_is_later():
    phase = np.linspace(0, 2 * np.pi, 3601)
    for order in (1, 2, 3):
        c = np.zeros(order, complex)
        c[-1] = 2.0 * np.exp(0.3j)
        values = waveform(c, phase)
        assert values.max() == pytest.approx(2.0, rel=1e-5)
        assert phase[np.argmax(values[: 3600 // order])] == pytest.approx(0.3 / order, abs=2e-3)


def test_the_fit_gives_back_the_series_through_gaps_drift_and_a_channel_never_seen():
    rng = np.random.default_rng(0)
    time = np.sort(rng.uniform(0, 10, 600))
    phase = 2 * np.pi * 1.4 * time
    slow = np.vander(time / 10, 3)
    values = waveform(PHASORS, phase) + slow @ [[1.0, 2.0], [-0.5, 0.3], [0.1, 4.0]]
    values[rng.random(values.shape) < 0.3] = np.nan
    values = np.column_stack([values, np.full(600, np.nan)])
    fit = fit_series(phase, values, 3, slow=slow)
    assert np.abs(fit.phasors[:, :2] - PHASORS).max() < 1e-8
    assert fit.slow[:, 0] == pytest.approx([1.0, -0.5, 0.1], abs=1e-7)
    assert (fit.phasors[:, 2] == 0).all()
    assert np.nanmax(np.abs(fit.rest)) < 1e-8


def test_channels_with_common_gaps_and_with_their_own_are_fitted_alike():
    rng = np.random.default_rng(1)
    phase = np.linspace(0, 40, 300)
    values = waveform(PHASORS, phase) + 0.1 * rng.standard_normal((300, 2))
    values[50:90] = np.nan
    together = fit_series(phase, values, 3, penalty=0.2, robust=3)
    extra = np.column_stack([values, np.where(np.arange(300) % 2, np.nan, 1.0)])
    alone = fit_series(phase, extra, 3, penalty=0.2, weights=together.weights)
    again = fit_series(phase, values, 3, penalty=0.2, weights=together.weights)
    assert np.abs(alone.phasors[:, :2] - again.phasors).max() < 1e-12


def test_moving_the_origin_of_the_phase_turns_the_phasors_only():
    rng = np.random.default_rng(2)
    phase = np.linspace(0, 30, 400)
    values = waveform(PHASORS, phase) + 0.05 * rng.standard_normal((400, 2))
    here, there = fit_series(phase, values, 3), fit_series(phase + 0.7, values, 3)
    turned = here.phasors * np.exp(0.7j * np.arange(1, 4))[:, None]
    assert np.abs(turned - there.phasors).max() < 1e-10
    assert here.rest == pytest.approx(there.rest, abs=1e-10)


def test_outliers_move_a_robust_fit_little():
    rng = np.random.default_rng(3)
    phase = np.linspace(0, 60, 500)
    values = waveform(PHASORS[:1, :1], phase) + 0.002 * rng.standard_normal((500, 1))
    values[rng.random(500) < 0.1] += 0.1
    plain, robust = (fit_series(phase, values, 1, robust=turns) for turns in (0, 10))
    assert abs(robust.slow[0, 0]) < 0.001 < 0.006 < abs(plain.slow[0, 0])
    assert abs(robust.phasors[0, 0] - PHASORS[0, 0]) < 0.0006


def test_weights_take_the_spread_of_any_number_of_channels():
    """At 1.5 standard deviations of Gaussian noise 13 % of frames lose weight in one channel, hardly any in the size over twenty."""
    rng = np.random.default_rng(4)
    for channels, share in ((1, 0.134), (20, 0.001)):
        weights = robust_weights(3.0 * rng.standard_normal((20000, channels)))
        assert (weights < 1).mean() == pytest.approx(share, abs=0.01)


def test_the_covariance_covers():
    rng = np.random.default_rng(5)
    time = np.linspace(0, 8, 200)
    phase, slow = 2 * np.pi * 1.3 * time, np.vander(time, 2)
    values = waveform(PHASORS[:, :1], phase) + 0.02 * rng.standard_normal((200, 400))
    fit = fit_series(phase, values, 3, slow=slow)
    error = np.sqrt(np.diagonal(fit.covariance, axis1=1, axis2=2))[:, 2]
    inside = np.abs(fit.phasors[0].real - PHASORS[0, 0].real) < 1.96 * error
    assert 0.92 < inside.mean() < 0.98


def test_derivatives_and_their_inverse():
    rate, time = 2 * np.pi * 1.4, np.linspace(0, 1, 2001)
    values = waveform(PHASORS, rate * time)
    velocity = waveform(time_derivative(PHASORS, rate), rate * time)
    assert np.abs(np.gradient(values, time, axis=0) - velocity)[5:-5].max() < 1e-3 * np.abs(velocity).max()
    per_stride = np.stack([PHASORS, PHASORS])
    both = time_derivative(time_derivative(per_stride, np.array([8.0, 9.0]), 2), np.array([8.0, 9.0]), -2)
    assert np.abs(both - per_stride).max() < 1e-12
    # Acceleration is greatest where the place is least.
    assert time_derivative(np.array([1.0 + 0j]), rate, 2)[0].real == pytest.approx(-(rate**2))


def test_single_strides_depart_from_the_mean_under_drift_and_gaps():
    rng = np.random.default_rng(6)
    steps = np.concatenate([[0.0], np.cumsum(0.36 * (1 + 0.02 * rng.standard_normal(40)))])
    time = np.arange(0, steps[-1], 0.004)
    phase = np.interp(time, steps, np.pi * np.arange(41))
    edges = np.searchsorted(time, steps)
    size = 0.02 * (1 + 0.3 * np.sin(phase / 25))
    values = (size * np.cos(phase - 0.5) + 0.05 * (time / 10) ** 2)[:, None]
    values[3000:3010] = np.nan
    found = stride_phasors(phase, values, edges, 4, slow=spline(time, 5), own=4, fewest=19)[:, 0, 0]
    whole = np.isfinite(found)
    assert whole.sum() == len(found) - 2
    assert np.abs(np.angle(found[whole]) - 0.5).max() < 0.03
    middle = np.interp(steps[1:-1], time, size)
    assert np.abs(np.abs(found) - middle)[whole].max() < 0.0006


@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_the_error_of_the_frequency_covers_95_per_cent(gaps):
    rng = np.random.default_rng(7)
    inside, misses = [], []
    for _ in range(250):
        true = rng.uniform(1.1, 1.7)
        time = np.arange(0, rng.uniform(4, 9), 1 / 30) + rng.uniform(-0.004, 0.004)
        angle = 2 * np.pi * true * time + rng.uniform(0, 2 * np.pi)
        values = (
            np.column_stack([np.cos(angle) + 0.2 * np.cos(2 * angle + 1), 0.5 * np.sin(angle)]) + 0.3 * time[:, None]
        )
        values += 0.3 * rng.standard_normal(values.shape)
        values[rng.random(values.shape) < gaps] = np.nan
        found = find_frequency(time, values, (0.6, 2.4))
        assert found is not None
        inside.append(abs(found.value - true) < 1.96 * found.error)
        misses.append(found.value - true)
    assert 0.91 < np.mean(inside) < 0.985
    assert np.std(misses) < 0.006


def test_no_frequency_where_nothing_was_seen_or_nothing_moves():
    time = np.arange(0, 5, 1 / 30)
    assert find_frequency(time, np.full((150, 2), np.nan), (0.6, 2.4)) is None
    assert find_frequency(time, np.zeros((150, 1)), (0.6, 2.4)) is None


def test_the_peak_lies_between_the_tones():
    tone = np.linspace(1.0, 2.0, 11)
    power = 1.0 - (tone[:, None] - np.array([1.43, 1.78])) ** 2
    assert peak(tone, power) == pytest.approx([1.43, 1.78])
    assert peak(tone, power[:, 0], (1.55, 3.0)) == pytest.approx(1.55)
    assert peak(tone, tone) == pytest.approx(2.0)


def test_the_lock_in_follows_size_and_lag_across_a_gap():
    time = np.arange(0, 12, 1 / 50)
    lag = 0.4 + 0.3 * np.sin(2 * np.pi * time / 12)
    values = 0.1 * np.cos(2 * np.pi * 1.4 * time - lag) + 0.3
    values[200:208] = np.nan
    values[400:] = np.nan
    found = lock_in(time, values, 1.4, 0.43)
    away, inner = np.r_[60:130, 280:330], slice(60, 330)
    assert np.abs(np.angle(found) - lag)[away].max() < 0.03
    assert np.abs(np.angle(found) - lag)[inner].max() < 0.2
    assert np.abs(found)[away] == pytest.approx(0.1, rel=0.03)
    assert (found[450:] == 0).all()


@pytest.mark.parametrize("gaps", [False, True])
def test_a_long_series_with_many_slow_columns_is_fitted_in_little_memory(gaps):
    """Ten minutes of film have hundreds of slow columns: beside them no more is held than twice their size."""
    frames, bends = 12_000, 240
    phase = np.linspace(0.0, 400.0, frames)
    slow = np.cos(np.pi * np.outer(np.linspace(0.0, 1.0, frames), np.arange(bends)))
    values = np.column_stack([np.cos(phase - 0.3), 2.0 * np.sin(phase)]) + 5.0 * slow[:, 7:8]
    if gaps:
        values[::9, 1] = np.nan
    tracemalloc.start()
    fit = fit_series(phase, values, 2, slow=slow)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * slow.nbytes + 50e6
    assert np.abs(fit.phasors[0] - [np.exp(0.3j), 2.0j]).max() < 1e-6
    assert np.abs(fit.slow[7] - 5.0).max() < 1e-6


@pytest.mark.parametrize("gaps", [False, True])
def test_slow_columns_that_are_made_when_needed_or_mostly_zero_fit_as_whole_ones_do(gaps):
    """Half an hour of film is fitted with columns that are never held whole; the numbers are those of the columns."""
    frames = 960
    phase, unit = np.linspace(0.0, 60.0, frames), np.linspace(0.0, 1.0, frames)
    rng = np.random.default_rng(3)
    values = np.column_stack([np.cos(phase), unit**2, np.sin(phase)]) + 0.1 * rng.standard_normal((frames, 3))
    if gaps:
        values[100:140, 1:] = np.nan
    for slow, whole in (
        (spline(unit, 12), spline(unit, 12).toarray()),
        (HalfWaves(unit, 14), np.cos(np.pi * np.outer(unit, np.arange(14)))),
    ):
        for clock in (phase, None):
            fit, told = (fit_series(clock, values, 3, slow=one, robust=2) for one in (slow, whole))
            for name in ("slow", "phasors", "rest", "weights", "covariance"):
                assert getattr(fit, name) == pytest.approx(getattr(told, name), rel=1e-6, abs=1e-9, nan_ok=True)


def test_a_spline_over_half_an_hour_is_fitted_in_the_memory_of_its_values():
    frames = 40_000
    phase = np.linspace(0.0, 5000.0, frames)
    values = np.column_stack([np.cos(phase), np.sin(phase)]) + np.linspace(0.0, 3.0, frames)[:, None]
    tracemalloc.start()
    fit = fit_series(phase, values, 2, slow=spline(np.linspace(0.0, 1.0, frames), 400))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # its columns alone are 129 MB
    assert np.abs(fit.phasors[0] - [1.0, 1.0j]).max() < 1e-6
