"""Write a recording as C3D: what a motion-capture system with force plates would have stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from headway.recording import Event, FloatArray

_LABELS = {"initial_contact": "Foot Strike", "toe_off": "Foot Off"}
_CONTEXTS = {"left": "Left", "right": "Right", None: "General"}
_ICONS = {"initial_contact": 1, "toe_off": 2}
_CHANNELS = ("Fx", "Fy", "Fz", "Mx", "My", "Mz")
_INTEGER, _REAL = 2, 4
"""Kinds of parameter values in C3D."""
_UNCOUNTED = 0xFFFF
"""Frames that the format's own count of 16 bits cannot tell."""
_MARGIN = 0.3
"""m around the centre of pressure, for plates without known corners."""


def write_c3d(
    path: str | Path,
    points: xr.DataArray,
    ground_force: xr.Dataset | None,
    events: Sequence[Event] = (),
    subject: str | None = None,
) -> None:
    """Write points, ground forces and events as a C3D file with force plates of type 2.

    Parameters
    ----------
    path
        File to write.
    points
        As in :class:`headway.recording.Recording`; m. Gaps are written as 0, 0, 0 with residual −1. The three axes are
        written in their order as x, y, z.
    ground_force
        As in :class:`headway.recording.Recording`, or ``None``. Each stream becomes a plate with its corners, or with a
        rectangle around its centre of pressure. Forces are written at the whole multiple of the point rate nearest to
        their own rate, interpolated linearly where the clocks differ and 0 outside their record.
    events
        Initial contacts and toe-offs.
    subject
        Name of the runner.

    Notes
    -----
    The first frame is frame 1 and its time 0: a recording that starts later is moved there. Lengths in mm, moments in N·mm,
    as the format's users expect; positions are stored with 7 digits (0.001 mm within 16 m of the origin).
    """
    import ezc3d

    file = ezc3d.c3d()
    time = points["time"].to_numpy()
    rate = float((len(time) - 1) / (time[-1] - time[0]))
    _write_points(file, points, rate)
    if ground_force is not None and ground_force.sizes["plate"]:
        _write_plates(file, points, ground_force, rate)
    _write_events(file, events, float(time[0]), subject)
    if subject:
        _write_subject(file, subject)
    file.write(str(path))


def _write_points(file: Any, points: xr.DataArray, rate: float) -> None:
    positions = points.transpose("time", "point", "axis").to_numpy() * 1e3
    unseen = np.asarray(np.isnan(positions).any(2))
    frames, count, _ = positions.shape
    data = np.ones((4, count, frames))
    data[:3] = np.where(unseen[:, :, None], 0.0, positions).transpose(2, 1, 0)
    file["data"]["points"] = data
    file["data"]["meta_points"]["residuals"] = np.where(unseen.T, -1.0, 0.0)[None]
    file["data"]["meta_points"]["camera_masks"] = np.zeros((7, count, frames), dtype=bool)
    group = file["parameters"]["POINT"]
    group["RATE"]["value"] = [rate]
    group["UNITS"]["value"] = ["mm"]
    if frames >= _UNCOUNTED:
        file.add_parameter("POINT", "LONG_FRAMES", [float(frames)])
    group["LABELS"]["value"] = [str(name) for name in points["point"].to_numpy()]


def _write_plates(file: Any, points: xr.DataArray, ground_force: xr.Dataset, rate: float) -> None:
    own = ground_force["time"].to_numpy()
    ratio = max(round((len(own) - 1) / (own[-1] - own[0]) / rate), 1)
    frames = points.sizes["time"]
    clock = float(points["time"][0]) + np.arange(frames * ratio) / (rate * ratio)
    channels: list[FloatArray] = []
    corners: list[FloatArray] = []
    for index in range(ground_force.sizes["plate"]):
        plate = ground_force.isel(plate=index)
        square = plate_corners(plate, points)
        wrench = _wrench(plate, square)
        channels.extend(np.interp(clock, own, channel, left=0.0, right=0.0) for channel in wrench.T)
        corners.append(square * 1e3)
    count = len(corners)
    file["data"]["analogs"] = np.stack(channels)[None]
    names = [f"{channel}{plate + 1}" for plate in range(count) for channel in _CHANNELS]
    analog = file["parameters"]["ANALOG"]
    analog["RATE"]["value"] = [rate * ratio]
    analog["LABELS"]["value"] = names
    analog["UNITS"]["value"] = ["N" if name[0] == "F" else "Nmm" for name in names]
    analog["SCALE"]["value"] = [1.0] * len(names)
    analog["OFFSET"]["value"] = [0] * len(names)
    group = "FORCE_PLATFORM"
    _add(file, group, "USED", [count])
    _add(file, group, "TYPE", [2] * count)
    _add(file, group, "ZERO", [0, 0])
    _add(file, group, "CORNERS", np.stack([square.T for square in corners], axis=2))
    _add(file, group, "ORIGIN", np.zeros((3, count)))
    _add(file, group, "CHANNEL", np.arange(1, 6 * count + 1).reshape(6, count, order="F"))


