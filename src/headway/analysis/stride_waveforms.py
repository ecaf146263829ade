"""The mean stride of a sensor recording, its transfer function and its timeline, for pictures and further work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from headway.metrics import REGISTRY
from headway.periodic import waveform
from headway.recording import AXES, FloatArray
from headway.sensors.run import Run
from headway.sensors.spectrum import transfer

SAMPLES = 101
"""Instants per stride, 0 to 100 %."""
POINTS = {"head": "head", "sacrum": "pelvis"}
"""Place of a sensor to the name of the body point in files."""


def stride_waveforms(run: Run, table: pd.DataFrame) -> xr.Dataset:
    """Mean and spread over the stride, transfer function, timeline.

    Dims ``body_point, stride, axis``: ``stride_path`` (m, mean-free, 0 % at right midstance), ``stride_acceleration`` (m/s²),
    ``stride_rotation`` (rad, about forward, up, right), each with ``_sd``; ``timeline_*`` (window); ``transfer_*`` (harmonic, axis).
    """
    phase = np.linspace(0, 2 * np.pi, SAMPLES)
    points = {where: name for where, name in POINTS.items() if where in run.tracks}
    data: dict[str, tuple[object, ...]] = {}
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
        unit = REGISTRY[column].unit if column in REGISTRY else {"time": "s", "distance": "m"}.get(column, "1")
        data[f"timeline_{column}"] = ("window", table[column].to_numpy(float), {"units": unit})
    coords = {
        "body_point": list(points.values()),
        "stride": np.linspace(0, 100, SAMPLES),
        "axis": list(AXES),
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
