"""Measure a sensor recording: the same kind of result as from a film or a lab, with the run's timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from headway.metrics import REGISTRY
from headway.periodic import waveform
from headway.plain import rounded
from headway.recording import Flag, FloatArray
from headway.sensors.definitions import QUANTITIES, NotCarried, Quantity
from headway.sensors.estimates import Found, estimate
from headway.sensors.measure import values
from headway.sensors.prepare import prepare
from headway.sensors.recording import SensorOptions, SensorRecording
from headway.sensors.run import Run
from headway.sensors.spectrum import transfer
from headway.sensors.summary import summary
from headway.sensors.systematic import model, systematic
from headway.sensors.timeline import set_aside, timeline
from headway.statistics import per_step

if TYPE_CHECKING:
    from headway.analysis.analysis import Analysis
    from headway.gait.runner import Runner

FEW_STRIDES = 20
UNSURE = 30.0
"""A left-right difference with a larger standard error is not told, %."""
UNTOLD = {
    "status": "not_measurable",
    "why": "body-worn sensors do not measure it",
    "record": "record with markers, or film",
}
"""What is said of a metric of the registry that no sensor carries."""
SAMPLES = 101
"""Instants per stride, 0 to 100 %."""
POINTS = {"head": "head", "sacrum": "pelvis"}
"""Place of a sensor to the name of the body point in files."""


def measure_sensors(
    recording: SensorRecording, runner: Runner | None = None, options: SensorOptions | None = None
) -> Analysis:
    """Analyse a recording of body-worn sensors.

    Parameters
    ----------
    recording
        From :func:`headway.sensors.load.load_sensors`.
    runner
        Height, mass and sex as far as they are known; only kept.
    options
        Part of the recording, clocks, sides, speed.

    Raises
    ------
    RecordingError
        Nobody runs, wrong units, too slow a sensor, no overlap, a sensor in the hand.
    """
    from headway.analysis.analysis import Analysis

    run = prepare(recording, options)
    run = run.flagged(*_remarks(run))
    carried: dict[str, Any] = {}
    metrics: dict[str, dict[str, Any]] = {}
    columns: dict[str, FloatArray] = {}
    units = {"step": "1", "side": "", "initial_contact": "s", "toe_off": "s", "midstance": "s"}
    for name, quantity in QUANTITIES.items():
        try:
            found = values(run, name)
        except NotCarried as reason:
            metrics[name] = {"status": "not_measurable", "why": reason.why, "record": reason.record}
            continue
        metrics[name] = _entry(run, quantity, found)
        if metrics[name]["status"] == "not_measurable":
            continue
        carried[name] = found
        single = per_step(quantity.kind, found, run.side)
        if np.isfinite(single).any():
            columns[name], units[name] = single, quantity.unit
    metrics = {name: metrics.get(name) or dict(UNTOLD) for name in REGISTRY}
    table = timeline(run, carried)
    return Analysis(summary(run, runner, metrics, table), _steps(run, columns), _waveforms(run, table), units)


def _entry(run: Run, quantity: Quantity, found: Any) -> dict[str, Any]:
    first = estimate(quantity.kind, found, run.side)
    if first is None:
        return {"status": "not_measurable", "why": "no stride carries it: gaps", "record": "record more whole strides"}
    error = systematic(run, quantity.name, first.value)
    if quantity.kind == "asymmetry" and error > UNSURE:
        why = "at midstance the sensor is too near the middle to compare the sides"
        return {"status": "not_measurable", "why": why, "record": "declare which sensor axis points forward"}
    told: Found = estimate(quantity.kind, found, run.side, error) or first
    note = model(run, quantity.name)
    entry: dict[str, Any] = {
        "status": "estimated" if note else "measured",
        "value": rounded(told.value),
        "unit": quantity.unit,
    }
    if note:
        entry["model"] = note
    entry["ci95"] = [rounded(told.low), rounded(told.high)] if np.isfinite(told.low) else None
    entry["n"] = told.n
    for name, value in (("left", told.left), ("right", told.right)):
        if np.isfinite(value) and run.sides_known:
            entry[name] = rounded(value)
    if entry["ci95"] is None:
        entry["note"] = "too few strides for an interval"
    return entry


def _remarks(run: Run) -> tuple[Flag, ...]:
    """What the reader has to know about the run as a whole."""
    out = []
    if len(run.strides) < FEW_STRIDES:
        out.append(Flag("few_steps", "warning", f"{len(run.strides)} strides: intervals are wide or missing"))
    if not run.sides_known:
        out.append(
            Flag(
                "sides_unknown",
                "warning",
                "left and right could not be told apart: the names of the sides may be exchanged",
            )
        )
    for place in ("head", "sacrum"):
        if place not in run.tracks:
            lost = (
                "what the head does is not told"
                if place == "head"
                else "how much of the push reaches the head is not told"
            )
            out.append(Flag(f"no_{place}", "warning", f"no sensor on the {place}: {lost}"))
    share = set_aside(run)
    total = sum(share.values())
    if share["steady"] < 0.5 * total:
        parts = ", ".join(f"{name.replace('_', ' ')} {value:.0f} s" for name, value in share.items() if value >= 1)
        out.append(Flag("little_steady", "info", f"less than half of the recording is steady running: {parts}"))
    return tuple(out)


def _steps(run: Run, columns: dict[str, FloatArray]) -> pd.DataFrame:
    """One row per stride, which begins with a step of its side; the sensors do not tell initial contact and toe-off."""
    unknown = np.full(len(run.strides), np.nan)
    return pd.DataFrame(
        {
            "step": np.arange(1, len(run.strides) + 1),
            "side": np.where(run.side > 0, "right", "left"),
            "initial_contact": unknown,
            "toe_off": unknown,
            "midstance": run.strides.start,
            **columns,
        }
    )


def _waveforms(run: Run, table: pd.DataFrame) -> xr.Dataset:
    """Mean and spread over the stride, transfer function, timeline.

    Dims ``body_point, stride, axis``: ``stride_path`` (m, mean-free, 0 % at right midstance), ``stride_acceleration`` (m/s²),
    ``stride_rotation`` (rad, about forward, up, right), each with ``_sd``; ``timeline_*`` (window); ``transfer_*`` (harmonic, axis).
    """
    phase = np.linspace(0, 2 * np.pi, SAMPLES)
    points = {where: name for where, name in POINTS.items() if where in run.tracks}
    data: dict[str, Any] = {}
    for name, unit, pick in (
        ("stride_path", "m", lambda track: track.path(run.strides)),
        ("stride_acceleration", "m/s²", lambda track: track.harmonics[..., :3]),
        ("stride_rotation", "rad", lambda track: track.harmonics[..., 3:]),
    ):
        curves = [_curves(pick(run.tracks[where]), phase) for where in points]
        for suffix, part in (("", 0), ("_sd", 1)):
            stacked = np.stack([curve[part] for curve in curves])
            data[f"{name}{suffix}"] = (("body_point", "stride", "axis"), stacked, {"units": unit})
    for column in table.columns:
        unit = QUANTITIES[column].unit if column in QUANTITIES else {"time": "s", "distance": "m"}.get(column, "1")
        data[f"timeline_{column}"] = ("window", table[column].to_numpy(float), {"units": unit})
    coords = {
        "body_point": list(points.values()),
        "stride": np.linspace(0, 100, SAMPLES),
        "axis": ["forward", "up", "right"],
    }
    out = xr.Dataset(data, coords=coords)
    return out.merge(transfer(run)) if len(points) == 2 else out


def _curves(harmonics: np.ndarray, phase: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and SD over strides, at most 400 of them evenly taken, shape (SAMPLES, 3) each."""
    chosen = harmonics[:: max(len(harmonics) // 400, 1)]
    there = np.isfinite(chosen[:, 0]).any(1)
    curves = waveform(chosen[there], phase, axis=1)
    if not len(curves):
        return np.full((len(phase), 3), np.nan), np.full((len(phase), 3), np.nan)
    return curves.mean(0), curves.std(0)
