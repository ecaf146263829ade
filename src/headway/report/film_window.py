"""Which part of a film is worth showing: the stretch that was analysed, and the part of the picture the runner is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import savgol_filter

from headway.recording import FloatArray

IntArray = npt.NDArray[np.int64]
LONGEST_SIDE = 640
"""Most pixels of the small film, the longer way."""
MOST_SECONDS, MOST_FRAMES = 15.0, 800
MARGIN = 0.25
"""Seconds shown before the first landing and after the last toe-off."""
SMALLEST_RUNNER = 220
"""Height in px below which a runner who crosses the picture is followed instead of shown in the whole of it."""
LEAST_FILLED = 0.4
"""Share of the height of a fixed view that the runner must fill."""
ROOM = (0.35, 0.2)
"""Free room beside the runner and above and below, per height."""


@dataclass(frozen=True)
class Window:
    """The part of every picture that is shown.

    Attributes
    ----------
    origin, extent
        Upper left corner, and width and height, px of the film, shape (frames, 2); the same in every frame unless the
        runner is followed.
    size
        Width and height of the small film, px, even.
    """

    origin: IntArray
    extent: IntArray
    size: tuple[int, int]

    @property
    def scale(self) -> FloatArray:
        """Pixels of the small film per pixel of the film, across and down, shape (frames, 2)."""
        return np.array(self.size, float) / self.extent

    @property
    def follows(self) -> bool:
        """Tell whether the window travels with the runner."""
        return bool((self.origin != self.origin[0]).any())


def stretch(time: FloatArray, seen: npt.NDArray[np.bool_], stances: Sequence[tuple[str, float, float]]) -> slice:
    """Frames to show: those around the steps, no more than a small file can carry.

    Parameters
    ----------
    time, seen
        Of every frame: real time (s), and whether the runner was seen.
    stances
        Side, initial contact and toe-off (s).

    Returns
    -------
    slice
        Empty where the runner was never seen.
    """
    shown = np.flatnonzero(seen)
    if not len(shown):
        return slice(0, 0)
    first, last = float(time[shown[0]]), float(time[shown[-1]])
    if stances:
        first = max(first, min(start for _, start, _ in stances) - MARGIN)
        last = min(last, max(stop for _, _, stop in stances) + MARGIN)
    spacing = float(np.median(np.diff(time))) if len(time) > 1 else 1.0
    longest = min(MOST_SECONDS, MOST_FRAMES * spacing)
    if last - first > longest:
        first = _busiest(first, last, longest, stances)
        last = first + longest - spacing / 2
    begin, end = np.searchsorted(time, [first - spacing / 4, last + spacing / 4])
    return slice(int(begin), int(max(end, begin)))


def _busiest(first: float, last: float, longest: float, stances: Sequence[tuple[str, float, float]]) -> float:
    """Start of the stretch with most whole stances; of equal ones the one nearest the middle."""
    centre = (first + last - longest) / 2
    starts = [centre, *(start - MARGIN for _, start, _ in stances)]
    inside = [min(max(start, first), last - longest) for start in starts]
    count = [sum(s <= a and b <= s + longest for _, a, b in stances) for s in inside]
    return max(zip(count, inside, strict=True), key=lambda pair: (pair[0], -abs(pair[1] - centre)))[1]


def window(pixels: FloatArray, size: tuple[int, int], rate: float) -> Window:
    """Find the part of the picture to show.

    A runner who fills a fixed part of the picture well is shown in it; one who crosses the picture, or runs away from
    the camera until too little of it is filled, is followed.

    Parameters
    ----------
    pixels
        Key points, px, shape (frames, points, 2), at least one of them seen.
    size
        Width and height of the film, px.
    rate
        Frames per second.
    """
    low, high = outline(pixels)
    tall = high[:, 1] - low[:, 1]
    usual = float(np.nanpercentile(tall, 90))
    room = np.array(ROOM) * usual
    corner, opposite = np.nanmin(low, axis=0) - room, np.nanmax(high, axis=0) + room
    fixed = _fitted(corner[None], np.broadcast_to(opposite - corner, (len(pixels), 2)), size)
    shown, smallest = usual * fixed.scale[0, 1], float(np.nanpercentile(tall, 10))
    if shown >= min(SMALLEST_RUNNER, 0.8 * usual) and smallest >= LEAST_FILLED * fixed.extent[0, 1]:
        return fixed
    # How large the runner is changes slowly; what the arms and legs add to it does not count.
    height = np.exp(_quiet(np.log(np.where(tall > 1, tall, np.nan)), 2 * rate))
    broad = max(float(np.nanpercentile((high[:, 0] - low[:, 0]) / height, 98)) + 2 * ROOM[0], 1.2)
    extent = height[:, None] * np.array([broad, 1.1 + 2 * ROOM[1]])
    middle = np.stack([_quiet((low[:, i] + high[:, i]) / 2, 1.6 * rate) for i in range(2)], axis=1)
    return _fitted(middle - extent / 2, extent, size)


def outline(pixels: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Upper left and lower right corner of the points of each frame, shape (frames, 2); NaN where none was seen."""
    known = np.isfinite(pixels)
    low = np.where(known, pixels, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, pixels, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)


def _fitted(corner: FloatArray, extent: FloatArray, size: tuple[int, int]) -> Window:
    """Fit a wish into the picture, in whole pixels and with one shape throughout."""
    whole = np.array(size)
    shape = np.minimum(extent[0], whole)
    grow = np.minimum(extent[:, 1] / extent[0, 1], (whole / shape).min())
    fitted = np.clip(np.round(shape * grow[:, None]).astype(np.int64), np.minimum(16, whole), whole)
    wanted = corner + (extent - fitted) / 2
    origin = np.clip(np.round(wanted).astype(np.int64), 0, whole - fitted)
    typical = np.percentile(fitted, 75, axis=0)
    shrink = min(1.0, LONGEST_SIDE / float(typical.max()))
    wide, high = np.maximum((typical * shrink / 2).round().astype(int) * 2, 2)
    return Window(origin, fitted, (int(wide), int(high)))


def _quiet(values: FloatArray, frames: float) -> FloatArray:
    """Slow part of a course over time, over gaps as well: what a person holding a camera on the runner would follow."""
    at, known = np.arange(len(values)), np.isfinite(values)
    whole = np.interp(at, at[known], values[known])
    length = min(int(frames) | 1, len(whole) - 1 + len(whole) % 2)
    return np.asarray(savgol_filter(whole, length, 1)) if length >= 3 else whole
