"""Means and spreads over stance, and one stride of the body in motion, for pictures and further work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from headway.analysis.joint_curves import joint_curves
from headway.dynamics.ground_force import read
from headway.dynamics.ladder import LEVELS
from headway.gait.trial import Trial
from headway.metrics.force_line import line_offset
from headway.recording import AXES, FloatArray
from headway.signals import seen_mean

SAMPLES = 101
"""Instants per stance, 0 to 100 %."""
SIDES = ("left", "right")
BODY_POINTS = {"head": "head_centre", "neck_base": "neck_base", "pelvis": "pelvis_centre", "com": "com"}


def waveforms(trials: Sequence[Trial]) -> xr.Dataset:
    """Stance- and stride-normalised curves of every step of all trials with their mean and SD, and the scene of the trial with most of them.

    Returns
    -------
    Coordinates ``stance`` and ``cycle`` (0-100 % from a foot's contact to its toe-off, and to its next contact), ``side``, ``axis``, ``level``,
    ``body_point``, ``angle``, ``joint``, ``turn``, ``step`` with ``step_side``, ``step_start`` and ``step_stop`` (s); ``n_steps`` (side).
    Variables, each with its SD in a twin ``_sd`` and every step's own curve in a twin ``_steps``:
    ``ground_force`` (side, stance, axis; N), ``ladder_force`` (side, stance, level, axis; N), ``path`` (side, stance, body_point, axis; m;
    forward without steady travel, up from the stride's mean height, right from the stance foot toward the stance side, of a film with the mean of
    both sides), ``velocity`` (m/s, mean
    travel removed, lateral toward the stance side), ``grf_line_offset_forward`` and ``grf_line_offset_lateral`` (side, stance, body_point; m);
    with markers ``joint_angle`` (side, cycle, angle; rad; of the leg and arm of that side), with plates too ``joint_moment`` (side, cycle, joint,
    turn; N·m, along the axes that the angles turn about) and ``joint_power`` (side, cycle, joint; W).
    """
    from headway.analysis.scene import scene

    points = {name: point for name, point in BODY_POINTS.items() if all(trial.motion.has(point) for trial in trials)}
    steps = [trial.steps for trial in trials]
    side = np.concatenate([one.side for one in steps])
    coords = {
        "stance": np.linspace(0, 100, SAMPLES),
        "side": list(SIDES),
        "axis": list(AXES),
        "level": list(LEVELS),
        "body_point": list(points),
        "n_steps": ("side", [int((side < 0).sum()), int((side > 0).sum())]),
        "step": np.arange(1, len(side) + 1),
        "step_side": ("step", np.where(side > 0, "right", "left")),
        "step_start": ("step", np.concatenate([one.initial_contact for one in steps]), {"units": "s"}),
        "step_stop": ("step", np.concatenate([one.toe_off for one in steps]), {"units": "s"}),
    }
    data: dict[str, tuple[object, ...]] = {}

    def put(
        name: str, dims: tuple[str, ...], of: Callable[[Trial], FloatArray], unit: str, over: str = "stance"
    ) -> None:
        each = np.concatenate([of(trial) for trial in trials])
        mean, spread = _by_side(each, side)
        data[name] = (("side", over, *dims), mean, {"units": unit})
        data[f"{name}_sd"] = (("side", over, *dims), spread, {"units": unit})
        data[f"{name}_steps"] = (("step", over, *dims), each.astype(np.float32), {"units": unit})

    forces = all(trial.force is not None for trial in trials)
    if forces:
        put("ground_force", ("axis",), _ground_forces, "N")
    put("ladder_force", ("level", "axis"), lambda trial: _curves(trial, lambda at: trial.at(trial.ladder, at)), "N")
    if points:
        put("path", ("body_point", "axis"), lambda trial: _paths(trial, list(points.values())), "m")
        put("velocity", ("body_point", "axis"), lambda trial: _velocities(trial, list(points.values())), "m/s")
        if forces:
            offsets = {id(trial): _line_offsets(trial, list(points.values())) for trial in trials}
            put("grf_line_offset_forward", ("body_point",), lambda trial: offsets[id(trial)][..., 0], "m")
            put("grf_line_offset_lateral", ("body_point",), lambda trial: offsets[id(trial)][..., 1], "m")
    if all(trial.camera is None for trial in trials):
        coords |= joint_curves(trials, put)
    figure = scene(max(trials, key=lambda trial: len(trial.steps)))
    return xr.Dataset(data, coords=coords).merge(figure).assign_attrs(figure.attrs)


def _ground_forces(trial: Trial) -> FloatArray:
    force = trial.force
    assert force is not None
    return _curves(trial, lambda at: read(force.time, force.total, at))


def _line_offsets(trial: Trial, points: list[str]) -> FloatArray:
    """Forward and lateral (toward the stance side) offset of the force line from points, m, shape (steps, SAMPLES, points, 2)."""
    offsets = np.stack([line_offset(trial, point) for point in points], axis=1)
    curves = _curves(trial, lambda at: trial.at(offsets, at))
    return np.stack([curves[..., 0], curves[..., 1] * trial.steps.side[:, None, None]], axis=-1)


def _instants(trial: Trial) -> FloatArray:
    return trial.steps.initial_contact[:, None] + np.linspace(0, 1, SAMPLES) * trial.steps.contact_time[:, None]


def _curves(trial: Trial, sample: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """A signal read at the instants of every stance, shape (steps, SAMPLES, ...)."""
    at = _instants(trial)
    values = sample(at.ravel())
    return values.reshape(*at.shape, *values.shape[1:])


def _by_side(curves: FloatArray, side: FloatArray) -> tuple[FloatArray, FloatArray]:
    mean = np.full((2, *curves.shape[1:]), np.nan)
    spread = np.full_like(mean, np.nan)
    for k, sign in enumerate((-1.0, 1.0)):
        own = curves[side == sign]
        seen = np.isfinite(own).sum(0)
        mean[k] = seen_mean(own)
        squared = np.where(np.isfinite(own), (own - mean[k]) ** 2, 0.0).sum(0)
        spread[k] = np.where(seen > 1, np.sqrt(squared / np.maximum(seen - 1, 1)), np.nan)
    return mean, spread


def _paths(trial: Trial, points: list[str]) -> FloatArray:
    curves = _curves(
        trial, lambda at: trial.at(np.stack([trial.motion.position(point) for point in points], axis=1), at)
    )
    at = _instants(trial)
    out = curves.copy()
    travel = 0.0 if trial.treadmill else trial.speed
    out[..., 0] -= travel * (at - at[:, :1])[..., None]
    out[..., 0] -= out[..., 0].mean(axis=1, keepdims=True)
    for k in range(len(at)):
        start = trial.steps.initial_contact[k]
        stop = next(
            end
            for end in (trial.steps.next_same[k], trial.steps.next_contact[k], trial.steps.toe_off[k])
            if np.isfinite(end)
        )
        for p, point in enumerate(points):
            out[k, :, p, 1] -= seen_mean(trial.motion.position(point)[trial.frames(start, float(stop)), 1])
    foot = trial.foot_position[:, 2]
    side = trial.steps.side[:, None, None]
    out[..., 2] = (out[..., 2] - foot[:, None, None]) * side
    if trial.camera is not None:
        out[..., 2] -= side * _of_camera(out[:, SAMPLES // 2, :, 2], trial.steps.side)
    return out


def _of_camera(lateral: FloatArray, side: FloatArray) -> FloatArray:
    """Half of what right and left feet see points apart at midstance, m, shape (points,): in a film, as much the camera's tilt as the runner's doing.

    ``lateral`` is toward the stance side, shape (steps, points).
    """
    right, left = (seen_mean(lateral[side == sign]) for sign in (1.0, -1.0))
    return np.nan_to_num(right - left) / 2


def _velocities(trial: Trial, points: list[str]) -> FloatArray:
    curves = _curves(
        trial, lambda at: trial.at(np.stack([trial.motion.velocity(point) for point in points], axis=1), at)
    )
    curves[..., 0] -= 0.0 if trial.treadmill else trial.speed
    curves[..., 2] *= trial.steps.side[:, None, None]
    return curves
