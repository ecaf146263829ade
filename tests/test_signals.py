import numpy as np
import pytest
from scipy.signal import freqz_sos

from headway.signals import bridge_gaps, derivative, low_pass, runs, second_derivative

RATE = 200.0
TIME = np.arange(0, 4, 1 / RATE)


@pytest.mark.parametrize("frequency", [1.4, 2.8, 8.0, 12.0])
def test_derivatives_of_a_sine(frequency):
    omega = 2 * np.pi * frequency
    wave = np.sin(omega * TIME)
    inner = slice(5, -5)
    assert derivative(wave, RATE)[inner] == pytest.approx((omega * np.cos(omega * TIME))[inner], abs=2e-4 * omega)
    assert second_derivative(wave, RATE)[inner] == pytest.approx((-(omega**2) * wave)[inner], abs=2e-4 * omega**2)


def test_derivatives_of_a_parabola_are_exact_up_to_the_ends():
    path = 0.5 * -9.80665 * TIME**2 + 3 * TIME
    assert derivative(path, RATE)[1:-1] == pytest.approx((3 - 9.80665 * TIME)[1:-1], abs=1e-9)
    assert second_derivative(path, RATE) == pytest.approx(np.full(len(TIME), -9.80665), abs=1e-6)


def test_cutoff_is_where_both_passes_lose_three_decibel():
    cutoff = 12.0
    time = np.arange(0, 20, 1 / RATE)
    wave = np.sin(2 * np.pi * cutoff * time)
    passed = low_pass(wave, RATE, cutoff)[1000:-1000]
    assert np.ptp(passed) / 2 == pytest.approx(1 / np.sqrt(2), rel=0.03)


def test_filter_has_no_lag_and_keeps_steps_rate_motion():
    wave = np.cos(2 * np.pi * 2.8 * TIME)
    passed = low_pass(wave, RATE, 12.0)
    middle = slice(100, -100)
    assert passed[middle] == pytest.approx(wave[middle], abs=0.006)


def test_a_long_gap_stays_a_gap_and_a_short_one_is_bridged():
    wave = np.sin(2 * np.pi * 1.4 * TIME)
    holed = wave.copy()
    holed[300:310] = np.nan  # 50 ms
    holed[500:560] = np.nan  # 300 ms
    passed = low_pass(holed, RATE, 12.0)
    assert passed[300:310] == pytest.approx(wave[300:310], abs=0.01)
    assert np.isnan(passed[500:560]).all()
    assert np.isfinite(np.delete(passed, np.s_[500:560])).all()


def test_a_gap_in_one_channel_leaves_the_others_alone():
    both = np.column_stack([np.sin(TIME), np.sin(TIME)])
    both[100:200, 1] = np.nan
    passed = low_pass(both, RATE, 12.0)
    assert passed[:, 0] == pytest.approx(low_pass(np.sin(TIME), RATE, 12.0), abs=1e-12)


def test_bridging_never_reaches_over_the_ends():
    values = np.r_[np.nan, np.nan, np.arange(10.0), np.nan]
    assert np.isnan(bridge_gaps(values, 20)[[0, 1, -1]]).all()


def test_runs():
    assert runs(np.array([1, 1, 0, 0, 1], bool)) == [(0, 2), (4, 5)]
    assert runs(np.zeros(3, bool)) == []


def test_noise_of_the_second_derivative_stays_within_the_published_leak():
    # white noise of 1 mm, ideal low-pass: (2 pi)^2 s sqrt(2 fc^5 / 5 fr); a Butterworth leaks 1.5 to 2.05 times that
    rng = np.random.default_rng(0)
    rate, cutoff, sigma = 200.0, 12.0, 0.001
    noise = second_derivative(low_pass(rng.normal(0, sigma, 200_000), rate, cutoff), rate)
    ideal = (2 * np.pi) ** 2 * sigma * np.sqrt(2 * cutoff**5 / (5 * rate))
    assert 1.4 < noise.std() / ideal < 2.1


def test_single_pass_design_is_second_order():
    from scipy.signal import butter

    _, response = freqz_sos(butter(2, 12.0 / 0.802, fs=RATE, output="sos"), worN=[12.0], fs=RATE)
    assert abs(response[0]) ** 2 == pytest.approx(1 / np.sqrt(2), rel=0.02)
