"""Pictures of a simulation: the conditions in motion, and their curves over the stride in one plot each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr
from markupsafe import Markup

from headway.recording import AXES, GRAVITY, FloatArray
from headway.report.chart import Plot
from headway.report.curves import SIDES, Missing
from headway.report.film_sync import Timeline
from headway.report.numbers import MINUS, scale_of
from headway.report.scene import figure
from headway.report.simulation_rows import called
from headway.simulation.request import Sweep
from headway.simulation.summary import SimulationSummary, StepOutcome
from headway.texts import TEXTS, figures, shown

SIZE, MARGINS = (420.0, 216.0), (44.0, 10.0, 12.0, 26.0)
MIDSTANCES = ((20.0, "right"), (70.0, "left"))
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


def scenes(motions: Mapping[str, Moving]) -> tuple[list[dict[str, Any]], Timeline]:
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
        made.append({**asdict(scene), "name": name, "time": timeline.time, "stride": round(float(one.stride_time), 4)})
        timelines.append(timeline)
    for axis in range(3):
        ends = [scene["bounds"][axis] for scene in made]
        whole = (min(end[0] for end in ends), max(end[1] for end in ends)) if ends else (0, 0)
        for scene in made:
            scene["bounds"][axis] = whole
    return made, timelines[0] if timelines else Timeline([], True, {side: [] for side in SIDES})


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
        ("upward", "upward_how", "BW", curves(lambda one: one.force.sum(1)[:, 1] / one.weight)),
        ("sideways", "sideways_how", "BW", curves(lambda one: one.force.sum(1)[:, 2] / one.weight)),
        ("swing_head", "swing_how", "mm", path("head_centre")),
        ("swing_neck_base", "swing_how", "mm", path("neck_base")),
    )
    heads = [curve for _, _, unit, found in made if unit == "mm" for curve in found.values()]
    out = []
    for what, how, unit, found in made:
        title, gloss = TEXTS(f"simulated.{what}"), TEXTS(f"simulated.{how}")
        limits = _range(heads if unit == "mm" else list(found.values()))
        out.append(
            Overlay(title, gloss, _stride_chart(found, colour, limits, TEXTS("simulated.drawn", what=title, unit=unit)))
        )
    return out


def _range(found: Sequence[FloatArray]) -> tuple[float, float]:
    values = np.concatenate([np.append(one, 0.0) for one in found]) if found else np.array([0.0, 1.0])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.06 * (high - low) or 1.0
    return low - (margin if low < 0 else 0.0), high + margin


def _spoken(name: str, low: float, high: float) -> str:
    """A curve of a condition, for who cannot see it."""
    ends = (figures(f"{round(value, 3) + 0.0:.3g}".replace("-", MINUS)) for value in (low, high))
    return TEXTS("simulated.spoken", name=called(name), **dict(zip(("low", "high"), ends, strict=True)))


def _stride_chart(
    found: Mapping[str, FloatArray], colour: Mapping[str, str], limits: tuple[float, float], title: str
) -> Markup:
    spoken = "; ".join(_spoken(name, float(c.min()), float(c.max())) for name, c in found.items())
    plot = Plot(SIZE, MARGINS, (0.0, 100.0), limits, title, spoken, "data-overlay")
    plot.levels()
    for share, side in MIDSTANCES:
        plot.upright("plumb", share)
        plot.below([share], [TEXTS(f"simulated.mid_{side}")], ["middle"], plot.height - 8)
    for k, (name, curve) in enumerate(found.items()):
        shares = np.linspace(0.0, 100.0, len(curve) + 1)
        dash = DASHES[k] if len(found) <= PALETTE else ""
        plot.line("line", plot.across(shares), plot.up(np.append(curve, curve[0])), f"--side:{colour[name]}", dash)
    plot.upright("cursor", 0.0)
    return plot.svg()


def sweep_charts(summary: SimulationSummary) -> list[Overlay]:
    """Draw the main outcomes over the value that is swept, a line per head condition."""
    sweep = summary.plan.sweep
    if sweep is None:
        return []
    lines: dict[str, dict[float, Mapping[str, float | None]]] = {}
    for one in summary.solved:
        base, _, tail = one.name.partition(f" {sweep.word}=")
        if tail:
            lines.setdefault(base, {})[float(tail)] = one.outcomes
    colour = colours(list(lines))
    return [
        _sweep_chart(sweep, name, summary.outcomes[name], lines, colour) for name in SWEPT if name in summary.outcomes
    ]


def _sweep_chart(
    sweep: Sweep,
    name: str,
    outcome: StepOutcome,
    lines: Mapping[str, Mapping[float, Mapping[str, float | None]]],
    colour: Mapping[str, str],
) -> Overlay:
    scale = scale_of(outcome.unit, name)
    found = {}
    for base, points in lines.items():
        way = [(at, value * scale.factor) for at, one in sorted(points.items()) if (value := one.get(name)) is not None]
        if way:
            found[base] = np.array(way)
    heights = np.concatenate([way[:, 1] for way in found.values()]) if found else np.array([0.0, 1.0])
    margin = 0.15 * float(np.ptp(heights)) or 0.1 * abs(float(heights[0])) or 1.0
    title = f"{shown(outcome.title)}, {shown(scale.unit)}" if scale.unit else shown(outcome.title)
    spoken = "; ".join(_spoken(base, float(way[0, 1]), float(way[-1, 1])) for base, way in found.items())
    low, high = min(sweep.values), max(sweep.values)
    room = 8 * (high - low) / (SIZE[0] - MARGINS[0] - MARGINS[1] - 16)  # the outermost points are drawn whole
    limits = (float(heights.min()) - margin, float(heights.max()) + margin)
    plot = Plot(SIZE, MARGINS, (low - room, high + room), limits, title, spoken, 'class="swept"')
    plot.levels()
    unit = "°" if sweep.unit == "°" else f" {sweep.unit}"
    plot.below([low, high], [figures(f"{low:g}{unit}"), figures(f"{high:g}{unit}")], ["start", "end"], plot.height - 8)
    for base, way in found.items():
        x, y = plot.across(way[:, 0]), plot.up(way[:, 1])
        with plot.group(css=f"--side:{colour[base]}"):
            plot.line("line", x, y)
            for a, b in zip(x, y, strict=True):
                plot.dot("tip", float(a), float(b), 3.2)
    return Overlay(title, "", plot.svg())
