import numpy as np
import pytest

from headway.camera.view import find_view
from headway.errors import OptionError, RecordingError
from headway.pose.keypoints import KeyPoints
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.runner import SyntheticRunner

RUNNER = SyntheticRunner()


def filmed(
    angle: float, *, travel: float = 0.0, distance: float = 6.0, noise: float = 0.01, rate: float = 30.0
) -> KeyPoints:
    """Seen from this angle: 0 from the runner's right, 90 from behind, -90 from in front, 180 from the left."""
    time, positions, labels = runner_points(RUNNER, duration=4.0, rate=rate, travel=travel)
    turn = np.radians(angle)
    middle = travel * 2.0
    if travel and abs(angle) == 90.0:
        distance += middle
    place = (middle - distance * np.sin(turn), 1.2, distance * np.cos(turn))
    camera = PhoneCamera(place, (middle, 1.0, 0.0), roll=np.radians(3.0), focal=1000.0)
    return film(time, positions, labels, camera, noise=noise, dropouts=0.05, swaps=0.02)


@pytest.mark.parametrize("travel", [0.0, 3.5])
@pytest.mark.parametrize(
    ("angle", "name", "direction"), [(0, "side", 1), (180, "side", -1), (90, "rear", 0), (-90, "front", 0)]
)
def test_square_views_are_told_apart_on_a_treadmill_and_over_ground(angle, name, direction, travel):
    found = find_view(filmed(angle, travel=travel))
    assert (found.name, found.direction) == (name, direction)
    assert found.confidence > 0.7
    assert not found.flags


@pytest.mark.parametrize(("angle", "name"), [(15, "side"), (75, "rear"), (-75, "front"), (165, "side")])
def test_a_little_off_the_square_is_still_that_view(angle, name):
    found = find_view(filmed(angle))
    assert found.name == name
    assert not found.flags


@pytest.mark.parametrize(("angle", "name"), [(35, "side"), (60, "rear")])
def test_oblique_views_carry_a_warning(angle, name):
    found = find_view(filmed(angle))
    assert found.name == name
    assert [flag.code for flag in found.flags] == ["oblique_view"]


def test_how_far_off_the_square_is_told_only_where_it_is_far():
    assert find_view(filmed(15)).oblique == 0.0
    assert np.degrees(find_view(filmed(35)).oblique) == pytest.approx(35, abs=8)
    assert np.degrees(find_view(filmed(60)).oblique) == pytest.approx(30, abs=8)


def test_legs_of_constant_length_tell_an_oblique_view_whatever_the_shoulders_are_called():
    keypoints = filmed(55)
    pixels = keypoints.pixels.copy()
    sides = [[k for k, name in enumerate(keypoints.names) if side in name] for side in ("LEFT", "RIGHT")]
    pixels[::2, sides[0]], pixels[::2, sides[1]] = pixels[::2, sides[1]], pixels[::2, sides[0]].copy()
    found = find_view(keypoints.logged("exchanged", pixels=pixels), "rear")
    assert found.angle == pytest.approx(55, abs=10)
    assert found.oblique > 0


def test_half_way_between_side_and_rear_is_refused_unless_declared():
    keypoints = filmed(48)
    with pytest.raises(RecordingError, match="obliquely"):
        find_view(keypoints)
    assert find_view(keypoints, "rear").name == "rear"


def test_what_was_declared_wins_and_is_doubted():
    found = find_view(filmed(90), "front")
    assert found.name == "front"
    assert [flag.code for flag in found.flags] == ["view_disagrees"]
    assert find_view(filmed(0), "side").direction == 1


def test_a_mirrored_side_view_runs_the_other_way():
    keypoints = filmed(0)
    mirrored = keypoints.logged("mirror", pixels=keypoints.pixels * [-1, 1] + [keypoints.size[0], 0])
    assert find_view(mirrored).direction == -1


def test_bad_words_and_missing_bodies():
    keypoints = filmed(0)
    with pytest.raises(OptionError, match="--view"):
        find_view(keypoints, "top")
    blind = keypoints.pixels.copy()
    blind[:, [k for k, name in enumerate(keypoints.names) if "SHOULDER" in name]] = np.nan
    with pytest.raises(RecordingError, match="shoulders and hips"):
        find_view(keypoints.logged("blind", pixels=blind))


@pytest.mark.parametrize(
    ("folder", "name", "direction"), [("radluy_openpose_side", "side", -1), ("radluy_openpose_back", "rear", 0)]
)
def test_real_key_points(data, folder, name, direction):
    from headway.camera.trust import trustworthy
    from headway.options import Options
    from headway.sources import load_keypoints

    found = find_view(trustworthy(load_keypoints(data / "videos" / folder, Options(rate=30.0))))
    assert (found.name, found.direction) == (name, direction)
    assert found.confidence > 0.8
