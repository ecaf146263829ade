import struct
import threading
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headway.errors import OptionError, RecordingError
from headway.options import Options
from headway.pose import film_decode
from headway.pose.film import open_film
from headway.pose.film_decode import Upright

from .make_film import make_film, make_sound, picture, set_matrix

pytest.importorskip("av")
STEADY = np.arange(60) / 30


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "a.mp4", STEADY)


def _times(path: Path, **options: Any) -> np.ndarray:
    return np.array([frame.time for frame in open_film(path, Options(**options)).frames()])


def _codes(path: Path, **options: Any) -> set[str]:
    opened = open_film(path, Options(**options))
    opened.survey()
    for _ in opened.frames():
        pass
    return {flag.code for flag in opened.flags}


def test_pictures_and_times_come_out_as_they_went_in(film: Path) -> None:
    opened = open_film(film)
    frames = list(opened.frames())
    assert opened.size == (320, 180)
    assert opened.frames_expected == len(frames) == 60
    assert opened.rate == pytest.approx(30, rel=1e-3)
    assert opened.duration == pytest.approx(2.0, abs=1e-3)
    assert [frame.index for frame in frames] == list(range(60))
    np.testing.assert_allclose([frame.time for frame in frames], STEADY, atol=1e-4)
    error = np.abs(frames[20].image.astype(int) - picture(STEADY[20]))
    assert error.mean() < 6
    assert frames[0].image.flags["C_CONTIGUOUS"] and frames[0].grey.shape == (135, 240)
    assert opened.flags == ()


@pytest.mark.parametrize("name", ["a.mov", "a.m4v", "a.mkv", "a.webm", "a.avi", "hevc.mov"])
def test_any_container(tmp_path: Path, name: str) -> None:
    codec = {"a.webm": "libvpx", "hevc.mov": "libx265", "a.avi": "mpeg4"}.get(name, "libx264")
    more = {"libx265": {"x265-params": "log-level=none"}}.get(codec, {})
    from fractions import Fraction

    path = make_film(tmp_path / name, STEADY, codec=codec, time_base=Fraction(1, 30), **more)
    opened = open_film(path)
    times = [frame.time for frame in opened.frames()]
    assert opened.rate == pytest.approx(30, rel=0.002)
    assert len(times) == opened.frames_expected
    np.testing.assert_allclose(times, STEADY[: len(times)], atol=0.002)
    assert len(times) >= 59


def test_variable_rate_keeps_real_times(tmp_path: Path) -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.045, 60))
    times -= times[0]
    path = make_film(tmp_path / "v.mp4", times)
    np.testing.assert_allclose(_times(path), times, atol=1e-4)
    assert "variable_rate" in _codes(path) or "uneven_times" in _codes(path)


def test_missing_pictures_are_told(tmp_path: Path) -> None:
    times = np.delete(np.arange(80) / 30, slice(30, 42))
    assert "pictures_missing" in _codes(make_film(tmp_path / "g.mp4", times))


@pytest.mark.parametrize(
    ("matrix", "size", "red"),
    [
        ((1, 0, 0, 1), (320, 180), (0, 0)),
        ((0, 1, -1, 0), (180, 320), (0, 1)),
        ((0, -1, 1, 0), (180, 320), (1, 0)),
        ((-1, 0, 0, -1), (320, 180), (1, 1)),
        ((-1, 0, 0, 1), (320, 180), (0, 1)),
        ((1, 0, 0, -1), (320, 180), (1, 0)),
    ],
)
def test_pictures_are_turned_as_players_do(
    tmp_path: Path, matrix: tuple[int, int, int, int], size: tuple[int, int], red: tuple[int, int]
) -> None:
    """The red corner, top left as filmed, lands where the display matrix puts it (row, column of the corner)."""
    opened = open_film(set_matrix(make_film(tmp_path / "r.mp4", STEADY), *matrix))
    frame = next(iter(opened.frames()))
    assert opened.size == size == (frame.image.shape[1], frame.image.shape[0])
    corners = frame.image[[[5], [-6]], [5, -6]].astype(int)
    redness = corners[..., 0] - corners[..., 1:].mean(axis=-1)
    assert np.unravel_index(redness.argmax(), (2, 2)) == red
    assert redness[red] > 120


def test_slow_motion_is_undone(film: Path) -> None:
    opened = open_film(film, Options(slow_motion=1.5))
    assert opened.rate == pytest.approx(45, rel=1e-3)
    np.testing.assert_allclose(_times(film, slow_motion=1.5), STEADY / 1.5, atol=1e-4)


