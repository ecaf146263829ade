"""Ground forces from any file in one form: on the runner, in newtons, with a centre of pressure only where it means something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.io.units import ROOM
from headway.recording import Flag, FloatArray, make_ground_force
from headway.texts import TEXTS

CONTACT = 20.0
"""N normal to the plate; below it the centre of pressure is a quotient of noise."""
LOADED = 100.0
"""N; enough for the sign of a plate and the place of its centre of pressure to be judged."""
OFF_PLATE = 0.05
"""m beyond the edge of the plate that the centre of pressure may lie."""


@dataclass(frozen=True)
class Streams:
    """Ground forces of a file: times (s), and per stream its name, side and arrays in N, m and N·m, (samples, streams, 3).

    ``pressure`` and ``torque`` are NaN where the file has none.
    """

    time: FloatArray
    names: list[str]
    sides: list[str]
    force: FloatArray
    pressure: FloatArray
    torque: FloatArray
    flags: tuple[Flag, ...] = ()


def centre_of_pressure(
    force: FloatArray, moment: FloatArray, centre: FloatArray, normal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Centre of pressure and free moment from the wrench at the centre of a plate's surface.

    Parameters
    ----------
    force
        N, on the runner, shape (samples, 3).
    moment
        N·m about ``centre``, shape (samples, 3).
    centre
        m, shape (3,), a point of the surface.
    normal
        Unit normal of the surface toward the runner, shape (3,).

    Returns
    -------
    tuple
        Centre of pressure, m, shape (samples, 3), and moment about the normal through it, N·m, shape (samples,); NaN
        where the normal force is below ``CONTACT``.

    Notes
    -----
    r = n × M / (n·F) and T = n·M − n·(r × F): the point of the surface about which no moment acts in the plane
    (Zatsiorsky 2002, Kinetics of Human Motion).
    """
    pressed = force @ normal
    contact = np.abs(pressed) >= CONTACT
    safe = np.where(contact, pressed, np.nan)
    arm = np.cross(normal, moment) / safe[:, None]
    free = np.where(contact, moment @ normal - np.cross(arm, force) @ normal, np.nan)
    return centre + arm, free


def toward_runner(centre: FloatArray, normal: FloatArray, positions: FloatArray) -> FloatArray:
    """Turn a plate's normal to the side on which the points are.

    Parameters
    ----------
    centre, normal
        m and unit vector, shape (3,).
    positions
        m, shape (frames, points, 3).
    """
    middle = np.nanmedian(positions.reshape(-1, 3), axis=0)
    return normal if (middle - centre) @ normal >= 0 else -normal


def pulls(force: FloatArray, normal: FloatArray) -> bool:
    """Tell whether a force pulls the runner into the ground, so that the file holds the force on the plate."""
    pressed = force @ normal
    loaded = np.abs(pressed) > LOADED
    return bool(loaded.sum() > 3) and float(np.median(pressed[loaded])) < 0


def silent_flag(force: FloatArray) -> tuple[Flag, ...]:
    """Say so when no stream ever carries a foot; force in N, shape (samples, plates, 3)."""
    if not force.size or np.nanmax(np.linalg.norm(force, axis=2), initial=0.0) >= LOADED:
        return ()
    message = TEXTS("lab.no_contact", force=LOADED)
    return (Flag("no_contact", "info", message),)


def stream_forces(streams: Streams, points: xr.DataArray) -> tuple[xr.Dataset, tuple[Flag, ...]]:
    """Turn force streams into the ``ground_force`` of a recording: on the runner, centre of pressure only under load.

    The normal of the ground is the axis that carries most force, toward the points.

    Parameters
    ----------
    streams
        As the file has them.
    points
        Of the same recording, in the same axes.
    """
    positions = points.to_numpy()
    flags: list[Flag] = []
    force, pressure, torque = streams.force, streams.pressure.copy(), streams.torque
    axis = int(np.argmax(np.abs(force).sum((0, 1))))
    load = np.abs(force[:, :, axis]) >= CONTACT
    away = np.abs(pressure[load]).max(-1)
    if np.isfinite(away).any() and np.nanmedian(away) > ROOM:
        pressure *= 1e-3
        flags.append(Flag("unit_assumed", "info", TEXTS("lab.unit_assumed")))
    pressure[~load] = np.nan
    # Without a centre of pressure the ground is taken to lie at the origin of the axes.
    placed = pressure[np.isfinite(pressure).all(2)]
    centre = np.median(placed, axis=0) if len(placed) else np.zeros(3)
    normal = toward_runner(centre, np.eye(3)[axis], positions)
    if pulls(force.sum(1), normal):
        force, torque = -force, -torque
        message = TEXTS("lab.force_turned")
        flags.append(Flag("force_turned", "warning", message))
    free = np.where(load, torque @ normal, np.nan)
    axes = [str(name) for name in points["axis"].to_numpy()]
    data = make_ground_force(streams.time, streams.names, force, pressure, free, sides=streams.sides, axes=axes)
    return data, (*flags, *silent_flag(force))
