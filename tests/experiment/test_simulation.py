"""Whole experiments, hundreds of them: false alarms, coverage and power (science.md section 9, oracle 12)."""

import pytest

from headway.experiments.power import StepNoise, pairs_needed, power

from .simulated import World, many

FALSE_ALARMS = 0.072  # 0.05 + 2 sqrt(0.05 0.95 / 400)


@pytest.mark.parametrize("rho", [0.3, 0.6])
def test_without_an_effect_pairs_hardly_ever_change(rho: float):
    changed, covers, none = many(World(rho=rho, drift=0.02), "pairs", 400, seed=1)
    assert changed <= FALSE_ALARMS
    assert 0.93 <= covers <= 0.975
    assert none >= 0.85


@pytest.mark.parametrize("rho", [0.3, 0.6])
def test_without_an_effect_one_aba_hardly_ever_changes(rho: float):
    changed, covers, _ = many(World(rho=rho, drift=0.02), "aba", 400, seed=2, size=1)
    assert changed <= 0.02
    assert 0.93 <= covers <= 0.975


def test_a_change_from_block_to_block_is_no_effect():
    world = World(drift=0.02, between=0.02)
    assert many(world, "aba", 400, seed=3, size=1)[0] <= 0.05
    changed, covers, _ = many(world, "aba", 400, seed=4, size=3)
    assert changed <= FALSE_ALARMS
    assert covers >= 0.93
    assert many(world, "pairs", 400, seed=5)[0] <= FALSE_ALARMS


def test_the_plan_keeps_its_promise():
    for between in (0.01, 0.02):
        noise = StepNoise(0.02, 0.3, between, "")
        size = round(0.03 / noise.pair(30), 2)
        count = pairs_needed(size)
        assert count is not None
        found, covers, _ = many(World(effect=0.03, between=between), "pairs", 300, seed=6, size=count)
        assert power(size, count) >= 0.8
        assert found == pytest.approx(power(size, count), abs=0.10)
        assert 0.92 <= covers <= 0.98


def test_a_large_and_a_small_effect_are_found_by_six_pairs():
    found, covers, _ = many(World(effect=-0.40, cv=0.08, drift=0.02), "pairs", 200, seed=7)
    assert found >= 0.95 and covers >= 0.92
    found, covers, _ = many(World(effect=-0.02, cv=0.02), "pairs", 200, seed=8)
    assert found >= 0.80 and covers >= 0.92


def test_five_pairs_cannot_test():
    changed, _, _ = many(World(effect=-0.40), "pairs", 20, size=5)
    assert changed == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.3, 0.45, 0.6])
@pytest.mark.parametrize("between", [0.0, 0.005, 0.02])
@pytest.mark.parametrize(("design", "size"), [("pairs", 6), ("pairs", 10), ("aba", 1), ("aba", 3)])
def test_false_alarms_in_all_worlds(rho: float, between: float, design: str, size: int):
    for drift in (0.0, 0.03):
        changed, covers, _ = many(World(rho=rho, between=between, drift=drift), design, 2000, seed=9, size=size)
        assert changed <= 0.06
        if size > 1 or between == 0.0:
            assert 0.93 <= covers <= 0.975
