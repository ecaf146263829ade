"""Pictures of a run that sensors recorded: the run over time or distance, and the mean path of head and sacrum over the stride."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from headway.metrics.registry import REGISTRY, Metric
from headway.report.curves import FloatArray, Missing, pick, plain
from headway.report.numbers import Scale, number, scale_of, show, title_of, told_interval, with_unit, written
from headway.results import Change, Entries, Interval, NotMeasurable, RunFound, Summary, Value
from headway.texts import TEXTS

LANES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("cadence", (("cadence", "run"),)),
    ("speed", (("speed", "run"),)),
    ("up", (("head_vertical_oscillation", "head"), ("pelvis_vertical_oscillation", "sacrum"))),
    ("sideways", (("lateral_bounce_amplitude", "head"), ("pelvis_lateral_bounce_amplitude", "sacrum"))),
    ("gain", (("head_pelvis_vertical_gain", "run"),)),
)
"""Rows of the timeline: key of the title, and the metrics with the style of their lines."""
POINTS = {"head": ("head", "lateral_bounce_amplitude"), "pelvis": ("sacrum", "pelvis_lateral_bounce_amplitude")}
"""Body point in the files to the place of its sensor, and the metric that says why its path is missing."""
TRENDS = tuple(name for _, lines in LANES for name, _ in lines)
SAMPLES = 101
"""Instants of a mean stride, 0 to 100 %."""
FINER = 1
"""Digits of the timeline beyond those of the table."""


@dataclass(frozen=True)
class RunAxis:
    """What the run is drawn over: time or distance; ``x`` of every window, and the stretches of steady running."""

    key: str
    unit: str
    x: list[float | None]
    end: float
    steady: list[tuple[float, float]]


@dataclass(frozen=True)
class LaneLine:
    """One line of a row, with one value per window; ``style`` is a class of the style sheet."""

    name: str
    style: str
    values: list[float | None]


@dataclass(frozen=True)
class RunLane:
    """One row of the timeline, in shown units."""

    title: str
    unit: str
    decimals: int
    domain: tuple[float, float]
    series: list[LaneLine]


@dataclass(frozen=True)
class RunTimeline:
    """The run over time, and over distance where the speed is known."""

    axes: list[RunAxis]
    lanes: list[RunLane]
    label: str


@dataclass(frozen=True)
class StridePath:
    """Mean path of one worn point over the stride from behind, with its spread, mm."""

    name: str
    right: list[float | None]
    up: list[float | None]
    sd: dict[str, list[float | None]]


@dataclass(frozen=True)
class StridePaths:
    """The paths in one scale: half width and half height, mm."""

    paths: list[StridePath]
    extent: list[float]
    label: str


@dataclass(frozen=True)
class RunData:
    """What the page draws of a run; ``None`` where it cannot."""

    run: RunTimeline | None
    paths: StridePaths | None


@dataclass(frozen=True)
class RunPictures:
    """What the template needs for the pictures of a run.

    Attributes
    ----------
    timeline, paths
        What is drawn, or why not.
    absent
        Points without a path, each with the reason.
    by_kind, trends, watch
        Words.
    sides
        Whether left and right are known.
    """

    timeline: RunTimeline | Missing
    paths: StridePaths | Missing
    absent: list[tuple[str, Missing]]
    by_kind: str
    trends: list[str]
    watch: list[tuple[str, str, str]]
    sides: bool

    @property
    def drawn(self) -> RunData:
        """What the page draws."""
        return RunData(
            None if isinstance(self.timeline, Missing) else self.timeline,
            None if isinstance(self.paths, Missing) else self.paths,
        )


def registry(known: Mapping[str, Metric]) -> dict[str, Metric]:
    """Give the metrics that sensors carry the definition by which a sensor measures them."""
    return {
        name: replace(one, definition=one.sensors.definition) if one.sensors and one.sensors.definition else one
        for name, one in known.items()
    }


def pictures(run: RunFound, summary: Summary, waveforms: xr.Dataset) -> RunPictures:
    """Lay out the pictures of a run."""
    paths, absent = stride_paths(waveforms, summary.metrics)
    return RunPictures(
        timeline=run_timeline(run),
        paths=paths,
        absent=absent,
        by_kind=_by_kind(run.time_by_kind),
        trends=trend_words(run, summary.metrics),
        watch=_watch(run.watch or {}, summary.metrics),
        sides=summary.sides not in (None, "unknown"),
    )


def _column(run: RunFound, name: str) -> FloatArray:
    return np.array([np.nan if v is None else v for v in run.timeline.get(name, ())], dtype=np.float64)


def run_timeline(run: RunFound) -> RunTimeline | Missing:
    """Lay out the run: rows of windows over time, and over distance where the speed is known."""
    time = _column(run, "time")
    lanes = [lane for row, lines in LANES if (lane := _lane(run, TEXTS(f"worn.row_{row}"), lines)) is not None]
    if len(time) < 2 or not lanes:
        return Missing(TEXTS("absent.short_run"), TEXTS("remedy.long_run"))
    steady = [(round((a - run.start) / 60.0, 3), round((b - run.start) / 60.0, 3)) for a, b in run.stretches]
    end = round((run.stop - run.start) / 60.0, 4)
    axes = [RunAxis("time", "min", plain((time - run.start) / 60.0, 4), end, steady)]
    way = _column(run, "distance")
    known = np.isfinite(way) if len(way) == len(time) else np.zeros(len(time), bool)
    if known.sum() > 1 and np.ptp(way[known]) > 0:
        axes.append(_distance(time, time[known], way[known], (run.start, run.stop), run.stretches))
    shown = ", ".join(lane.title.lower() for lane in lanes)
    return RunTimeline(axes, lanes, TEXTS("worn.run_label", rows=shown))


def _distance(
    time: FloatArray,
    known: FloatArray,
    way: FloatArray,
    ends: Interval,
    stretches: list[Interval],
) -> RunAxis:
    """Lay out the run over distance; beyond the first and last known place at the pace beside them."""
    first, last = (
        float(np.polyval(np.polyfit(known[k], way[k], 1), end))
        for k, end in zip((slice(2), slice(-2, None)), ends, strict=True)
    )
    instants = np.concatenate([ends[:1], known, ends[1:]])
    places = np.maximum.accumulate(np.concatenate([[max(first, 0.0)], way, [last]])) / 1e3

    def at(instant: FloatArray | float) -> FloatArray:
        return np.asarray(np.interp(instant, instants, places), dtype=np.float64)

    steady = [(round(float(at(a)), 4), round(float(at(b)), 4)) for a, b in stretches]
    return RunAxis("distance", "km", plain(at(time), 4), round(float(at(ends[1])), 4), steady)


def _lane(run: RunFound, title: str, lines: tuple[tuple[str, str], ...]) -> RunLane | None:
    """Return one row of the timeline in shown units, ``None`` when nothing of it was measured or it never changes."""
    columns = {name: (style, _column(run, name)) for name, style in lines}
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
        LaneLine("" if style == "run" else TEXTS(f"place.{style}"), style, plain(column * scale.factor, decimals))
        for style, column in columns.values()
    ]
    return RunLane(title, scale.unit, decimals, (round(low - margin, 4), round(high + margin, 4)), series)


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return with_unit(f"{whole // 60}:{whole % 60:02d}", "min") if whole >= 100 else with_unit(str(whole), "s")


def _by_kind(parts: Mapping[str, float]) -> str:
    return ", ".join(f"{TEXTS(f'worn.kind_{name}')} {_clock(value)}" for name, value in parts.items() if value >= 0.5)


def _watch(watch: Mapping[str, str | float], entries: Entries) -> list[tuple[str, str, str]]:
    """Tell what the watch says beside Headway's own values: (title, watch, Headway)."""
    twins = {"vertical_oscillation": "pelvis_vertical_oscillation"}
    rows = []
    for name, value in watch.items():
        twin = twins.get(name, name)
        if twin not in REGISTRY or isinstance(value, str):
            continue
        entry, one = entries.get(twin), REGISTRY[twin]
        measured = isinstance(entry, Value)
        shown = show(twin, entry) if measured else written(twin, one.unit, value)
        rows.append((title_of(twin), shown.also(value), shown.full if measured else TEXTS("worn.not_measured")))
    return rows


