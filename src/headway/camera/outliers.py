"""What no runner does: jumps, limbs that grow, points seen for a moment, and another body in the runner's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray
from headway.signals import runs

TRUNK_SHARE = 0.29
"""Middle of the shoulders to middle of the hips, body heights (de Leva 1996)."""
SPEED = {"toe": 8.0, "heel": 8.0, "ankle": 7.0, "knee": 4.5, "wrist": 6.0, "hand": 7.0, "elbow": 4.0, "hip": 2.0,
         "shoulder": 2.0}  # fmt: skip
"""Fastest motion relative to the trunk, body heights/s: a sprinter's foot reaches 12 m/s."""
SPEED_OF_OTHERS = 2.0
ACCELERATION = {
    "toe": 250.0,
    "heel": 250.0,
    "ankle": 200.0,
    "knee": 120.0,
    "wrist": 150.0,
    "hand": 200.0,
    "elbow": 90.0,
}
"""Largest acceleration relative to the trunk, body heights/s² (250: 430 m/s², a foot at landing)."""
ACCELERATION_OF_OTHERS = 50.0
STEP = 0.06
"""Error of a point between two frames that is still ordinary, body heights (100 mm)."""
SPIKE = 0.03
"""The same against both neighbours."""
SPREADS = 4.0
"""Spreads (from the median) of a point's own noise that are added to both."""
LONGEST_BURST = 0.2
"""Points that jump away and come back within this time were wrong, s; what stays away longer is left to be judged by its limb."""
LONELY = 0.04
"""One or two frames between absences of at least three frames and this long are no sight of the point, s."""
MOST_PIECES = 3
"""A burst may itself jump this often."""
LIMBS = (("hip", "knee"), ("knee", "ankle"), ("heel", "toe"), ("ankle", "heel"), ("ankle", "toe"), ("shoulder", "elbow"),
         ("elbow", "wrist"))  # fmt: skip
"""Proximal and distal end; the distal end of an impossible limb is dropped."""
LONGER = 1.3
"""A limb this much longer than it ever usually looks is impossible: perspective and noise give less."""
BODY_STEP, BODY_SPEED = 0.25, 3.0
"""How far a body may be from where it is expected: body heights, and body heights per s of gap."""
BODY_GROWTH = 1.5

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BodyFrame:
    """Where the runner is in the picture and how large.

    Attributes
    ----------
    centre
        Middle of shoulders and hips, px, shape (frames, 2); NaN where none of them was seen.
    size
        Apparent body height, px, shape (frames,); slow, NaN nowhere once the trunk was seen at all.
    """

    centre: FloatArray
    size: FloatArray


def body_frame(time: FloatArray, shoulders: FloatArray, hips: FloatArray) -> BodyFrame:
    """Frame of the trunk, the same whichever side is called left.

    Parameters
    ----------
    time
        s, shape (frames,).
    shoulders, hips
        Left and right, px, shape (frames, 2, 2).
    """
    middles = [_middle(pair) for pair in (shoulders, hips)]
    length = np.linalg.norm(middles[0] - middles[1], axis=1)
    size = _running_median(time, length, 1.0) / TRUNK_SHARE
    seen = np.isfinite(size)
    if seen.any():
        size = np.interp(time, time[seen], size[seen])
    # Every point tells where the trunk is, by its usual place in it; the middle of what they say ignores one that is wrong.
    first = _middle(np.stack(middles, axis=1))
    said = np.concatenate([shoulders, hips], axis=1)
    for k in range(said.shape[1]):
        said[:, k] -= _running_median_2d(time, said[:, k] - first, 0.5)
    centre = np.full(first.shape, np.nan)
    some = np.isfinite(said[..., 0]).any(1)
    centre[some] = np.nanmedian(said[some], axis=1)
    return BodyFrame(centre, size)


