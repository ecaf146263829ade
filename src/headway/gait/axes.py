"""Which lab axis is up, which way the runner goes, and whether the ground moves with a belt.

Nothing is guessed silently: what was found is returned, and both axes can be declared instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.errors import OptionError, RecordingError
from headway.recording import AXES, LAB_AXES, Flag, FloatArray, Recording
from headway.signals import derivative, low_pass, seen_mean
from headway.texts import TEXTS

FOOT_POINTS = ("heel", "toe", "mt1", "mt5", "mt2", "ankle_lateral", "ankle")
"""Points of a foot, best first, used to find where the ground is and how it moves."""
PELVIS_POINTS = ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum", "hip_left", "hip_right")
SLOWEST = 0.7
"""Slowest speed that is called running, m/s; below, the feet and the pelvis go nowhere."""


STANDING_WANDER = 0.05
"""A heel moves by less than this in quiet standing, m."""


@dataclass(frozen=True)
class Orientation:
    """How the lab axes were read.

    Attributes
    ----------
    up, forward
        Signed lab axes such as ``z`` and ``-x``; ``forward`` is the nearest one to the heading.
    heading
        Angle of the heading from that lab axis, rad, positive to the runner's left.
    treadmill
        Whether the ground moves.
    rotation
        Rows are the forward, up and right unit vectors in lab axes, shape (3, 3).
    """

    up: str
    forward: str
    heading: float
    treadmill: bool
    rotation: FloatArray


def orient(
    recording: Recording, *, up: str | None = None, forward: str | None = None, treadmill: bool = False
) -> tuple[Recording, Orientation]:
    """Turn a recording from lab axes to ``forward, up, right``.

    Parameters
    ----------
    recording
        In lab axes, with canonical landmark names.
    up, forward
        Signed lab axis (``z``, ``-x``, ``+y``). Up is found from the ground force and from where the feet are unless it is declared. The
        heading always comes from the data (the pelvis' travel, or on a treadmill minus the stance foot's velocity); a declared ``forward`` has to
        agree with it within 45 degrees.
    treadmill
        Declare that the ground moves, else found from the stance foot's speed.

    Raises
    ------
    RecordingError
        No foot to find the ground with, or neither feet nor pelvis go anywhere.
    OptionError
        An axis that is no axis, up and forward along the same one, or a runner who goes another way.
    """
    flags: list[Flag] = []
    body_up = _up_from_body(recording)
    by_force, reversed_force = _up_from_force(recording, body_up, flags)
    up_vector = _axis_vector(up, "--up") if up else _nearest_axis(by_force)
    if forward and abs(_axis_vector(forward, "--forward") @ up_vector) > 0.5:
        raise OptionError(
            "--forward", f"{forward} is the vertical axis ({_axis_name(up_vector)})", "name a horizontal axis"
        )
    travel, ground = _velocities(recording, up_vector)
    speed = float(np.linalg.norm(travel - ground))
    if speed < SLOWEST:
        raise RecordingError(
            recording.source,
            f"nobody runs here: the pelvis passes the feet on the ground at {speed:.2f} m/s",
            "give a recording of running; a standing trial goes with --standing",
        )
    moves = treadmill or float(np.linalg.norm(ground)) > 0.5 * speed
    ahead = _horizontal(-ground if moves else travel, up_vector)
    if forward and ahead @ _axis_vector(forward, "--forward") < np.cos(np.pi / 4):
        raise OptionError(
            "--forward",
            f"the runner goes along {_axis_name(_nearest_axis(ahead))}, not along {forward}",
            "leave it out",
        )
    rotation = np.stack([ahead, up_vector, np.cross(ahead, up_vector)])
    nearest = _nearest_axis(ahead)
    heading = float(np.arctan2(np.cross(nearest, ahead) @ up_vector, nearest @ ahead))
    found = Orientation(_axis_name(up_vector), _axis_name(nearest), heading, moves, rotation)
    arguments = {
        "up": found.up,
        "forward": found.forward,
        "heading_deg": round(np.degrees(heading), 3),
        "treadmill": moves,
    }
    sign = -1.0 if reversed_force else 1.0
    return rotate(recording, rotation, "orient", arguments, flags=flags, force_sign=sign), found


def orient_standing(recording: Recording, *, up: str | None = None) -> Recording:
    """Turn a standing trial to ``forward, up, right``: up as in :func:`orient`, forward from heels to forefeet.

    Raises
    ------
    RecordingError
        No foot, nothing that tells forward, or a foot that moves.
    """
    feet = [path for path in feet_of(recording) if np.isfinite(path).any()]
    wander = float(np.nanmax(np.ptp(np.stack([_seen(path) for path in feet]), axis=1)))
    if wander > STANDING_WANDER:
        raise RecordingError(
            recording.source,
            f"a foot moves by {1000 * wander:.0f} mm: this is no standing trial",
            "give a trial of quiet standing",
        )
    up_vector = _axis_vector(up, "--up") if up else _nearest_axis(_up_from_body(recording))
    ahead = _horizontal(_facing(recording, up_vector), up_vector)
    rotation = np.stack([ahead, up_vector, np.cross(ahead, up_vector)])
    return rotate(recording, rotation, "orient_standing", {"up": _axis_name(up_vector)})


def _facing(recording: Recording, up: FloatArray) -> FloatArray:
    """Where a standing person looks: from heels to forefeet, else at right angles to what is paired."""
    feet = [
        recording.position(front) - recording.position(f"heel_{side}")
        for side in ("left", "right")
        for front in (f"toe_{side}", f"mt1_{side}", f"mt5_{side}", f"mt2_{side}")
        if recording.has(f"heel_{side}", front)
    ]
    if feet:
        return seen_mean(np.array([seen_mean(arrow) for arrow in feet]))
    across = [
        seen_mean(recording.position(f"{stem}_right") - recording.position(f"{stem}_left"))
        for stem in ("asis", "hip", "psis", "acromion", "knee_lateral", "ankle_lateral", "ankle")
        if recording.has(f"{stem}_left", f"{stem}_right")
    ]
    if not across:
        raise RecordingError(
            recording.source,
            "neither heels and forefeet nor pelvis markers on both sides are there",
            "give a standing trial with the same markers as the run",
        )
    return np.cross(up, seen_mean(np.array(across)))


def _seen(path: FloatArray) -> FloatArray:
    """5th and 95th percentile of a path per axis, so that a stray frame does not count, shape (2, 3)."""
    return np.nanpercentile(path, [5, 95], axis=0)


def rotate(
    recording: Recording,
    rotation: FloatArray,
    name: str,
    arguments: dict[str, object],
    *,
    flags: list[Flag] | None = None,
    force_sign: float = 1.0,
) -> Recording:
    """Rotate points and forces into axes whose unit vectors are the rows of ``rotation``; the axes become ``AXES``."""
    points = _rotated(recording.points, rotation)
    force = recording.ground_force
    if force is not None:
        turned = {
            key: _rotated(force[key], rotation) for key in ("force", "centre_of_pressure", "corners") if key in force
        }
        turned["force"] = turned["force"] * force_sign
        rest = force.drop_vars([*turned, "axis"])
        force = rest.assign(turned).assign(free_moment=force["free_moment"] * force_sign)
    return recording.logged(name, flags=flags or [], arguments=arguments, points=points, ground_force=force)


def refine_heading(recording: Recording, start: float, stop: float) -> tuple[Recording, float]:
    """Align ``forward`` with the pelvis' displacement between two instants a whole number of strides apart (overground).

    Returns the recording and the angle it was turned by, rad.
    """
    centre = centre_of(recording, PELVIS_POINTS)
    seen = np.isfinite(centre).all(1)
    path = np.column_stack([np.interp([start, stop], recording.time[seen], centre[seen, axis]) for axis in range(3)])
    step = path[1] - path[0]
    angle = float(np.arctan2(-step[2], step[0]))
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    return rotate(recording, rotation, "refine_heading", {"turned_deg": round(np.degrees(angle), 4)}), angle


def _rotated(array: xr.DataArray, rotation: FloatArray) -> xr.DataArray:
    values = np.einsum("ij,...j->...i", rotation, array.to_numpy())
    return array.copy(data=values).assign_coords(axis=list(AXES))


def _axis_vector(name: str, option: str) -> FloatArray:
    sign = -1.0 if name.startswith("-") else 1.0
    bare = name.lstrip("+-").lower()
    if bare not in LAB_AXES:
        raise OptionError(option, f"{name!r} is not an axis", "use x, y, z or -x, -y, -z")
    return sign * np.eye(3)[LAB_AXES.index(bare)]


def _nearest_axis(vector: FloatArray) -> FloatArray:
    axis = int(np.argmax(np.abs(vector)))
    return np.sign(vector[axis]) * np.eye(3)[axis]


def _axis_name(vector: FloatArray) -> str:
    axis = int(np.argmax(np.abs(vector)))
    return ("-" if vector[axis] < 0 else "") + LAB_AXES[axis]


def _horizontal(vector: FloatArray, up: FloatArray) -> FloatArray:
    flat = vector - (vector @ up) * up
    return flat / np.linalg.norm(flat)


def horizontal_axes(recording: Recording) -> FloatArray:
    """Rows: two horizontal unit vectors and the upward one, in lab axes, from how the body stands over its feet."""
    up = _nearest_axis(_up_from_body(recording))
    one = np.roll(np.abs(up), 1)
    return np.stack([one, np.cross(up, one), up])


def centre_of(recording: Recording, names: tuple[str, ...]) -> FloatArray:
    """Mean of the points that are there, as one point without jumps when one of them drops out; all points if none is."""
    present = [name for name in names if recording.has(name)] or recording.names()
    values = recording.points.sel(point=present).transpose("time", "point", "axis").to_numpy()
    mean = values.mean(1)
    if np.isfinite(mean).all():
        return mean
    with np.errstate(invalid="ignore"):
        offset = values - seen_mean(values, axis=1)[:, None]
        offset = seen_mean(offset)
        seen = np.all(np.isfinite(values), axis=-1)
        count = np.asarray(seen.sum(1))
        total = np.where(seen[..., None], values - offset, 0.0).sum(1)
        return np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)


def foot_names(recording: Recording, side: str) -> tuple[str, ...]:
    """Names of the points of one foot that the recording holds, best first."""
    return tuple(f"{name}_{side}" for name in FOOT_POINTS if recording.has(f"{name}_{side}"))


def feet_of(recording: Recording) -> list[FloatArray]:
    """One path per marked foot, m, shape (frames, 3)."""
    feet = [names[:4] for side in ("left", "right") if (names := foot_names(recording, side))]
    if not feet:
        raise RecordingError(
            recording.source,
            "no foot is marked (heel, toe, metatarsals or ankle)",
            "add heel and forefoot markers; see headway formats",
        )
    return [centre_of(recording, names) for names in feet]


def _up_from_body(recording: Recording) -> FloatArray:
    """Mean vector from the feet to everything above them (knees and higher), in lab axes."""
    feet = seen_mean(np.stack(feet_of(recording)))
    lower = {
        f"{name}_{side}"
        for name in (*FOOT_POINTS, "ankle_medial", "heel_lateral", "heel_medial")
        for side in ("left", "right")
    }
    upper = tuple(name for name in recording.names() if name not in lower and not name.startswith(("foot_", "shank_")))
    if not upper:
        raise RecordingError(recording.source, "nothing but feet is marked", "add at least pelvis markers")
    return np.nanmedian(centre_of(recording, upper) - feet, axis=0)


def _up_from_force(recording: Recording, body_up: FloatArray, flags: list[Flag]) -> tuple[FloatArray, bool]:
    """Which way the ground pushes, else the body's up; and whether the forces act on the plate instead of on the runner."""
    if recording.ground_force is None:
        return body_up, False
    total = np.nansum(recording.ground_force["force"].to_numpy(), axis=1).mean(0)
    if np.linalg.norm(total) < 30.0:
        return body_up, False
    axis = int(np.argmax(np.abs(total)))
    if abs(body_up[axis]) < 0.5 * np.linalg.norm(body_up):
        flags.append(Flag("up_from_body", "warning", TEXTS("flags.up_from_body")))
        return body_up, False
    if total[axis] * body_up[axis] < 0:
        flags.append(Flag("force_reversed", "info", TEXTS("flags.force_reversed")))
        return -total, True
    return total, False


