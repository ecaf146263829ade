"""What is trusted of key points: exchanged sides put back, impossible points gone, a clean film left alone."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from headway.body.landmarks import to_landmarks
from headway.camera.stride_model import stride_frequency
from headway.camera.trust import trustworthy
from headway.errors import RecordingError
from headway.gait.axes import orient
from headway.options import Options
from headway.sources import load, load_keypoints
from headway.synthetic.camera import LABELS, PhoneCamera, body_points, film, runner_points
from headway.synthetic.runner import SyntheticRunner

LEG = ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX")
ARM = ("SHOULDER", "ELBOW", "WRIST", "INDEX")
CANONICAL = {label: name for name, label in LABELS.items()}


@cache
def scene(view, rate, *, travel=0.0, duration=4.0, seed=0, **options):
    """A film that no test changes in place."""
    time, positions, labels = runner_points(SyntheticRunner(), duration=duration, rate=rate, travel=travel, seed=seed)
    if view == "side":
        positions[..., 0] -= travel * duration / 2
        camera = PhoneCamera((0.0, 1.1, 14.0 if travel else 5.0), (0.0, 1.0, 0.0))
    else:
        camera = PhoneCamera((-5.0, 1.1, 0.3), (0.0, 1.0, 0.0))
    return film(time, positions, labels, camera, seed=seed, **options)


def exchange(keypoints, rows, points=LEG):
    pixels = keypoints.pixels.copy()
    for name in points:
        left, right = keypoints.names.index(f"LEFT_{name}"), keypoints.names.index(f"RIGHT_{name}")
        pixels[rows, left], pixels[rows, right] = pixels[rows, right], pixels[rows, left]
    return replace(keypoints, pixels=pixels)


def right_sides(found, truth, points=LEG):
    """Share of frames in which no point of a leg is the other leg's."""
    same = np.ones(len(truth.time), bool)
    for name in points:
        for side, other in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
            here = found.position(CANONICAL[f"{side}_{name}"])
            mine, others = truth.position(f"{side}_{name}"), truth.position(f"{other}_{name}")
            same &= ~(np.linalg.norm(here - others, axis=1) < np.linalg.norm(here - mine, axis=1))
    return same.mean()


def arguments(found):
    return found.log[-1].arguments


def bursts(random, frames, share, length=4):
    rows = np.zeros(frames, bool)
    for start in np.flatnonzero(random.random(frames) < share / length):
        rows[start : start + 1 + random.poisson(length - 1)] = True
    return rows


QUICK = {("side", 0.0, 60, 0.005), ("rear", 0.0, 30, 0.015), ("side", 3.0, 30, 0.015), ("rear", 3.0, 60, 0.005)}
"""Every view, way, rate and noise twice."""
GRID = [
    pytest.param(view, travel, rate, noise, marks=() if (view, travel, rate, noise) in QUICK else pytest.mark.slow)
    for view in ("side", "rear")
    for travel in (0.0, 3.0)
    for rate in (30, 60, 240)
    for noise in (0.0, 0.005, 0.015)
]


@pytest.mark.parametrize(("view", "travel", "rate", "noise"), GRID)
def test_exchanged_legs_are_put_back(view, travel, rate, noise):
    clean = scene(view, rate, travel=travel, noise=noise, dropouts=0.05, seed=3)
    random = np.random.default_rng(5)
    for share in (0.02, 0.1):
        rows = bursts(random, len(clean.time), share)
        rows[20:22] = True
        assert right_sides(trustworthy(exchange(clean, rows)), clean) >= 0.99


@pytest.mark.parametrize(("view", "travel", "rate", "noise"), GRID)
def test_a_clean_film_is_left_alone(view, travel, rate, noise):
    clean = scene(view, rate, travel=travel, noise=noise)
    found = trustworthy(clean)
    order = [clean.names.index(label) for label in (LABELS[name] for name in found.names)]
    np.testing.assert_array_equal(found.pixels, clean.pixels[:, order])
    np.testing.assert_array_equal(found.confidence, clean.confidence[:, order])
    assert not found.flags


def test_the_virtual_phones_own_exchanges():
    for seed in range(2):
        given = scene("side", 60, noise=0.005, dropouts=0.05, swaps=0.02, seed=seed)
        truth = scene("side", 60, noise=0.005, dropouts=0.05, swaps=0.0, seed=seed)
        found = trustworthy(given)
        assert right_sides(found, truth) >= 0.99
        assert bool(arguments(found)["legs_exchanged_frames"]) == any(f.code == "sides_exchanged" for f in found.flags)


