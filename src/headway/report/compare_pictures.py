"""Pictures of a comparison, drawn as SVG on the page: curves over stance, and the way of the head over each foot, both runners in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from markupsafe import Markup

from headway.comparison.result import ComparisonSummary
from headway.metrics.needs import NEEDS
from headway.metrics.registry import UNSEEN, Plane
from headway.recording import FloatArray
from headway.report.chart import Drawing, Plot
from headway.report.curves import SIDES, pick, point_words
from headway.report.numbers import number, with_unit
from headway.signals import seen_mean
from headway.texts import TEXTS, figures, shown

SIZE, MARGINS = (300.0, 165.0), (40.0, 8.0, 10.0, 22.0)
DRAWN = ("head", "neck_base", "pelvis")
AXES: dict[str, Plane] = {"up": "vertical", "right": "frontal", "forward": "sagittal"}
"""Axis to the plane of motion that shows it."""
MAPPED = ("head", "neck_base")
MILLIMETRES = "mm"
MAP, TALLEST = 300.0, 150.0
"""Width of a map, and the height that the way of one point may take."""


@dataclass(frozen=True)
class Panel:
    """One axis: title, what up means, the drawings by body point, and what is not drawn with the reason."""

    title: str
    gloss: str
    drawings: list[tuple[str, Markup]]
    absent: list[str]


def curves(waveforms: xr.Dataset, summary: ComparisonSummary, quantity: str) -> list[Panel]:
    """Draw ``path`` or ``velocity`` of head, neck base and pelvis over stance, or ``stride_path`` over the stride; both runners in each."""
    factor, unit = _scale(quantity, summary.normalised)
    labels, out = _labels(summary), []
    for axis, plane in AXES.items():
        title, gloss = TEXTS(f"compared.{axis}"), TEXTS(f"compared.{axis}_means")
        found = {point: _pair(waveforms, quantity, point, axis, factor) for point in DRAWN}
        absent = {
            point: _absent(found[point], summary, point, plane, strides=quantity == "stride_path") for point in DRAWN
        }
        both = {point: pair for point, pair in found.items() if not absent[point]}
        low, high = _range([curve for pair in both.values() for curve in pair])
        drawings = [
            (point_words(point), _chart(pair, (low, high), Labelled(unit, labels, f"{point_words(point)}, {title}")))
            for point, pair in both.items()
        ]
        if (quantity, axis) == ("stride_path", "right"):
            gloss = TEXTS("compared.right_means_stride")
        out.append(Panel(title, f"{shown(unit)}; {gloss}" if drawings else "", drawings, _told(absent)))
    return out


def _labels(summary: ComparisonSummary) -> tuple[str, str]:
    return shown(summary.a.label), shown(summary.b.label)


def _scale(quantity: str, normalised: bool) -> tuple[float, str]:
    if quantity == "velocity":
        return (100.0, "% of √(gL)") if normalised else (1.0, "m/s")
    return (100.0, "% of leg length") if normalised else (1000.0, MILLIMETRES)


Curve = tuple[FloatArray, FloatArray]
"""Mean and spread."""


def _pair(waveforms: xr.Dataset, quantity: str, point: str, axis: str, factor: float) -> list[Curve | None]:
    return [_curve(waveforms, quantity, runner, point, axis, factor) for runner in "ab"]


def _curve(waveforms: xr.Dataset, quantity: str, runner: str, point: str, axis: str, factor: float) -> Curve | None:
    """Mean of the feet, and the spread over their steps."""
    labels = {"runner": runner, "body_point": point, "axis": axis}
    if quantity == "stride_path":
        mean = pick(waveforms, quantity, **labels)
        return None if mean is None else (mean * factor, np.zeros_like(mean))
    means = [pick(waveforms, quantity, side=side, **labels) for side in SIDES]
    spreads = [pick(waveforms, f"{quantity}_sd", side=side, **labels) for side in SIDES]
    there = [one for one in means if one is not None]
    if not there:
        return None
    squared = [one**2 for one in spreads if one is not None]
    spread = np.sqrt(seen_mean(np.stack(squared))) if squared else np.zeros_like(there[0])
    return seen_mean(np.stack(there)) * factor, np.nan_to_num(spread) * factor


def _absent(
    pair: Sequence[Curve | None], summary: ComparisonSummary, point: str, plane: Plane, *, strides: bool = False
) -> str:
    """Why a curve of both cannot be drawn; empty when it can."""
    sides = (summary.a, summary.b)
    places = [side.points.get(point) for side in sides]
    if places[0] != places[1] and None not in pair:
        return TEXTS("compared.not_same", one=shown(places[0] or ""), two=shown(places[1] or ""))
    reasons = []
    for side, curve in zip(sides, pair, strict=True):
        if curve is None:
            view = side.view.split("+")[0]
            why = NEEDS[point][0]
            if view == "sensor":
                why = TEXTS("compared.not_worn" if strides else "compared.no_stance")
            reasons.append(f"{shown(side.label)}: {shown(UNSEEN.get((view, plane), (why,))[0])}")
    return "; ".join(reasons)


def _told(absent: Mapping[str, str]) -> list[str]:
    """What is not drawn, each reason once."""
    reasons: dict[str, list[str]] = {}
    for point, why in absent.items():
        if why:
            reasons.setdefault(why, []).append(point_words(point))
    return [TEXTS("compared.not_drawn", points=", ".join(points), why=why) for why, points in reasons.items()]


def _range(found: Sequence[Curve | None]) -> tuple[float, float]:
    ends = [end for curve in found if curve is not None for end in (curve[0] - curve[1], curve[0] + curve[1])]
    if not ends:
        return 0.0, 1.0
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


@dataclass(frozen=True)
class Labelled:
    """Unit of a chart, labels of both runners, and what it shows in words."""

    unit: str
    labels: tuple[str, str]
    words: str


def _chart(pair: Sequence[Curve | None], limits: tuple[float, float], told: Labelled) -> Markup:
    plot = Plot(SIZE, MARGINS, (0.0, 100.0), limits, told.words, _spoken(pair, told))
    plot.levels()
    plot.below([0, 50, 100], ["0 %", "50 %", "100 %"], ["start", "middle", "end"], plot.height - 6)
    for runner, curve in zip("ab", pair, strict=True):
        if curve is None:
            continue
        mean, spread = curve
        seen = np.isfinite(mean)
        x, mean, spread = plot.across(np.linspace(0.0, 100.0, len(mean)))[seen], mean[seen], spread[seen]
        with plot.group(f"runner-{runner}"):
            if spread.any():
                plot.area("band", x, plot.up(mean - spread), plot.up(mean + spread))
            plot.line("line", x, plot.up(mean))
    return plot.svg()


def _spoken(pair: Sequence[Curve | None], told: Labelled) -> str:
    parts = []
    for who, curve in zip(told.labels, pair, strict=True):
        if curve is not None:
            places = [int(find(curve[0])) for find in (np.nanargmin, np.nanargmax)]
            low, high = (with_unit(figures(f"{curve[0][at]:.3g}"), told.unit) for at in places)
            parts.append(TEXTS("compared.spoken", who=who, low=low, high=high, at_low=places[0], at_high=places[1]))
    return "; ".join(parts)


def rear_maps(waveforms: xr.Dataset, summary: ComparisonSummary) -> tuple[list[tuple[str, Markup]], list[str]]:
    """The mean way of head and neck base over each stance foot from behind, both runners overlaid; and what is not drawn."""
    factor, unit = _scale("path", summary.normalised)
    found, told = {}, {}
    for point in MAPPED:
        lateral = _pair(waveforms, "path", point, "right", factor)
        up = _pair(waveforms, "path", point, "up", factor)
        both = [None if None in ends else ends[0] for ends in zip(lateral, up, strict=True)]
        why = _absent(both, summary, point, "frontal")
        if why:
            told[point] = why
            continue
        for side in SIDES:
            for runner in "ab":
                way = _way(waveforms, runner, side, point, factor)
                if way is not None:
                    found[side, point, runner] = way
    if not found:
        return [], _told(told)
    outward = [(1.0 if key[0] == "right" else -1.0) * way[:, 0] for key, way in found.items()]
    edge = 3.0 if summary.normalised else 28.0
    limits = min(-edge, float(np.min(outward)) - edge / 3), max(edge, float(np.max(outward)) + edge / 3)
    tall = {
        point: max((float(np.ptp(way[:, 1])) for key, way in found.items() if key[1] == point), default=0.0)
        for point in MAPPED
    }
    scale = min(MAP / (limits[1] - limits[0]), TALLEST / max(tall.values()))
    maps = []
    for side in SIDES:
        ways = {(point, runner): way for (foot, point, runner), way in found.items() if foot == side}
        if ways:
            drawing = _map(ways, side, MapScale(scale, sum(limits) / 2, tall, unit, _labels(summary)))
            maps.append((TEXTS(f"pictures.{side}_ground"), drawing))
    return maps, _told(told)


@dataclass(frozen=True)
class MapScale:
    """Scale (drawn per shown unit), the middle of the picture outward from the foot, the height of each point's way, unit, and labels of both."""

    scale: float
    middle: float
    tall: Mapping[str, float]
    unit: str
    labels: tuple[str, str]


