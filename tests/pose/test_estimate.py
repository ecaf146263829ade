import sys
import time
from pathlib import Path

import numpy as np
import pytest

from headway.errors import HeadwayError, OptionError, RecordingError
from headway.options import Options
from headway.pose.mediapipe_model import NAMES, MediaPipeModel, quiet

av = pytest.importorskip("av")
SIDE, BACK = "side_track_30fps_running.mp4", "back_park_30fps_runner.mp4"


def write_film(path: Path, pictures: list[np.ndarray], rate: int = 30) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], "yuv420p"
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def pictures(path: Path, first: int, last: int) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [f.to_ndarray(format="rgb24") for k, f in enumerate(container.decode(video=0)) if first <= k < last]


def test_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from headway.pose import mediapipe_model

    mediapipe_model._solution.cache_clear()
    monkeypatch.setattr(mediapipe_model, "available", lambda: False)
    for python, words in (((3, 12), 'extra "video"'), ((3, 13), "--pose-model")):
        version = type("Version", (tuple,), {"major": python[0], "minor": python[1]})(python)
        monkeypatch.setattr(sys, "version_info", version)
        with pytest.raises(OptionError) as caught:
            MediaPipeModel()
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)
    monkeypatch.undo()


def test_standard_error_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    import os

    with quiet(), quiet():
        os.write(2, b"chatter")
    print("heard", file=sys.stderr)
    sys.stderr.flush()
    assert capfd.readouterr().err == "heard\n"


def test_names_are_those_of_the_model() -> None:
    pytest.importorskip("mediapipe")
    from mediapipe.python.solutions.pose import PoseLandmark

    assert tuple(p.name for p in PoseLandmark) == NAMES


def test_small_runner_in_a_wide_picture(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe")
    from headway.pose.estimate import estimate_keypoints

    options = Options(start=2.0, stop=3.5, cache=tmp_path)
    calls: list[tuple[int, int]] = []
    points = estimate_keypoints(data / "videos" / SIDE, options, lambda done, of: calls.append((done, of)))
    seen = np.isfinite(points.pixels[..., 0])
    assert seen.any(axis=1).mean() > 0.97
    assert calls[-1][0] == calls[-1][1]
    assert len(points.time) == pytest.approx(calls[-1][0] / 3, abs=1)  # every picture is in this film three times
    assert len(calls) == calls[-1][0]
    hips = (points.position("LEFT_HIP") + points.position("RIGHT_HIP")) / 2
    ears = points.position("LEFT_EAR")
    # Runs from left to right at a steady speed, 168 px tall; the film shows every picture three times, so it jumps by 28 px.
    speed = np.polyfit(points.time, hips[:, 0], 1)
    assert 250 < speed[0] < 300
    assert np.abs(hips[:, 0] - np.polyval(speed, points.time)).max() < 35
    assert 55 < np.median(hips[:, 1] - ears[:, 1]) < 85
    assert points.kind == "mediapipe"
    assert points.size == (1680, 720)
    began = time.process_time()
    again = estimate_keypoints(data / "videos" / SIDE, options)
    assert time.process_time() - began < 1.0
    assert np.array_equal(again.pixels, points.pixels, equal_nan=True)


def test_points_outside_the_picture_are_gaps(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe")
    from headway.pose.estimate import estimate_keypoints

    film = write_film(tmp_path / "cut.mp4", [p[200:640, 560:980] for p in pictures(data / "videos" / SIDE, 55, 95)])
    points = estimate_keypoints(film, Options(cache=tmp_path))
    gone = ~np.isfinite(points.pixels[..., 0])
    assert (points.confidence[gone] == 0).all()
    inside = points.pixels[~gone]
    assert ((inside >= 0) & (inside <= points.size)).all()


def test_network_that_does_not_see_the_runner(data: Path, tmp_path: Path) -> None:
    """A network of the user's own that points everywhere but at the runner: found, but not followed."""
    for package in ("mediapipe", "onnxruntime", "onnx"):
        pytest.importorskip(package)
    import onnx
    from onnx import helper

    from headway.pose.estimate import estimate_keypoints

    shapes = {"x": (1, 26, 384), "y": (1, 26, 512)}
    nodes = []
    for name, shape in shapes.items():
        bins = onnx.numpy_helper.from_array(np.random.default_rng(0).random(shape, np.float32))
        nodes.append(helper.make_node("Constant", [], [name], value=bins))
    outputs = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    entry = helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, (1, 3, 256, 192))
    graph = helper.make_graph(nodes, "noise", [entry], outputs)
    network = tmp_path / "noise.onnx"
    network.write_bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8).SerializeToString()
    )
    options = Options(start=2.0, stop=3.2, cache=tmp_path, pose_model=network)
    with pytest.raises(RecordingError, match="could not be followed") as caught:
        estimate_keypoints(data / "videos" / SIDE, options)
    assert "\n" not in str(caught.value)


def test_missing_pose_model_is_one_line(tmp_path: Path) -> None:
    from headway.pose.estimate import estimate_keypoints

    noise = np.random.default_rng(0).integers(0, 255, (60, 64, 64, 3), np.uint8)
    film = write_film(tmp_path / "film.mp4", list(noise))
    with pytest.raises(OptionError, match="no such file"):
        estimate_keypoints(film, Options(cache=tmp_path, pose_model=tmp_path / "no.onnx"))


@pytest.mark.slow
def test_receding_runner(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe")
    from headway.pose.estimate import estimate_keypoints

    points = estimate_keypoints(data / "videos" / BACK, Options(cache=tmp_path))
    assert np.isfinite(points.pixels[..., 0]).any(axis=1).mean() > 0.98
    tall = points.position("LEFT_HEEL")[:, 1] - points.position("LEFT_EAR")[:, 1]
    assert np.nanmedian(tall[:20]) > 350
    assert 85 < np.nanmedian(tall[-20:]) < 120
    assert points.background is not None
    assert np.abs(points.background).max() < 1.0


@pytest.mark.slow
def test_two_runners_are_told_apart(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe")
    from headway.pose.estimate import estimate_keypoints

    halves = [p[:, :640] for p in pictures(data / "videos" / BACK, 60, 110)]
    film = write_film(tmp_path / "two.mp4", [np.hstack([p, p[:, ::-1]]) for p in halves])
    with pytest.raises(RecordingError, match="two equally large runners") as caught:
        estimate_keypoints(film, Options(cache=tmp_path))
    Path(str(caught.value).rpartition("still: ")[2].rstrip(")")).unlink()
    for number, low, high in ((1, 0, 640), (2, 640, 1280)):
        points = estimate_keypoints(film, Options(cache=tmp_path, person=number))
        across = points.position("LEFT_HIP")[:, 0]
        assert np.isfinite(across).mean() > 0.95
        assert low < np.nanmin(across) <= np.nanmax(across) < high


@pytest.mark.slow
def test_film_without_a_person(tmp_path: Path) -> None:
    pytest.importorskip("mediapipe")
    from headway.pose.estimate import estimate_keypoints

    random = np.random.default_rng(0)
    ground = random.integers(0, 255, (36, 64, 3)).repeat(10, 0).repeat(10, 1).astype(np.uint8)
    film = write_film(tmp_path / "empty.mp4", [np.roll(ground, 3 * k, axis=1) for k in range(60)])
    with pytest.raises(HeadwayError, match="no person found") as caught:
        estimate_keypoints(film, Options(cache=tmp_path))
    assert "\n" not in str(caught.value)
