"""Plots over stance of head, neck base, pelvis and body: velocity, place over the foot, distance to the force line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from headway.metrics.registry import REGISTRY
from headway.report.curves import (
    POINTS,
    SIDES,
    Chart,
    FloatArray,
    Missing,
    domain,
    missing,
    missing_points,
    point_words,
    series,
    spoken,
)
from headway.report.numbers import number
from headway.results import Entries
from headway.texts import TEXTS


@dataclass(frozen=True)
class Quantity:
    """One row of plots: a title, how to read it, and a chart for each foot that has steps."""

    title: str
    reading: str
    charts: dict[str, Chart]


@dataclass(frozen=True)
class ShownQuantity:
    """What a row of plots takes from the waveforms, and how it is shown.

    Attributes
    ----------
    key
        Name on the page; with ``_`` for ``-`` that of its heading and, with ``_reading``, of how to read it in the texts' ``curves``.
    variable, axis
        Variable of the waveforms; ``None`` when it has no axis.
    factor, unit, decimals, kept
        Shown value = factor times stored value; digits of the readout, digits kept in the page.
    ends
        Keys of what up and down mean.
    window
        % of stance that sets the vertical range: near landing and toe-off a force line is ill-defined.
    """

    key: str
    variable: str
    axis: str | None
    factor: float
    unit: str
    decimals: int
    kept: int
    ends: tuple[str, str]
    window: tuple[int, int] = (0, 100)


BODY = (
    ShownQuantity(
        key="points-up",
        variable="velocity",
        axis="up",
        factor=1.0,
        unit="m/s",
        decimals=2,
        kept=3,
        ends=("rising", "falling"),
    ),
    ShownQuantity(
        key="points-forward",
        variable="velocity",
        axis="forward",
        factor=1.0,
        unit="m/s",
        decimals=2,
        kept=3,
        ends=("faster", "slower"),
    ),
    ShownQuantity(
        key="points-sideways",
        variable="path",
        axis="right",
        factor=1e3,
        unit="mm",
        decimals=0,
        kept=1,
        ends=("outside", "inside"),
    ),
)
LINE = (
    ShownQuantity(
        key="line-forward",
        variable="grf_line_offset_forward",
        axis=None,
        factor=1e3,
        unit="mm",
        decimals=0,
        kept=0,
        ends=("ahead", "behind"),
        window=(10, 90),
    ),
    ShownQuantity(
        key="line-lateral",
        variable="grf_line_offset_lateral",
        axis=None,
        factor=1e3,
        unit="mm",
        decimals=0,
        kept=0,
        ends=("outside", "inside"),
        window=(10, 90),
    ),
)


def _row(waveforms: xr.Dataset, plan: ShownQuantity) -> Quantity | None:
    """Make one row: a chart per foot with a line per body point, all on one vertical scale."""
    name = plan.key.replace("-", "_")
    title, reading = TEXTS(f"curves.{name}"), TEXTS(f"curves.{name}_reading")
    above, below = (TEXTS(f"curves.{end}") for end in plan.ends)
    axis = {} if plan.axis is None else {"axis": plan.axis}
    lines = {}
    for side in SIDES:
        made = (
            series(
                waveforms,
                plan.variable,
                point_words(point),
                point,
                plan.factor,
                plan.kept,
                side=side,
                body_point=point,
                **axis,
            )
            for point in POINTS
        )
        lines[side] = [line for line in made if line is not None]
    both = [line for side in SIDES for line in lines[side]]
    if not both:
        return None
    limits = domain(both, plan.window)
    charts = {
        side: Chart(
            key=f"{plan.key}-{side}",
            unit=plan.unit,
            decimals=plan.decimals,
            side=side,
            domain=limits,
            series=own,
            ends=(above, below),
            label=spoken(title, own, plan.unit, plan.decimals),
        )
        for side, own in lines.items()
        if own
    }
    return Quantity(title, reading, charts)


def _rows(waveforms: xr.Dataset, plans: tuple[ShownQuantity, ...]) -> list[Quantity]:
    return [row for row in (_row(waveforms, plan) for plan in plans) if row is not None]


def body_points(waveforms: xr.Dataset, entries: Entries) -> list[Quantity] | Missing:
    """Head, neck base, pelvis and body over stance: velocities upward and forward, position sideways."""
    rows = _rows(waveforms, BODY)
    return rows or missing(entries, ("head_vertical_gain",), TEXTS("absent.points"), TEXTS("remedy.points"))


def absent_points(rows: list[Quantity] | Missing) -> list[tuple[str, Missing]]:
    """Name head, neck base or pelvis where they are in none of the plots, each with what to record."""
    if isinstance(rows, Missing):
        return []
    shown = {line.style for row in rows for chart in row.charts.values() for line in chart.series}
    return missing_points(shown, ("head", "neck_base", "pelvis"))


def crossing(offset: FloatArray | list[float | None]) -> float | None:
    """Find where a curve over 0 to 100 % of stance last turns from behind to ahead, after 30 %; ``None`` if nowhere."""
    values = np.array([np.nan if v is None else v for v in offset], dtype=np.float64)
    rising = [i for i in range(30, len(values) - 1) if values[i] <= 0.0 < values[i + 1]]
    if not rising:
        return None
    i = rising[-1]
    return float(i - values[i] / (values[i + 1] - values[i]))


def _marked(chart: Chart) -> Chart:
    marks = []
    for line in chart.series:
        place = crossing(line.mean)
        if place is not None and line.style in ("head", "neck_base"):
            marks.append((round(place, 1), 0.0, f"{line.name} {number(place, 0)} %"))
    return replace(chart, marks=marks)


def force_line(waveforms: xr.Dataset, entries: Entries) -> list[Quantity] | Missing:
    """How far the line of the ground force passes ahead of, and outside of, head, neck base and body."""
    rows = _rows(waveforms, LINE)
    if not rows:
        names = [name for name, one in REGISTRY.items() if one.family == "force line and head"]
        return missing(entries, names, TEXTS("absent.line"), TEXTS("remedy.plates"))
    charts = {side: _marked(chart) for side, chart in rows[0].charts.items()}
    return [replace(rows[0], charts=charts), *rows[1:]]
