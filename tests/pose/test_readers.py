"""Key points made elsewhere: known values, gaps in time, faults of one line."""

import json

import numpy as np
import pytest

from headway.body.landmarks import identify
from headway.errors import RecordingError
from headway.options import Options
from headway.pose.mediapipe_files import POINTS
from headway.pose.openpose import BODY_25, HALPE_26
from headway.pose.sports2d import read_sports2d
from headway.sources import holds, load_keypoints
from headway.synthetic.camera import PhoneCamera, film, runner_points
from headway.synthetic.runner import SyntheticRunner

AT_30 = Options(rate=30.0)


def body(names, shift=0.0, height=400.0):
    """An upright body: x by side, y by part of the body, px."""
    levels = {"nose": 0.0, "ear": 0.02, "eye": 0.02, "head": 0.0, "neck": 0.15, "shoulder": 0.16, "elbow": 0.3, "wrist": 0.4,
              "hip": 0.48, "knee": 0.73, "ankle": 0.95, "heel": 0.98, "toe": 1.0}  # fmt: skip
    rows = []
    for name in names:
        level = next(value for part, value in levels.items() if part in name.lower())
        side = 1.0 if name.startswith(("R", "r")) else -1.0 if name.startswith(("L", "l")) else 0.0
        rows.append((500.0 + shift + 30 * side, 100.0 + height * level, 0.8))
    return np.array(rows)


def write_openpose(folder, names=BODY_25, numbers=range(40), people=1, **options):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    for number in numbers:
        bodies = [body(names, shift=5.0 * number), body(names, shift=700.0, height=120.0)][:people]
        content = {
            "version": 1.3,
            "people": [{"pose_keypoints_2d": bodies[k].ravel().tolist()} for k in random.permutation(people)],
        }
        (folder / f"film_{number:012d}_keypoints.json").write_text(json.dumps(content))
    return folder


def one_line(fault):
    assert "\n" not in str(fault.value)
    return str(fault.value)


@pytest.mark.parametrize("names", [BODY_25, HALPE_26])
def test_openpose_folder(tmp_path, names):
    found = load_keypoints(write_openpose(tmp_path / "film", names, people=2), AT_30)
    assert found.names == names
    assert found.pixels.shape == (40, len(names), 2)
    expected = body(names, shift=5.0 * 7)
    np.testing.assert_allclose(found.pixels[7], expected[:, :2])
    np.testing.assert_allclose(found.confidence, 0.8)
    assert found.size == (1230, 500)
    assert found.rate == pytest.approx(30.0)
    landmarks = identify(found.names)
    assert not landmarks.left_over and landmarks.names["RBigToe"] == "toe_right"


def test_missing_number_is_a_gap_in_time(tmp_path):
    numbers = [*range(95, 105), *range(110, 130)]
    found = load_keypoints(write_openpose(tmp_path / "film" / "json", numbers=numbers).parent, AT_30)
    np.testing.assert_allclose(found.time, np.array(numbers) / 30.0)


def test_zero_is_not_seen(tmp_path):
    folder = write_openpose(tmp_path / "film")
    file = folder / "film_000000000012_keypoints.json"
    content = json.loads(file.read_text())
    content["people"][0]["pose_keypoints_2d"][:3] = [0, 0, 0]
    file.write_text(json.dumps(content))
    found = load_keypoints(folder, AT_30)
    assert np.isnan(found.pixels[12, 0]).all() and found.confidence[12, 0] == 0
    assert np.isfinite(found.pixels).all(2).sum() == found.pixels.shape[0] * 25 - 1


def test_openpose_faults(tmp_path):
    folder = write_openpose(tmp_path / "film")
    with pytest.raises(RecordingError, match="--rate 30") as fault:
        load_keypoints(folder)
    one_line(fault)
    with pytest.raises(RecordingError, match="one frame only"):
        load_keypoints(folder / "film_000000000001_keypoints.json", AT_30)
    (folder / "film_000000000005_keypoints.json").write_text('{"people": [')
    with pytest.raises(RecordingError, match="000005"):
        load_keypoints(folder, AT_30)
    (folder / "film_000000000005_keypoints.json").write_text('{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}')
    with pytest.raises(RecordingError, match="1 and 25 key points"):
        load_keypoints(folder, AT_30)
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordingError, match="is a folder"):
        load_keypoints(tmp_path / "empty", AT_30)


