"""From a film to the numbers: virtual phones whose truth is known, two films in one, and real key points."""

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from headway.analysis import Analysis, analyze
from headway.analysis.measure import measure
from headway.analysis.merge import merge
from headway.analysis.seen_trial import SeenTrial
from headway.camera.filmed import filmed as of_film
from headway.camera.points import canonical
from headway.camera.tempo import apparent_gravity, real_time
from headway.errors import RecordingError
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.metrics import REGISTRY
from headway.metrics.errors import OfContactTime
from headway.options import Options
from headway.report.answer import answer
from headway.report.record_next import record_next
from headway.results import NotMeasurable
from headway.sources import load_keypoints
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.runner import SyntheticRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from film_validation import RUNNERS, SCENES, true_values

RUNNER = SyntheticRunner(RUNNERS[0])
truth = cache(lambda: true_values(RUNNER))
REAR, RECEDING, SIDE, CROSSING = SCENES


def filmed(scene, rate=60.0, noise=0.005, swaps=0.02):
    """A film that no test changes in place; its name tells the view. Eight seconds are enough of a fine one."""
    return _filmed(scene, rate, noise, swaps)


@cache
def _filmed(scene, rate, noise, swaps):
    duration = min(scene.duration, 8.0) if rate > 100 else scene.duration
    speed = RUNNERS[0].speed if scene.travels else 0.0
    time, points, labels = runner_points(RUNNER, duration=duration, rate=rate, travel=speed, jitter=0.02, seed=1)
    seen = film(time, points, labels, scene.camera, noise=noise, dropouts=0.05, swaps=swaps, seed=1)
    return replace(seen, source=f"{scene.view}.mp4")


def measured(scene, rate=60.0, noise=0.005) -> Analysis:
    return _measured(scene, rate, noise)


@cache
def _measured(scene, rate, noise):
    runner = Runner(height=RUNNERS[0].height, sex="male")
    return analyze(filmed(scene, rate, noise), runner, Options(treadmill=not scene.travels))


@pytest.fixture(scope="module")
def rear() -> Analysis:
    return measured(RECEDING)


@pytest.fixture(scope="module")
def side() -> Analysis:
    return measured(CROSSING)


@pytest.mark.parametrize("noise", [0.005, 0.015])
@pytest.mark.parametrize("scene", [REAR, RECEDING], ids=lambda scene: scene.name)
def test_lateral_bounce_from_behind(scene, noise):
    metrics = measured(scene, noise=noise).summary.metrics
    for name in ("lateral_bounce_amplitude", "neck_base_lateral_bounce_amplitude"):
        assert abs(metrics[name].value - truth()[name]) < max(0.003, 0.1 * truth()[name])
    for name in ("lateral_bounce_phase", "neck_base_lateral_bounce_phase"):
        assert abs(np.degrees(metrics[name].value - truth()[name])) < 15
    assert metrics["cadence"].value == pytest.approx(truth()["cadence"], rel=0.005)
    assert metrics["head_pelvis_vertical_gain"].value == pytest.approx(truth()["head_pelvis_vertical_gain"], abs=0.05)
    assert metrics["step_width"].value == pytest.approx(truth()["step_width"], abs=0.01)


@pytest.mark.parametrize(("scene", "rate"), [(SIDE, 30.0), (SIDE, 240.0), (CROSSING, 30.0), (CROSSING, 60.0)], ids=str)
def test_push_off_from_the_side(scene, rate):
    metrics = measured(scene, rate=rate).summary.metrics
    assert metrics["cadence"].value == pytest.approx(truth()["cadence"], rel=0.005)
    assert metrics["head_pelvis_vertical_gain"].value == pytest.approx(truth()["head_pelvis_vertical_gain"], abs=0.05)
    assert metrics["head_lag_vertical"].value == pytest.approx(truth()["head_lag_vertical"], abs=0.005)
    # the camera beside the treadmill is turned by 3 degrees, which a belt does not tell
    limit = {30.0: 0.015, 60.0: 0.010, 240.0: 0.012}[rate]
    assert abs(metrics["contact_time"].value - truth()["contact_time"]) < limit
    low, high = metrics["trunk_lean"].ci95
    assert low < truth()["trunk_lean"] < high


def test_a_film_shows_nothing_of_the_axis_that_it_does_not_see(rear, side):
    for analysis, blind in ((rear, ("sagittal", "transverse")), (side, ("frontal", "transverse"))):
        for name, entry in analysis.summary.metrics.items():
            if REGISTRY[name].plane in blind:
                assert entry.status == "not_measurable", name
    metrics = side.summary.metrics
    assert metrics["lateral_bounce_amplitude"].record.startswith("film from behind")
    assert rear.summary.metrics["trunk_lean"].record == "film from the side"
    assert rear.waveforms["path"].sel(axis="forward").isnull().all()
    assert side.waveforms["path"].sel(axis="right").isnull().all()


