"""Real runners: halves of one trial do not differ, two runners do, and swapping flips every sign."""

from pathlib import Path

import numpy as np
import pytest

from headway import Options, analyze, compare, load
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner
from headway.validation.step_series import series_of

TRIALS = ("002runT35", "010runT25", "014runT45")


def halves(path: Path) -> tuple[int, int, list[str]]:
    """Intervals, those that hold zero, and what is called different."""
    recording = load(path)
    found = compare(
        analyze(recording, None, Options(stop=14.9)), analyze(recording, None, Options(start=15.0)), same_runner=True
    )
    rows = [row for row in found.summary.rows if row.ci95]
    holds = sum(row.ci95[0] <= 0 <= row.ci95[1] for row in rows)
    return len(rows), holds, [row.name for row in rows if row.verdict == "differs"]


def check(paths: list[Path], differing: int = 0) -> None:
    found = [halves(path) for path in paths]
    assert sum(holds for _, holds, _ in found) >= 0.9 * sum(count for count, _, _ in found)
    assert sum(len(names) for _, _, names in found) <= differing


def test_halves_of_a_trial_do_not_differ(data: Path):
    check([data / "rbds" / f"RBDS{name}.c3d" for name in TRIALS])


def test_a_runner_who_changes_within_the_trial_is_seen_to(data: Path):
    """RBDS026 at 3.5 m/s: from 1.4 rad in the first 16 steps the pelvis' swing turns to 2.2-2.5 rad from the 25th on, and stays there."""
    (one,) = (
        each
        for each in series_of(data / "rbds" / "RBDS026runT35.c3d", None)
        if each.name == "pelvis_lateral_bounce_phase"
    )
    first, later = (
        np.angle(one.parts[part, 0].sum() / one.parts[part, 1].sum()) for part in (slice(16), slice(24, None))
    )
    assert first == pytest.approx(1.4, abs=0.1) and later == pytest.approx(2.35, abs=0.1)


@pytest.mark.slow
def test_halves_of_all_trials_do_not_differ(data: Path):
    """36 trials of 12 runners (Fukuchi 2017), 1,583 differences; one runner truly changes (see above)."""
    paths = sorted((data / "rbds").glob("RBDS*run*.c3d"))
    assert len(paths) == 36
    check(paths, differing=1)


def flipped(one, two) -> None:
    forth, back = compare(one, two), compare(two, one)
    assert len(forth.summary.rows) > 30
    for row, other in zip(forth.summary.rows, back.summary.rows, strict=True):
        assert row.verdict == other.verdict
        assert (row.difference is None) == (other.difference is None)
        if row.difference is not None:
            assert row.difference == pytest.approx(-other.difference)
        if row.ci95 is not None:
            assert row.ci95 == pytest.approx([-other.ci95[1], -other.ci95[0]])


def test_two_treadmill_runners(analysed):
    one, two = (analysed(f"rbds/RBDS{name}runT35.c3d") for name in ("002", "010"))
    flipped(one, two)
    rows = {row.name: row for row in compare(one, two).summary.rows}
    assert rows["cadence"].verdict == "differs" and rows["cadence"].difference == pytest.approx(28.5, abs=1)


def test_five_overground_steps_against_the_synthetic_runner(analysed):
    """JA1 (Dorn 2012) has no head markers: that is said, and five steps are too few to call anything different."""
    one = analysed("dorn2012_ja1/JA1Gait21.c3d")
    two = analyze(record(SyntheticRunner(), duration=8, rate=100, force_rate=500))
    flipped(one, two)
    found = compare(one, two)
    lacks = {name: group.why for group in found.summary.lacking if group.who == "a" for name in group.names}
    assert lacks["lateral_bounce_amplitude"] == "the head is not marked"
    assert [row.name for row in found.summary.rows if row.verdict == "differs"] == []
    assert {"few_steps", "ground_differs"} <= {flag.code for flag in found.summary.remarks}
