"""Legs that a pose model names by which of them leads get their own sides back; legs named by whose they are stay."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from headway.analysis import analyze
from headway.camera.alternation import along_swing, alternation, by_turns
from headway.camera.trust import trustworthy
from headway.gait.runner import Runner
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.results import NotMeasurable
from headway.synthetic.camera import LABELS, PhoneCamera, film, runner_points
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.runner import SyntheticRunner

LEG = ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX")
FAST = RunnerParameters(cadence=240.0, contact_time=0.12, speed=6.0)
EASY = RunnerParameters(cadence=165.0)


@cache
def filmed(rate: float, runner: RunnerParameters, *, view: str = "side", noise: float = 0.005) -> KeyPoints:
    """A film that no test changes in place."""
    time, positions, labels = runner_points(SyntheticRunner(runner), duration=5.0, rate=rate)
    place = (0.0, 1.1, 6.0) if view == "side" else (-5.0, 1.1, 0.3)
    return film(time, positions, labels, PhoneCamera(place, (0.0, 1.0, 0.0)), noise=noise)


def ahead(keypoints: KeyPoints) -> FloatArray:
    """How far the right ankle is ahead of the left one, px (forward is to the right or the left, all through)."""
    return keypoints.position("RIGHT_ANKLE")[:, 0] - keypoints.position("LEFT_ANKLE")[:, 0]


def exchanged(keypoints: KeyPoints, rows: np.ndarray) -> KeyPoints:
    pixels = keypoints.pixels.copy()
    for name in LEG:
        left, right = keypoints.names.index(f"LEFT_{name}"), keypoints.names.index(f"RIGHT_{name}")
        pixels[rows, left], pixels[rows, right] = pixels[rows, right], pixels[rows, left]
    return replace(keypoints, pixels=pixels)


def own_sides(found: KeyPoints, truth: KeyPoints) -> float:
    """Share of frames with the ankles at least a hand apart in which they are those of the truth."""
    here = found.position("ankle_right") - found.position("ankle_left")
    true = truth.position("RIGHT_ANKLE") - truth.position("LEFT_ANKLE")
    sure = np.isfinite(here).all(1) & (np.linalg.norm(true, axis=1) > 0.1 * np.nanmax(np.abs(true)))
    return float(((here * true).sum(1)[sure] > 0).mean())


def stride_told(found: KeyPoints) -> float:
    told = found.log[-1].arguments["stride_frequency"]
    assert isinstance(told, float)
    return told


@pytest.mark.parametrize("stretch", [(2.0, 5.0), (1.5, 3.5), (0.0, 2.4)])
@pytest.mark.parametrize(("rate", "runner"), [(30.0, FAST), (60.0, EASY)], ids=["30-240", "60-165"])
def test_legs_named_by_role_for_a_stretch_get_their_sides_back(rate, runner, stretch):
    clean = filmed(rate, runner)
    inside = (clean.time >= stretch[0]) & (clean.time < stretch[1])
    found = trustworthy(exchanged(clean, inside & (ahead(clean) < 0)))
    assert own_sides(found, clean) >= 0.99
    assert 120 * stride_told(found) == pytest.approx(runner.cadence, rel=0.03)


@pytest.mark.parametrize("runner", [EASY, FAST], ids=["165", "240"])
@pytest.mark.parametrize("rate", [30.0, 60.0])
def test_legs_named_by_role_all_through_take_turns_under_either_name(rate, runner):
    clean = filmed(rate, runner)
    found = trustworthy(exchanged(clean, ahead(clean) < 0))
    share = own_sides(found, clean)
    assert max(share, 1 - share) >= 0.99
    assert 120 * stride_told(found) == pytest.approx(runner.cadence, rel=0.03)


@pytest.mark.parametrize(
    ("view", "rate", "runner", "noise"),
    [
        ("side", 30.0, FAST, 0.015),
        ("side", 60.0, EASY, 0.005),
        ("rear", 30.0, EASY, 0.015),
        ("rear", 60.0, FAST, 0.005),
    ],
    ids=["side-30-240-noisy", "side-60-165", "rear-30-165-noisy", "rear-60-240"],
)
def test_legs_named_by_whose_they_are_stay(view, rate, runner, noise):
    clean = filmed(rate, runner, view=view, noise=noise)
    found = trustworthy(clean)
    assert found.log[-1].arguments["legs_exchanged_frames"] == 0
    assert found.log[-1].arguments["arms_exchanged_frames"] == 0
    for name in ("ankle_left", "knee_right"):
        seen = np.isfinite(found.position(name))
        np.testing.assert_array_equal(found.position(name)[seen], clean.position(LABELS[name])[seen])


def test_alternation_of_a_cosine_is_one_and_of_its_size_nothing():
    time = np.arange(150) / 30.0
    wave = np.cos(2 * np.pi * 1.9 * time + 0.4)
    assert alternation(time, wave, 1.9) > 0.99
    assert alternation(time, np.abs(wave), 1.9) < 0.05
    assert alternation(time, np.where(time > 3.0, np.abs(wave), wave), 1.9) < 0.05


def test_signs_by_turns_follow_a_cadence_that_drifts():
    time = np.arange(240) / 30.0
    wave = np.cos(2 * np.pi * (1.9 * time + 0.01 * time**2))
    found = by_turns(time, np.abs(wave))
    assert found is not None
    sign, frequency = found
    agree = float((sign * np.abs(wave) * wave > 0).mean())
    assert max(agree, 1 - agree) > 0.98
    assert frequency == pytest.approx(1.98, abs=0.05)


def test_limbs_that_stay_side_by_side_take_no_turns():
    time = np.arange(150) / 30.0
    assert by_turns(time, 0.3 + 0.05 * np.cos(2 * np.pi * 1.4 * time)) is None
    assert by_turns(time, np.full(150, np.nan)) is None
    assert by_turns(time[:6], np.ones(6)) is None


def test_swing_is_the_largest_direction_and_bridges_a_lost_point():
    time = np.arange(90) / 30.0
    wave = np.cos(2 * np.pi * 1.4 * time)
    apart = np.stack([0.3 * wave, 0.02 * np.ones(90), 0.6 * wave, 0.02 * np.ones(90)], axis=1)
    whole = along_swing(apart)
    apart[10:20, 0] = np.nan
    apart[40:44] = np.nan
    found = along_swing(apart)
    assert np.isnan(found[40:44]).all() and np.isfinite(found[:40]).all()
    np.testing.assert_allclose(np.abs(found[:40]), np.abs(whole[:40]), rtol=0.1, atol=0.02)


def test_a_lost_stretch_leaves_the_rest_as_it_is():
    clean = filmed(30.0, FAST)
    named = exchanged(clean, (clean.time > 2.0) & (ahead(clean) < 0))
    named.pixels[70:80] = np.nan
    assert own_sides(trustworthy(named), clean) >= 0.99


def by_role_surer_of_the_near_leg(clean: KeyPoints, surer: float) -> KeyPoints:
    """Legs called right when they lead, with more confidence in the leg on the camera's side (the right one here)."""
    confidence = clean.confidence.copy()
    for name in LEG:
        confidence[:, clean.names.index(f"LEFT_{name}")] = 0.9 - surer
        confidence[:, clean.names.index(f"RIGHT_{name}")] = 0.9
    rows = ahead(clean) < 0
    named = exchanged(replace(clean, confidence=confidence), rows)
    for name in LEG:
        left, right = named.names.index(f"LEFT_{name}"), named.names.index(f"RIGHT_{name}")
        confidence[rows, left], confidence[rows, right] = confidence[rows, right], confidence[rows, left]
    return replace(named, confidence=confidence)


@pytest.mark.parametrize("runner", [EASY, FAST], ids=["165", "240"])
def test_the_near_leg_tells_whose_legs_are_that_were_named_by_role(runner):
    clean = filmed(60.0, runner)
    found = trustworthy(by_role_surer_of_the_near_leg(clean, 0.05))
    assert found.sides_known
    assert own_sides(found, clean) >= 0.99


def test_where_nothing_tells_whose_a_leg_is_no_sides_are_told():
    clean = filmed(60.0, EASY)
    found = trustworthy(by_role_surer_of_the_near_leg(clean, 0.0))
    assert not found.sides_known
    assert "sides_unknown" in [flag.code for flag in found.flags]
    measured = analyze(found, runner=Runner(height=1.75), options=Options(treadmill=True)).summary.metrics
    assert isinstance(measured["contact_time_asymmetry"], NotMeasurable)
    contact = measured["contact_time"]
    assert not isinstance(contact, NotMeasurable) and contact.left is None and contact.right is None
    assert trustworthy(clean).sides_known
