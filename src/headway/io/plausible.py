"""Can this be true? Every recording is asked before anything is said about the runner in it.

A contradiction between what a file states and what it holds is corrected, with a remark, where only one correction fits;
else one line names the field at fault.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from headway.errors import RecordingError
from headway.recording import Flag, FloatArray, Recording
from headway.texts import TEXTS

TALL, SMALL = 4.0, 0.05
"""m; points of one body that span more, or less, are in another unit than the file states."""
BODY = (0.7, 2.6)
"""m; from the points of two legs to those of a tall runner with an arm up."""
APART = (0.02, 0.4)
"""m; median distance of a body's point to its nearest neighbour."""
FEWEST_POINTS = 6
"""Points by which the size of a body can be judged."""
FLAT = 0.002
"""Smallest extent of a body along an axis, as a share of its largest."""
SLOWEST = 2.0
"""Frames per second below which times are in no unit of seconds."""
MOST_JUMPS = 0.3
"""Share of the seen samples that may jump before the file, not the runner, is at fault."""
HARDEST = 20_000.0
"""N; more than any runner's feet have pressed: eight times the weight of 250 kg."""
_UNITS = {"m": 1.0, "cm": 0.01, "mm": 1e-3, "inches": 0.0254, "feet": 0.3048}
_ROUNDINGS = (0.1, 0.01, 0.001, 1e-4)


def stated_clock(time: FloatArray, rate: float) -> tuple[FloatArray, tuple[Flag, ...]]:
    """Times of frames, put right by the rate that the file states.

    Parameters
    ----------
    time
        As in the file, shape (frames,); need not rise.
    rate
        Frames per second as stated (``DataRate``), 0 or less where nothing is.

    Returns
    -------
    tuple
        s, and a remark where the times were in milliseconds, counted frames, or were rounded so that frames coincide.
    """
    if len(time) < 2 or not np.isfinite(time).all() or not 0 < rate < 1e5:
        return time, ()
    count = np.arange(len(time)) / rate
    for factor, what in ((1.0, ""), (1e-3, "are in milliseconds"), (1.0 / rate, "count frames")):
        place = factor * rate * (time - time[0])
        whole = np.round(place)
        if np.median(np.diff(whole)) == 1.0 and np.abs(place - whole).max() < 0.25:
            exact = factor * time if (whole != np.arange(len(time))).any() else factor * time[0] + count
            message = TEXTS("lab.time_faulty", what=what, rate=rate)
            return exact, (Flag("time_corrected", "warning", message),) if what else ()
    for unit in _ROUNDINGS:
        off = time - count
        if (
            unit * rate > 0.5
            and np.ptp(off) <= 1.01 * unit
            and np.allclose(time / unit, np.round(time / unit), atol=1e-6)
        ):
            start = time[0] if np.abs(off - time[0]).max() <= 0.51 * unit else float(off.mean())
            message = TEXTS("lab.time_rounded", unit=unit, rate=rate)
            return start + count, (Flag("time_corrected", "info", message),)
    stated = float(1.0 / np.median(np.diff(time))) if (np.diff(time) > 0).all() else rate
    if abs(stated - rate) > 0.02 * rate:
        message = TEXTS("lab.rate_against_times", rate=rate, stated=stated)
        return time, (Flag("rate_disagrees", "warning", message),)
    return time, ()


def in_seconds(where: str, time: FloatArray) -> tuple[float, tuple[Flag, ...]]:
    """Seconds per unit of time of a table without a stated rate: milliseconds where no seconds can be meant.

    Raises
    ------
    RecordingError
        If frames are so far apart that neither is meant.
    """
    known = time[np.isfinite(time)]  # which row lacks a time is told by check_rising
    step = float(np.median(np.diff(known))) if len(known) > 1 else 0.0
    if step <= 1.0 / SLOWEST:
        return 1.0, ()
    if step > 1.0 and step <= 100.0:
        return 1e-3, (Flag("time_corrected", "warning", TEXTS("lab.time_in_milliseconds", step=step)),)
    raise RecordingError(where, f"frames are {step:g} s apart in the column of time", "give the times in seconds")