def _way(waveforms: xr.Dataset, runner: str, side: str, point: str, factor: float) -> FloatArray | None:
    """Lateral (as seen from behind) and up, without gaps; ``None`` when it is not there."""
    labels = {"runner": runner, "side": side, "body_point": point}
    lateral, up = (pick(waveforms, "path", axis=axis, **labels) for axis in ("right", "up"))
    if lateral is None or up is None:
        return None
    way = np.column_stack([lateral * (1.0 if side == "right" else -1.0), up]) * factor
    return way if np.isfinite(way).all() else None


def _map(ways: Mapping[tuple[str, str], FloatArray], side: str, frame: MapScale) -> Markup:
    scale, unit = frame.scale, frame.unit
    heights = {point: frame.tall[point] * scale for point in MAPPED}
    middles = {"head": 24 + heights["head"] / 2, "neck_base": 52 + heights["head"] + heights["neck_base"] / 2}
    foot = 72 + sum(heights.values())
    plumb = MAP / 2 - frame.middle * scale * (1.0 if side == "right" else -1.0)
    drawing = Drawing(MAP, round(foot + 36), TEXTS("compared.map"), _map_words(ways, side, frame))
    drawing.rule("plumb", (plumb, plumb), (6, foot))
    drawing.box("ground-foot", plumb - 18, foot, 36, 7, 3)
    for (point, runner), way in ways.items():
        x = plumb + way[:, 0] * scale
        y = middles[point] - (way[:, 1] - (way[:, 1].max() + way[:, 1].min()) / 2) * scale
        with drawing.group(f"runner-{runner}"):
            drawing.line("line neck_base" if point == "neck_base" else "line", x, y)
            if runner == "a":
                drawing.dot("mid", x[50], y[50], 4.5)
            else:
                drawing.box("mid", x[50] - 4, y[50] - 4, 8, 8)
    length = 20.0 if unit == MILLIMETRES else 2.0
    x, turn = (MAP - 8, -1.0) if side == "left" else (8.0, 1.0)
    anchor = "end" if side == "left" else "start"
    drawing.rule("zero", (x, x + turn * length * scale), (foot + 6, foot + 6))
    drawing.text(x, foot + 24, f"{length:g} {shown(unit)}", anchor)
    drawing.text(x, 12, TEXTS("compared.other_side"), anchor)
    return drawing.svg()


def _map_words(ways: Mapping[tuple[str, str], FloatArray], side: str, frame: MapScale) -> str:
    sign = 1.0 if side == "right" else -1.0
    parts = []
    for (point, runner), way in ways.items():
        place = sign * float(way[50, 0])
        who, where = frame.labels[runner == "b"], "outside" if place > 0 else "inside"
        size = with_unit(number(abs(place), 1), frame.unit)
        parts.append(f"{who}: {TEXTS(f'map.{where}_{side}', point=point_words(point), size=size)}")
    return ", ".join(parts)
