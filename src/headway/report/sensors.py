"""Pictures of a run that sensors recorded: the run over time or distance, and the mean path of head and sacrum over the stride."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from headway.metrics.registry import Metric
from headway.report.curves import Entries, FloatArray, Missing, pick, plain
from headway.report.numbers import Scale, finite, number, scale_of, show, span, with_unit

LANES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Cadence", (("cadence", "run"),)),
    ("Speed", (("speed", "run"),)),
    ("Up and down", (("head_vertical_oscillation", "head"), ("pelvis_vertical_oscillation", "sacrum"))),
    ("From side to side", (("lateral_bounce_amplitude", "head"), ("pelvis_lateral_bounce_amplitude", "sacrum"))),
    ("Vertical gain, sacrum to head", (("head_pelvis_vertical_gain", "run"),)),
)
"""Rows of the timeline: title, and the metrics with the style of their lines."""
POINTS = {"head": ("head", "lateral_bounce_amplitude"), "pelvis": ("sacrum", "pelvis_lateral_bounce_amplitude")}
"""Body point in the files to the place of its sensor, and the metric that says why its path is missing."""
TRENDS = tuple(name for _, lines in LANES for name, _ in lines)
KINDS = {"steady": "steady running", "turns": "turns", "gaps": "gaps", "not_running": "not running", "other": "other"}
SAMPLES = 101
"""Instants of a mean stride, 0 to 100 %."""
FINER = 1
"""Digits of the timeline beyond those of the table."""


def is_sensor(summary: Mapping[str, Any]) -> bool:
    """Tell whether the analysis was made from sensors on the body."""
    return (summary.get("recording") or {}).get("view") == "sensor"


def registry(known: Mapping[str, Metric]) -> dict[str, Metric]:
    """Give the metrics that sensors carry the definition by which a sensor measures them."""
    return {
        name: replace(one, definition=one.sensors.definition) if one.sensors and one.sensors.definition else one
        for name, one in known.items()
    }


def pictures(summary: Mapping[str, Any], waveforms: xr.Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the template needs for the sensor pictures, and the data that the page draws."""
    run, entries = summary.get("run") or {}, summary.get("metrics") or {}
    timeline, paths = run_timeline(run), stride_paths(waveforms, entries)
    shown = {
        "timeline": timeline,
        "by_kind": _by_kind(run.get("time_by_kind") or {}),
        "trends": trend_words(run, entries),
        "watch": _watch(run.get("watch"), entries),
        "paths": paths,
        "sides": summary.get("sides") not in (None, "unknown"),
    }
    drawn: dict[str, Any] = {"run": timeline, "paths": paths}
    drawn = {name: None if isinstance(one, Missing) else dict(one) for name, one in drawn.items()}
    if drawn["paths"] is not None:
        del drawn["paths"]["absent"]
    return shown, drawn


def _column(timeline: Mapping[str, Any], name: str) -> FloatArray:
    return np.array([np.nan if v is None else v for v in timeline.get(name) or ()], dtype=np.float64)


def run_timeline(run: Mapping[str, Any]) -> dict[str, Any] | Missing:
    """Lay out the run: rows of windows over time, and over distance where the speed is known."""
    table = run.get("timeline") or {}
    time = _column(table, "time")
    lanes = [lane for title, lines in LANES if (lane := _lane(table, title, lines)) is not None]
    if len(time) < 2 or not lanes:
        return Missing("the run is shorter than two windows of the timeline", "record a longer run, or give --window")
    start, stop = float(run.get("start") or 0.0), float(run.get("stop") or time[-1])
    stretches = [(float(a), float(b)) for a, b in run.get("stretches") or ()]
    minutes = _axis("time", "min", (time - start) / 60.0, (stop - start) / 60.0)
    minutes["steady"] = [[round((end - start) / 60.0, 3) for end in piece] for piece in stretches]
    axes = [minutes]
    way = _column(table, "distance")
    known = np.isfinite(way) if len(way) == len(time) else np.zeros(len(time), bool)
    if known.sum() > 1 and np.ptp(way[known]) > 0:
        axes.append(_distance(time, time[known], way[known], (start, stop), stretches))
    shown = ", ".join(lane["title"].lower() for lane in lanes)
    return {"axes": axes, "lanes": lanes, "label": f"The run over time: {shown}, one value per window."}


def _distance(
    time: FloatArray,
    known: FloatArray,
    way: FloatArray,
    ends: tuple[float, float],
    stretches: list[tuple[float, float]],
) -> dict[str, Any]:
    """Lay out the run over distance; beyond the first and last known place at the pace beside them."""
    first, last = (
        float(np.polyval(np.polyfit(known[k], way[k], 1), end))
        for k, end in zip((slice(2), slice(-2, None)), ends, strict=True)
    )
    instants = np.concatenate([ends[:1], known, ends[1:]])
    places = np.maximum.accumulate(np.concatenate([[max(first, 0.0)], way, [last]])) / 1e3

    def at(instant: FloatArray | float) -> FloatArray:
        return np.asarray(np.interp(instant, instants, places), dtype=np.float64)

    out = _axis("distance", "km", at(time), float(at(ends[1])))
    out["steady"] = [[round(float(at(end)), 4) for end in piece] for piece in stretches]
    return out


def _axis(key: str, unit: str, values: FloatArray, end: float) -> dict[str, Any]:
    return {"key": key, "unit": unit, "x": plain(values, 4), "end": round(end, 4)}


