"""The film in the report: a small copy of it, and what is drawn over it, frame by frame, as numbers."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import HeadwayError
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray
from headway.report.curves import Missing
from headway.report.film_drawn import DrawnFilm, drawn
from headway.report.film_encode import encode_small
from headway.report.film_face import head_squares, pixelate
from headway.report.film_kept import film_place, keep_film, load_film
from headway.report.film_still import FilmStill, film_stills
from headway.report.film_sync import Stance, Timeline
from headway.report.film_window import Window, stretch, window
from headway.texts import TEXTS

if TYPE_CHECKING:
    from headway.pose.film import Film

MOST_BYTES = 2_000_000
"""Of all films of one report together."""


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


@dataclass(frozen=True)
class ShownFilm:
    """A film in the page.

    Attributes
    ----------
    title
        Where it was filmed from.
    blurred
        Whether the runner's head is.
    file, bytes, width, height
        MP4, base64, its size, and that of its pictures, px.
    seconds, part
        How much is shown, and whether that is only a part.
    follows
        Whether the view travels with the runner.
    stills
        Four instants of a stride, for paper.
    data
        For the script.
    """

    title: str
    blurred: bool
    file: str
    bytes: int
    width: int
    height: int
    seconds: float
    part: bool
    follows: bool
    stills: list[FilmStill]
    data: DrawnFilm


@dataclass(frozen=True)
class NoFilm:
    """Where a film would stand, and why it does not."""

    title: str
    missing: Missing


def film_section(
    layer: FilmLayer, timeline: Timeline | None = None, most_bytes: int = MOST_BYTES
) -> ShownFilm | NoFilm | None:
    """Make the small film and the numbers drawn over it.

    Parameters
    ----------
    layer
        Film, key points and steps.
    timeline
        The page's timeline, that the film is to run in step with.
    most_bytes
        Largest size of the small film.
    texts
        Words of its title.

    Returns
    -------
    ShownFilm, NoFilm or None
        ``None`` when there is nobody in the film to draw anything on.
    """
    keypoints = layer.keypoints
    seen = np.isfinite(keypoints.pixels).all(axis=2).sum(axis=1) >= 3
    part = stretch(keypoints.time, seen, layer.stances)
    if part.stop - part.start < 2:
        return None
    shown = keypoints.frames(part)
    view = window(shown.pixels, shown.size, shown.rate)
    title = TEXTS(f"film.view_{layer.view}" if layer.view in ("side", "rear", "front") else "film.view")
    squares = head_squares(keypoints) if layer.blur_face else None
    if layer.blur_face and squares is None:
        return NoFilm(title, Missing(TEXTS("absent.head_blur"), TEXTS("remedy.whole_film")))
    try:
        film = _small_film(layer, shown, view, None if squares is None else squares[part], most_bytes)
    except HeadwayError as error:
        return NoFilm(title, Missing(TEXTS("absent.film", why=error.what), error.remedy))
    whole = float(keypoints.time[-1] - keypoints.time[0])
    seconds = float(shown.time[-1] - shown.time[0])
    data = drawn(shown, view, layer.stances, layer.roll, timeline)
    return ShownFilm(
        title=title,
        blurred=layer.blur_face,
        file=base64.b64encode(film).decode("ascii"),
        bytes=len(film),
        width=view.size[0],
        height=view.size[1],
        seconds=round(seconds, 1),
        part=seconds < 0.9 * whole,
        follows=view.follows,
        stills=film_stills(film, data),
        data=data,
    )


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
    film = _opened(layer, shown.time)
    # Of a picture that is shown several times only the one that the key points are of.
    spacing = 0.5 / max(shown.rate, film.rate)
    # Pictures that will be shown smaller are made smaller while they are decoded.
    width = min(film.size[0], math.ceil(film.size[0] * float(view.scale.max())))
    share = width / film.size[0]
    with closing(film.frames(width, grey=False)) as frames:  # type: ignore[type-var]
        for frame in frames:
            i = int(np.argmin(np.abs(shown.time - frame.time)))
            if abs(shown.time[i] - frame.time) > spacing:
                continue
            left, top = np.round(share * view.origin[i]).astype(int)
            wide, high = np.maximum(np.round(share * view.extent[i]).astype(int), 2)
            image = frame.image[top : top + high, left : left + wide].copy()
            if squares is not None:
                x, y, half = share * squares[i]
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
