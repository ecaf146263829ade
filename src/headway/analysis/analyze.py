"""Analyse one recording: markers, a film, or sensors."""

from __future__ import annotations

from pathlib import Path

from headway.analysis.analysis import Analysis
from headway.analysis.analyze_sensors import measure_sensors
from headway.analysis.measure import measure
from headway.analysis.seen_trial import SeenTrial
from headway.analysis.summary import seen_summary
from headway.analysis.waveforms import waveforms
from headway.camera.points import canonical
from headway.camera.shots import one_run
from headway.camera.tempo import real_time
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import Recording
from headway.sensors.recording import SensorRecording
from headway.sources import load


def analyze(
    recording: Recording | KeyPoints | SensorRecording | str | Path,
    runner: Runner | None = None,
    options: Options | None = None,
    *,
    standing: Recording | None = None,
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
        recording, films = filmed(recording, runner, options)
    trial, orientation = prepare(recording, runner, options, standing)
    found = measure(SeenTrial(trial))
    steps = trial.steps
    table, units = found.table(steps.side, {"initial_contact": steps.initial_contact, "toe_off": steps.toe_off})
    return Analysis(seen_summary(trial, orientation, found.entries), table, waveforms(trial), units, films)


def filmed(keypoints: KeyPoints, runner: Runner, options: Options) -> tuple[Recording, tuple[KeyPoints, ...]]:
    """Put the key points of a film into metres; the recording, and the cleaned key points that it was made from."""
    run = one_run(canonical(keypoints), options)
    seen = trustworthy(real_time(run, stated=options.slow_motion is not None))
    recording = to_recording(
        seen, height=runner.height, view=options.view, treadmill=options.treadmill, speed=options.speed
    )
    return recording, (seen,)
