"""Jumps put into smooth paths go; smooth paths stay as they are."""

import numpy as np
import pytest

import headway
from headway.io.gaps import _stray_distance, gap_flags, jump_flags, mask_jumps

RATE = 200.0


@pytest.fixture
def paths(walk):
    noise = np.random.default_rng(1).normal(0, 0.0003, (1200, 8, 3))
    return walk(1200, RATE) + noise


def _masked(positions, point=2):
    _, mask = mask_jumps(positions, RATE)
    assert not np.delete(mask, point, axis=1).any()
    return np.flatnonzero(mask[:, point]).tolist()


def test_smooth_paths_are_left_alone(paths):
    out, mask = mask_jumps(paths, RATE)
    assert not mask.any()
    np.testing.assert_array_equal(out, paths)


def test_a_landing_foot_is_no_jump(paths):
    t = np.arange(1200) / RATE
    paths[:, 6, 2] = 0.05 + np.abs(np.sin(2 * np.pi * 1.4 * t)) * 0.4
    _, mask = mask_jumps(paths, RATE)
    assert not mask.any()


@pytest.mark.parametrize("length", [1, 2, 5, 15])
@pytest.mark.parametrize("size", [0.02, 0.5])
def test_away_and_back(paths, length, size):
    paths[300 : 300 + length, 2] += [0.0, size, 0.0]
    assert _masked(paths) == list(range(300, 300 + length))


def test_several_spikes_in_a_row_keep_the_good_frames_between(paths):
    for frame in (400, 405, 409):
        paths[frame, 2] += [0.0, 0.3, 0.1]
    assert _masked(paths) == [400, 405, 409]


def test_island_at_a_gap(paths):
    paths[600:640, 2] = np.nan
    paths[597:600, 2] += [0.2, 0.0, 0.0]
    assert _masked(paths) == [597, 598, 599]


def test_wrong_at_the_beginning_and_at_the_end(paths):
    paths[:4, 2] += [0.0, 0.0, 0.4]
    paths[-6:, 2] -= [0.0, 0.0, 0.4]
    assert _masked(paths) == [0, 1, 2, 3, *range(1194, 1200)]


def test_markers_that_swap_names_for_a_second(paths):
    swapped = paths.copy()
    swapped[500:700, 1], swapped[500:700, 4] = paths[500:700, 4], paths[500:700, 1]
    _, mask = mask_jumps(swapped, RATE)
    assert np.flatnonzero(mask[:, 1]).tolist() == list(range(500, 700))
    assert np.flatnonzero(mask[:, 4]).tolist() == list(range(500, 700))
    assert mask[:, [0, 2, 3, 5, 6, 7]].sum() == 0


def test_ghost_between_two_gaps(paths):
    paths[500:700, 2] = np.nan
    paths[560:640, 2] = [5.0, 3.0, 1.0]
    assert _masked(paths) == list(range(560, 640))


def test_lasting_shift_costs_only_its_seam(paths):
    paths[700:, 2] += [0.0, 0.02, 0.0]
    assert _masked(paths) == [699, 700]


def test_gaps_alone_cost_nothing(paths):
    random = np.random.default_rng(3)
    for point in range(8):
        for start in random.integers(0, 1150, 6):
            paths[start : start + int(random.integers(1, 50)), point] = np.nan
    _, mask = mask_jumps(paths, RATE)
    assert not mask.any()


def test_a_point_in_one_frame_and_a_point_never_seen(paths):
    paths[:, 2] = np.nan
    paths[1:, 3] = np.nan
    _, mask = mask_jumps(paths, RATE)
    assert not mask.any()


def test_flags_count_frames_and_points():
    mask = np.zeros((1000, 2), dtype=bool)
    assert jump_flags(["a", "b"], mask) == ()
    mask[3:6, 1] = True
    (flag,) = jump_flags(["a", "b"], mask)
    assert flag.level == "info"
    assert "3 frames of 1 point: b (3)" in flag.message
    mask[:100] = True
    assert jump_flags(["a", "b"], mask)[0].level == "warning"


def test_long_gaps_are_named():
    positions = np.ones((100, 2, 3))
    positions[:40, 1] = np.nan
    (flag,) = gap_flags(["a", "b"], positions)
    assert "b (40 %)" in flag.message
    assert gap_flags(["a"], np.ones((100, 1, 3))) == ()


def _count(recording):
    return next(step.arguments["masked"] for step in recording.log if step.name == "mask_jumps")


def test_clean_recordings_keep_their_frames(data):
    assert _count(headway.load(data / "running_0002" / "Running_0002.c3d")) == 0
    for speed in (200, 300, 400, 500):
        path = data / "hamner2013" / "subject04" / "trials" / f"run{speed}" / "markers.trc"
        assert _count(headway.load(path)) == 0
    for name in ("RBDS002runT25", "RBDS012runT45", "RBDS020runT35", "RBDS022runT45"):
        assert _count(headway.load(data / "rbds" / f"{name}.c3d")) == 0
    for name in ("JA1Gait21.c3d", "run0500cms.trc", "run0700cms.trc"):
        recording = headway.load(data / "dorn2012_ja1" / name)
        assert _count(recording) < 0.004 * recording.points.sizes["time"] * recording.points.sizes["point"]


def test_real_jumps_go_and_nothing_else(data):
    recording = headway.load(data / "rbds" / "RBDS019runT45.c3d")
    missing = np.isnan(recording.position("R.Shank.Top.Lateral")).any(1)
    assert np.flatnonzero(missing).tolist() == [3864, 3871, 3878]
    step = np.linalg.norm(np.diff(recording.points.to_numpy(), n=2, axis=0), axis=2)
    assert np.nanmax(step) < 0.03


def test_a_distance_may_be_off_by_three_centimetres_and_six_times_its_spread():
    # Companions at 0.1, 0.2, 0.3, 0.4 m; each drifts by 2 cm either way, so its spread about the median is 1 cm.
    swing = np.linspace(-0.02, 0.02, 100)
    places = np.zeros((101, 5, 3))
    places[:100, 1:, 0] = [0.1, 0.2, 0.3, 0.4] + swing[:, None]
    places[100, 1:, 0] = np.array([0.1, 0.2, 0.3, 0.4]) + 0.18
    found = _stray_distance(places, 0, np.ones((101, 5), bool))
    assert found[100] == pytest.approx(0.18 / (0.03 + 6 * 0.01), rel=0.05)
