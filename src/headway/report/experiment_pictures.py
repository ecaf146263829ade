"""Pictures of an experiment, drawn as SVG on the page: every step of every block, and the way of the head per condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import escape

from headway.analysis import Analysis
from headway.experiments.statistics import quantile
from headway.recording import FloatArray
from headway.report.curves import SIDES, pick
from headway.report.numbers import number, scale_of

WIDTH, HEIGHT = 960.0, 330.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 12.0, 18.0, 62.0
TONES = {"free": "usual", "baseline": "usual", "speed": "usual", "sham": "sham"}
"""Condition to the class of its colour; all others are the tested one's."""
MAP = 230.0


def tone(condition: str) -> str:
    """Class of the colour of a condition."""
    return TONES.get(condition, "tested")


def ticks(low: float, high: float) -> FloatArray:
    """About five round numbers between two."""
    raw = (high - low) / 5 or 1.0
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def block_plot(summary: Mapping[str, Any], steps: pd.DataFrame) -> str:
    """Every step of the primary outcome block by block, with the block means and their 95 % intervals; empty when it was not measured."""
    primary, blocks = summary["primary"], summary["blocks"]
    name = primary["name"]
    means = [block["values"].get(name) for block in blocks]
    known = [mean for mean in means if mean is not None]
    if not known:
        return ""
    scale = scale_of(primary["unit"], name, max(abs(mean["value"]) for mean in known))
    dots = [_dots(steps, k, name) * scale.factor for k in range(1, len(blocks) + 1)]
    bars = [_bar(mean, scale.factor) for mean in means]
    found = np.concatenate([np.concatenate(dots), [v for bar in bars if bar for v in bar]])
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    pad = 0.06 * ((high - low) or abs(high) or 1.0)
    low, high = low - pad, high + pad

    def y(value: float) -> float:
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)

    places = max(scale.decimals, 0) if high - low > 4 * 10.0**-scale.decimals else scale.decimals + 1
    out = [
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(_spoken(summary, bars, scale.unit))}">'
    ]
    for tick in ticks(low, high):
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{number(float(tick), places)}</text>')
    out.append(f'<text x="{LEFT - 8}" y="11" text-anchor="end">{escape(scale.unit)}</text>')
    width = (WIDTH - LEFT - RIGHT) / len(blocks)
    for k, block in enumerate(blocks):
        out += _block(block, LEFT + k * width, width, [(float(v), y(float(v))) for v in dots[k]], bars[k], y)
    return "\n".join([*out, "</svg>"])


def _dots(steps: pd.DataFrame, block: int, name: str) -> FloatArray:
    if name not in steps:
        return np.empty(0)
    values = steps.loc[steps["block"] == block, name].to_numpy(float)
    return values[np.isfinite(values)]


def half_width(mean: Mapping[str, Any]) -> float | None:
    """Half width of the 95 % interval of a block mean; ``None`` without one."""
    return None if mean["error"] is None else float(quantile(mean["freedom"])) * mean["error"]


def _bar(mean: Mapping[str, Any] | None, factor: float) -> tuple[float, float, float] | None:
    """Low, mean and high of a block."""
    if mean is None:
        return None
    half = half_width(mean) or 0.0
    value = float(mean["value"])
    return factor * (value - half), factor * value, factor * (value + half)


def _block(
    block: Mapping[str, Any],
    x: float,
    width: float,
    dots: Sequence[tuple[float, float]],
    bar: tuple[float, float, float] | None,
    y: Any,
) -> list[str]:
    kind = tone(block["condition"])
    inner = 0.84 * width
    start = x + 0.08 * width
    out = [
        f'<g class="{kind}">',
        f'<rect class="lane-{kind}" x="{start:.1f}" y="{TOP}" width="{inner:.1f}" height="{HEIGHT - TOP - BOTTOM}"/>',
    ]
    for j, (_, height) in enumerate(dots):
        across = start + inner * (j + 0.5) / len(dots)
        out.append(f'<circle class="each" cx="{across:.1f}" cy="{height:.1f}" r="2.4"/>')
    if bar is not None:
        low, middle, high = (y(value) for value in bar)
        out.append(
            f'<rect class="spread" x="{start:.1f}" y="{high:.1f}" width="{inner:.1f}" height="{max(low - high, 1):.1f}"/>'
        )
        out.append(
            f'<line class="mean" x1="{start:.1f}" x2="{start + inner:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
        )
    centre = x + width / 2
    pair = f"pair {block['pair']}" if block["pair"] else f"block {block['order']}"
    felt = block["felt"]["legs_feet_stress"]
    lines = [(block["name"], "under"), (pair, ""), ("" if felt is None else f"stress {felt:g}", "felt")]
    for row, (text, css) in enumerate(lines):
        out.append(
            f'<text class="{css}" x="{centre:.1f}" y="{HEIGHT - BOTTOM + 18 + 17 * row:.1f}" text-anchor="middle">{escape(text)}</text>'
        )
    return [*out, "</g>"]


