"""The first sight of every object: what it is, of whom, and its main numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headway.displayed import Glance
from headway.report.numbers import show
from headway.results import Estimated, NotMeasurable, Value

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.comparison.comparison import Comparison
    from headway.comparison.result import ComparedRow
    from headway.experiments.experiment import Experiment
    from headway.pose.keypoints import KeyPoints
    from headway.recording import Flag, Recording
    from headway.sensors.recording import SensorRecording
    from headway.study.data import Study

MAIN = (
    "speed",
    "cadence",
    "contact_time",
    "peak_vertical_grf",
    "head_vertical_gain",
    "neck_base_vertical_gain",
    "head_lag_vertical",
    "lateral_bounce_amplitude",
    "neck_base_lateral_bounce_amplitude",
    "step_width",
)
"""Metrics that are shown first, where they were measured."""


def of_recording(one: Recording) -> Glance:
    """Of markers or a film as read."""
    points, force = one.points, one.ground_force
    rows = [
        (
            "points",
            str(points.sizes["point"]),
            ", ".join(one.names()[:4]) + (" …" if points.sizes["point"] > 4 else ""),
        ),
        ("time", f"{one.duration:.2f} s", f"{points.sizes['time']} frames at {one.rate:.6g} Hz"),
        ("axes", "", ", ".join(str(axis) for axis in points["axis"].to_numpy())),
        ("ground force", "none" if force is None else f"{force.sizes['plate']} plates", ""),
        ("events", str(len(one.events)), ""),
        *_flags(one.flags),
    ]
    return Glance(f"headway.Recording {one.source} ({one.kind}, {one.view})", rows)


def of_keypoints(one: KeyPoints) -> Glance:
    """Of the key points of a film."""
    rows = [
        ("points", str(len(one.names)), ", ".join(one.names[:4]) + (" …" if len(one.names) > 4 else "")),
        ("time", f"{one.duration:.2f} s", f"{len(one.time)} pictures at {one.rate:.4g} per second"),
        ("picture", f"{one.size[0]} × {one.size[1]} px", ""),
        ("shots", str(max(len(one.shots), 1)), ""),
        *_flags(one.flags),
    ]
    return Glance(f"headway.KeyPoints {one.source} ({one.kind})", rows)


def of_sensors(one: SensorRecording) -> Glance:
    """Of body-worn sensors."""
    rows = [
        (sensor.where, f"{len(sensor.time)} samples", f"{sensor.time[-1] - sensor.time[0]:.1f} s")
        for sensor in one.sensors
    ]
    return Glance(f"headway.SensorRecording {one.source}", [*rows, *_flags(one.flags)])


def of_analysis(one: Analysis) -> Glance:
    """Of what was measured in one recording."""
    summary = one.summary
    steps = summary.steps
    title = (
        f"headway.Analysis {summary.recording.source} ({summary.recording.view}): {steps.count} steps "
        f"({steps.left} left, {steps.right} right), force {summary.force.status}"
    )
    rows: list[tuple[str, str, str]] = []
    for name in MAIN:
        entry = summary.metrics.get(name)
        if isinstance(entry, Value):
            told = show(name, entry)
            rows.append(
                (name, told.full, f"{told.interval} {'estimated' if isinstance(entry, Estimated) else ''}".strip())
            )
    entries = summary.metrics.values()
    absent = sum(isinstance(entry, NotMeasurable) for entry in entries)
    footer = f"{len(entries) - absent} of {len(entries)} metrics have a value: .to_frame(), .steps, .curves, .waveforms, .plot(name)"
    return Glance(title, rows, footer)


def of_comparison(one: Comparison) -> Glance:
    """Of two recordings side by side."""
    summary = one.summary
    ordered = sorted(summary.rows, key=lambda row: (row.name not in summary.key, row.verdict != "differs"))
    rows = [(row.name, "" if row.difference is None else show_change(row), row.verdict) for row in ordered]
    footer = f"{len(rows)} measures are carried by both: .to_frame()"
    return Glance(f"headway.Comparison of A, {summary.a.label}, with B, {summary.b.label}", rows, footer)


def show_change(row: ComparedRow) -> str:
    """B minus A in the unit of the files."""
    return f"{row.difference:+.3g} {'' if row.unit == '1' else row.unit}".strip()


def of_experiment(one: Experiment) -> Glance:
    """Of a change that was tried."""
    summary = one.summary
    told = [summary.primary, *summary.secondary]
    rows = [
        (row.name, "", "not measured") if row.effect is None else (row.name, f"{row.effect.change:+.3g} {row.unit}", "")
        for row in told
    ]
    title = f"headway.Experiment {summary.title}, {len(summary.blocks)} blocks: {one.verdict}"
    return Glance(title, rows, "one analysis per block: .analyses; one row per step: .steps; .to_frame()")


def of_study(one: Study) -> Glance:
    """Of many recordings."""
    rows = [
        ("recordings", str(len(one.recordings)), ""),
        ("failures", str(len(one.failures)), ""),
        ("metrics", str(len(one.measured())), "carried by at least two recordings"),
    ]
    return Glance(f"headway.Study {one.folder}", rows, "tables: .recordings, .metrics, .failures, .steps([...])")


def _flags(flags: Sequence[Flag]) -> list[tuple[str, str, str]]:
    return [(flag.level, "", flag.message) for flag in flags if flag.level != "info"]
