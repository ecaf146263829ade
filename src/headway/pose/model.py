"""What every pose model gives, the square window it looks through, and whether what it gives can be a running person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from headway.body.landmarks import identify
from headway.recording import FloatArray

Image = npt.NDArray[np.uint8]

PATH_SHARE = 0.90
"""Ear to shoulder, shoulder to hip, thigh and shank laid end to end, as a share of stature (Drillis & Contini 1966)."""
LARGEST_LEAN = np.cos(np.radians(55.0))
"""Cosine of the trunk's largest angle from the vertical that still passes for a runner."""


@dataclass(frozen=True)
class Pose:
    """Points of one person in one image.

    Attributes
    ----------
    points
        px, x to the right and y down from the image's upper left corner, shape (points, 2).
    confidence
        0 to 1 on the model's own scale, shape (points,).
    """

    points: FloatArray
    confidence: FloatArray


class PoseModel(Protocol):
    """A pose model that looks at one image at a time."""

    kind: str
    """As in :attr:`headway.pose.keypoints.KeyPoints.kind`."""
    names: tuple[str, ...]
    trust: float
    """Confidence from which a point counts as seen."""

    def find(self, image: Image) -> Pose | None:
        """Look for one person anywhere in the image, knowing nothing."""
        ...

    def follow(self, image: Image) -> Pose | None:
        """Look for the person of the image before, in a window that moves with the person."""
        ...

    def warm_up(self) -> None:
        """Load the networks now, silently, rather than at the first picture."""
        ...

    def restart(self) -> None:
        """Forget the person of the image before."""
        ...

    def close(self) -> None:
        """Give back what the model holds."""
        ...


@dataclass(frozen=True)
class PictureWindow:
    """A square part of an image, px; it may reach over the border, where the picture is black.

    Attributes
    ----------
    x, y
        Upper left corner.
    side
        Width and height.
    """

    x: int
    y: int
    side: int

    @classmethod
    def around(cls, centre: FloatArray, side: float) -> PictureWindow:
        """Return the window of this side around a point."""
        whole = max(8, round(side))
        return cls(round(float(centre[0]) - whole / 2), round(float(centre[1]) - whole / 2), whole)

    def cut(self, image: Image, size: int) -> Image:
        """Return the part of the image, of one channel or three, scaled to ``size`` pixels a side."""
        high, wide = image.shape[:2]
        left, top = max(self.x, 0), max(self.y, 0)
        right, bottom = min(self.x + self.side, wide), min(self.y + self.side, high)
        part = image[top : max(top, bottom), left : max(left, right)]
        if part.shape[:2] != (self.side, self.side):
            square = np.zeros((self.side, self.side, *image.shape[2:]), np.uint8)
            if part.size:
                square[top - self.y : bottom - self.y, left - self.x : right - self.x] = part
            part = square
        return resize(part, size, size)

    def to_image(self, pose: Pose, size: int) -> Pose:
        """Bring a pose found in the cut of ``size`` pixels to the pixels of the image."""
        return Pose(pose.points * (self.side / size) + (self.x, self.y), pose.confidence)


def resize(image: Image, width: int, height: int) -> Image:
    """Scale an image; pixel edges stay edges, so that positions scale with the size."""
    high, wide = image.shape[:2]
    if (wide, high) == (width, height):
        return np.ascontiguousarray(image)
    try:
        import cv2
    except ImportError:
        return _resize_plainly(image, width, height)
    method = cv2.INTER_AREA if width < wide else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), np.uint8)