def test_an_oblique_film_withholds_what_lies_across_the_image():
    time, points, labels = runner_points(RUNNER, duration=5.0, rate=60.0)
    turn = np.radians(35.0)
    camera = PhoneCamera((-6 * np.sin(turn), 1.2, 6 * np.cos(turn)), (0.0, 1.0, 0.0), focal=1000.0)
    metrics = analyze(film(time, points, labels, camera), Runner(height=1.8), Options(treadmill=True)).summary.metrics
    for name in ("trunk_lean", "overstride", "speed", "contact_time_asymmetry"):
        assert metrics[name].status == "not_measurable"
        assert "off the view from the side" in metrics[name].why
        assert "squarely" in metrics[name].record
    for name in ("cadence", "contact_time", "head_pelvis_vertical_gain"):
        assert metrics[name].status != "not_measurable"


def test_contact_times_of_slow_films_are_called_estimates():
    assert measured(SIDE, rate=30.0).summary.metrics["contact_time"].status == "estimated"
    fine = measured(SIDE, rate=240.0).summary.metrics["contact_time"]
    assert fine.status == "measured"


def test_contact_times_are_not_told_from_behind_nor_what_is_made_of_them(rear):
    metrics = rear.summary.metrics
    for name in ("contact_time", "flight_time", "duty_factor", "contact_time_asymmetry"):
        assert metrics[name].status == "not_measurable"
    assert "from the side" in metrics["contact_time"].record
    assert metrics["cadence"].status == "measured"


@pytest.fixture(scope="module")
def fine():
    """A film of 240 pictures per second, prepared."""
    recording, _ = of_film(filmed(SIDE, 240.0), RUNNERS[0].height, Options(treadmill=True))
    return prepare(recording, Runner(height=RUNNERS[0].height, mass=70.0), Options(treadmill=True))[0]


def _doubted(trial, **changed):
    """A film whose events have other errors, and a little of its metrics."""
    contacts = replace(trial.contacts, error=replace(trial.contacts.error, **changed))
    found = measure(SeenTrial(replace(trial, contacts=contacts))).entries
    return {name: found[name] for name, one in REGISTRY.items() if isinstance(one.film.geometry, OfContactTime)}, found


def test_where_the_contact_time_is_in_doubt_so_is_everything_that_is_made_of_contacts(fine):
    made, _ = _doubted(fine, apart=0.0)
    assert {"contact_time_asymmetry", "flight_time", "duty_factor", "peak_vertical_grf_sine"} < set(made)
    assert made["contact_time"].status == made["flight_time"].status == "measured"
    made, _ = _doubted(fine, apart=0.011)
    assert {one.status for one in made.values()} <= {"estimated", "not_measurable"}
    assert made["contact_time"].status == made["flight_time"].status == "estimated"
    made, found = _doubted(fine, apart=0.05)
    assert {one.status for one in made.values()} == {"not_measurable"}
    assert made["contact_time_asymmetry"].why == made["contact_time"].why
    read_at_events = [name for name, one in REGISTRY.items() if one.film.at_events]
    assert "overstride" in read_at_events and {found[name].status for name in read_at_events} == {"not_measurable"}
    assert found["cadence"].status == "measured" and found["knee_flexion_in_swing"].status != "not_measurable"


def test_legs_that_a_film_does_not_follow_are_not_told(fine, monkeypatch):
    told = {"speed", "step_length", "knee_flexion_at_contact", "hip_extension_at_toe_off", "overstride"}
    assert "not_measurable" not in {measure(SeenTrial(fine)).entries[name].status for name in told}
    monkeypatch.setattr("headway.metrics.needs.heels_apart", lambda *_: 0.3)
    entries = measure(SeenTrial(replace(fine))).entries
    assert {entries[name].status for name in told} == {"not_measurable"}
    assert entries["cadence"].status == "measured" and "one of the legs" in entries["overstride"].why


def test_both_feet_of_a_film_see_the_body_alike_as_a_leaning_camera_moves_both(rear):
    path = rear.waveforms["path"].sel(axis="right", stance=50)
    for point, metric in (("neck_base", "neck_over_foot_error"), ("head", "head_over_foot_error")):
        left, right = path.sel(body_point=point, side=["left", "right"]).to_numpy()
        assert left == pytest.approx(right, abs=1e-9)
        assert left == pytest.approx(rear.summary.metrics[metric].value, abs=0.003)


