"""Continuous channels of a recording: markers, body points and the ground force of each foot over time, for exports and further work."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xarray as xr

from headway.body.rotations import cross
from headway.dynamics.ground_force import PRESSURE_FLOOR, PlateForce
from headway.gait.trial import SIDES, Trial
from headway.recording import AXES, FloatArray

TIMES = ("time", "force_time")


def continuous(trials: Sequence[Trial]) -> xr.Dataset:
    """All that a recording shows over time, in the runner's axes; several runs of one recording stand one after the other.

    Returns
    -------
    Coordinates ``time`` (s), ``marker``, ``point``, ``axis``, and where there is a ground force ``force_time`` (s) and ``side``. Variables:
    ``marker_position`` (time, marker, axis; m; as recorded), ``position`` (time, point, axis; m; filtered, with joint centres and centres of
    mass), ``ground_force`` (force_time, side, axis; N, on the foot, zero corrected and unfiltered), ``centre_of_pressure`` (m) and
    ``free_moment`` (force_time, side; N·m about the upward axis). A gap is NaN.
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
    names = trial.motion.names()
    out = xr.Dataset(
        {
            "marker_position": (("time", "marker", "axis"), markers.to_numpy(), {"units": "m"}),
            "position": (("time", "point", "axis"), trial.motion.stack(names), {"units": "m"}),
        },
        coords={
            "time": ("time", trial.motion.time, {"units": "s"}),
            "marker": [str(name) for name in markers["point"].to_numpy()],
            "point": names,
            "axis": list(AXES),
        },
    )
    return out if trial.force is None else out.merge(_feet(trial, trial.force))


def _feet(trial: Trial, force: PlateForce) -> xr.Dataset:
    """The ground force of each foot: in running one foot at a time is on the ground, so that the sum belongs to the foot whose contact is nearest."""
    right = _is_right(trial, force.time)
    on_foot = np.stack([~right, right], axis=1)
    pressure = force.centre_of_pressure
    turning = _free_moment(trial, force, pressure)
    return xr.Dataset(
        {
            "ground_force": (
                ("force_time", "side", "axis"),
                np.where(on_foot[..., None], force.raw[:, None], 0.0),
                {"units": "N"},
            ),
            "centre_of_pressure": (
                ("force_time", "side", "axis"),
                np.where(on_foot[..., None], pressure[:, None], np.nan),
                {"units": "m"},
            ),
            "free_moment": (("force_time", "side"), np.where(on_foot, turning[:, None], 0.0), {"units": "N m"}),
        },
        coords={"force_time": ("force_time", force.time, {"units": "s"}), "side": list(SIDES), "axis": list(AXES)},
    )


def _is_right(trial: Trial, time: FloatArray) -> np.ndarray:
    """Whether the contact nearest to each instant is of the right foot."""
    contacts = sorted((one for one in trial.contacts.found if one.side is not None), key=lambda one: one.initial_contact)
    middle = [(one.toe_off + after.initial_contact) / 2 for one, after in pairwise(contacts)]
    right = np.array([contact.side == "right" for contact in contacts])
    return right[np.searchsorted(np.array(middle), time)]


def _free_moment(trial: Trial, force: PlateForce, pressure: FloatArray) -> FloatArray:
    """Moment of all streams about the upward axis through the common centre of pressure, N·m, shape (samples,); NaN where that is not known."""
    data = trial.recording.ground_force
    if trial.plates is None or data is None:
        return np.full(len(force.time), np.nan)
    own = data["free_moment"].transpose("time", "plate").to_numpy()
    loaded = (force.streams[..., 1] > PRESSURE_FLOOR / 2) & np.isfinite(force.pressure).all(-1)
    about = cross(force.pressure - pressure[:, None], force.streams)[..., 1]
    return np.where(np.isfinite(pressure[:, 0]), np.where(loaded, np.nan_to_num(own) + about, 0.0).sum(1), np.nan)
