import numpy as np
import pytest

from headway.statistics import MANY, Estimate, block_length, components, estimate, per_step, resampling

ALTERNATING = np.where(np.arange(80) % 2 == 0, 1.0, -1.0)


def _estimate(kind, values, side, seed=0):
    return estimate(kind, components(kind, values, side), side, resampling(len(side), seed=seed))


def test_mean_is_the_mean_of_the_side_means():
    side = np.array([1.0, 1.0, 1.0, -1.0])
    found = _estimate("mean", np.array([1.0, 1.0, 1.0, 3.0]), side)
    assert found.value == pytest.approx(2.0)
    assert (found.right, found.left) == (1.0, 3.0)


def test_ratio_is_the_ratio_of_sums():
    top, bottom = np.array([1.0, 0.0, 2.0]), np.array([1.0, 0.1, 2.9])
    found = _estimate("ratio", (top, bottom), np.array([1.0, -1.0, 1.0]))
    assert found.value == pytest.approx(3.0 / 4.0)


def test_missing_steps_do_not_count():
    values = np.array([1.0, np.nan, 3.0, np.nan])
    found = _estimate("mean", values, np.array([1.0, -1.0, -1.0, 1.0]))
    assert found.n == 2
    assert found.value == pytest.approx(2.0)
    assert np.isnan(per_step("mean", values, np.array([1.0, -1.0, -1.0, 1.0]))[1])


def test_one_step_has_no_interval_and_none_has_no_estimate():
    assert _estimate("mean", np.array([1.0]), np.array([1.0])).ci95 is None
    assert _estimate("mean", np.array([np.nan, np.nan]), np.array([1.0, -1.0])) is None


def test_phase_is_circular():
    phases = np.radians([178.0, -178.0, 179.0, -179.0])
    found = _estimate("phase", 0.02 * np.exp(1j * phases), np.array([1.0, -1.0, 1.0, -1.0]))
    assert abs(np.degrees(found.value)) == pytest.approx(180.0, abs=0.1)
    assert np.degrees(found.ci95[1] - found.ci95[0]) < 20


def test_locking_of_random_phases_is_small_and_of_equal_ones_is_one():
    rng = np.random.default_rng(0)
    random = np.exp(1j * rng.uniform(-np.pi, np.pi, 80))
    assert _estimate("locking", random, ALTERNATING).value < 0.3
    assert _estimate("locking", np.full(80, 0.3 + 0.1j), ALTERNATING).value == pytest.approx(1.0)


def test_lag_from_a_complex_ratio():
    omega = 2 * np.pi * 1.4
    early = np.full(80, 0.02 * np.exp(0.3j))
    late = 0.02 * np.exp(1j * (0.3 + omega * 0.025)) * np.ones(80)
    found = _estimate("lag", (np.conj(late) * early, np.abs(early) ** 2, np.full(80, omega)), ALTERNATING)
    assert found.value == pytest.approx(0.025, abs=1e-9)


def test_asymmetry_flips_with_the_sides():
    values = np.where(ALTERNATING > 0, 1.1, 1.0)
    assert _estimate("asymmetry", values, ALTERNATING).value == pytest.approx(200 * 0.1 / 2.1)
    assert _estimate("asymmetry", values, -ALTERNATING).value == pytest.approx(-200 * 0.1 / 2.1)


def test_shift_ratio_is_one_plus_mean_error_over_width():
    # R = 1 + (e_R + e_L) / SW with signed errors toward the stance side
    width, right, left = 0.08, -0.01, 0.02
    side = ALTERNATING
    position = np.where(side > 0, width / 2 + right, -width / 2 - left)
    found = _estimate("shift_ratio", (position, np.full(80, width)), side)
    assert found.value == pytest.approx(1 + (right + left) / width, abs=1e-12)


