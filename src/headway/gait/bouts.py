"""What a recording holds: standing, walking, speeding up, steady running at a speed and heading, turning, stopping, holes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from headway.gait.axes import PELVIS_POINTS, centre_of, feet_of, horizontal_axes
from headway.recording import FloatArray, Recording
from headway.signals import bridge_gaps, derivative, low_pass, runs, seen_mean, seen_median
from headway.texts import TEXTS

Activity = Literal["standing", "walking", "running", "speeding up", "slowing down", "turning", "not recorded"]
GRID = 0.02
"""Time between the instants at which a recording is judged, s."""
STRIDE = 0.7
"""Speed is averaged over about this time, s."""
STILL = 0.6
"""Slower than this is standing, m/s."""
HOLE = 0.25
"""A longer time without pelvis or feet parts two passes, s."""
TURNING = np.radians(25.0)
"""A heading this far from that of the stretch before is another one, rad."""
STEP_ABSOLUTE, STEP_RELATIVE = 0.5, 0.2
"""Speeds that differ by more than both are two, m/s and share."""
STEADY_SLOPE = 0.35
"""A change of speed within a stretch, as a share of its speed, above which it is speeding up or slowing down."""
SHORTEST = 1.0
"""Stretches shorter than this are part of a change, s."""
LEAP, LEAP_REACH = 0.02, 0.5
"""Change of the step from one frame to the next above which all points leap, m, and how near to an end that counts, s."""
MOMENT = 0.15
"""What lasts no longer than this is the change between its neighbours, s."""
WALKS_BELOW = 2.5
"""m/s; nobody walks faster for long."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MotionBout:
    """One stretch of a recording.

    Attributes
    ----------
    activity
        What is done in it.
    start, stop
        s.
    speed
        Median speed over the ground, m/s; NaN where nothing was recorded.
    heading
        Direction of the run in the horizontal plane, rad, from an arbitrary but fixed axis; NaN where there is none.
    """

    activity: Activity
    start: float
    stop: float
    speed: float
    heading: float

    @property
    def duration(self) -> float:
        """Length, s."""
        return self.stop - self.start

    def __str__(self) -> str:
        """In words: ``running at 2.5 m/s, 3.2-13.1 s``."""
        key = "words.bout_speed" if self.activity in ("running", "walking") else "words.bout"
        return TEXTS(key, activity=self.activity, speed=self.speed, start=self.start, stop=self.stop)


@dataclass(frozen=True)
class _Course:
    """Speed and heading on a grid of instants: s, m/s, rad; ``seen`` where both were recorded, ``walks`` where both feet bear."""

    time: FloatArray
    velocity: FloatArray
    seen: BoolArray
    walks: FloatArray

    @property
    def speed(self) -> FloatArray:
        return np.hypot(self.velocity[:, 0], self.velocity[:, 1])


def find_bouts(recording: Recording) -> tuple[MotionBout, ...]:
    """Divide a recording into what was done in it.

    Parameters
    ----------
    recording
        With canonical landmarks, in lab axes.

    Returns
    -------
    tuple
        In order of time and without overlap; changes between two stretches may be left out.
    """
    course = _course(recording)
    edges = _edges(course)
    bouts = _joined([_bout(course, a, b) for a, b in pairwise(edges) if b - a > 1])
    return tuple(_sharpened(bouts, recording))


def _course(recording: Recording) -> _Course:
    plane = horizontal_axes(recording)
    own, rate = recording.time, recording.rate
    pelvis = centre_of(recording, PELVIS_POINTS)
    feet = feet_of(recording)
    time = np.arange(own[0], own[-1] + GRID / 2, GRID)
    pelvis_seen = np.isfinite(pelvis).all(1)
    feet_seen = np.any([np.isfinite(foot).all(1) for foot in feet], axis=0)
    seen = _on_grid(own, pelvis_seen & feet_seen, time)
    smooth = low_pass(pelvis, rate, min(10.0, 0.2 * rate))
    travel = derivative(smooth, rate) @ plane[:2].T
    bears, ground = _ground(feet, plane, rate)
    relative = travel - ground
    velocity = np.column_stack([_averaged(own, relative[:, k], time, STRIDE) for k in range(2)])
    both, none = (bears.sum(0) == 2).astype(float), (bears.sum(0) == 0).astype(float)
    return _Course(time, velocity, seen, _averaged(own, both - none, time, 1.0))