def _spoken(summary: Mapping[str, Any], bars: Sequence[tuple[float, float, float] | None], unit: str) -> str:
    parts = [
        f"{block['name']} {bar[1]:.4g} {unit}".strip()
        for block, bar in zip(summary["blocks"], bars, strict=True)
        if bar is not None
    ]
    return f"{summary['primary']['title']}, block by block: {', '.join(parts)}."


def rear_view(summary: Mapping[str, Any], analyses: Sequence[Analysis]) -> list[tuple[str, str]]:
    """The mean way of head and neck base over each stance foot, seen from behind, per condition: title and SVG; empty when it was not recorded."""
    found: dict[str, list[Analysis]] = {}
    for block, analysis in zip(summary["blocks"], analyses, strict=True):
        if block["condition"] != "speed":
            found.setdefault(block["condition"], []).append(analysis)
    paths = {condition: _paths(group) for condition, group in found.items()}
    paths = {condition: path for condition, path in paths.items() if path}
    if not paths:
        return []
    values = np.concatenate([curve for path in paths.values() for curve in path.values()])
    reach = np.nanmax(np.abs(values[:, 0])) if np.isfinite(values).any() else 50.0
    reach = max(float(np.ceil(reach / 10) * 10) + 10, 60.0)
    return [(condition.replace("_", " "), _view(path, reach)) for condition, path in paths.items()]


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


def _view(paths: Mapping[tuple[str, str], FloatArray], reach: float) -> str:
    """Two feet side by side; each stance foot stands on its own upright line."""
    scale = MAP / 2 / reach
    tall = {point: max(_tall(paths.get((side, point))) for side in SIDES) * scale for point in ("head", "neck_base")}
    middles = {"head": 16 + tall["head"] / 2, "neck_base": 40 + tall["head"] + tall["neck_base"] / 2}
    foot = 64 + sum(tall.values())
    height, words = foot + 34, "Way of head and neck base over each stance foot, from behind"
    out = [f'<svg viewBox="0 0 {2 * MAP:g} {height:.0f}" role="img" aria-label="{words}">']
    for k, side in enumerate(SIDES):
        x = (k + 0.5) * MAP
        out.append(f'<line class="plumb" x1="{x:g}" x2="{x:g}" y1="6" y2="{foot:.1f}"/>')
        out.append(
            f'<g class="{side}"><rect class="sole" x="{x - 16:g}" y="{foot:.1f}" width="32" height="7" rx="3"/></g>'
        )
        out.append(f'<text x="{x:g}" y="{foot + 24:.1f}" text-anchor="middle">{side} foot</text>')
        for point, middle in middles.items():
            out += _way(paths.get((side, point)), side, point, x, middle, scale)
    length = 20 * scale
    out.append(
        f'<line class="zero" x1="{MAP - length / 2:.1f}" x2="{MAP + length / 2:.1f}" y1="{foot + 6:.1f}" y2="{foot + 6:.1f}"/>'
    )
    out.append(f'<text x="{MAP:g}" y="{foot + 24:.1f}" text-anchor="middle">20 mm</text>')
    return "\n".join([*out, "</svg>"])


def _tall(curve: FloatArray | None) -> float:
    """Vertical range of a way, mm; 0 without one."""
    return float(np.ptp(curve[np.isfinite(curve[:, 1]), 1])) if curve is not None and np.isfinite(curve).any() else 0.0


def _way(curve: FloatArray | None, side: str, point: str, x: float, middle: float, scale: float) -> list[str]:
    if curve is None or not np.isfinite(curve).all(1).any():
        return []
    up = curve[:, 1]
    xs, ys = x + curve[:, 0] * scale, middle - (up - (np.nanmax(up) + np.nanmin(up)) / 2) * scale
    seen = np.isfinite(xs) & np.isfinite(ys)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(xs[seen], ys[seen], strict=True))
    out = [f'<g class="{side}"><polyline class="line {point}" points="{points}"/>']
    half = len(xs) // 2
    if seen[half]:
        out.append(f'<circle class="mid" cx="{xs[half]:.1f}" cy="{ys[half]:.1f}" r="4"/>')
    return [*out, "</g>"]
