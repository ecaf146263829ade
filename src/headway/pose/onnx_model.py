"""A pose network of the user's own (ONNX file): RTMPose and its kin, one person in an upright window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from headway.errors import OptionError
from headway.pose.model import Image, Pose, resize
from headway.recording import FloatArray

MEAN = np.array([123.675, 116.28, 103.53], np.float32)
"""Mean of the training pictures, RGB, 0 to 255 (RTMPose, Jiang et al. 2023)."""
SPREAD = np.array([58.395, 57.12, 57.375], np.float32)
"""Standard deviation of the training pictures."""
SIMCC_SPLIT = 2.0
"""Bins per pixel of the input in SimCC networks (Li et al. 2022)."""
HALF = 0.5
"""Networks count pixels by their centres, this program by their edges, px."""
INNER = 0.72
"""Share of the window around the runner that the network sees in height: stature plus a quarter, as in its training."""

HALPE_26 = (
    "Nose", "LEye", "REye", "LEar", "REar", "LShoulder", "RShoulder", "LElbow", "RElbow", "LWrist", "RWrist", "LHip", "RHip", "LKnee",
    "RKnee", "LAnkle", "RAnkle", "Head", "Neck", "Hip", "LBigToe", "RBigToe", "LSmallToe", "RSmallToe", "LHeel", "RHeel",
)  # fmt: skip
COCO = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist",
    "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
_FEET = ("left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel")
_FINGERS = ("thumb", "forefinger", "middle_finger", "ring_finger", "pinky_finger")
_HANDS = tuple(
    f"{side}_{name}"
    for side in ("left", "right")
    for name in ("hand_wrist", *(f"{finger}{k}" for finger in _FINGERS for k in (1, 2, 3, 4)))
)
COCO_WHOLEBODY = (*COCO, *_FEET, *(f"face-{k}" for k in range(68)), *_HANDS)
LABELS = {len(names): names for names in (HALPE_26, COCO, COCO_WHOLEBODY)}
"""Labels by the number of points; their order is that of the training sets."""


class OnnxModel:
    """A top-down pose network: SimCC (two outputs of bins) or heat maps (one output).

    Parameters
    ----------
    path
        ONNX file; its input is (1, 3, height, width), its outputs (1, points, width·2) and (1, points, height·2), or (1, points, height/4,
        width/4).

    Raises
    ------
    OptionError
        onnxruntime is not installed, or the file is no such network.
    """

    kind = "onnx"
    trust = 0.3

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._session = _open(self.path)
        entry = self._session.get_inputs()[0]
        shape = list(entry.shape)
        self._type = np.float16 if entry.type == "tensor(float16)" else np.float32
        if len(self._session.get_inputs()) != 1 or len(shape) != 4 or (isinstance(shape[1], int) and shape[1] != 3):
            raise _no_pose_model(self.path, f"its input has the shape {_shown(shape)}, not (1, 3, height, width)")
        # Exports with free sizes: the size that RTMPose was trained with.
        self._high = shape[2] if isinstance(shape[2], int) and shape[2] > 0 else 256
        self._wide = shape[3] if isinstance(shape[3], int) and shape[3] > 0 else 192
        self._entry = entry.name
        decoded = self._decode(self._run(np.zeros((1, 3, self._high, self._wide), np.float32)))
        points = len(decoded.points)
        if points not in LABELS:
            known = "26 (HALPE), 17 (COCO) or 133 (COCO-WholeBody)"
            raise _no_pose_model(self.path, f"it gives {points} points, not {known}")
        self.names: tuple[str, ...] = LABELS[points]

    def find(self, image: Image) -> Pose | None:
        """Look at the whole image: the network takes it that there is one person, about as high as the image."""
        return self._look(image, 1.0)

    def follow(self, image: Image) -> Pose | None:
        """Look at the middle of a window around the runner."""
        return self._look(image, INNER)

    def restart(self) -> None:
        """Do nothing: every image is looked at anew."""

    def close(self) -> None:
        """Do nothing: the session goes with the object."""

    def warm_up(self) -> None:
        """Do nothing: the network ran once when it was opened."""

    def _look(self, image: Image, share: float) -> Pose:
        """Points in px of the image, from its upright middle part of this share of the height."""
        high = max(8, round(image.shape[0] * share))
        wide = max(8, round(high * self._wide / self._high))
        top, left = (image.shape[0] - high) // 2, (image.shape[1] - wide) // 2
        part = resize(_middle(image, top, left, high, wide), self._wide, self._high)
        pose = self._decode(self._run(((part.astype(np.float32) - MEAN) / SPREAD).transpose(2, 0, 1)[None]))
        scale = np.array([wide / self._wide, high / self._high])
        return Pose(pose.points * scale + (left, top), pose.confidence)

    def _run(self, batch: Any) -> list[Any]:
        try:
            return list(self._session.run(None, {self._entry: batch.astype(self._type)}))
        except Exception as error:  # onnxruntime's own exceptions share no base but this
            raise _no_pose_model(self.path, f"it does not run on a picture ({_first_line(error)})") from error

    def _decode(self, outputs: list[Any]) -> Pose:
        """Points in px of the network's input."""
        shapes = [np.shape(output) for output in outputs]
        if len(outputs) >= 2 and all(len(s) == 3 and s[0] == 1 for s in shapes[:2]) and shapes[0][1] == shapes[1][1]:
            x, y = outputs[0][0], outputs[1][0]
            # Told apart by their length, not by their order, where the two differ.
            if (
                x.shape[1] == self._high * SIMCC_SPLIT
                and y.shape[1] == self._wide * SIMCC_SPLIT
                and self._high != self._wide
            ):
                x, y = y, x
            if x.shape[1] >= self._wide and y.shape[1] >= self._high:
                return _from_bins(x, y, x.shape[1] / self._wide, y.shape[1] / self._high)
        if len(outputs) == 1 and len(shapes[0]) == 4 and shapes[0][0] == 1 and min(shapes[0][2:]) > 1:
            maps = outputs[0][0]
            return _from_maps(maps, self._wide / maps.shape[2], self._high / maps.shape[1])
        raise _no_pose_model(
            self.path, f"its outputs have the shapes {', '.join(map(_shown, shapes))}, neither SimCC nor heat maps"
        )


