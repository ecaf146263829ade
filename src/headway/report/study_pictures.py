"""Pictures of a study: every recording over speed with its runner's line, and the distribution beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from headway.recording import FloatArray
from headway.report.chart import Plot, padded, ticks
from headway.report.numbers import scale_of
from headway.study.overview import MetricOverview
from headway.texts import TEXTS, figures, shown

SIZE, MARGINS = (466.0, 240.0), (58.0, 84.0, 20.0, 34.0)
MOST = 600
"""Recordings drawn one by one; of more, every k-th is."""
COLOURS = 6


def metric_picture(metric: MetricOverview) -> Markup:
    """Recordings over speed, joined within runners, and the histogram at the right edge."""
    points: Any = metric.points
    scale = scale_of(metric.unit, metric.name, float(points["value"].abs().max()))
    points = points.assign(value=points["value"].to_numpy(float) * scale.factor)
    low, high = padded(points["value"])
    places = max(scale.decimals, 0) if high - low > 4 * 10.0**-scale.decimals else scale.decimals + 1
    rows = points.dropna(subset=["speed"])
    speeds = (0.0, 1.0) if rows.empty else padded(rows["speed"])
    spoken = TEXTS("studied.picture", n=metric.n)
    plot = Plot(SIZE, MARGINS, speeds, (low, high), shown(metric.title), spoken)
    plot.levels(places, scale.unit)
    if rows.empty:
        plot.text(120, 120, TEXTS("studied.no_speed"))
    else:
        _cloud(plot, points, rows.iloc[:: max(1, -(-len(rows) // MOST))])
    _histogram(plot, points["value"].to_numpy(float))
    return plot.svg()


def _cloud(plot: Plot, points: Any, rows: Any) -> None:
    marks = ticks(*plot.x)
    plot.below(list(marks), [figures(f"{mark:.3g}") for mark in marks], ["middle"] * len(marks), plot.bottom + 16)
    plot.text(plot.right, plot.height - 4, TEXTS("studied.axis"), "end")
    named = rows.dropna(subset=["runner"]).sort_values(["runner", "speed"], kind="stable")
    for _, own in named.groupby("runner", sort=False):
        if len(own) > 1:
            plot.line("own", plot.across(own["speed"]), plot.up(own["value"]))
    names = list(dict.fromkeys(points["condition"].fillna("")))
    for row, x, y in zip(rows.itertuples(), plot.across(rows["speed"]), plot.up(rows["value"]), strict=True):
        condition = row.condition if isinstance(row.condition, str) else ""
        tip = f"{row.recording}{', ' + condition if condition else ''}"
        plot.dot(f"c{names.index(condition) % COLOURS}", float(x), float(y), 2.6, tip)


def _histogram(plot: Plot, value: FloatArray) -> None:
    counts, edges = np.histogram(value, bins=min(max(int(np.sqrt(len(value)) * 1.5), 5), 30), range=plot.y)
    left, room = plot.right + 12, plot.width - plot.right - 16
    heights = plot.up(edges)
    for count, low, top in zip(counts, heights[:-1], heights[1:], strict=True):
        if count:
            plot.box("bar", left, top + 0.5, room * count / counts.max(), max(low - top - 1, 0.5))
    for share, kind in ((0.25, "quarter"), (0.5, "half"), (0.75, "quarter")):
        height = float(plot.up(np.quantile(value, share)))
        plot.rule(kind, (left - 4, plot.width), (height, height))
