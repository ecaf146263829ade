"""Measure one recording: every metric of the registry, with intervals or with the reason why not."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import headway
from headway.analysis.analysis import SCHEMA, Analysis
from headway.analysis.film_error import below_floor, film_models
from headway.analysis.method_error import method_error, uses_estimated_force
from headway.analysis.waveforms import waveforms
from headway.camera.points import canonical
from headway.camera.tempo import real_time
from headway.camera.to_recording import to_recording
from headway.camera.trust import trustworthy
from headway.gait.axes import Orientation
from headway.gait.prepare import Options, prepare
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.metrics import REGISTRY, UNSEEN, Excursion, Metric, NotMeasurable, unmet
from headway.plain import number, plain, rounded
from headway.pose.keypoints import KeyPoints
from headway.recording import Flag, FloatArray, Recording
from headway.statistics import Estimate, components, estimate, per_step, prior_of

USABLE_CLOSURE = 0.2
"""RMS of the ladder's closure up to which it is usable, BW."""
TOLD_SHARE = 0.1
"""An interval that rests on other recordings by so much says so."""
C7_ALONE = "C7 alone stands for the neck base: it lies behind it, and its sideways path also holds the thorax' yaw (12 mm read 21 mm in one runner)"


def analyze(
    recording: Recording | KeyPoints,
    runner: Runner | None = None,
    options: Options | None = None,
    *,
    standing: Recording | None = None,
) -> Analysis:
    """Analyse one recording of a runner.

    Parameters
    ----------
    recording
        As read by :func:`headway.load`, or key points of a film by :func:`headway.pose.load.load_keypoints`.
    runner
        Height, mass and sex as far as they are known; the mass is found from force otherwise.
    options
        Axes, treadmill, speed, part of the recording, filter.
    standing
        Standing trial of the same runner with the same markers: makes ``push_through_angle`` measurable.

    Raises
    ------
    RecordingError
        The recording cannot be used: no feet, nobody runs, no whole stance.
    """
    runner, options, films = runner or Runner(), options or Options(), ()
    if isinstance(recording, KeyPoints):
        recording, films = filmed(recording, runner, options)
    trial, orientation = prepare(recording, runner, options, standing)
    side = trial.steps.side
    metrics: dict[str, dict[str, Any]] = {}
    columns: dict[str, FloatArray] = {}
    units = {"step": "1", "side": "", "initial_contact": "s", "toe_off": "s"}
    lacking = unmet(trial)
    for definition in REGISTRY.values():
        try:
            kind, values = _compute(definition, trial, lacking)
            prior = None if trial.camera is not None else prior_of(definition.name, kind, definition.unit)
            found = estimate(kind, components(kind, values, side), side, prior)
            if found is None:
                raise NotMeasurable(_empty(definition, trial), "record more whole steps")
            entry = _entry(definition, found, trial)
            below = below_floor(kind, entry.get("ci95"), trial)
            if below is not None:
                raise NotMeasurable(below, "film more strides, closer, at a higher frame rate and in good light")
        except NotMeasurable as reason:
            metrics[definition.name] = {"status": "not_measurable", "why": reason.why, "record": reason.record}
            continue
        metrics[definition.name] = entry
        single = per_step(kind, values, side)
        if np.isfinite(single).any():
            columns[definition.name] = single
            units[definition.name] = definition.unit
    steps = pd.DataFrame(
        {
            "step": np.arange(1, len(side) + 1),
            "side": trial.steps.names,
            "initial_contact": trial.steps.initial_contact,
            "toe_off": trial.steps.toe_off,
            **columns,
        }
    )
    return Analysis(_summary(trial, orientation, metrics), steps, waveforms(trial), units, films)


def filmed(keypoints: KeyPoints, runner: Runner, options: Options) -> tuple[Recording, tuple[KeyPoints, ...]]:
    """Put the key points of a film into metres; the recording, and the cleaned key points that it was made from."""
    seen = trustworthy(real_time(canonical(keypoints), stated=options.tempo_stated))
    recording = to_recording(
        seen, height=runner.height, view=options.view, treadmill=options.treadmill, speed=options.speed
    )
    return recording, (seen,)


def _compute(definition: Metric, trial: Trial, lacking: dict[str, tuple[str, str]]) -> tuple[str, Any]:
    """How steps become one number, and the values per step; raises :class:`NotMeasurable` with the reason."""
    if (trial.recording.view, definition.plane) in UNSEEN:
        raise NotMeasurable(*UNSEEN[trial.recording.view, definition.plane])
    for need in definition.needs:
        if need in lacking:
            raise NotMeasurable(*lacking[need])
    values = definition.compute(trial)
    if not isinstance(values, Excursion):
        return definition.kind, values
    return ("mean", values.per_step(trial)) if trial.camera is None else ("range", values.locked(trial))


