"""Analyse a recording of body-worn sensors: the same kind of result as from a film or a lab, with the run's timeline."""

from __future__ import annotations

import numpy as np

from headway.analysis.analysis import Analysis
from headway.analysis.measure import measure
from headway.analysis.stride_waveforms import stride_waveforms
from headway.analysis.timeline import timeline
from headway.analysis.worn_summary import worn_summary
from headway.analysis.worn_trial import WornTrial
from headway.gait.runner import Runner
from headway.options import Options
from headway.sensors.prepare import prepare
from headway.sensors.recording import SensorRecording


def measure_sensors(
    recording: SensorRecording, runner: Runner | None = None, options: Options | None = None
) -> Analysis:
    """Analyse a recording of body-worn sensors.

    One row of ``steps`` is a stride, which begins with a step of its side; the sensors do not tell initial contact and toe-off.

    Parameters
    ----------
    recording
        From :func:`headway.sources.load_sensors`.
    runner
        Height, mass and sex as far as they are known; only kept.
    options
        Part of the recording, clocks, sides, speed.

    Raises
    ------
    RecordingError
        Nobody runs, wrong units, too slow a sensor, no overlap, a sensor in the hand.
    """
    run = prepare(recording, options)
    found = measure(WornTrial(run))
    unknown = np.full(len(run.strides), np.nan)
    instants = {"initial_contact": unknown, "toe_off": unknown, "midstance": run.strides.start}
    table, units = found.table(run.side, instants)
    windows = timeline(run, found.carried)
    made = worn_summary(run, runner or Runner(), found.entries, windows)
    return Analysis(made, table, stride_waveforms(run, windows), units)
