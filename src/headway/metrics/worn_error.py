"""What more strides do not make better in a value from body-worn sensors: scale, level, heading, midstance, clocks; and what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headway.sensors.run import Run

SCALE_ERROR = 0.01
"""Standard error of the scale of a phone's or earphone's accelerometer."""
LEVEL_ERROR = 0.0005
"""Standard error of a sideways amplitude from what is left of roll and heading, m."""
FORWARD, RIGHT = 0, 2
FRONT_BY_START = "front of the head sensor told by the direction in which the runner sets off or comes to a stand"
MIDSTANCE = "midstance from the vertical rhythm, known to 3.5 degrees of the stride (41 trials with force plates)"
AT_THE_SENSOR = "at the sensor, not at the head's centre of mass"

SensorError = Callable[["Run", float], float]
"""Standard error of a value that more strides do not make smaller, in its own unit."""


def nothing(run: Run, value: float) -> float:
    """No error but the scatter of the strides."""
    return 0.0


def scaled(run: Run, value: float) -> float:
    """Scale of one accelerometer."""
    return SCALE_ERROR * value


def scaled_ratio(run: Run, value: float) -> float:
    """Scales of two accelerometers."""
    return SCALE_ERROR * np.sqrt(2) * value


def scaled_decibels(run: Run, value: float) -> float:
    """Scales of two accelerometers, dB."""
    return 20 * np.log10(1 + SCALE_ERROR * np.sqrt(2))


def clock(run: Run, value: float = 0.0) -> float:
    """Alignment of the head sensor's clock, s."""
    head = run.tracks.get("head")
    return 0.0 if head is None or head.alignment is None else head.alignment.uncertainty


def contact(run: Run, value: float) -> float:
    """Contact time by a sensor on the foot, s."""
    from headway.sensors.contact import CONTACT_ERROR

    return CONTACT_ERROR


def sideways_size(where: str) -> SensorError:
    """Error of a sideways amplitude, m: scale, level, and forward motion that leaks in through the heading."""

    def error(run: Run, value: float) -> float:
        return float(np.hypot(SCALE_ERROR * value, _leak(run, where)))

    return error


def sideways_phase(where: str) -> SensorError:
    """Error of a sideways phase, rad: midstance, clock and leak."""

    def error(run: Run, value: float) -> float:
        from headway.sensors.prepare import midstance_error

        stride = float(np.median(run.strides.stop - run.strides.start))
        late = 0.0 if where == "sacrum" and run.reference == "sacrum" else 2 * np.pi * clock(run) / stride
        size = max(float(_path(run, where)[0, RIGHT]), 1e-4)
        return float(np.sqrt(midstance_error(run.reference, stride) ** 2 + late**2 + (_leak(run, where) / size) ** 2))

    return error


def sideways_asymmetry(where: str) -> SensorError:
    """Error of the sides' difference in the place at midstance, %: what leaks in at twice the stride frequency."""

    def error(run: Run, value: float) -> float:
        toward = abs(float(np.real(_mean_path(run, where)[0, RIGHT])))
        return float(200.0 * _path(run, where)[1, FORWARD] * _heading(run, where) / max(toward, 1e-4))

    return error


def _mean_path(run: Run, where: str) -> np.ndarray:
    from headway.signals import seen_mean

    return seen_mean(run.tracks[where].path(run.strides))


def _path(run: Run, where: str) -> np.ndarray:
    return np.abs(_mean_path(run, where))


def _heading(run: Run, where: str) -> float:
    """Tangent of the standard error of the heading."""
    from headway.sensors.body_axes import HEADING_ERROR

    return float(np.tan(HEADING_ERROR / (3.0 if run.tracks[where].facing.how == "declared" else 1.0)))


def _leak(run: Run, where: str) -> float:
    return float(np.hypot(LEVEL_ERROR, _path(run, where)[0, FORWARD] * _heading(run, where)))


def plain(run: Run) -> list[str]:
    """A plain measurement."""
    return []


def front_told(run: Run) -> list[str]:
    """How front and back of the head were told."""
    return [FRONT_BY_START] if run.tracks["head"].facing.how == "start" else []


def midstance_told(run: Run) -> list[str]:
    """How midstance was found."""
    return [MIDSTANCE]


def midstance_and_front_told(run: Run) -> list[str]:
    """Both."""
    return [MIDSTANCE, *front_told(run)]


def contact_told(run: Run) -> list[str]:
    """Which sensors told the contact times."""
    return [
        f"from the pitch rate of {run.contact_how}: 13 ms (standard deviation over 65 feet on an instrumented treadmill)"
    ]


def at_the_sensor(run: Run) -> list[str]:
    """The place whose acceleration it is."""
    return [AT_THE_SENSOR]