def _on_grid(own: FloatArray, mask: BoolArray, time: FloatArray) -> BoolArray:
    """Mask at the grid's instants, with holes too short to matter closed."""
    closed = mask.copy()
    step = float(np.median(np.diff(own)))
    for a, b in runs(~mask):
        if (b - a) * step < HOLE:
            closed[a:b] = True
    return closed[np.clip(np.searchsorted(own, time), 0, len(own) - 1)]


def _ground(feet: list[FloatArray], plane: FloatArray, rate: float) -> tuple[BoolArray, FloatArray]:
    """Which foot bears (feet, frames), and the velocity of the ground in the plane, m/s, shape (frames, 2)."""
    bears, velocities = [], []
    for foot in feet:
        smooth = low_pass(foot, rate, min(15.0, 0.2 * rate))
        height, velocity = smooth @ plane[2], derivative(smooth, rate)
        with np.errstate(invalid="ignore"):
            down = (height < np.nanpercentile(height, 10) + 0.03) & (np.abs(velocity @ plane[2]) < 0.35)
        bears.append(down & np.isfinite(velocity).all(1))
        velocities.append(velocity @ plane[:2].T)
    down, flat = np.array(bears), np.array(velocities)
    mean = seen_mean(np.where(down[..., None], flat, np.nan))
    known = np.flatnonzero(np.isfinite(mean).all(1))
    if not len(known):
        return down, np.zeros((flat.shape[1], 2))
    frames, every = np.arange(flat.shape[1]), max(round(GRID * rate), 1)
    half = max(round(0.15 * rate), 1)
    padded = np.pad(mean[known], ((half, half), (0, 0)), constant_values=np.nan)
    local = seen_median(sliding_window_view(padded, 2 * half + 1, axis=0)[::every], -1)
    some = known[::every]
    return down, local[np.clip(np.searchsorted((some[1:] + some[:-1]) / 2, frames), 0, len(some) - 1)]


def _averaged(own: FloatArray, values: FloatArray, time: FloatArray, width: float) -> FloatArray:
    """Mean of what was recorded within ``width`` (s) around each instant; NaN where nothing was."""
    finite = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(finite, values, 0.0))))
    count = np.concatenate(([0], np.cumsum(finite)))
    first, last = np.searchsorted(own, time - width / 2), np.searchsorted(own, time + width / 2)
    n = count[last] - count[first]
    return np.where(n > 0, (total[last] - total[first]) / np.maximum(n, 1), np.nan)


def _edges(course: _Course) -> list[int]:
    """Instants where something else begins: holes, rests, steps of speed and turns."""
    n = len(course.time)
    edges = {0, n}
    for a, b in runs(course.seen):
        edges |= {a, b}
        still = course.speed[a:b] < STILL
        for c, d in runs(~still):
            c, d = _half_way(course.speed[a:b], c, d)
            edges |= {a + k for k in (c, *_steps(course.velocity[a + c : a + d], c), d)}
    return sorted(edges)


def _half_way(speed: FloatArray, start: int, stop: int) -> tuple[int, int]:
    """Ends of a moving stretch put where half its speed is reached: the average over a stride leaks into the rest beside it."""
    fast = np.flatnonzero(np.nan_to_num(speed[start:stop]) >= np.nanmedian(speed[start:stop]) / 2)
    first = start if start == 0 else start + int(fast[0])
    return first, stop if stop == len(speed) else start + int(fast[-1]) + 1


def _steps(velocity: FloatArray, offset: int) -> list[int]:
    """Where the mean velocity of a moving stretch steps, by halving as long as both sides differ."""
    n, least = len(velocity), round(SHORTEST / GRID)
    if n < 2 * least:
        return []
    total = np.concatenate((np.zeros((1, 2)), np.cumsum(np.nan_to_num(velocity), axis=0)))
    k = np.arange(least, n - least + 1)
    before, after = total[k] / k[:, None], (total[n] - total[k]) / (n - k)[:, None]
    gain = ((before - after) ** 2).sum(1) * k * (n - k) / n
    best = int(np.argmax(gain))
    if not _differ(before[best], after[best]):
        return []
    cut = int(k[best])
    return [*_steps(velocity[:cut], offset), offset + cut, *_steps(velocity[cut:], offset + cut)]


