"""The few points that every usual marker set can give, on one time base: what the motion-only models look at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import CubicSpline

from headway.errors import RecordingError
from headway.recording import FloatArray, Recording
from headway.signals import derivative, low_pass, runs, second_derivative

CHANNEL_RATE = 200.0
"""Samples per second of the common time base."""
CHANNEL_CUTOFF = 20.0
"""Low-pass of the points, Hz: below what 50 Hz recordings hold, above what shapes the force (Bobbert 1991: 7 harmonics of stance)."""
SIDES = ("left", "right")
TECHNICAL = tuple(range(1, 7))
FOREFOOT = ("mt1", "mt5", "mt2")
GROUND_TOLERANCE, GROUND_LEVEL = 0.03, 0.3
"""A foot point this near its lowest (m) and moving up or down no faster than this (m/s) may be on the ground."""
BELT_SLOWEST = 0.35
"""Slower ground is no belt, m/s."""
SMOOTHED = 0.7
"""Running speed is averaged over about a stride, s."""


@dataclass(frozen=True)
class BodyChannels:
    """Points of the body on the common time base.

    Attributes
    ----------
    time
        s, shape (n,).
    position
        By name, m, shape (n, 3), forward, up, right: ``pelvis``, ``trunk``, and per side ``thigh``, ``shank``, ``heel``, ``fore``, ``toe``,
        as far as they are marked.
    ground
        Forward velocity of the ground (minus the belt's speed; 0 overground), m/s.
    speed
        Speed of the pelvis over the ground, m/s, shape (n,), smoothed over about a stride.
    source_rate
        Frames per second of the recording.
    """

    time: FloatArray
    position: dict[str, FloatArray]
    ground: float
    speed: FloatArray
    source_rate: float
    _velocity: dict[str, FloatArray] = field(default_factory=dict, repr=False)
    _acceleration: dict[str, FloatArray] = field(default_factory=dict, repr=False)

    def has(self, *names: str) -> bool:
        """Tell whether every named channel is there."""
        return all(name in self.position for name in names)

    def velocity(self, name: str) -> FloatArray:
        """Velocity, m/s, shape (n, 3); forward relative to the ground."""
        if name not in self._velocity:
            self._velocity[name] = derivative(self.position[name], CHANNEL_RATE) - np.array([self.ground, 0.0, 0.0])
        return self._velocity[name]

    def acceleration(self, name: str) -> FloatArray:
        """Acceleration, m/s², shape (n, 3)."""
        if name not in self._acceleration:
            self._acceleration[name] = second_derivative(self.position[name], CHANNEL_RATE)
        return self._acceleration[name]


def body_channels(recording: Recording) -> BodyChannels:
    """Build the channels of an oriented recording with landmarks.

    Raises
    ------
    RecordingError
        No pelvis, or no foot with heel and forefoot.
    """
    raw = _raw_channels(recording)
    if "pelvis" not in raw:
        raise RecordingError(recording.source, "the pelvis is not marked", "add ASIS and PSIS or sacrum markers")
    if not any(f"heel_{side}" in raw or f"fore_{side}" in raw or f"toe_{side}" in raw for side in SIDES):
        raise RecordingError(recording.source, "no foot is marked", "add heel and forefoot markers")
    time, position = _common_time(recording, raw)
    ground = _ground_velocity(position)
    pelvis = derivative(position["pelvis"][:, 0], CHANNEL_RATE)
    return BodyChannels(time, position, ground, _slow(pelvis) - ground, recording.rate)


def mean_point(recording: Recording, names: list[str]) -> FloatArray:
    """Mean of several points that does not jump when one of them drops out, m, shape (frames, 3)."""
    values = recording.points.sel(point=names).transpose("time", "point", "axis").to_numpy()
    if values.shape[1] == 1:
        return values[:, 0]
    seen = np.asarray(np.isfinite(values).all(-1))
    if seen.all():
        return values.mean(1)
    whole = seen.all(1)
    if whole.sum() >= 10:
        offset = np.mean(values[whole] - values[whole].mean(1, keepdims=True), axis=0)
    else:
        centre = np.nansum(values, axis=1, keepdims=True) / np.maximum(seen.sum(1), 1)[:, None, None]
        deviation = np.where(seen[..., None], values - centre, 0.0)
        offset = deviation.sum(0) / np.maximum(seen.sum(0), 1)[:, None]
    count: np.ndarray = seen.sum(1)
    total = np.where(seen[..., None], values - offset, 0.0).sum(1)
    return np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)


def _raw_channels(recording: Recording) -> dict[str, FloatArray]:
    present = _well_seen(recording)
    names: dict[str, list[str]] = {}
    names["trunk"] = _in(present, "c7", "suprasternal") or _in(present, "acromion_left", "acromion_right")
    for side in SIDES:
        names[f"thigh_{side}"] = _in(present, *(f"thigh_{side}_{k}" for k in TECHNICAL)) or _pair(
            present, side, ("hip", "trochanter"), ("knee", "knee_lateral")
        )
        names[f"shank_{side}"] = _in(present, *(f"shank_{side}_{k}" for k in TECHNICAL)) or _pair(
            present, side, ("knee", "knee_lateral"), ("ankle", "ankle_lateral")
        )
        rear = [name for name in ("heel", "heel_lateral", "ankle_lateral", "ankle") if f"{name}_{side}" in present]
        names[f"heel_{side}"] = [f"{name}_{side}" for name in rear[:1]]
        names[f"fore_{side}"] = _in(present, *(f"{name}_{side}" for name in FOREFOOT))
        names[f"toe_{side}"] = _in(present, f"toe_{side}")
    channels = {channel: mean_point(recording, points) for channel, points in names.items() if points}
    front, back = (
        _in(present, "asis_left", "asis_right"),
        _in(present, "psis_left", "psis_right") or _in(present, "sacrum"),
    )
    ends = [mean_point(recording, points) for points in (front, back) if points]
    hips = _in(present, "hip_left", "hip_right")
    if ends:
        channels["pelvis"] = _middle(ends)
    elif hips:
        channels["pelvis"] = mean_point(recording, hips)
    return channels


def _middle(ends: list[FloatArray]) -> FloatArray:
    """Middle of front and back, whichever markers make them up: the pelvis pitches, and its front and back do not move alike."""
    if len(ends) == 1:
        return ends[0]
    offset = np.nanmean(ends[1] - ends[0], axis=0) / 2
    return np.where(
        np.isnan(ends[0]), ends[1] - offset, np.where(np.isnan(ends[1]), ends[0] + offset, (ends[0] + ends[1]) / 2)
    )


def _well_seen(recording: Recording) -> set[str]:
    """Names of the points that are there in at least half of the frames."""
    share = np.isfinite(recording.points.transpose("time", "point", "axis").to_numpy()).all(-1).mean(0)
    return {name for name, seen in zip(recording.names(), share, strict=True) if seen > 0.5}


def _in(present: set[str], *names: str) -> list[str]:
    return [name for name in names if name in present]


def _pair(present: set[str], side: str, upper: tuple[str, ...], lower: tuple[str, ...]) -> list[str]:
    """One point at each end of a segment, or nothing."""
    ends = [_in(present, *(f"{name}_{side}" for name in end))[:1] for end in (upper, lower)]
    return ends[0] + ends[1] if all(ends) else []


def _common_time(recording: Recording, raw: dict[str, FloatArray]) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Low-pass all channels and read them on the common time base; gaps stay gaps."""
    stacked = np.concatenate(list(raw.values()), axis=1)
    smooth = low_pass(stacked, recording.rate, CHANNEL_CUTOFF)
    own = recording.time
    time = own[0] + np.arange(int((own[-1] - own[0]) * CHANNEL_RATE + 1e-6) + 1) / CHANNEL_RATE
    out = np.full((len(time), stacked.shape[1]), np.nan)
    whole = np.isfinite(smooth).all(0)
    if whole.any():
        out[:, whole] = CubicSpline(own, smooth[:, whole])(time)
    for column in np.flatnonzero(~whole):
        for start, stop in runs(np.isfinite(smooth[:, column])):
            inside = (time >= own[start]) & (time <= own[stop - 1])
            if stop - start >= 5:
                out[inside, column] = CubicSpline(own[start:stop], smooth[start:stop, column])(time[inside])
    return time, {name: out[:, 3 * k : 3 * k + 3] for k, name in enumerate(raw)}


def _ground_velocity(position: dict[str, FloatArray]) -> float:
    """Median forward velocity of the feet's points while they are low and level, m/s; overground 0."""
    pooled = []
    for point in ("fore", "toe", "heel"):
        for name in (f"{point}_{side}" for side in SIDES if f"{point}_{side}" in position):
            height, velocity = position[name][:, 1], derivative(position[name], CHANNEL_RATE)
            with np.errstate(invalid="ignore"):
                low = height < np.nanpercentile(height, 5) + GROUND_TOLERANCE
                low &= np.abs(velocity[:, 1]) < GROUND_LEVEL
            pooled.append(velocity[low & np.isfinite(velocity[:, 0]), 0])
        if sum(map(len, pooled)) > 0.1 * CHANNEL_RATE:
            break
    values = np.concatenate(pooled) if pooled else np.zeros(0)
    ground = float(np.median(values)) if len(values) else 0.0
    return ground if abs(ground) > BELT_SLOWEST else 0.0


def _slow(values: FloatArray) -> FloatArray:
    """Moving mean over ``SMOOTHED``, with the mean of what is there at the ends and beside gaps."""
    half = int(SMOOTHED / 2 * CHANNEL_RATE)
    seen = np.isfinite(values)
    index = np.arange(len(values))
    first, last = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    weight = np.concatenate(([0.0], np.cumsum(seen)))
    total = np.concatenate(([0.0], np.cumsum(np.where(seen, values, 0.0))))
    count = weight[last] - weight[first]
    return np.where(count > 0, (total[last] - total[first]) / np.maximum(count, 1.0), np.nan)
