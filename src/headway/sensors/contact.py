"""What a sensor on a foot or shank tells: which foot it is, and (foot, gyroscope, 90 Hz) the contact time."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from headway.recording import GRAVITY, FloatArray
from headway.sensors.harmonics import Strides
from headway.sensors.recording import InertialSensor, SensorRecording
from headway.sensors.rotation import slow
from headway.signals import low_pass

FEET = ("foot_right", "foot_left", "shank_right", "shank_left")
LEAST_RATE = 90.0
"""Samples per second that contact times need."""
CUTOFF = 20.0
"""Low-pass of the foot's pitch rate, Hz."""
SLAP = 2.0
"""The forefoot's slap turns the foot at least this fast, rad/s."""
STILL = 2.5
"""A standing foot turns more slowly than this, rad/s."""
SLAP_LATE, LIFT_EARLY = 0.012, 0.009
"""The slap's peak comes this much after initial contact, the first peak of the heel's lift this much before toe-off, s: means of 2789 contacts of 12
runners at 2.5-4.5 m/s on an instrumented treadmill (Fukuchi 2017; pitch rate from foot markers)."""
CONTACT_ERROR = 0.0134
"""Standard deviation of a foot's mean contact time against the treadmill's force, 65 feet of those trials (mean -2.6 ms), s."""
SHORTEST, LONGEST = 0.12, 0.45
"""Contact times of running, s."""


def foot_begins(recording: SensorRecording, strides: Strides) -> bool | None:
    """Whether parity 0 is the right foot, by a sensor on a foot or shank; ``None`` without one or without a clear answer.

    Notes
    -----
    In stance the foot stands and its sensor feels 1 g after the impact; in swing it is thrown about. The centre of the quietest part of
    the stride is that foot's midstance. Clocks need to agree only to a fifth of a stride.
    """
    sensor = recording.sensor(*FEET)
    if sensor is None:
        return None
    size = np.abs(np.linalg.norm(np.nan_to_num(sensor.specific_force), axis=1) - GRAVITY)
    inside = (sensor.time >= strides.start[0]) & (sensor.time < strides.stop[-1])
    if not inside.any():
        return None
    order = np.clip(np.searchsorted(strides.start, sensor.time[inside], side="right") - 1, 0, len(strides) - 1)
    share = (sensor.time[inside] - strides.start[order]) / (strides.stop[order] - strides.start[order])
    steady = share < 1.0
    turn = np.exp(2j * np.pi * share[steady]) * np.where(strides.parity[order[steady]] == 0, 1.0, -1.0)
    quiet = 1.0 / (1.0 + size[inside][steady] / GRAVITY)
    mean = np.sum(quiet * turn) / np.sum(quiet)
    if abs(mean) < 0.03:
        return None
    begins = bool(np.real(mean) > 0)
    return begins if sensor.where.endswith("right") else not begins


def contact_times(recording: SensorRecording, strides: Strides, side: FloatArray) -> tuple[FloatArray, str]:
    """Contact time of the steps that a foot sensor tells, s, shape (strides,), NaN elsewhere; and by which sensors.

    Notes
    -----
    The foot's pitch rate (toes down positive) has a short peak when the forefoot slaps down and a broad one while the heel lifts; initial contact
    and toe-off lie at fixed mean distances from the two peaks. Foot sensors are known to 12 ± 10 ms (Falbriard 2018).
    """
    out = np.full(len(strides), np.nan)
    used = []
    for where, sign in (("foot_right", 1.0), ("foot_left", -1.0)):
        sensor = recording.sensor(where)
        if sensor is None or not carries_contact(sensor):
            continue
        start, length = _contacts(sensor)
        own = np.flatnonzero(side == sign)
        if not len(start) or not len(own):
            continue
        middle = start + length / 2
        nearest = own[np.argmin(np.abs(strides.start[own][:, None] - middle[None]), axis=0)]
        near = np.abs(strides.start[nearest] - middle) < 0.15
        out[nearest[near]] = length[near]
        used.append(where)
    return out, ", ".join(used)


def carries_contact(sensor: InertialSensor) -> bool:
    """Whether a sensor can tell contact times: on the foot, with gyroscope, at 90 Hz or more."""
    return sensor.where in FEET[:2] and sensor.angular_velocity is not None and sensor.rate >= LEAST_RATE


def _contacts(sensor: InertialSensor) -> tuple[FloatArray, FloatArray]:
    """Initial contacts and lengths of all contacts of one foot, s."""
    time = np.arange(sensor.time[0], sensor.time[-1], 1.0 / sensor.rate)
    rate = _pitch_rate(sensor, time)
    standing = _standing(rate, sensor.rate)
    after = int(0.12 * sensor.rate)
    lifted = [rate[k : k + after].sum() for k in standing]
    rate = low_pass(rate if np.median(lifted or [1.0]) > 0 else -rate, sensor.rate, CUTOFF)
    high = 0.6 * float(np.quantile(rate, 0.97))
    starts, lengths = [], []
    for k in standing:
        slaps, _ = find_peaks(rate[max(k - int(0.2 * sensor.rate), 0) : k], height=SLAP)
        lifts, _ = find_peaks(rate[k : k + int(0.35 * sensor.rate)], height=high)
        if not len(slaps) or not len(lifts):
            continue
        slap = max(k - int(0.2 * sensor.rate), 0) + slaps[-1]
        length = (k + lifts[0] - slap) / sensor.rate + SLAP_LATE + LIFT_EARLY
        if SHORTEST < length < LONGEST:
            starts.append(time[slap] - SLAP_LATE)
            lengths.append(length)
    return np.array(starts), np.array(lengths)


def _standing(rate: FloatArray, samples: float) -> list[int]:
    """The stillest instants of the foot, one per stride: where it turns least over 60 ms."""
    size = uniform_filter1d(np.abs(rate), max(int(0.06 * samples), 3))
    found, _ = find_peaks(-size, height=-STILL, distance=int(0.45 * samples))
    return found.tolist()


def _pitch_rate(sensor: InertialSensor, time: FloatArray) -> FloatArray:
    """Rate about the axis in which the foot turns most, rad/s; which way is toes down is not yet known."""
    spin = sensor.angular_velocity
    assert spin is not None
    spin = spin - slow(sensor.time, spin)
    axis = np.linalg.eigh(np.cov(spin.T))[1][:, -1]
    return np.interp(time, sensor.time, spin @ axis)
