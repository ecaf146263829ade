"""Fit one body to a recording, and add what it shows to an analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from msgspec import structs

from headway.errors import HeadwayError, RecordingError
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.options import Options
from headway.recording import Recording
from headway.results import Summary

if TYPE_CHECKING:
    from headway.fit.run import FitListener, FittedBody

CUTOFF = 20.0
"""Low-pass of the markers for the fit, Hz: the laws of mechanics smooth the motion beyond that."""
SAME = 0.02
"""Contacts of the trial and of the fit this near to each other are one, s."""


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


def fit_body(
    recording: Recording | str | Path,
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
        Markers of the whole body and force plates, or a path to them.
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
    if isinstance(recording, str | Path):
        from headway.sources.load import load_recording

        recording = load_recording(recording, options)
    if recording.camera is not None:
        raise RecordingError(recording.source, "a body is fitted to markers, not to a film", "record with markers")
    from headway.fit.run import fit_trial

    trial, _ = prepare(recording, runner or Runner.of(options), replace(options, cutoff=CUTOFF), standing)
    return fit_trial(trial, listener, workers=workers)


def with_body(
    trial: Trial,
    recording: Recording,
    runner: Runner,
    options: Options,
    standing: Recording | None,
    told: Callable[[str], None] | None,
) -> tuple[Trial, BodyFit]:
    """A trial that knows what pushes the head, and the fit that told it; see :func:`fit_body`."""
    listener = None if told is None else lambda report: told(report.words)
    body = fit_body(recording, runner, options, standing=standing, listener=listener)
    push = body.push_off()
    own, other = trial.steps.initial_contact, body.trial.steps.initial_contact
    gained = np.full((len(own), *push.gained.shape[1:]), np.nan)
    for k, start in enumerate(own):
        nearest = int(np.argmin(np.abs(other - start)))
        if abs(other[nearest] - start) < SAME:
            gained[k] = push.gained[nearest]
    return replace(trial, push=replace(push, gained=gained)), BodyFit(body)


def _need_casadi() -> None:
    if find_spec("casadi") is None:
        raise HeadwayError(
            "--body", "CasADi is not installed", "uv run --extra lab headway analyze …, or pip install casadi"
        )
