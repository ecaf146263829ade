"""Pictures of a simulation: the conditions in motion, and their curves over the stride in one plot each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from markupsafe import Markup, escape

from headway.recording import AXES, GRAVITY, FloatArray
from headway.report.curves import SIDES, Missing
from headway.report.experiment_pictures import ticks
from headway.report.numbers import number, scale_of
from headway.report.scene import figure

WIDTH, HEIGHT = 420.0, 216.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 10.0, 12.0, 26.0
MIDSTANCES = ((20.0, "right midstance"), (70.0, "left midstance"))
"""Where the pelvis is lowest, % of the stride."""
DASHES = ("", "9 3", "3 3", "9 3 2 3", "14 4", "2 5")
PALETTE = len(DASHES)
MOST_FIGURES = 6
SWEPT = (
    "effort", "work_per_metre", "peak_vertical_grf", "contact_time", "cadence", "hip_adduction", "hip_abduction_moment",
    "lumbar_bending_moment", "head_lateral_amplitude",
)  # fmt: skip
"""Outcomes drawn over the value that is swept."""


Moving = Any
"""One stride of a condition, shaped like :class:`headway.simulation.motion.Motion`."""


@dataclass(frozen=True)
class Overlay:
    """One plot with a line per condition."""

    title: str
    gloss: str
    drawing: Markup


def colours(names: Sequence[str]) -> dict[str, str]:
    """Colour of each condition as CSS: distinct ones for a few, a scale from first to last for many."""
    if len(names) <= PALETTE:
        return {name: f"var(--c{k})" for k, name in enumerate(names)}
    share = 100.0 / (len(names) - 1)
    return {name: f"color-mix(in oklab, var(--c1) {k * share:.0f}%, var(--c0))" for k, name in enumerate(names)}


def chosen(names: Sequence[str]) -> list[str]:
    """Conditions that are shown in motion: all, or evenly spread ones from first to last."""
    if len(names) <= MOST_FIGURES:
        return list(names)
    places = np.unique(np.linspace(0, len(names) - 1, MOST_FIGURES).round().astype(int))
    return [names[int(k)] for k in places]


def scenes(motions: Mapping[str, Moving]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Scenes of all conditions, drawn in one scale, and the timeline of the first.

    Parameters
    ----------
    motions
        By condition; all with the same number of frames.
    """
    made, timelines = [], []
    for name, one in motions.items():
        drawn = figure(_dataset(one), float(one.speed), float(one.weight) / GRAVITY, ())
        if isinstance(drawn, Missing):
            continue
        scene, timeline = drawn
        made.append({**scene, "name": name, "time": timeline["time"], "stride": round(float(one.stride_time), 4)})
        timelines.append(timeline)
    for axis in range(3):
        ends = [scene["bounds"][axis] for scene in made]
        whole = (min(end[0] for end in ends), max(end[1] for end in ends)) if ends else (0, 0)
        for scene in made:
            scene["bounds"][axis] = whole
    return made, timelines[0] if timelines else {"time": [], "loop": True, "percent": {side: [] for side in SIDES}}


def _dataset(one: Moving) -> xr.Dataset:
    """The stride as the figure of an analysis holds it."""
    pressed = np.isfinite(one.pressure).all(2)
    return xr.Dataset(
        {
            "figure": (("frame", "figure_point", "axis"), one.points),
            "figure_time": ("frame", one.time),
            "figure_force": (("side", "frame", "axis"), np.moveaxis(one.force, 1, 0)),
            "figure_cop": (("side", "frame", "axis"), np.moveaxis(one.pressure * [1.0, 0.0, 1.0], 1, 0)),
            "figure_contact": (("side", "frame"), pressed.T.astype(int)),
        },
        coords={"figure_point": list(one.names), "axis": list(AXES), "side": list(SIDES)},
        attrs={"figure_kind": "the simulated stride"},
    )


def overlays(motions: Mapping[str, Moving], colour: Mapping[str, str]) -> list[Overlay]:
    """Draw force and sideways path of all conditions over the stride."""

    def curves(take: Any) -> dict[str, FloatArray]:
        return {name: np.asarray(take(one), dtype=float) for name, one in motions.items()}

    def path(point: str) -> dict[str, FloatArray]:
        return curves(lambda one: 1e3 * one.points[:, list(one.names).index(point), 2])

    made = (
        ("Upward ground force", "body weights, both feet", "BW", curves(lambda one: one.force.sum(1)[:, 1] / one.weight)),
        ("Sideways ground force", "body weights; up is to the runner’s right", "BW",
         curves(lambda one: one.force.sum(1)[:, 2] / one.weight)),
        ("Head, sideways", "mm; up is to the runner’s right", "mm", path("head_centre")),
        ("Neck base, sideways", "mm; up is to the runner’s right", "mm", path("neck_base")),
    )  # fmt: skip
    heads = [curve for _, _, unit, found in made if unit == "mm" for curve in found.values()]
    out = []
    for title, gloss, unit, found in made:
        limits = _range(heads if unit == "mm" else list(found.values()))
        out.append(Overlay(title, gloss, Markup(_stride_chart(found, colour, limits, f"{title}, {unit}"))))
    return out