def trend_words(run: RunFound, entries: Entries) -> list[str]:
    """Say how each row of the timeline changed over the run, with the interval; empty when the run is too short."""
    words = []
    for name in TRENDS:
        told, column = run.trends.get(name), _column(run, name)
        if told is None or (name == "speed" and np.nanmax(column) - np.nanmin(column) < 1e-6):
            continue
        scale, parts = show(name, entries.get(name), REGISTRY[name].unit).scale, []
        if told.per_hour is not None:
            per = TEXTS("worn.per_hour_equal" if told.per_m_s is not None else "worn.per_hour")
            parts.append(_change(told.per_hour, scale, per))
        if told.per_m_s is not None:
            parts.append(_change(told.per_m_s, scale, TEXTS("worn.per_speed")))
        words.append(f"{title_of(name)}: {'; '.join(parts)}.")
    return words


def _change(told: Change, scale: Scale, per: str) -> str:
    value, low, high = (v * scale.factor for v in (told.value, *told.ci95))
    decimals = scale.decimals + FINER
    interval = f"({told_interval(low, high, decimals)})"
    if not told.changes:
        told_size = with_unit(number(value, decimals), scale.unit)
        return TEXTS("worn.same", per=per, size=told_size, interval=interval)
    size = with_unit(number(abs(value), decimals), scale.unit)
    return TEXTS("worn.rises" if value > 0 else "worn.falls", per=per, size=size, interval=interval)


