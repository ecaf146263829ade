import numpy as np
import pytest

from headway.statistics import SIZES, Estimate, Prior, components, estimate, per_step, prior_of, without

ALTERNATING = np.where(np.arange(80) % 2 == 0, 1.0, -1.0)


def _estimate(kind, values, side, prior=None):
    return estimate(kind, components(kind, values, side), side, prior)


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


def test_an_interval_without_prior_or_correlation_is_students():
    side = ALTERNATING[:8]
    values = np.array([1.0, 4.0, 2.0, 4.5, 1.5, 5.0, 1.2, 3.9])
    found = _estimate("mean", values, side, Prior(0.0, 1e-3))
    inner = np.concatenate([values[::2] - values[::2].mean(), values[1::2] - values[1::2].mean()])
    # residuals of two means of four, six degrees of freedom
    half = 2.4469 * np.sqrt(inner @ inner / 6 / 8)
    assert found.ci95[1] - found.value == pytest.approx(half, rel=1e-3)


def test_equal_strides_by_chance_do_not_make_an_absurdly_narrow_interval():
    """Three strides of 0.2036 to 0.2040 rad: other runners' strides differ by 0.014 rad."""
    values, side = np.array([0.2036, 0.2038, 0.2040]), np.array([1.0, -1.0, 1.0])
    prior = prior_of("pelvic_list_range", "mean", "rad")
    found = _estimate("mean", values, side, prior)
    assert prior.scale == pytest.approx(0.014, abs=0.004)
    assert 0.5 * prior.scale < found.ci95[1] - found.value < 3 * prior.scale
    assert found.known > 0.5 and "other runners" in found.source


def test_many_steps_outweigh_what_is_known_beforehand():
    values = 1 + 0.1 * np.random.default_rng(0).standard_normal(80)
    halves = [
        (found.ci95[1] - found.ci95[0]) / 2
        for scale in (0.05, 0.2)
        for found in [_estimate("mean", values, ALTERNATING, Prior(0.0, 0.1, scale, 5.0))]
    ]
    assert halves[0] == pytest.approx(halves[1], rel=0.15)
    assert _estimate("mean", values, ALTERNATING, Prior(0.0, 0.1, 0.1, 5.0)).known < 0.07


def test_an_angle_of_noise_alone_is_anywhere():
    noise = np.random.default_rng(3).standard_normal((2, 12))
    found = _estimate("phase", noise[0] + 1j * noise[1], ALTERNATING[:12])
    assert found.ci95[1] - found.ci95[0] == pytest.approx(2 * np.pi)
    assert _estimate("amplitude", noise[0] + 1j * noise[1], ALTERNATING[:12]).ci95[0] == 0.0


def test_long_runs_are_averaged_in_batches_and_see_slow_changes():
    """A slow wave makes the interval wider than independent strides would have it."""
    rng, side = np.random.default_rng(5), np.where(np.arange(3000) % 2, 1.0, -1.0)
    white = rng.standard_normal(3000)
    wave = white + np.sin(np.arange(3000) / 150.0)
    halves = [(f.ci95[1] - f.ci95[0]) / 2 for f in (_estimate("mean", v, side) for v in (white, wave))]
    assert halves[0] == pytest.approx(2 / np.sqrt(3000), rel=0.3)
    assert halves[1] > 2 * halves[0]


def test_missing_knowledge_falls_back_on_metrics_of_the_same_kind():
    assert "of this kind" in prior_of("head_over_foot_error", "mean", "m").source
    assert prior_of("a", "mean", "parsec").scale is None
    assert prior_of("a", "lag", "s") is None
    # a range is the mean of the steps' with markers, and that of the mean stride in films
    assert prior_of("pelvic_list_range", "range", "rad") is None


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
    side, hits = ALTERNATING[:n], 0
    for _ in range(300):
        halves = rng.normal(size=n + 1) + 1j * rng.normal(size=n + 1)
        strides = 5 + 0.3 * (halves[1:] + halves[:-1])
        found = estimate("amplitude", components("amplitude", strides, side), side)
        hits += found.ci95[0] < 5 < found.ci95[1]
    assert hits / 300 > 0.92


def test_a_fixed_error_widens_in_quadrature_and_stays_within_the_bounds_of_the_kind():
    found = Estimate("gain", 0.5, (0.3, 0.3), 20, None, None)
    wide = found.widened(0.4 / 1.96)
    assert wide.ci95 == (pytest.approx(0.0), pytest.approx(1.0))
    assert found.widened(1.0).ci95[0] == 0.0
    assert Estimate("gain", 0.5, None, 1, None, None).widened(1.0).ci95 is None


@pytest.mark.parametrize("kind", ["mean", "amplitude", "range", "gain", "phase", "lag"])
def test_a_bias_is_undone_in_the_estimate_and_in_each_step(kind):
    random = np.random.default_rng(0)
    side = ALTERNATING[:10]
    waves = (0.02 + 0.002 * random.standard_normal((10, 2))) * np.exp(0.4j)
    turning = np.full(10, 9.0)
    values = {
        "mean": np.abs(waves[:, 0]), "amplitude": waves[:, 0], "phase": waves[:, 0], "range": waves,
        "gain": (waves[:, 0], np.ones(10) + 0j), "lag": (waves[:, 0], np.ones(10) + 0j, turning),
    }[kind]  # fmt: skip
    before, after = (_estimate(kind, each, side).value for each in (values, without(kind, values, 0.01)))
    assert after == pytest.approx(before / 1.01 if kind in SIZES else before - 0.01)
    steps = per_step(kind, without(kind, values, 0.01), side)
    assert np.nanmean(steps) == pytest.approx(after, rel=0.05)


def test_only_a_share_of_the_steps_own_interval_may_count():
    found = Estimate("mean", 1.0, (0.4, 0.4), 8, None, None)
    assert found.widened(0.0, 0.5).reach == pytest.approx((0.2, 0.2))
    assert found.widened(0.1, 0.5).reach == pytest.approx((np.hypot(0.2, 0.196),) * 2)
