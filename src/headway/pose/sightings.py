"""People in single frames: looked for in the whole picture, where something moves, and tile by tile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import ndimage

from headway.pose.model import Anatomy, Figure, Image, PictureWindow, Pose, PoseModel, torso_colour
from headway.recording import FloatArray

if TYPE_CHECKING:
    from headway.pose.film import Frame

SIZE = 384
"""Side of the pictures that a model looks for a person in, px."""
ROOM = 1.9
"""Side of the window around a person, statures."""
SMALLEST = 40.0
"""Least stature that a pose is worth anything from, px."""
MOST = 4
"""People looked for in one frame."""
RIVAL = 0.75
"""A person at least this large, compared with the largest, can be the runner as well."""


@dataclass(frozen=True)
class Sighting:
    """One person in one frame.

    Attributes
    ----------
    time
        s.
    centre, height
        Middle of the hips and stature, px.
    confidence
        0 to 1.
    colour
        Mean colour of the trunk, 0 to 255.
    legs
        Height of both ankles below the hips, statures.
    """

    time: float
    centre: FloatArray
    height: float
    confidence: float
    colour: FloatArray
    legs: FloatArray


class Search:
    """Looks for people in single frames with one pose model."""

    def __init__(self, model: PoseModel) -> None:
        self.model = model
        self.anatomy = Anatomy(model.names, model.trust)

    def people(self, frame: Frame, regions: list[PictureWindow], everybody: bool) -> list[Sighting]:
        """Return people in the whole picture and in the regions given, the largest first.

        With ``everybody`` the whole picture is looked at again with the people found blacked out.
        """
        image = frame.image
        whole = PictureWindow.around(np.array([image.shape[1], image.shape[0]]) / 2, max(image.shape[:2]))
        first = self._look(image, whole, frame.time)
        found = [] if first is None else [first]
        for window in regions:
            largest = max((s.height for s in found), default=0.0)
            if window.side > 1.2 * RIVAL * largest and not _taken(window, found):
                self._add(found, self._look(_without(image, found), window, frame.time))
        while everybody and found and len(found) < MOST:
            if not self._add(found, self._look(_without(image, found), whole, frame.time)):
                break
        return sorted(found, key=lambda s: -s.height)

    @staticmethod
    def _add(found: list[Sighting], seen: Sighting | None) -> bool:
        """Add somebody who is large enough to matter and not there yet."""
        if seen is None or any(np.hypot(*(s.centre - seen.centre)) < 0.3 * s.height for s in found):
            return False
        if seen.height < 0.5 * max((s.height for s in found), default=0.0):
            return False
        found.append(seen)
        return True

    def tiles(self, frame: Frame, _: list[PictureWindow], __: bool) -> list[Sighting]:
        """Return the first person found in overlapping squares of falling size."""
        high, wide = frame.image.shape[:2]
        short = min(high, wide)
        for side in (short, short / 2):
            steps = [np.linspace(side / 2, length - side / 2, round(2 * length / side) - 1) for length in (wide, high)]
            for y in steps[1]:
                for x in steps[0]:
                    seen = self._look(frame.image, PictureWindow.around(np.array([x, y]), side), frame.time)
                    if seen is not None:
                        return [seen]
        return []

    def _look(self, image: Image, window: PictureWindow, time: float) -> Sighting | None:
        """Look for a person in a window, and again closer."""
        figure, pose = self._figure(image, window)
        if figure is None or pose is None:
            return None
        if window.side > 1.2 * ROOM * figure.height:
            closer, pose = self._figure(image, PictureWindow.around(figure.centre, ROOM * figure.height))
            if closer is None or pose is None or abs(np.log(closer.height / figure.height)) > np.log(1.6):
                return None
            if np.hypot(*(closer.centre - figure.centre)) > 0.4 * figure.height:
                return None
            figure = closer
        ankles = pose.points[self.anatomy.pairs["ankle"], 1]
        legs = (ankles - figure.centre[1]) / figure.height
        colour = torso_colour(image, figure.torso)
        return Sighting(time, figure.centre, figure.height, figure.confidence, colour, legs)

    def _figure(self, image: Image, window: PictureWindow) -> tuple[Figure | None, Pose | None]:
        pose = self.model.find(window.cut(image, SIZE))
        if pose is None:
            return None, None
        pose = window.to_image(pose, SIZE)
        figure = self.anatomy.figure(pose)
        high, wide = image.shape[:2]
        inside = 0 <= figure.centre[0] < wide and 0 <= figure.centre[1] < high
        return (figure, pose) if figure.likely and inside and figure.height > SMALLEST else (None, None)


def _taken(window: PictureWindow, found: Iterable[Sighting]) -> bool:
    """Tell whether a region belongs to somebody already found."""
    middle = np.array([window.x, window.y]) + window.side / 2
    return any(np.hypot(*(s.centre - middle)) < 0.6 * s.height for s in found)


def _without(image: Image, found: Sequence[Sighting]) -> Image:
    """Black out the people found."""
    if not found:
        return image
    out = image.copy()
    for s in found:
        left, right = (int(max(0, s.centre[0] + k * 0.35 * s.height)) for k in (-1, 1))
        top, bottom = (int(max(0, s.centre[1] + k * 0.6 * s.height)) for k in (-1, 1))
        out[top:bottom, left:right] = 0
    return out


def moving_regions(images: Sequence[Image], most: int = 3) -> list[list[PictureWindow]]:
    """Squares around what differs from the still background, for every image, largest first.

    The background is the median over the images; with a moving camera everything differs, and nothing is returned.
    """
    if len(images) < 3:
        return [[] for _ in images]
    step = max(1, max(images[0].shape[:2]) // 420)
    small = np.stack([ndimage.uniform_filter(im[::step, ::step].mean(axis=2), 3) for im in images])
    change = np.abs(small - np.median(small, axis=0))
    limit = max(14.0, 6.0 * float(np.median(change)))
    return [_regions(moved, step, most) for moved in change > limit]


def _regions(moved: np.ndarray, step: int, most: int) -> list[PictureWindow]:
    """Squares around the connected parts of a mask that was taken at every ``step``-th pixel."""
    if moved.mean() > 0.4:
        return []
    found: Any = ndimage.label(ndimage.binary_closing(moved, np.ones((7, 3)), iterations=2))
    boxes = []
    for rows, columns in ndimage.find_objects(found[0]):
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        middle = np.array([columns.start + columns.stop, rows.start + rows.stop]) / 2
        boxes.append((max(high, wide), PictureWindow.around(middle * step, 1.5 * step * max(high, wide))))
    boxes.sort(key=lambda box: -box[0])
    return [window for extent, window in boxes[:most] if extent * step > 0.6 * SMALLEST]
