"""One clock for all sensors: time stamps first, then a common shake, else the rhythm of the steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.signal import correlate

from headway.errors import RecordingError
from headway.recording import FloatArray
from headway.sensors.level import Levelled
from headway.sensors.recording import InertialSensor, SensorRecording
from headway.sensors.rhythm import GRID, Rhythm, demodulated, on_grid

FINE = 200.0
"""Samples per second at which a shake is compared."""
SHAKE_SPAN = 2.0
"""Length of the piece of a shake that is compared, s."""
FARTHEST = 2.0
"""Largest clock difference that a shake can mend, s."""
ALIKE = 0.9
"""Two sensors in one hand agree at least this well in the sizes of force and turn (bodies that run: below 0.8)."""
BODY_LAG, BODY_LAG_ERROR = 0.007, 0.005
"""How much later the head's vertical acceleration comes than the sacrum's at step frequency: 3-11 ms in the two runners measured, s."""
LONG_ENOUGH = 300.0
"""From this overlap on clocks may drift apart visibly, s (20 ppm: 6 ms)."""


@dataclass(frozen=True)
class Alignment:
    """How one clock lies to the reference's.

    Attributes
    ----------
    where
        Sensor that was aligned.
    how
        ``shared``, ``shake``, ``rhythm`` or ``stamps``.
    offset
        Its clock minus the reference's at ``at``, s.
    uncertainty
        Standard error of the offset, s.
    drift
        Change of the offset per second, 1.
    at
        Time of the offset, s.
    """

    where: str
    how: str
    offset: float
    uncertainty: float
    drift: float = 0.0
    at: float = 0.0

    def corrected(self, time: FloatArray) -> FloatArray:
        """Times of the sensor's clock on the reference's, s."""
        return time - self.offset - self.drift * (time - self.at)

    @property
    def carries_lag(self) -> bool:
        """Whether a lag between the sensors can be told: not when their steps themselves were laid on top of each other."""
        return self.how in ("shared", "shake")


def on_common_epoch(recording: SensorRecording) -> SensorRecording:
    """Shift all times to the zero of the first sensor's clock and check that the records overlap.

    Raises
    ------
    RecordingError
        Two sensors were not recorded at the same time.
    """
    zero = recording.sensors[0].epoch
    sensors = [
        one if one.epoch is None or zero is None else replace(one, time=one.time + (one.epoch - zero), epoch=zero)
        for one in recording.sensors
    ]
    first = sensors[0]
    for one in sensors[1:]:
        overlap = min(one.time[-1], first.time[-1]) - max(one.time[0], first.time[0])
        if overlap < 10.0:
            apart = f"{-overlap:.0f} s apart" if overlap < 0 else f"only {overlap:.0f} s in common"
            raise RecordingError(
                one.source or one.where,
                f"the sensors at {first.where} and {one.where} do not overlap in time ({apart})",
                "give recordings of the same run",
            )
    watch = recording.watch
    if watch is not None and watch.epoch is not None and zero is not None:
        watch = replace(watch, time=watch.time + (watch.epoch - zero), epoch=zero)
    return replace(recording, sensors=tuple(sensors), watch=watch)


def align(
    reference: InertialSensor, other: InertialSensor, beat: Rhythm, level: Levelled, *, same_clock: bool
) -> Alignment:
    """Find how the other sensor's clock lies to the reference's.

    Parameters
    ----------
    reference, other
        On the same epoch.
    beat
        Rhythm of the reference.
    level
        The other sensor, levelled.
    same_clock
        The clocks were declared to be one.

    Notes
    -----
    A shake of both sensors in one hand gives both the same sizes of specific force and angular velocity, whatever their mounting; their
    cross-correlation tells the clocks to a millisecond or two. Without it the clocks can only be laid together by the steps, up to the time by
    which the head really is later (3-11 ms in two runners): phases keep that error and the vertical lag itself cannot be told.
    """
    if same_clock or (reference.clock and reference.clock == other.clock):
        return Alignment(other.where, "shared", 0.0, 0.0005)
    shaken = _shake(reference, other, beat)
    delay, times = _step_delay(beat, level, 0.0 if shaken is None else shaken[0])
    if not len(delay):
        return (
            Alignment(other.where, "stamps", 0.0, 0.05)
            if shaken is None
            else Alignment(other.where, "shake", *shaken[:2])
        )
    centre = float(np.median(times))
    drift = 0.0
    if np.ptp(times) > LONG_ENOUGH:
        drift = float(np.polyfit(times - centre, delay, 1)[0])
    if shaken is not None:
        return Alignment(other.where, "shake", shaken[0], shaken[1], drift, shaken[2])
    offset = float(np.median(delay - drift * (times - centre))) - (BODY_LAG if other.where == "head" else 0.0)
    return Alignment(other.where, "rhythm", offset, BODY_LAG_ERROR, drift, centre)


def _shake(reference: InertialSensor, other: InertialSensor, beat: Rhythm) -> tuple[float, float, float] | None:
    """Offset, its standard error and time of a common shake; ``None`` without one."""
    gyros = reference.angular_velocity is not None and other.angular_velocity is not None
    start, stop = max(reference.time[0], other.time[0]), min(reference.time[-1], other.time[-1])
    grid = np.arange(start, stop, 1.0 / FINE)
    calm = ~beat.running[np.clip(np.searchsorted(beat.time, grid), 0, len(beat.time) - 1)]
    sizes = [_sizes(one, grid, gyros) for one in (reference, other)]
    width, reach = int(SHAKE_SPAN * FINE), int(FARTHEST * FINE)
    found = []
    for begin in range(0, len(grid) - width, width // 4):
        piece = slice(begin, begin + width)
        if not calm[piece].all() or min(one[0][piece].std() for one in sizes) < 1.0:
            continue
        match = _best_match(sizes, piece, reach)
        if match is not None:
            found.append((*match, grid[begin] + SHAKE_SPAN / 2))
    if not found:
        return None
    table = np.array(found)
    offset = float(np.median(table[:, 0]))
    near = table[np.abs(table[:, 0] - offset) < 0.02]
    spread = float(near[:, 0].std() / np.sqrt(len(near)))
    slowest = min(reference.rate, other.rate)
    return offset, float(np.hypot(spread, 0.03 / slowest + 0.0003)), float(near[:, 2].mean())


def _sizes(sensor: InertialSensor, grid: FloatArray, gyro: bool) -> list[FloatArray]:
    """Sizes of specific force and (if both sensors have it) of angular velocity."""
    signals = [sensor.specific_force, sensor.angular_velocity] if gyro else [sensor.specific_force]
    return [np.interp(grid, sensor.time, np.linalg.norm(np.nan_to_num(x), axis=1)) for x in signals if x is not None]


def _best_match(sizes: list[list[FloatArray]], piece: slice, reach: int) -> tuple[float, float] | None:
    """Offset, s, and the least correlation over the signals at the best shift; ``None`` where they are not alike."""
    begin, end = max(piece.start - reach, 0), min(piece.stop + reach, len(sizes[0][0]))
    curves = []
    for mine, theirs in zip(*sizes, strict=True):
        curves.append(_correlation(mine[piece], theirs[begin:end]))
    joint = np.min(curves, axis=0)
    best = int(np.argmax(joint))
    if joint[best] < ALIKE or not 0 < best < len(joint) - 1:
        return None
    total = np.mean(curves, axis=0)[best - 1 : best + 2]
    bend = total[0] - 2 * total[1] + total[2]
    shift = 0.5 * (total[0] - total[2]) / bend if bend < 0 else 0.0
    return (begin + best + shift - piece.start) / FINE, float(joint[best])


def _correlation(short: FloatArray, long: FloatArray) -> FloatArray:
    """Pearson correlation of a piece with every place of a longer signal."""
    n = len(short)
    centred = short - short.mean()
    middle = long - long.mean()
    sums = np.concatenate([[0.0], np.cumsum(middle)])
    squares = np.concatenate([[0.0], np.cumsum(middle**2)])
    variance = (squares[n:] - squares[:-n]) - (sums[n:] - sums[:-n]) ** 2 / n
    size = np.sqrt(np.maximum(variance, 1e-9) * (centred**2).sum())
    return correlate(middle, centred, mode="valid") / np.maximum(size, 1e-9)


def _step_delay(beat: Rhythm, level: Levelled, offset: float) -> tuple[FloatArray, FloatArray]:
    """Delay of the other's steps while both run, s, with its time; once per second."""
    vertical, gap = on_grid(level, beat.time + offset)
    phase = np.angle(demodulated(vertical, beat.phase))
    steady = _inside(beat) & ~gap
    chosen = np.flatnonzero(steady)[:: int(GRID)]
    turn = phase[chosen]
    centre = np.angle(np.mean(np.exp(1j * turn))) if len(turn) else 0.0
    turn = centre + np.angle(np.exp(1j * (turn - centre)))
    return offset + turn / (2 * np.pi * beat.frequency[chosen]), beat.time[chosen]


def _inside(beat: Rhythm) -> npt.NDArray[np.bool_]:
    out = np.zeros(len(beat.time), bool)
    for bout in beat.bouts:
        out |= (beat.time >= bout.instants[0]) & (beat.time <= bout.instants[-1])
    return out
