"""Where a film was cut, told from small pictures that are made here: a textured wall with a block that runs before it."""

from pathlib import Path

import numpy as np
import pytest

from headway.errors import RecordingError
from headway.pose.camera_motion import slides
from headway.pose.shots import ShotFinder

from .make_film import make_film, picture, wall

SIZE, RATE = (240, 136), 30.0
WALLS = [wall(SIZE, 40, seed) for seed in range(3)]


def scene(seed: int, frames: int, pan: float = 0.0) -> list[np.ndarray]:
    """Grey pictures of one place; ``pan`` px per picture."""
    return [picture(k / RATE, SIZE, lambda _, k=k: (-pan * k, 0.0), WALLS[seed], 40)[..., 1] for k in range(frames)]


def finder(pictures: list[np.ndarray]) -> ShotFinder:
    found = ShotFinder(RATE)
    for one in pictures:
        found.add(one)
    return found


@pytest.mark.parametrize("pan", [0.0, 0.6])
def test_a_cut_is_found_on_its_picture(pan):
    found = finder([*scene(0, 45, pan), *scene(1, 50, pan), *scene(2, 40, pan)])
    assert found.cuts() == [45, 95]
    assert found.shots() == [(0, 45), (45, 95), (95, 135)]


def test_one_place_is_one_shot_however_the_camera_pans_or_jolts():
    pictures = scene(0, 60, 0.6)
    pictures[30] = np.roll(pictures[30], 12, axis=1)
    assert finder(pictures).shots() == [(0, 60)]


def test_a_fade_belongs_to_neither_shot():
    one, other = scene(0, 60), [np.flip(each) for each in scene(1, 60)]
    mixed = [
        ((1 - w) * a + w * b).astype(np.uint8) for w, a, b in zip(np.linspace(0, 1, 12), one[48:], other, strict=False)
    ]
    (a, b), (c, d) = finder([*one[:48], *mixed, *other[12:]]).shots()
    assert (a, d) == (0, 108)
    assert 40 <= b <= 54 <= c <= 64


def test_stills_and_black_are_no_part_of_a_shot():
    random = np.random.default_rng(0)
    moving = scene(0, 80)
    still = [np.clip(moving[0] + random.normal(0, 0.5, moving[0].shape), 0, 255).astype(np.uint8) for _ in range(30)]
    assert finder([*still, *moving[1:]]).shots() == [(30, 109)]
    assert finder([*moving, *still, *scene(0, 80)[40:]]).shots() == [(0, 80), (110, 150)]
    assert finder(still).shots() == []
    black = [np.zeros_like(still[0])] * 8
    assert finder([*moving, *black, *scene(1, 50)]).shots() == [(0, 80), (88, 138)]


def test_repeated_pictures_are_no_still():
    pictures = [one for one in scene(0, 30) for _ in range(3)]
    found = finder(pictures)
    assert found.shots() == [(0, 90)]
    assert found.repeated.mean() == pytest.approx(2 / 3, abs=0.03)


def test_a_shot_shorter_than_a_second_is_left_out():
    assert finder([*scene(0, 45), *scene(1, 20), *scene(2, 40)]).shots() == [(0, 45), (65, 105)]


def test_a_film_is_surveyed_before_it_is_decoded_in_full(tmp_path: Path):
    pytest.importorskip("av")
    from headway.pose.film import open_film

    def images(time: float) -> np.ndarray:
        return picture(time, SIZE, texture=WALLS[0 if time < 1.99 else 1], margin=40)

    path = make_film(tmp_path / "two.mp4", np.arange(129) / 30, size=SIZE, images=images)
    film = open_film(path)
    one, other = film.survey()
    assert (one.start, other.start) == pytest.approx((0.0, 2.0), abs=0.01)
    assert other.stop == pytest.approx(128 / 30, abs=0.01)
    assert all(other.start - 0.01 <= frame.time <= other.stop + 0.01 for frame in film.sample(4, other))
    first = open_film(path)
    assert len(first.survey(one_shot=True)) == 1
    assert first.duration == pytest.approx(2.0, abs=0.02)
    assert sum(1 for _ in first.frames()) == 60
    frozen = make_film(tmp_path / "frozen.mp4", np.arange(60) / 30, size=SIZE, images=lambda _: images(0.5))
    with pytest.raises(RecordingError, match="nothing moves"):
        open_film(frozen).survey()


def test_ground_that_slides_is_told_from_ground_that_lies():
    box, still, along = (90.0, 10.0, 150.0, 120.0), scene(0, 2), scene(0, 2, 6.0)
    assert slides(None, still[0], box, SIZE) != slides(None, still[0], box, SIZE)  # NaN
    assert slides(still[0], still[0], box, SIZE) == 0
    assert slides(along[0], along[1], box, SIZE) > 1.0
