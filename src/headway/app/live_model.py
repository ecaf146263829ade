"""A running model of the stride from key points as they come: the head over the stance foot, cadence, bounce, and what cannot be told."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from scipy.special import stdtrit

from headway.body.landmarks import identify
from headway.camera.body_shape import ear_above_ankle
from headway.camera.points import middle, point
from headway.camera.view import ViewFound, find_view
from headway.errors import HeadwayError
from headway.options import FilmView
from headway.periodic import find_frequency, fit_series
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray

WINDOW = 8.0
"""s that are looked at: a dozen strides."""
STEPS = (1.9, 4.6)
"""Steps per second that are looked for."""
FEWEST = 5
"""Strides from which something is told."""
SEEN = 0.6
"""Share of the pictures in which the runner has to be seen whole."""
REPEATS = 0.35
"""Share of the motion of the legs that has to repeat with every step."""
STILL = 0.03
"""Least up and down of the lower ankle below the hips of a runner, statures (half of peak to peak, at step frequency)."""
SLOWEST = 9.0
"""Pictures per second from which steps are seen: two in the time of one step at the highest cadence."""
FEWEST_PICTURES = 24
EVERY = 0.4
"""s after which cadence and bounce are computed anew."""
LOWER = 0.01
"""Statures by which the other foot has to be lower before it becomes the stance foot."""
LARGEST_ERROR = 0.6
"""Half width of an interval, as a share of its value, from which nothing is told."""

Reason = Literal["nobody", "hidden", "short", "slow", "still", "irregular", "oblique"]
Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
Spot = tuple[float, float]


class LiveNumber(msgspec.Struct, frozen=True):
    """A number with the half width of its 95 % interval."""

    value: float
    half: float


class StrideTold(msgspec.Struct, frozen=True):
    """What the last strides tell.

    Attributes
    ----------
    cadence
        Steps/min.
    bounce
        Half of peak to peak of the head, statures: sideways from behind and in front, up and down from the side.
    view, direction
        From where the camera looks; +1 runs to the right in the picture, -1 to the left, 0 to or from the camera.
    why
        Why something of these cannot be told.
    """

    cadence: LiveNumber | None = None
    bounce: LiveNumber | None = None
    view: FilmView | None = None
    direction: int = 0
    why: Reason | None = "nobody"


class LivePicture(msgspec.Struct, frozen=True):
    """What one picture tells.

    Attributes
    ----------
    time
        s, as it came.
    points
        x, y (px) and confidence of every key point; empty where nobody was seen.
    head, foot
        Middle of the ears and of the stance foot, px.
    stance
        The lower foot.
    dot
        Head beside the line of the hips, across the image, statures.
    prints
        The same of the left and the right foot in stance, mean of the last strides.
    over
        Head beside the stance foot, across the image, statures.
    stride
        What the last strides tell.
    """

    time: float
    points: list[tuple[float, float, float]] = []
    head: Spot | None = None
    foot: Spot | None = None
    stance: Side | None = None
    dot: float | None = None
    prints: tuple[float | None, float | None] = (None, None)
    over: float | None = None
    stride: StrideTold = StrideTold()


@dataclass(frozen=True)
class _Ground:
    """Stature, px, and the line of the hips across the image: px at ``time``, px/s."""

    time: float = 0.0
    size: float = float("nan")
    level: float = float("nan")
    slope: float = 0.0

    def line(self, time: float) -> float:
        return self.level + self.slope * (time - self.time)


class LiveModel:
    """Takes key points picture by picture; only the last ``WINDOW`` seconds are kept.

    Parameters
    ----------
    names
        Labels of the points.
    size
        Width and height of the picture, px.
    """

    def __init__(self, names: Sequence[str], size: tuple[int, int]) -> None:
        known = identify(tuple(names)).names
        self._kept = [k for k, name in enumerate(names) if name in known]
        self._names = tuple(known[names[k]] for k in self._kept)
        self._size = size
        self._frames: deque[tuple[float, FloatArray, FloatArray]] = deque()
        self._stance: Side | None = None
        self._stride = StrideTold()
        self._computed = -np.inf
        self._ground = _Ground()
        self._prints: dict[Side, deque[tuple[float, float]]] = {side: deque() for side in SIDES}

    def add(self, time: float, pixels: FloatArray | None, confidence: FloatArray | None = None) -> LivePicture:
        """Take one picture's points, px, shape (points, 2), and their confidence; ``None`` where nobody was seen.

        Times rise; a picture that is older than the last is not taken into the model.
        """
        if self._frames and time <= self._frames[-1][0]:
            return LivePicture(time, stride=self._stride)
        nothing = np.full((len(self._names), 2), np.nan)
        own = nothing if pixels is None else np.asarray(pixels, float)[self._kept]
        sure = np.ones(len(own)) if confidence is None else np.asarray(confidence, float)[self._kept]
        self._frames.append((time, own, sure if pixels is not None else np.zeros(len(own))))
        while self._frames[0][0] < time - WINDOW:
            self._frames.popleft()
        if time - self._computed >= EVERY:
            self._computed, self._stride = time, self._told()
            self._ground = _ground(self._points())
        if pixels is None:
            return LivePicture(time, stride=self._stride)
        weights = np.ones(len(pixels)) if confidence is None else confidence
        drawn = [
            (float(x), float(y), float(c)) for (x, y), c in zip(pixels, weights, strict=True) if np.isfinite(x + y)
        ]
        return self._placed(time, drawn)

    def _points(self, last: int = 0) -> KeyPoints:
        time, pixels, confidence = zip(*list(self._frames)[-last:], strict=True)
        return KeyPoints(np.array(time), self._names, np.stack(pixels), np.stack(confidence), self._size)

    def _placed(self, time: float, drawn: list[tuple[float, float, float]]) -> LivePicture:
        """Where head and stance foot are now."""
        points = self._points(1)
        size, line = self._ground.size, self._ground.line(time)
        feet: dict[Side, FloatArray] = {side: _foot(points, side)[-1] for side in SIDES}
        head = middle(points, "ear")[-1]
        if not np.isfinite(head).all():
            head = point(points, "nose")[-1]
        stance = self._lower(feet, size)
        foot = None if stance is None else _spot(feet[stance])
        at = None if not np.isfinite(head[0] - line) or not size > 0 else float((head[0] - line) / size)
        if stance is not None and foot is not None and size > 0:
            self._keep_print(stance, time, float((foot[0] - line) / size))
        means = [float(np.mean([x for _, x in kept])) if kept else None for kept in self._prints.values()]
        over = None if foot is None or not np.isfinite(head[0]) or not size > 0 else float((head[0] - foot[0]) / size)
        return LivePicture(time, drawn, _spot(head), foot, stance, at, (means[0], means[1]), over, self._stride)

    def _lower(self, feet: dict[Side, FloatArray], size: float) -> Side | None:
        """The foot on which the runner stands: the lower one, which changes only when it is lower by something."""
        lower = float(feet["left"][1] - feet["right"][1])
        if not np.isfinite(lower):
            return None
        if self._stance is None or abs(lower) > LOWER * size:
            self._stance = "left" if lower > 0 else "right"
        return self._stance

    def _keep_print(self, stance: Side, time: float, place: float) -> None:
        for kept in self._prints.values():
            while kept and kept[0][0] < time - WINDOW:
                kept.popleft()
        if np.isfinite(place):
            self._prints[stance].append((time, place))

    def _told(self) -> StrideTold:
        points = self._points()
        seen = np.isfinite(middle(points, "hip")[:, 0]) & np.isfinite(middle(points, "ear")[:, 0])
        if not seen[-max(1, len(seen) // 4) :].any():
            return StrideTold(why="nobody")
        if seen.mean() < SEEN:
            return StrideTold(why="hidden")
        inside = slice(int(np.argmax(seen)), len(seen))
        points = points.frames(inside)
        found = _view(points)
        view, direction = (None, 0) if found is None else (found.name, found.direction)
        if len(points.time) < FEWEST_PICTURES:
            return StrideTold(None, None, view, direction, "short")
        if (len(points.time) - 1) / np.ptp(points.time) < SLOWEST:
            return StrideTold(None, None, view, direction, "slow")
        cadence, why = _cadence(points)
        if cadence is None or view is None:
            return StrideTold(cadence, None, view, direction, why or "oblique")
        bounce = _bounce(points, cadence.value / 120.0, sideways=view != "side")
        return StrideTold(cadence, bounce, view, direction, None if bounce is not None else "irregular")


def _spot(place: FloatArray) -> Spot | None:
    return (float(place[0]), float(place[1])) if np.isfinite(place).all() else None


def _foot(points: KeyPoints, side: Side) -> FloatArray:
    """Middle of ankle, heel and toe as far as they are there, px, shape (frames, 2)."""
    parts = [point(points, f"{name}_{side}") for name in ("ankle", "heel", "toe")]
    there = [part for part in parts if np.isfinite(part).any()]
    return np.mean(there, axis=0) if there else parts[0]


def _reach(points: KeyPoints, name: str) -> FloatArray:
    """How far the lower ankle is below a pair of points, px, shape (frames,)."""
    ankles = np.stack([point(points, f"ankle_{side}")[:, 1] for side in SIDES])
    return ankles.max(0) - middle(points, name)[:, 1]


def _size(points: KeyPoints) -> float:
    """Stature at the last picture, px: a line through the largest distances from ear to lower ankle; NaN where none is seen."""
    height = _reach(points, "ear")
    seen = np.isfinite(height)
    if not seen.any():
        return float("nan")
    if seen.sum() < 8:
        return float(np.nanmax(height)) / ear_above_ankle().value
    time = points.time[seen] - points.time[-1]
    slope, level = np.polyfit(time, height[seen], 1)
    rest = height[seen] - (level + slope * time)
    return float(level + np.percentile(rest, 90)) / ear_above_ankle().value


def _sizes(points: KeyPoints) -> FloatArray:
    """Stature at every picture, px, shape (frames,): that of the last one, and the line through all."""
    height = _reach(points, "ear")
    seen = np.isfinite(height)
    slope, level = np.polyfit(points.time[seen] - points.time[-1], height[seen], 1)
    return _size(points) * np.maximum(1.0 + slope / max(level, 1.0) * (points.time - points.time[-1]), 0.2)


def _ground(points: KeyPoints) -> _Ground:
    """Stature and the line of the hips, which leaves out what swings with the strides."""
    hips = middle(points, "hip")[:, 0]
    seen = np.isfinite(hips)
    if seen.sum() < 8:
        return _Ground(float(points.time[-1]), _size(points), float(np.nanmean(hips)) if seen.any() else np.nan)
    slope, level = np.polyfit(points.time[seen] - points.time[-1], hips[seen], 1)
    return _Ground(float(points.time[-1]), _size(points), float(level), float(slope))


def _view(points: KeyPoints) -> ViewFound | None:
    """From where the runner is seen; ``None`` from half-way between two views."""
    try:
        return find_view(points)
    except HeadwayError:
        return None


def _cadence(points: KeyPoints) -> tuple[LiveNumber | None, Reason | None]:
    """Steps per minute from what repeats with every step, so that exchanged legs do no harm; or why not."""
    size = _sizes(points)
    swing = point(points, "ankle_left") - point(points, "ankle_right")
    reach = _reach(points, "hip")
    height = np.column_stack([middle(points, name)[:, 1] for name in ("hip", "shoulder", "ear")])
    channels = np.column_stack([np.abs(swing), reach, height]) / size[:, None]
    if np.isfinite(channels[:, 2]).sum() < 20:
        return None, "hidden"
    found = find_frequency(points.time, channels, STEPS)
    if found is None:
        return None, "irregular"
    slow = np.vander((points.time - points.time.mean()) / WINDOW, 3)
    fit = fit_series(2 * np.pi * found.value * points.time, channels, 1, slow=slow)
    if 2 * np.abs(fit.phasors[0]).max() < STILL:
        return None, "still"
    plain = fit_series(None, channels, 0, slow=slow)
    left, all_of_it = (float(np.nansum(one.rest**2)) for one in (fit, plain))
    if np.ptp(points.time) * found.value / 2 < FEWEST:
        return None, "short"
    if left > (1 - REPEATS) * all_of_it:
        return None, "irregular"
    return LiveNumber(60.0 * found.value, 60.0 * 1.96 * found.error), None


def _bounce(points: KeyPoints, strides: float, *, sideways: bool) -> LiveNumber | None:
    """Half of peak to peak of the head, statures: sideways at stride frequency, up and down at step frequency; from strides one by one."""
    head = middle(points, "ear")
    values = (head[:, 0] if sideways else head[:, 1]) / _sizes(points)
    rate = strides if sideways else 2 * strides
    one = 1.0 / strides
    phase = 2 * np.pi * rate * points.time
    found = []
    for stop in np.arange(points.time[-1], points.time[0] + one - 1e-9, -one):
        inside = (points.time > stop - one) & (points.time <= stop) & np.isfinite(values)
        if inside.sum() < 7:
            continue
        time = points.time[inside]
        slow = np.column_stack([np.ones(len(time)), (time - time.mean()) / one])
        found.append(complex(fit_series(phase[inside], values[inside, None], 1, slow=slow).phasors[0, 0]))
    if len(found) < FEWEST:
        return None
    each = np.array(found)
    mean = each.mean()
    along = (each * np.conj(mean) / abs(mean)).real
    half = float(stdtrit(len(along) - 1, 0.975) * along.std(ddof=1) / np.sqrt(len(along)))
    value = float(along.mean())
    return LiveNumber(value, half) if half < LARGEST_ERROR * value else None
