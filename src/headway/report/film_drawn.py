"""What is drawn over a film: skeleton, foot on the ground, steps, as numbers for the script."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.body.sided import sided
from headway.camera.pictures import ENOUGH, HEAD_PICTURE, found_share
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.report.curves import SIDES, plain
from headway.report.film_sync import Anchor, Stance, Timeline, anchors
from headway.report.film_window import Window

_TOES = ("toe", "mt2", "mt5", "mt1")
_LIMBS = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"))
FINE = 480
"""Height of a small film from which a whole pixel is too little to be seen, px."""
_ENOUGH = 0.5
"""Share of the frames with one ear in which both must be seen, for their middle to be the head."""


@dataclass(frozen=True)
class DrawnFilm:
    """Everything the script draws, in px of the small film and seconds of the key points' clock.

    Attributes
    ----------
    size
        Width and height.
    time, points
        Of every picture; x and y of every point.
    bones, head
        Lines as (from, to, part), and the point that is the head.
    foot
        Middle of the foot on the ground.
    shift
        A point that rests in the background is shown at (place in the first picture) * scale + shift; ``None`` where nothing moves.
    stances, anchors, stride
        Steps, what they meet on the page's timeline, and the time between two landings of one foot, s.
    lean
        How far the true vertical leans, px to the left per px up.
    """

    size: tuple[int, int]
    time: list[float | None]
    points: list[list[float | None]]
    bones: list[tuple[int, int, str]]
    head: int | None
    foot: list[list[float | None] | None]
    shift: list[list[float | None]] | None
    stances: list[Stance]
    anchors: list[list[Anchor]]
    stride: float | None
    lean: float


def drawn(shown: KeyPoints, view: Window, steps: Sequence[Stance], roll: float, timeline: Timeline | None) -> DrawnFilm:
    """Lay out what is drawn over the part of a film that is shown.

    Parameters
    ----------
    shown, view
        Key points of that part, and where they lie in the small film.
    steps
        Of the whole film.
    roll
        Of the camera, rad.
    timeline
        Of the page.
    """
    names, points = _with_middles(shown)
    small = (points - view.origin[:, None]) * view.scale[:, None]
    background = np.zeros((len(points), 2)) if shown.background is None else shown.background
    shift = np.column_stack([(background - view.origin) * view.scale, view.scale])
    at = {name: i for i, name in enumerate(names)}
    stances = [stance for stance in steps if stance[2] >= shown.time[0] and stance[1] <= shown.time[-1]]
    stride = _stride(stances)
    foot = _stance_foot(shown.time, small, shift, at, stances)
    moves = bool(np.ptp(shift, axis=0).max() > 0.01)
    return DrawnFilm(
        size=view.size,
        time=plain(shown.time, 4),
        points=[plain(row, 0 if view.size[1] >= FINE else 1) for row in small.reshape(len(small), -1)],
        bones=_bones(at),
        head=at.get("head_centre"),
        foot=[plain(row, 1) if np.isfinite(row).all() else None for row in foot],
        shift=[plain(row, 4) for row in shift] if moves else None,
        stances=[(side, round(start, 4), round(stop, 4)) for side, start, stop in stances],
        anchors=[] if timeline is None else anchors(stances, timeline),
        stride=None if stride is None else round(stride, 3),
        lean=round(-math.tan(roll), 5) if math.isfinite(roll) else 0.0,
    )


def _stride(stances: Sequence[Stance]) -> float | None:
    """Usual time between two landings of one foot, s."""
    starts = {side: [start for own, start, _ in stances if own == side] for side in SIDES}
    gaps = [gap for times in starts.values() for gap in np.diff(times)]
    return float(np.median(gaps)) if gaps else None


def _with_middles(shown: KeyPoints) -> tuple[list[str], FloatArray]:
    """Points that are drawn, with the middles of shoulders, hips and head; shape (frames, points, 2)."""
    wanted = {part for limb in _LIMBS for part in limb} | set(_TOES)
    names = [name for name in shown.names if (own := sided(name)).side is not None and own.stem in wanted]
    points = [shown.position(name) for name in names]
    for name, parts in (("mid_shoulder", "shoulder"), ("mid_hip", "hip")):
        if name not in names and shown.has(f"{parts}_left", f"{parts}_right"):
            names.append(name)
            points.append((shown.position(f"{parts}_left") + shown.position(f"{parts}_right")) / 2)
    head = _head(shown)
    if head is not None:
        names.append("head_centre")
        points.append(head)
    return names, np.stack(points, axis=1) if points else np.zeros((len(shown.time), 0, 2))


def _head(shown: KeyPoints) -> FloatArray | None:
    """Where the head's own picture was found, and at its usual distance from the key points in between."""
    by_points = _head_by_points(shown)
    share = found_share(shown, HEAD_PICTURE)
    if by_points is None or share is None or share < ENOUGH:
        return by_points
    picture = shown.position(HEAD_PICTURE)
    usual = np.nanmedian(picture - by_points, axis=0)
    return np.where(np.isfinite(picture), picture, by_points + np.nan_to_num(usual))


