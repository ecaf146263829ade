"""Key points of one person in the image: what a pose model saw, frame by frame, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from headway.displayed import Displayed
from headway.pose.shots import Shot
from headway.recording import Arguments, Flag, FloatArray, Processing


@dataclass(frozen=True, repr=False)
class KeyPoints(Displayed):
    """Key points of one person; never changed in place.

    Attributes
    ----------
    time
        Real time of every frame (slow motion undone), s, strictly rising, shape (frames,); spacing may vary.
    names
        Labels of the points as their model has them (``LEFT_EAR``, ``RBigToe``, ``left_heel``).
    pixels
        Image position, x to the right and y **down**, px, shape (frames, points, 2); NaN where a point was not seen.
    confidence
        0 to 1 on the model's own scale, shape (frames, points); 0 where a point was not seen.
    size
        Width and height of the (upright) image, px.
    source, kind
        Path, and what made the points (``mediapipe``, ``onnx``, ``openpose``, ``sports2d`` ...).
    background
        How far the picture's background has moved since the first frame, px (x, y), shape (frames, 2): zero for a fixed camera, ``None`` when
        it is not known (key points without their film).
    metres_per_pixel
        Scale that the file itself states; ``None`` for images.
    film
        Path of the film that the points belong to, ``None`` without one.
    slow_motion
        Factor of slow motion that was undone on the way from the file's clock to ``time``.
    shown
        How many times the film shows each picture.
    slide
        How fast the ground beside the runner changes from picture to picture, small px (about those of motion, up to 3), shape (frames,); NaN where
        none is seen, ``None`` when it is not known.
    readings
        Factors of slow motion that fit alike, of which ``time`` follows the first; empty where the tempo is known.
    sides_known
        Whether left and right are known to be whose they are; else they only tell one leg from the other.
    shots
        Where the film was cut; empty without one. Frames belong to the shot within whose ends their time lies.
    log, flags
        As in :class:`headway.recording.Recording`.
    """

    time: FloatArray
    names: tuple[str, ...]
    pixels: FloatArray
    confidence: FloatArray
    size: tuple[int, int]
    source: str = ""
    kind: str = ""
    background: FloatArray | None = None
    metres_per_pixel: float | None = None
    film: str | None = None
    slow_motion: float = 1.0
    shown: float = 1.0
    slide: FloatArray | None = None
    readings: tuple[float, ...] = ()
    sides_known: bool = True
    shots: tuple[Shot, ...] = ()
    log: tuple[Processing, ...] = ()
    flags: tuple[Flag, ...] = field(default=())

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_keypoints"

    @property
    def rate(self) -> float:
        """Frames per second of real time (median)."""
        return float(1.0 / np.median(np.diff(self.time)))

    @property
    def duration(self) -> float:
        """Length, s."""
        return float(self.time[-1] - self.time[0]) + 1.0 / self.rate

    def has(self, *names: str) -> bool:
        """Tell whether every named point is there in at least one frame."""
        return all(name in self.names and bool(np.isfinite(self.position(name)).any()) for name in names)

    def position(self, name: str) -> FloatArray:
        """Image position of one point, px, shape (frames, 2)."""
        return self.pixels[:, self.names.index(name)]

    def holds_shot(self, number: int) -> bool:
        """Tell whether a runner was followed in the shot of this number."""
        return any(one.number == number and not one.missing for one in self.shots)

    def frames(self, rows: slice | npt.NDArray[np.bool_], **changes: Any) -> KeyPoints:
        """Return some of the frames, with other fields changed."""
        background = None if self.background is None else self.background[rows]
        return replace(
            self,
            time=self.time[rows],
            pixels=self.pixels[rows],
            confidence=self.confidence[rows],
            background=background,
            slide=None if self.slide is None else self.slide[rows],
            **changes,
        )

    def logged(
        self, name: str, *, flags: Sequence[Flag] = (), arguments: Arguments | None = None, **changes: Any
    ) -> KeyPoints:
        """Return a copy with fields changed and the step that changed them written to the log."""
        step = Processing(name, arguments or {})
        return replace(self, log=(*self.log, step), flags=(*self.flags, *flags), **changes)