def test_feet_that_land_on_one_line_have_no_width_in_a_film(monkeypatch):
    recording, _ = of_film(filmed(REAR), RUNNERS[0].height, Options(treadmill=True))
    trial = prepare(recording, Runner(height=RUNNERS[0].height), Options(treadmill=True))[0]
    told = {"step_width", "foot_crossover", "head_over_foot_error", "neck_over_foot_error"}
    before = measure(SeenTrial(trial)).entries
    assert "not_measurable" not in {before[name].status for name in told}
    monkeypatch.setattr("headway.metrics.needs.on_one_line", lambda *_: True)
    entries = measure(SeenTrial(replace(trial))).entries
    assert {entries[name].status for name in told} == {"not_measurable"}
    assert entries["lateral_bounce_amplitude"].value == before["lateral_bounce_amplitude"].value
    assert "cross" in entries["step_width"].why and "laborator" in entries["step_width"].record


def test_what_one_step_of_a_film_shows_is_no_number():
    keypoints = filmed(SIDE)
    wrists = [k for k, name in enumerate(keypoints.names) if name.endswith("WRIST")]
    assert len(wrists) == 2 and measured(SIDE).summary.metrics["arm_swing"].status == "measured"
    pixels = keypoints.pixels.copy()
    away = np.abs(keypoints.time - keypoints.time.mean()) > 0.6
    pixels[np.ix_(np.flatnonzero(away), wrists)] = np.nan
    runner = Runner(height=RUNNERS[0].height, sex="male")
    found = analyze(replace(keypoints, pixels=pixels), runner, Options(treadmill=True)).summary.metrics
    assert found["arm_swing"].status == "not_measurable" and found["cadence"].status == "measured"