def other_bodies(time: FloatArray, body: BodyFrame, length: FloatArray) -> BoolArray:
    """Frames in which the points sit on another body, shape (frames,).

    The film falls into pieces where place or size jump; going out from the longest piece, one that does not begin where the
    runner is expected is another body, or an invention.

    Parameters
    ----------
    time
        s.
    body
        Frame of the trunk.
    length
        Trunk length of every single frame, px, shape (frames,).
    """
    seen = np.flatnonzero(np.isfinite(body.centre[:, 0]))
    if len(seen) < 3:
        return np.zeros(len(time), bool)
    step = np.linalg.norm(np.diff(body.centre[seen], axis=0), axis=1) / body.size[seen][1:]
    gap = np.diff(time[seen])
    near = np.convolve(np.nan_to_num(length[seen], nan=np.nanmedian(length)), np.ones(3) / 3, "same")
    ratio = np.abs(np.log(near[1:] / np.maximum(near[:-1], 1e-9)))
    usual = np.median(step / gap) * gap
    breaks = (step > BODY_STEP + usual + BODY_SPEED * gap) | (ratio > np.log(BODY_GROWTH) * (1 + gap))
    pieces = np.split(seen, np.flatnonzero(breaks) + 1)
    main = int(np.argmax([len(piece) for piece in pieces]))
    keep = {main}
    for order in (range(main + 1, len(pieces)), range(main - 1, -1, -1)):
        last, at_end = pieces[main], order.step > 0
        for k in order:
            if _continues(time, body, last, pieces[k], forward=at_end):
                keep.add(k)
                last = pieces[k] if len(pieces[k]) > 2 else last
    wrong = np.zeros(len(time), bool)
    for k, piece in enumerate(pieces):
        wrong[piece] = k not in keep
    return wrong


def find_jumps(time: FloatArray, places: FloatArray, names: Sequence[str]) -> BoolArray:
    """Points that leave their path for a moment, shape (frames, points).

    Parameters
    ----------
    time
        s.
    places
        Relative to the trunk, body heights, shape (frames, points, 2), NaN where unseen.
    names
        Landmarks.
    """
    wrong = np.zeros(places.shape[:2], bool)
    for column, name in enumerate(names):
        part = name.rpartition("_")[0] or name
        track = places[:, column].copy()
        fastest = SPEED.get(part, SPEED_OF_OTHERS)
        strongest = ACCELERATION.get(part, ACCELERATION_OF_OTHERS)
        for _ in range(3):
            bad = _spikes(time, track, strongest) | _bursts(time, track, fastest) | _lonely(time, track)
            if not bad.any():
                break
            wrong[bad, column] = True
            track[bad] = np.nan
    return wrong


def find_long_limbs(places: FloatArray, names: Sequence[str]) -> BoolArray:
    """Distal ends of limbs that look longer than they can, shape (frames, points); arguments as in :func:`find_jumps`.

    A limb looks as long as it is, or shorter. Its length is taken from both sides together (90th percentile).
    """
    wrong = np.zeros(places.shape[:2], bool)
    index = {name: k for k, name in enumerate(names)}
    for near, far in LIMBS:
        sides = [side for side in ("left", "right") if f"{near}_{side}" in index and f"{far}_{side}" in index]
        lengths = [
            np.linalg.norm(places[:, index[f"{far}_{side}"]] - places[:, index[f"{near}_{side}"]], axis=1)
            for side in sides
        ]
        known = [length[np.isfinite(length)] for length in lengths]
        if not known or sum(map(len, known)) < 10:
            continue
        # Each side's own: one that is invented throughout must not set the measure for the other.
        often = [length for length in known if len(length) >= 10] or [np.concatenate(known)]
        usual = min(float(np.percentile(length, 90)) for length in often)
        for side, length in zip(sides, lengths, strict=True):
            wrong[:, index[f"{far}_{side}"]] |= np.nan_to_num(length) > LONGER * usual + SPIKE
    return wrong


def _continues(
    time: FloatArray, body: BodyFrame, kept: npt.NDArray[np.int_], piece: npt.NDArray[np.int_], *, forward: bool
) -> bool:
    """Whether a piece begins (ends) where the runner is expected after (before) the piece kept."""
    end, begin = (kept[-1], piece[0]) if forward else (kept[0], piece[-1])
    tail = kept[-8:] if forward else kept[:8]
    gap = float(time[begin] - time[end])
    speed = np.zeros(2)
    if len(tail) > 2 and abs(gap) < 1.0:
        speed = np.array([np.polyfit(time[tail] - time[end], body.centre[tail, axis], 1)[0] for axis in (0, 1)])
    away = float(np.linalg.norm(body.centre[begin] - body.centre[end] - speed * gap)) / float(body.size[end])
    return away <= BODY_STEP + BODY_SPEED * abs(gap)