def test_alphapose_list(tmp_path):
    rows = [
        {"image_id": f"{k}.jpg", "score": 2.5, "keypoints": body(HALPE_26, shift=4.0 * k).ravel().tolist()}
        for k in range(30)
    ]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(rows[::-1]))
    found = load_keypoints(path, AT_30)
    assert found.names == HALPE_26 and len(found.time) == 30
    np.testing.assert_allclose(found.pixels[9], body(HALPE_26, shift=36.0)[:, :2])


def test_one_file_of_all_frames_by_coco_and_mmpose(tmp_path):
    frames = [body(HALPE_26, shift=4.0 * k) for k in range(30)]
    of_coco = {
        "images": [{"id": k, "file_name": f"{k:06d}.jpg"} for k in range(30)],
        "annotations": [{"id": k, "image_id": k, "keypoints": one.ravel().tolist()} for k, one in enumerate(frames)],
    }
    of_mmpose = {
        "meta_info": {"dataset_name": "halpe26"},
        "instance_info": [
            {"frame_id": k, "instances": [{"keypoints": one[:, :2].tolist(), "keypoint_scores": one[:, 2].tolist()}]}
            for k, one in enumerate(frames)
        ],
    }
    for name, content in (("coco", of_coco), ("mmpose", of_mmpose)):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        found = load_keypoints(path, AT_30)
        assert found.names == HALPE_26 and len(found.time) == 30
        np.testing.assert_allclose(found.pixels[9], frames[9][:, :2])
        np.testing.assert_allclose(found.confidence, 0.8)
    of_mmpose["instance_info"][3]["instances"][0]["keypoint_scores"].pop()
    path.write_text(json.dumps(of_mmpose))
    with pytest.raises(RecordingError, match="do not fit together"):
        load_keypoints(path, AT_30)


TABLES = {
    "sleap": ("track,frame_idx,instance.score,{}", "{n}.x,{n}.y,{n}.score", "track_0,{k},0.9,{}", "{x},{y},{c}"),
    "a flat depth": ("frame,{}", "{n}_x,{n}_y,{n}_z", "{k},{}", "{x},{y},0.0"),
}


@pytest.mark.parametrize("how", TABLES)
def test_tables_of_key_points(tmp_path, how):
    top, name, front, values = TABLES[how]
    lines = [top.format(",".join(name.format(n=one) for one in BODY_25))]
    for k in range(30):
        cells = ",".join(values.format(x=x, y=y, c=c) for x, y, c in body(BODY_25, shift=4.0 * k))
        lines.append(front.format(cells, k=k))
    (tmp_path / "pose.csv").write_text("\n".join(lines))
    found = load_keypoints(tmp_path / "pose.csv", AT_30)
    assert found.names == BODY_25
    np.testing.assert_allclose(found.pixels[9], body(BODY_25, shift=36.0)[:, :2])


def test_a_row_for_every_point(tmp_path):
    lines = ["frame,timestamp_ms,landmark_id,landmark_name,x,y,z,visibility"]
    for k in range(30):
        for number, (name, (x, y, c)) in enumerate(zip(BODY_25, body(BODY_25, shift=4.0 * k), strict=True)):
            lines.append(f"{k},{20 * k},{number},{name},{x},{y},0.1,{c}")
    (tmp_path / "pose.csv").write_text("\n".join(lines))
    found = load_keypoints(tmp_path / "pose.csv")
    assert found.names == BODY_25 and found.rate == pytest.approx(50.0)
    np.testing.assert_allclose(found.pixels[9], body(BODY_25, shift=36.0)[:, :2])


