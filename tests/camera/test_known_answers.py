"""Parts of the reading of films against answers that are worked out by hand."""

import numpy as np
import pytest

from headway.camera.bouts import STEPS, WINDOW, _course, _steadied
from headway.camera.motion import CameraMotion, camera_motion, ground_line
from headway.camera.outliers import BodyFrame, _continues, _lonely
from headway.camera.points import _phase, _size, stride_phase
from headway.camera.roll import turned
from headway.camera.scale import WANDER_STILL, ImageScale, _basis, _slow_part
from headway.camera.sides import SideCheck, _explained, _gauge, _short_bursts, follows
from headway.camera.to_recording import _travels
from headway.camera.trust import LEG, _merged_legs, _to_landmarks
from headway.pose.keypoints import KeyPoints

JOINTS = ("ear", "shoulder", "hip", *LEG)
NAMES = tuple(f"{joint}_{side}" for joint in JOINTS for side in ("left", "right"))
HEIGHTS = {"ear": 260.0, "shoulder": 230.0, "hip": 150.0, "knee": 80.0, "ankle": 20.0, "heel": 8.0, "toe": 4.0}
"""Of a runner of 1.75 m at 160 px/m, px above the ground."""
STRIDE = 1.4
"""Strides per second."""


def strider(duration: float = 6.0, rate: float = 30.0, start: float = 0.0, speed: float = 0.0) -> KeyPoints:
    """Legs that swing as a cosine from the side, px; the body moves by ``speed`` px/s."""
    time = start + np.arange(round(duration * rate) + 1) / rate
    pixels = np.empty((len(time), len(NAMES), 2))
    for k, name in enumerate(NAMES):
        joint, _, side = name.rpartition("_")
        reach = {"knee": 30.0, "ankle": 60.0, "heel": 64.0, "toe": 58.0}.get(joint, 0.0)
        swing = (reach if side == "left" else -reach) * np.cos(2 * np.pi * STRIDE * time)
        pixels[:, k] = np.column_stack(
            [400.0 + speed * (time - start) + swing, np.full(len(time), 400 - HEIGHTS[joint])]
        )
    return KeyPoints(time, NAMES, pixels, np.full(pixels.shape[:2], 0.9), (1920, 1080))


def test_three_frames_tell_how_the_distance_changes():
    # Twice as far at the end as at the start, evenly: sizes go as 1 / (1 + x / 3) for x from -1 to 1.
    length = 90.0 / (1.0 + np.array([-1.0, 0.0, 1.0]) / 3.0)
    _, error, change = _slow_part(np.arange(3.0), {"trunk": length}, None, WANDER_STILL)
    assert change == pytest.approx(2.0, rel=0.01)
    assert error < 0.01


def test_a_film_of_less_than_one_piece_has_no_bends():
    assert _basis(np.arange(10) / 30.0, fewest=2).shape == (10, 0)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("joint", LEG)
def test_of_two_points_at_one_place_the_one_that_left_its_stride_goes(joint, side):
    given = strider(rate=60.0)
    other = "right" if side == "left" else "left"
    wrong, right = NAMES.index(f"{joint}_{side}"), NAMES.index(f"{joint}_{other}")
    rows = np.flatnonzero(np.abs(np.cos(2 * np.pi * STRIDE * given.time)) > 0.9)[5:60:6]
    pixels, confidence = given.pixels.copy(), given.confidence.copy()
    pixels[rows, wrong] = pixels[rows, right] + 0.5
    legs = SideCheck(np.zeros(len(given.time), bool), STRIDE, 1.0)
    _merged_legs(given, pixels, confidence, np.full(len(given.time), 280.0), legs)
    gone = np.isnan(pixels[:, :, 0])
    np.testing.assert_array_equal(np.flatnonzero(gone[:, wrong]), rows)
    assert not gone[:, [k for k in range(len(NAMES)) if k != wrong]].any()


@pytest.mark.parametrize(("speed", "travels"), [(0.45, False), (0.55, True), (-0.55, True)])
def test_a_runner_gets_somewhere_from_half_a_metre_a_second(speed, travels):
    given = strider(speed=160.0 * speed)
    scale = ImageScale(np.full(len(given.time), 160.0), 0.02, 1.0, 0.0, {})
    still = CameraMotion("fixed", np.zeros((len(given.time), 2)))
    assert _travels(given, scale, still, side_view=True) is travels