def _resize_plainly(image: Image, width: int, height: int) -> Image:
    """Scale by area means down to less than twice the size, then linearly."""
    steps = max(1, image.shape[0] // height), max(1, image.shape[1] // width)
    if max(steps) > 1:
        high, wide = image.shape[0] // steps[0] * steps[0], image.shape[1] // steps[1] * steps[1]
        blocks = image[:high, :wide].reshape(high // steps[0], steps[0], wide // steps[1], steps[1], *image.shape[2:])
        image = blocks.mean(axis=(1, 3)).astype(np.uint8)
    rows, row_share = _between(image.shape[0], height)
    columns, column_share = _between(image.shape[1], width)
    colours = (1,) * (image.ndim - 2)
    low, high_rows = image[rows].astype(np.float32), image[np.minimum(rows + 1, image.shape[0] - 1)]
    tall = low + row_share.reshape(-1, 1, *colours) * (high_rows - low)
    left, right = tall[:, columns], tall[:, np.minimum(columns + 1, image.shape[1] - 1)]
    return np.rint(left + column_share.reshape(-1, *colours) * (right - left)).astype(np.uint8)


def _between(old: int, new: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Sample before each new sample's place, and how far beyond it the place lies (0 to 1)."""
    place = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    before = np.floor(place).astype(np.intp)
    return before, (place - before).astype(np.float32)


@dataclass(frozen=True)
class Figure:
    """How a pose stands in the image.

    Attributes
    ----------
    centre
        Middle of the hips, px.
    height
        Stature as the stretched-out limbs give it, px.
    confidence
        Mean over shoulders, hips and the better seen leg.
    likely
        The parts lie as those of an upright person do.
    torso
        Left, top, right, bottom of the trunk, px.
    """

    centre: FloatArray
    height: float
    confidence: float
    likely: bool
    torso: tuple[float, float, float, float]


class Anatomy:
    """Which points of a model are the head, shoulders, hips, knees and ankles.

    Parameters
    ----------
    names
        Labels of the model.
    trust
        Confidence from which a point counts as seen.
    """

    def __init__(self, names: Sequence[str], trust: float) -> None:
        landmark = {place: names.index(label) for label, place in identify(names).names.items()}
        self.trust = trust
        self.head = [landmark[name] for name in ("ear_left", "ear_right", "nose") if name in landmark][:2]
        self.pairs = {
            part: [landmark[f"{part}_left"], landmark[f"{part}_right"]]
            for part in ("shoulder", "hip", "knee", "ankle")
            if f"{part}_left" in landmark and f"{part}_right" in landmark
        }
        self.complete = len(self.pairs) == 4 and bool(self.head)

    def figure(self, pose: Pose) -> Figure:
        """Measure a pose.

        Proportions and uprightness are asked with wide limits: a runner in any phase and view passes, and furniture,
        animals and the upset skeletons that models draw into an empty picture do not.
        """
        at, sure = pose.points, pose.confidence
        head = at[self.head].mean(axis=0)
        shoulders, hips = at[self.pairs["shoulder"]], at[self.pairs["hip"]]
        knees, ankles = at[self.pairs["knee"]], at[self.pairs["ankle"]]
        shoulder, hip = shoulders.mean(axis=0), hips.mean(axis=0)
        trunk = float(np.hypot(*(hip - shoulder))) + 1e-9
        thighs, shanks = np.hypot(*(knees - hips).T), np.hypot(*(ankles - knees).T)
        neck = float(np.hypot(*(shoulder - head)))
        height = (neck + trunk + float(thighs.max()) + float(shanks.max())) / PATH_SHARE
        legs = [sure[[self.pairs["hip"][k], self.pairs["knee"][k], self.pairs["ankle"][k]]].mean() for k in (0, 1)]
        middle = sure[[*self.pairs["shoulder"], *self.pairs["hip"]]].mean()
        upright = (hip - shoulder)[1] / trunk > LARGEST_LEAN and head[1] < shoulder[1] - 0.1 * trunk
        legs_below = knees[:, 1].mean() > hip[1] + 0.1 * trunk and ankles[:, 1].max() > hip[1] + 0.7 * trunk
        shaped = (
            0.18 < trunk / height < 0.45
            and 0.10 < neck / trunk < 0.9
            and 0.45 < thighs.max() / trunk < 1.7
            and 0.40 < shanks.max() / trunk < 1.8
            and np.hypot(*(shoulders[1] - shoulders[0])) < 1.1 * trunk
            and np.hypot(*(hips[1] - hips[0])) < 0.7 * trunk
        )
        seen = middle > self.trust and max(legs) > self.trust
        low, high = np.minimum(shoulders.min(0), hips.min(0)), np.maximum(shoulders.max(0), hips.max(0))
        return Figure(
            hip,
            height,
            float(middle + max(legs)) / 2,
            bool(upright and legs_below and shaped and seen),
            (float(low[0]), float(low[1]), float(high[0]), float(high[1])),
        )


def torso_colour(image: Image, torso: tuple[float, float, float, float]) -> FloatArray:
    """Mean colour of the trunk, 0 to 255, shape (3,); NaN when the trunk lies outside the image."""
    left, top, right, bottom = torso
    middle = (left + right) / 2
    half = max(right - left, 0.4 * (bottom - top)) / 2 * 0.6
    rows = slice(max(0, int(top + 0.15 * (bottom - top))), max(0, int(bottom - 0.15 * (bottom - top))))
    columns = slice(max(0, int(middle - half)), max(0, int(middle + half) + 1))
    part: Any = image[rows, columns]
    return part.reshape(-1, 3).mean(axis=0) if part.size else np.full(3, np.nan)
