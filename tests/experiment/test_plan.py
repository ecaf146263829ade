import re
from itertools import pairwise
from pathlib import Path

import pytest

from headway.errors import HeadwayError, OptionError, RecordingError
from headway.experiments.commands import plan_lines
from headway.experiments.plan import coin_order, conditions, make_plan
from headway.experiments.plan_options import PlanOptions
from headway.experiments.power import BETWEEN, noise_of, pairs_needed, power
from headway.experiments.read_protocol import load_protocol


def test_the_coin_is_fair_and_seeded():
    assert coin_order(8, 3) == coin_order(8, 3)
    tosses = [toss for seed in range(500) for toss in coin_order(6, seed)]
    assert sum(tosses) / len(tosses) == pytest.approx(0.5, abs=0.03)
    assert all(len(set(coin_order(6, seed))) == 2 for seed in range(200))


def test_every_pair_has_both_conditions():
    order = conditions("pairs", 6, 1, "held", sham=True)
    for j in range(1, 7):
        assert sorted(c for c, pair in order if pair == j) == ["free", "held", "sham"]
    assert [c for c, _ in conditions("free-held-free", 0, 0, "held")] == ["free", "held", "free"]


def test_smaller_changes_and_shorter_blocks_need_more_pairs():
    need = [make_plan(PlanOptions(change=c)).needs[0][1] for c in (4.0, 2.0, 1.5)]
    assert need == sorted(need, key=lambda k: k or 99) and need[0] == 6 and (need[2] or 99) > 8
    plan = make_plan(PlanOptions(change=2.0))
    assert [k or 99 for _, k in plan.needs] == sorted((k or 99 for _, k in plan.needs), reverse=True)
    assert plan.promised is not None and plan.promised >= 0.8


def test_power_is_that_of_the_exact_test():
    assert power(0.0, 6) == pytest.approx(2 / 64, abs=0.008)
    assert power(5.0, 6) == 1.0
    assert power(5.0, 5) == 0.0
    assert power(0.9, 10) < power(0.9, 11) < power(0.9, 12)  # the simulated and the computed part meet
    assert pairs_needed(3.0) == 6 and pairs_needed(0.05) is None


def test_default_noise_is_said_to_be_others():
    noise = noise_of("contact_time", [])
    assert noise.cv == 0.02 and "other runners" in noise.source
    assert noise.between == pytest.approx(BETWEEN * 0.02 / 16.15**0.5, rel=1e-3)
    with pytest.raises(OptionError, match="--free"):
        noise_of("head_bob", [])


def test_the_plan_is_written_and_its_protocol_is_valid(tmp_path: Path):
    schedule = make_plan(PlanOptions(seed=7, sham=True))
    folder = schedule.save(tmp_path / "plan")
    (folder / "run.c3d").write_text("")
    protocol = load_protocol(folder / "protocol.toml")
    assert [b.condition for b in protocol.block] == [slot.condition for slot in schedule.slots]
    assert protocol.design.seed == 7 and protocol.design.randomised
    card = (folder / "card.html").read_text()
    assert not re.search(r"(src|href)=.http|url\(", card)
    assert card.count('class="tick"') == 4 * len(schedule.slots)
    assert "Keep your head still" in (folder / "cues.txt").read_text()
    assert any("4 of 5" in line for line in plan_lines(schedule, folder))
    with pytest.raises(HeadwayError, match="exists"):
        schedule.save(folder)


def test_blocks_lie_a_washout_apart(tmp_path: Path):
    schedule = make_plan(PlanOptions(seed=7))
    folder = schedule.save(tmp_path / "plan")
    gaps = {b.start - a.stop for a, b in pairwise(schedule.slots)}
    assert gaps == {50.0}  # sixty less the ten that settle drops
    cues = (folder / "cues.txt").read_text()
    assert "60 s" in cues
    blocks = sum("[[block]]" in line for line in (folder / "protocol.toml").read_text().splitlines())
    assert cues.count("until the next cue") == blocks - 1, "a runner is told when a block ends"
    (folder / "run.c3d").write_text("")
    path = folder / "protocol.toml"
    assert load_protocol(path).design.washout == 60
    path.write_text(path.read_text().replace("washout = 60", "washout = 90"))
    with pytest.raises(RecordingError, match=r"block 2, start: begins 50 s after the block before"):
        load_protocol(path)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"change": 0.0}, "--change"),
        ({"pairs": 99}, "--pairs"),
        ({"test": "free"}, "--test"),
        ({"seconds": 12.0}, "--seconds"),
        ({"metric": "contact_tim"}, "--metric"),
    ],
)
def test_bad_options(options: dict, told: str):
    with pytest.raises(OptionError, match=told):
        make_plan(PlanOptions(**options))