def _spikes(time: FloatArray, track: FloatArray, strongest: float) -> BoolArray:
    """Frames far from the straight line between the neighbours that were seen."""
    out = np.zeros(len(time), bool)
    seen = np.flatnonzero(np.isfinite(track[:, 0]))
    if len(seen) < 5:
        return out
    t, p = time[seen], track[seen]
    before, after = t[1:-1] - t[:-2], t[2:] - t[1:-1]
    share = (before / (before + after))[:, None]
    away = np.linalg.norm(p[1:-1] - p[:-2] - share * (p[2:] - p[:-2]), axis=1)
    close = np.maximum(before, after) <= 3 * np.median(np.diff(time))
    if not close.any():
        return out
    limit = SPIKE + SPREADS * 1.48 * np.median(away[close]) + 0.5 * strongest * before * after
    wide = np.concatenate(([0.0], away, [0.0]))
    worst = (away >= wide[:-2]) & (away >= wide[2:])
    out[seen[1:-1][close & worst & (away > limit)]] = True
    return out


def _bursts(time: FloatArray, track: FloatArray, fastest: float) -> BoolArray:
    """Short pieces between jumps, fewer frames than either neighbour, without which the path goes on as it should."""
    out, ends = np.zeros(len(time), bool), np.zeros(len(time), bool)
    seen = np.flatnonzero(np.isfinite(track[:, 0]))
    if len(seen) < 5:
        return out
    t, p = time[seen], track[seen]
    slack = STEP + SPREADS * 1.48 * _step_noise(p)
    edges = [
        0,
        *(np.flatnonzero(np.linalg.norm(np.diff(p, axis=0), axis=1) > slack + fastest * np.diff(t)) + 1),
        len(seen),
    ]
    last = len(edges) - 1
    for first in range(last):
        for end in range(first + 1, min(first + 1 + MOST_PIECES, last + 1)):
            start, stop = edges[first], edges[end]
            around = [
                *([start - edges[first - 1]] if first > 0 else []),
                *([edges[end + 1] - stop] if end < last else []),
            ]
            if not around or t[stop - 1] - t[start] > LONGEST_BURST or stop - start >= min(around):
                continue
            inner = start > 0 and stop < len(seen)
            if not inner or np.linalg.norm(p[stop] - p[start - 1]) <= slack + fastest * (t[stop] - t[start - 1]):
                (out if inner else ends)[seen[start:stop]] = True
                break
    # The ends of a path are known from one side only: judged once nothing else is left.
    return out if out.any() else ends


def _lonely(time: FloatArray, track: FloatArray) -> BoolArray:
    """One or two frames seen in the midst of a longer absence."""
    out = np.zeros(len(time), bool)
    absence = max(3, round(LONELY / float(np.median(np.diff(time)))))
    for before, after in pairwise(runs(~np.isfinite(track[:, 0]))):
        if after[0] - before[1] <= 2 and min(before[1] - before[0], after[1] - after[0]) >= absence:
            out[before[1] : after[0]] = True
    return out


def _step_noise(track: FloatArray) -> float:
    second = np.linalg.norm(track[2:] - 2 * track[1:-1] + track[:-2], axis=1)
    return float(np.median(second)) / 2.5


def _middle(pair: FloatArray) -> FloatArray:
    """Middle of left and right; with one hidden, the other and half their usual distance."""
    apart = pair[:, 1] - pair[:, 0]
    usual = np.nanmedian(apart, axis=0) if np.isfinite(apart).any() else np.zeros(2)
    left = np.where(np.isfinite(pair[:, 0]), pair[:, 0], pair[:, 1] - usual)
    right = np.where(np.isfinite(pair[:, 1]), pair[:, 1], pair[:, 0] + usual)
    return (left + right) / 2


def _running_median(time: FloatArray, values: FloatArray, width: float) -> FloatArray:
    """Median of what was seen within ``width`` s; NaN where nothing was."""
    rate = 1.0 / float(np.median(np.diff(time))) if len(time) > 1 else 1.0
    half = max(round(width * rate / 2), 1)
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    out = np.full(len(values), np.nan)
    some = np.isfinite(windows).any(1)
    out[some] = np.nanmedian(windows[some], axis=1)
    return out


def _running_median_2d(time: FloatArray, values: FloatArray, width: float) -> FloatArray:
    return np.stack([_running_median(time, values[:, axis], width) for axis in (0, 1)], axis=1)
