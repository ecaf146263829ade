"""Force plates of a C3D file: from analog channels to the wrench at the centre of each plate, in lab axes.

Types 1 to 4 as in the C3D user guide (c3d.org, FORCE_PLATFORM:TYPE); type 5 is eight channels with a 6 × 8, type 7 eight
channels with an 8 × 8 calibration matrix (Visual3D documentation, FP_TYPE). Vectorised, because the per-sample extraction of
ezc3d costs seconds at usual force rates and gives up all plates when it does not know one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.io.c3d.sections import Values, count, numbers, texts
from headway.io.forces import OFF_PLATE, centre_of_pressure, pulls, toward_runner
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

CHANNELS = {1: 6, 2: 6, 3: 8, 4: 6, 5: 8, 7: 8}
"""Analog channels of each known plate type."""
MOST_PLATES = 64
_CALIBRATION = {4: (6, 6), 5: (6, 8), 7: (8, 8)}


@dataclass(frozen=True)
class Plate:
    """One plate: forces on the runner in lab axes and SI units; see :func:`headway.recording.make_ground_force`."""

    name: str
    force: FloatArray
    centre_of_pressure: FloatArray
    free_moment: FloatArray
    corners: FloatArray


def read_plates(
    parameters: Mapping[str, Mapping[str, Values]], analogs: FloatArray, metres: float, positions: FloatArray
) -> tuple[list[Plate], tuple[Flag, ...]]:
    """Compute every plate that the file describes; one that cannot be used is left out with a flag.

    Parameters
    ----------
    parameters
        ``FORCE_PLATFORM`` and ``ANALOG`` groups, values by name.
    analogs
        Scaled channels, shape (channels, samples).
    metres
        Metres per unit of length of the file.
    positions
        Points, m, shape (frames, points, 3); they tell on which side of a plate the runner is.
    """
    platform, units = parameters.get("FORCE_PLATFORM", {}), texts(parameters.get("ANALOG", {}), "UNITS")
    described = len(numbers(platform, "TYPE"))
    stated = count(platform, "USED")
    used = min(described if stated is None else stated, MOST_PLATES)
    plates: list[Plate] = []
    flags: list[Flag] = list(_count_flag(stated, described))
    owners: dict[int, int] = {}
    for index in range(used):
        try:
            kind, channels = _channels(index, platform, len(analogs))
            _check_owner(index, channels, owners)
            plate, remarks = _read_plate(index, kind, channels, platform, analogs, units, metres, positions)
        except ValueError as error:
            flags.append(Flag("plate_left_out", "warning", TEXTS("lab.plate_left_out", index=index + 1, error=error)))
            continue
        plates.append(plate)
        flags.extend(remarks)
    return plates, tuple(flags)


def _count_flag(stated: int | None, described: int) -> tuple[Flag, ...]:
    """Say so when more plates are described than are said to be used."""
    if stated is None or stated >= described:
        return ()
    message = TEXTS("lab.plates_not_used", described=described, stated=stated)
    return (Flag("plates_not_used", "info", message),)


def _check_owner(index: int, channels: Sequence[int], owners: dict[int, int]) -> None:
    """Each channel belongs to one plate: a force that is counted twice doubles the runner."""
    taken = sorted({owners[channel] + 1 for channel in channels if channel in owners})
    if taken:
        raise ValueError(f"it names channels of plate {taken[0]} (FORCE_PLATFORM:CHANNEL)")
    owners.update(dict.fromkeys(channels, index))


def _read_plate(
    index: int,
    kind: int,
    channels: list[int],
    platform: Mapping[str, Values],
    analogs: FloatArray,
    units: Sequence[str],
    metres: float,
    positions: FloatArray,
) -> tuple[Plate, list[Flag]]:
    corners = _slice(platform, "CORNERS", index, (3, 4)).T * metres
    frame = _plate_frame(corners)
    origin = _slice(platform, "ORIGIN", index, (3,))
    moment_unit = _moment_unit(units, channels, kind, metres)
    raw = analogs[channels]
    calibration = _slice(platform, "CAL_MATRIX", index, _CALIBRATION[kind]) if kind in _CALIBRATION else None
    force, moment = _wrench(kind, raw, origin, calibration, metres, moment_unit)
    force, moment = force @ frame.T, moment @ frame.T
    name = f"plate {index + 1}"
    centre = corners.mean(0)
    normal = toward_runner(centre, frame[:, 2], positions)
    flags: list[Flag] = []
    if pulls(force, normal):
        force, moment = -force, -moment
        message = TEXTS("lab.force_turned_in", name=name)
        flags.append(Flag("force_turned", "warning", message))
    pressure, free = centre_of_pressure(force, moment, centre, normal)
    bending = numbers(platform, "FPCOPPOLY")[12 * index :]
    if kind in (3, 7) and len(bending) >= 12:
        pressure, free = _bend(pressure, free, force, centre, normal, frame, bending)
    plate = Plate(name, force, pressure, free, corners)
    return plate, [*flags, *_place_flag(plate, frame, kind)]


def _channels(index: int, platform: Mapping[str, Values], available: int) -> tuple[int, list[int]]:
    kinds = numbers(platform, "TYPE")
    if len(kinds) <= index:
        raise ValueError("its type is not stated")
    kind = int(kinds[index])
    if kind not in CHANNELS:
        raise ValueError(f"type {kind} is not known (types 1 to 5 and 7 are)")
    table = np.asarray(platform.get("CHANNEL", []), dtype=np.float64)
    table = table.reshape(-1, 1) if table.ndim == 1 else table
    if table.ndim != 2 or table.shape[0] < CHANNELS[kind] or table.shape[1] <= index:
        raise ValueError("its channels are not stated")
    channels = [int(channel) - 1 for channel in table[: CHANNELS[kind], index]]
    if min(channels) < 0 or max(channels) >= available:
        raise ValueError(f"it names channel {max(channels) + 1}, the file has {available}")
    return kind, channels


def _slice(platform: Mapping[str, Values], name: str, index: int, shape: tuple[int, ...]) -> FloatArray:
    """One plate's part of a parameter, which C3D stores in column order."""
    flat = numbers(platform, name)
    size = int(np.prod(shape))
    if len(flat) < size * (index + 1):
        raise ValueError(f"its {name} is missing")
    return flat[size * index : size * (index + 1)].reshape(shape, order="F")


