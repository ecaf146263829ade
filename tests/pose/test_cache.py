import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.cache import cache_folder
from headway.options import Options
from headway.pose.cache import cache_key, load_cached, save_cached
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, Processing


def _points(film: Path, frames: int = 40, **changes: Any) -> KeyPoints:
    rng = np.random.default_rng(0)
    pixels = rng.normal(500, 100, (frames, 3, 2))
    pixels[5:9, 1] = np.nan
    points = KeyPoints(
        time=np.cumsum(rng.uniform(0.01, 0.02, frames)),
        names=("LEFT_EAR", "RIGHT_EAR", "Fuß"),
        pixels=pixels,
        confidence=rng.uniform(size=(frames, 3)),
        size=(1080, 1920),
        source=str(film),
        kind="mediapipe",
        background=rng.normal(size=(frames, 2)),
        film=str(film),
        log=(Processing("estimate", {"model": "a", "box": (1.5, 2.0), "parts": [1, None, {"x": (True,)}]}),),
        flags=(Flag("slow_motion_tag", "info", "Eight times."),),
    )
    return replace(points, **changes)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"pictures" * 1000)
    return path


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(cache=tmp_path / "cache" / "deep")


@pytest.mark.parametrize("changes", [{}, {"background": None, "metres_per_pixel": 0.002}])
def test_key_points_come_back_exactly(film: Path, options: Options, changes: dict[str, Any]) -> None:
    points = _points(film, **changes)
    key = cache_key(film, options, "m 1")
    assert load_cached(key, options, film) is None
    assert save_cached(key, options, points)
    back = load_cached(key, options, film)
    assert back is not None
    for field in fields(KeyPoints):
        one, other = getattr(points, field.name), getattr(back, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True), field.name
        else:
            assert one == other, field.name


def test_the_key_follows_content_and_options(film: Path, options: Options, tmp_path: Path) -> None:
    key = cache_key(film, options, "m 1")
    copy = tmp_path / "elsewhere.mov"
    copy.write_bytes(film.read_bytes())
    assert cache_key(copy, replace(options, cache=tmp_path), "m 1") == key
    model = tmp_path / "net.onnx"
    model.write_bytes(b"1")
    keys = {key, cache_key(film, options, "m 2"), cache_key(film, replace(options, pose_model=model), "m 1")}
    for change in ({"start": 1.0}, {"stop": 1.0}, {"slow_motion": 8.0}, {"person": 2}):
        keys.add(cache_key(film, replace(options, **change), "m 1"))
    model.write_bytes(b"2")
    keys.add(cache_key(film, replace(options, pose_model=model), "m 1"))
    film.write_bytes(b"Pictures" * 1000)
    keys.add(cache_key(film, options, "m 1"))
    assert len(keys) == 9


def test_a_film_that_moved_is_named_where_it_is(film: Path, options: Options, tmp_path: Path) -> None:
    save_cached("k", options, _points(film))
    back = load_cached("k", options, tmp_path / "new.mp4")
    assert back is not None and back.source == back.film == str(tmp_path / "new.mp4")


def test_damaged_entries_are_passed_over(film: Path, options: Options) -> None:
    save_cached("k", options, _points(film))
    (path,) = cache_folder(options.cache).glob("*.npz")
    whole = path.read_bytes()
    for content in (b"", b"nonsense", whole[: len(whole) // 2], whole[:200] + bytes(400) + whole[600:]):
        path.write_bytes(content)
        assert load_cached("k", options, film) is None
    assert save_cached("k", options, _points(film))
    assert load_cached("k", options, film) is not None


def test_without_a_folder_it_goes_on(film: Path, tmp_path: Path) -> None:
    blocked = Options(cache=film / "below a file")
    assert not save_cached("k", blocked, _points(film))
    assert load_cached("k", blocked, film) is None


def test_what_was_not_used_for_longest_goes_first(film: Path, options: Options) -> None:
    points = _points(film)
    for age, key in enumerate("abcd"):
        save_cached(key, options, points)
        path = cache_folder(options.cache) / f"pose-{key}.npz"
        os.utime(path, (1000 + age, 1000 + age))
    size = (cache_folder(options.cache) / "pose-a.npz").stat().st_size
    load_cached("a", options, film)
    save_cached("e", options, points, largest=3 * size + 10)
    assert {path.name for path in cache_folder(options.cache).iterdir()} == {"pose-a.npz", "pose-d.npz", "pose-e.npz"}


def test_nothing_half_written_stays(film: Path, options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_cached("k", options, _points(film))
    assert not list(cache_folder(options.cache).iterdir())


def test_where_the_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADWAY_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "headway"
    monkeypatch.setenv("HEADWAY_CACHE", str(tmp_path / "h"))
    assert cache_folder() == tmp_path / "h"
    assert cache_folder(tmp_path) == tmp_path
