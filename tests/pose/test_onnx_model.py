from pathlib import Path

import numpy as np
import pytest

from headway.body.landmarks import identify
from headway.errors import OptionError
from headway.pose.model import PictureWindow
from headway.pose.onnx_model import COCO, COCO_WHOLEBODY, HALPE_26, OnnxModel

pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
WIDE, HIGH = 192, 256


def network(
    path: Path, points: int = 26, *, maps: bool = False, size: object = (1, 3, HIGH, WIDE), end: str = ""
) -> Path:
    """A network that points every key point at the brightest spot of the picture."""
    h, f = onnx.helper, onnx.TensorProto.FLOAT
    nodes, constants = [], []

    def constant(name: str, values: np.ndarray) -> str:
        constants.append(onnx.numpy_helper.from_array(values, name))
        return name

    def repeated(source: str, out: str, shape: tuple[int, ...]) -> None:
        nodes.append(h.make_node("Expand", [source, constant(f"{out}_shape", np.array(shape, np.int64))], [out]))

    nodes.append(h.make_node("Mul", ["image", constant("part", np.float32([0.35]))], ["grey"]))
    if maps:
        nodes.append(h.make_node("ReduceMax", ["grey"], ["flat"], axes=[1], keepdims=1))
        nodes.append(h.make_node("AveragePool", ["flat"], ["small"], kernel_shape=[4, 4], strides=[4, 4]))
        repeated("small", "maps", (1, points, HIGH // 4, WIDE // 4))
        shapes = {"maps": (1, points, HIGH // 4, WIDE // 4)}
    else:
        shapes = {}
        for name, axes, length in (("x", [1, 2], WIDE), ("y", [1, 3], HIGH)):
            bins = np.zeros((length, 2 * length), np.float32)
            at = np.arange(length)
            bins[at, 2 * at] = 1.0
            bins[at[:-1], 2 * at[:-1] + 1] = bins[at[1:], 2 * at[1:] - 1] = 0.5
            nodes.append(h.make_node("ReduceMax", ["grey"], [f"{name}_line"], axes=axes, keepdims=0))
            nodes.append(h.make_node("MatMul", [f"{name}_line", constant(f"{name}_table", bins)], [f"{name}_bins"]))
            repeated(f"{name}_bins", f"simcc_{name}", (1, points, 2 * length))
            shapes[f"simcc_{name}"] = (1, points, 2 * length)
    outputs = [h.make_tensor_value_info(name, f, shape) for name, shape in shapes.items()]
    if end:
        nodes.append(h.make_node("ReduceMean", ["grey"], ["one"], keepdims=0))
        outputs = [h.make_tensor_value_info("one", f, ())]
    graph = h.make_graph(nodes, "spot", [h.make_tensor_value_info("image", f, size)], outputs, constants)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def picture(x: float, y: float, size: tuple[int, int] = (640, 480), spread: float = 4.0) -> np.ndarray:
    """A black picture with a soft white spot; x and y count from the edges of the picture."""
    columns, rows = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * spread**2))
    return np.repeat(np.rint(255 * spot)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize(("points", "names"), [(26, HALPE_26), (17, COCO), (133, COCO_WHOLEBODY)])
def test_number_of_points_decides_the_labels(tmp_path: Path, points: int, names: tuple[str, ...]) -> None:
    model = OnnxModel(network(tmp_path / "n.onnx", points))
    assert model.names == names
    assert len(set(names)) == points
    found = identify(names).names.values()
    assert {"ear_left", "shoulder_right", "hip_left", "knee_right", "ankle_left"} <= set(found)
    assert ("heel_left" in found) == (points != 17)


@pytest.mark.parametrize("spot", [(310.0, 222.5), (281.3, 170.0), (345.7, 301.2)])
@pytest.mark.parametrize("side", [200, 333, 700])
def test_point_comes_back_to_its_place_in_the_film(tmp_path: Path, spot: tuple[float, float], side: int) -> None:
    model = OnnxModel(network(tmp_path / "n.onnx"))
    image = picture(*spot, spread=side / 40)
    window = PictureWindow.around(np.array([312.0, 231.0]), side + 100)
    for look in (model.find, model.follow):
        pose = look(window.cut(image, 384))
        assert pose is not None
        assert np.abs(window.to_image(pose, 384).points - spot).max() < 1.0
        assert pose.confidence.min() > 0.7


def test_window_over_the_border(tmp_path: Path) -> None:
    model = OnnxModel(network(tmp_path / "n.onnx"))
    window = PictureWindow.around(np.array([20.0, 15.0]), 300)
    pose = model.follow(window.cut(picture(30.0, 40.0), 384))
    assert pose is not None
    assert np.abs(window.to_image(pose, 384).points - (30.0, 40.0)).max() < 1.0


def test_heat_maps(tmp_path: Path) -> None:
    model = OnnxModel(network(tmp_path / "n.onnx", 17, maps=True))
    pose = model.find(picture(100.5, 120.5, (WIDE, HIGH), 8.0))
    assert pose is not None
    # Training counts cells by their first pixel; this network averages over the cell, whose middle lies 1.5 px further.
    assert np.abs(pose.points + 1.5 - (100.5, 120.5)).max() < 0.3


def test_free_sizes_mean_the_usual_input(tmp_path: Path) -> None:
    model = OnnxModel(network(tmp_path / "n.onnx", size=("batch", 3, "height", "width")))
    assert model.names == HALPE_26


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"points": 21}, "21 points"),
        ({"end": "mean"}, "outputs"),
        ({"size": (1, 1, HIGH, WIDE)}, "shape"),
    ],
)
def test_other_networks_are_refused_in_one_line(tmp_path: Path, options: dict, words: str) -> None:
    with pytest.raises(OptionError) as caught:
        OnnxModel(network(tmp_path / "other.onnx", **options))
    text = str(caught.value)
    assert words in text
    assert "other.onnx" in text
    assert "\n" not in text


def test_files_that_are_no_network(tmp_path: Path) -> None:
    text = tmp_path / "notes.onnx"
    text.write_text("hello")
    for path, words in ((text, "cannot be opened"), (tmp_path / "missing.onnx", "no such file")):
        with pytest.raises(OptionError, match=words) as caught:
            OnnxModel(path)
        assert "\n" not in str(caught.value)
