"""Whether a sensor's numbers can be true: order of time, rate, units by gravity, clipping. One clear line where they cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from headway.bounds import LONGEST
from headway.errors import RecordingError
from headway.recording import GRAVITY, Flag, FloatArray
from headway.sensors.recording import InertialSensor
from headway.texts import TEXTS

LEAST_RATE = 20.0
"""Samples per second below which neither the step's second harmonic nor the rhythm is safe."""
SHORTEST = 4.0
"""Shortest record that is looked at, s."""
BLOCK = 5.0
"""Gravity is the mean specific force over blocks of this length, s."""
CLIPPED_SHARE = 0.002
"""Share of samples at an axis' extreme value above which it is said to be clipped."""
FASTEST_SPIN = 30.0
"""Root mean square of the angular velocity that no head or trunk reaches, rad/s."""
AT_REST = 1.5
"""Standard deviation of the specific force below which nothing moves, m/s²."""


def checked(sensor: InertialSensor) -> tuple[InertialSensor, tuple[Flag, ...]]:
    """Sort, drop what is not finite, and refuse what cannot be right.

    Raises
    ------
    RecordingError
        Too short, too slow, or in other units than declared.
    """
    clean = _ordered(sensor)
    rate, name = clean.rate, clean.source or clean.where
    if rate < LEAST_RATE:
        what = f"the {clean.where} sensor has {rate:.3g} samples per second; steps need at least {LEAST_RATE:g}"
        raise RecordingError(name, what, "record at 50 Hz or faster")
    flags = clipping(clean)
    if clean.where in ("head", "sacrum"):
        _gravity(clean, name, clipped=bool(flags))
    _spin(clean, name)
    return replace(clean, clipped=bool(flags)), (*flags, *_lost(clean))


def _ordered(sensor: InertialSensor) -> InertialSensor:
    """Strictly rising times and finite samples only."""
    name = sensor.source or sensor.where
    usable = np.isfinite(sensor.time) & np.isfinite(sensor.specific_force).any(1)
    recorded = np.isfinite(sensor.specific_force).any(0)
    usable &= np.isfinite(sensor.specific_force[:, recorded]).all(1)
    if sensor.angular_velocity is not None:
        usable &= np.isfinite(sensor.angular_velocity).all(1)
    if sensor.orientation is not None:
        usable &= np.isfinite(sensor.orientation).all(1)
    if usable.sum() < 2:
        raise RecordingError(name, "holds no numbers", "check that the app was recording this sensor")
    clean = sensor.kept(usable)
    if (np.diff(clean.time) <= 1e-6).any():
        order = np.argsort(clean.time, kind="stable")
        clean = clean.kept(order)
        clean = clean.kept(np.concatenate([[True], np.diff(clean.time) > 1e-6]))
    if len(clean.time) < 2 or clean.time[-1] - clean.time[0] < SHORTEST:
        length = float(clean.time[-1] - clean.time[0]) if len(clean.time) > 1 else 0.0
        raise RecordingError(
            name, f"the {clean.where} sensor ran for {length:.1f} s", f"record at least {SHORTEST:g} s of running"
        )
    if clean.time[-1] - clean.time[0] > LONGEST:
        hours = (clean.time[-1] - clean.time[0]) / 3600.0
        what = f"the times of the {clean.where} sensor span {hours:.3g} hours"
        raise RecordingError(name, what, "check the unit of the time stamps, and that none of them is damaged")
    return clean


def _gravity(sensor: InertialSensor, name: str, *, clipped: bool) -> None:
    """Compare the mean specific force with gravity: it must be there, in the declared unit."""
    force = np.nan_to_num(sensor.specific_force)
    size = gravity_size(sensor.time, force)
    if not sensor.whole:
        size = max(size, float(np.abs(force.mean(0)).max()))
    share = size / GRAVITY
    if 0.75 < share < (1.4 if clipped else 1.25):
        return
    if 0.07 < share < 0.14:
        what = f"the mean force of the {sensor.where} sensor is {size:.2f} m/s²: these numbers are in g, not m/s²"
        raise RecordingError(name, what, 'declare unit = "g"')
    if 7.0 < share < 13.0:
        what = f"the mean force of the {sensor.where} sensor is {share:.1f} g: these numbers are in m/s², not g"
        raise RecordingError(name, what, 'declare unit = "m/s2"')
    moving = float(force.std(0).max()) > AT_REST
    if share < 0.2 and moving:
        what = f"the mean force of the {sensor.where} sensor is {share:.2f} g: gravity has been taken out"
        raise RecordingError(name, what, "record the accelerometer with gravity, or the gravity vector beside it")
    what = f"the mean force of the {sensor.where} sensor is {share:.2f} g instead of 1 g"
    raise RecordingError(
        name, what, "check the unit; a sensor that turns over while it records (in a hand) shows this too"
    )


def gravity_size(time: FloatArray, force: FloatArray) -> float:
    """Size of the mean specific force over blocks of five seconds, median of the blocks, m/s²."""
    block = np.unique(np.floor((time - time[0]) / BLOCK), return_inverse=True)[1]
    count = np.bincount(block)
    mean = np.column_stack([np.bincount(block, column) for column in force.T]) / count[:, None]
    return float(np.median(np.linalg.norm(mean, axis=1)))


def _spin(sensor: InertialSensor, name: str) -> None:
    if sensor.angular_velocity is None:
        return
    size = float(np.sqrt((sensor.angular_velocity**2).sum(1).mean()))
    if size > FASTEST_SPIN and sensor.where in ("head", "sacrum"):
        what = f"the {sensor.where} sensor turns at {size:.0f} rad/s: these numbers are in degrees per second"
        raise RecordingError(name, what, 'declare unit = "deg/s" for the gyroscope')


def clipping(sensor: InertialSensor) -> tuple[Flag, ...]:
    """Say which axes stand at an extreme value again and again: the sensor (or its file) cuts there."""
    found = []
    for axis, column in zip("xyz", sensor.specific_force.T, strict=True):
        if not np.isfinite(column).all():
            continue
        for extreme, word in ((column.max(), "words.cut_above"), (column.min(), "words.cut_below")):
            at = column == extreme
            if at.mean() > CLIPPED_SHARE and _in_rows(at):
                found.append(TEXTS(word, axis=axis, size=extreme / GRAVITY, share=100 * at.mean()))
    if not found:
        return ()
    text = TEXTS("flags.clipped", where=sensor.where, names=", ".join(found))
    return (Flag(f"clipped_{sensor.where}", "error", text),)


def _in_rows(at: npt.NDArray[np.bool_]) -> bool:
    """At least three times two samples in a row."""
    return int((at[1:] & at[:-1]).sum()) >= 3


def _lost(sensor: InertialSensor) -> tuple[Flag, ...]:
    """Say how much is missing."""
    expected = (sensor.time[-1] - sensor.time[0]) * sensor.rate + 1
    lost = 1.0 - len(sensor.time) / expected
    longest = float(np.diff(sensor.time).max())
    if lost < 0.005 and longest < 0.25:
        return ()
    text = TEXTS("flags.dropouts", where=sensor.where, share=100 * max(lost, 0), longest=longest)
    return (Flag(f"dropouts_{sensor.where}", "warning" if lost > 0.05 else "info", text),)
