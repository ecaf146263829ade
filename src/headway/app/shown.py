"""An analysis as a page shows it: the sentence in words and numbers, the picture as lines."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request

from headway.app.analyses import KeptAnalysis, measures_of
from headway.app.glance import EVERY, GlanceKept, Way
from headway.app.state import state_of
from headway.app.texts import texts_of
from headway.app.units import units_of

HALF, HIGH = 60.0, 150.0
"""Half the width of the ground beside a foot, mm, and the height of the picture of a foot, in its own units."""
SIGNS = {"left": -1.0, "right": 1.0}


@dataclass(frozen=True)
class FootPicture:
    """One foot seen from above, toes up: the line of the head (points of an SVG polyline) and its places at midstance.

    Attributes
    ----------
    side
        ``left`` or ``right``.
    line
        From landing (below) to toe-off (above).
    begin, end
        Both ends of the line.
    dots
        Places over the foot at midstance.
    """

    side: str
    line: str
    begin: tuple[float, float]
    end: tuple[float, float]
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class ShownAnalysis:
    """An analysis as it is shown.

    Attributes
    ----------
    kept
        Its row.
    sentence
        One, with its numbers; safe to put into a page.
    feet
        The picture; empty where there is none.
    glance
        As it is kept.
    """

    kept: KeptAnalysis
    sentence: Markup
    feet: list[FootPicture]
    glance: GlanceKept


def shown_analysis(request: Request, kept: KeptAnalysis) -> ShownAnalysis:
    """Put an analysis into words and lines."""
    seen = kept.shown
    return ShownAnalysis(kept, _sentence(request, kept, seen), [_foot(way) for way in seen.feet], seen)


def _sentence(request: Request, kept: KeptAnalysis, seen: GlanceKept) -> Markup:
    texts, units = texts_of(request), units_of(request)
    measure = measures_of(state_of(request).library, kept.id).get(seen.metric)
    if seen.say is None or measure is None:
        return Markup("{}").format(texts("glance.nothing"))
    value = units.show(measure.unit, measure.value, measure.interval, long=measure.long)
    strong = Markup("<strong>{}</strong>").format(value)
    if measure.interval is not None:
        ends = units.interval(measure.unit, measure.value, measure.interval, long=measure.long)
        strong += Markup(" <span class='interval'>({})</span>").format(ends)
    before, _, after = texts(f"glance.{seen.say}").partition("{value}")
    return Markup("{}{}{}").format(before, strong, after)


def _foot(way: Way) -> FootPicture:
    """Lay out one foot in a box of 2 HALF by HIGH, the foot in its middle, outwards away from the body."""
    sign = SIGNS[way.side]
    count = len(way.lateral)
    points = [
        (round(HALF + sign * value, 1), round(HIGH - HIGH * k * EVERY / 100, 1)) for k, value in enumerate(way.lateral)
    ]
    dots = [(round(HALF + sign * dot, 1), HIGH / 2) for dot in way.dots]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return FootPicture(way.side, line, points[0], points[count - 1], dots)
