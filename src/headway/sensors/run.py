"""A run ready to be measured: every sensor on one clock, in the runner's axes, cut into strides with known feet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from headway.options import Options
from headway.periodic import time_derivative
from headway.recording import ComplexArray, Flag, FloatArray
from headway.sensors.body_axes import Facing
from headway.sensors.clocks import Alignment
from headway.sensors.harmonics import Strides
from headway.sensors.level import Levelled
from headway.sensors.recording import SensorRecording
from headway.sensors.rhythm import Rhythm


@dataclass(frozen=True)
class SensorTrack:
    """One sensor of a run.

    Attributes
    ----------
    where
        Place on the body.
    level
        Level signals on the run's clock.
    harmonics
        Per stride in the runner's axes, phase 0 at right midstance, shape (strides, harmonics, 6).
    facing
        How forward was found.
    alignment
        How its clock was found; ``None`` for the reference.
    clipped
        Whether its accelerometer cut peaks off.
    """

    where: str
    level: Levelled
    harmonics: ComplexArray
    facing: Facing
    alignment: Alignment | None
    clipped: bool

    @property
    def rate(self) -> float:
        """Samples per second."""
        return self.level.rate

    @property
    def rotates(self) -> bool:
        """Whether its rotation is known."""
        return self.level.rotation is not None

    def path(self, strides: Strides) -> ComplexArray:
        """Harmonics of the place, m, shape (strides, harmonics, 3)."""
        return time_derivative(self.harmonics[..., :3], strides.frequency, -2)


@dataclass(frozen=True, eq=False)
class Run:
    """All of a run.

    Attributes
    ----------
    recording, options
        What it was made from.
    strides
        Strides of steady running, one from every step.
    side
        +1 right, -1 left: the foot that begins each stride.
    sides_known
        How the feet were told apart: ``pelvis``, ``foot`` or ``""`` (left and right may be exchanged).
    tracks
        Sensors on head and trunk by place.
    beat
        Rhythm of the reference.
    reference
        Place that sets the beat.
    contact
        Contact time per stride, s, NaN where no foot or shank sensor tells it.
    contact_how
        Sensor and method of the contact times.
    speed
        Of each stride by the watch (or declared), m/s, NaN without.
    flags
        What to know.
    """

    recording: SensorRecording
    options: Options
    strides: Strides
    side: FloatArray
    sides_known: str
    tracks: dict[str, SensorTrack]
    beat: Rhythm
    reference: str
    contact: FloatArray
    contact_how: str
    speed: FloatArray
    flags: tuple[Flag, ...] = field(default=())

    @property
    def carried(self) -> FloatArray:
        """Share of the time spent in steady running."""
        total = self.beat.time[-1] - self.beat.time[0]
        step = self.strides.middle - self.strides.start
        return step.sum() / total

    def flagged(self, *flags: Flag) -> Run:
        """Copy with flags added."""
        return replace(self, flags=(*self.flags, *flags))
