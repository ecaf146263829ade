"""From sensors as read to a run ready to be measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.errors import RecordingError
from headway.options import Options
from headway.recording import Flag, FloatArray
from headway.sensors import body_axes
from headway.sensors.checks import checked
from headway.sensors.clocks import Alignment, align, on_common_epoch
from headway.sensors.contact import contact_times, foot_begins
from headway.sensors.front import told_sign, way_ahead
from headway.sensors.harmonics import Strides, stride_harmonics
from headway.sensors.level import Levelled, levelled
from headway.sensors.recording import InertialSensor, SensorRecording
from headway.sensors.rhythm import SEARCHED, STEP_FREQUENCY, Rhythm, grid_of, rhythm
from headway.sensors.run import Run, SensorTrack
from headway.sensors.shake import Shake, shakes, within
from headway.sensors.turning import gyroscope_checked
from headway.sensors.watch import hills, speed_at
from headway.signals import seen_mean
from headway.texts import TEXTS

TRUNK = ("sacrum", "head")
"""Places that can set the beat, best first."""
MIDSTANCE_AFTER = np.radians(4.7)
"""Midstance after the greatest vertical acceleration at step frequency, of the stride, at the sacrum: 41 trials of 15 runners (Fukuchi 2017, Dorn
2012, Hamner 2013), standard deviation ``MIDSTANCE_ERROR``."""
MIDSTANCE_ERROR = np.radians(3.5)
HEAD_LATER = 0.007
"""The head's vertical acceleration comes this much after the sacrum's, s (3-11 ms in two runners)."""
LARGEST_SWING = np.radians(25.0)
"""Half swing per stride that no head or trunk makes: the sensor is loose, or in a hand."""


def prepare(recording: SensorRecording, options: Options | None = None) -> Run:
    """Check, level, align and cut a sensor recording into strides.

    Raises
    ------
    RecordingError
        No sensor on head or sacrum, nobody runs, a sensor in the hand, records that do not overlap, wrong units.
    """
    options = options or Options()
    recording = on_common_epoch(_cut(recording, options))
    sensors, flags = [], list(recording.flags)
    for one in recording.sensors:
        clean, told = checked(one)
        clean, turned = gyroscope_checked(clean) if clean.where in TRUNK else (clean, ())
        sensors.append(clean)
        flags += (*told, *turned)
    recording = replace(recording, sensors=tuple(sensors))
    reference = recording.sensor(*TRUNK)
    if reference is None:
        places = ", ".join(one.where for one in sensors)
        raise RecordingError(
            recording.source,
            f"no sensor is on the sacrum or the head (there is: {places})",
            "wear one at the sacrum, one on the head",
        )
    level = levelled(reference)
    if level is None:
        raise RecordingError(
            reference.source or recording.source, "the gaps leave no piece of four seconds", "record again"
        )
    shaken = _shaken(recording, options, reference)
    grid = grid_of(level)
    beat = rhythm(level, hills(recording.watch, grid), within(shaken, grid))
    strides = _strides(beat, reference, recording.source)
    tracks, strides, notes = _tracks(recording, options, reference, level, beat, strides, shaken)
    flags += notes
    run = _sided(recording, options, strides, tracks, beat, reference.where)
    return run.flagged(*flags)


def _cut(recording: SensorRecording, options: Options) -> SensorRecording:
    if not recording.sensors:
        raise RecordingError(recording.source, "holds no inertial sensor", "record accelerometer and gyroscope")
    if options.start is None and options.stop is None:
        return recording
    zero = recording.sensors[0].epoch
    kept = []
    for one in recording.sensors:
        shift = 0.0 if zero is None or one.epoch is None else one.epoch - zero
        low = -np.inf if options.start is None else options.start - shift
        high = np.inf if options.stop is None else options.stop - shift
        inside = (one.time >= low) & (one.time <= high)
        if not inside.any():
            raise RecordingError(
                one.source or one.where, "nothing was recorded between --start and --stop", "check both times"
            )
        kept.append(one.kept(inside))
    return recording.logged("cut", arguments={"start": options.start, "stop": options.stop}, sensors=tuple(kept))


def _shaken(recording: SensorRecording, options: Options, reference: InertialSensor) -> tuple[Shake, ...]:
    """Common shakes of the two sensors on head and trunk, looked for before anybody runs."""
    other = next((one for one in recording.sensors if one.where in TRUNK and one is not reference), None)
    return () if other is None else shakes(reference, other)


def _strides(beat: Rhythm, reference: InertialSensor, source: str) -> Strides:
    """Every step that begins a whole stride of steady running."""
    rows = []
    for number, bout in enumerate(beat.bouts):
        inner = bout.instants[1:-1]
        for k in range(len(inner) - 2):
            rows.append((inner[k], inner[k + 1], inner[k + 2], (bout.first + 1 + k) % 2, number))
    if not rows:
        raise _nobody_runs(beat, reference.source or source)
    table = np.array(rows)
    return Strides(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(int), table[:, 4].astype(int))


def _nobody_runs(beat: Rhythm, source: str) -> RecordingError:
    """Say what the recording shows instead of running."""
    moving = beat.amplitude > 1.0
    if not moving.any():
        return RecordingError(source, "nobody moves in this recording", "start it before the run")
    size, pace = float(np.median(beat.amplitude[moving])), 60 * float(np.median(beat.frequency[moving]))
    if pace <= 60 * STEP_FREQUENCY[0] * 1.05 and pace > 60 * SEARCHED[0]:
        what = f"this looks like a walk: {pace:.0f} steps/min with a vertical acceleration of ±{size:.1f} m/s²"
    else:
        what = f"no stretch of steady running was found (rhythm {pace:.0f}/min, vertical acceleration ±{size:.1f} m/s²)"
    return RecordingError(source, what, "record at least ten seconds of steady running, straight on")


def _tracks(
    recording: SensorRecording,
    options: Options,
    reference: InertialSensor,
    level: Levelled,
    beat: Rhythm,
    strides: Strides,
    shaken: tuple[Shake, ...],
) -> tuple[dict[str, SensorTrack], Strides, list[Flag]]:
    """Level, align and fit every sensor on head and trunk; the strides come back with feet that agree between stretches."""
    tracks: dict[str, SensorTrack] = {}
    flags: list[Flag] = []
    signs: FloatArray | None = None
    for where in TRUNK:
        sensor = recording.sensor(where)
        if sensor is None:
            continue
        alignment = None
        own = level
        if sensor is not reference:
            found = levelled(sensor)
            if found is None:
                flags.append(Flag(f"gaps_{where}", "error", TEXTS("flags.gaps", where=where)))
                continue
            alignment = align(reference, sensor, beat, found, shaken, same_clock=options.same_clock)
            own = replace(found, time=alignment.corrected(found.time))
            flags.append(_aligned(alignment))
        harmonics = stride_harmonics(own, strides)
        if signs is None:
            signs = body_axes.parity_signs(harmonics, strides)
        harmonics = body_axes.swapped(harmonics, signs)
        _refuse_loose(sensor, harmonics)
        facing = body_axes.facing(sensor, own.mounted, harmonics)
        if where == "head":
            facing = _head_facing(recording, own, facing)
        tracks[where] = SensorTrack(where, own, harmonics, facing, alignment, sensor.clipped)
    if signs is not None:
        strides = replace(strides, parity=np.where(signs < 0, 1 - strides.parity, strides.parity))
    return tracks, strides, flags


def _aligned(found: Alignment) -> Flag:
    off = f"{1000 * found.offset:+.0f} ± {1000 * found.uncertainty:.0f} ms"
    told = [TEXTS(f"flags.clock_{found.how}", where=found.where, n=found.shakes, off=off)]
    if abs(found.drift) > 2e-6:
        told.append(TEXTS("flags.clock_drift", drift=1e6 * found.drift))
    if found.how == "shake" and found.shakes == 1:
        told.append(TEXTS("flags.clock_second_shake"))
    level = "info" if found.carries_lag else "warning"
    return Flag(f"clock_{found.where}", level, "; ".join(told))


def _refuse_loose(sensor: InertialSensor, harmonics: np.ndarray) -> None:
    swing = np.abs(seen_mean(harmonics[:, 0, 3:]))
    if np.isfinite(swing).all() and swing.max() > LARGEST_SWING:
        what = f"the {sensor.where} sensor swings ±{np.degrees(swing.max()):.0f} degrees with every stride: it is in a hand, or loose"
        raise RecordingError(
            sensor.source or sensor.where, what, "fix it firmly (a belt at the sacrum, a cap on the head)"
        )


def _sided(
    recording: SensorRecording,
    options: Options,
    strides: Strides,
    tracks: dict[str, SensorTrack],
    beat: Rhythm,
    reference: str,
) -> Run:
    """Tell the feet apart and turn everything into the runner's axes, phase 0 at right midstance."""
    turned = {where: body_axes.turned(track.harmonics, track.facing.angle) for where, track in tracks.items()}
    known, right_first = _feet(recording, strides, tracks, turned)
    if options.swap_sides:
        right_first = not right_first
    flip = np.full(len(strides), 1.0 if right_first else -1.0)
    later = MIDSTANCE_AFTER
    if reference == "head":
        later = later - HEAD_LATER * float(np.median(strides.frequency))
    out: dict[str, SensorTrack] = {}
    for where, track in tracks.items():
        shape = body_axes.swapped(turned[where], flip)
        shape = shape * np.exp(-1j * later * np.arange(1, shape.shape[1] + 1))[:, None]
        out[where] = replace(track, harmonics=shape)
    side = np.where((strides.parity == 0) == right_first, 1.0, -1.0)
    contact, how = contact_times(recording, strides, side)
    speed = speed_at(recording.watch, options.speed, strides)
    return Run(recording, options, strides, side, known, out, beat, reference, contact, how, speed)