def _from_bins(x: Any, y: Any, per_x: float, per_y: float) -> Pose:
    """SimCC: the best bin of each axis, refined between bins; the confidence is the lower of the two peaks."""
    places = np.stack([_peak(x) / per_x, _peak(y) / per_y], axis=1)
    return Pose(places + HALF, np.clip(np.minimum(x.max(axis=1), y.max(axis=1)), 0.0, 1.0).astype(np.float64))


def _from_maps(maps: Any, per_x: float, per_y: float) -> Pose:
    """Heat maps: the best cell, refined between cells; a cell stands for the pixel ``cell * stride``, as in training."""
    points, _, wide = maps.shape
    best = maps.reshape(points, -1).argmax(axis=1)
    row, column, which = best // wide, best % wide, np.arange(points)
    x, y = _peak(maps[which, row, :]), _peak(maps[which, :, column])
    return Pose(
        np.stack([x * per_x, y * per_y], axis=1) + HALF, np.clip(maps[which, row, column], 0.0, 1.0).astype(np.float64)
    )


def _peak(lines: Any) -> FloatArray:
    """Place of the largest value of every row; a parabola through it and its neighbours moves it by at most half a sample."""
    values = np.asarray(lines, np.float64)
    best = values.argmax(axis=1)
    inner = np.clip(best, 1, values.shape[1] - 2)
    which = np.arange(len(values))
    before, at, after = (values[which, inner + k] for k in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, 1.0), 0.0)
    return best + np.where(inner == best, np.clip(shift, -0.5, 0.5), 0.0)


def _middle(image: Image, top: int, left: int, high: int, wide: int) -> Image:
    """Cut a part, black where it reaches over the border."""
    if top >= 0 and left >= 0:
        return image[top : top + high, left : left + wide]
    out = np.zeros((high, wide, 3), np.uint8)
    inside = image[max(top, 0) : top + high, max(left, 0) : left + wide]
    out[max(-top, 0) : max(-top, 0) + inside.shape[0], max(-left, 0) : max(-left, 0) + inside.shape[1]] = inside
    return out


def _open(path: Path) -> Any:
    """Open the network, one thread per session: several sessions work side by side."""
    try:
        import onnxruntime
    except ImportError as error:
        raise OptionError(
            "--pose-model", "onnxruntime is not installed", 'install headway with the extra "video"'
        ) from error
    if not path.is_file():
        raise OptionError(f"--pose-model {path}", "no such file", "give the path of an ONNX file")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base but this
        raise _no_pose_model(path, f"it cannot be opened ({_first_line(error)})") from error


def _no_pose_model(path: Path, what: str) -> OptionError:
    return OptionError(
        f"--pose-model {path}",
        f"no pose network: {what}",
        "give an RTMPose network exported to ONNX (HALPE-26, 256x192)",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]


def _shown(shape: Any) -> str:
    return "(" + ", ".join(str(v) for v in shape) + ")"
