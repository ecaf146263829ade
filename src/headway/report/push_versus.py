"""What pushes the head in two recordings or conditions, side by side: bars by source with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from headway.analysis import Analysis
from headway.comparison.result import ComparedRow
from headway.dynamics.push import CONTRIBUTIONS, DIRECTIONS, SOURCES
from headway.experiments.protocol import REFERENCE
from headway.experiments.result import BlockFound, BlockValue
from headway.experiments.statistics import quantile
from headway.report.chart import Plot, padded, tick_places, ticks
from headway.report.numbers import number
from headway.texts import TEXTS

SIZE, MARGINS = (370.0, 310.0), (170.0, 12.0, 4.0, 24.0)


@dataclass(frozen=True)
class PushBar:
    """A change of velocity over push-off and its 95 % interval, m/s; ``None`` without one."""

    value: float
    ci95: tuple[float, float] | None


PushBars = Mapping[tuple[str, str], PushBar]
"""By source and direction."""


def pushed_point(analyses: Iterable[Analysis]) -> str:
    """What is drawn of all: the head where every one of them has seen it, else the neck base, which all have."""
    bodies = [one.summary.body for one in analyses]
    return "head" if all(body is None or body.head_seen for body in bodies) else "neck_base"


def _measures(point: str) -> dict[str, tuple[str, str]]:
    """Names of a point's measures, to source and direction."""
    found = ((name, pushed, (source, direction)) for name, (pushed, source, direction) in CONTRIBUTIONS.items())
    return {name: key for name, pushed, key in found if pushed == point}


def compared_pushes(rows: Sequence[ComparedRow], point: str) -> list[tuple[str, Markup]]:
    """Titles and drawings for two recordings; empty where not both were fitted."""
    named = {row.name: row for row in rows}
    found = {key: named[name] for name, key in _measures(point).items() if name in named}
    sides = tuple(
        {
            key: PushBar(entry.value, entry.ci95 and (entry.ci95[0], entry.ci95[1]))
            for key, row in found.items()
            if (entry := row.a if who == "a" else row.b).value is not None
        }
        for who in ("a", "b")
    )
    return _drawings((sides[0], sides[1]), ("a", "b"), point)


def condition_pushes(blocks: Sequence[BlockFound], point: str) -> list[tuple[str, Markup]]:
    """Titles and drawings of the means over usual and over tested blocks; empty where not both were fitted."""
    usual = [block.values for block in blocks if block.condition in REFERENCE]
    tested = [block.values for block in blocks if block.condition not in (*REFERENCE, "sham")]
    return _drawings((_over_blocks(usual, point), _over_blocks(tested, point)), ("usual", "tested"), point)


def _over_blocks(blocks: Sequence[Mapping[str, BlockValue]], point: str) -> dict[tuple[str, str], PushBar]:
    out = {}
    for name, key in _measures(point).items():
        values = np.array([block[name].value for block in blocks if name in block])
        if len(values):
            mean, half = float(values.mean()), None
            if len(values) > 1:
                half = float(quantile(len(values) - 1.0) * values.std(ddof=1) / np.sqrt(len(values)))
            out[key] = PushBar(mean, None if half is None else (mean - half, mean + half))
    return out


def _drawings(sides: tuple[PushBars, PushBars], styles: tuple[str, str], point: str) -> list[tuple[str, Markup]]:
    what = TEXTS("push.title", point=TEXTS(f"push.point_{point}"))
    return [
        (title := TEXTS(f"push.{axis}"), _bars(axis, sides, styles, f"{title}: {what}"))
        for axis in DIRECTIONS
        if all(any((source, axis) in bars for source in SOURCES) for bars in sides)
    ]


def _bars(axis: str, sides: tuple[PushBars, PushBars], styles: tuple[str, str], title: str) -> Markup:
    found = [bar for bars in sides for (_, direction), bar in bars.items() if direction == axis]
    ends = [0.0, *(bar.value for bar in found), *(end for bar in found for end in bar.ci95 or ())]
    words = {source: TEXTS(f"push.by_{source}") for source in SOURCES}
    spoken = ", ".join(
        f"{words[source]} {TEXTS('words.and').join(told)} m/s"
        for source in SOURCES
        if (told := [number(bars[source, axis].value, 2) for bars in sides if (source, axis) in bars])
    )
    plot = Plot(SIZE, MARGINS, padded(ends), (len(SOURCES), 0.0), title, spoken)
    marks = ticks(*plot.x)
    for mark in marks:
        plot.upright("zero" if abs(mark) < 1e-12 else "grid", float(mark))
    digits = tick_places(marks)
    plot.below([*marks], [number(float(mark), digits) for mark in marks], ["middle"] * len(marks), SIZE[1] - 6)
    plot.text(MARGINS[0] - 26, SIZE[1] - 6, "m/s", "end")
    for k, source in enumerate(SOURCES):
        plot.text(MARGINS[0] - 8, float(plot.up(k + 0.5)) + 4, words[source], "end")
        for j, (bars, style) in enumerate(zip(sides, styles, strict=True)):
            if (source, axis) in bars:
                with plot.group(style):
                    _bar(plot, k + 0.15 + 0.36 * j, bars[source, axis])
    return plot.svg()


def _bar(plot: Plot, place: float, bar: PushBar) -> None:
    high, low = (float(y) for y in plot.up([place, place + 0.32]))
    start, stop = sorted(float(x) for x in plot.across([0.0, bar.value]))
    plot.box("spread", start, high, max(stop - start, 1.0), low - high)
    at = float(plot.across(bar.value))
    plot.rule("mean", (at, at), (high, low))
    if bar.ci95 is not None:
        middle, ends = (high + low) / 2, plot.across(bar.ci95)
        plot.rule("mean", (float(ends[0]), float(ends[1])), (middle, middle))
