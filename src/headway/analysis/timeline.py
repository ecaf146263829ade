"""A run by sensors over time: windows, fatigue trend, dependence on speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from headway.metrics import REGISTRY
from headway.plain import rounded
from headway.recording import FloatArray
from headway.results import Change, Trend
from headway.sensors.run import Run
from headway.statistics import REDUCERS, components, slope

FEWEST = 6
"""Strides that a window needs."""
FOLLOWED = (
    "cadence", "speed", "pelvis_vertical_oscillation", "head_vertical_oscillation", "head_pelvis_vertical_gain", "head_lag_vertical",
    "head_acceleration_peak", "lateral_bounce_amplitude", "lateral_bounce_phase", "lateral_bounce_locking", "pelvis_lateral_bounce_amplitude",
    "head_roll_range", "head_pitch_range", "pelvic_list_range", "contact_time",
)  # fmt: skip
"""Quantities that are followed over the run, where it carries them."""
SHORTEST_TREND = 300.0
"""A trend needs this much of a run, s."""
SPEED_RANGE = 0.3
"""A dependence on speed needs this spread of the windows' speeds, m/s."""


def timeline(run: Run, carried: Mapping[str, tuple[str, Any]]) -> pd.DataFrame:
    """One row per window: ``time`` (middle, s), ``distance`` (m, where the speed is known), ``strides``, and the followed quantities.

    Parameters
    ----------
    run
        As prepared.
    carried
        Kind and values per stride of every metric that the run carries.
    """
    beat, strides = run.beat, run.strides
    width = run.options.window
    edges = np.arange(beat.time[0], beat.time[-1] + width, width)
    window = np.clip(np.searchsorted(edges, strides.start, side="right") - 1, 0, len(edges) - 2)
    count = np.bincount(window, minlength=len(edges) - 1)
    table: dict[str, FloatArray] = {"time": (edges[:-1] + edges[1:]) / 2}
    way = _distance(run, edges)
    if way is not None:
        table["distance"] = way
    table["strides"] = count.astype(float)
    for name in FOLLOWED:
        if name in carried:
            kind, values = carried[name]
            parts = components(kind, values, run.side)
            sums = np.zeros((len(count), parts.shape[1]), parts.dtype)
            np.add.at(sums, window, parts)
            value = np.real(REDUCERS[kind](sums))
            table[name] = np.where(count >= FEWEST, value, np.nan)
    return pd.DataFrame(table)


def _distance(run: Run, edges: FloatArray) -> FloatArray | None:
    """Way from the start to the middle of every window, m."""
    watch = run.recording.watch
    middle = (edges[:-1] + edges[1:]) / 2
    if watch is not None and "distance" in watch.series:
        there = np.isfinite(watch.series["distance"])
        if there.sum() > 1:
            way = np.interp(middle, watch.time[there], watch.series["distance"][there])
            return way - float(np.interp(edges[0], watch.time[there], watch.series["distance"][there]))
    if run.options.speed is not None:
        return (middle - edges[0]) * run.options.speed
    return None


def trends(table: pd.DataFrame) -> dict[str, Trend]:
    """Change per hour and per m/s of every followed quantity, each with its 95 % interval.

    Where the speeds of the windows differ enough, both are fitted together, so that a runner who slows down is not called tired by it.
    """
    time = table["time"].to_numpy() / 3600.0
    speed = table["speed"].to_numpy() if "speed" in table else None
    varied = speed is not None and np.isfinite(speed).sum() > 5 and np.ptp(speed[np.isfinite(speed)]) > SPEED_RANGE
    out: dict[str, Trend] = {}
    for name in table.columns:
        if name in ("time", "distance", "strides"):
            continue
        series = table[name].to_numpy()
        if name in REGISTRY and REGISTRY[name].kind == "phase":
            series = np.unwrap(np.nan_to_num(series), period=2 * np.pi) + 0 * series
        beside = speed if varied and name != "speed" else None
        per_hour = _told(slope(time, series, beside)) if np.ptp(table["time"]) >= SHORTEST_TREND else None
        per_speed = None if beside is None else _told(slope(beside, series, time))
        if per_hour is not None or per_speed is not None:
            out[name] = Trend(per_hour=per_hour, per_m_s=per_speed)
    return out


def _told(found: tuple[float, float, float] | None) -> Change | None:
    if found is None:
        return None
    value, low, high = (rounded(one) for one in found)
    return Change(value=value, ci95=(low, high), changes=bool(found[1] > 0 or found[2] < 0))


def set_aside(run: Run) -> dict[str, float]:
    """Time of the run by what it was, s: ``steady`` running, ``turns``, ``gaps``, ``not_running`` and ``other`` (hills, short stretches, ends)."""
    beat = run.beat
    step = float(beat.time[1] - beat.time[0])
    steady = np.zeros(len(beat.time), bool)
    for bout in beat.bouts:
        steady |= (beat.time >= bout.instants[0]) & (beat.time <= bout.instants[-1])
    gaps = beat.gap & ~steady
    resting = ~beat.running & ~gaps & ~steady
    turns = beat.turning & beat.running & ~steady
    other = ~(steady | gaps | resting | turns)
    names = {"steady": steady, "turns": turns, "gaps": gaps, "not_running": resting, "other": other}
    return {name: float(mask.sum() * step) for name, mask in names.items()}