def stride_paths(waveforms: xr.Dataset, entries: Entries) -> tuple[StridePaths | Missing, list[tuple[str, Missing]]]:
    """Lay out the mean path of every worn point over the stride, seen from behind, mm; with it the points without one."""
    paths, absent = [], []
    for point, (place, metric) in POINTS.items():
        word = TEXTS(f"place.{place}")
        entry = entries.get(metric)
        right, up = (pick(waveforms, "stride_path", body_point=point, axis=axis) for axis in ("right", "up"))
        if isinstance(entry, NotMeasurable) or right is None or up is None:
            why = Missing(TEXTS("absent.worn", place=word), TEXTS("remedy.wear"))
            if isinstance(entry, NotMeasurable):
                why = Missing(entry.why or why.why, entry.record or why.record)
            absent.append((TEXTS("worn.path_of", place=word), why))
            continue
        sd = {}
        for axis in ("right", "up"):
            spread = pick(waveforms, "stride_path_sd", body_point=point, axis=axis)
            sd[axis] = [0.0] * SAMPLES if spread is None else plain(spread * 1e3, 1)
        paths.append(StridePath(word, plain(right * 1e3, 1), plain(up * 1e3, 1), sd))
    if not paths:
        return absent[0][1], absent
    ways = ([path.right for path in paths], [path.up for path in paths])
    extent = [round(max(abs(v or 0.0) for way in axis for v in way) + 6.0, 1) for axis in ways]
    said = "; ".join(TEXTS("worn.spoken", place=path.name, across=_mm(path.right), up=_mm(path.up)) for path in paths)
    return StridePaths(paths, extent, TEXTS("worn.spoken_all", parts=said)), absent


def _mm(values: list[float | None]) -> str:
    """From the least to the greatest."""
    known = [v for v in values if v is not None]
    return with_unit(number(max(known) - min(known), 0), "mm")
