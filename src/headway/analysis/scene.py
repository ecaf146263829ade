"""The body in motion: the mean stride, or the recorded stance where there is no whole stride."""

from __future__ import annotations

import numpy as np
import xarray as xr

from headway.dynamics.ground_force import read
from headway.gait.trial import Trial
from headway.recording import FloatArray
from headway.signals import seen_mean
from headway.texts import TEXTS

FRAMES = 100
"""Instants of the mean stride."""
SINGLE = ("head_centre", "vertex", "neck_base", "c7", "suprasternal", "mid_shoulder", "mid_hip", "pelvis_centre", "com")
SIDED = (
    "shoulder",
    "acromion",
    "elbow",
    "wrist",
    "hand",
    "hip",
    "knee",
    "ankle",
    "heel",
    "toe",
    "mt1",
    "mt5",
    "asis",
    "psis",
)


def scene(trial: Trial) -> xr.Dataset:
    """Points, forces and contacts of one stride in a frame that travels with the runner.

    Returns
    -------
    ``figure`` (frame, figure_point, axis; m), ``figure_time`` (frame; s), ``figure_contact`` (frame, side), ``figure_force`` and ``figure_cop``
    (frame, side, axis; N, m), ``figure_ladder`` (frame, level, axis; N). The mean over strides that begin with a right contact (left, where there
    is none), resampled to 100 instants; otherwise the frames from the first contact to the last toe-off. Attribute ``figure_kind`` says which.
    """
    names = [
        name
        for name in (*SINGLE, *(f"{part}_{side}" for part in SIDED for side in ("left", "right")))
        if trial.motion.has(name)
    ]
    starts = _strides(trial)
    if starts:
        times = np.stack(
            [
                np.linspace(trial.steps.initial_contact[k], trial.steps.next_same[k], FRAMES, endpoint=False)
                for k in starts
            ]
        )
        kind = TEXTS("words.mean_stride" if len(starts) > 1 else "words.one_stride", n=len(starts))
    else:
        times = _recorded(trial)
        kind = TEXTS("words.recorded_stance" if len(trial.steps) == 1 else "words.recorded_steps")
    return _assemble(trial, names, times, kind)


def _strides(trial: Trial) -> list[int]:
    for sign in (1.0, -1.0):
        own = [
            k for k in range(len(trial.steps)) if trial.steps.side[k] == sign and np.isfinite(trial.steps.next_same[k])
        ]
        if own:
            return own
    return []


def _recorded(trial: Trial) -> FloatArray:
    margin = 0.04
    start = max(trial.steps.initial_contact[0] - margin, trial.motion.time[0])
    run = next(
        (k for k in range(len(trial.steps)) if not np.isfinite(trial.steps.next_contact[k])), len(trial.steps) - 1
    )
    stop = min(trial.steps.toe_off[run] + margin, trial.motion.time[-1])
    return np.linspace(start, stop, FRAMES)[None]


def _assemble(trial: Trial, names: list[str], times: FloatArray, kind: str) -> xr.Dataset:
    flat = times.ravel()
    travel = np.zeros(times.shape) if trial.treadmill else trial.speed * (times - times[:, :1])
    anchor = "pelvis_centre" if trial.motion.has("pelvis_centre") else names[0]
    centre = trial.at(trial.motion.position(anchor), flat).reshape(*times.shape, 3)
    origin = np.zeros((*times.shape, 3))
    origin[..., 0] = travel + (centre[..., 0] - travel).mean(axis=1, keepdims=True)
    origin[..., 1] = trial.ground_height
    origin[..., 2] = centre[..., 2].mean(axis=1, keepdims=True)
    # One point after the other: those of a long film together would fill the memory.
    figure = [
        seen_mean(trial.at(trial.motion.position(name), flat).reshape(*times.shape, 3) - origin) for name in names
    ]
    contact, force, pressure = _loads(trial, flat)
    shifted = pressure.reshape(*times.shape, 2, 3) - origin[:, :, None]
    ladder = trial.at(trial.ladder, flat).reshape(*times.shape, *trial.ladder.shape[1:])
    data = {
        "figure": (("frame", "figure_point", "axis"), np.stack(figure, axis=1), {"units": "m"}),
        "figure_time": ("frame", (times - times[:, :1]).mean(0), {"units": "s"}),
        "figure_contact": (("frame", "side"), contact.reshape(*times.shape, 2).mean(0) >= 0.5),
        "figure_force": (("frame", "side", "axis"), seen_mean(force.reshape(*times.shape, 2, 3)), {"units": "N"}),
        "figure_cop": (("frame", "side", "axis"), seen_mean(shifted), {"units": "m"}),
        "figure_ladder": (("frame", "level", "axis"), seen_mean(ladder), {"units": "N"}),
    }
    attributes = {"figure_kind": kind, "mass": trial.mass if np.isfinite(trial.mass) else 0.0}
    return xr.Dataset(data, coords={"figure_point": names}, attrs=attributes)


def _loads(trial: Trial, at: FloatArray) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Contact, ground force and centre of pressure of the left and the right foot at instants, shape (len(at), 2[, 3])."""
    contact = np.zeros((len(at), 2), bool)
    for side, start, stop in zip(trial.steps.side, trial.steps.initial_contact, trial.steps.toe_off, strict=True):
        contact[:, int(side > 0)] |= (at >= start) & (at <= stop)
    force, pressure = np.full((len(at), 2, 3), np.nan), np.full((len(at), 2, 3), np.nan)
    if trial.force is not None:
        total = read(trial.force.time, trial.force.total, at)
        centre = read(trial.force.time, trial.force.centre_of_pressure, at)
        force = np.where(contact[..., None], total[:, None], 0.0)
        pressure = np.where(contact[..., None], centre[:, None], np.nan)
    return contact, force, pressure