def test_points_that_several_cameras_saw_are_in_space(tmp_path):
    names = [f"{one}_{value}" for one in BODY_25 for value in ("x", "y", "z", "error", "ncams", "score")]
    rows = [",".join([*(f"{x + k},{y},300,1.2,3,0.9" for x, y, _ in body(BODY_25)), str(k)]) for k in range(30)]
    (tmp_path / "pose_3d.csv").write_text("\n".join([",".join([*names, "fnum"]), *rows]))
    assert holds(tmp_path / "pose_3d.csv") == "recording"


def mediapipe_rows(width=1.0, height=1.0, **extra):
    names = [name.replace("RIGHT_", "R_").replace("LEFT_", "L_") for name in POINTS]
    parts = {
        "INDEX": "WRIST",
        "PINKY": "WRIST",
        "THUMB": "WRIST",
        "MOUTH": "NOSE",
        "L_FOOT_WRIST": "L_TOE",
        "R_FOOT_WRIST": "R_TOE",
    }
    for old, new in parts.items():
        names = [name.replace(old, new) for name in names]
    frames = []
    for k in range(30):
        points = body(names, shift=3.0 * k)
        landmarks = [{"x": x / width, "y": y / height, "z": 0.1, "visibility": c} for x, y, c in points]
        frames.append({"frame": k, "landmarks": landmarks, **{key: value(k) for key, value in extra.items()}})
    return names, frames


def test_mediapipe_json_normalised(tmp_path):
    names, frames = mediapipe_rows(1920, 1080, timestamp_ms=lambda k: 40.0 * k)
    path = tmp_path / "pose.json"
    path.write_text(json.dumps(frames))
    with pytest.raises(RecordingError, match="unknown size") as fault:
        load_keypoints(path)
    assert "width and height" in one_line(fault)
    path.write_text(json.dumps({"width": 1920, "height": 1080, "frames": frames}))
    found = load_keypoints(path)
    assert found.size == (1920, 1080) and found.names == POINTS
    np.testing.assert_allclose(found.time, 0.04 * np.arange(30))
    np.testing.assert_allclose(found.pixels[8], body(names, shift=24.0)[:, :2])
    slow = load_keypoints(path, Options(slow_motion=4.0, start=0.2, stop=0.8))
    np.testing.assert_allclose(slow.time, 0.01 * np.arange(5, 21))


def test_mediapipe_json_in_pixels_needs_a_clock(tmp_path):
    _, frames = mediapipe_rows()
    path = tmp_path / "pose.json"
    path.write_text(json.dumps(frames))
    with pytest.raises(RecordingError, match="no times"):
        load_keypoints(path)
    assert load_keypoints(path, AT_30).rate == pytest.approx(30.0)


@pytest.mark.parametrize("spelling", [str.upper, str.lower])
def test_mediapipe_csv(tmp_path, spelling):
    names, frames = mediapipe_rows()
    header = [
        "time",
        "width",
        "height",
        *(f"{spelling(name)}_{value}" for name in POINTS for value in ("x", "y", "z", "visibility")),
    ]
    lines = [",".join(header)]
    for k, frame in enumerate(frames):
        cells = [f"{p['x'] / 1280:.9f},{p['y'] / 720:.9f},0.0,{p['visibility']}" for p in frame["landmarks"]]
        lines.append(",".join([f"{k / 60:.6f}", "1280", "720", *cells]))
    path = tmp_path / "pose.csv"
    path.write_text("\n".join(lines))
    assert holds(path) == "keypoints"
    found = load_keypoints(path)
    assert found.rate == pytest.approx(60.0, rel=1e-3)
    np.testing.assert_allclose(found.pixels[8], body(names, shift=24.0)[:, :2], atol=1e-4)
    assert len(identify(found.names).names) >= 20


