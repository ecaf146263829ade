"""A trend as lines of an SVG: points with their intervals over the days, and the band of the runner's own noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.app.units import Units
from headway.app.weeks import RunnerTrend, TrendPoint
from headway.report.scales import number

WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 680.0, 280.0, 92.0, 18.0, 30.0, 40.0
TICKS = 3


@dataclass(frozen=True)
class PointDrawn:
    """One analysis: place, both ends of its interval (``None`` without), and its value in words."""

    point: TrendPoint
    x: float
    y: float
    low: float | None
    high: float | None
    shown: str


@dataclass(frozen=True)
class TrendDrawn:
    """The picture.

    Attributes
    ----------
    points
        In order of time.
    band
        Upper edge and height; ``None`` while the noise is not known.
    ticks
        Height and words of the marks at the left.
    days
        Place, words and anchor of the first and the last day.
    unit
        Of the numbers at the left.
    """

    points: list[PointDrawn]
    band: tuple[float, float] | None
    ticks: list[tuple[float, str]]
    days: list[tuple[float, str, str]]
    unit: str


def draw(trend: RunnerTrend, units: Units) -> TrendDrawn:
    """Lay out a trend."""
    values = [v for one in trend.points for v in (one.value, one.low, one.high) if v is not None]
    if trend.band is not None:
        values += [trend.before - trend.band, trend.before + trend.band]
    low, high = min(values), max(values)
    spare = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    low, high = low - spare, high + spare
    first, last = trend.points[0], trend.points[-1]
    length = max(last.day - first.day, 1)

    def x(one: TrendPoint) -> float:
        share = 0.5 if last.day == first.day else (one.day - first.day) / length
        return round(LEFT + share * (WIDE - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(TOP + (high - value) / (high - low) * (HIGH - TOP - BOTTOM), 1)

    scale = units.scale(first.unit, max(abs(low), abs(high)), long=first.long)
    marks = _round_marks(low * scale.factor, high * scale.factor)
    digits = max(0, math.ceil(-math.log10(marks[1] - marks[0]) - 1e-9)) if len(marks) > 1 else 1
    band = (
        None
        if trend.band is None
        else (y(trend.before + trend.band), round(y(trend.before - trend.band) - y(trend.before + trend.band), 1))
    )
    return TrendDrawn(
        points=[
            PointDrawn(
                one, x(one), y(one.value),
                None if one.low is None else y(one.low),
                None if one.high is None else y(one.high),
                shown(one, units),
            )
            for one in trend.points
        ],
        band=band,
        ticks=[(y(mark / scale.factor), units.written(number(mark, digits))) for mark in marks],
        days=[(x(first), first.taken, "start")] + ([(x(last), last.taken, "end")] if last.day > first.day else []),
        unit=scale.unit,
    )  # fmt: skip


def _round_marks(low: float, high: float) -> list[float]:
    """Round numbers between two others, at least ``TICKS`` of them."""
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * max(one for one in (1.0, 2.0, 5.0) if one * power <= rough * (1 + 1e-9))
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def shown(one: TrendPoint, units: Units) -> str:
    """Value and interval in words."""
    interval = None if one.low is None or one.high is None else (one.low, one.high)
    text = units.show(one.unit, one.value, interval, long=one.long)
    return text if interval is None else f"{text} ({units.interval(one.unit, one.value, interval, long=one.long)})"


@dataclass(frozen=True)
class ChangeWords:
    """First day, last day and the noise band of a trend in words; ``band`` is empty while it is not known."""

    before: str
    after: str
    band: str


def change_words(trend: RunnerTrend, units: Units) -> ChangeWords:
    """A trend in words."""
    unit, long = trend.points[0].unit, trend.points[0].long
    around = None if trend.band is None else (trend.before - trend.band, trend.before + trend.band)
    before, after = (units.show(unit, value, around, long=long) for value in (trend.before, trend.after))
    return ChangeWords(
        before,
        after,
        "" if trend.band is None else f"±\N{NO-BREAK SPACE}{units.show(unit, trend.band, around, long=long)}",
    )