def test_tag_of_android_phones(tmp_path: Path) -> None:
    """A tag of 240 in a film of 30 per second is slow motion; the same tag in a film of 240 per second is none."""
    slow = make_film(tmp_path / "s.mp4", np.arange(300) / 30, metadata={"com.android.capture.fps": "240.000000"})
    opened = open_film(slow)
    assert opened.slow_motion == pytest.approx(8, rel=1e-3)
    assert opened.rate == pytest.approx(240, rel=1e-3)
    assert [flag.code for flag in opened.flags] == ["slow_motion_tag"]
    assert open_film(slow, Options(slow_motion=1)).rate == pytest.approx(30, rel=1e-3)
    assert "slow_motion_differs" in {flag.code for flag in open_film(slow, Options(slow_motion=4)).flags}
    fast = make_film(tmp_path / "f.mp4", np.arange(300) / 240, metadata={"com.android.capture.fps": "240.000000"})
    assert open_film(fast).slow_motion == 1
    assert open_film(fast).rate == pytest.approx(240, rel=1e-3)


def test_part_of_a_film(film: Path) -> None:
    whole = list(open_film(film).frames())
    opened = open_film(film, Options(start=0.69, stop=1.81))
    part = list(opened.frames())
    inside = [frame for frame in whole if 0.69 <= frame.time <= 1.81]
    assert opened.frames_expected == len(part) == len(inside)
    assert part[0].index == 0
    assert part[0].time == inside[0].time
    assert np.array_equal(part[0].image, inside[0].image)


def test_samples_are_frames(film: Path) -> None:
    whole = list(open_film(film).frames())
    for frame in open_film(film).sample(5):
        assert np.array_equal(frame.image, whole[frame.index].image)
        assert frame.time == whole[frame.index].time
    assert [frame.index for frame in open_film(film).sample(3)] == [10, 30, 50]


def test_samples_kept_by_the_survey_are_those_that_seeking_finds(film: Path) -> None:
    opened = open_film(film)
    (shot,) = opened.survey(keep=5)
    for kept, sought in zip(opened.sample(5, shot), open_film(film).sample(5), strict=True):
        assert (kept.index, kept.time) == (sought.index, sought.time)
        assert np.array_equal(kept.image, sought.image)
    next(opened.frames())
    assert not opened._kept


def test_smaller_images(film: Path) -> None:
    assert next(iter(open_film(film).frames(width=160))).image.shape == (90, 160, 3)


def test_repeated_pictures_are_told(tmp_path: Path) -> None:
    doubled = make_film(tmp_path / "d.mp4", np.arange(90) / 60, images=lambda t: picture(int(t * 30 + 0.01) / 30))
    opened = open_film(doubled)
    opened.survey()
    repeated = opened.repeated
    assert "repeated_pictures" in {flag.code for flag in opened.flags}
    assert repeated[1::2].mean() > 0.9 and repeated[::2].mean() < 0.1
    assert "repeated_pictures" not in _codes(make_film(tmp_path / "e.mp4", np.arange(90) / 60))


def test_leaving_early_stops_the_thread(film: Path) -> None:
    frames = open_film(film).frames()
    next(frames)
    frames.close()  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        for _ in open_film(film).frames():
            raise KeyboardInterrupt
    del frames
    assert not [thread for thread in threading.enumerate() if thread.name == "headway-film" and thread.is_alive()]


def _message(path: Path, **options: Any) -> str:
    with pytest.raises(RecordingError) as caught:
        for _ in open_film(path, Options(**options)).frames():
            pass
    message = str(caught.value)
    assert "\n" not in message and message.startswith(str(path))
    return message


def test_files_that_are_no_films(tmp_path: Path) -> None:
    files = {
        name: tmp_path / name for name in ("none.mp4", "empty.mp4", "text.mp4", "photo.mp4", "photo.heic", "a.json")
    }
    files["empty.mp4"].touch()
    files["text.mp4"].write_text("this is no film at all\n" * 100)
    make_film(tmp_path / "photo.jpg", [0.0], codec="mjpeg", update="1")
    files["photo.mp4"].write_bytes((tmp_path / "photo.jpg").read_bytes())
    files["photo.heic"].write_bytes(struct.pack(">I", 24) + b"ftypheic" + bytes(40))
    files["a.json"].write_text("{}")
    assert "no such file" in _message(files["none.mp4"])
    assert "folder" in _message(tmp_path)
    assert "empty" in _message(files["empty.mp4"])
    assert "not a film" in _message(files["text.mp4"])
    assert "not a film" in _message(files["a.json"])
    assert "still picture" in _message(files["photo.mp4"])
    assert "still picture" in _message(files["photo.heic"])
    assert "sound" in _message(make_sound(tmp_path / "a.wav"))
    assert "still picture" in _message(make_film(tmp_path / "one.mp4", [0.0]))