def _velocities(recording: Recording, up: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean horizontal velocity of the pelvis, and median horizontal velocity of a foot while it is on the ground, m/s."""
    rate, time = recording.rate, recording.time
    pelvis = centre_of(recording, PELVIS_POINTS)
    seen = np.flatnonzero(np.isfinite(pelvis).all(1))
    if len(seen) < 10:
        raise RecordingError(
            recording.source, "the pelvis is marked in fewer than 10 frames", "give a recording with pelvis markers"
        )
    slope = np.polyfit(time[seen], pelvis[seen], 1)[0]
    travel = slope - (slope @ up) * up
    grounded = [_grounded_velocity(foot, up, rate) for foot in feet_of(recording)]
    pooled = np.concatenate(grounded) if grounded else np.empty((0, 3))
    ground = np.median(pooled, axis=0) if len(pooled) else np.zeros(3)
    return travel, ground - (ground @ up) * up


def _grounded_velocity(foot: FloatArray, up: FloatArray, rate: float) -> FloatArray:
    """Velocities of the frames in which a foot is near its lowest and moves neither up nor down, shape (k, 3)."""
    smooth = low_pass(foot, rate, min(15.0, 0.2 * rate))
    height, velocity = smooth @ up, derivative(smooth, rate)
    low = height < np.nanpercentile(height, 5) + 0.025
    level = np.abs(velocity @ up) < 0.35
    return velocity[low & level & np.isfinite(velocity).all(1)]
