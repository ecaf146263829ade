"""Analyse one recording: markers, a film, or sensors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import structs

from headway.analysis.analysis import Analysis
from headway.analysis.analyze_sensors import measure_sensors
from headway.analysis.continuous import continuous
from headway.analysis.crosstalk import crosstalk
from headway.analysis.measure import measure
from headway.analysis.pooled import PooledTrials, pooled_summary
from headway.analysis.seen_trial import SeenTrial
from headway.analysis.summary import seen_summary
from headway.analysis.waveforms import waveforms
from headway.camera.filmed import filmed
from headway.gait.prepare import prepare_passes
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, Recording
from headway.sensors.recording import SensorRecording
from headway.sources import load

if TYPE_CHECKING:
    from headway.fit.run import FittedBody


def analyze(
    recording: Recording | KeyPoints | SensorRecording | str | Path,
    runner: Runner | None = None,
    options: Options | None = None,
    *,
    standing: Recording | None = None,
    fitting: Callable[[str], None] | None = None,
    body: FittedBody | None = None,
) -> Analysis:
    """Analyse one recording of a runner.

    Parameters
    ----------
    recording
        As read by :func:`headway.load`: markers, the key points of a film, or sensors; or a path to any of them.
    runner
        Height, mass and sex as far as they are known; by default those of ``options``. The mass is found from force otherwise.
    options
        Axes, treadmill, speed, part of the recording, filter.
    standing
        Standing trial of the same runner with the same markers: makes ``push_through_angle`` measurable.
    fitting
        Told in words how far the fit of a body is, where ``options.body`` asks for one.
    body
        Fitted already, to this and another film; with ``options.body``.

    Raises
    ------
    RecordingError
        The recording cannot be used: no feet, nobody runs, no whole stance.
    """
    options, films = options or Options(), ()
    runner = runner or Runner.of(options)
    if isinstance(recording, str | Path):
        recording = load(recording, options)
    if isinstance(recording, SensorRecording):
        return measure_sensors(recording, runner, options)
    if isinstance(recording, KeyPoints):
        recording, films = filmed(recording, runner.height, options)
    passes = prepare_passes(recording, runner, options, standing)
    read = recording if options.body else None
    del recording  # a long one is large, and the trials hold it as they need it
    trials = [trial for trial, _ in passes]
    trial, orientation = max(passes, key=lambda one: len(one[0].steps))
    fitted = None
    if read is not None:
        from headway.fit.fit_body import fit_body, with_body

        if body is None:
            told_of = None if fitting is None else lambda report: fitting(report.words)
            body = fit_body(read, runner, options, standing=standing, listener=told_of)
        plain = trial
        trial, fitted = with_body(trial, body)
        trials = [trial if one is plain else one for one in trials]
    seen = SeenTrial(trial) if len(trials) == 1 else PooledTrials(trials)
    found = measure(seen)
    instants = {
        name: np.concatenate([getattr(one.steps, name) for one in trials]) for name in ("initial_contact", "toe_off")
    }
    table, units = found.table(seen.side, instants)
    told = seen_summary(trial, orientation, found.entries)
    told = told if len(trials) == 1 else pooled_summary(told, trials)
    told = structs.replace(told, quality=[*told.quality, *_legs_by_clusters(trial), *crosstalk(trials)])
    curves = waveforms(trials)
    if fitted is not None:
        told, curves = fitted.added(told, curves)
    return Analysis(told, table, curves, units, films, continuous(trials))


def _legs_by_clusters(trial: Trial) -> list[Flag]:
    return [flag for flag in trial.jointed.flags if flag not in trial.body.flags]
