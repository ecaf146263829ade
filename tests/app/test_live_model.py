"""The running model of the stride: what it tells of known motion, of real films, and when it cannot tell."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import headway
from headway.app.live_model import WINDOW, LiveModel, LivePicture
from headway.pose.keypoints import KeyPoints
from headway.results import Value
from headway.sources import load_keypoints
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters, StepVariability
from headway.synthetic.runner import SyntheticRunner

REAR = PhoneCamera((-6.0, 1.0, 0.0), (0.0, 1.0, 0.0))
SIDE = PhoneCamera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0))


@cache
def seen(camera: PhoneCamera, *, rate: float = 15.0, seconds: float = 12.0) -> tuple[KeyPoints, SyntheticRunner]:
    runner = SyntheticRunner(RunnerParameters(step_noise=StepVariability(contact_time=0.02, seed=3)))
    time, points, labels = runner_points(runner, duration=seconds, rate=rate, seed=3)
    return film(time, points, labels, camera, noise=0.003, seed=3), runner


def play(points: KeyPoints, model: LiveModel | None = None, first: float = 0.0) -> list[LivePicture]:
    model = model or LiveModel(points.names, points.size)
    shown = zip(points.time, points.pixels, points.confidence, strict=True)
    return [
        model.add(first + float(time), pixels if np.isfinite(pixels).any() else None, sure)
        for time, pixels, sure in shown
    ]


@pytest.mark.parametrize("camera", [REAR, SIDE], ids=["rear", "side"])
def test_cadence_and_bounce_are_those_of_the_runner(camera: PhoneCamera):
    points, runner = seen(camera)
    last = play(points)[-1].stride
    assert last.cadence is not None and last.bounce is not None and last.why is None
    assert last.cadence.value == pytest.approx(60 / runner.parameters.step_time, rel=0.01)
    assert last.view == ("rear" if camera is REAR else "side")
    truth = headway.analyze(points).summary.metrics
    assert isinstance(cadence := truth["cadence"], Value)
    assert last.cadence.value == pytest.approx(cadence.value, rel=0.01)
    if camera is REAR:
        assert isinstance(bounce := truth["lateral_bounce_amplitude"], Value)
        assert last.bounce.value * 1.72 == pytest.approx(bounce.value, rel=0.2)
    assert 0 < last.bounce.half < 0.3 * last.bounce.value


def test_head_and_stance_foot_are_those_of_the_picture():
    points, _ = seen(REAR)
    out = play(points)
    ears = points.pixels[:, [points.names.index("LEFT_EAR"), points.names.index("RIGHT_EAR")]].mean(1)
    assert np.allclose([one.head for one in out], ears)
    ankles = {side: points.pixels[:, points.names.index(f"{side}_ANKLE"), 1] for side in ("LEFT", "RIGHT")}
    lower = np.where(ankles["LEFT"] > ankles["RIGHT"], "left", "right")
    assert np.mean([one.stance == side for one, side in zip(out, lower, strict=True)]) > 0.9
    left, right = out[-1].prints
    assert left is not None and right is not None and left < right, "seen from behind, left is left"
    assert abs(out[-1].dot or 1.0) < 0.1


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (lambda points: points.frames(points.time < 1.5), "short"),
        (lambda points: replace(points, pixels=points.pixels * 0 + points.pixels[:1]), "irregular"),
        (lambda points: replace(points, pixels=points.pixels * np.nan), "nobody"),
    ],
    ids=["short", "still", "nobody"],
)
def test_what_cannot_be_told_is_not_told(spoilt, why: str):
    points = spoilt(seen(REAR)[0])
    last = play(points)[-1].stride
    assert last.cadence is None and last.bounce is None
    assert last.why in (why, "still")


def test_jitter_without_running_has_no_cadence():
    points, _ = seen(REAR)
    random = np.random.default_rng(1)
    still = np.repeat(points.pixels[:1], len(points.time), axis=0) + random.normal(0, 3, points.pixels.shape)
    assert all(one.stride.cadence is None for one in play(replace(points, pixels=still)))


def test_a_runner_who_leaves_is_forgotten_and_nothing_piles_up():
    points, _ = seen(REAR)
    model = LiveModel(points.names, points.size)
    assert play(points, model)[-1].stride.cadence is not None
    for k in range(200):
        last = model.add(13.0 + k / 15, None)
    assert last.stride.cadence is None and last.stride.why == "nobody" and last.points == []
    play(points, model, first=100.0)
    assert len(model._frames) <= 15 * WINDOW + 2


def test_too_few_pictures_per_second_are_told():
    points, _ = seen(REAR)
    last = play(points.frames(np.arange(len(points.time)) % 3 == 0))[-1].stride
    assert last.why == "slow" and last.cadence is None


def test_an_older_picture_changes_nothing():
    points, _ = seen(REAR)
    model = LiveModel(points.names, points.size)
    play(points, model)
    assert model.add(1.0, points.pixels[0]).head is None


FILMS = {
    "videos/back_park_30fps_runner.mp4": 2,
    "films/treadmill_side_portrait.mp4": 2,
    "films/front_on_the_spot.mp4": 2,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILMS)
def test_live_tells_what_the_film_tells(data: Path, name: str):
    points = load_keypoints(data / name)
    truth = headway.analyze(points).summary.metrics
    out = play(points.frames(np.arange(len(points.time)) % FILMS[name] == 0))
    cadence = out[-1].stride.cadence
    assert cadence is not None and isinstance(film_cadence := truth["cadence"], Value)
    assert cadence.value == pytest.approx(film_cadence.value, rel=0.01)
    bounce = truth.get("lateral_bounce_amplitude")
    if isinstance(bounce, Value) and out[-1].stride.bounce is not None:
        assert out[-1].stride.bounce.value * 1.72 == pytest.approx(bounce.value, rel=0.2)
