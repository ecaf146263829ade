"""Fit one body to a recording, and add what it shows to an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr
from msgspec import structs

from headway.camera.filmed import filmed
from headway.errors import HeadwayError, RecordingError
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.options import Options
from headway.pose.keypoints import KeyPoints
from headway.recording import Recording
from headway.results import Summary
from headway.sensors.merge import merged
from headway.sensors.recording import SensorRecording

if TYPE_CHECKING:
    from headway.fit.run import FitListener, FittedBody

CUTOFF = 20.0
"""Low-pass of the markers for the fit, Hz: the laws of mechanics smooth the motion beyond that."""


@dataclass(frozen=True)
class BodyFit:
    """A fitted body, for an analysis."""

    body: FittedBody

    def added(self, summary: Summary, curves: xr.Dataset) -> tuple[Summary, xr.Dataset]:
        """A summary and curves with what the fit shows."""
        quality = [*summary.quality, *self.body.flags()]
        told = structs.replace(summary, body=self.body.found, quality=quality)
        if not self.body.stretches:
            return told, curves
        from headway.fit.curves import body_curves

        return told, curves.merge(body_curves(self.body), compat="override").assign_attrs(curves.attrs)


Given = Recording | KeyPoints | SensorRecording | str | Path


def fit_body(
    recording: Given | Sequence[Given],
    runner: Runner | None = None,
    options: Options | None = None,
    *,
    standing: Recording | None = None,
    listener: FitListener | None = None,
    workers: int | None = None,
) -> FittedBody:
    """Fit one body to the strides of a recording: joint moments, and what pushes the head.

    Parameters
    ----------
    recording
        Markers of the whole body, with force plates or without; the key points of a film from the side, or of that and one from behind or in
        front; beside any of these what sensors on head and sacrum recorded on the same run; or paths to them.
    runner, options, standing
        As :func:`headway.analyze` takes them; the markers are low-passed at 20 Hz whatever the options say.
    listener
        Told of the progress; a ``KeyboardInterrupt`` that it raises ends the fit.
    workers
        Processes; those of the machine otherwise.

    Raises
    ------
    HeadwayError
        CasADi is not installed.
    RecordingError
        The recording cannot carry a fit, in one line.
    """
    options = options or Options()
    _need_casadi()
    runner = runner or Runner.of(options)
    several = not isinstance(recording, Recording | KeyPoints | SensorRecording | str | Path)
    loaded = [_loaded(one, options) for one in (recording if several else [recording])]
    worn = [one for one in loaded if isinstance(one, SensorRecording)]
    every = [_oriented(one, runner, options) for one in loaded if not isinstance(one, SensorRecording)]
    if not every:
        what = "sensors on head and sacrum do not tell where the legs are: no body can be fitted to them alone"
        raise RecordingError(worn[0].source, what, "give a film from the side or markers of the same run as well")
    from headway.fit.felt import felt_strides
    from headway.fit.run import fit_films, fit_trial

    felt = felt_strides(merged(worn, [one.source for one in worn], "sacrum"), options) if worn else None
    asked = replace(options, cutoff=CUTOFF)
    if len(every) == 1 and every[0].camera is None:
        return fit_trial(prepare(every[0], runner, asked, standing)[0], listener, workers=workers, felt=felt)
    return fit_films([prepare(one, runner, asked)[0] for one in every], listener, felt)


def _loaded(one: Given, options: Options) -> Recording | KeyPoints | SensorRecording:
    """A recording, read if it is a path."""
    if not isinstance(one, str | Path):
        return one
    from headway.sources.load import load

    return load(one, options)


def _oriented(one: Recording | KeyPoints, runner: Runner, options: Options) -> Recording:
    """A recording as it is analysed: in metres."""
    if isinstance(one, KeyPoints):
        return filmed(one, runner.height, options)[0]
    return one


def with_body(trial: Trial, body: FittedBody) -> tuple[Trial, BodyFit]:
    """A trial that knows what pushes the head, and the fit that told it."""
    return replace(trial, push=body.push_off(trial)), BodyFit(body)


def _need_casadi() -> None:
    if find_spec("casadi") is None:
        raise HeadwayError(
            "--body", "CasADi is not installed", "uv run --extra lab headway analyze …, or pip install casadi"
        )