def _lane(table: Mapping[str, Any], title: str, lines: tuple[tuple[str, str], ...]) -> dict[str, Any] | None:
    """Return one row of the timeline in shown units, ``None`` when nothing of it was measured or it never changes."""
    from headway.metrics.registry import REGISTRY

    columns = {name: (style, _column(table, name)) for name, style in lines}
    columns = {name: one for name, one in columns.items() if np.isfinite(one[1]).sum() > 1}
    if not columns:
        return None
    values = np.concatenate([column[np.isfinite(column)] for _, column in columns.values()])
    first = next(iter(columns))
    if first == "speed" and np.ptp(values) < 1e-6:
        return None
    scale = scale_of(REGISTRY[first].unit, first, float(np.abs(values).max()))
    decimals = scale.decimals + FINER
    low, high = float(values.min()) * scale.factor, float(values.max()) * scale.factor
    least = 6.0 * 10.0**-scale.decimals
    margin = max(0.12 * (high - low), (least - (high - low)) / 2.0)
    series = [
        {"name": "" if style == "run" else style, "style": style, "values": plain(column * scale.factor, decimals)}
        for style, column in columns.values()
    ]
    domain = [round(low - margin, 4), round(high + margin, 4)]
    return {"title": title, "unit": scale.unit, "decimals": decimals, "domain": domain, "series": series}


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return with_unit(f"{whole // 60}:{whole % 60:02d}", "min") if whole >= 100 else with_unit(str(whole), "s")


def _by_kind(parts: Mapping[str, Any]) -> str:
    told = ((KINDS.get(name, name), finite(value) or 0.0) for name, value in parts.items())
    return ", ".join(f"{word} {_clock(value)}" for word, value in told if value >= 0.5)


def _watch(watch: Any, entries: Entries) -> list[tuple[str, str, str]]:
    """Tell what the watch says beside Headway's own values: (title, watch, Headway)."""
    from headway.metrics.registry import REGISTRY

    twins = {"vertical_oscillation": "pelvis_vertical_oscillation"}
    rows = []
    for name, value in (watch or {}).items():
        twin = twins.get(name, name)
        if twin not in REGISTRY or finite(value) is None:
            continue
        entry = entries.get(twin) or {}
        shown = show(twin, {"unit": REGISTRY[twin].unit, **entry, "value": entry.get("value", value)})
        own = "not measured" if finite(entry.get("value")) is None else shown.full
        rows.append((REGISTRY[twin].title, shown.also(finite(value)), own))
    return rows


def trend_words(run: Mapping[str, Any], entries: Entries) -> list[str]:
    """Say how each row of the timeline changed over the run, with the interval; empty when the run is too short."""
    from headway.metrics.registry import REGISTRY

    found, words = run.get("trends") or {}, []
    for name in TRENDS:
        told, unit = found.get(name) or {}, REGISTRY[name].unit
        shown = show(name, {"unit": unit, **(entries.get(name) or {})})
        column = _column(run.get("timeline") or {}, name)
        if not told or (name == "speed" and np.nanmax(column) - np.nanmin(column) < 1e-6):
            continue
        parts = []
        if told.get("per_hour"):
            given = " at equal speed" if told.get("per_m_s") else ""
            parts.append(_change(told["per_hour"], shown.scale, f"per hour{given}"))
        if told.get("per_m_s"):
            parts.append(_change(told["per_m_s"], shown.scale, "per 1 m/s of speed"))
        words.append(f"{REGISTRY[name].title}: {'; '.join(parts)}.")
    return words


def _change(told: Mapping[str, Any], scale: Scale, per: str) -> str:
    value, low, high = (float(v) * scale.factor for v in (told["value"], *told["ci95"]))
    decimals = scale.decimals + FINER
    interval = f"({span(low, high, decimals)})"
    if not told.get("changes"):
        told_size = with_unit(number(value, decimals), scale.unit)
        return f"no change {per} that can be told, {told_size} {interval}"
    size = with_unit(number(abs(value), decimals), scale.unit)
    return f"{'rises' if value > 0 else 'falls'} by {size} {per} {interval}"


def stride_paths(waveforms: xr.Dataset, entries: Entries) -> dict[str, Any] | Missing:
    """Lay out the mean path of every worn point over the stride, seen from behind, mm."""
    paths, absent = [], []
    for point, (word, metric) in POINTS.items():
        entry = entries.get(metric) or {}
        curves = {axis: pick(waveforms, "stride_path", body_point=point, axis=axis) for axis in ("right", "up")}
        spread = {axis: pick(waveforms, "stride_path_sd", body_point=point, axis=axis) for axis in ("right", "up")}
        right, up = curves["right"], curves["up"]
        if entry.get("status") == "not_measurable" or right is None or up is None:
            why = str(entry.get("why") or f"no sensor was worn on the {word}")
            absent.append((f"path of the {word}", Missing(why, str(entry.get("record") or "wear a sensor there"))))
            continue
        sd = {axis: [0.0] * SAMPLES if s is None else plain(s * 1e3, 1) for axis, s in spread.items()}
        paths.append({"name": word, "right": plain(right * 1e3, 1), "up": plain(up * 1e3, 1), "sd": sd})
    if not paths:
        return absent[0][1] if absent else Missing("no path was measured", "wear a sensor with a gyroscope")
    sizes = {axis: max(abs(v or 0.0) for path in paths for v in path[axis]) for axis in ("right", "up")}
    said = "; ".join(
        f"{path['name']} {number(_extent(path['right']), 0)} mm from side to side, {number(_extent(path['up']), 0)} mm up and down"
        for path in paths
    )
    extent = [round(sizes[axis] + 6.0, 1) for axis in ("right", "up")]
    return {
        "paths": paths,
        "extent": extent,
        "absent": absent,
        "label": f"Mean path over the stride from behind: {said}.",
    }


def _extent(values: list[float | None]) -> float:
    known = [v for v in values if v is not None]
    return max(known) - min(known)