def _head_facing(recording: SensorRecording, level: Levelled, facing: body_axes.Facing) -> body_axes.Facing:
    """Front and back of the head, told by how the runner sets off and stops; never by the swing that is measured afterwards."""
    sensor = recording.sensor("head")
    if facing.how != "motion" or sensor is None:
        return facing
    sign = told_sign(way_ahead(sensor, level), facing.angle)
    if sign == 0.0:
        return replace(facing, how="axis")
    return replace(facing, angle=facing.angle + (np.pi if sign < 0 else 0.0), how="start")


def _feet(
    recording: SensorRecording, strides: Strides, tracks: dict[str, SensorTrack], turned: dict[str, np.ndarray]
) -> tuple[str, bool]:
    """How the feet were told apart, and whether parity 0 is the right one."""
    told = foot_begins(recording, strides)
    if told is not None:
        return "foot", told
    sacrum = tracks.get("sacrum")
    if sacrum is not None and sacrum.rotates:
        right, clear = body_axes.right_begins(turned["sacrum"])
        if clear > 0.3:
            return "pelvis", right
    return "", True


def midstance_error(run_reference: str, stride_time: float) -> float:
    """Standard error of midstance as the vertical rhythm tells it, rad of the stride."""
    own: FloatArray | float = MIDSTANCE_ERROR
    if run_reference == "head":
        own = float(np.hypot(own, 2 * np.pi * 0.004 / stride_time))
    return float(own)
