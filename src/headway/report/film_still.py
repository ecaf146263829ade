"""A picture of the small film with what is drawn over it, for paper and for a card: four instants of one stride."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from markupsafe import Markup, escape

from headway.report.curves import finite_pairs
from headway.report.film_drawn import DrawnFilm
from headway.report.film_encode import chosen_pictures, jpeg
from headway.texts import TEXTS

INSTANTS = ("landing", "midstance", "toe_off", "flight")
HIGH = 320
"""Largest height of a still, px."""


@dataclass(frozen=True)
class FilmStill:
    """One picture.

    Attributes
    ----------
    title
        Which instant.
    size
        Width and height, px of the small film.
    picture, lines
        JPEG, and what is drawn over it as SVG in px of the small film.
    """

    title: str
    size: tuple[int, int]
    picture: bytes
    lines: Markup

    def svg(self, place: str = "") -> Markup:
        """The picture with its lines as one SVG element; ``place`` are further attributes of it."""
        wide, high = self.size
        data = base64.b64encode(self.picture).decode("ascii")
        image = f'<image width="{wide}" height="{high}" href="data:image/jpeg;base64,{data}"/>'
        opening = f'<svg {place} viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(self.title)}">'
        return Markup(f"{opening}{image}{self.lines}</svg>")


def film_stills(film: bytes, data: DrawnFilm) -> list[FilmStill]:
    """Landing, midstance, toe-off and flight of a step in the middle of a small film; empty where it holds no whole step.

    Parameters
    ----------
    film
        MP4.
    data
        What is drawn over it.
    texts
        Words of the titles.
    """
    chosen = _instants(data)
    if chosen is None:
        return []
    with tempfile.TemporaryDirectory(prefix="headway-") as folder:
        path = Path(folder) / "small.mp4"
        path.write_bytes(film)
        pictures = {i: jpeg(picture, HIGH) for i, picture in chosen_pictures(path, chosen).items()}
    return [
        FilmStill(TEXTS(f"film.at_{name}"), data.size, pictures[i], _lines(data, i))
        for name, i in zip(INSTANTS, chosen, strict=True)
        if i in pictures
    ]


def _instants(data: DrawnFilm) -> list[int] | None:
    """Pictures of the step nearest to the middle whose next step follows."""
    time = np.array([np.nan if at is None else at for at in data.time], float)
    stances = sorted(data.stances, key=lambda stance: stance[1])
    whole = [
        (start, stop, after[1])
        for (_, start, stop), after in pairwise(stances)
        if time[0] <= start and after[1] <= time[-1] and stop < after[1]
    ]
    if not whole:
        return None
    middle = (time[0] + time[-1]) / 2
    start, stop, following = min(whole, key=lambda one: abs(one[0] - middle))
    wanted = (start, (start + stop) / 2, stop, (stop + following) / 2)
    return [int(np.nanargmin(np.abs(time - at))) for at in wanted]


def _lines(data: DrawnFilm, i: int) -> Markup:
    """Body, upright line over the foot on the ground, and head."""
    points = finite_pairs(data.points[i])
    parts = []
    for part in ("trunk", "left", "right"):
        ends = [(points[a], points[b]) for a, b, own in data.bones if own == part]
        path = "".join(f"M{p[0]:.1f} {p[1]:.1f}L{q[0]:.1f} {q[1]:.1f}" for p, q in ends if p and q)
        parts.append(f'<path class="bone {part}" d="{path}"/>' if path else "")
    head, foot = points[data.head] if data.head is not None else None, data.foot[i]
    if foot is not None and foot[0] is not None and foot[1] is not None:
        parts.append(f'<path class="upright" d="{_upright((foot[0], foot[1]), head, data.lean)}"/>')
    if head:
        parts.append(f'<path class="skullmark" d="M{head[0]:.1f} {head[1]:.1f}h0"/>')
    return Markup("".join(parts))


def _upright(foot: tuple[float, float], head: tuple[float, float] | None, lean: float) -> str:
    top = max(head[1] - 0.1 * abs(foot[1] - head[1]) if head else 0.0, 0.0)

    def across(y: float) -> float:
        return foot[0] + lean * (foot[1] - y)

    text = f"M{foot[0]:.1f} {foot[1]:.1f}L{across(top):.1f} {top:.1f}"
    return text + (f"M{across(head[1]):.1f} {head[1]:.1f}H{head[0]:.1f}" if head else "")


def strip(stills: Sequence[FilmStill]) -> Markup:
    """The pictures side by side, each with its title."""
    return Markup("").join(
        Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(one.svg(), one.title) for one in stills
    )