@pytest.mark.parametrize(("n", "rho", "least"), [(20, 0.0, 0.93), (40, 0.3, 0.93), (80, 0.3, 0.93), (80, 0.6, 0.90)])
def test_interval_covers_the_truth_under_serial_correlation(n, rho, least):
    rng = np.random.default_rng(1)
    hits, trials = 0, 300
    side = ALTERNATING[:n]
    drawn = resampling(n, resamples=400)
    for _ in range(trials):
        noise = rng.normal(size=n + 30)
        for k in range(1, n + 30):
            noise[k] += rho * noise[k - 1]
        found = estimate("mean", components("mean", noise[30:], side), side, drawn)
        hits += found.ci95[0] < 0 < found.ci95[1]
    assert hits / trials >= least


def test_blocks_are_even_and_leave_room():
    assert [block_length(n) for n in (1, 5, 8, 20, 40, 200)] == [1, 1, 2, 4, 10, 10]
    drawn = resampling(21, resamples=50)
    assert (drawn.steps.sum(1) == 21).all()
    assert (drawn.strides.sum(1) == 21).all()


def test_a_comparison_of_the_sides_needs_two_steps_of_each():
    side = np.array([1.0, -1.0, 1.0])
    found = _estimate("asymmetry", np.array([1.0, 1.2, 1.1]), side)
    assert found.ci95 is None
    assert _estimate("asymmetry", np.array([1.0, 1.2, 1.1, 1.3]), np.array([1.0, -1.0, 1.0, -1.0])).ci95 is not None


@pytest.mark.parametrize(("share", "n"), [(0.5, 10), (0.9, 10), (0.9, 30)])
def test_intervals_of_shares_cover_and_stay_inside(share, n):
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        found = _estimate("share", (rng.random(n) < share).astype(float), ALTERNATING[:n])
        assert 0 <= found.ci95[0] <= found.ci95[1] <= 1
        hits += found.ci95[0] <= share <= found.ci95[1]
    assert hits / 400 > 0.9


@pytest.mark.parametrize("n", [4, 5, 8, 20])
def test_overlapping_strides_do_not_make_the_interval_too_narrow(n):
    """Each stride shares half of its steps with the next one."""
    rng = np.random.default_rng(4)
    side, drawn, hits = ALTERNATING[:n], resampling(n, resamples=300), 0
    for _ in range(300):
        halves = rng.normal(size=n + 1) + 1j * rng.normal(size=n + 1)
        strides = 5 + 0.3 * (halves[1:] + halves[:-1])
        found = estimate("amplitude", components("amplitude", strides, side), side, drawn)
        hits += found.ci95[0] < 5 < found.ci95[1]
    assert hits / 300 > 0.9


def test_both_ways_to_an_interval_meet_where_one_takes_over(monkeypatch):
    """Overlapping strides: the bootstrap of 200 and the jackknife over their batches give the same width to a tenth."""
    rng = np.random.default_rng(5)
    side, drawn, ratios = np.resize([1.0, -1.0], MANY), resampling(MANY, resamples=400), []
    for _ in range(60):
        steps = rng.normal(size=MANY + 1)
        parts = components("amplitude", (20 + (steps[1:] + steps[:-1])) * np.exp(0.3j), side)
        monkeypatch.setattr("headway.statistics.MANY", MANY)
        blocks = estimate("amplitude", parts, side, drawn)
        monkeypatch.setattr("headway.statistics.MANY", MANY - 1)
        batches = estimate("amplitude", parts, side, None)
        ratios.append(blocks.reach[0] / batches.reach[0])
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.1)


def test_a_fixed_error_widens_in_quadrature_and_stays_within_the_bounds_of_the_kind():
    found = Estimate("gain", 0.5, (0.3, 0.3), 20, None, None)
    wide = found.widened(0.4 / 1.96)
    assert wide.ci95 == (pytest.approx(0.0), pytest.approx(1.0))
    assert found.widened(1.0).ci95[0] == 0.0
    assert Estimate("gain", 0.5, None, 1, None, None).widened(1.0).ci95 is None


def test_a_single_step_and_thousands_draw_no_resamples():
    assert resampling(1) is None
    assert resampling(MANY + 1) is None
