from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from headway.errors import OptionError, RecordingError
from headway.pose.film import Frame
from headway.pose.find_runner import Person, find_runner, join
from headway.pose.mediapipe_model import NAMES
from headway.pose.model import Anatomy, PictureWindow, Pose, resize
from headway.pose.runner_track import follow_runner
from headway.pose.sightings import Sighting, moving_regions

SIZE = (960, 540)
RATE = 30.0
# Places in a runner one unit high, from the middle of the hips: x to the right, y down.
BODY = {
    "NOSE": (0.02, -0.40), "LEFT_EAR": (0.0, -0.41), "RIGHT_EAR": (0.0, -0.41), "LEFT_SHOULDER": (-0.08, -0.29),
    "RIGHT_SHOULDER": (0.08, -0.29), "LEFT_HIP": (-0.05, 0.0), "RIGHT_HIP": (0.05, 0.0), "LEFT_KNEE": (-0.05, 0.24), "RIGHT_KNEE": (0.10, 0.20),
    "LEFT_ANKLE": (-0.05, 0.48), "RIGHT_ANKLE": (0.10, 0.30),
}  # fmt: skip
FIGURE = np.array([BODY.get(name, (0.0, 0.0)) for name in NAMES])


@dataclass
class Blob:
    """A runner: a bright column from half a height over to half a height under the hips."""

    x: float
    y: float
    height: float
    colour: tuple[int, int, int] = (220, 200, 40)


class BlobModel:
    """Stands for a pose model: sees the tallest bright column, unless it is too small in the picture."""

    kind, names, trust = "test", NAMES, 0.5

    def find(self, image: np.ndarray) -> Pose | None:
        labels, count = ndimage.label(image.max(axis=2) > 120)
        if not count:
            return None
        rows, columns = max(ndimage.find_objects(labels), key=lambda s: s[0].stop - s[0].start)
        height = rows.stop - rows.start
        if height < 0.25 * image.shape[0]:
            return None
        middle = np.array([columns.start + columns.stop, rows.start + rows.stop]) / 2
        return Pose(middle + FIGURE * height, np.full(len(NAMES), 0.9))

    follow = find

    def warm_up(self) -> None: ...
    def restart(self) -> None: ...
    def close(self) -> None: ...


