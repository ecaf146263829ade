"""The film in the report: what is in the small file, and that what is drawn lies where it was found."""

import base64
import io
import sys
from dataclasses import replace

import numpy as np
import pytest

av = pytest.importorskip("av", reason="av is not installed (extra video)")

from headway.options import Options  # noqa: E402
from headway.report.film import FilmLayer, ShownFilm, film_section  # noqa: E402
from headway.report.film_encode import encode_small  # noqa: E402
from headway.report.film_face import head_squares, pixelate  # noqa: E402
from headway.report.film_sync import Timeline, anchors  # noqa: E402
from headway.report.film_window import MOST_FRAMES, MOST_SECONDS, stretch, window  # noqa: E402

from .made_film import CONTACT, RATE, STEP, made, picture, runner, stances, write_film  # noqa: E402


def decoded(film):
    with av.open(io.BytesIO(film)) as container:
        return [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def noise(frames=40, size=(160, 120)):
    rng = np.random.default_rng(1)
    return [(i / RATE, rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)) for i in range(frames)]


def test_the_small_film_is_what_every_browser_plays():
    film = encode_small(noise(), (160, 120), 40 / RATE, 2_000_000)
    assert film.index(b"moov") < film.index(b"mdat")
    with av.open(io.BytesIO(film)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.codec_context.profile) == ("h264", "Constrained Baseline")
        assert (stream.codec_context.pix_fmt, stream.width, stream.height) == ("yuv420p", 160, 120)


def test_uneven_times_are_kept():
    times = np.cumsum(np.random.default_rng(2).uniform(0.004, 0.05, 40)) + 3.0
    film = encode_small(zip(times, (image for _, image in noise()), strict=True), (160, 120), 1.0, 2_000_000)
    found = np.array([time for time, _ in decoded(film)])
    assert np.abs(found - (times - times[0])).max() < 1e-4


@pytest.mark.parametrize("most", [150_000, 60_000])
def test_the_size_is_kept_even_for_noise(most):
    film = encode_small(noise(), (160, 120), 40 / RATE, most)
    assert len(film) <= most
    assert len(decoded(film)) == 40


def test_the_fixed_window_is_even_and_holds_every_point():
    keypoints = runner(size=(1280, 720), tall=600.0, start=(500.0, 700.0))
    found = window(keypoints.pixels, keypoints.size, RATE)
    assert not found.follows
    assert max(found.size) <= 640
    assert all(side % 2 == 0 for side in found.size)
    assert (keypoints.pixels >= found.origin[:, None]).all()
    assert (keypoints.pixels <= (found.origin + found.extent)[:, None]).all()


@pytest.mark.parametrize("velocity", [(500.0, 0.0), (-500.0, 0.0)])
def test_a_runner_who_crosses_is_followed(velocity):
    start = (100.0 if velocity[0] > 0 else 1500.0, 600.0)
    keypoints = runner(size=(1680, 720), tall=160.0, start=start, velocity=velocity)
    found = window(keypoints.pixels, keypoints.size, RATE)
    assert found.follows
    assert found.extent[0, 0] < 600
    assert (keypoints.pixels >= found.origin[:, None]).all()
    assert (keypoints.pixels <= (found.origin + found.extent)[:, None]).all()


def test_a_long_film_is_cut_to_its_steps():
    time = np.arange(0, 60, 1 / RATE)
    steps = tuple(("left", t, t + 0.25) for t in np.arange(31.0, 45.5, 0.7))
    part = stretch(time, np.ones(len(time), bool), steps)
    assert time[part][0] == pytest.approx(30.75, abs=0.05)
    assert time[part][-1] - time[part][0] <= MOST_SECONDS
    fast = np.arange(0, 10, 1 / 240)
    cut = stretch(fast, np.ones(len(fast), bool), (("left", 1.0, 1.2), ("right", 7.0, 7.2), ("left", 7.4, 7.6)))
    assert cut.stop - cut.start <= MOST_FRAMES
    assert fast[cut][0] < 7.0 < 7.6 < fast[cut][-1]
    assert stretch(time, np.zeros(len(time), bool), steps) == slice(0, 0)