def _range(found: Sequence[FloatArray]) -> tuple[float, float]:
    values = np.concatenate([np.append(one, 0.0) for one in found]) if found else np.array([0.0, 1.0])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.06 * (high - low) or 1.0
    return low - (margin if low < 0 else 0.0), high + margin


def _frame(limits: tuple[float, float], words: str, kind: str) -> tuple[list[str], Any]:
    """Beginning of a drawing with its horizontal lines, and where a value lies."""
    low, high = limits

    def y(values: Any) -> Any:
        return TOP + (high - np.asarray(values)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    marks = ticks(low, high)
    places = max(0, -int(np.floor(np.log10(marks[1] - marks[0]) + 1e-9))) if len(marks) > 1 else 1
    out = [f'<svg {kind} viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(words)}">']
    for mark in marks:
        at = float(y(mark))
        name = "zero" if abs(mark) < 1e-12 else "grid"
        out.append(f'<line class="{name}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{number(float(mark), places)}</text>')
    return out, y


def _stride_chart(
    found: Mapping[str, FloatArray], colour: Mapping[str, str], limits: tuple[float, float], title: str
) -> str:
    spoken = "; ".join(f"{name} from {c.min():.3g} to {c.max():.3g}" for name, c in found.items())
    out, y = _frame(limits, f"{title}, over a stride: {spoken}.", "data-overlay")

    def x(share: Any) -> Any:
        return LEFT + np.asarray(share) / 100.0 * (WIDTH - LEFT - RIGHT)

    for share, text in MIDSTANCES:
        at = float(x(share))
        out.append(f'<line class="plumb" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - 8:g}" text-anchor="middle">{text}</text>')
    for k, (name, curve) in enumerate(found.items()):
        shares = np.linspace(0.0, 100.0, len(curve) + 1)
        line = _points(x(shares), y(np.append(curve, curve[0])))
        dash = f' stroke-dasharray="{DASHES[k]}"' if len(found) <= PALETTE and DASHES[k] else ""
        out.append(f'<polyline class="line" style="--side:{colour[name]}"{dash} points="{line}"/>')
    out.append(f'<line class="cursor" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
    return "\n".join([*out, "</svg>"])


def _points(x: FloatArray, y: FloatArray) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def sweep_charts(summary: Mapping[str, Any]) -> list[Overlay]:
    """Draw the main outcomes over the value that is swept, a line per head condition."""
    sweep = summary["plan"]["sweep"]
    if sweep is None:
        return []
    lines: dict[str, dict[float, Mapping[str, float]]] = {}
    for one in summary["conditions"]:
        base, _, tail = one["name"].partition(f" {sweep['word']}=")
        if tail and one["status"] == "solved":
            lines.setdefault(base, {})[float(tail)] = one["outcomes"]
    colour = colours(list(lines))
    return [_sweep_chart(summary, name, lines, colour) for name in SWEPT if name in summary["outcomes"]]


def _sweep_chart(
    summary: Mapping[str, Any],
    name: str,
    lines: Mapping[str, Mapping[float, Mapping[str, float]]],
    colour: Mapping[str, str],
) -> Overlay:
    outcome, sweep = summary["outcomes"][name], summary["plan"]["sweep"]
    scale = scale_of(outcome["unit"], name)
    found = {
        base: np.array(
            [
                [value, values[name] * scale.factor]
                for value, values in sorted(points.items())
                if values.get(name) is not None
            ]
        )
        for base, points in lines.items()
    }
    found = {base: way for base, way in found.items() if len(way)}
    heights = np.concatenate([way[:, 1] for way in found.values()]) if found else np.array([0.0, 1.0])
    margin = 0.15 * float(np.ptp(heights)) or 0.1 * abs(float(heights[0])) or 1.0
    title = outcome["title"] if not scale.unit else f"{outcome['title']}, {scale.unit}"
    spoken = "; ".join(f"{base} from {way[0, 1]:.3g} to {way[-1, 1]:.3g}" for base, way in found.items())
    out, y = _frame(
        (float(heights.min()) - margin, float(heights.max()) + margin), f"{title}: {spoken}.", 'class="swept"'
    )
    low, high = min(sweep["values"]), max(sweep["values"])

    def x(value: Any) -> Any:
        return LEFT + 8 + (np.asarray(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT - 16)

    unit = "°" if sweep["unit"] == "°" else f" {sweep['unit']}"
    for value in (low, high):
        anchor = "start" if value == low else "end"
        out.append(f'<text x="{float(x(value)):.1f}" y="{HEIGHT - 8:g}" text-anchor="{anchor}">{value:g}{unit}</text>')
    for base, way in found.items():
        out.append(
            f'<g style="--side:{colour[base]}"><polyline class="line" points="{_points(x(way[:, 0]), y(way[:, 1]))}"/>'
        )
        out += [f'<circle class="tip" cx="{float(x(a)):.1f}" cy="{float(y(b)):.1f}" r="3.2"/>' for a, b in way]
        out.append("</g>")
    return Overlay(title, "", Markup("\n".join([*out, "</svg>"])))