def test_two_films_give_each_metric_from_the_one_that_carries_it(rear, side, tmp_path):
    both = merge([rear, side])
    metrics = both.summary.metrics
    assert metrics["lateral_bounce_amplitude"].film == "rear.mp4"
    assert metrics["trunk_lean"].film == "side.mp4"
    assert both.summary.recording.view == "side+rear"
    assert len(both.steps) == len(rear.steps) + len(side.steps)
    path = both.waveforms["path"].sel(body_point="head")
    assert np.isfinite(path.to_numpy()).all()
    assert np.allclose(path.sel(axis="right"), rear.waveforms["path"].sel(body_point="head", axis="right"))
    either = {
        name for part in (rear, side) for name, one in part.summary.metrics.items() if one.status != "not_measurable"
    }
    assert {name for name, one in metrics.items() if one.status != "not_measurable"} == either
    both.save(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["recordings"][0]["view"] == "side"


def test_the_report_of_a_film_speaks_of_no_force(rear):
    from headway.report.html import render

    page = render(rear)
    assert "The arrow from the ground" not in page and 'class="key force"' not in page


def test_films_of_two_runs_are_not_joined(side):
    other = RUNNERS[2].changed(cadence=200.0, contact_time=0.19)
    time, points, labels = runner_points(SyntheticRunner(other), duration=10.0, rate=60.0)
    fast = analyze(film(time, points, labels, REAR.camera), Runner(height=other.height), Options(treadmill=True))
    with pytest.raises(RecordingError, match="not one run"):
        merge([side, fast])
    with pytest.raises(RecordingError, match="one film from the side and one from behind"):
        merge([side, side])


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_fall_tells_the_tempo(scene):
    seen = canonical(filmed(scene))
    assert apparent_gravity(seen) == pytest.approx(1.0, abs=0.35)
    slowed = replace(seen, time=4 * seen.time)
    with pytest.raises(RecordingError, match="--slow-motion 4"):
        real_time(slowed, stated=False)
    assert real_time(slowed, stated=True) is slowed


def test_pictures_shown_three_times_are_slow_motion():
    seen = canonical(filmed(CROSSING))
    slowed = replace(seen, time=3 * seen.time, shown=3.0)
    found = real_time(slowed, stated=False)
    assert found.duration == pytest.approx(seen.duration, rel=1e-3)
    # 20 new pictures a second: a camera of 60 pictures a second slowed three times, or one of 50 slowed 2.5 times
    assert found.readings == pytest.approx((3.0, 2.5), rel=0.01)
    assert found.flags[-1].code == "slow_motion_readings"


def test_what_depends_on_a_tempo_that_nothing_tells_is_not_measurable():
    seen = filmed(CROSSING)
    summary = analyze(replace(seen, time=3 * seen.time, shown=3.0), Runner(height=RUNNERS[0].height)).summary
    for name in ("cadence", "contact_time", "flight_time", "speed"):
        assert summary.metrics[name].record.startswith("give --slow-motion"), name
    assert summary.metrics["trunk_lean"].status != "not_measurable"
    assert summary.recording.speed is None
    assert "events_from_film" not in {flag.code for flag in summary.quality}
    step = record_next(summary, answer(summary.metrics))
    assert "3 or 2.5" in step.do and "--slow-motion" in step.command


def test_openpose_from_the_side(data):
    points = load_keypoints(data / "videos" / "radluy_openpose_side", Options(rate=30.0))
    summary = analyze(points, Runner(height=1.75)).summary
    assert summary.recording.view == "side"
    assert 162 <= summary.metrics["cadence"].value <= 175


def test_openpose_from_behind(data):
    points = load_keypoints(data / "videos" / "radluy_openpose_back", Options(rate=30.0))
    summary = analyze(points, Runner(height=1.75)).summary
    assert summary.recording.view == "rear"
    entry = summary.metrics["cadence"]
    assert entry.ci95[0] < 168 < entry.ci95[1]


@pytest.mark.slow
def test_film_from_behind(data, tmp_path):
    pytest.importorskip("mediapipe")
    points = load_keypoints(data / "videos" / "back_park_30fps_runner.mp4", Options(cache=tmp_path))
    summary = analyze(points, Runner(height=1.75)).summary
    metrics = summary.metrics
    assert summary.recording.view == "rear"
    assert summary.steps.count >= 24
    assert 160 <= metrics["cadence"].value <= 170
    assert metrics["trunk_lean"].status == "not_measurable"
    assert metrics["lateral_bounce_amplitude"].ci95[0] > 0


@pytest.mark.slow
def test_film_from_the_side(data, tmp_path):
    """A sprinter in slow motion: each picture is shown three times, and the feet land eight times in the whole film."""
    pytest.importorskip("mediapipe")
    points = load_keypoints(data / "videos" / "side_track_30fps_running.mp4", Options(cache=tmp_path))
    summary = analyze(points, Runner(height=1.70)).summary
    assert summary.recording.view == "side"
    assert summary.recording.forward == "image right"
    assert 7 <= summary.steps.count <= 9
    assert summary.metrics["lateral_bounce_amplitude"].record.startswith("film from behind")
    assert any(flag.code == "slow_motion_readings" for flag in summary.quality)


def _mirrored(points):
    """The same film seen in a mirror: what was the runner's left is the right."""
    other = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
    parts = [name.partition("_") for name in points.names]
    names = tuple(other.get(first, first) + rest + last for first, rest, last in parts)
    pixels = points.pixels.copy()
    pixels[..., 0] = points.size[0] - pixels[..., 0]
    return replace(points, names=names, pixels=pixels)


@pytest.mark.parametrize(("scene", "kind"), [(SIDE, "mediapipe"), (REAR, "synthetic")], ids=str)
def test_a_mirrored_film_swaps_the_sides(scene, kind):
    points = replace(filmed(scene, rate=30.0, swaps=0.0), kind=kind)
    runner, options = Runner(height=RUNNERS[0].height, sex="male"), Options(treadmill=True)
    one, other = (analyze(each, runner, options) for each in (points, _mirrored(points)))
    assert [{"left": "right", "right": "left"}[side] for side in other.steps["side"]] == [*one.steps["side"]]
    assert np.allclose(one.steps["initial_contact"], other.steps["initial_contact"], atol=1e-3)
    assert np.allclose(one.steps["toe_off"], other.steps["toe_off"], atol=1e-3)
    if scene is SIDE:
        a, b = (each.summary.metrics["contact_time"] for each in (one, other))
        assert a.value == pytest.approx(b.value, abs=1e-3)
        assert (a.left, a.right) == pytest.approx((b.right, b.left), abs=1e-3)


@pytest.mark.parametrize(("scene", "rate"), [(REAR, 60.0), (SIDE, 30.0)], ids=str)
def test_intervals_of_virtual_phones_hold_and_a_sound_runner_has_no_limp(scene, rate):
    metrics = measured(scene, rate=rate).summary.metrics
    of_contacts = ("contact_time",) if scene is SIDE else ()
    for name in (*of_contacts, "head_pelvis_vertical_gain", "head_lag_vertical", "cadence"):
        low, high = metrics[name].ci95
        assert low < truth()[name] < high, name
    limp = metrics["contact_time_asymmetry"]
    assert isinstance(limp, NotMeasurable) or limp.ci95[0] < 0 < limp.ci95[1]