@pytest.mark.parametrize("column", ["{value}_{k}", "{k}_{value}", "{value}{k}", "landmark_{value}_{k}"])
def test_mediapipe_columns_by_number_and_axis(tmp_path, column):
    names, frames = mediapipe_rows()
    header = ["frame", *(column.format(value=value, k=k) for k in range(33) for value in ("x", "y", "z", "visibility"))]
    lines = [";".join(header)]
    for k, frame in enumerate(frames):
        cells = [f"{p['x']:.6f};{p['y']:.6f};0,0;{p['visibility']}".replace(".", ",") for p in frame["landmarks"]]
        lines.append(";".join([str(k), *cells]))
    (tmp_path / "pose.csv").write_text("\n".join(lines))
    assert holds(tmp_path / "pose.csv") == "keypoints"
    found = load_keypoints(tmp_path / "pose.csv", AT_30)
    assert found.names == POINTS
    np.testing.assert_allclose(found.pixels[8], body(names, shift=24.0)[:, :2], atol=1e-4)


@pytest.mark.parametrize("several", [True, False])
def test_deeplabcut(tmp_path, several):
    names = ("nose", "left_hip", "right_hip", "left_ankle", "right_ankle")
    people = ["one", "two"] if several else ["one"]
    columns = [(who, name, value) for who in people for name in names for value in ("x", "y", "likelihood")]
    lines = [",".join(["scorer", *["net"] * len(columns)])]
    lines += [",".join(["individuals", *(who for who, _, _ in columns)])] if several else []
    lines += [",".join(["bodyparts", *(n for _, n, _ in columns)]), ",".join(["coords", *(v for _, _, v in columns)])]
    for frame in range(30):
        own = [f"{value:.4f}" for row in body(names, shift=4.0 * frame) for value in row]
        lines.append(",".join([str(frame), *own, *([""] * 15 if several else [])]))
    path = tmp_path / "runDLC_resnet50.csv"
    path.write_text("\n".join(lines))
    assert holds(path) == "keypoints"
    found = load_keypoints(path, AT_30)
    assert found.names == names
    np.testing.assert_allclose(found.pixels[7], body(names, shift=28.0)[:, :2], atol=1e-3)
    np.testing.assert_allclose(found.confidence, 0.8)
    assert found.rate == pytest.approx(30.0)
    assert [flag.code for flag in found.flags] == (["other_people"] if several else [])
    with pytest.raises(RecordingError, match="no times"):
        load_keypoints(path)


def test_a_file_of_settings_beside_the_frames_is_told(tmp_path):
    folder = write_openpose(tmp_path / "film")
    (folder / "config.json").write_text("{}")
    found = load_keypoints(folder, AT_30)
    assert found.pixels.shape[0] == 40
    assert "config.json" in next(flag.message for flag in found.flags if flag.code == "files_not_used")


def test_numbers_too_large_are_one_line_or_a_gap(tmp_path):
    folder = write_openpose(tmp_path / "film")
    file = folder / "film_000000000007_keypoints.json"
    huge = [float(v) for v in body(BODY_25).ravel()]
    file.write_text(json.dumps({"people": [{"pose_keypoints_2d": huge}]}).replace("500.0", "9" * 400, 1))
    with pytest.raises(RecordingError, match="no triples"):
        load_keypoints(folder, AT_30)


