"""The summary of a recording: what was recorded, of whom, what was done to it, and every metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from headway.dynamics.ground_force import FORCE_CUTOFF
from headway.gait.axes import Orientation
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.metrics.sanity import contradictions
from headway.plain import number, plain, rounded
from headway.recording import Camera, Flag, FloatArray, Processing
from headway.results import (
    SCHEMA,
    Entry,
    EventsFound,
    FilterCutoffs,
    ForceFound,
    MarkerQuality,
    RecordingFound,
    RunnerFound,
    StepCount,
    Summary,
)
from headway.version import VERSION, versions_of


def summary(
    recording: RecordingFound,
    runner: Runner,
    force: ForceFound,
    events: EventsFound,
    filters: FilterCutoffs,
    *,
    side: FloatArray,
    flags: Sequence[Flag],
    log: Sequence[Processing],
    metrics: dict[str, Entry],
    packages: Sequence[str],
    markers: Sequence[MarkerQuality] = (),
) -> Summary:
    """What all kinds of recordings have.

    Parameters
    ----------
    recording, force, events, filters
        As far as they were found.
    runner
        As stated or weighed.
    side
        +1 right, -1 left of every step.
    flags, log
        What the reader has to know, and what was done.
    metrics
        Entries by name.
    packages
        Libraries whose versions go along.
    markers
        Their quality.
    """
    right = int((side > 0).sum())
    made = Summary(
        schema=SCHEMA,
        headway=VERSION,
        versions=versions_of(packages),
        recording=recording,
        runner=RunnerFound(
            height=runner.height,
            mass=None if runner.mass is None else rounded(runner.mass),
            mass_source=runner.mass_source,
            sex=runner.sex,
        ),
        force=force,
        events=events,
        steps=StepCount(count=len(side), left=len(side) - right, right=right),
        quality=list(flags),
        filters=filters,
        processing=[Processing(step.name, plain(step.arguments)) for step in log],
        metrics=metrics,
        markers=list(markers) or None,
    )
    found = contradictions(made)
    return replace(made, quality=[*flags, *(one.flag for one in found)], contradictions=found or None)


def seen_summary(trial: Trial, orientation: Orientation, metrics: dict[str, Entry]) -> Summary:
    """Summary of a trial of markers or a film."""
    recording, camera = trial.recording, trial.camera
    return summary(
        RecordingFound(
            source=Path(recording.source).name,
            kind=recording.kind,
            view=recording.view,
            duration=rounded(recording.duration),
            rate=rounded(recording.rate if camera is None else camera.rate),
            forward=orientation.forward,
            heading_deg=rounded(float(np.degrees(orientation.heading))),
            up=orientation.up,
            treadmill=orientation.treadmill if camera is None else camera.treadmill,
            speed=number(trial.speed) if _carries_speed(trial) else None,
            subject=recording.subject,
            stand_ins=trial.body.stand_ins,
            camera=None if camera is None else Camera(**plain(asdict(camera))),
        ),
        trial.runner,
        ForceFound(status=trial.force_status, method=trial.force_method or None),
        EventsFound(
            source=trial.contacts.source, threshold=trial.contacts.threshold, method=str(trial.steps.method[0])
        ),
        FilterCutoffs(motion_cutoff=trial.motion.cutoff, force_cutoff=None if trial.force is None else FORCE_CUTOFF),
        side=trial.steps.side,
        flags=recording.flags,
        log=recording.log,
        metrics=metrics,
        packages=("numpy", "scipy", "ezc3d"),
        markers=trial.body.markers,
    )


def _carries_speed(trial: Trial) -> bool:
    """Whether the recording tells the speed: a film by its background, by its heels, or as stated."""
    camera = trial.camera
    return camera is None or camera.carries_speed or (not camera.tempo and bool(np.isfinite(trial.pace)))
