from dataclasses import replace

import numpy as np
import pytest

from headway.camera.resample import evenly
from headway.camera.to_recording import to_recording
from headway.errors import OptionError, RecordingError
from headway.pose.keypoints import KeyPoints
from headway.recording import AXES, FloatArray, Recording
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.runner import SyntheticRunner

RUNNER = SyntheticRunner()
PLACES = {"right": (0.0, 1.2, 6.0), "left": (0.0, 1.2, -6.0), "rear": (-6.0, 1.2, 0.3), "front": (6.0, 1.2, 0.3)}


def filmed(
    place: str,
    *,
    travel: float = 0.0,
    noise: float = 0.003,
    rate: float = 60.0,
    jitter: float = 0.0,
    roll: float = 3.0,
    **film_options: float,
) -> tuple[KeyPoints, FloatArray, FloatArray, tuple[str, ...]]:
    """Key points with true times, positions (m) and labels."""
    time, positions, labels = runner_points(RUNNER, duration=6.0, rate=rate, travel=travel, jitter=jitter)
    ahead = travel * 3.0
    forward, up, right = PLACES[place]
    if place in ("right", "left"):
        where, target = (ahead, up, right * (2.5 if travel else 1.0)), (ahead, 1.0, 0.0)
    else:
        where, target = (forward + (2 * ahead if place == "front" else 0.0), up, right), (0.0, 1.0, 0.0)
    camera = PhoneCamera(where, target, roll=np.radians(roll))
    return film(time, positions, labels, camera, noise=noise, **film_options), time, positions, labels


def head(recording: Recording) -> FloatArray:
    return recording.points.sel(point=["ear_left", "ear_right"]).mean("point").to_numpy()


def true_head(positions: FloatArray, labels: tuple[str, ...]) -> FloatArray:
    return positions[:, [labels.index("LEFT_EAR"), labels.index("RIGHT_EAR")]].mean(1)


def fundamental(time: FloatArray, values: FloatArray, frequency: float) -> complex:
    """Complex amplitude at a frequency, next to a slow drift and two harmonics."""
    seen = np.isfinite(values)
    t = time[seen]
    columns = [t**n for n in range(3)] + [
        np.exp(1j * s * n * 2 * np.pi * frequency * t) for n in (1, 2, 3) for s in (1, -1)
    ]
    found = np.linalg.lstsq(np.stack(columns, axis=1).astype(complex), values[seen].astype(complex), rcond=None)[0]
    return 2 * found[3]


STRIDE = RUNNER.parameters.cadence / 120


@pytest.mark.parametrize("travel", [0.0, 3.5])
@pytest.mark.parametrize("place", ["right", "left", "rear", "front"])
def test_the_seen_axes_come_back_in_metres_and_the_unseen_axis_is_nan(place, travel):
    side = place in ("right", "left")
    # a treadmill from the side does not tell a roll
    keypoints, time, positions, labels = filmed(place, travel=travel, roll=0.0 if side and not travel else 3.0)
    recording = to_recording(keypoints, height=1.75)
    assert tuple(recording.points["axis"].to_numpy()) == AXES
    assert recording.view == ("side" if side else place)
    assert np.isnan(recording.points.sel(axis="right" if side else "forward")).all()
    assert recording.rate == pytest.approx(240.0)
    assert recording.camera is not None
    assert recording.camera.travels is (travel > 0)
    for axis, frequency in ((1, 2 * STRIDE), (0, 2 * STRIDE) if side else (2, STRIDE)):
        film_says = fundamental(recording.time, head(recording)[:, axis], frequency)
        truth = fundamental(time, true_head(positions, labels)[:, axis], frequency)
        assert abs(film_says - truth) < max(0.06 * abs(truth), 0.0015)


