"""Pictures of a study, drawn as SVG: every recording over speed with its runner's line, and the distribution beside it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from markupsafe import escape

from headway.recording import FloatArray
from headway.report.experiment_pictures import ticks
from headway.report.numbers import Scale, number, scale_of

WIDTH, HEIGHT = 460.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 84.0, 20.0, 34.0
MOST = 600
"""Recordings drawn one by one; of more, every k-th is."""
COLOURS = 6


def metric_picture(metric: Mapping[str, Any]) -> str:
    """Recordings over speed, joined within runners, and the histogram at the right edge; one SVG."""
    points: Any = metric["points"]
    scale = scale_of(metric["unit"], metric["name"], float(points["value"].abs().max()))
    value = points["value"].to_numpy(float) * scale.factor
    low, high = _padded(value)
    places = max(scale.decimals, 0) if high - low > 4 * 10.0**-scale.decimals else scale.decimals + 1

    def y(one: float) -> float:
        return TOP + (high - one) / (high - low) * (HEIGHT - TOP - BOTTOM)

    spoken = f"{metric['title']}: {metric['n']} recordings over speed and their distribution"
    out = [f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(spoken)}">']
    for tick in ticks(low, high):
        height = y(float(tick))
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>')
        out.append(f'<text x="{LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{number(float(tick), places)}</text>')
    out.append(f'<text x="{LEFT - 6}" y="12" text-anchor="end">{escape(scale.unit)}</text>')
    out += _cloud(points, scale, y)
    out += _histogram(value, low, high, y)
    return "\n".join([*out, "</svg>"])


def _padded(value: FloatArray) -> tuple[float, float]:
    low, high = float(value.min()), float(value.max())
    pad = 0.06 * ((high - low) or abs(high) or 1.0)
    return low - pad, high + pad


def _cloud(points: Any, scale: Scale, y: Any) -> list[str]:
    rows = points.dropna(subset=["speed"])
    if rows.empty:
        return ['<text x="120" y="120">no speed known</text>']
    rows = rows.iloc[:: max(1, -(-len(rows) // MOST))]
    low, high = _padded(rows["speed"].to_numpy(float))

    def x(speed: float) -> float:
        return LEFT + (speed - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    out = []
    for tick in ticks(low, high):
        out.append(
            f'<text x="{x(float(tick)):.1f}" y="{HEIGHT - BOTTOM + 16:.1f}" text-anchor="middle">{tick:.3g}</text>'
        )
    out.append(f'<text x="{WIDTH - RIGHT:.1f}" y="{HEIGHT - 4:g}" text-anchor="end">speed, m/s</text>')
    named = rows.dropna(subset=["runner"]).sort_values(["runner", "speed"], kind="stable")
    path = [f"{x(v):.1f},{y(one * scale.factor):.1f}" for v, one in zip(named["speed"], named["value"], strict=True)]
    for _, own in groupby(zip(named["runner"], path, strict=True), itemgetter(0)):
        points_of_runner = [point for _, point in own]
        if len(points_of_runner) > 1:
            out.append(f'<polyline class="own" points="{" ".join(points_of_runner)}"/>')
    names = list(dict.fromkeys(points["condition"].fillna("")))
    for row in rows.itertuples():
        condition = row.condition if isinstance(row.condition, str) else ""
        tone = names.index(condition) % COLOURS
        title = escape(f"{row.recording}{', ' + condition if condition else ''}")
        place = f'cx="{x(row.speed):.1f}" cy="{y(row.value * scale.factor):.1f}"'
        out.append(f'<circle class="c{tone}" {place} r="2.6"><title>{title}</title></circle>')
    return out


def _histogram(value: FloatArray, low: float, high: float, y: Any) -> list[str]:
    counts, edges = np.histogram(value, bins=min(max(int(np.sqrt(len(value)) * 1.5), 5), 30), range=(low, high))
    left, room = WIDTH - RIGHT + 12, RIGHT - 16
    out = []
    for count, a, b in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            width, top = room * count / counts.max(), y(float(b))
            out.append(
                f'<rect class="bar" x="{left:g}" y="{top + 0.5:.1f}" width="{width:.1f}" height="{max(y(float(a)) - top - 1, 0.5):.1f}"/>'
            )
    for share, kind in ((0.25, "quarter"), (0.5, "half"), (0.75, "quarter")):
        height = y(float(np.quantile(value, share)))
        out.append(f'<line class="{kind}" x1="{left - 4:g}" x2="{WIDTH:g}" y1="{height:.1f}" y2="{height:.1f}"/>')
    return out
