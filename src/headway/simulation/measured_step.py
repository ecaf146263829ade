"""A runner's recording as one mean step: joint centres and ground force over the step, left steps mirrored into right ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from headway.body.functional_joints import add_functional_joints
from headway.body.stature import find_stature
from headway.body.table import PointTable
from headway.errors import OptionError, RecordingError
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.gait.trial import Trial
from headway.options import Options
from headway.recording import AXES, GRAVITY, Flag, FloatArray, Recording, make_points
from headway.simulation.mean_step import MIRROR, Clock, Spread, mean_force, mean_path, trend

CUTOFF = 20.0
"""Low-pass of the markers, Hz: above what a mean step's splines can follow, so that it does not flatten the foot's landing."""
DENSE = 240
"""Samples per step of the mean curves."""
LEGS = ("hip", "knee", "ankle", "heel")
FORE = ("toe", "mt1", "mt5")
ARMS = ("shoulder", "elbow", "wrist")
MIDDLE_POINTS = ("neck_base", "head_centre")
WHOLE = 2
"""Steps that have to be whole: one of each foot."""


@dataclass(frozen=True)
class MeasuredStep:
    """The mean step of a recording, as a stride of two steps that are mirror images.

    Attributes
    ----------
    source
        The file.
    runner
        Height, mass and sex; height from the legs' length and mass from the plates where they were not given.
    weighed
        Mass that the plates show over the mean step, kg.
    speed, step_time
        m/s and s.
    stance
        Initial contact and toe-off of the right foot in steps from when the pelvis is lowest.
    steps
        Whole steps of the left and of the right foot that were averaged.
    paths
        Mean paths of points by name over the stride, beginning when the pelvis is lowest over the right foot, in a frame that
        moves with the runner's mean speed: forward from the lowest pelvis, up from the ground, right from the middle; m, each of
        shape (2 * DENSE, 3).
    lengths
        Median distances between joint centres, m, by the pair of names without side.
    push
        Ground force in weights on these plates, shape (2 * DENSE, 3).
    pressure
        Centre of pressure in the frame of the paths, m, shape (2 * DENSE, 3); NaN where hardly loaded.
    spread
        How the recording's frames lie about these paths, by point: steps that differ, and left from right.
    flags
        What was assumed.
    """

    source: str
    runner: Runner
    weighed: float
    speed: float
    step_time: float
    stance: tuple[float, float]
    steps: tuple[int, int]
    paths: dict[str, FloatArray]
    lengths: dict[tuple[str, str], float]
    push: FloatArray
    pressure: FloatArray
    spread: dict[str, Spread]
    flags: tuple[Flag, ...] = ()

    def at(self, name: str, since: FloatArray) -> FloatArray:
        """A point at times since the pelvis was lowest, steps; m, shape (n, 3)."""
        return _periodic(self.paths[name], since)

    def force(self, since: FloatArray) -> FloatArray:
        """Ground force at times since the pelvis was lowest (steps), body weights, shape (n, 3)."""
        return _periodic(self.push, since)

    def centre_of_pressure(self, since: FloatArray) -> FloatArray:
        """Centre of pressure at times since the pelvis was lowest (steps), m, shape (n, 3)."""
        return _periodic(self.pressure, since)


def measured_step(
    recording: Recording,
    runner: Runner | None = None,
    options: Options | None = None,
    *,
    standing: Recording | None = None,
) -> MeasuredStep:
    """Make the mean step of a recording.

    Parameters
    ----------
    recording
        Markers of the legs at least, and plates under whole steps of both feet.
    runner, options, standing
        As :func:`headway.analyze` takes them.

    Raises
    ------
    RecordingError
        No legs, no plates, no whole stride, a height, mass or speed that cannot be, or anything that cannot be analysed.
    """
    if recording.camera is not None:
        raise RecordingError(recording.source, "a film has no ground force to track", "give markers and force plates")
    asked = replace(options or Options(), cutoff=CUTOFF)
    runner = runner or Runner()
    trial = _trial(recording, runner, asked, standing)
    if trial.plates is None:
        raise RecordingError(recording.source, "no ground force to track", "record with force plates, or name --forces")
    table, flags = _joint_centres(trial)
    _check(recording.source, table, trial)
    return _mean(trial, table, (*trial.recording.flags, *flags))


def _trial(recording: Recording, runner: Runner, options: Options, standing: Recording | None) -> Trial:
    try:
        return prepare(recording, runner, options, standing)[0]
    except OptionError as error:
        if error.where != "--mass" or runner.mass is not None:
            raise
        raise RecordingError(
            recording.source, f"its plates weigh what nobody does ({error.what})", "check the forces, or give --mass"
        ) from error


def _joint_centres(trial: Trial) -> tuple[PointTable, tuple[Flag, ...]]:
    motion = trial.motion
    names = motion.names()
    points = make_points(motion.time, names, np.stack([motion.position(name) for name in names], axis=1), AXES)
    points, flags = add_functional_joints(points)
    return PointTable(points), flags


def _check(source: str, table: PointTable, trial: Trial) -> None:
    lacking = [name for name in LEGS if not table.has(f"{name}_left", f"{name}_right")]
    if not any(table.has(f"{name}_left", f"{name}_right") for name in FORE):
        lacking.append("forefoot")
    if lacking:
        raise RecordingError(
            source,
            f"no legs to track: {', '.join(lacking)} cannot be had on both sides",
            "record pelvis, knees, ankles, heels and toes, or three markers on each thigh, shank and foot",
        )
    whole = np.isfinite(trial.steps.next_contact)
    if whole.sum() < WHOLE or len(trial.steps.strides) < 1:
        raise RecordingError(
            source,
            f"no whole stride to track ({int(whole.sum())} whole steps)",
            "record three contacts in a row on force plates",
        )


def _mean(trial: Trial, table: PointTable, flags: tuple[Flag, ...]) -> MeasuredStep:
    clock = Clock.of(trial.steps, trial.motion.time)
    hips = table.mean("hip_left", "hip_right")
    origin, speed = trend(hips, clock, trial.speed if trial.treadmill else None)
    if not np.isfinite(speed):
        raise RecordingError(
            trial.recording.source,
            "its speed cannot be found: no foot is seen standing on the belt",
            "record heels and toes throughout the stance",
        )
    origin[:, 1] = trial.ground_height
    grid = np.arange(2 * DENSE) / DENSE
    lowest = _lowest(mean_path(np.stack([hips - origin, (hips - origin) * MIRROR]), clock, grid)[0])
    paths, spread = _paths(table, origin, clock, grid + lowest)
    ahead = (paths["hip_left"][0, 0] + paths["hip_right"][0, 0]) / 2
    for path in paths.values():
        path[:, 0] -= ahead
    force, pressure = mean_force(trial, clock, origin, grid + lowest)
    pressure[:, 0] -= ahead
    weighed = float(force[:, 1].mean()) / GRAVITY
    contact = float(np.nanmedian(trial.steps.contact_time)) / clock.step_time
    right = int((clock.numbers[:-1] % 2 == 0).sum())
    return MeasuredStep(
        trial.recording.source,
        _known(trial, table, weighed),
        weighed,
        speed,
        clock.step_time,
        (-lowest, contact - lowest),
        (len(clock.numbers) - 1 - right, right),
        paths,
        _lengths(table),
        force / (weighed * GRAVITY),
        pressure,
        spread,
        flags,
    )


def _paths(
    table: PointTable, origin: FloatArray, clock: Clock, grid: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, Spread]]:
    """Mean paths of all points of use, and the spread about them; both sides from both."""
    paths, spread = {}, {}
    for name in (*LEGS, *FORE, *ARMS, "asis", "psis"):
        if table.has(f"{name}_left", f"{name}_right"):
            pair = np.stack([table[f"{name}_right"] - origin, (table[f"{name}_left"] - origin) * MIRROR])
            right, wide = mean_path(pair, clock, grid)
            paths[f"{name}_right"], paths[f"{name}_left"] = right, np.roll(right, DENSE, axis=0) * MIRROR
            spread[f"{name}_right"] = spread[f"{name}_left"] = wide
    back = () if "psis_right" in paths else ("sacrum",)
    for name in table.present((*MIDDLE_POINTS, *back)):
        moved = table[name] - origin
        paths[name], spread[name] = mean_path(np.stack([moved, moved * MIRROR]), clock, grid)
    return paths, spread


def _known(trial: Trial, table: PointTable, weighed: float) -> Runner:
    runner = trial.runner
    source, height = trial.recording.source, runner.height or find_stature(table, None, runner.sex).value
    if not np.isfinite(height):
        raise RecordingError(source, "its markers do not tell the runner's height", "give --height")
    if not np.isfinite(weighed):
        raise RecordingError(source, "its ground force has gaps in every step", "record whole steps on the plates")
    try:
        return Runner(height, runner.mass or weighed, runner.sex, runner.mass_source or "weight")
    except OptionError as error:
        what = "height from its markers" if error.where == "--height" else "mass on its plates"
        remedy = f"check units and scale, or give {error.where}"
        raise RecordingError(source, f"the {what} cannot be: {error.what}", remedy) from error


def _lengths(table: PointTable) -> dict[tuple[str, str], float]:
    """Mean over the sides of the median distances."""
    out = {}
    for one, other in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
        pairs = [(f"{one}_{side}", f"{other}_{side}") for side in ("left", "right")]
        if all(table.has(*pair) for pair in pairs):
            out[one, other] = float(np.mean([table.distance(*pair) for pair in pairs]))
    for name in ("hip", "shoulder"):
        if table.has(f"{name}_left", f"{name}_right"):
            out[name, name] = table.distance(f"{name}_left", f"{name}_right")
    return out


def _lowest(path: FloatArray) -> float:
    """Phase after the right foot's contact at which a path of the midline is lowest, steps."""
    first = path[: DENSE * 3 // 4, 1]
    return float(np.argmin(first)) / DENSE


def _periodic(curve: FloatArray, since: FloatArray) -> FloatArray:
    grid = np.arange(len(curve)) / DENSE
    return np.stack([np.interp(since, grid, column, period=len(curve) / DENSE) for column in curve.T], axis=1)
