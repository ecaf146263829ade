"""Known answers."""

import numpy as np
import pytest
from scipy.signal import lfilter

from headway.experiments import noise
from headway.experiments.designs import alternating, pairs
from headway.experiments.manipulation import Check
from headway.experiments.slope import slope
from headway.experiments.statistics import (
    BlockMean,
    Effect,
    benjamini_hochberg,
    minimal_detectable_change,
    paired,
    sign_flip,
)
from headway.experiments.verdict import Verdict, decide


def block(value: float, time: float, variance: float = 1e-4) -> BlockMean:
    return BlockMean(value, variance, 6.0, time, 30)


def test_sign_flip_counts_the_flips():
    assert sign_flip(np.array([1.0, 2, 3, 4, 5, 6])) == 2 / 64
    assert sign_flip(np.array([1.0, 1, 1, 1, 1])) == 2 / 32
    # |sum| 9 of 1, 2, 3, 4, -1: by hand 8 of 32 flips reach 9
    flips = [
        sum(s * v for s, v in zip(signs, (1, 2, 3, 4, 1), strict=True))
        for signs in np.ndindex(2, 2, 2, 2, 2)
        for signs in [tuple(1 - 2 * s for s in signs)]
    ]
    assert sign_flip(np.array([1.0, 2, 3, 4, -1])) == sum(abs(f) >= 9 for f in flips) / 32
    assert sign_flip(np.zeros(6)) == 1.0


def test_sign_flip_of_many_pairs_is_drawn_and_close():
    rng = np.random.default_rng(1)
    d = rng.standard_normal(18) + 0.4
    exact = float(np.mean([abs((d * s).sum()) >= abs(d.sum()) for s in rng.choice([-1.0, 1.0], (200_000, 18))]))
    assert sign_flip(d) == pytest.approx(exact, abs=0.01)


def test_sign_flip_holds_its_size_exactly():
    rng = np.random.default_rng(2)
    p = sign_flip(rng.standard_normal((20_000, 6)))
    assert np.mean(p <= 0.05) == pytest.approx(2 / 64, abs=0.004)
    assert np.mean(p <= 0.10) == pytest.approx(6 / 64, abs=0.007)


def test_benjamini_hochberg_against_the_paper():
    # Benjamini and Hochberg 1995, section 3.2: four of fifteen are found at 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert sum(q <= 0.05 for q in benjamini_hochberg(p)) == 4
    assert benjamini_hochberg([]) == []


def test_effect_is_held_minus_the_mean_of_the_frees():
    effect = alternating([block(10.0, 1), block(12.0, 3)], [block(15.0, 2)])
    assert effect.change == 4.0
    assert effect.drift == 2.0
    assert effect.reversed is False  # 2 is not less than half of 4
    # t of one degree of freedom is 12.706; SEM = 2 / sqrt(2)
    assert effect.mdc95 == pytest.approx(12.706 * np.sqrt(2) * np.sqrt(2), rel=1e-4)
    assert effect.p is None


def test_alternating_blocks_take_a_steady_drift_out():
    times = np.arange(7.0)
    values = 10 + 0.5 * times + 2.0 * (times % 2)
    blocks = [block(v, t) for v, t in zip(values, times, strict=True)]
    effect = alternating(blocks[::2], blocks[1::2])
    assert effect.change == pytest.approx(2.0, abs=1e-9)
    assert effect.by_blocks and effect.half < 1e-9


def test_pairs_are_symmetric_in_sign():
    rng = np.random.default_rng(3)
    free, held = ([block(v, k) for k, v in enumerate(rng.standard_normal(8) + 5)] for _ in range(2))
    one, other = pairs(free, held, randomised=True), pairs(held, free, randomised=True)
    assert one.change == pytest.approx(-other.change)
    assert one.p == other.p
    assert one.ci95 is not None and other.ci95 is not None
    assert one.ci95[0] == pytest.approx(-other.ci95[1])
    assert pairs(free, held, randomised=False).p is None


def test_paired_interval_is_students():
    change, half = paired(np.zeros(6), np.array([1.0, 2, 3, 4, 5, 6]))
    assert change == 3.5
    assert half == pytest.approx(2.5706 * np.sqrt(3.5) / np.sqrt(6), rel=1e-4)


def test_minimal_detectable_change_of_few_blocks_is_large():
    many = np.random.default_rng(0).standard_normal((4000, 30))
    assert np.median(minimal_detectable_change(many)) == pytest.approx(2.045 * np.sqrt(2), rel=0.03)
    assert minimal_detectable_change(np.array([1.0, 1.0]), within=0.01) == pytest.approx(
        12.706 * np.sqrt(2) * 0.1, rel=1e-4
    )