@pytest.mark.parametrize("place", ["right", "left"])
def test_speed_of_a_runner_who_crosses(place):
    recording = to_recording(filmed(place, travel=3.5)[0], height=1.75)
    path = head(recording)[:, 0]
    seen = np.isfinite(path)
    assert np.polyfit(recording.time[seen], path[seen], 1)[0] == pytest.approx(3.5, rel=0.03)
    treadmill = to_recording(filmed(place)[0], height=1.75)
    assert np.nanmax(np.abs(head(treadmill)[:, 0])) < 0.5


@pytest.mark.parametrize("place", ["right", "left", "rear", "front"])
def test_the_ground_is_zero(place):
    recording = to_recording(filmed(place, travel=3.5)[0], height=1.75)
    feet = recording.points.sel(point=["heel_left", "toe_left", "heel_right", "toe_right"], axis="up").to_numpy()
    assert abs(np.nanpercentile(feet, 1)) < 0.03
    assert 1.4 < np.nanmean(head(recording)[:, 1]) < 1.75


@pytest.mark.parametrize("roll", [-5.0, 0.0, 3.0])
@pytest.mark.parametrize("place", ["rear", "front", "right"])
def test_roll_is_found_with_its_error(place, roll):
    recording = to_recording(filmed(place, travel=3.5, roll=roll, noise=0.01)[0], height=1.75)
    camera = recording.camera
    assert camera is not None
    assert abs(np.degrees(camera.roll) - roll) < 2 * np.degrees(camera.roll_error) < 2.5
    assert ("roll_undone" in [f.code for f in recording.flags]) is (abs(roll) > 0)


@pytest.mark.parametrize("place", ["right", "left"])
def test_a_belt_that_slopes_in_the_picture_is_no_roll_of_the_camera(place):
    recording = to_recording(filmed(place, roll=4.0, noise=0.005)[0], height=1.75, treadmill=True)
    assert recording.camera is not None
    assert recording.camera.roll == 0.0
    assert np.degrees(recording.camera.roll_error) == pytest.approx(1.5)
    assert "roll_undone" not in [flag.code for flag in recording.flags]


def test_a_stated_roll_is_used():
    camera = to_recording(filmed("right", roll=3.0)[0], height=1.75, roll=np.radians(3.0)).camera
    assert camera is not None
    assert (camera.roll, camera.roll_error) == (np.radians(3.0), 0.0)


@pytest.mark.parametrize("noise", [0.003, 0.01])
@pytest.mark.parametrize("place", ["right", "rear"])
def test_the_noise_of_the_key_points_is_told(place, noise):
    camera = to_recording(filmed(place, travel=3.5, noise=noise, jitter=0.05)[0], height=1.75).camera
    assert camera is not None
    assert camera.noise == pytest.approx(noise, rel=0.15)


def test_uneven_frames_are_put_on_an_even_clock_without_loss():
    keypoints, time, positions, labels = filmed("right", rate=60.0, jitter=0.15, noise=0.0)
    recording = to_recording(keypoints, height=1.75)
    np.testing.assert_allclose(np.diff(recording.time), 1 / recording.rate, rtol=1e-6)
    truth = fundamental(time, true_head(positions, labels)[:, 1], 2 * STRIDE)
    assert abs(fundamental(recording.time, head(recording)[:, 1], 2 * STRIDE) - truth) < 0.03 * abs(truth)


def test_gaps_stay_gaps_and_splines_run_through_the_samples():
    time = np.arange(60) / 30.0
    values = np.sin(2 * np.pi * time)[:, None, None] * np.ones((1, 2, 3))
    values[20:22, 0] = np.nan
    values[30:40, 1] = np.nan
    values[..., 2] = np.nan
    even, found = evenly(time, values)
    assert 1 / np.diff(even).mean() == pytest.approx(210.0)
    assert np.isfinite(found[:, 0, :2]).all()
    assert np.isnan(found[..., 2]).all()
    hole = (even > time[29] + 1e-6) & (even < time[40] - 1e-6)
    assert np.isnan(found[hole, 1]).all()
    assert np.isfinite(found[~hole, 1, :2]).all()
    np.testing.assert_allclose(found[::7, 0, 0][:20], values[:20, 0, 0], atol=1e-9)


