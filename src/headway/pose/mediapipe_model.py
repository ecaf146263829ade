"""MediaPipe's pose model: works out of the box, one person, 33 points."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from headway.errors import OptionError
from headway.pose.best_model import resources
from headway.pose.model import Image, Pose

NAMES = (
    "NOSE", "LEFT_EYE_INNER", "LEFT_EYE", "LEFT_EYE_OUTER", "RIGHT_EYE_INNER", "RIGHT_EYE", "RIGHT_EYE_OUTER", "LEFT_EAR", "RIGHT_EAR",
    "MOUTH_LEFT", "MOUTH_RIGHT", "LEFT_SHOULDER", "RIGHT_SHOULDER", "LEFT_ELBOW", "RIGHT_ELBOW", "LEFT_WRIST", "RIGHT_WRIST",
    "LEFT_PINKY", "RIGHT_PINKY", "LEFT_INDEX", "RIGHT_INDEX", "LEFT_THUMB", "RIGHT_THUMB", "LEFT_HIP", "RIGHT_HIP", "LEFT_KNEE",
    "RIGHT_KNEE", "LEFT_ANKLE", "RIGHT_ANKLE", "LEFT_HEEL", "RIGHT_HEEL", "LEFT_FOOT_INDEX", "RIGHT_FOOT_INDEX",
)  # fmt: skip
"""The model's points in its order."""
FULL_MODEL, HEAVY_MODEL = 1, 2
"""The one model that is in the wheel, and the one that a user can add; MediaPipe itself would fetch it from the network."""
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "GLOG_minloglevel": "3", "ABSL_MIN_LOG_LEVEL": "3"}
_BLACK = np.zeros((384, 384, 3), np.uint8)


def available() -> bool:
    """Tell whether MediaPipe is installed."""
    return importlib.util.find_spec("mediapipe") is not None


class MediaPipeModel:
    """MediaPipe Pose (Bazarevsky et al. 2020), full or heavy model, no smoothing over time.

    Its own smoothing (One-Euro) stays off: it delays and shrinks the very motion that is measured here.

    Parameters
    ----------
    heavy
        Use the model that was added (:mod:`headway.pose.best_model`).

    Raises
    ------
    OptionError
        MediaPipe is not installed, or there is none for this Python; the heavy model was not added.
    """

    kind = "mediapipe"
    names: tuple[str, ...] = NAMES
    trust = 0.5

    def __init__(self, *, heavy: bool = False) -> None:
        self._pose = _solution()
        self._complexity = HEAVY_MODEL if heavy else FULL_MODEL
        self._finder: Any = None
        self._follower: Any = None

    def find(self, image: Image) -> Pose | None:
        """Look for one person anywhere in the image."""
        if self._finder is None:
            self._finder = self._start(static=True)
        return _result(self._finder.process(image), image)

    def follow(self, image: Image) -> Pose | None:
        """Look for the person of the image before."""
        if self._follower is None:
            self._follower = self._start(static=False)
        return _result(self._follower.process(image), image)

    def warm_up(self) -> None:
        """Load the networks now, silently, so that nothing is printed later."""
        with quiet():
            self._finder = self._finder or self._start(static=True)
            self._follower = self._follower or self._start(static=False)
            for graph in (self._finder, self._follower):
                graph.process(_BLACK)

    def restart(self) -> None:
        """Forget the person of the image before: nobody is in a black picture, and resetting the graph takes ten times as long."""
        if self._follower is not None:
            self._follower.process(_BLACK)

    def close(self) -> None:
        """Give back the networks."""
        for graph in (self._finder, self._follower):
            if graph is not None:
                graph.close()
        self._finder = self._follower = None

    def _start(self, *, static: bool) -> Any:
        with _with_heavy(self._pose) if self._complexity == HEAVY_MODEL else nullcontext():
            return self._pose.Pose(
                static_image_mode=static,
                model_complexity=self._complexity,
                smooth_landmarks=False,
                enable_segmentation=False,
                min_detection_confidence=0.5,
                min_tracking_confidence=0.5,
            )


def _result(found: Any, image: Image) -> Pose | None:
    """Points in px of the image."""
    if found.pose_landmarks is None:
        return None
    table = np.array([(p.x, p.y, p.visibility) for p in found.pose_landmarks.landmark])
    return Pose(table[:, :2] * (image.shape[1], image.shape[0]), table[:, 2])


@cache
def _solution() -> Any:
    """MediaPipe's pose module, imported without its messages."""
    if not available():
        if sys.version_info >= (3, 13):
            raise OptionError(
                "pose model",
                f"MediaPipe is not made for Python {sys.version_info.major}.{sys.version_info.minor}",
                'use Python 3.11 or 3.12 with the extra "video", or give a pose network with --pose-model file.onnx',
            )
        raise OptionError("pose model", "MediaPipe is not installed", 'install headway with the extra "video"')
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore", message=r".*GetPrototype\(\) is deprecated.*", category=UserWarning)
    with quiet(), _unused_later():
        from mediapipe.python.solutions import pose
    return pose


_STARTING = threading.Lock()


@contextmanager
def _with_heavy(pose: Any) -> Iterator[None]:
    """Let MediaPipe look for its models where the heavy one lies, and fetch nothing."""
    from mediapipe.python import solution_base

    package = Path(solution_base.__file__).parents[2]
    folder, known, fetch = resources(package).name, solution_base.resource_util, pose._download_oss_pose_landmark_model
    with _STARTING:
        solution_base.resource_util = SimpleNamespace(set_resource_dir=lambda _: known.set_resource_dir(folder))
        pose._download_oss_pose_landmark_model = lambda _: None
        try:
            yield
        finally:
            solution_base.resource_util, pose._download_oss_pose_landmark_model = known, fetch


class _Later(ModuleType):
    """Stands for a module and imports it when it is first used; ``alias`` is a module and the name there that it goes by as well."""

    def __init__(self, name: str, alias: tuple[str, str] | None = None) -> None:
        super().__init__(name)
        self.__dict__["_alias"] = alias

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or sys.modules.get(self.__name__) is self:
            raise AttributeError(name)
        module = importlib.import_module(self.__name__)
        if self._alias is not None:
            setattr(sys.modules[self._alias[0]], self._alias[1], module)
        return getattr(module, name)


_UNUSED: dict[str, tuple[str, str] | None] = {
    "matplotlib": None,
    "matplotlib.pyplot": None,
    "mediapipe.tasks": None,
    "mediapipe.tasks.python": ("mediapipe", "tasks"),
}
"""What MediaPipe imports for its plots and its other models (which ask a compiler where the sound library is): most of its own import."""


@contextmanager
def _unused_later() -> Iterator[None]:
    """Import what is not needed here when somebody asks for it."""
    stand_ins = {name: _Later(name, alias) for name, alias in _UNUSED.items() if name not in sys.modules}
    for name, stand_in in stand_ins.items():
        above, _, last = name.rpartition(".")
        if above in stand_ins:
            stand_ins[above].__dict__[last] = stand_in
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class _Silence:
    """Native code's terminal output switched off while at least one thread asks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._kept = -1

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users > 1:
                return
            try:
                sys.stderr.flush()
                self._kept = os.dup(2)
            except (OSError, AttributeError, ValueError):
                self._kept = -1
                return
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 2)
            os.close(sink)

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._kept >= 0:
                os.dup2(self._kept, 2)
                os.close(self._kept)


_SILENCE = _Silence()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what native code prints from the terminal; the user's standard error is whole again afterwards."""
    _SILENCE.enter()
    try:
        yield
    finally:
        _SILENCE.leave()