def timeline(count=100, stance=34):
    left = [100.0 * i / (stance - 1) if i < stance else None for i in range(count)]
    right = [left[(i - count // 2) % count] for i in range(count)]
    return Timeline([0.7 * i / count for i in range(count)], True, {"left": left, "right": right})


def test_landings_of_the_film_meet_those_of_the_timeline():
    steps = [(("left", "right")[i % 2], 1 + STEP * i, 1 + STEP * i + CONTACT) for i in range(6)]
    (piece,) = anchors(steps, timeline())
    at, frame = np.array(piece).T
    assert (np.diff(at) > 0).all() and (np.diff(frame) > 0).all()
    assert frame.tolist() == [v for k in range(6) for v in (50 * k, 50 * k + 33)]


def test_a_missing_step_cuts_the_tie():
    steps = [(("left", "right")[i % 2], 1 + STEP * i, 1 + STEP * i + CONTACT) for i in range(8) if i != 3]
    assert [len(piece) for piece in anchors(steps, timeline())] == [6, 8]
    assert anchors([], timeline()) == []
    assert anchors(steps, Timeline([], True, {"left": [], "right": []})) == []


def test_a_timeline_of_recorded_steps_is_paired_in_order():
    left = [None, 0.0, 50.0, 100.0, None, None, None, None]
    right = [None, None, None, None, 0.0, 50.0, 100.0, None]
    recorded = Timeline(list(np.arange(8) / 10), False, {"left": left, "right": right})
    found = anchors([("left", 2.1, 2.3), ("right", 2.4, 2.6), ("left", 2.8, 3.0)], recorded)
    assert found == [[(2.1, 1.0), (2.3, 3.0), (2.4, 4.0), (2.6, 6.0)]]


@pytest.mark.parametrize("blur_face", [False, True])
@pytest.mark.parametrize(
    ("size", "tall", "start", "velocity"),
    [((320, 240), 150.0, (90.0, 210.0), (20.0, 0.0)), ((960, 240), 90.0, (60.0, 200.0), (330.0, 0.0))],
)
def test_the_drawn_points_lie_on_the_picture(tmp_path, blur_face, size, tall, start, velocity):
    keypoints = runner(size=size, tall=tall, start=start, velocity=velocity)
    section = film_section(made(tmp_path, keypoints, "knee_left", blur_face=blur_face))
    assert isinstance(section, ShownFilm)
    assert section.follows == (velocity[0] > 100)
    data = section.data
    names = [name for name in keypoints.names if name not in ("nose", "ear_left", "ear_right")]
    drawn = np.array(data.points).reshape(len(data.time), -1, 2)[:, names.index("knee_left")]
    frames = decoded(base64.b64decode(section.file))
    assert len(frames) == len(data.time) == len(data.foot)
    for (_, image), place in zip(frames, drawn, strict=True):
        green = image[..., 1].astype(float) - image[..., 0]
        y, x = np.nonzero(green > 90)
        assert np.hypot(x.mean() + 0.5 - place[0], y.mean() + 0.5 - place[1]) < 2.0


def test_the_head_is_unrecognisable_in_every_frame(tmp_path):
    keypoints = runner()
    checker = (255 * (np.indices((240, 320)).sum(axis=0) // 3 % 2)).astype(np.uint8)
    pictures = []
    for i in range(len(keypoints.time)):
        image = picture(keypoints, i, "hip_left")
        x, y = keypoints.pixels[i, 0].round().astype(int)
        image[y - 12 : y + 12, x - 9 : x + 9] = checker[y - 12 : y + 12, x - 9 : x + 9, None]
        pictures.append(image)
    hidden = keypoints.pixels.copy()
    hidden[:20, :3] = hidden[35:50, :3] = hidden[60:, :3] = np.nan
    hidden[40:44, 3:5] = np.nan
    path = write_film(tmp_path / "run.mp4", keypoints, pictures)
    layer = FilmLayer(path, Options(), replace(keypoints, pixels=hidden), stances(keypoints))
    sharp = {}
    for blur_face in (False, True):
        section = film_section(replace(layer, blur_face=blur_face))
        assert isinstance(section, ShownFilm)
        data, sharp[blur_face] = section.data, []
        view = window(hidden, keypoints.size, RATE)
        first = int(np.argmin(np.abs(keypoints.time - data.time[0])))
        for k, (_, image) in enumerate(decoded(base64.b64decode(section.file))):
            left, top = (keypoints.pixels[first + k, 0] - view.origin[0]) * view.scale[0]
            head = image[int(top) - 8 : int(top) + 8, int(left) - 6 : int(left) + 6, 0].astype(float)
            sharp[blur_face].append(np.abs(np.diff(head, axis=0)).mean())
    assert min(sharp[False]) > 40
    assert max(sharp[True]) < 15


def test_a_head_that_was_never_seen_is_looked_for_above_the_body():
    keypoints = runner()
    hidden = keypoints.pixels.copy()
    hidden[:, :3] = np.nan
    squares = head_squares(replace(keypoints, pixels=hidden))
    assert squares is not None
    assert (np.abs(keypoints.pixels[:, 0] - squares[:, :2]) < 0.7 * squares[:, 2:]).all()
    assert head_squares(replace(keypoints, pixels=np.full_like(hidden, np.nan))) is None


def test_the_patches_leave_the_rest_alone():
    image = np.random.default_rng(3).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    before = image.copy()
    pixelate(image, 3.0, 30.0, 12.0)
    assert len(np.unique(image[18:42, :15].reshape(-1, 3), axis=0)) <= 16
    assert (image[:18] == before[:18]).all() and (image[:, 15:] == before[:, 15:]).all()
    pixelate(image, 500.0, -300.0, 12.0)


def test_the_foot_line_rests_where_the_foot_rests(tmp_path):
    keypoints = runner(size=(960, 240), tall=90.0, start=(60.0, 200.0), velocity=(330.0, 0.0))
    resting = keypoints.pixels.copy()
    for side, start, stop in stances(keypoints):
        inside = (keypoints.time >= start) & (keypoints.time <= stop)
        for part in ("heel", "toe"):
            i = keypoints.names.index(f"{part}_{side}")
            resting[inside, i] = resting[inside, i].mean(axis=0)
    keypoints = replace(keypoints, pixels=resting)
    section = film_section(made(tmp_path, keypoints))
    assert section is not None
    data = section.data
    shift = np.array(data.shift)
    for _, start, stop in data.stances:
        at = [k for k, t in enumerate(data.time) if start <= t <= stop and data.foot[k] is not None]
        place = (np.array([data.foot[k] for k in at]) - shift[at, :2]) / shift[at, 2:]
        assert np.ptp(place, axis=0).max() < 0.5
    assert any(foot is None for foot in data.foot)


def test_the_upright_undoes_the_roll_of_the_camera(tmp_path):
    from headway.camera.roll import turned

    roll = 0.05
    section = film_section(made(tmp_path, runner(), roll=roll))
    assert section is not None
    up = np.array([[100.0 * section.data.lean, -100.0], [0.0, 0.0]])
    straight = turned(up, roll, (0, 0))
    assert straight[0, 0] == pytest.approx(0.0, abs=0.01)


def test_a_film_is_encoded_once_but_never_shown_with_the_face_of_another_run(tmp_path, monkeypatch):
    layer = made(tmp_path, runner())
    first = film_section(layer)
    blurred = film_section(replace(layer, blur_face=True))
    assert first.file != blurred.file
    monkeypatch.setattr("headway.report.film.encode_small", lambda *_: pytest.fail("encoded again"))
    assert film_section(layer).file == first.file
    assert film_section(replace(layer, blur_face=True)).file == blurred.file
    for path in (tmp_path / "cache").glob("film-*"):
        path.write_bytes(b"damaged")
    monkeypatch.undo()
    assert film_section(layer).file == first.file


def test_nobody_in_the_film_means_no_film(tmp_path):
    keypoints = runner()
    layer = made(tmp_path, keypoints)
    assert (
        film_section(replace(layer, keypoints=replace(keypoints, pixels=np.full_like(keypoints.pixels, np.nan))))
        is None
    )


def test_a_film_that_has_gone_is_named_in_the_report(tmp_path, analysis):
    from headway.report.html import render

    layer = replace(made(tmp_path, runner()), path=tmp_path / "gone.mp4")
    page = render(analysis(), layer)
    assert "Not shown for this recording" in page
    assert "<video" not in page and "media-src" not in page


def test_without_a_film_the_page_has_none(analysis):
    from headway.report.html import render

    page = render(analysis())
    assert "<video" not in page and "media-src" not in page and 'id="film-file' not in page


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    encode_small(noise(), (160, 120), 40 / RATE, 60_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["av"])
def test_without_the_extra_one_line_says_so(name, monkeypatch):
    from headway.errors import HeadwayError

    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(HeadwayError, match='extra "video"'):
        encode_small(noise(), (160, 120), 1.0, 100_000)


def test_a_film_whose_slow_motion_was_found_shows_the_pictures_of_its_points(tmp_path):
    from types import SimpleNamespace

    import pandas as pd

    from headway.report.film_layers import film_layers

    points = replace(runner(), film=str(tmp_path / "film.mp4"), source="film.mp4")
    steps = pd.DataFrame({"side": [], "initial_contact": [], "toe_off": []})
    summary = SimpleNamespace(recordings=None, recording=SimpleNamespace(source="film.mp4", view="side", camera=None))
    for found in (1.0, 8.0):
        analysis = SimpleNamespace(films=(replace(points, slow_motion=found),), steps=steps, summary=summary)
        (layer,) = film_layers(analysis, Options())
        assert (layer.options.slow_motion or 1.0) == found


def test_a_picture_that_is_shown_three_times_is_in_the_small_film_once(tmp_path):
    shown = runner(frames=30)
    slowed = replace(shown, time=3 * shown.time)
    pictures = (picture(slowed, i, "hip_left") for i in range(30) for _ in range(3))
    layer = FilmLayer(write_film(tmp_path / "run.mp4", slowed, pictures), Options(cache=tmp_path / "cache"), slowed)
    film = film_section(layer)
    assert isinstance(film, ShownFilm)
    times = [time for time, _ in decoded(base64.b64decode(film.file))]
    assert times == pytest.approx(slowed.time[: len(times)], abs=1e-3)
