"""Shots and bouts of films that are made here from synthetic runners before a virtual phone."""

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from headway.analysis import analyze
from headway.camera.bouts import find_film_bouts
from headway.camera.motion import camera_motion
from headway.camera.points import canonical
from headway.camera.shots import one_run
from headway.errors import OptionError, RecordingError
from headway.gait.runner import Runner
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.pose.shots import Shot
from headway.synthetic.camera import film, runner_points
from headway.synthetic.runner import SyntheticRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from film_validation import RUNNERS, SCENES

REAR, _, SIDE, _ = SCENES
RATE = 30.0


@cache
def run(cadence: float, duration: float, scene=SIDE) -> KeyPoints:
    """A runner on a belt, with landmark names; no test changes it in place."""
    runner = SyntheticRunner(RUNNERS[0].changed(cadence=cadence, contact_time=0.22))
    time, points, labels = runner_points(runner, duration=duration, rate=RATE)
    return canonical(film(time, points, labels, scene.camera, noise=0.005, seed=1))


def still(like: KeyPoints, seconds: float) -> KeyPoints:
    """The same runner, stopped at the first picture."""
    frames = round(seconds * RATE)
    jitter = np.random.default_rng(0).normal(0, 0.5, (frames, *like.pixels.shape[1:]))
    one = replace(like, time=np.arange(frames) / RATE, pixels=like.pixels[:1] + jitter)
    return replace(one, confidence=np.full((frames, len(like.names)), 0.9), background=np.zeros((frames, 2)))


def joined(*parts: KeyPoints, cut: bool) -> KeyPoints:
    """Parts one after the other; each a shot of its own if the film was ``cut`` between them."""
    starts = np.cumsum([0.0, *(len(part.time) / RATE for part in parts)])
    times = [start + np.arange(len(part.time)) / RATE for start, part in zip(starts, parts, strict=False)]
    shots = tuple(Shot(k, float(one[0]), float(one[-1])) for k, one in enumerate(times, start=1))
    return replace(
        parts[0],
        time=np.concatenate(times),
        pixels=np.concatenate([part.pixels for part in parts]),
        confidence=np.concatenate([part.confidence for part in parts]),
        background=np.zeros((sum(map(len, times)), 2)),
        shots=shots if cut else (replace(shots[0], stop=shots[-1].stop),),
    )


@pytest.fixture(scope="module")
def two() -> KeyPoints:
    return joined(run(160.0, 4.0), run(190.0, 6.0), cut=True)


def test_each_shot_keeps_its_own_pace(two):
    for same, other in ((Options(start=0.0), Options(shot=1)), (Options(shot=2), Options())):
        assert np.array_equal(one_run(two, same).pixels, one_run(two, other).pixels, equal_nan=True)
    for options, cadence in ((Options(shot=1), 160), (Options(), 190)):
        summary = analyze(two, Runner(height=1.78), options).summary
        assert summary.metrics["cadence"].value == pytest.approx(cadence, rel=0.01)
    told = next(flag.message for flag in summary.quality if flag.code == "shots")
    assert "shot 2 of 2" in told and "160 steps/min" in told and "190 steps/min" in told


def test_nothing_is_taken_across_a_cut(two):
    alone = one_run(run(190.0, 6.0), Options())
    chosen = one_run(two, Options())
    assert np.array_equal(chosen.pixels, alone.pixels, equal_nan=True)
    assert chosen.time[0] == pytest.approx(4.0)


def test_a_shot_that_is_not_there_is_one_line(two):
    with pytest.raises(OptionError, match="there is no shot 3"):
        one_run(two, Options(shot=3))
    empty = replace(two, shots=(two.shots[0], replace(two.shots[1], start=99.0, stop=100.0, missing="no person found")))
    with pytest.raises(RecordingError, match="shot 2: no person found"):
        one_run(empty, Options(shot=2))


@pytest.mark.parametrize("scene", [SIDE, REAR], ids=["side", "rear"])
def test_running_is_divided_from_standing(scene):
    both = joined(still(run(170.0, 1.0, scene), 4.0), run(170.0, 8.0, scene), cut=False)
    bouts = find_film_bouts(both)
    assert [bout.activity for bout in bouts] == ["standing", "running"]
    assert bouts[1].start == pytest.approx(4.0, abs=1.0)
    kept = one_run(both, Options())
    assert kept.time[0] > 2.9
    assert kept.flags[-1].code == "bouts"


def test_two_paces_are_two_runs():
    both = joined(run(155.0, 6.0), run(185.0, 7.0), cut=False)
    assert [round(bout.cadence / 5) * 5 for bout in find_film_bouts(both)] == [155, 185]
    summary = analyze(both, Runner(height=1.78), Options(bout=1)).summary
    assert summary.metrics["cadence"].value == pytest.approx(155, rel=0.015)
    with pytest.raises(OptionError, match="there is no run 3"):
        one_run(both, Options(bout=3))


def test_a_steady_run_is_used_whole():
    whole = run(172.0, 8.0)
    assert one_run(whole, Options()) is whole


def test_a_jump_of_the_zoom_parts_two_runs():
    one = run(170.0, 6.0)
    both = joined(run(170.0, 4.0), replace(one, pixels=1.5 * one.pixels), cut=False)
    assert len(find_film_bouts(both)) == 2
    chosen = one_run(replace(both, size=(4000, 3000)), Options())
    assert "zoom_changes" in {flag.code for flag in chosen.flags}


def test_a_walker_vaults_over_the_standing_leg():
    """A runner slowed to walking pace is still a runner; turned upside down over the stride, the trunk is a walker's."""
    slow = run(150.0, 8.0)
    slow = replace(slow, time=1.5 * slow.time)
    assert {bout.activity for bout in find_film_bouts(slow)} == {"running"}
    trunk = [k for k, name in enumerate(slow.names) if name.rpartition("_")[0] not in ("ankle", "heel", "toe", "knee")]
    hips = np.mean([slow.position(f"hip_{side}")[:, 1] for side in ("left", "right")], axis=0)
    walker = slow.pixels.copy()
    walker[:, trunk, 1] -= 2 * (hips - np.nanmean(hips))[:, None]
    with pytest.raises(RecordingError, match="this is walking"):
        one_run(replace(slow, pixels=walker), Options())


def test_a_treadmill_is_claimed_only_where_the_background_says_so():
    fixed = run(180.0, 6.0)
    frames = len(fixed.time)
    held = np.cumsum(np.random.default_rng(0).normal(0, 8, (frames, 2)), axis=0)
    held -= np.linspace(0, 1, frames)[:, None] * held[-1]
    known = {
        "fixed": fixed,
        "tracking": replace(fixed, slide=np.full(frames, 2.2)),
        "shaking": replace(fixed, background=held),
        "unknown": replace(fixed, background=None),
    }
    for kind, seen in known.items():
        assert camera_motion(seen).kind == kind
        summary = analyze(seen, Runner(height=1.78)).summary
        assert summary.recording.treadmill is (True if kind == "fixed" else None), kind
        withheld = kind in ("tracking", "shaking")
        assert (summary.metrics["speed"].status == "not_measurable") is withheld
        assert (summary.recording.speed is None) is withheld
    assert analyze(known["tracking"], Runner(height=1.78), Options(treadmill=True)).summary.recording.treadmill is True
