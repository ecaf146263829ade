"""The film in the report: a small copy of it, and what is drawn over it, frame by frame, as numbers."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.errors import HeadwayError
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.report.curves import SIDES, Missing, plain
from headway.report.film_encode import encode_small
from headway.report.film_face import head_squares, pixelate
from headway.report.film_kept import film_place, keep_film, load_film
from headway.report.film_sync import Stance, anchors
from headway.report.film_window import Window, stretch, window

if TYPE_CHECKING:
    from headway.pose.film import Film

MOST_BYTES = 2_000_000
"""Of all films of one report together."""
_TOES = ("toe", "mt2", "mt5", "mt1")
_LIMBS = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"))
_ENOUGH = 0.5
"""Share of the frames with one ear in which both must be seen, for their middle to be the head."""
_VIEWS = {"side": "The film, from the side", "rear": "The film, from behind", "front": "The film, from the front"}


@dataclass(frozen=True)
class FilmLayer:
    """A film and what was found in it.

    Attributes
    ----------
    path
        The film.
    options
        As it was read for the key points: slow motion and part.
    keypoints
        Canonical landmark names, px, cleaned; ``time`` is the clock of everything here.
    stances
        Side (``left``, ``right``), initial contact and toe-off of every step used, s on the clock of the key points.
    view
        ``side``, ``rear`` or ``front``; empty when unknown.
    blur_face
        Make the runner's head unrecognisable.
    roll
        As in :func:`headway.camera.roll.turned`: how far the true vertical leans to the left in the picture, rad.
    """

    path: Path
    options: Options
    keypoints: KeyPoints
    stances: tuple[Stance, ...] = ()
    view: str = ""
    blur_face: bool = False
    roll: float = 0.0


def film_section(
    layer: FilmLayer, timeline: Mapping[str, Any] | None = None, most_bytes: int = MOST_BYTES
) -> dict[str, Any] | None:
    """Make the small film and the numbers drawn over it.

    Parameters
    ----------
    layer
        Film, key points and steps.
    timeline
        The page's timeline (``time``, ``loop``, ``percent``), that the film is to run in step with.
    most_bytes
        Largest size of the small film.

    Returns
    -------
    dict or None
        ``title``, ``missing`` (why there is no film, else ``None``), ``file`` (MP4, base64), ``width`` and ``height``,
        ``blurred``, ``follows``, ``seconds`` and ``part`` (whether only a part is shown), ``data`` for the script;
        ``None`` when there is nobody in the film to draw anything on.
    """
    keypoints = layer.keypoints
    seen = np.isfinite(keypoints.pixels).all(axis=2).sum(axis=1) >= 3
    part = stretch(keypoints.time, seen, layer.stances)
    if part.stop - part.start < 2:
        return None
    shown = keypoints.frames(part)
    view = window(shown.pixels, shown.size, shown.rate)
    section: dict[str, Any] = {"title": _VIEWS.get(layer.view, "The film"), "missing": None, "blurred": layer.blur_face}
    squares = head_squares(keypoints) if layer.blur_face else None
    if layer.blur_face and squares is None:
        section["missing"] = Missing("the head could not be found, so it could not be blurred", "film the whole body")
        return section
    try:
        film = _small_film(layer, shown, view, None if squares is None else squares[part], most_bytes)
    except HeadwayError as error:
        section["missing"] = Missing(f"the film could not be put in: {error.what}", error.remedy)
        return section
    whole = float(keypoints.time[-1] - keypoints.time[0])
    seconds = float(shown.time[-1] - shown.time[0])
    return section | {
        "file": base64.b64encode(film).decode("ascii"),
        "bytes": len(film),
        "width": view.size[0],
        "height": view.size[1],
        "seconds": round(seconds, 1),
        "part": seconds < 0.9 * whole,
        "follows": view.follows,
        "data": _drawn(shown, view, layer, timeline),
    }


def _small_film(layer: FilmLayer, shown: KeyPoints, view: Window, squares: FloatArray | None, most_bytes: int) -> bytes:
    """The small film as it was kept, or encoded now."""
    place = None
    if layer.path.is_file():
        place = film_place(layer.path, shown.time, view, squares, most_bytes, layer.options.cache)
        if (kept := load_film(place)) is not None:
            return kept
    duration = float(shown.time[-1] - shown.time[0])
    film = encode_small(_pictures(layer, shown, view, squares), view.size, duration, most_bytes)
    if place is not None:
        keep_film(place, film)
    return film


def _pictures(
    layer: FilmLayer, shown: KeyPoints, view: Window, squares: FloatArray | None
) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the shown part of each picture that has key points, faces blurred."""
    spacing = 0.5 / shown.rate
    with closing(_opened(layer, shown.time).frames()) as frames:  # type: ignore[type-var]
        for frame in frames:
            i = int(np.argmin(np.abs(shown.time - frame.time)))
            if abs(shown.time[i] - frame.time) > spacing:
                continue
            (left, top), (wide, high) = view.origin[i], view.extent[i]
            image = frame.image[top : top + high, left : left + wide].copy()
            if squares is not None:
                x, y, half = squares[i]
                pixelate(image, x - left, y - top, half)
            yield float(shown.time[i]), image