def in_a_bodys_unit(where: str, metres: float, positions: FloatArray) -> tuple[float, tuple[Flag, ...]]:
    """Metres per unit of length, put right where no body can be in the stated one.

    Parameters
    ----------
    where
        File, for messages.
    metres
        Per unit of length as stated.
    positions
        In that unit, shape (frames, points, 3).

    Raises
    ------
    RecordingError
        If the points span a size that no other single unit explains.
    """
    extent, apart = _size(positions)
    stated = metres * extent
    if np.isnan(extent) or not ((stated > TALL and metres * apart > APART[1]) or stated < SMALL):
        return metres, ()
    fits = _body_units(extent, apart)
    what = f"the points span {stated:.3g} m in the unit of length that the file states"
    if len(fits) != 1:
        raise RecordingError(where, what, "state the unit in which the positions are")
    name, unit = next(iter(fits.items()))
    return unit, (Flag("unit_corrected", "warning", TEXTS("lab.unit_corrected", what=what, name=name)),)


def likely_unit(positions: FloatArray) -> tuple[str, float] | None:
    """Name and metres of the one unit of length in which the points span a body; ``None`` where none or several do.

    Parameters
    ----------
    positions
        Shape (frames, points, 3).
    """
    fits = _body_units(*_size(positions))
    return next(iter(fits.items())) if len(fits) == 1 else None


def _body_units(extent: float, apart: float) -> dict[str, float]:
    """Metres of each unit in which a body can have this extent and these distances between its points."""
    return {
        name: unit
        for name, unit in _UNITS.items()
        if BODY[0] <= unit * extent <= BODY[1] and APART[0] <= unit * apart <= APART[1]
    }


def _size(positions: FloatArray) -> tuple[float, float]:
    """Extent of all points at once and distance of a point to its nearest neighbour, medians, in the unit of positions.

    NaN where there are too few points, or where they lie in a plane: key points of one view are no body in space.
    """
    frames = positions[np.linspace(0, len(positions) - 1, min(len(positions), 50)).astype(int)]
    extents: list[float] = []
    nearest: list[float] = []
    for frame in frames:
        seen = frame[np.isfinite(frame).all(1)]
        if len(seen) < FEWEST_POINTS:
            continue
        span = np.ptp(seen, axis=0)
        if span.min() <= FLAT * span.max():
            continue
        extents.append(float(span.max()))
        distance = np.linalg.norm(seen[:, None] - seen[None], axis=2)
        np.fill_diagonal(distance, np.inf)
        nearest.append(float(np.median(distance.min(1))))
    return (float(np.median(extents)), float(np.median(nearest))) if extents else (np.nan, np.nan)


def of_one_runner(recording: Recording) -> Recording:
    """Leave out forces that cannot be a runner's: a stream that repeats another, or one beyond any body's strength."""
    force = recording.ground_force
    if force is None or not force.sizes["plate"]:
        return recording
    values, names = force["force"].to_numpy(), [str(name) for name in force["plate"].to_numpy()]
    peak = np.nanmax(np.linalg.norm(values, axis=2), axis=0, initial=0.0)
    total = float(np.nanmax(np.linalg.norm(np.nansum(values, axis=1), axis=1), initial=0.0))
    if total > HARDEST:
        message = TEXTS("lab.forces_too_great", total=total / 1000)
        return replace(
            recording, ground_force=None, flags=(*recording.flags, Flag("forces_not_used", "warning", message))
        )
    twins = {
        second: first
        for second in range(1, len(names))
        for first in range(second)
        if peak[second] > 20.0 and np.array_equal(values[:, first], values[:, second], equal_nan=True)
    }
    if not twins:
        return recording
    told = ", ".join(f"{names[second]} repeats {names[first]}" for second, first in twins.items())
    flag = Flag("plate_left_out", "warning", TEXTS("lab.plates_doubled", told=told))
    kept = force.isel(plate=[k for k in range(len(names)) if k not in twins])
    return replace(recording, ground_force=kept, flags=(*recording.flags, flag))


def check_jumps(where: str, positions: FloatArray, mask: npt.NDArray[np.bool_]) -> None:
    """Refuse a recording of which a large part jumps: it was read or exported wrongly.

    Parameters
    ----------
    where
        File, for messages.
    positions
        After masking, shape (frames, points, 3).
    mask
        What was masked, shape (frames, points).
    """
    seen = int(np.isfinite(positions).all(2).sum()) + int(mask.sum())
    share = mask.sum() / max(seen, 1)
    if share > MOST_JUMPS:
        what = f"{100 * share:.0f} % of its samples jump as no body can"
        raise RecordingError(where, what, "check the frame rate and the unit that the file states, and export it again")