def test_pictures_too_large_are_refused_before_memory_is_asked_for(film: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(film_decode._BOUNDS, "max_pixels", "1000")
    assert "larger than 8K" in _message(film)


def test_pixels_of_a_thousand_times_their_height_are_taken_for_squares() -> None:
    frame = SimpleNamespace(width=64, height=48, side_data=[])
    assert Upright(SimpleNamespace(sample_aspect_ratio=Fraction(2, 1))).size(frame) == (128, 48)
    assert Upright(SimpleNamespace(sample_aspect_ratio=Fraction(1000, 1))).size(frame) == (64, 48)


def test_too_slow_too_short_too_late(tmp_path: Path, film: Path) -> None:
    slow = make_film(tmp_path / "slow.mp4", np.arange(40) / 10)
    assert "10 frames per second" in _message(slow) and "60" in _message(slow)
    assert "real time" in _message(make_film(tmp_path / "short.mp4", np.arange(20) / 30))
    assert "ends at 2.0 s" in _message(film, start=50.0)
    assert "0.50 s" in _message(film, slow_motion=4.0)


def test_options_that_cannot_be() -> None:
    for bad in ({"slow_motion": 0.0}, {"start": -1.0}, {"start": 2.0, "stop": 1.0}, {"rate": 0.0}, {"person": 0}):
        with pytest.raises(OptionError):
            Options(**bad)  # type: ignore[arg-type]


def test_film_without_its_index(film: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film.read_bytes()[:-3000])
    assert "incomplete" in _message(cut)


def test_film_cut_in_the_middle(tmp_path: Path) -> None:
    """With the index in front, what is there is used, if it is 2 s."""
    whole = _index_first(make_film(tmp_path / "w.mp4", np.arange(150) / 30))
    content = whole.read_bytes()
    begin = content.index(b"mdat")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: begin + int(0.6 * (len(content) - begin))])
    opened = open_film(cut)
    seen = sum(1 for _ in opened.frames())
    assert 60 < seen < 150
    assert "film_cut_off" in {flag.code for flag in opened.flags}
    cut.write_bytes(content[: begin + int(0.2 * (len(content) - begin))])
    assert "damaged" in _message(cut)


def test_garbage_inside_a_film(tmp_path: Path) -> None:
    content = bytearray(make_film(tmp_path / "w.mp4", np.arange(150) / 30).read_bytes())
    middle = content.index(b"mdat") + (content.index(b"moov") - content.index(b"mdat")) // 2
    content[middle : middle + 4000] = np.random.default_rng(0).bytes(4000)
    (tmp_path / "w.mp4").write_bytes(content)
    times = _times(tmp_path / "w.mp4")
    assert len(times) > 100 and (np.diff(times) > 0).all()


def _index_first(path: Path) -> Path:
    """Copy the packets with the index in front."""
    import av

    target = path.with_name("first.mp4")
    with av.open(str(path)) as source, av.open(str(target), "w", options={"movflags": "faststart"}) as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                sink.mux(packet)
    return target


@pytest.mark.parametrize(
    ("name", "size", "rate", "count", "new"),
    [
        ("back_park_30fps_runner.mp4", (1280, 720), 29.97, 361, 29.97),
        ("side_track_30fps_running.mp4", (1680, 720), 30, 185, 10),
    ],
)
def test_real_films(data: Path, name: str, size: tuple[int, int], rate: float, count: int, new: float) -> None:
    """The screen recording shows a new picture only ten times a second."""
    opened = open_film(data / "videos" / name)
    assert opened.size == size
    assert opened.rate == pytest.approx(rate, rel=1e-3)
    assert opened.frames_expected == count
    frames = [(frame.index, frame.time) for frame in opened.frames()]
    assert len(frames) == count
    np.testing.assert_allclose([time for _, time in frames], np.arange(count) / rate, atol=2e-3)
    opened.survey()
    assert (~opened.repeated).mean() * rate == pytest.approx(new, rel=0.1)