def _opened(layer: FilmLayer, time: FloatArray) -> Film:
    """Open the film at the part that is shown; what lies before it need not be decoded."""
    from headway.pose.film import open_film

    film = open_film(layer.path, layer.options)
    spare = 0.6  # a film of under a second would be refused
    start, stop = ((float(at) + side * spare) * film.slow_motion for at, side in ((time[0], -1), (time[-1], 1)))
    given = layer.options
    return (
        open_film(
            layer.path,
            replace(given, start=max(start, given.start or 0.0), stop=min(stop, given.stop or math.inf)),
        )
        if film.times[0] < time[0] - 2.0 or film.times[-1] > time[-1] + 2.0
        else film
    )


def _drawn(shown: KeyPoints, view: Window, layer: FilmLayer, timeline: Mapping[str, Any] | None) -> dict[str, Any]:
    """Everything the script draws, in px of the small film and seconds of the key points' clock."""
    names, points = _with_middles(shown)
    small = (points - view.origin[:, None]) * view.scale[:, None]
    background = np.zeros((len(points), 2)) if shown.background is None else shown.background
    # A point that rests in the background is shown at (place in the first picture) * scale + shift.
    shift = np.column_stack([(background - view.origin) * view.scale, view.scale])
    at = {name: i for i, name in enumerate(names)}
    stances = [stance for stance in layer.stances if stance[2] >= shown.time[0] and stance[1] <= shown.time[-1]]
    stride = _stride(stances)
    foot = _stance_foot(shown.time, small, shift, at, stances)
    moves = bool(np.ptp(shift, axis=0).max() > 0.01)
    return {
        "size": list(view.size),
        "time": plain(shown.time, 4),
        "points": [plain(row, 1) for row in small.reshape(len(small), -1)],
        "bones": _bones(at),
        "head": at.get("head_centre"),
        "foot": [plain(row, 1) if np.isfinite(row).all() else None for row in foot],
        "shift": [plain(row, 4) for row in shift] if moves else None,
        "stances": [[side, round(start, 4), round(stop, 4)] for side, start, stop in stances],
        "anchors": [] if timeline is None else anchors(stances, timeline),
        "stride": None if stride is None else round(stride, 3),
        "lean": round(-math.tan(layer.roll), 5) if math.isfinite(layer.roll) else 0.0,
    }


def _stride(stances: Sequence[Stance]) -> float | None:
    """Usual time between two landings of one foot, s."""
    starts = {side: [start for own, start, _ in stances if own == side] for side in SIDES}
    gaps = [gap for times in starts.values() for gap in np.diff(times)]
    return float(np.median(gaps)) if gaps else None


def _with_middles(shown: KeyPoints) -> tuple[list[str], FloatArray]:
    """Points that are drawn, with the middles of shoulders, hips and head; shape (frames, points, 2)."""
    wanted = {part for limb in _LIMBS for part in limb} | set(_TOES)
    names = [name for name in shown.names if name.rpartition("_")[0] in wanted and name.endswith(SIDES)]
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