def write_trc(path, time, names, positions):
    head = [f"PathFileType\t4\t(X/Y/Z)\t{path.name}", "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits",
            f"{1 / (time[1] - time[0]):.4f}\t60\t{len(time)}\t{len(names)}\tm", "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
            "\t\t" + "\t".join(f"{a}{k + 1}" for k in range(len(names)) for a in "XYZ")]  # fmt: skip
    rows = [
        "\t".join([str(k + 1), f"{t:.6f}", *("" if np.isnan(v) else f"{v:.6f}" for v in row)])
        for k, (t, row) in enumerate(zip(time, positions.reshape(len(time), -1), strict=True))
    ]
    path.write_text("\n".join([*head, *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def seen():
    time, positions, labels = runner_points(SyntheticRunner(), duration=1.5, rate=60.0)
    camera = PhoneCamera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0))
    return film(time, positions, labels, camera)


def test_sports2d_in_metres_and_pixels(tmp_path, seen):
    scale = 1.7 / 500
    still = np.broadcast_to(np.linspace(-0.1, 0.1, len(seen.names)), seen.pixels.shape[:2])
    metres = np.stack([scale * (seen.pixels[..., 0] - 900), -scale * (seen.pixels[..., 1] - 820), still], axis=2)
    path = write_trc(tmp_path / "run_m_person00.trc", seen.time, list(seen.names), metres)
    assert holds(path) == "keypoints"
    found = load_keypoints(path)
    assert found.metres_per_pixel is not None
    moved = found.pixels * found.metres_per_pixel / scale
    np.testing.assert_allclose(moved - moved[0, 0], seen.pixels - seen.pixels[0, 0], atol=0.01)
    assert (found.pixels >= 0).all() and (found.pixels <= np.array(found.size)).all()
    image = np.concatenate([seen.pixels, still[..., None]], axis=2)
    path = write_trc(tmp_path / "run_px_person00.trc", seen.time, list(seen.names), image)
    found = load_keypoints(path)
    assert found.metres_per_pixel is None
    np.testing.assert_allclose(found.pixels, seen.pixels, atol=1e-5)


def test_three_moving_axes_are_left_to_the_ordinary_reader(tmp_path):
    time, positions, labels = runner_points(SyntheticRunner(), duration=1.0, rate=60.0)
    path = write_trc(tmp_path / "run.trc", time, list(labels), positions)
    assert holds(path) == "recording"
    with pytest.raises(RecordingError, match="holds markers, not the key points of one view"):
        load_keypoints(path)
    with pytest.raises(RecordingError, match="three axes move"):
        read_sports2d(path, Options())


@pytest.mark.parametrize(
    "content",
    [
        [{"landmarks": 5}], [{"landmarks": [[]]}], [{"landmarks": ["a"] * 33}], [{"landmarks": [{"x": 1}] * 33, "time": 0}],
        [{"image_id": "1.jpg", "keypoints": None}, 3], [{"image_id": "1.jpg"}, 3], [[1]], {"frames": 3}, 7, None,
        {"people": []}, [{"image_id": "x", "keypoints": [1, 2, 3]}],
    ],
)  # fmt: skip
def test_strange_json_is_one_line(tmp_path, content):
    path = tmp_path / "pose.json"
    path.write_text(json.dumps(content))
    with pytest.raises(RecordingError) as fault:
        load_keypoints(path, AT_30)
    one_line(fault)


def test_door(tmp_path):
    markers = tmp_path / "markers.csv"
    markers.write_text("time,C7_x,C7_y,C7_z\n0,1,2,3\n")
    (tmp_path / "RUN.MOV").touch()
    assert holds(markers) == "recording"
    assert holds(tmp_path) is None
    assert holds(tmp_path / "run.c3d") is None
    assert holds(tmp_path / "RUN.MOV") == "keypoints"
    for name, text in (("song.mp3", "x"), ("a.json", "[]"), ("b.json", "{"), ("c.json", '{"a": 1}')):
        (tmp_path / name).write_text(text)
        with pytest.raises(RecordingError) as fault:
            load_keypoints(tmp_path / name, AT_30)
        one_line(fault)
    with pytest.raises(RecordingError, match="no such file"):
        load_keypoints(tmp_path / "gone.mp4")
    with pytest.raises(RecordingError, match="no such file"):
        load_keypoints(tmp_path / "gone.json")


@pytest.mark.parametrize(("folder", "frames", "longest"), [("side", 55, 65), ("back", 75, 95)])
def test_real_openpose_folders(data, folder, frames, longest):
    path = data / "videos" / f"radluy_openpose_{folder}"
    assert holds(path) == holds(path / "json") == "keypoints"
    found = load_keypoints(path, AT_30)
    seen = np.isfinite(found.position("LHip")[:, 0])
    assert frames <= seen.sum() <= longest
    middle = found.position("MidHip")
    step = np.abs(np.diff(middle, axis=0)).max(1)

    assert np.nanmax(step) < 80  # px, beside the camera 0.1 body heights: nobody else was taken
    whole = load_keypoints(path / "json", AT_30)
    np.testing.assert_array_equal(found.pixels, whole.pixels)
