"""Pictures of an experiment, drawn as SVG on the page: every step of every block, and the way of the head per condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from headway.analysis import Analysis
from headway.experiments.result import BlockFound, BlockValue, ExperimentSummary
from headway.experiments.statistics import quantile
from headway.recording import FloatArray
from headway.report.chart import Drawing, Plot, padded
from headway.report.curves import SIDES, pick
from headway.report.numbers import scale_of
from headway.texts import TEXTS, figures, shown

SIZE, MARGINS = (960.0, 330.0), (58.0, 12.0, 18.0, 62.0)
TONES = {"free": "usual", "baseline": "usual", "speed": "usual", "sham": "sham"}
"""Condition to the class of its colour; all others are the tested one's."""
MAP = 230.0


def tone(condition: str) -> str:
    """Class of the colour of a condition."""
    return TONES.get(condition, "tested")


def condition_name(condition: str) -> str:
    """A condition in the language of the page."""
    return TEXTS(f"experiment.in_{condition}")


def named(name: str, condition: str) -> str:
    """The name of a block or phase: as the protocol has it, else that of its condition in the language of the page."""
    return condition_name(condition) if name == condition.replace("_", " ") else name


def block_plot(summary: ExperimentSummary, steps: pd.DataFrame) -> Markup:
    """Every step of the primary outcome block by block, with the block means and their 95 % intervals; empty when it was not measured."""
    primary, blocks = summary.primary, summary.blocks
    name = primary.name
    means = [block.values.get(name) for block in blocks]
    known = [mean for mean in means if mean is not None]
    if not known:
        return Markup("")
    scale = scale_of(primary.unit, name, max(abs(mean.value) for mean in known))
    dots = [_dots(steps, k, name) * scale.factor for k in range(1, len(blocks) + 1)]
    bars = [_bar(mean, scale.factor) for mean in means]
    found = np.concatenate([np.concatenate(dots), [v for bar in bars if bar for v in bar]])
    low, high = padded(found)
    places = max(scale.decimals, 0) if high - low > 4 * 10.0**-scale.decimals else scale.decimals + 1
    spoken = _spoken(summary, bars, scale.unit)
    plot = Plot(
        SIZE, MARGINS, (0.0, len(blocks)), (low, high), TEXTS("experiment.plot", title=shown(primary.title)), spoken
    )
    plot.levels(places, scale.unit, gap=8)
    for k, block in enumerate(blocks):
        with plot.group(tone(block.condition)):
            _block(plot, k, block, dots[k], bars[k])
    return plot.svg()


def _dots(steps: pd.DataFrame, block: int, name: str) -> FloatArray:
    if name not in steps:
        return np.empty(0)
    values = steps.loc[steps["block"] == block, name].to_numpy(float)
    return values[np.isfinite(values)]


def half_width(mean: BlockValue) -> float | None:
    """Half width of the 95 % interval of a block mean; ``None`` without one."""
    return None if mean.error is None else float(quantile(mean.freedom)) * mean.error


def _bar(mean: BlockValue | None, factor: float) -> tuple[float, float, float] | None:
    """Low, mean and high of a block."""
    if mean is None:
        return None
    half = half_width(mean) or 0.0
    return factor * (mean.value - half), factor * mean.value, factor * (mean.value + half)


def _block(plot: Plot, place: int, block: BlockFound, dots: FloatArray, bar: tuple[float, float, float] | None) -> None:
    start, centre, stop = (float(x) for x in plot.across([place + 0.08, place + 0.5, place + 0.92]))
    inner = stop - start
    plot.box(f"lane-{tone(block.condition)}", start, plot.top, inner, plot.bottom - plot.top)
    for j, height in enumerate(plot.up(dots)):
        plot.dot("each", start + inner * (j + 0.5) / len(dots), float(height), 2.4)
    if bar is not None:
        low, middle, high = (float(y) for y in plot.up(bar))
        plot.box("spread", start, high, inner, max(low - high, 1))
        plot.rule("mean", (start, stop), (middle, middle))
    pair = (
        TEXTS("experiment.under_pair", pair=block.pair)
        if block.pair
        else TEXTS("experiment.under_block", order=block.order)
    )
    felt = block.felt.legs_feet_stress
    lines = (
        (named(block.name, block.condition), "under"),
        (pair, ""),
        ("" if felt is None else TEXTS("experiment.stress", felt=figures(f"{felt:g}")), "felt"),
    )
    for row, (text, css) in enumerate(lines):
        plot.text(centre, plot.bottom + 18 + 17 * row, text, "middle", css)


