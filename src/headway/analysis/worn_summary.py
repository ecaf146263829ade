"""The summary of a sensor recording: that of every recording, with the sensors and the run over time."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pandas as pd

from headway.analysis.summary import summary
from headway.analysis.timeline import set_aside, trends
from headway.gait.runner import Runner
from headway.plain import number, rounded
from headway.recording import Flag
from headway.results import (
    ClockFound,
    Entry,
    EventsFound,
    FilterCutoffs,
    ForceFound,
    RecordingFound,
    RunFound,
    SensorFound,
    Summary,
)
from headway.sensors.run import Run
from headway.texts import TEXTS

FEW_STRIDES = 20
LOST = {
    "head": TEXTS("words.lost_head"),
    "sacrum": TEXTS("words.lost_sacrum"),
}
"""What a run does not tell without a sensor at this place."""


def worn_summary(run: Run, runner: Runner, metrics: dict[str, Entry], table: pd.DataFrame) -> Summary:
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
    recording, reference = run.recording, run.tracks[run.reference]
    known = np.isfinite(run.speed)
    made = summary(
        RecordingFound(
            source=Path(recording.source).name,
            kind=recording.kind,
            view="sensor",
            duration=rounded(recording.duration),
            rate=rounded(reference.rate),
            forward=reference.facing.how,
            up="gravity",
            speed=rounded(float(run.speed[known].mean())) if known.any() else None,
            subject=recording.subject,
        ),
        runner,
        ForceFound(status="none", method=None),
        EventsFound(
            source=f"sensor at the {run.reference}",
            threshold=None,
            method="midstance from the vertical acceleration at step frequency",
        ),
        FilterCutoffs(motion_cutoff=None, force_cutoff=None),
        side=run.side,
        flags=(*run.flags, *_remarks(run)),
        log=recording.log,
        metrics=metrics,
        packages=("numpy", "scipy"),
    )
    sensors = [_sensor(run, where) for where in run.tracks]
    return msgspec.structs.replace(made, sensors=sensors, sides=run.sides_known or "unknown", run=_found(run, table))


def _found(run: Run, table: pd.DataFrame) -> RunFound:
    beat = run.beat
    return RunFound(
        start=rounded(float(beat.time[0])),
        stop=rounded(float(beat.time[-1])),
        time_by_kind={name: rounded(value) for name, value in set_aside(run).items()},
        stretches=[(rounded(bout.instants[0]), rounded(bout.instants[-1])) for bout in beat.bouts],
        timeline={name: [number(value) for value in table[name]] for name in table.columns},
        trends=trends(table),
        watch=_watch(run),
    )


def _sensor(run: Run, where: str) -> SensorFound:
    track, clock = run.tracks[where], None
    if track.alignment is not None:
        told = track.alignment
        clock = ClockFound(
            how=told.how,
            offset=rounded(told.offset),
            uncertainty=rounded(told.uncertainty),
            drift=rounded(told.drift),
        )
    return SensorFound(
        where=where,
        rate=rounded(track.rate),
        gyroscope=track.rotates,
        forward=track.facing.how,
        forward_contrast=rounded(track.facing.contrast),
        clipped=track.clipped,
        clock=clock,
    )


def _watch(run: Run) -> dict[str, str | float] | None:
    """What the watch told during the run, medians, beside Headway's own values."""
    watch = run.recording.watch
    if watch is None:
        return None
    inside = (watch.time >= run.strides.start[0]) & (watch.time <= run.strides.stop[-1])
    out: dict[str, str | float] = {"source": Path(watch.source).name}
    for name, series in watch.series.items():
        chosen = series[inside & np.isfinite(series)]
        if len(chosen):
            out[name] = rounded(float(np.median(chosen)))
    return out


def _remarks(run: Run) -> tuple[Flag, ...]:
    """What the reader has to know about the run as a whole."""
    out = []
    if len(run.strides) < FEW_STRIDES:
        out.append(Flag("few_steps", "warning", TEXTS("flags.few_steps", strides=len(run.strides))))
    if not run.sides_known:
        text = TEXTS("flags.sides_unknown")
        out.append(Flag("sides_unknown", "warning", text))
    head = run.tracks.get("head")
    if head is not None and not head.facing.front_known:
        out.append(Flag("front_unknown", "warning", TEXTS("flags.front_unknown")))
    for place, lost in LOST.items():
        if place not in run.tracks:
            out.append(Flag(f"no_{place}", "warning", TEXTS("flags.no_sensor", place=place, lost=lost)))
    share = set_aside(run)
    if share["steady"] < 0.5 * sum(share.values()):
        parts = ", ".join(f"{name.replace('_', ' ')} {value:.0f} s" for name, value in share.items() if value >= 1)
        out.append(Flag("little_steady", "info", TEXTS("flags.little_steady", parts=parts)))
    return tuple(out)