@pytest.mark.parametrize("duration", [6.0, 6.1, 6.2])
def test_a_shot_is_judged_to_the_instant_nearest_its_end(duration):
    given = strider(duration)
    course = _course(given)
    assert course.step == pytest.approx(WINDOW / STEPS)
    assert course.time[0] == 0.0
    assert abs(course.time[-1] - given.time[-1]) <= course.step / 2 + 1e-9


def test_what_shows_in_three_instants_between_others_that_agree_is_a_misjudgement():
    for count, kept in ((3, False), (4, True)):
        found = _steadied(np.array(["running"] * 9 + ["standing"] * count + ["running"] * 9))
        assert list(found == "standing").count(True) == (count if kept else 0)


def test_a_stretch_that_goes_on_half_a_stride_out_of_phase_is_turned():
    time = np.arange(240) / 30.0
    stride = np.column_stack([np.cos(2 * np.pi * STRIDE * time), 0.3 * np.sin(2 * np.pi * STRIDE * time)])
    for exchanged in (time >= 5.0, time < 3.0):
        sign = np.where(exchanged, -1.0, 1.0)
        found = _gauge(time, sign[:, None] * stride, STRIDE)
        agree = found * sign
        assert max((agree > 0).mean(), (agree < 0).mean()) > 0.95
        assert set(found) == {-1.0, 1.0}
    np.testing.assert_array_equal(_gauge(time, stride, STRIDE), 1.0)


def test_an_exchange_at_an_end_or_for_longer_than_a_burst_is_none():
    time = 10.0 + np.arange(120) / 30.0
    sign = np.ones(120)
    for start, stop in ((0, 3), (40, 44), (60, 70), (117, 120)):
        sign[start:stop] = -1.0
    np.testing.assert_array_equal(np.flatnonzero(_short_bursts(time, sign)), [40, 41, 42, 43])


@pytest.mark.parametrize(("frames", "stays"), [(7, True), (12, False)])
def test_hips_that_contradict_a_short_exchange_of_the_legs_stay(frames, stays):
    time = np.arange(180) / 30.0  # 7 frames last 0.2 s, 12 frames 0.37 s
    apart = 0.1 * np.column_stack([np.cos(2 * np.pi * STRIDE * time), np.sin(2 * np.pi * STRIDE * time)])
    exchanged = np.zeros(180, bool)
    exchanged[80 : 80 + frames] = True
    found = follows(time, apart, SideCheck(exchanged, STRIDE, 1.0))
    np.testing.assert_array_equal(found, exchanged & (not stays))


def test_a_model_that_is_the_motion_explains_all_of_it_and_half_of_it_three_quarters():
    values = np.column_stack([np.sin(np.arange(50.0)), np.cos(np.arange(50.0))])
    assert _explained(values, values) == pytest.approx(1.0)
    assert _explained(values, values / 2) == pytest.approx(0.75)
    assert _explained(values, np.full_like(values, np.nan)) == 0.0


@pytest.mark.parametrize(("absent", "lonely"), [(9, False), (10, True), (14, True)])
def test_a_frame_alone_between_absences_of_four_hundredths_of_a_second_is_no_sight(absent, lonely):
    time = np.arange(80) / 240.0  # 10 frames are 0.042 s
    track = np.zeros((80, 2))
    track[20 : 20 + absent] = track[21 + absent : 21 + 2 * absent] = np.nan
    np.testing.assert_array_equal(np.flatnonzero(_lonely(time, track)), [20 + absent] if lonely else [])


def test_a_runner_is_met_where_the_speed_before_and_after_a_hole_leads():
    # 500 px/s, a body of 300 px, a hole of 0.8 s; those who jump by two bodies are others.
    time = np.arange(120) / 30.0
    centre = np.column_stack([500.0 * time, np.full(120, 200.0)])
    early, late = np.arange(40), np.arange(64, 120)
    for jump, same in ((0.0, True), (900.0, False)):
        moved = centre.copy()
        moved[late, 1] += jump
        body = BodyFrame(moved, np.full(120, 300.0))
        assert _continues(time, body, early, late, forward=True) is same
        assert _continues(time, body, late, early, forward=False) is same


