"""Recordings of the synthetic runner, as a laboratory would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr

from headway.errors import OptionError
from headway.recording import GRAVITY, Event, FloatArray, Processing, Recording, make_ground_force, make_points
from headway.synthetic.markers import MARKERS
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.standing import standing_skeleton

PRESSURE_FLOOR = 20.0
"""Below this vertical force a plate has no centre of pressure, N."""
BELT = (1.2, 0.6)
"""Half length and half width of the treadmill's plates, m."""
PLATE = (0.40, 0.45)
"""Half length and half width of a plate in the floor, m."""
BURST = 6
"""Mean length of a gap, frames."""


@dataclass(frozen=True)
class Laboratory:
    """How the laboratory's axes lie.

    Attributes
    ----------
    forward, up
        Signed lab axes along which the runner goes and which points up.
    yaw
        Heading, turned to the left of ``forward``, deg.
    """

    forward: str = "x"
    up: str = "z"
    yaw: float = 0.0

    @property
    def rotation(self) -> FloatArray:
        """Columns: forward, up and right in lab axes."""
        forward, up = _axis(self.forward, "forward"), _axis(self.up, "up")
        if abs(forward @ up) > 0.5:
            raise OptionError("forward", f"{self.forward} lies along up ({self.up})", "give two different axes")
        right = np.cross(forward, up)
        c, s = np.cos(np.radians(self.yaw)), np.sin(np.radians(self.yaw))
        return np.stack([c * forward - s * right, up, s * forward + c * right], axis=1)


def _axis(text: str, option: str) -> FloatArray:
    letter = text.removeprefix("-").removeprefix("+")
    if letter not in ("x", "y", "z"):
        raise OptionError(option, f"{text!r} is no axis", "give x, y, z, -x, -y or -z")
    return np.eye(3)["xyz".index(letter)] * (-1.0 if text.startswith("-") else 1.0)


def record(
    runner: SyntheticRunner,
    *,
    duration: float = 10.0,
    rate: float = 200.0,
    force_rate: float = 1000.0,
    noise: float = 0.0,
    force_noise: float = 0.0,
    gaps: float = 0.0,
    treadmill: bool = True,
    plates: int = 3,
    laboratory: Laboratory | None = None,
    start: float | None = None,
    events: bool = False,
    seed: int = 0,
) -> Recording:
    """Record the runner.

    Parameters
    ----------
    runner
        Who runs.
    duration, rate, force_rate
        s, frames and force samples per second.
    noise
        Standard deviation of white noise on every marker axis, m.
    force_noise
        Standard deviation of white noise on every force axis of every plate, N.
    gaps
        Share of the frames of every marker that is missing, in short bursts.
    treadmill
        On a belt, with one force stream per foot; else overground.
    plates
        Overground: number of plates in the floor, one for each of the steps in the middle of the recording; 0 for none.
    laboratory
        Lab axes.
    start
        Time of the runner at the first frame, s; by default in the middle of the flight before a right contact.
    events
        Whether the recording holds the true contacts as a file's own events.
    seed
        Seed of noise and gaps.

    Returns
    -------
    Recording
        In lab axes ``x, y, z``; its time starts at 0.
    """
    lab = laboratory or Laboratory()
    p = runner.parameters
    first = -(p.step_time - p.contact_time) / 2 if start is None else start
    random = np.random.default_rng(seed)
    time = np.arange(round(duration * rate)) / rate
    points = _markers(runner, time, first, 0.0 if treadmill else p.speed, lab, noise, gaps, random)
    force_time = np.arange(round(duration * force_rate)) / force_rate
    if treadmill:
        ground = _belt(runner, force_time, first, lab, force_noise, random)
    else:
        ground = _floor(runner, force_time, first, lab, force_noise, random, plates) if plates else None
    done = {"start": first, "treadmill": treadmill, "noise": noise, "gaps": gaps, "seed": seed}
    return Recording(
        make_points(time, MARKERS, points),
        ground,
        _events(runner, first, duration) if events else (),
        source="synthetic runner",
        kind="synthetic",
        log=(Processing("synthetic", done),),
    )


def _markers(
    runner: SyntheticRunner,
    time: FloatArray,
    first: float,
    travel: float,
    lab: Laboratory,
    noise: float,
    gaps: float,
    random: np.random.Generator,
) -> FloatArray:
    """Markers in lab axes, m, shape (frames, markers, 3), with noise and gaps; ``travel`` over the ground in m/s."""
    points = runner.positions(time + first, MARKERS)
    points[..., 0] += travel * time[:, None]
    points = points @ lab.rotation.T + noise * random.standard_normal(points.shape)
    for k in range(points.shape[1]):
        points[_missing(random, len(time), gaps), k] = np.nan
    return points