@pytest.mark.parametrize("view", ["side", "rear"])
def test_exchange_for_half_a_step_beginning_where_the_legs_cross(view):
    clean = scene(view, 60, noise=0.005)
    apart = clean.position("LEFT_ANKLE")[:, 0] - clean.position("RIGHT_ANKLE")[:, 0]
    crossings = np.flatnonzero(np.diff(np.sign(apart)))[2:] if view == "side" else np.array([50, 120])
    rows = np.zeros(len(clean.time), bool)
    for start in crossings[[0, 3]] if view == "side" else crossings:
        rows[start + 1 : start + 12] = True
    assert right_sides(trustworthy(exchange(clean, rows)), clean) >= 0.99


@pytest.mark.parametrize("view", ["side", "rear"])
def test_exchange_that_begins_in_a_gap_and_stays(view):
    clean = scene(view, 60, noise=0.005, duration=8.0)
    rows = np.arange(len(clean.time)) >= 340
    given = exchange(clean, rows)
    given.pixels[322:340] = np.nan
    assert right_sides(trustworthy(given), clean) >= 0.99


def test_exchanged_arms_and_whole_bodies():
    clean = scene("side", 60, noise=0.005, dropouts=0.05)
    rows = bursts(np.random.default_rng(2), len(clean.time), 0.05)
    arms = trustworthy(exchange(clean, rows, ARM))
    assert right_sides(arms, clean, ARM[1:]) >= 0.99 and arguments(arms)["legs_exchanged_frames"] == 0
    whole = trustworthy(exchange(clean, rows, (*LEG, *ARM, "EAR")))
    assert right_sides(whole, clean, (*LEG, *ARM[1:])) >= 0.99


def test_hips_that_were_not_exchanged_with_the_legs_stay():
    clean = scene("rear", 60, noise=0.005)
    rows = bursts(np.random.default_rng(2), len(clean.time), 0.05)
    found = trustworthy(exchange(clean, rows, LEG[1:]))
    assert right_sides(found, clean) == 1.0


def test_mirror_image_gives_the_mirrored_result():
    given = scene("side", 60, noise=0.01, dropouts=0.05, swaps=0.05, seed=4)
    turned = replace(given, pixels=given.pixels * [-1.0, 1.0] + [given.size[0], 0.0])
    one, other = trustworthy(given), trustworthy(turned)
    np.testing.assert_allclose(other.pixels, one.pixels * [-1.0, 1.0] + [given.size[0], 0.0], atol=1e-9)


def test_scale_does_not_matter_and_a_second_look_changes_nothing():
    given = scene("rear", 60, noise=0.01, dropouts=0.05, swaps=0.05, travel=2.0)
    one, large = trustworthy(given), trustworthy(replace(given, pixels=3.0 * given.pixels))
    np.testing.assert_allclose(large.pixels, 3.0 * one.pixels)
    again = trustworthy(one)
    np.testing.assert_array_equal(again.pixels, one.pixels)


def test_wild_points_go_and_their_neighbours_stay():
    clean = scene("side", 60, noise=0.005)
    random = np.random.default_rng(0)
    pixels = clean.pixels.copy()
    wild = np.zeros(pixels.shape[:2], bool)
    wild[10:-10] = random.random(wild[10:-10].shape) < 0.01
    pixels[wild] += 150.0 * np.stack([np.cos(a := random.uniform(0, 6.28, wild.sum())), np.sin(a)], axis=1)
    found = trustworthy(replace(clean, pixels=pixels))
    order = [clean.names.index(LABELS[name]) for name in found.names]
    gone = np.isnan(found.pixels[..., 0])
    assert gone[wild[:, order]].mean() > 0.9
    assert gone[~wild[:, order]].mean() < 0.001
    assert (found.confidence[gone] == 0).all()


def test_low_confidence_goes():
    clean = scene("rear", 30)
    confidence = clean.confidence.copy()
    confidence[5:9, clean.names.index("LEFT_WRIST")] = 0.05
    found = trustworthy(replace(clean, confidence=confidence, kind="mediapipe"))
    assert np.isnan(found.position("wrist_left")[5:9]).all() and arguments(found)["low_confidence"] == 4


def test_another_body_is_left_out():
    clean = scene("side", 30, noise=0.005, duration=6.0, travel=3.0)
    pixels = clean.pixels.copy()
    pixels[60:75] = pixels[60:75] * 0.6 + [200.0, 100.0]
    found = trustworthy(replace(clean, pixels=pixels))
    assert np.isnan(found.pixels[60:75]).all() and np.isfinite(found.pixels[:60]).all()
    assert np.isfinite(found.pixels[75:]).all()
    assert "other_body" in {flag.code for flag in found.flags}