def test_a_camera_that_pans_goes_one_way_and_one_that_shakes_comes_back():
    given = strider()
    progress = np.linspace(0.0, 1.0, len(given.time))

    def kind(path: np.ndarray) -> str:
        background = np.column_stack([1920.0 * path, np.zeros(len(path))])
        return camera_motion(KeyPoints(**{**vars(given), "background": background})).kind

    assert kind(0.5 * progress) == "panning"
    assert kind(0.5 * np.sin(np.pi * 3 * progress) ** 2) == "shaking"
    assert kind(0.001 * progress) == "fixed"
    # 181 frames: where it was at first is the median of 18, of which ten stand.
    turned_away = np.where(np.arange(181) < 10, 0.0, np.where(np.arange(181) < 90, 1.0, 0.6))
    turned_away[10:30] = 0.6
    assert kind(0.5 * turned_away) == "panning"


def test_the_ground_is_the_line_through_the_lowest_feet_to_the_end_of_the_film():
    # 50 pictures a second: four windows of 18 pictures, of the last of which two are left; one foot drags along the ground.
    time = (15 + np.arange(56)) / 50.0
    ground = 0.1 + 0.02 * time
    up = np.column_stack([ground, ground + 0.3])
    np.testing.assert_allclose(ground_line(time, up, ("heel_left", "heel_right"), straight=True), ground, atol=1e-3)


def test_a_roll_turns_the_picture_about_its_middle():
    # The camera's right side is lower by 30 degrees: what is to the right in the image is lower than it looks.
    found = turned(np.array([[1060.0, 540.0], [960.0, 640.0]]), np.radians(30.0), (1920, 1080))
    np.testing.assert_allclose(found, 100.0 * np.array([[np.sqrt(0.75), 0.5], [-0.5, np.sqrt(0.75)]]))


@pytest.mark.parametrize(("frames", "gone"), [(12, True), (13, False)])
def test_the_size_of_the_body_does_not_follow_what_lasts_less_than_half_of_eight_tenths_of_a_second(frames, gone):
    given = strider()  # the window is 25 frames
    pixels = given.pixels.copy()
    shoulders = [NAMES.index("shoulder_left"), NAMES.index("shoulder_right")]
    pixels[80 : 80 + frames, shoulders, 1] -= 40.0
    found = _size(KeyPoints(**{**vars(given), "pixels": pixels}))
    assert found[0] == pytest.approx(80.0)
    assert found[80 + frames // 2] == pytest.approx(80.0 if gone else 120.0)


def test_the_phase_of_a_stride_goes_on_at_its_pace_where_no_ankle_is_seen():
    given = strider(8.0)
    pixels = given.pixels.copy()
    hidden = (given.time < 1.5) | (given.time > 6.5)
    pixels[np.ix_(hidden, [NAMES.index("ankle_left"), NAMES.index("ankle_right")])] = np.nan
    found = stride_phase(KeyPoints(**{**vars(given), "pixels": pixels}))
    assert found is not None
    for outside in (given.time < 1.5, given.time > 6.5):
        np.testing.assert_allclose(np.diff(found[outside]) * 30.0, 2 * np.pi * STRIDE, rtol=0.01)


def test_the_phase_of_a_stride_that_grows_quicker_follows_it():
    given = strider(8.0)
    turns = 1.25 * given.time + 0.02 * given.time**2  # 1.25 to 1.57 strides a second
    pixels = given.pixels.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pixels[:, NAMES.index(f"ankle_{side}"), 0] = 400.0 + sign * 60.0 * np.cos(2 * np.pi * turns)
    found = stride_phase(KeyPoints(**{**vars(given), "pixels": pixels}))
    assert found is not None
    off = found / (2 * np.pi) - turns
    inner = (given.time > 0.8) & (given.time < 7.2)
    assert np.ptp(off[inner]) < 0.02


def test_a_limp_does_not_shake_the_phase_that_is_told_from_steps():
    # 2.8 steps a second, of which every other one is half as large again.
    time = np.arange(240) / 30.0
    values = np.cos(4 * np.pi * STRIDE * time) + 0.5 * np.cos(2 * np.pi * STRIDE * time)
    found = _phase(time, values, 2.0)
    assert found is not None
    inner = (time > 1.0) & (time < 7.0)
    assert np.ptp((found - 2 * np.pi * STRIDE * time)[inner]) < 0.02


def test_a_point_that_is_nowhere_has_no_confidence():
    given = strider(1.0)
    pixels = given.pixels.copy()
    pixels[3:5, NAMES.index("ankle_left")] = np.nan
    found = _to_landmarks(KeyPoints(**{**vars(given), "pixels": pixels}))
    expected = np.where(np.isfinite(pixels[..., 0]), 0.9, 0.0)
    np.testing.assert_array_equal(found.confidence, expected[:, [NAMES.index(name) for name in found.names]])
