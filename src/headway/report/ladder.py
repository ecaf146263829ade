"""The ladder: the force at each level of the body over stance, and what it passes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from headway.metrics.registry import REGISTRY
from headway.report.curves import (
    SIDES,
    Chart,
    FloatArray,
    Missing,
    Series,
    contact_time,
    domain,
    missing,
    pick,
    series,
    spoken,
)
from headway.report.numbers import number, with_unit
from headway.results import Entries, NotMeasurable
from headway.texts import TEXTS

LEVELS = ("neck", "lumbar", "hip", "knee", "ankle", "ground")
"""Levels of the ladder, from the top."""
LEAST_IMPULSE = 1.0
"""An impulse at the ground below this has no shares, N·s."""
AXES = {"forward": ("forward", "backward"), "up": ("up", "down")}
"""Directions that are drawn, with the keys of what up and down mean in their plots."""


@dataclass(frozen=True)
class Rung:
    """One level of the ladder: its charts by direction and what it passes on in one stance."""

    level: str
    charts: dict[str, Chart]
    impulses: dict[str, str]


def _metrics(level: str) -> list[str]:
    """Metrics of one level."""
    return [name for name, one in REGISTRY.items() if one.level == level]


def measured_levels(entries: Entries) -> list[str]:
    """Levels that may be drawn: a picture never shows a level of which the table says that it was not measurable."""

    def refused(level: str) -> bool:
        own = [entries[name] for name in _metrics(level) if name in entries]
        return bool(own) and all(isinstance(entry, NotMeasurable) for entry in own)

    return [level for level in LEVELS if not refused(level)]


def _level_lines(waveforms: xr.Dataset, level: str, axis: str) -> list[Series]:
    lines = [
        series(
            waveforms, "ladder_force", TEXTS("curves.segments"), "segments", 1.0, 0, side=side, level=level, axis=axis
        )
        for side in SIDES
    ]
    if level == "ground":
        plate = TEXTS("curves.plate")
        plates = [series(waveforms, "ground_force", plate, "plate", 1.0, 0, side=side, axis=axis) for side in SIDES]
        if any(plates):
            return [line for line in (*plates, *lines) if line is not None]
    return [replace(line, name=TEXTS(f"curves.level_{level}"), style="plate") for line in lines if line is not None]


def _push_off(forward: FloatArray) -> int:
    """% of stance at which the mean forward ground force last turns from braking to driving, 20 to 80 %."""
    rising = [i for i in range(20, 80) if forward[i] <= 0.0 < forward[i + 1]]
    return rising[-1] + 1 if rising else 50


def _impulse(waveforms: xr.Dataset, entries: Entries, level: str, axis: str) -> float | None:
    """Integral of the mean curve, forward over the push-off, up over the whole stance; N·s, mean of the feet."""
    found = []
    for side in SIDES:
        forward, curve = (
            _level_curve(waveforms, side, wanted, at) for wanted, at in (("forward", "ground"), (axis, level))
        )
        duration = contact_time(entries, side)
        if forward is None or curve is None or duration is None:
            continue
        window = curve[_push_off(forward) if axis == "forward" else 0 :]
        found.append(float(np.trapezoid(np.nan_to_num(window), dx=duration / 100.0)))
    return float(np.mean(found)) if found else None


def _level_curve(waveforms: xr.Dataset, side: str, axis: str, level: str) -> FloatArray | None:
    """Force at a level, N; at the ground as the plate has it, where there is one."""
    plate = pick(waveforms, "ground_force", side=side, axis=axis) if level == "ground" else None
    return pick(waveforms, "ladder_force", side=side, level=level, axis=axis) if plate is None else plate


def _impulse_words(impulse: float | None, ground: float | None, level: str) -> str | None:
    if impulse is None:
        return None
    words = _newton_seconds(impulse)
    if level == "ground" or ground is None or abs(ground) < 1e-6:
        return words
    return TEXTS("curves.of_ground", impulse=words, share=with_unit(number(100.0 * impulse / ground, 0), "%"))


def _chart(waveforms: xr.Dataset, level: str, axis: str) -> Chart | None:
    lines = _level_lines(waveforms, level, axis)
    if not lines:
        return None
    return Chart(
        key=f"ladder-{level}-{axis}",
        unit="N",
        decimals=0,
        side=None,
        domain=domain(lines),
        series=lines,
        ends=(TEXTS(f"curves.{AXES[axis][0]}"), TEXTS(f"curves.{AXES[axis][1]}")),
        label=spoken(TEXTS(f"curves.ladder_{axis}", level=TEXTS(f"curves.level_{level}")), lines, "N", 0),
    )


def _share_one_scale(rungs: list[Rung]) -> list[Rung]:
    """Give every chart the vertical range that holds its direction at all levels, beside its own."""
    lines = {axis: [s for rung in rungs if axis in rung.charts for s in rung.charts[axis].series] for axis in AXES}
    shared = {axis: domain(found) for axis, found in lines.items()}
    return [
        replace(rung, charts={axis: replace(chart, shared=shared[axis]) for axis, chart in rung.charts.items()})
        for rung in rungs
    ]


def ladder(waveforms: xr.Dataset, entries: Entries) -> list[Rung] | Missing:
    """Build the ladder from the neck down to the ground; levels without a curve are left out.

    Parameters
    ----------
    waveforms
        With ``ladder_force`` or ``ground_force``, N.
    entries
        The metrics of the summary: the contact time, and the reason when there is nothing to draw.
    """
    levels = measured_levels(entries)
    ground = {axis: _impulse(waveforms, entries, "ground", axis) for axis in AXES}
    rungs = []
    for level in LEVELS:
        drawn = waveforms if level in levels else waveforms.drop_vars(["ladder_force"], errors="ignore")
        made = {axis: _chart(drawn, level, axis) for axis in AXES}
        charts = {axis: chart for axis, chart in made.items() if chart is not None}
        words = {
            axis: _impulse_words(_impulse(waveforms, entries, level, axis), ground[axis], level) for axis in charts
        }
        if charts:
            rungs.append(Rung(level, charts, {axis: text for axis, text in words.items() if text}))
    if rungs:
        return _share_one_scale(rungs)
    names = [name for name, one in REGISTRY.items() if one.level]
    return missing(entries, names, TEXTS("absent.ladder"), TEXTS("remedy.plates"))


def way_up(waveforms: xr.Dataset, entries: Entries) -> str:
    """What becomes of the push on its way up, told from the numbers: the share that each level passes on, and what the swing leg takes at the hip."""
    told = [_shares(waveforms, entries, axis) for axis in AXES]
    return " ".join(sentence for sentence in told if sentence)


def _shares(waveforms: xr.Dataset, entries: Entries, axis: str) -> str:
    levels = [level for level in reversed(LEVELS) if level in measured_levels(entries)]
    found = {level: _impulse(waveforms, entries, level, axis) for level in levels}
    ground = found.pop("ground", None)
    shares = {level: 100.0 * one / ground for level, one in found.items() if one is not None and ground}
    if not shares or ground is None or abs(ground) < LEAST_IMPULSE:
        return ""
    passed = ", ".join(f"{TEXTS(f'curves.level_{level}')} {_percent(share)}" for level, share in shares.items())
    out = TEXTS(f"curves.shares_{axis}", impulse=_newton_seconds(ground), shares=passed)
    if "hip" in shares and "lumbar" in shares:
        swing = shares["hip"] - shares["lumbar"]
        out += " " + TEXTS("curves.swing_takes" if swing >= 0 else "curves.swing_gives", share=_percent(abs(swing)))
    return out


def _newton_seconds(impulse: float) -> str:
    """Three digits are enough."""
    return with_unit(number(impulse, 1 if abs(impulse) < 100 else 0), "N·s")


def _percent(share: float) -> str:
    return with_unit(number(share, 0), "%")


def ladder_gap(rungs: list[Rung] | Missing, entries: Entries) -> tuple[list[str], Missing] | None:
    """Name the levels that are not drawn, with the reason; ``None`` when all are, or when there is no ladder at all."""
    if isinstance(rungs, Missing):
        return None
    absent = [level for level in LEVELS if level not in {rung.level for rung in rungs}]
    if not absent:
        return None
    names = [name for level in absent for name in _metrics(level)]
    why = missing(entries, names, TEXTS("absent.ladder_levels"), TEXTS("remedy.whole_body"))
    return [TEXTS(f"curves.level_{level}") for level in absent], why