def autoregressive(rho: float, count: int, n: int, seed: int = 0) -> np.ndarray:
    fresh = np.random.default_rng(seed).standard_normal((count, n + 80))
    return lfilter([np.sqrt(1 - rho**2)], [1, -rho], fresh, axis=1)[:, 80:]


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("n", [30, 100])
def test_variance_of_a_block_mean_is_right_for_correlated_steps(rho: float, n: int):
    series = autoregressive(rho, 4000, n)
    residual = series - series.mean(1, keepdims=True)
    found = noise.mean_variance(residual, rho).mean()
    assert found == pytest.approx(series.mean(1).var(), rel=0.08)


def test_correlation_is_unbiased_in_short_blocks():
    for rho in (0.3, 0.6):
        series = autoregressive(rho, 4000, 30)
        sums = noise.lag_sums(series - series.mean(1, keepdims=True))
        assert noise.correlation(sums[0].sum(), sums[1].sum(), 30) == pytest.approx(rho, abs=0.03)


def test_effective_steps():
    assert noise.effective(30, 0.3) == pytest.approx(16.15, abs=0.01)
    assert noise.effective(30, 0.0) == 30


def test_sides_do_not_look_like_a_rhythm():
    side = np.where(np.arange(40) % 2, 1.0, -1.0)
    values = np.append(autoregressive(0.3, 1, 40)[0] + 5 * side, np.nan)
    residual = noise.centred(values, np.append(side, 1.0))
    assert len(residual) == 40
    assert np.std(residual) < 2


def test_slope_needs_three_speeds():
    speed = np.array([2.0, 3.0, 4.0, 5.0])
    found = slope(speed, 0.01 + 0.004 * speed)
    assert found is not None
    assert found.slope == pytest.approx(0.004) and found.speeds == 4
    assert slope(np.array([3.0, 3.0, 3.03, 4.0]), np.ones(4)) is None  # 3 and 3.03 are one speed
    assert slope(np.array([3.0, np.nan, 4.0, 5.0]), np.ones(4)) is not None


def test_slope_intervals_hold_the_truth():
    rng = np.random.default_rng(4)
    speed = np.array([2.0, 3.0, 4.0, 5.0])
    found = [slope(speed, 0.003 * speed + 0.002 * rng.standard_normal(4)) for _ in range(1000)]
    assert np.mean([f is not None and f.ci95[0] <= 0.003 <= f.ci95[1] for f in found]) == pytest.approx(0.95, abs=0.02)


ORDER = (True, True, False, False, True, True, False, True, True, False, False, False)
"""Whether the held block comes first."""


def crossed(effect: float, after: float) -> Effect:
    """Twelve pairs; a held block leaves ``after`` in the block that follows it."""
    rng, blocks = np.random.default_rng(6), []
    held_before = False
    for first in ORDER:
        for held in (first, not first):
            value = 1.0 + effect * held + after * held_before + 0.002 * rng.standard_normal()
            blocks.append((held, block(value, float(len(blocks)))))
            held_before = held
    free, held = ([b for is_held, b in blocks if is_held is kind] for kind in (False, True))
    return pairs(free, held, randomised=True)


def judged(effect: Effect, *, washed_out: bool) -> Verdict:
    done = Check(-1, "held", "performed", 0.5, "done")
    options = {"design": "pairs", "randomised": True, "check": done, "smallest": 0.03, "free_blocks": 12}
    return decide(effect, washed_out=washed_out, **options)


def test_carry_over_is_told_apart_from_the_change():
    effect = crossed(0.03, 0.015)
    assert effect.carry is not None and effect.carry.found
    assert effect.carry.size == pytest.approx(0.015, abs=0.004)
    assert effect.carry.without == pytest.approx(0.03, abs=0.004)
    assert effect.change < 0.027  # carry-over hides a part
    verdict = judged(effect, washed_out=False)
    assert verdict.word == "changed" and "behind in the next one" in verdict.why


def test_an_after_effect_alone_is_said_to_be_one():
    effect = crossed(0.0, 0.03)
    assert effect.p is not None and effect.p <= 0.05  # held looks lower than free
    for washed_out in (False, True):
        verdict = judged(effect, washed_out=washed_out)
        assert verdict.word == "cannot tell" and "carry-over" in verdict.why and "60 s" in verdict.would


def test_a_change_that_carry_over_hides_is_not_called_none():
    """The whole change stays for the next block: half of it is left in the pairs."""
    verdict = judged(crossed(0.02, 0.02), washed_out=False)
    assert verdict.word != "no change larger than your own noise"
