"""How a sensor lies to the runner: forward and right from the motion, and which foot is which, each with how sure that is.

What the patterns are was taken from the sacral markers of 37 trials of 13 runners at 2.5-4.5 m/s (Fukuchi 2017, Dorn 2012), in all of which
they held:
the forward acceleration at step frequency is greatest 13-58 degrees of the step after the vertical one (braking, then push-off), and
the pelvis' right side is lowest 96-154 degrees of the stride after right midstance (the side of the swinging leg sinks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from headway.recording import ComplexArray
from headway.sensors.harmonics import Strides
from headway.sensors.recording import InertialSensor, axis_vector
from headway.signals import seen_mean

FORWARD_AFTER_UP = np.radians(33.0)
"""Mean phase of the forward after the vertical acceleration at step frequency, of the step."""
ROLL_AFTER_MIDSTANCE = np.radians(120.0)
"""Mean phase of the pelvis' roll to the right after right midstance, of the stride."""
ACCELERATION_WEIGHT = 0.6
"""Weight of the acceleration beside the rotation where forward is looked for."""
HEADING_ERROR = np.radians(6.0)
"""Standard error of the forward direction."""


@dataclass(frozen=True)
class Facing:
    """Where the runner's forward direction lies in a sensor's level axes.

    Attributes
    ----------
    angle
        Turn about up from the first level axis to forward, rad, + left.
    how
        ``declared``, ``motion`` (front from braking and push-off, at the sacrum), ``start`` (front from how the runner sets off or stops),
        ``axis`` (front and back may be exchanged) or ``unknown``.
    contrast
        How clearly the steps' direction stands out from the strides', -1 to 1.
    """

    angle: float
    how: str
    contrast: float

    @property
    def front_known(self) -> bool:
        """Whether front and back are told apart."""
        return self.how in ("declared", "motion", "start")


def facing(sensor: InertialSensor, mounted: Rotation, harmonics: ComplexArray) -> Facing:
    """Find forward: declared, or the direction of the step's rhythm against that of the stride's.

    Parameters
    ----------
    sensor
        With what was declared of its mounting.
    mounted
        Mean pose, sensor to level axes.
    harmonics
        From :func:`headway.sensors.harmonics.stride_harmonics`.

    Notes
    -----
    To and fro repeats with every step (even harmonics of the stride), sideways with every stride (odd ones); nodding repeats with every step,
    rolling with every stride. Forward is the axis along which the even acceleration and the odd rotation stand out most. Against the pelvis' own axes
    this is 4 degrees off (root mean square of 43 trials of 15 runners; accelerations alone: 7), against the thorax' 7 degrees (alone: 27).
    The sign comes from braking before push-off.
    """
    for name, quarter in (("forward", 0.0), ("right", np.pi / 2)):
        if name in sensor.mount:
            level = mounted.apply(axis_vector(sensor.mount[name]))
            return Facing(float(np.arctan2(-level[2], level[0]) + quarter), "declared", 1.0)
    mean = seen_mean(harmonics)
    if not np.isfinite(mean[:, 0]).all():
        return Facing(0.0, "unknown", 0.0)
    values, axes = np.linalg.eigh(_across_and_along(mean))
    angle = float(np.arctan2(-axes[1, -1], axes[0, -1]))
    ahead = mean[1, 0] * np.cos(angle) - mean[1, 2] * np.sin(angle)
    if np.real(ahead * np.conj(mean[1, 1]) * np.exp(-1j * FORWARD_AFTER_UP)) < 0:
        angle += np.pi
    return Facing(angle, "motion", float(values[-1] - values[0]) / 2)


def _across_and_along(mean: ComplexArray) -> npt.NDArray[np.float64]:
    """Symmetric matrix over the two level axes, greatest along forward."""
    out = ACCELERATION_WEIGHT * (_share(mean[[1, 3]][:, [0, 2]]) - _share(mean[[0, 2]][:, [0, 2]]))
    if np.isfinite(mean[:, 3]).all():
        out = out + _share(mean[[0]][:, [3, 5]]) - _share(mean[[1]][:, [3, 5]])
    return out


def _share(rows: ComplexArray) -> npt.NDArray[np.float64]:
    power = np.real(np.einsum("ni,nj->ij", rows, np.conj(rows)))
    size = float(np.trace(power))
    return power / size if size > 0 else power


def turned(harmonics: ComplexArray, angle: float) -> ComplexArray:
    """Harmonics in the runner's axes forward, up, right (acceleration, then rotation)."""
    out = harmonics.copy()
    c, s = np.cos(angle), np.sin(angle)
    for first in (0, 3):
        ahead, aside = harmonics[..., first], harmonics[..., first + 2]
        out[..., first] = ahead * c - aside * s
        out[..., first + 2] = ahead * s + aside * c
    return out


def parity_signs(harmonics: ComplexArray, strides: Strides) -> npt.NDArray[np.float64]:
    """+1 or -1 per stride: whether its stretch has to swap feet to agree with the longest stretch.

    Notes
    -----
    Between two stretches the count of the steps is lost. Odd harmonics change their sign with the foot; the sign that makes a stretch like
    the longest one (all odd harmonics of acceleration and rotation, each against its spread) is taken.
    """
    odd = harmonics[:, [0, 2]].reshape(len(harmonics), -1)
    size = np.sqrt(seen_mean(np.abs(odd) ** 2))
    odd = odd / np.where(np.isfinite(size) & (size > 0), size, 1.0)
    names, counts = np.unique(strides.bout, return_counts=True)
    reference = seen_mean(odd[strides.bout == names[np.argmax(counts)]])
    out = np.ones(len(strides))
    for name in names:
        agreement = np.real(np.vdot(np.nan_to_num(seen_mean(odd[strides.bout == name])), np.nan_to_num(reference)))
        if agreement < 0:
            out[strides.bout == name] = -1.0
    return out


def swapped(harmonics: ComplexArray, signs: npt.NDArray[np.float64]) -> ComplexArray:
    """Harmonics with the feet of some strides exchanged: odd orders change their sign."""
    order = np.arange(1, harmonics.shape[1] + 1)
    factor = np.where(order % 2 == 1, signs[:, None], 1.0)
    return harmonics * factor[..., None]


def right_begins(harmonics: ComplexArray) -> tuple[bool, float]:
    """Tell from the pelvis' roll whether parity 0 is the right foot, and how clear the pattern is (0 to 1).

    Parameters
    ----------
    harmonics
        Of the sacrum, in the runner's axes.
    """
    roll = seen_mean(harmonics[:, 0, 3])
    along = np.real(roll * np.exp(-1j * ROLL_AFTER_MIDSTANCE))
    return bool(along > 0), float(abs(along) / abs(roll)) if abs(roll) > 0 else 0.0
