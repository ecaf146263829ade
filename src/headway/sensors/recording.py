"""What body-worn sensors measured, independent of the file it came from: SI units, each sensor on its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from headway.displayed import Displayed
from headway.errors import OptionError
from headway.options import Place
from headway.recording import Arguments, Flag, FloatArray, Processing

SIGNED_AXES = ("+x", "-x", "+y", "-y", "+z", "-z")


@dataclass(frozen=True)
class InertialSensor:
    """One sensor on the body.

    Attributes
    ----------
    where
        Place on the body.
    time
        s on the sensor's own clock, strictly rising, uneven as it was sampled; shape (n,). Samples that were lost are not in it.
    specific_force
        Acceleration minus gravity in sensor axes, m/s², shape (n, 3): at rest 9.81 upward. A column that was not recorded is NaN.
    angular_velocity
        Sensor axes, rad/s, shape (n, 3); ``None`` without gyroscope.
    orientation
        Quaternion w, x, y, z from sensor to earth axes as the device tells it, shape (n, 4); ``None`` where it does not.
    mount
        Which sensor axis points forward, up or right on the body, as declared (``{"up": "+z"}``).
    clock
        Name of the clock: sensors with the same name are synchronised. Empty: unknown.
    epoch
        Time zero in seconds since 1970, ``None`` where the file does not tell.
    source
        File, and what in it.
    clipped
        Whether the accelerometer cut peaks off, once it was checked (:mod:`headway.sensors.checks`).
    """

    where: Place
    time: FloatArray
    specific_force: FloatArray
    angular_velocity: FloatArray | None = None
    orientation: FloatArray | None = None
    mount: dict[str, str] = field(default_factory=dict)
    clock: str = ""
    epoch: float | None = None
    source: str = ""
    clipped: bool = False

    @property
    def rate(self) -> float:
        """Samples per second (median)."""
        return float(1.0 / np.median(np.diff(self.time)))

    @property
    def whole(self) -> bool:
        """Whether all three axes of the accelerometer were recorded."""
        return bool(np.isfinite(self.specific_force).any(0).all())

    def kept(self, mask: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> InertialSensor:
        """Copy with only the samples where ``mask`` (shape (n,)) is true, or those of the given numbers in that order."""
        gyro, turn = self.angular_velocity, self.orientation
        return replace(
            self,
            time=self.time[mask],
            specific_force=self.specific_force[mask],
            angular_velocity=None if gyro is None else gyro[mask],
            orientation=None if turn is None else turn[mask],
        )


@dataclass(frozen=True)
class Watch:
    """What a watch told, beside Headway's own values.

    Attributes
    ----------
    time
        s, shape (n,).
    series
        Name to values, shape (n,), NaN where absent: ``speed`` m/s, ``cadence`` steps/min (both legs), ``contact_time`` s,
        ``vertical_oscillation`` m, ``step_length`` m, ``contact_time_balance`` (share of the left foot), ``vertical_ratio``
        (oscillation per step length), ``power`` and ``form_power`` W, ``leg_stiffness`` N/m, ``distance`` m, ``altitude`` m,
        ``heart_rate`` 1/min.
    epoch
        Time zero in seconds since 1970.
    source
        File.
    flags
        What the file holds and was not used.
    """

    time: FloatArray
    series: dict[str, FloatArray]
    epoch: float | None = None
    source: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, repr=False)
class SensorRecording(Displayed):
    """Everything that was worn on one run; never changed in place.

    Attributes
    ----------
    sensors
        One per place.
    watch
        Series of a watch, ``None`` without one.
    source, kind, subject
        Path, name of the format, subject.
    log
        Every processing step with its arguments, in order.
    flags
        What the reader found remarkable.
    """

    sensors: tuple[InertialSensor, ...]
    watch: Watch | None = None
    source: str = ""
    kind: str = "sensors"
    subject: str | None = None
    log: tuple[Processing, ...] = ()
    flags: tuple[Flag, ...] = ()
    view: Literal["sensor"] = "sensor"

    shown_by: ClassVar[str] = "headway.notebook.overviews:of_sensors"

    def sensor(self, *places: str) -> InertialSensor | None:
        """The sensor at the first of these places that wears one."""
        return next((one for place in places for one in self.sensors if one.where == place), None)

    @property
    def duration(self) -> float:
        """Length of the longest sensor's record, s."""
        return max(float(one.time[-1] - one.time[0]) for one in self.sensors)

    def logged(
        self, name: str, *, flags: Sequence[Flag] = (), arguments: Arguments | None = None, **changes: Any
    ) -> SensorRecording:
        """Return a copy with fields changed and the step that changed them written to the log."""
        step = Processing(name, arguments or {})
        return replace(self, log=(*self.log, step), flags=(*self.flags, *flags), **changes)


def axis_vector(name: str) -> FloatArray:
    """Unit vector of a signed axis name such as ``-y``.

    Raises
    ------
    OptionError
        For any other name.
    """
    if name not in SIGNED_AXES:
        raise OptionError("mount", f"{name!r} is no axis of a sensor", f"give one of {', '.join(SIGNED_AXES)}")
    out = np.zeros(3)
    out["xyz".index(name[1])] = 1.0 if name[0] == "+" else -1.0
    return out