def plate_corners(plate: xr.Dataset, points: xr.DataArray) -> FloatArray:
    """Corners of one plate, m, shape (4, 3), in the order that makes its z axis point away from the runner.

    Parameters
    ----------
    plate
        One plate of a ground-force data set; its ``corners`` are used if it has any.
    points
        Points of the same recording, which tell the side of the runner.
    """
    if "corners" in plate and bool(plate["corners"].notnull().all()):
        square = plate["corners"].transpose("corner", "axis").to_numpy()
    else:
        square = _square(plate)
    normal = np.cross(square[0] - square[1], square[0] - square[3])
    middle = np.nanmedian(points.to_numpy().reshape(-1, 3), axis=0)
    return square[[0, 3, 2, 1]] if (middle - square.mean(0)) @ normal > 0 else square


def _square(plate: xr.Dataset) -> FloatArray:
    """Rectangle around the centre of pressure, level with it and normal to the axis that carries most force."""
    up = int(np.argmax(np.nansum(np.abs(plate["force"].to_numpy()), axis=0)))
    pressure = plate["centre_of_pressure"].to_numpy()
    pressure = pressure[np.isfinite(pressure).all(1)]
    middle = pressure.mean(0) if len(pressure) else np.zeros(3)
    half = (np.ptp(pressure, axis=0) / 2 if len(pressure) else np.zeros(3)) + _MARGIN
    if len(pressure):
        middle = (pressure.max(0) + pressure.min(0)) / 2
        middle[up] = np.median(pressure[:, up])
    first, second = [axis for axis in range(3) if axis != up]
    square = np.tile(middle, (4, 1))
    square[:, first] += half[first] * np.array([1, -1, -1, 1])
    square[:, second] += half[second] * np.array([1, 1, -1, -1])
    return square


def _wrench(plate: xr.Dataset, square: FloatArray) -> FloatArray:
    """Force (N) and moment (N·mm) about the centre of the plate in its own axes, shape (samples, 6); 0 where not known."""
    x, y = square[0] - square[1], square[0] - square[3]
    z = np.cross(x, y)
    y = np.cross(z, x)
    frame = np.stack([axis / np.linalg.norm(axis) for axis in (x, y, z)], axis=1)
    force = np.nan_to_num(plate["force"].to_numpy())
    arm = np.nan_to_num(plate["centre_of_pressure"].to_numpy() - square.mean(0))
    # The free moment is about the normal toward the runner, which is −z of the plate.
    free = -np.nan_to_num(plate["free_moment"].to_numpy())[:, None] * frame[:, 2]
    moment = np.cross(arm, force) + free
    return np.concatenate((force @ frame, moment @ frame * 1e3), axis=1)


def _write_events(file: Any, events: Sequence[Event], start: float, subject: str | None) -> None:
    known = sorted((event for event in events if event.name in _LABELS), key=lambda event: event.time)
    _add(file, "EVENT", "USED", [len(known)])
    if not known:
        return
    seconds = np.array([event.time - start for event in known])
    minutes = np.floor(seconds / 60.0)
    _add(file, "EVENT", "CONTEXTS", [_CONTEXTS[event.side] for event in known])
    _add(file, "EVENT", "LABELS", [_LABELS[event.name] for event in known])
    _add(file, "EVENT", "DESCRIPTIONS", [event.method or " " for event in known])
    _add(file, "EVENT", "SUBJECTS", [subject or " "] * len(known))
    _add(file, "EVENT", "ICON_IDS", [_ICONS[event.name] for event in known])
    _add(file, "EVENT", "GENERIC_FLAGS", [0] * len(known))
    _add(file, "EVENT", "TIMES", np.stack((minutes, seconds - 60.0 * minutes)))


def _write_subject(file: Any, subject: str) -> None:
    _add(file, "SUBJECTS", "USED", [1])
    _add(file, "SUBJECTS", "IS_STATIC", [0])
    _add(file, "SUBJECTS", "USES_PREFIXES", [0])
    _add(file, "SUBJECTS", "NAMES", [subject])
    _add(file, "SUBJECTS", "LABEL_PREFIXES", [" "])


def _add(file: Any, group: str, name: str, values: Any) -> None:
    """Add a parameter with whole numbers as such: the library's own method turns lists of them into real numbers."""
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        file.add_parameter(group, name, values)
        return
    array = np.asarray(values)
    whole = np.issubdtype(array.dtype, np.integer)
    file.add_parameter(group, name, array.astype(float))
    file["parameters"][group][name].update(type=_INTEGER if whole else _REAL, value=array)