TEXTURE = (
    np.random.default_rng(1).integers(0, 90, (SIZE[1], SIZE[0] // 2, 1)).repeat(2, 1).repeat(3, 2).astype(np.uint8)
)


def picture(*people: Blob, shift: int = 0) -> np.ndarray:
    image = np.roll(TEXTURE, shift, axis=1)
    for p in people:
        rows = slice(max(0, round(p.y - p.height / 2)), max(0, round(p.y + p.height / 2)))
        image[rows, max(0, round(p.x - 0.12 * p.height)) : max(0, round(p.x + 0.12 * p.height))] = p.colour
    return image


def frames(*moments: tuple[Blob, ...], spacing: float = 0.5) -> list[Frame]:
    pictures = [picture(*people) for people in moments]
    return [Frame(k, k * spacing, im, im[::4, ::4, 1]) for k, im in enumerate(pictures)]


@dataclass
class BlobFilm:
    """Stands for a film of blobs."""

    moments: list[tuple[Blob, ...]]
    size: tuple[int, int] = SIZE
    path: Path = Path("blobs.mp4")
    flags: tuple = ()
    slow_motion: float = 1.0
    frames_expected: int = field(init=False)

    def __post_init__(self) -> None:
        self.frames_expected = len(self.moments)

    def frames(self):
        yield from frames(*self.moments, spacing=1 / RATE)

    def sample(self, count: int) -> list[Frame]:
        every = np.linspace(0, len(self.moments) - 1, count).astype(int)
        looked_at = frames(*(self.moments[k] for k in every))
        return [replace(frame, index=int(k), time=k / RATE) for k, frame in zip(every, looked_at, strict=True)]


def crossing(count: int, height: float = 90.0) -> list[tuple[Blob, ...]]:
    return [(Blob(60 + 840 * k / (count - 1), 300, height),) for k in range(count)]


def test_window_and_its_inverse() -> None:
    window = PictureWindow.around(np.array([100.0, 60.0]), 80)
    image = picture(Blob(100, 60, 60))
    assert window.cut(image, 384).shape == (384, 384, 3)
    pose = BlobModel().find(window.cut(image, 384))
    assert pose is not None
    back = window.to_image(pose, 384).points[NAMES.index("LEFT_HIP")]
    assert np.abs(back - (97, 60)).max() < 1
    corner = PictureWindow(-40, -40, 80).cut(np.full((50, 50, 3), 200, np.uint8), 80)
    assert (corner[:40] == 0).all()
    assert (corner[41:, 41:] == 200).all()


def test_scaling_without_opencv_keeps_places(monkeypatch: pytest.MonkeyPatch) -> None:
    ramp = np.repeat(np.linspace(0, 250, 300)[None, :, None], 200, axis=0).repeat(3, 2).astype(np.uint8)
    usual = [resize(ramp, w, h) for w, h in ((100, 70), (600, 400), (140, 200))]
    monkeypatch.setitem(__import__("sys").modules, "cv2", None)
    for known in usual:
        plain = resize(ramp, known.shape[1], known.shape[0])
        assert np.abs(plain.astype(int) - known).max() <= 3


def test_measures_of_a_figure() -> None:
    anatomy = Anatomy(NAMES, 0.5)
    assert anatomy.complete
    upright = anatomy.figure(Pose(FIGURE * 200 + 300, np.full(33, 0.9)))
    assert upright.likely
    assert upright.height == pytest.approx(200, rel=0.08)
    assert np.allclose(upright.centre, 300)
    for wrong in (FIGURE[:, ::-1] * 200, -FIGURE * 200, FIGURE * (200, 20), np.zeros_like(FIGURE)):
        assert not anatomy.figure(Pose(wrong, np.full(33, 0.9))).likely
    assert not anatomy.figure(Pose(FIGURE * 200, np.full(33, 0.1))).likely


def test_small_runner_is_found_by_moving() -> None:
    looked_at = frames(*crossing(9))
    assert BlobModel().find(looked_at[3].image) is None
    found = find_runner(looked_at, [BlobModel(), BlobModel()])
    at = np.array([s.centre for s in found.runner.sightings])
    assert len(at) == 9
    assert np.abs(at[:, 0] - [m[0].x for m in crossing(9)]).max() < 2
    assert found.runner.height == pytest.approx(90, rel=0.1)


def test_runner_on_a_treadmill_is_found() -> None:
    found = find_runner(frames(*[(Blob(480, 270 + 4 * (-1) ** k, 400),) for k in range(8)]), [BlobModel()])
    assert len(found.runner.sightings) == 8


def test_nothing_moves_out_of_a_moving_camera() -> None:
    assert sum(map(len, moving_regions([picture(shift=40 * k) for k in range(6)]))) <= 1


def test_nobody() -> None:
    with pytest.raises(RecordingError, match="no person found") as caught:
        find_runner(frames(*[()] * 8), [BlobModel()], where="empty.mp4")
    assert "\n" not in str(caught.value)
    assert "empty.mp4" in str(caught.value)


def two(ratio: float, count: int = 8) -> list[tuple[Blob, ...]]:
    return [(Blob(700 + 5 * k, 270, 300), Blob(200 + 5 * k, 270, 300 * ratio, (40, 200, 220))) for k in range(count)]


def test_two_equally_large_runners_need_a_choice() -> None:
    av = pytest.importorskip("av")
    with pytest.raises(
        RecordingError, match="two equally large runners; choose one with --person 1 or --person 2"
    ) as caught:
        find_runner(frames(*two(0.9)), [BlobModel()])
    still = Path(str(caught.value).rpartition("still: ")[2].rstrip(")"))
    with av.open(str(still)) as picture_file:
        image = next(picture_file.decode(video=0)).to_ndarray(format="rgb24")
    still.unlink()
    assert image.shape == (540, 960, 3)
    assert (image == (255, 230, 0)).all(axis=2).sum() > 200
    left = find_runner(frames(*two(0.9)), [BlobModel()], person=1).runner
    right = find_runner(frames(*two(0.9)), [BlobModel()], person=2).runner
    assert left.sightings[0].centre[0] < 300
    assert right.sightings[0].centre[0] > 600
    with pytest.raises(OptionError, match="person 3 of 2"):
        find_runner(frames(*two(0.9)), [BlobModel()], person=3)


def test_a_clearly_smaller_person_is_no_rival() -> None:
    found = find_runner(frames(*two(0.6)), [BlobModel()])
    assert found.runner.height == pytest.approx(300, rel=0.1)
    assert len(found.people) == 1


def test_a_person_seen_for_a_moment_is_no_rival() -> None:
    moments = [m[:1] if k != 4 else m for k, m in enumerate(two(0.95, 10))]
    assert len(find_runner(frames(*moments), [BlobModel()]).people) == 1


def sighting(time: float, x: float, colour: float, legs: tuple[float, float] = (0.45, 0.3)) -> Sighting:
    return Sighting(time, np.array([x, 300.0]), 200.0, 0.9, np.full(3, colour), np.array(legs))


def test_people_who_cross_stay_themselves() -> None:
    found = [[sighting(t, 100 + 100 * t, 30), sighting(t, 900 - 100 * t, 200)] for t in np.arange(0, 8, 0.5)]
    people = join([group[:: (-1) ** k] for k, group in enumerate(found)])
    assert [len(p.sightings) for p in people] == [16, 16]
    assert all(len({float(s.colour[0]) for s in p.sightings}) == 1 for p in people)


def test_people_who_stand_do_not_run() -> None:
    standing = Person(tuple(sighting(t, 300, 30, (0.47, 0.46)) for t in range(6)))
    # Looked at once a stride: the legs are the same every time.
    running = Person(tuple(sighting(t, 300, 30, (0.47, 0.28)) for t in range(6)))
    assert not standing.runs
    assert running.runs


def test_following_gives_the_place_in_every_frame() -> None:
    moments = [(Blob(60 + 7 * k, 300 + 6 * np.sin(k / 2), 90),) for k in range(60)]
    film = BlobFilm(moments)
    models = [BlobModel(), BlobModel()]
    track = follow_runner(film.frames(), film.size, find_runner(film.sample(8), models), models, RATE)
    assert np.isfinite(track.height).all()
    assert np.abs(track.centre - [(m[0].x, m[0].y) for m in moments]).max() < 1.5
    assert np.allclose(track.times, np.arange(60) / RATE)


def test_a_runner_who_vanishes_is_missing_and_found_again() -> None:
    moments = [() if 30 <= k < 52 else (Blob(60 + 6 * k, 300, 90),) for k in range(90)]
    film = BlobFilm(moments)
    track = follow_runner(film.frames(), film.size, find_runner(film.sample(12), [BlobModel()]), [BlobModel()], RATE)
    absent = np.isnan(track.height)
    assert absent[30:52].all()
    assert not absent[:30].any()
    assert not absent[56:].any()


def test_following_never_jumps_to_somebody_else() -> None:
    """The runner leaves; another person, as large, but dressed otherwise, stays in the picture."""
    moments = []
    for k in range(80):
        other = Blob(250, 270, 230, (40, 60, 230))
        moments.append((Blob(500 + 8 * k, 270, 300), other) if k < 50 else (other,))
    film = BlobFilm(moments)
    track = follow_runner(film.frames(), film.size, find_runner(film.sample(8), [BlobModel()]), [BlobModel()], RATE)
    xs = track.centre[np.isfinite(track.height), 0]
    assert min(xs) > 450
    assert np.isnan(track.height[60:]).all()


def test_a_track_found_in_smaller_pictures_comes_back_in_those_of_the_film() -> None:
    full = frames(*[(Blob(480, 270 + 4 * (-1) ** k, 400),) for k in range(8)])
    half = [Frame(f.index, f.time, resize(f.image, 480, 270), f.grey) for f in full]
    finding = find_runner(full, [BlobModel()])
    small = replace(finding, runner=finding.runner.resized(np.full(2, 0.5)))
    one = follow_runner(full, SIZE, finding, [BlobModel()], 2.0)
    other = follow_runner(half, (480, 270), small, [BlobModel()], 2.0).resized(np.full(2, 2.0))
    assert np.abs(one.points - other.points)[..., :2].max() < 3
    assert other.height == pytest.approx(one.height, rel=0.03)