def test_without_a_height_the_error_grows_and_is_flagged():
    keypoints = filmed("rear")[0]
    known, assumed = to_recording(keypoints, height=1.75).camera, to_recording(keypoints, height=None)
    assert known is not None and assumed.camera is not None
    assert assumed.camera.scale_error > 0.06 > known.scale_error
    assert not assumed.camera.height_known
    assert "height_assumed" in [f.code for f in assumed.flags]


def test_a_background_that_moved_is_taken_off():
    keypoints, time, *_ = filmed("rear")
    shake = 8 * np.stack([np.sin(2 * np.pi * 0.7 * time), np.cos(2 * np.pi * 1.1 * time)], axis=1)
    shaken = replace(keypoints, pixels=keypoints.pixels + shake[:, None], background=shake)
    still, moved = to_recording(keypoints, height=1.75), to_recording(shaken, height=1.75)
    assert moved.camera is not None and moved.camera.kind == "shaking"
    assert "camera_moves" in [f.code for f in moved.flags]
    a, b = (fundamental(r.time, head(r)[:, 2], STRIDE) for r in (still, moved))
    assert abs(a - b) < 0.001


def test_a_camera_that_turns_with_the_runner_leaves_what_is_within_the_body():
    time, positions, labels = runner_points(RUNNER, duration=4.0, rate=60.0, travel=3.5)
    camera = PhoneCamera((7.0, 1.2, 25.0), (7.0, 1.0, 0.0), focal=4000.0, panning=True)
    recording = to_recording(film(time, positions, labels, camera, noise=0.003), height=1.75)
    assert recording.camera is not None
    assert recording.camera.kind == "unknown" and not recording.camera.travels
    assert "camera_unknown" in [f.code for f in recording.flags]
    truth = fundamental(time, true_head(positions, labels)[:, 1], 2 * STRIDE)
    assert abs(fundamental(recording.time, head(recording)[:, 1], 2 * STRIDE) - truth) < 0.06 * abs(truth)


def test_slow_motion_and_a_wrong_speed_are_suspected():
    keypoints = filmed("right", travel=3.5)[0]
    slow = to_recording(replace(keypoints, time=keypoints.time * 2), height=1.75)
    assert "slow_cadence" in [f.code for f in slow.flags]
    assert "speed_disagrees" in [f.code for f in to_recording(keypoints, height=1.75, speed=4.5).flags]
    assert "speed_disagrees" not in [f.code for f in to_recording(keypoints, height=1.75, speed=3.5).flags]


def test_faults_are_told_in_one_line():
    keypoints = filmed("right")[0]
    with pytest.raises(OptionError, match="--height"):
        to_recording(keypoints, height=178.0)
    with pytest.raises(RecordingError, match="no point of a runner"):
        to_recording(replace(keypoints, pixels=keypoints.pixels * np.nan), height=1.75)
    short = {name: getattr(keypoints, name)[:8] for name in ("time", "pixels", "confidence", "background")}
    with pytest.raises(RecordingError, match="8 frames"):
        to_recording(replace(keypoints, **short), height=1.75)
    scrambled = keypoints.pixels[:, np.random.default_rng(0).permutation(len(keypoints.names))]
    with pytest.raises(RecordingError):
        to_recording(replace(keypoints, pixels=scrambled), height=1.75, view="side")


def test_log_and_flags_of_the_key_points_are_kept():
    keypoints = filmed("rear")[0]
    recording = to_recording(keypoints, height=1.75)
    assert [step.name for step in recording.log] == ["virtual_camera", "to_recording"]
    assert recording.log[-1].arguments["view"] == "rear"
    assert recording.kind == "synthetic"
