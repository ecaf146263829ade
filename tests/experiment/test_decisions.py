"""Checks and decisions on made blocks: no recording, known numbers."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from headway.experiments.blocks import MeasuredBlock, hands_share
from headway.experiments.contrasts import Contrast, sham_contrast
from headway.experiments.manipulation import check_blocks, overall
from headway.experiments.protocol import Block, DesignPlan, Protocol
from headway.experiments.result import ExperimentSummary
from headway.experiments.statistics import BlockMean
from headway.experiments.summary import summarise
from headway.metrics import REGISTRY
from headway.report.experiment import render_experiment
from headway.results import Measured

LOAD = "peak_vertical_grf"


def made(
    k: int, condition: str, speed: float = 3.5, pair: int | None = None, hands: float | None = None, **values: float
) -> MeasuredBlock:
    metrics = dict.fromkeys(REGISTRY, Measured(value=0.0, unit="", ci95=None, n=0))
    summary = SimpleNamespace(
        metrics=metrics,
        quality=[],
        recording=SimpleNamespace(treadmill=True, speed=speed),
        events=SimpleNamespace(threshold=20.0),
    )
    steps = pd.DataFrame({"side": ["left", "right"] * 20})
    analysis: Any = SimpleNamespace(summary=summary, steps=steps)
    means = {name: BlockMean(value, (0.003 * value) ** 2, 5.0, float(k), 40) for name, value in values.items()}
    block = Block(recording="run.c3d", condition=condition, order=k + 1, pair=pair)  # pyright: ignore[reportArgumentType]
    return MeasuredBlock(k, block, analysis, speed, hands, means)


def protocol(
    blocks: list[MeasuredBlock], kind: str = "free-held-free", primary: str = "contact_time", **design: Any
) -> Protocol:
    plan = DesignPlan(kind=kind, primary=primary, secondary=["step_width"], **design)  # pyright: ignore[reportArgumentType]
    return Protocol(plan, [one.block for one in blocks])


def test_lean_and_keep():
    blocks = [
        made(0, "baseline", body_lean=0.10),
        made(1, "lean", body_lean=0.14),
        made(2, "keep", body_lean=0.145),
        made(3, "lean", body_lean=0.1001),
    ]
    assert [check.status for check in check_blocks(blocks)] == [
        "nothing to check",
        "performed",
        "performed",
        "not performed",
    ]


def test_lean_falls_back_on_the_trunk_and_then_cannot_be_checked():
    assert check_blocks([made(0, "baseline", trunk_lean=0.1), made(1, "lean", trunk_lean=0.2)])[1].text.startswith(
        "trunk"
    )
    assert check_blocks([made(0, "baseline"), made(1, "lean")])[1].status == "cannot check"


def test_hands():
    blocks = [
        made(0, "hands_on_hips", hands=0.85),
        made(1, "hands_on_hips", hands=0.75),
        made(2, "hands_off", hands=0.1),
    ]
    assert [check.status for check in check_blocks(blocks)] == ["performed", "not performed", "performed"]
    assert check_blocks([made(0, "hands_on_hips")])[0].status == "cannot check"


def test_share_of_the_time_with_hands_on_the_hips():
    hip = np.zeros((100, 3))
    near, far = hip + np.array([0.0, 0.25, 0.0]), hip + np.array([0.0, 0.30, 0.0])
    right = np.where(np.arange(100)[:, None] < 80, near, far)
    points = {"hip_left": hip, "hip_right": hip, "wrist_left": near, "wrist_right": right}
    motion = SimpleNamespace(has=lambda *names: set(names) <= set(points), position=points.__getitem__)
    trial: Any = SimpleNamespace(
        motion=motion, runner=SimpleNamespace(height=1.75), leg_length=0.93, seen_axes=[0, 1, 2]
    )
    assert hands_share(trial) == 0.8  # 0.15 of 1.75 m is 0.2625 m
    points.pop("wrist_left")
    assert hands_share(trial) is None


def test_a_held_block_that_failed_stays_in_and_is_named():
    bounce = [0.02, 0.009, 0.02, 0.018, 0.02, 0.008]
    blocks = [made(k, "held" if k % 2 else "free", lateral_bounce_amplitude=b) for k, b in enumerate(bounce)]
    check = overall(check_blocks(blocks), "held")
    assert check.status == "performed" and "not done in block 4" in check.text
    assert check.value == pytest.approx((0.55 + 0.1 + 0.6) / 3)


def test_without_the_head_it_cannot_be_checked_but_is_decided():
    blocks = [made(k, "held" if k == 1 else "free", contact_time=0.2, step_width=0.05) for k in range(3)]
    found = summarise(protocol(blocks), blocks)
    assert found.performed.status == "cannot check"
    assert found.verdict.word == "no change larger than your own noise"


def experiment(held: float, speed: float, *extra: MeasuredBlock) -> ExperimentSummary:
    blocks = [
        made(0, "free", lateral_bounce_amplitude=0.02, peak_vertical_grf=2.50, step_width=0.05),
        made(1, "held", speed, lateral_bounce_amplitude=0.01, peak_vertical_grf=held, step_width=0.05),
        made(2, "free", lateral_bounce_amplitude=0.02, peak_vertical_grf=2.501, step_width=0.05),
        *extra,
    ]
    return summarise(protocol(blocks, primary=LOAD), blocks)


def test_speed_within_two_per_cent_is_compared_and_beyond_is_refused():
    assert experiment(2.50, 3.5 * 1.02).primary.refused is False
    assert experiment(2.50, 3.5 * 1.021).primary.refused is True
    assert "Not compared." in page(experiment(2.50, 3.5 * 1.021))
    assert experiment(2.50, float("nan")).verdict.word == "cannot tell"


def test_own_slope_lifts_the_refusal_and_takes_the_speed_out():
    series = [made(k, "speed", v, peak_vertical_grf=2.5 + 0.3 * (v - 3.5)) for k, v in ((3, 3.0), (4, 4.0), (5, 4.5))]
    found = experiment(2.5 + 0.3 * 0.175, 3.5 * 1.05, *series)
    effect = found.primary.effect
    assert effect.adjusted and effect.change == pytest.approx(0.0, abs=0.002)
    assert found.verdict.word == "no change larger than your own noise"
    slope = next(row for row in found.slopes if row.name == LOAD)
    assert slope.slope == pytest.approx(0.3, abs=0.002) and slope.speeds == 4


def page(found: ExperimentSummary) -> str:
    """The report of a summary without pictures of the body."""
    steps = pd.DataFrame({"block": [1], "contact_time": [0.2]})
    analyses = tuple(SimpleNamespace(waveforms=xr.Dataset(), summary=SimpleNamespace(body=None)) for _ in found.blocks)
    made_up: Any = SimpleNamespace(summary=found, steps=steps, analyses=analyses)
    return render_experiment(made_up)


def paired(randomised: bool, count: int = 6, effect: float = 0.02) -> ExperimentSummary:
    blocks = []
    for j in range(count):
        for k, condition in enumerate(("free", "held") if j % 2 else ("held", "free")):
            value = 0.2 + 0.0004 * j + (effect if condition == "held" else 0.0) + 0.0001 * ((3 * j + k) % 5)
            bounce = 0.01 if condition == "held" else 0.02
            blocks.append(
                made(
                    2 * j + k,
                    condition,
                    pair=j + 1,
                    contact_time=value,
                    lateral_bounce_amplitude=bounce,
                    step_width=0.05,
                )
            )
    return summarise(protocol(blocks, "pairs", randomised=randomised), blocks)


def test_pairs_are_tested_only_when_the_order_was_drawn():
    found = paired(True)
    assert (found.verdict.word, found.verdict.strength) == ("changed", "tested")
    assert found.primary.effect.p == pytest.approx(2 / 64)
    assert "Changed</h2>" in page(found) and "0.031" in page(found)
    assert found.secondary[0].q == 1.0
    assert paired(False).verdict.word == "cannot tell" and "order" in paired(False).verdict.why
    five = paired(True, 5).verdict
    assert five.word == "cannot tell" and "6 can" in five.why


def test_the_sham_is_taken_off():
    blocks = [
        made(k, c, contact_time=v)
        for k, (c, v) in enumerate([("free", 0.2), ("held", 0.21), ("free", 0.2), ("sham", 0.206), ("free", 0.2)])
    ]
    found = sham_contrast(Contrast(protocol(blocks), blocks), "contact_time")
    assert found is not None
    assert found.effect.change == pytest.approx(0.006)
    assert found.beyond == pytest.approx(0.004)
    assert "beyond the sham the change is" in page(summarise(protocol(blocks), blocks))


def test_a_drill_is_described():
    leans = [("baseline", 0.1), ("lean", 0.2), ("keep", 0.2)]
    blocks = [made(k, c, body_lean=v, contact_time=0.2 + 0.01 * k) for k, (c, v) in enumerate(leans)]
    found = summarise(protocol(blocks, "drill"), blocks)
    assert found.verdict.word == "cannot tell"
    assert [row.condition for row in found.phases] == ["lean", "keep"]
    assert "Cannot tell</h2>" in page(found) and "contested" in page(found)


def test_what_a_file_says_cannot_break_the_page():
    blocks = [made(k, "held" if k == 1 else "free", contact_time=0.2) for k in range(3)]
    blocks[0].block.phase = "<script>alert(1)</script>"
    text = page(summarise(protocol(blocks), blocks))
    assert "<script" not in text and "&lt;script" in text


def test_a_speed_series_has_a_slope():
    blocks = [
        made(k, "speed", v, lateral_bounce_amplitude=0.01 + 0.003 * v) for k, v in enumerate((2.0, 3.0, 4.0, 5.0))
    ]
    found = summarise(protocol(blocks, "speed-series", "lateral_bounce_amplitude"), blocks)
    assert "+3\N{NARROW NO-BREAK SPACE}mm" in page(found)
    assert found.verdict.word == "changed"
    assert found.primary.effect is None
    assert found.slopes[0].slope == pytest.approx(0.003)


def test_what_is_beyond_the_sham_is_as_unsure_as_both_together():
    blocks = [
        made(k, c, contact_time=v)
        for k, (c, v) in enumerate([("free", 0.2), ("held", 0.21), ("free", 0.2), ("sham", 0.206), ("free", 0.2)])
    ]
    contrast = Contrast(protocol(blocks), blocks)
    found, own = sham_contrast(contrast, "contact_time"), contrast.effect("contact_time")
    assert found is not None and found.beyond_ci95 is not None and own is not None
    low, high = found.beyond_ci95
    assert (high - low) / 2 == pytest.approx(np.hypot(own.half, found.effect.half))