def standing(
    runner: SyntheticRunner,
    *,
    duration: float = 1.0,
    rate: float = 200.0,
    force_rate: float = 1000.0,
    noise: float = 0.0,
    laboratory: Laboratory | None = None,
    seed: int = 0,
) -> Recording:
    """Record the same runner standing still, half of the weight on each of two plates.

    Parameters
    ----------
    runner
        Who stands.
    duration, rate, force_rate
        s, frames and force samples per second.
    noise
        Standard deviation of white noise on every marker axis, m.
    laboratory
        Lab axes.
    seed
        Seed of the noise.
    """
    lab = laboratory or Laboratory()
    skeleton, joints = standing_skeleton(runner.plan)
    still = np.stack([joints[name].value[0] for name in MARKERS]) @ lab.rotation.T
    time, force_time = np.arange(round(duration * rate)) / rate, np.arange(round(duration * force_rate)) / force_rate
    points = still + noise * np.random.default_rng(seed).standard_normal((len(time), *still.shape))
    middle = skeleton.centre_of_mass(joints["mid_hip"]).value[0]
    feet = [np.array([middle[0], 0.0, joints[f"ankle_{side}"].value[0, 2]]) for side in ("left", "right")]
    force = np.tile([0.0, runner.parameters.mass * GRAVITY / 2, 0.0], (len(force_time), 2, 1))
    ground = _dataset(
        force_time, ("left", "right"), force, np.tile(feet, (len(force_time), 1, 1)), _corners(BELT, 2), lab
    )
    return Recording(make_points(time, MARKERS, points), ground, source="synthetic runner, standing", kind="synthetic")


def write(path: Path, recording: Recording) -> None:
    """Write a recording as a C3D file.

    Parameters
    ----------
    path
        Where to.
    recording
        From :func:`record` or :func:`standing`.
    """
    from headway.io.write_c3d import write_c3d  # a door: loaded only when a file is written

    write_c3d(path, recording.points, recording.ground_force, recording.events, recording.subject)


def _belt(
    runner: SyntheticRunner, time: FloatArray, first: float, lab: Laboratory, noise: float, random: np.random.Generator
) -> xr.Dataset:
    force, pressure = runner.force(time + first), runner.pressure(time + first)
    right = runner.ground.stances(runner.ground.step_at(time + first)).side > 0
    owns = np.stack([~right, right], axis=1)[..., None]
    streams = np.where(owns, force[:, None], 0.0)
    pressures = np.where(owns, pressure[:, None], np.nan)
    streams = streams + noise * random.standard_normal(streams.shape)
    return _dataset(time, ("left", "right"), streams, pressures, _corners(BELT, 2), lab)


def _floor(
    runner: SyntheticRunner,
    time: FloatArray,
    first: float,
    lab: Laboratory,
    noise: float,
    random: np.random.Generator,
    plates: int,
) -> xr.Dataset:
    force, pressure = runner.force(time + first), runner.pressure(time + first)
    pressure[:, 0] += runner.parameters.speed * time
    steps = runner.ground.step_at(time + first)
    middle = int(steps[len(steps) // 2])
    chosen = middle + np.arange(plates) - plates // 2
    owns = (steps[:, None] == chosen)[..., None]
    streams = np.where(owns, force[:, None], 0.0) + noise * random.standard_normal((len(time), plates, 3))
    pressures = np.where(owns, pressure[:, None], np.nan)
    corners = _corners(PLATE, plates)
    stances = runner.ground.stances(chosen)
    for k in range(plates):
        place = runner.pressure([stances.middle[k]])[0, 0] + runner.parameters.speed * (stances.middle[k] - first)
        corners[k, :, 0] += place
    return _dataset(time, ("",) * plates, streams, pressures, corners, lab)


def _corners(half: tuple[float, float], count: int) -> FloatArray:
    """Corners of equal plates around the origin on the ground, m, shape (count, 4, 3), in forward, up, right."""
    length, width = half
    one = np.array([[length, 0, -width], [length, 0, width], [-length, 0, width], [-length, 0, -width]])
    return np.tile(one, (count, 1, 1)).astype(float)


def _dataset(
    time: FloatArray,
    sides: Sequence[str],
    force: FloatArray,
    pressure: FloatArray,
    corners: FloatArray,
    lab: Laboratory,
) -> xr.Dataset:
    names = [side or f"plate {k + 1}" for k, side in enumerate(sides)]
    known = np.where(force[..., 1:2] >= PRESSURE_FLOOR, pressure, np.nan)
    turned = lab.rotation.T
    moment = np.zeros(force.shape[:2])
    return make_ground_force(time, names, force @ turned, known @ turned, moment, sides=sides, corners=corners @ turned)


def _missing(random: np.random.Generator, frames: int, share: float) -> npt.NDArray[np.bool_]:
    """Frames that are missing, in bursts, until the share is reached exactly (rounded to frames); shape (frames,)."""
    out = np.zeros(frames, bool)
    wanted = round(share * frames)
    while (left := wanted - int(out.sum())) > 0:
        begin, length = int(random.integers(frames)), min(int(random.geometric(1 / BURST)), left)
        out[begin : begin + length] = True
    return out


def _events(runner: SyntheticRunner, first: float, duration: float) -> tuple[Event, ...]:
    steps = np.unique(runner.ground.step_at(np.linspace(first, first + duration, 20 + int(10 * duration))))
    stances = runner.ground.stances(steps)
    found = []
    for name, times in (("initial_contact", stances.initial_contact), ("toe_off", stances.toe_off)):
        for side, time in zip(stances.side, times - first, strict=True):
            if 0 <= time < duration:
                found.append(Event(name, "right" if side > 0 else "left", float(time), "known"))
    return tuple(sorted(found, key=lambda event: event.time))