def _differ(one: FloatArray, other: FloatArray) -> bool:
    a, b = float(np.hypot(*one)), float(np.hypot(*other))
    if abs(a - b) > max(STEP_ABSOLUTE, STEP_RELATIVE * min(a, b)):
        return True
    cosine = float(one @ other) / max(a * b, 1e-9)
    return min(a, b) > STILL and cosine < np.cos(TURNING)


def _bout(course: _Course, a: int, b: int) -> MotionBout:
    time = course.time
    start, stop = float(time[a]), float(time[min(b, len(time) - 1)])
    if not course.seen[a:b].any():
        return MotionBout("not recorded", start, stop, float("nan"), float("nan"))
    velocity, speed = course.velocity[a:b], course.speed[a:b]
    median = float(np.nanmedian(speed))
    mean = np.nanmean(velocity, axis=0)
    heading = float(np.arctan2(mean[1], mean[0]))
    if median < STILL:
        return MotionBout("standing", start, stop, median, float("nan"))
    straight = float(np.hypot(*mean)) / float(np.nanmean(speed))
    inner = np.isfinite(speed)
    slope = (
        float(np.polyfit(time[a:b][inner], speed[inner], 1)[0]) * (stop - start) / median if inner.sum() > 2 else 0.0
    )
    activity: Activity = "running"
    if straight < np.cos(TURNING):
        activity = "turning"
    elif abs(slope) > STEADY_SLOPE:
        activity = "speeding up" if slope > 0 else "slowing down"
    elif median < WALKS_BELOW and np.nanmedian(course.walks[a:b]) > 0:
        activity = "walking"
    return MotionBout(activity, start, stop, median, heading)


def _joined(bouts: list[MotionBout]) -> list[MotionBout]:
    """Neighbours of one kind, speed and heading as one."""
    out: list[MotionBout] = []
    for bout in bouts:
        last = out[-1] if out else None
        if last is not None and last.activity == bout.activity and not _apart(last, bout):
            out[-1] = MotionBout(
                last.activity, last.start, bout.stop, max(last, bout, key=lambda b: b.duration).speed, last.heading
            )
        else:
            out.append(bout)
    return out


def _sharpened(bouts: list[MotionBout], recording: Recording) -> list[MotionBout]:
    """Ends put on the frame at which all points leap, where there is one near them: recordings that were joined."""
    if len(bouts) < 2:
        return bouts
    leap = _leaps(recording)
    time = recording.time
    if not leap.any():
        return bouts
    out = list(bouts)
    for k, (before, after) in enumerate(pairwise(bouts)):
        near = np.flatnonzero(leap & (np.abs(time - before.stop) < LEAP_REACH))
        if len(near) and before.stop == after.start:
            last, first = float(time[max(near[0] - 2, 0)]), float(time[min(near[-1] + 2, len(time) - 1)])
            out[k] = replace(out[k], stop=last)
            out[k + 1] = replace(out[k + 1], start=first)
    return [bout for bout in out if bout.duration > MOMENT]


def _leaps(recording: Recording) -> BoolArray:
    """Frames at which half of the points jump as no body can, shape (frames,)."""
    values = recording.points.transpose("time", "point", "axis").to_numpy()
    some = values[:, :: max(values.shape[1] // 12, 1)]
    change = np.abs(np.diff(bridge_gaps(some, 5), n=2, axis=0)).max(-1)
    seen = np.isfinite(change).any(1)
    middle = np.zeros(len(values))
    middle[1:-1][seen] = seen_median(change[seen], 1)
    return middle > max(LEAP, 5 * float(np.percentile(middle, 95)))


def _apart(one: MotionBout, other: MotionBout) -> bool:
    if one.activity not in ("running", "walking"):
        return False
    arrows = [b.speed * np.array([np.cos(b.heading), np.sin(b.heading)]) for b in (one, other)]
    return _differ(arrows[0], arrows[1])
