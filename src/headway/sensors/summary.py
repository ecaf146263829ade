"""The summary of a sensor recording, in the form of ``summary.json``."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from headway.plain import number, plain, rounded
from headway.sensors.run import Run
from headway.sensors.timeline import set_aside, trends
from headway.version import VERSION

if TYPE_CHECKING:
    from headway.gait.runner import Runner

SCHEMA = 1


def summary(run: Run, runner: Runner | None, metrics: dict[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    """What was recorded, how it was put in order, and what was measured.

    Parameters
    ----------
    run, runner
        As prepared, and what is known of the person.
    metrics
        Entries by name.
    table
        The timeline.
    """
    recording = run.recording
    right = int((run.side > 0).sum())
    known = np.isfinite(run.speed)
    beat = run.beat
    return {
        "schema": SCHEMA,
        "headway": VERSION,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("numpy", "scipy")}},
        "recording": {
            "source": Path(recording.source).name,
            "kind": recording.kind,
            "view": "sensor",
            "duration": rounded(recording.duration),
            "rate": rounded(run.tracks[run.reference].rate),
            "forward": run.tracks[run.reference].facing.how,
            "up": "gravity",
            "speed": rounded(float(run.speed[known].mean())) if known.any() else None,
            "subject": recording.subject,
        },
        "runner": {
            "height": getattr(runner, "height", None),
            "mass": getattr(runner, "mass", None),
            "mass_source": getattr(runner, "mass_source", None),
            "sex": getattr(runner, "sex", None),
        },
        "force": {"status": "none", "method": None},
        "events": {
            "source": f"sensor at the {run.reference}",
            "threshold": None,
            "method": "midstance from the vertical acceleration at step frequency",
        },
        "steps": {"count": len(run.side), "left": len(run.side) - right, "right": right},
        "sensors": [_sensor(run, where) for where in run.tracks],
        "sides": run.sides_known or "unknown",
        "run": {
            "start": rounded(float(beat.time[0])),
            "stop": rounded(float(beat.time[-1])),
            "time_by_kind": {name: rounded(value) for name, value in set_aside(run).items()},
            "stretches": [[rounded(bout.instants[0]), rounded(bout.instants[-1])] for bout in beat.bouts],
            "timeline": {name: [number(v) for v in table[name]] for name in table.columns},
            "trends": plain(trends(table)),
            "watch": _watch(run),
        },
        "quality": [{"code": flag.code, "level": flag.level, "message": flag.message} for flag in run.flags],
        "filters": {"motion_cutoff": None, "force_cutoff": None},
        "processing": [{"name": step.name, "arguments": plain(step.arguments)} for step in recording.log],
        "metrics": metrics,
    }


def _sensor(run: Run, where: str) -> dict[str, Any]:
    track = run.tracks[where]
    told = track.alignment
    clock = None
    if told is not None:
        clock = {
            "how": told.how,
            "offset": rounded(told.offset),
            "uncertainty": rounded(told.uncertainty),
            "drift": rounded(told.drift),
        }
    return {
        "where": where,
        "rate": rounded(track.rate),
        "gyroscope": track.rotates,
        "forward": track.facing.how,
        "forward_contrast": rounded(track.facing.contrast),
        "clipped": track.clipped,
        "clock": clock,
    }


def _watch(run: Run) -> dict[str, Any] | None:
    """What the watch told during the run, medians, beside Headway's own values."""
    watch = run.recording.watch
    if watch is None:
        return None
    inside = (watch.time >= run.strides.start[0]) & (watch.time <= run.strides.stop[-1])
    out: dict[str, Any] = {"source": Path(watch.source).name}
    for name, series in watch.series.items():
        chosen = series[inside & np.isfinite(series)]
        if len(chosen):
            out[name] = rounded(float(np.median(chosen)))
    return out
