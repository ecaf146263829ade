"""The data: what was measured, in which units and axes, and what was done to it since.

Nothing in here knows about files, bodies or gait. SI units inside: metres, seconds, newtons, newton metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import xarray as xr

from headway.displayed import Displayed

AXES = ("forward", "up", "right")
"""Body-aligned axes, right-handed (forward x up = right), the ISB and OpenSim order."""
LAB_AXES = ("x", "y", "z")
"""Axes as a file has them, before :mod:`headway.gait.axes` has found which is which."""
GRAVITY = 9.80665
"""Standard gravity, m/s²."""

Side = Literal["left", "right"]
View = Literal["3d", "side", "rear", "front", "sensor"]
CameraMoves = Literal["fixed", "panning", "tracking", "shaking", "unknown"]
HeadBy = Literal["picture", "key_points"]
FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]
Arguments = Mapping[str, object]
"""Arguments of a processing step by name: whatever that step takes."""


@dataclass(frozen=True)
class Event:
    """One instant of the gait cycle.

    Attributes
    ----------
    name
        ``initial_contact`` or ``toe_off``.
    side
        Foot.
    time
        s, on the time base of the recording.
    method
        How it was found, with its threshold (``force 20 N``, ``file``, ``markers``).
    """

    name: str
    side: Side | None
    time: float
    method: str


@dataclass(frozen=True)
class Processing:
    """One processing step: its name and its arguments."""

    name: str
    arguments: Arguments


class Flag(msgspec.Struct, frozen=True):
    """Something the reader of a result has to know.

    Attributes
    ----------
    code
        Stable name, snake_case.
    level
        ``info``, ``warning`` (read the numbers with care) or ``error`` (a group of metrics fell away).
    message
        One sentence in plain words.
    """

    code: str
    level: Literal["info", "warning", "error"]
    message: str


@dataclass(frozen=True)
class Camera:
    """How a recording was filmed, as far as the film itself tells.

    Attributes
    ----------
    view, direction
        View, and where the runner runs in the image: +1 to the right, -1 to the left, 0 to or from the camera.
    kind
        Whether the camera stood still, turned with the runner, went along beside the runner, was held in a hand or shook, or cannot be told (key
        points without their film).
    travels
        The runner crosses, comes or goes over the ground; ``False``: stays in place (treadmill, or followed by the camera).
    rate
        Frames per second of real time of the film itself.
    scale_error
        Relative standard error of every length in metres.
    roll, roll_error
        Turn of the camera about its viewing axis that was undone, and its standard error, rad; + = the camera's right side lower.
    noise
        Standard deviation of a key point along one image axis from frame to frame, m (median over the points); unknown in few frames.
    height_known
        Whether the runner's height was given, or the file states its own scale.
    treadmill
        Whether a belt moves under the runner; ``None`` where a runner stays in a picture whose background does not say why.
    carries_speed
        Whether the background carries the speed over the ground, or it was stated.
    tempo
        Factors of slow motion that fit alike, where nothing says which: times are then those of the first; empty where the tempo is known.
    sides_known
        Whether left and right are known to be whose they are; else they only tell one leg from the other.
    head_by
        What tells how the head moves: its own registered picture, or key points, where that was lost or may be of something else.
    head_short
        Share of the distance from the neck base to the head's points by which the head itself is further from it: points at a collar.
    oblique
        How far the runner is seen off the square view, rad, where that is so far that distances across the image mean nothing; else 0.
    distance
        Of the runner from the camera, m (median over the film), if its focal length is that of most phones.
    """

    view: View
    direction: int
    kind: CameraMoves
    travels: bool
    rate: float
    scale_error: float
    roll: float
    roll_error: float
    noise: float | None
    height_known: bool
    treadmill: bool | None = None
    carries_speed: bool = True
    tempo: tuple[float, ...] = ()
    sides_known: bool = True
    head_by: HeadBy = "key_points"
    head_short: float = 0.0
    oblique: float = 0.0
    distance: float | None = None


@dataclass(frozen=True, repr=False)
class Recording(Displayed):
    """One recording, independent of the file it came from; never changed in place.

    Attributes
    ----------
    points
        Dims ``time, point, axis``; m; NaN where a point was not seen. ``time`` in s from the start of the file's
        own clock, strictly rising. The axis coordinate holds ``LAB_AXES`` as read, ``AXES`` once oriented.
    ground_force
        ``None`` without plates. Dims ``time, plate, axis`` on a time base of its own. Variables: ``force`` (N, on the
        runner), ``centre_of_pressure`` (m, NaN where it cannot be had), ``free_moment`` (dims ``time, plate``, N·m about the
        plate normal). Coordinate ``side`` on ``plate`` (``left``, ``right`` or ``""`` when the stream does not belong to one foot).
        Optional variable ``corners`` (dims ``plate, corner, axis``; m).
    events
        Events that the file itself holds, in order of time.
    source, kind, view, subject
        Path, name of the format, view, and the subject's prefix if the file has one.
    log
        Every processing step with its arguments, in order.
    flags
        What the reader found remarkable (jumps masked, gaps, units assumed).
    camera
        How it was filmed; ``None`` for anything that is no film.
    marker_set
        Name of the marker set that its labels were read as; empty before :func:`headway.body.landmarks.to_landmarks`, and without any.
    """

    points: xr.DataArray
    ground_force: xr.Dataset | None = None
    events: tuple[Event, ...] = ()
    source: str = ""
    kind: str = ""
    view: View = "3d"
    subject: str | None = None
    log: tuple[Processing, ...] = ()
    flags: tuple[Flag, ...] = field(default=())
    camera: Camera | None = None
    marker_set: str = ""

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_recording"

    @property
    def time(self) -> FloatArray:
        """Times of the points, s, shape (frames,)."""
        return self.points["time"].to_numpy()

    @property
    def rate(self) -> float:
        """Frames per second of the points (median)."""
        return float(1.0 / np.median(np.diff(self.time)))

    @property
    def duration(self) -> float:
        """Length of the recording, s."""
        return float(self.time[-1] - self.time[0]) + 1.0 / self.rate

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.points["point"].to_numpy())

    def names(self) -> list[str]:
        """Names of the points."""
        return list(self._names)

    def has(self, *names: str) -> bool:
        """Tell whether every named point is there."""
        return all(name in self._names for name in names)

    def position(self, name: str) -> FloatArray:
        """Position of one point, m, shape (frames, 3)."""
        return self.points.sel(point=name).to_numpy()

    def logged(
        self, name: str, *, flags: Sequence[Flag] = (), arguments: Arguments | None = None, **changes: Any
    ) -> Recording:
        """Return a copy with fields changed and the step that changed them written to the log."""
        step = Processing(name, arguments or {})
        return replace(self, log=(*self.log, step), flags=(*self.flags, *flags), **changes)


def cut(recording: Recording, start: float | None, stop: float | None) -> Recording:
    """Keep the part of a recording between two times (s on its own clock); ``None`` leaves an end open."""
    if start is None and stop is None:
        return recording
    window = slice(start, stop)
    force = recording.ground_force
    return recording.logged(
        "cut",
        arguments={"start": start, "stop": stop},
        points=recording.points.sel(time=window),
        ground_force=None if force is None else force.sel(time=window),
        events=tuple(
            e for e in recording.events if (start is None or e.time >= start) and (stop is None or e.time <= stop)
        ),
    )


def make_points(
    time: FloatArray, names: Sequence[str], positions: FloatArray, axes: Sequence[str] = LAB_AXES
) -> xr.DataArray:
    """Build the ``points`` array of a recording.

    Parameters
    ----------
    time
        s, shape (frames,).
    names
        One per point.
    positions
        m, shape (frames, points, 3).
    axes
        Names of the three axes.
    """
    return xr.DataArray(
        positions,
        dims=("time", "point", "axis"),
        coords={"time": time, "point": list(names), "axis": list(axes)},
        attrs={"units": "m"},
    )


def make_ground_force(
    time: FloatArray,
    plates: Sequence[str],
    force: FloatArray,
    centre_of_pressure: FloatArray,
    free_moment: FloatArray,
    *,
    sides: Sequence[str] | None = None,
    corners: FloatArray | None = None,
    axes: Sequence[str] = LAB_AXES,
) -> xr.Dataset:
    """Build the ``ground_force`` data set of a recording.

    Parameters
    ----------
    time
        s, shape (samples,).
    plates
        Names, one per force stream.
    force
        N, on the runner, shape (samples, plates, 3).
    centre_of_pressure
        m, shape (samples, plates, 3).
    free_moment
        N·m about the plate normal, shape (samples, plates).
    sides
        ``left``, ``right`` or ``""`` per stream.
    corners
        m, shape (plates, 4, 3).
    axes
        Names of the three axes.
    """
    dims = ("time", "plate", "axis")
    side = list(sides) if sides is not None else [""] * len(plates)
    made = xr.Dataset(
        {
            "force": (dims, force, {"units": "N"}),
            "centre_of_pressure": (dims, centre_of_pressure, {"units": "m"}),
            "free_moment": (dims[:2], free_moment, {"units": "N m"}),
        },
        coords={"time": time, "plate": list(plates), "axis": list(axes), "side": ("plate", side)},
    )
    return made if corners is None else made.assign(corners=(("plate", "corner", "axis"), corners, {"units": "m"}))
