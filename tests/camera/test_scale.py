from dataclasses import replace

import numpy as np
import pytest

from headway.body.landmarks import to_landmarks
from headway.camera.points import canonical, stride_phase
from headway.camera.scale import ImageScale, body_lengths
from headway.gait.axes import orient
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.sources import load
from headway.synthetic.camera import PhoneCamera, body_points, film, runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner

RUNNER = SyntheticRunner()


def find_scale(
    keypoints: KeyPoints, *, side_view: bool, height: float, still: bool, speed: float | None = None
) -> ImageScale | None:
    lengths = body_lengths(keypoints, stride_phase(keypoints), side_view=side_view, still=still)
    return None if lengths is None else lengths.scale(height, speed)


def scene(
    view: str,
    rate: float,
    noise: float,
    *,
    travel: float = 0.0,
    runner: SyntheticRunner = RUNNER,
    duration: float = 6.0,
) -> tuple[KeyPoints, FloatArray]:
    """Key points from the side (8 m) or from behind (5 m at first) and the true px/m at the hips."""
    time, positions, labels = runner_points(runner, duration=duration, rate=rate, travel=travel)
    middle = travel * duration / 2
    side = PhoneCamera((middle, 1.2, 8.0 + middle), (middle, 1.0, 0.0), roll=np.radians(3.0))
    rear = PhoneCamera((-5.0, 1.2, 0.3), (0.0, 1.0, 0.0), roll=np.radians(3.0), size=(1080, 1920))
    camera = side if view == "side" else rear
    keypoints = film(time, positions, labels, camera, noise=noise, dropouts=0.05, seed=4)
    hips = positions[:, [labels.index("LEFT_HIP"), labels.index("RIGHT_HIP")]].mean(1)
    return canonical(keypoints), camera.focal / camera.project(hips[:, None])[1][:, 0]


@pytest.mark.parametrize("noise", [0.005, 0.015])
@pytest.mark.parametrize("rate", [30, 60, 240])
@pytest.mark.parametrize(("view", "travel", "within"), [("side", 0.0, 0.03), ("side", 3.5, 0.03), ("rear", 0.0, 0.04)])
def test_the_scale_is_found_in_every_frame(view, travel, within, rate, noise):
    keypoints, truth = scene(view, rate, noise, travel=travel)
    found = find_scale(keypoints, side_view=view == "side", height=1.75, still=True)
    assert found is not None
    error = found.pixels_per_metre / truth - 1
    assert np.abs(error).max() < within
    assert abs(error.mean()) < 2 * found.error < 0.1
    assert error.std() < 0.006


@pytest.mark.parametrize("noise", [0.005, 0.015])
@pytest.mark.parametrize("rate", [30, 60])
def test_a_runner_who_goes_from_5_to_40_metres(rate, noise):
    keypoints, truth = scene("rear", rate, noise, travel=3.5, duration=10.0)
    found = find_scale(keypoints, side_view=False, height=1.75, still=True)
    assert found is not None
    error = found.pixels_per_metre / truth - 1
    assert np.abs(error).max() < 0.04
    assert error.std() < 0.006
    assert 7.0 < found.change < 9.0


def test_a_camera_that_turns_sees_a_distance_that_bends_within_a_short_film():
    keypoints, truth = scene("side", 60, 0.005, duration=3.5)
    size = 1.0 / np.hypot(1.0, 0.9 * (keypoints.time / 1.75 - 1.0))
    passing = replace(keypoints, pixels=keypoints.pixels * size[:, None, None])
    found = find_scale(passing, side_view=True, height=1.75, still=False)
    assert found is not None
    error = found.pixels_per_metre / (truth * size) - 1
    assert error.std() < 0.012
    assert abs(error.mean()) < 2 * found.error < 0.1


@pytest.mark.parametrize(("speed", "height", "sex"), [(2.5, 1.60, "female"), (4.5, 1.90, "male")])
@pytest.mark.parametrize("view", ["side", "rear"])
def test_other_runners(view, speed, height, sex):
    runner = SyntheticRunner(RunnerParameters(speed=speed, height=height, sex=sex))
    keypoints, truth = scene(view, 60, 0.01, runner=runner)
    found = find_scale(keypoints, side_view=view == "side", height=height, still=True, speed=speed)
    assert found is not None
    assert np.abs(found.pixels_per_metre / truth - 1).max() < (0.04 if view == "side" else 0.045)


def test_metres_do_not_depend_on_pixels_and_go_with_the_height():
    keypoints, _ = scene("side", 60, 0.005)
    larger = keypoints.logged("zoom", pixels=keypoints.pixels * 2.0)
    one, two = (find_scale(k, side_view=True, height=1.75, still=True) for k in (keypoints, larger))
    tall = find_scale(keypoints, side_view=True, height=3.5, still=True)
    assert one is not None and two is not None and tall is not None
    np.testing.assert_allclose(two.pixels_per_metre, 2 * one.pixels_per_metre, rtol=1e-6)
    np.testing.assert_allclose(tall.pixels_per_metre, one.pixels_per_metre / 2, rtol=1e-6)


def test_the_error_of_the_scale_is_that_of_proportions_and_of_its_slow_part():
    keypoints, _ = scene("side", 60, 0.001)
    lengths = body_lengths(keypoints, stride_phase(keypoints), side_view=True, still=True)
    assert lengths is not None
    level = replace(lengths, slow_error=0.0).scale(1.75, 3.5).error
    assert level >= 0.02  # however well all lengths agree, one film shows one body
    assert replace(lengths, slow_error=0.05).scale(1.75, 3.5).error == pytest.approx(np.hypot(level, 0.05))


def test_without_a_body_there_is_no_scale():
    keypoints, _ = scene("side", 60, 0.005)
    assert (
        find_scale(keypoints.logged("x", pixels=keypoints.pixels * np.nan), side_view=True, height=1.7, still=True)
        is None
    )


@pytest.mark.parametrize(
    ("name", "speed", "within"),
    [("JA1Gait21.c3d", 3.5, 0.03), ("run0500cms.trc", 5.2, 0.03), ("run0700cms.trc", 7.0, 0.05)],
)
@pytest.mark.parametrize("view", ["side", "rear"])
def test_a_real_runner(data, name, speed, within, view):
    """Dorn's runner, 1.82 m by the height of C7 in standing, without head markers: shoulders and legs only."""
    oriented, _ = orient(to_landmarks(load(data / "dorn2012_ja1" / name)))
    time, positions, labels = body_points(oriented.points, height=1.82)
    middle, behind = np.nanmean(positions, axis=(0, 1)), np.nanmin(positions[..., 0]) - 5.0
    side = PhoneCamera((middle[0], 1.1, middle[2] + 6.0), (middle[0], 1.0, middle[2]))
    rear = PhoneCamera((behind, 1.1, middle[2]), (middle[0], 1.0, middle[2]), size=(1080, 1920))
    camera = side if view == "side" else rear
    keypoints = canonical(film(time, positions, labels, camera, noise=0.005))
    hips = np.nanmean(positions[:, [labels.index("LEFT_HIP"), labels.index("RIGHT_HIP")]], axis=1)
    truth = camera.focal / camera.project(hips[:, None])[1][:, 0]
    found = find_scale(keypoints, side_view=view == "side", height=1.82, still=True, speed=speed)
    assert found is not None
    assert abs(np.nanmean(found.pixels_per_metre / truth) - 1) < within