def _head_by_points(shown: KeyPoints) -> FloatArray | None:
    """The middle of the ears; where mostly one is seen (from the side) that one, else the nose."""
    if shown.has("head_centre"):
        return shown.position("head_centre")
    ears = [shown.position(name) for name in ("ear_left", "ear_right") if shown.has(name)]
    if not ears:
        return shown.position("nose") if shown.has("nose") else None
    seen = np.array([np.isfinite(ear[:, 0]) for ear in ears])
    if len(ears) == 2 and seen.all(axis=0).sum() >= _ENOUGH * seen.any(axis=0).sum():
        return (ears[0] + ears[1]) / 2
    return ears[int(seen.sum(axis=1).argmax())]


def _bones(at: Mapping[str, int]) -> list[tuple[int, int, str]]:
    """Lines as (from, to, part); the part is the side or the trunk."""
    wanted = [("mid_shoulder", "mid_hip", "trunk"), ("mid_shoulder", "head_centre", "trunk")]
    for side in SIDES:
        wanted += [(f"{a}_{side}", f"{b}_{side}", side) for a, b in _LIMBS]
        wanted += [("mid_shoulder", f"shoulder_{side}", "trunk"), ("mid_hip", f"hip_{side}", "trunk")]
        toe = next((f"{name}_{side}" for name in _TOES if f"{name}_{side}" in at), "")
        wanted += [(f"heel_{side}", toe, side), (f"ankle_{side}", toe, side)]
    return [(at[a], at[b], part) for a, b, part in wanted if a in at and b in at]


def _stance_foot(
    time: FloatArray, small: FloatArray, shift: FloatArray, at: Mapping[str, int], stances: Sequence[Stance]
) -> FloatArray:
    """Middle of the foot on the ground in every frame, shape (frames, 2).

    In the picture's background the foot rests, or a belt carries it evenly: a straight line in time through its
    stance takes the jitter out of it.
    """
    place = np.full((len(time), 2), np.nan)
    still = (small - shift[:, None, :2]) / shift[:, None, 2:]
    for side, start, stop in stances:
        inside = np.flatnonzero((time >= start) & (time <= stop))
        names = [f"{part}_{side}" for part in ("heel", *_TOES[:1])]
        if not all(name in at for name in names):
            names = [f"ankle_{side}"]
        if not len(inside) or any(name not in at for name in names):
            continue
        middle = still[inside][:, [at[name] for name in names]].mean(axis=1)
        known = np.isfinite(middle).all(axis=1)
        if not known.any():
            continue
        order = 1 if known.sum() > 2 else 0
        for axis in range(2):
            line = np.polynomial.polynomial.polyfit(time[inside][known] - start, middle[known, axis], order)
            resting = np.polynomial.polynomial.polyval(time[inside] - start, line)
            place[inside, axis] = resting * shift[inside, 2 + axis] + shift[inside, axis]
    return place
