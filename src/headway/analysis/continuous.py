"""Continuous channels of a recording: markers, body points and the ground force of each foot over time, for exports and further work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from headway.analysis.joint_curves import TURNS
from headway.dynamics.foot_force import SIDES, FootForce, foot_force
from headway.gait.trial import Trial
from headway.recording import AXES

TIMES = ("time", "force_time")


def continuous(trials: Sequence[Trial]) -> xr.Dataset:
    """All that a recording shows over time, in the runner's axes; several runs of one recording stand one after the other.

    Returns
    -------
    Coordinates ``time`` (s), ``marker``, ``point``, ``axis``; with markers ``angle``, ``joint``, ``turn``; with a ground force ``force_time`` (s)
    and ``side``. Variables, in which a gap is NaN:
    ``marker_position`` (time, marker, axis; m; as recorded);
    ``position`` (time, point, axis; m; filtered, with joint centres and centres of mass);
    ``joint_angle`` (time, angle; rad), ``joint_angle_error`` (angle; rad, standard error of bending and tilting that comes from straying markers);
    ``joint_moment`` (time, joint, turn; N·m, along the axes that the angles turn about), ``joint_moment_proximal`` and ``joint_moment_distal``
    (time, joint, axis; N·m, the same moment in the axes of the two segments), ``joint_power`` (time, joint; W);
    ``ground_force`` (force_time, side, axis; N, on the foot, zero corrected and unfiltered), ``centre_of_pressure`` (m), ``free_moment``
    (force_time, side; N·m about the upward axis).
    """
    parts = [_one(trial) for trial in trials]
    if len(parts) == 1:
        return parts[0]
    return xr.merge([_joined(parts, along) for along in TIMES], join="outer", compat="no_conflicts")


def _joined(parts: Sequence[xr.Dataset], along: str) -> xr.Dataset:
    """The variables along one time of all parts, in order of time."""
    held = [part.drop_dims([dim for dim in TIMES if dim != along and dim in part.dims]) for part in parts]
    held = [part for part in held if along in part.dims]
    if not held:
        return xr.Dataset()
    return xr.concat(held, along, data_vars="minimal", coords="minimal", compat="override", join="outer").sortby(along)


def _one(trial: Trial) -> xr.Dataset:
    markers = trial.recording.points.transpose("time", "point", "axis")
    motion = trial.jointed.motion
    names = motion.names()
    out = xr.Dataset(
        {
            "marker_position": (("time", "marker", "axis"), markers.to_numpy(), {"units": "m"}),
            "position": (("time", "point", "axis"), motion.stack(names), {"units": "m"}),
        },
        coords={
            "time": ("time", motion.time, {"units": "s"}),
            "marker": [str(name) for name in markers["point"].to_numpy()],
            "point": names,
            "axis": list(AXES),
        },
    )
    if trial.camera is None:
        out = out.merge(_joints(trial))
    if trial.force is None:
        return out
    return out.merge(_feet(foot_force(trial.force, trial.contacts, trial.recording)))


def _joints(trial: Trial) -> xr.Dataset:
    angles, moments, errors = trial.joint_angles, trial.joint_moments, trial.marker_errors.flexions()
    out = xr.Dataset(
        {
            "joint_angle": (("time", "angle"), angles.values, {"units": "rad"}),
            "joint_angle_error": ("angle", [errors.get(name, np.nan) for name in angles.names], {"units": "rad"}),
        },
        coords={"angle": list(angles.names)},
    )
    if moments is None:
        return out
    along = ("time", "joint", "turn")
    return out.merge(
        xr.Dataset(
            {
                "joint_moment": (along, moments.joint, {"units": "N m"}),
                "joint_moment_proximal": (("time", "joint", "axis"), moments.proximal, {"units": "N m"}),
                "joint_moment_distal": (("time", "joint", "axis"), moments.distal, {"units": "N m"}),
                "joint_power": (along[:2], moments.power, {"units": "W"}),
            },
            coords={"joint": list(moments.names), "turn": list(TURNS), "axis": list(AXES)},
        )
    )


def _feet(force: FootForce) -> xr.Dataset:
    dims = ("force_time", "side", "axis")
    return xr.Dataset(
        {
            "ground_force": (dims, force.force, {"units": "N"}),
            "centre_of_pressure": (dims, force.pressure, {"units": "m"}),
            "free_moment": (dims[:2], force.free_moment, {"units": "N m"}),
        },
        coords={"force_time": ("force_time", force.time, {"units": "s"}), "side": list(SIDES), "axis": list(AXES)},
    )