def test_far_leg_that_sticks_to_the_near_one():
    clean = scene("side", 60, noise=0.005, duration=6.0)
    pixels, near = clean.pixels.copy(), [clean.names.index(f"RIGHT_{name}") for name in LEG[1:]]
    far = [clean.names.index(f"LEFT_{name}") for name in LEG[1:]]
    stuck = np.arange(100, 112)
    pixels[stuck[:, None], far] = pixels[stuck[:, None], near] + 2.0
    found = trustworthy(replace(clean, pixels=pixels))
    columns = [found.names.index(name) for name in ("knee_left", "ankle_left", "heel_left", "toe_left")]
    others = [found.names.index(name) for name in ("knee_right", "ankle_right", "heel_right", "toe_right")]
    apart = np.linalg.norm(clean.pixels[stuck[:, None], far] - clean.pixels[stuck[:, None], near], axis=2) > 100
    assert apart.sum() > 20
    assert np.isnan(found.pixels[stuck[:, None], columns, 0])[apart].mean() > 0.9
    assert np.isfinite(found.pixels[stuck[:, None], others]).all()


def test_no_stride_no_exchange():
    """Standing: nothing repeats, nothing is turned."""
    clean = scene("side", 30, noise=0.005, duration=3.0)
    still = np.repeat(clean.pixels[:1], len(clean.time), axis=0)
    still = still + np.random.default_rng(0).standard_normal(still.shape)
    found = trustworthy(replace(clean, pixels=still))
    assert arguments(found)["legs_exchanged_frames"] == 0 and np.isfinite(found.pixels).all()


def test_faults():
    clean = scene("side", 30, duration=1.0)
    with pytest.raises(RecordingError, match="never seen"):
        trustworthy(replace(clean, names=tuple(f"p{k}" for k in range(len(clean.names)))))
    with pytest.raises(RecordingError, match="never seen"):
        trustworthy(replace(clean, pixels=clean.pixels * np.nan))


def test_stride_frequency_of_a_known_wave():
    time = np.sort(np.random.default_rng(0).uniform(0, 6, 200))
    wave = np.stack([np.cos(2 * np.pi * 1.4 * time), 0.2 * np.sin(2 * np.pi * 4.2 * time)], axis=1)
    assert stride_frequency(time, wave) == pytest.approx(1.4, abs=0.03)
    assert stride_frequency(time, wave * np.nan) is None


@pytest.mark.parametrize("view", ["side", "rear"])
@pytest.mark.parametrize("name", ["JA1Gait21.c3d", "run0500cms.trc"])
def test_a_real_runner_filmed_by_the_virtual_phone(data, name, view):
    oriented, _ = orient(to_landmarks(load(data / "dorn2012_ja1" / name)))
    time, positions, labels = body_points(oriented.points, height=1.82)
    middle, behind = np.nanmean(positions, axis=(0, 1)), np.nanmin(positions[..., 0]) - 5.0
    side = PhoneCamera((middle[0], 1.1, middle[2] + 6.0), (middle[0], 1.0, middle[2]))
    rear = PhoneCamera((behind, 1.1, middle[2]), (middle[0], 1.0, middle[2]), size=(1080, 1920))
    clean = film(time, positions, labels, side if view == "side" else rear, noise=0.005)
    leg = [point for point in LEG if f"LEFT_{point}" in labels]
    found = trustworthy(clean)
    assert arguments(found)["legs_exchanged_frames"] == 0 and arguments(found)["arms_exchanged_frames"] == 0
    lost = np.isfinite(clean.pixels[..., 0]).sum() - np.isfinite(found.pixels[..., 0]).sum()
    assert lost <= 0.002 * clean.pixels[..., 0].size
    rows = bursts(np.random.default_rng(1), len(time), 0.03)
    assert right_sides(trustworthy(exchange(clean, rows, leg)), clean, leg) >= 0.99


@pytest.mark.parametrize("folder", ["side", "back"])
def test_real_openpose_folders(data, folder):
    given = load_keypoints(data / "videos" / f"radluy_openpose_{folder}", Options(rate=30.0))
    found = trustworthy(given)
    assert arguments(found)["legs_exchanged_frames"] == 0
    assert arguments(found)["stride_frequency"] == pytest.approx(1.4, abs=0.05)
    both = np.isfinite(found.position("knee_left") + found.position("knee_right")).all(1)
    assert both.mean() > 0.9