def _plate_frame(corners: FloatArray) -> FloatArray:
    """Axes of a plate in the lab, as columns: x from corner 2 to 1, y from 4 to 1, z normal to the plate."""
    x, y = corners[0] - corners[1], corners[0] - corners[3]
    z = np.cross(x, y)
    if not np.isfinite(z).all() or np.linalg.norm(z) < 1e-4:
        raise ValueError("its corners span no surface")
    y = np.cross(z, x)
    return np.stack([axis / np.linalg.norm(axis) for axis in (x, y, z)], axis=1)


def _moment_unit(units: Sequence[str], channels: Sequence[int], kind: int, metres: float) -> float:
    """N·m per unit of the moments: as the channel says, else newton times the unit of length of the file."""
    position = channels[5 if kind == 1 else 3]
    unit = units[position].replace(".", "").replace("*", "").replace(" ", "").lower() if position < len(units) else ""
    return {"nmm": 1e-3, "nm": 1.0, "ncm": 1e-2}.get(unit, metres)


def _wrench(
    kind: int, raw: FloatArray, origin: FloatArray, calibration: FloatArray | None, metres: float, moment_unit: float
) -> tuple[FloatArray, FloatArray]:
    """Force (N) and moment (N·m) about the centre of the surface, in plate axes, shape (samples, 3) each."""
    if calibration is not None:
        raw = calibration @ raw
    if kind == 1:
        force, moment = raw[:3].T, np.zeros((raw.shape[1], 3))
        arm = np.stack((raw[3] * metres, raw[4] * metres, np.zeros(raw.shape[1])), axis=1)
        moment[:, 2] = raw[5] * moment_unit
        return force, moment + np.cross(arm, force)
    if kind in (3, 7):
        a, b, depth = np.abs(origin) * metres
        return _eight_sensors(raw, a, b, -depth)
    # z points down, so the surface lies at negative z of the sensors; some files store the vector the other way round.
    offset = (-origin if origin[2] > 0 else origin) * metres
    force, moment = raw[:3].T, raw[3:6].T * moment_unit
    return force, moment + np.cross(force, offset)


def _eight_sensors(raw: FloatArray, a: float, b: float, surface: float) -> tuple[FloatArray, FloatArray]:
    """Four corners: Fx12, Fx34, Fy14, Fy23, Fz1 … Fz4 (N) at ± a, ± b; ``surface`` is its z above the sensors (m)."""
    fx12, fx34, fy14, fy23, fz1, fz2, fz3, fz4 = raw[:8]
    force = np.stack((fx12 + fx34, fy14 + fy23, fz1 + fz2 + fz3 + fz4), axis=1)
    moment = np.stack(
        (b * (fz1 + fz2 - fz3 - fz4), a * (fz2 + fz3 - fz1 - fz4), b * (fx34 - fx12) + a * (fy14 - fy23)), axis=1
    )
    return force, moment + np.cross(force, np.array([0.0, 0.0, surface]))


def _bend(
    pressure: FloatArray,
    free: FloatArray,
    force: FloatArray,
    centre: FloatArray,
    normal: FloatArray,
    frame: FloatArray,
    coefficients: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Correct the centre of pressure by the maker's polynomial (Kistler; coefficients for mm) and the free moment with it."""
    x, y = ((pressure - centre) @ frame[:, :2]).T * 1e3
    p = coefficients
    dx = (p[0] * y**4 + p[1] * y**2 + p[2]) * x**3 + (p[3] * y**4 + p[4] * y**2 + p[5]) * x
    dy = (p[6] * x**4 + p[7] * x**2 + p[8]) * y**3 + (p[9] * x**4 + p[10] * x**2 + p[11]) * y
    shift = -1e-3 * (dx[:, None] * frame[:, 0] + dy[:, None] * frame[:, 1])
    return pressure + shift, free - np.cross(shift, force) @ normal


def _place_flag(plate: Plate, frame: FloatArray, kind: int) -> list[Flag]:
    """Say so when the centre of pressure lies beside the plate, which a wrong unit or corner does."""
    placed = ~np.isnan(plate.centre_of_pressure[:, 0]) & (np.linalg.norm(plate.force, axis=1) > 100.0)
    if placed.sum() < 4:
        return []
    middle = plate.corners.mean(0)
    local = np.abs((plate.centre_of_pressure[placed] - middle) @ frame[:, :2])
    half = np.abs((plate.corners - middle) @ frame[:, :2]).max(0)
    off = float((local > half + OFF_PLATE).any(1).mean())
    if off < 0.2:
        return []
    message = TEXTS("lab.pressure_off_plate", name=plate.name, kind=kind, off=100 * off)
    return [Flag("pressure_off_plate", "warning", message)]
