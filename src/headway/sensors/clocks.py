"""One clock for all sensors: time stamps first, then common shakes, else the rhythm of the steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_erosion

from headway.errors import RecordingError
from headway.options import Place
from headway.recording import FloatArray
from headway.sensors.level import Levelled
from headway.sensors.recording import InertialSensor, SensorRecording
from headway.sensors.rhythm import GRID, Rhythm, demodulated, on_grid
from headway.sensors.shake import Shake
from headway.statistics import slope

BODY_LAG, BODY_LAG_ERROR = 0.007, 0.005
"""How much later the head's vertical acceleration comes than the sacrum's at step frequency: 3-11 ms in the two runners measured, s."""
BODY_CHANGE = 0.001
"""Standard deviation of the change of that lag over a run, which the steps cannot tell from a drift of the clocks, s."""
DRIFT_ERROR = 30e-6
"""Standard error of a drift that nothing tells: crystals of phones and earphones keep to 50 ppm, 1."""
WANDER = 0.5e-6
"""Standard deviation of the drift between two shakes around their line (warmth), 1."""
TOLD_APART = 30.0
"""Shakes at least this far apart tell a drift, s."""
ENDS = 1.0
"""The ends of a stretch, over which the rhythm's filter looks beyond it, s."""


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
    shakes
        How many common shakes were found.
    """

    where: str
    how: str
    offset: float
    uncertainty: float
    drift: float = 0.0
    at: float = 0.0
    shakes: int = 0

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
    reference: InertialSensor,
    other: InertialSensor,
    beat: Rhythm,
    level: Levelled,
    shaken: tuple[Shake, ...] = (),
    *,
    same_clock: bool,
) -> Alignment:
    """Find how the other sensor's clock lies to the reference's in the middle of the run.

    Parameters
    ----------
    reference, other
        On the same epoch.
    beat
        Rhythm of the reference.
    level
        The other sensor, levelled.
    shaken
        Their common shakes.
    same_clock
        The clocks were declared to be one.

    Notes
    -----
    A shake of both sensors in one hand tells the clocks to a millisecond or two at its time; two shakes tell how they drift. With one, the drift
    is that of the steps of one sensor against those of the other, as far as the run is long enough to show it; else the clocks may have gone
    apart by ``DRIFT_ERROR`` per second since. Without a shake the clocks can only be laid together by the steps, up to the time by which the
    head really is later (3-11 ms in two runners): phases keep that error and the vertical lag itself cannot be told.
    """
    if same_clock or (reference.clock and reference.clock == other.clock):
        return Alignment(other.where, "shared", 0.0, 0.0005)
    delay, times = _step_delay(beat, level, shaken[0].offset if shaken else 0.0)
    if not len(delay):
        if not shaken:
            return Alignment(other.where, "stamps", 0.0, 0.05)
        return _by_shakes(other.where, shaken, float(np.mean([one.middle for one in shaken])), (0.0, DRIFT_ERROR))
    centre = float(np.median(times))
    drift = _step_drift(delay, times)
    if shaken:
        return _by_shakes(other.where, shaken, centre, drift)
    offset = float(np.median(delay - drift[0] * (times - centre))) - (BODY_LAG if other.where == "head" else 0.0)
    return Alignment(other.where, "rhythm", offset, BODY_LAG_ERROR, drift[0], centre)


def _by_shakes(where: Place, shaken: tuple[Shake, ...], at: float, drift: tuple[float, float]) -> Alignment:
    """The offset at a time by one shake and the drift of the steps, or by the line through several."""
    time, offset, error = np.array([(one.middle, one.offset, one.uncertainty) for one in shaken]).T
    weight = 1.0 / error**2
    centre, middle = (float(np.average(values, weights=weight)) for values in (time, offset))
    error_there = float(1.0 / np.sqrt(weight.sum()))
    slope, slope_error = drift
    if np.ptp(time) > TOLD_APART:
        spread = weight @ (time - centre) ** 2
        slope = float(weight @ ((time - centre) * (offset - middle)) / spread)
        slope_error = float(np.hypot(1.0 / np.sqrt(spread), WANDER))
    uncertainty = float(np.hypot(error_there, slope_error * abs(at - centre)))
    return Alignment(where, "shake", middle + slope * (at - centre), uncertainty, slope, at, len(shaken))


def _step_drift(delay: FloatArray, times: FloatArray) -> tuple[float, float]:
    """Change of the delay of the steps per second, and its standard error as a drift of the clocks; nothing is told by a short run."""
    found = slope(times, delay)
    if found is None:
        return 0.0, DRIFT_ERROR
    error = float(np.hypot((found[2] - found[1]) / (2 * 1.96), BODY_CHANGE / np.ptp(times)))
    return (found[0], error) if error < DRIFT_ERROR else (0.0, DRIFT_ERROR)


def _step_delay(beat: Rhythm, level: Levelled, offset: float) -> tuple[FloatArray, FloatArray]:
    """Delay of the other's steps while both run, s, with its time; once per second."""
    vertical, gap = on_grid(level, beat.time + offset)
    phase = np.angle(demodulated(vertical, beat.phase))
    steady = _inside(beat) & ~gap
    steady = np.asarray(binary_erosion(steady, iterations=int(ENDS * GRID)), bool)
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
