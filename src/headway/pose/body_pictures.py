"""Head and trunk followed by their own pictures: patches cut around the key points, and where registration finds them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import median_filter

from headway.pose.follow import Seen
from headway.pose.model import Anatomy, Image, PictureWindow, Pose
from headway.pose.registration import ellipse, follow
from headway.recording import FloatArray

SIDE = 64
"""Width and height of the patches that are kept, px."""
BLOCK = 900
"""Patches that are kept before they are registered: more would fill the memory in a long film."""
FEWEST = 8
"""Fewer patches make no template."""
STEADY = 0.8
"""The size of the body in the patches is the median of so many seconds before and after, s."""
POOR = 0.75
"""Correlation below which a picture was not found again."""
AWAY = 0.05
"""A picture found further from its key points than this has been mistaken for something else, statures."""
EAR_HEIGHT = 0.38
"""Ears above the shoulders, lengths of the trunk: 0.44 in upright drawn runners, 0.25–0.43 by key points, which slide to the collar."""


@dataclass(frozen=True)
class PicturedPart:
    """A part of the body with a picture of its own.

    Attributes
    ----------
    name
        Name that the point has among the key points.
    reach
        Width and height of what is cut, statures.
    half_width, half_height
        Of the ellipse that holds it, statures.
    place
        Where it is, px, by the key points.
    """

    name: str
    reach: float
    half_width: float
    half_height: float
    place: Callable[[Anatomy, Pose], FloatArray]

    def mask(self) -> FloatArray:
        """Weights of the patch."""
        scale = SIDE / self.reach
        return ellipse(SIDE, self.half_width * scale, self.half_height * scale)


def _head(anatomy: Anatomy, pose: Pose) -> FloatArray:
    return pose.points[anatomy.head].mean(axis=0)


def _trunk(anatomy: Anatomy, pose: Pose) -> FloatArray:
    return 0.44 * _middle(anatomy, pose, "shoulder") + 0.56 * _middle(anatomy, pose, "hip")


def _middle(anatomy: Anatomy, pose: Pose, pair: str) -> FloatArray:
    return pose.points[anatomy.pairs[pair]].mean(axis=0)


PARTS = (
    PicturedPart("head_picture", 0.40, 0.055, 0.085, _head),
    PicturedPart("trunk_picture", 0.60, 0.070, 0.150, _trunk),
)
"""Sizes of the ellipses were chosen on rendered runners: larger ones take in the background, smaller ones lose the outline."""


@dataclass
class _Kept:
    """Patches that wait to be registered."""

    patches: list[Image] = field(default_factory=list)
    corners: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass
class _PictureBlock:
    """Pictures that are registered together: how many, in which of them the runner was seen, and what was cut out of these."""

    frames: int = 0
    seen: list[int] = field(default_factory=list)
    poses: list[Pose] = field(default_factory=list)
    statures: list[float] = field(default_factory=list)
    kept: list[_Kept] = field(default_factory=lambda: [_Kept() for _ in PARTS])


class BodyPictures:
    """Cuts the patches of one shot while it is decoded, and registers them block by block in a thread beside the pose model.

    Parameters
    ----------
    anatomy
        Which points are what.
    rate
        Pictures per second.
    """

    def __init__(self, anatomy: Anatomy, rate: float) -> None:
        self._anatomy, self._rate = anatomy, rate
        self._block = _PictureBlock()
        self._pool = ThreadPoolExecutor(1)
        self._found: list[Future[FloatArray]] = []

    def add(self, image: Image, seen: Seen | None) -> None:
        """Take the next picture.

        Parameters
        ----------
        image
            RGB.
        seen
            The runner in it.
        """
        block = self._block
        block.frames += 1
        if seen is not None:
            pose, stature = seen.pose, seen.figure.height
            block.seen.append(block.frames - 1)
            block.poses.append(pose)
            block.statures.append(stature)
            for part, kept in zip(PARTS, block.kept, strict=True):
                window = PictureWindow.around(part.place(self._anatomy, pose), part.reach * stature)
                # Green is as good a grey as any, and there already.
                kept.patches.append(window.cut(image[..., 1], SIDE))
                kept.corners.append((window.x, window.y, window.side / SIDE))
        if block.frames >= BLOCK:
            self._begin()

    def found(self) -> FloatArray:
        """Place (x right, y down, px) and correlation of every part in every picture, shape (pictures, parts, 3); NaN where it was not found.

        To be asked for once, behind the last picture.
        """
        self._begin()
        with self._pool:
            return np.concatenate([np.empty((0, len(PARTS), 3)), *(each.result() for each in self._found)])

    def _begin(self) -> None:
        """Have the block registered, and begin the next."""
        self._found.append(self._pool.submit(self._registered, self._block))
        self._block = _PictureBlock()

    def _registered(self, block: _PictureBlock) -> FloatArray:
        out = np.full((block.frames, len(PARTS), 3), np.nan)
        if len(block.seen) >= FEWEST:
            for column, (part, kept) in enumerate(zip(PARTS, block.kept, strict=True)):
                out[block.seen, column] = self._place(part, kept, block)
        return out

    def _place(self, part: PicturedPart, kept: _Kept, block: _PictureBlock) -> FloatArray:
        """Register one part over the block, shape (patches, 3)."""
        corners = np.array(kept.corners)
        scale = corners[:, 2:]
        stature = median_filter(np.array(block.statures), 2 * round(STEADY * self._rate) + 1, mode="nearest")
        begin = np.array([part.place(self._anatomy, pose) for pose in block.poses])
        if part.place is _head:
            begin[:, 1] -= self._above(block) * stature
        middle = corners[:, :2] + SIDE / 2 * scale
        zoom = part_zoom(stature, scale[:, 0], part.reach)
        found = follow(np.stack(kept.patches), part.mask(), self._rate, (begin - middle) / scale, zoom)
        at = middle + found.shift * scale - 0.5
        lost = (found.fit < POOR) | (np.linalg.norm(at - begin, axis=1) > AWAY * stature)
        return np.where(lost[:, None], np.nan, np.column_stack([at, np.clip(found.fit, 0.0, 1.0)]))

    def _above(self, block: _PictureBlock) -> float:
        """How much higher than its key points the head is, statures."""
        figures = [
            (_middle(self._anatomy, pose, "shoulder"), _middle(self._anatomy, pose, "hip"), _head(self._anatomy, pose))
            for pose in block.poses
        ]
        shoulder, hip, head = np.moveaxis(np.array(figures), 1, 0)
        trunk = np.median(np.linalg.norm(shoulder - hip, axis=1))
        return float(max(EAR_HEIGHT * trunk - np.median(shoulder[:, 1] - head[:, 1]), 0.0) / np.median(block.statures))


def part_zoom(stature: FloatArray, scale: FloatArray, reach: float) -> FloatArray:
    """Size of the body in patches whose pixels are ``scale`` px of the film, over that in the mask."""
    return stature * reach / (SIDE * scale)