def _empty(definition: Metric, trial: Trial) -> str:
    """Why no number came out although every need is met."""
    if definition.kind in ("asymmetry", "shift_ratio") and len(set(trial.steps.names)) < 2:
        return "only steps of one side were recorded"
    return "no step carries it: a gap in a marker or force that it uses, or an instant that does not occur"


def _entry(definition: Metric, found: Estimate, trial: Trial) -> dict[str, Any]:
    error = method_error(definition, found.value, trial)
    models = [definition.model, *film_models(definition, trial)]
    if trial.neck_base_is_c7 and "neck_base" in definition.needs:
        models.append(C7_ALONE)
    if trial.head_is_off_axis and "head" in definition.needs and definition.plane == "frontal":
        models.append(
            "the middle of two head markers of one end stands for the head centre: its sideways path also holds the head's yaw"
        )
    if uses_estimated_force(definition, trial):
        if _too_unsure(definition, error):
            why = f"the ground force is estimated, and its error here (±{1.96 * (error or 0):.2g} {_unit(definition)}) is larger than the differences"
            return {"status": "not_measurable", "why": why, "record": "record with force plates"}
        known = "" if error is None else f"; standard error of this metric {error:.2g} {_unit(definition)}".rstrip()
        models.append(f"ground force estimated from motion, {trial.force_method}{known}")
    model = "; ".join(text for text in models if text)
    entry: dict[str, Any] = {
        "status": "estimated" if model else "measured",
        "value": rounded(found.value),
        "unit": definition.unit,
    }
    if model:
        entry["model"] = model
    interval = None if found.ci95 is None else _widened(found.value, found.ci95, error or 0.0)
    entry["ci95"] = None if interval is None else [rounded(bound) for bound in interval]
    entry["n"] = found.n
    for name, value in (("left", found.left), ("right", found.right)):
        if value is not None:
            entry[name] = rounded(value)
    if interval is None:
        entry["note"] = "one step: no interval" if found.n == 1 else "too few steps for an interval"
    elif found.known >= TOLD_SHARE:
        entry["note"] = f"{found.known:.0%} of the interval rests on {found.source}"
    return entry


def _unit(definition: Metric) -> str:
    """Unit as words go on."""
    return "" if definition.unit == "1" else definition.unit


def _too_unsure(definition: Metric, error: float | None) -> bool:
    """Whether the method's own interval is as wide as the range in which runners differ."""
    if error is None or definition.expected is None:
        return False
    return 2 * 1.96 * error > definition.expected[1] - definition.expected[0]


def _widened(value: float, interval: tuple[float, float], error: float) -> tuple[float, float]:
    """Interval with the method's standard error added in quadrature."""
    low, high = interval
    return value - float(np.hypot(value - low, 1.96 * error)), value + float(np.hypot(high - value, 1.96 * error))


def _summary(trial: Trial, orientation: Orientation, metrics: dict[str, Any]) -> dict[str, Any]:
    recording, runner, steps = trial.recording, trial.runner, trial.steps
    right = int((steps.side > 0).sum())
    return {
        "schema": SCHEMA,
        "headway": headway.__version__,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy", "ezc3d")},
        },
        "recording": {
            "source": Path(recording.source).name,
            "kind": recording.kind,
            "view": recording.view,
            "duration": rounded(recording.duration),
            "rate": rounded(recording.rate if recording.camera is None else recording.camera.rate),
            "forward": orientation.forward,
            "heading_deg": rounded(float(np.degrees(orientation.heading))),
            "up": orientation.up,
            "treadmill": orientation.treadmill,
            "speed": number(trial.speed),
            "subject": recording.subject,
            **({} if recording.camera is None else {"camera": plain(asdict(recording.camera))}),
        },
        "runner": {
            "height": runner.height,
            "mass": None if runner.mass is None else rounded(runner.mass),
            "mass_source": runner.mass_source,
            "sex": runner.sex,
        },
        "force": {"status": trial.force_status, "method": trial.force_method or None},
        "events": {"source": trial.contacts.source, "threshold": trial.contacts.threshold, "method": steps.method[0]},
        "steps": {"count": len(steps), "left": len(steps) - right, "right": right},
        "quality": [
            {"code": flag.code, "level": flag.level, "message": flag.message}
            for flag in (*recording.flags, *_closure(metrics))
        ],
        "filters": {"motion_cutoff": trial.motion.cutoff, "force_cutoff": None if trial.force is None else 50.0},
        "processing": [{"name": step.name, "arguments": plain(step.arguments)} for step in recording.log],
        "metrics": metrics,
    }


def _closure(metrics: dict[str, Any]) -> tuple[Flag, ...]:
    """Warn when the force ladder does not close on the plates."""
    entry = metrics["ladder_closure"]
    if entry["status"] == "not_measurable" or entry["value"] <= USABLE_CLOSURE:
        return ()
    text = (
        f"the force summed over the segments misses the plates' by {entry['value']:.2f} BW (RMS over stance; {USABLE_CLOSURE:g} is usable): "
        "read the force ladder with care"
    )
    return (Flag("ladder_open", "warning", text),)