def _spoken(summary: ExperimentSummary, bars: Sequence[tuple[float, float, float] | None], unit: str) -> str:
    parts = [
        f"{named(block.name, block.condition)} {figures(f'{bar[1]:.4g}')} {shown(unit)}".strip()
        for block, bar in zip(summary.blocks, bars, strict=True)
        if bar is not None
    ]
    return ", ".join(parts)


def rear_view(summary: ExperimentSummary, analyses: Sequence[Analysis]) -> list[tuple[str, Markup]]:
    """The mean way of head and neck base over each stance foot, seen from behind, per condition: title and SVG; empty when it was not recorded."""
    found: dict[str, list[Analysis]] = {}
    for block, analysis in zip(summary.blocks, analyses, strict=True):
        if block.condition != "speed":
            found.setdefault(block.condition, []).append(analysis)
    paths = {condition: _paths(group) for condition, group in found.items()}
    paths = {condition: path for condition, path in paths.items() if path}
    if not paths:
        return []
    values = np.concatenate([curve for path in paths.values() for curve in path.values()])
    reach = np.nanmax(np.abs(values[:, 0])) if np.isfinite(values).any() else 50.0
    reach = max(float(np.ceil(reach / 10) * 10) + 10, 60.0)
    return [(condition_name(condition), _view(path, reach)) for condition, path in paths.items()]


def _paths(group: Sequence[Analysis]) -> dict[tuple[str, str], FloatArray]:
    """Mean curve (lateral in space, up; mm) by side and point."""
    out = {}
    for side in SIDES:
        for point in ("head", "neck_base"):
            curves = []
            for analysis in group:
                lateral = pick(analysis.waveforms, "path", side=side, body_point=point, axis="right")
                up = pick(analysis.waveforms, "path", side=side, body_point=point, axis="up")
                if lateral is not None and up is not None:
                    curves.append(np.column_stack([lateral, up]) * 1e3)
            if curves:
                sign = 1.0 if side == "right" else -1.0
                out[side, point] = np.mean(curves, axis=0) * np.array([sign, 1.0])
    return out


def _view(paths: Mapping[tuple[str, str], FloatArray], reach: float) -> Markup:
    """Two feet side by side; each stance foot stands on its own upright line."""
    scale = MAP / 2 / reach
    tall = {point: max(_tall(paths.get((side, point))) for side in SIDES) * scale for point in ("head", "neck_base")}
    middles = {"head": 16 + tall["head"] / 2, "neck_base": 40 + tall["head"] + tall["neck_base"] / 2}
    foot = 64 + sum(tall.values())
    drawing = Drawing(2 * MAP, round(foot + 34), TEXTS("experiment.way"))
    for k, side in enumerate(SIDES):
        x = (k + 0.5) * MAP
        drawing.rule("plumb", (x, x), (6, foot))
        with drawing.group(side):
            drawing.box("sole", x - 16, foot, 32, 7, 3)
        drawing.text(x, foot + 24, TEXTS(f"experiment.foot_{side}"), "middle")
        for point, middle in middles.items():
            _way(drawing, paths.get((side, point)), side, point, x, middle, scale)
    half = 10 * scale
    drawing.rule("zero", (MAP - half, MAP + half), (foot + 6, foot + 6))
    drawing.text(MAP, foot + 24, "20 mm", "middle")
    return drawing.svg()


def _tall(curve: FloatArray | None) -> float:
    """Vertical range of a way, mm; 0 without one."""
    return float(np.ptp(curve[np.isfinite(curve[:, 1]), 1])) if curve is not None and np.isfinite(curve).any() else 0.0


def _way(
    drawing: Drawing, curve: FloatArray | None, side: str, point: str, x: float, middle: float, scale: float
) -> None:
    if curve is None or not np.isfinite(curve).all(1).any():
        return
    up = curve[:, 1]
    xs, ys = x + curve[:, 0] * scale, middle - (up - (np.nanmax(up) + np.nanmin(up)) / 2) * scale
    half = len(xs) // 2
    with drawing.group(side):
        drawing.line(f"line {point}", xs, ys)
        if np.isfinite(xs[half] + ys[half]):
            drawing.dot("mid", float(xs[half]), float(ys[half]), 4)
