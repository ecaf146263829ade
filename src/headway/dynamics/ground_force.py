"""The measured ground force as one signal: plates summed, zero corrected, filtered, with its centre of pressure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.integrate import cumulative_trapezoid

from headway.recording import GRAVITY, Flag, FloatArray, Recording
from headway.signals import low_pass, runs
from headway.texts import TEXTS

UNLOADED = 40.0
"""A stream within this much of its lowest level carries no foot, N."""
LARGEST_OFFSET, LEAST_REST = 400.0, 0.15
"""A zero may be off by up to this (N) if the stream rests there for this share of the time."""
FORCE_CUTOFF = 50.0
"""Low-pass for the shape of the force, Hz."""
PRESSURE_FLOOR = 100.0
"""Vertical force above which a centre of pressure is trusted, N."""


@dataclass(frozen=True)
class PlateForce:
    """Ground force on the runner in oriented axes.

    Attributes
    ----------
    time
        s, shape (m,).
    streams
        Zero-corrected force per stream, N, shape (m, streams, 3).
    sides
        ``left``, ``right`` or ``""`` per stream.
    pressure
        Centre of pressure per stream, m, shape (m, streams, 3).
    corners
        m, shape (streams, 4, 3), or ``None``.
    noise
        Highest vertical force of an unloaded plate, N.
    flags
        What the zero correction found.
    gaps
        Samples in which a stream was not recorded (they count as 0 N), shape (m,).
    """

    time: FloatArray
    streams: FloatArray
    sides: tuple[str, ...]
    pressure: FloatArray
    corners: FloatArray | None
    noise: float
    flags: tuple[Flag, ...] = ()
    gaps: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    @property
    def rate(self) -> float:
        """Samples per second."""
        return float(1.0 / np.median(np.diff(self.time)))

    @cached_property
    def raw(self) -> FloatArray:
        """Sum of all streams, N, shape (m, 3)."""
        return self.streams.sum(1)

    @cached_property
    def total(self) -> FloatArray:
        """Sum of all streams, low-passed at ``FORCE_CUTOFF``, N, shape (m, 3)."""
        return low_pass(self.raw, self.rate, FORCE_CUTOFF)

    @cached_property
    def centre_of_pressure(self) -> FloatArray:
        """Vertical-force-weighted centre of pressure of all streams, m, shape (m, 3); NaN below ``PRESSURE_FLOOR``."""
        weight = np.where(np.isfinite(self.pressure).all(-1), np.clip(self.streams[..., 1], 0.0, None), 0.0)
        total = weight.sum(1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.nansum(self.pressure * weight[..., None], axis=1) / total[:, None]
        return np.where((total > PRESSURE_FLOOR)[:, None], mean, np.nan)

    def filtered(self, cutoff: float, time: FloatArray) -> FloatArray:
        """Total force low-passed at ``cutoff`` Hz and read at ``time`` (s), N, shape (len(time), 3); NaN outside the plates' time."""
        smooth = low_pass(self.raw, self.rate, cutoff)
        return read(self.time, smooth, time)

    def velocity(self, mass: float, cutoff: float) -> FloatArray:
        """Change of the centre-of-mass velocity since the first sample, m/s, shape (m, 3).

        The integral of F/m + g of the force low-passed at ``cutoff`` Hz, so that it is treated as marker velocities are.
        Only differences within recorded contacts and flight mean anything.
        """
        acceleration = low_pass(self.raw, self.rate, cutoff) / mass - np.array([0.0, GRAVITY, 0.0])
        return cumulative_trapezoid(acceleration, self.time, axis=0, initial=0.0)


def read(time: FloatArray, values: FloatArray, at: FloatArray) -> FloatArray:
    """Linear interpolation of every column of ``values`` (m, ...) at instants ``at``; NaN outside."""
    at = np.asarray(at, float)
    flat = values.reshape(len(values), -1)
    index = np.clip(np.searchsorted(time, at) - 1, 0, len(time) - 2)
    share = (at - time[index]) / (time[index + 1] - time[index])
    out = flat[index] * (1 - share)[:, None] + flat[index + 1] * share[:, None]
    slack = 1.5 * (time[1] - time[0])
    out[(at < time[0] - slack) | (at > time[-1] + slack)] = np.nan
    return out.reshape(len(at), *values.shape[1:])


def plate_force(recording: Recording) -> PlateForce | None:
    """Prepare the ground force of an oriented recording; ``None`` when it has none or no foot ever loads it."""
    data = recording.ground_force
    if data is None or not len(data["plate"]):
        return None
    time = data["time"].to_numpy()
    recorded = data["force"].transpose("time", "plate", "axis").to_numpy()
    gaps = np.asarray(~np.isfinite(recorded).all((1, 2)))
    force = np.nan_to_num(recorded, nan=0.0)
    if force[..., 1].max(initial=0.0) < 5 * UNLOADED:
        return None
    rate = 1.0 / float(np.median(np.diff(time)))
    corrected, noise, largest = np.empty_like(force), [], 0.0
    for stream in range(force.shape[1]):
        corrected[:, stream], restless, offset = _zeroed(force[:, stream], rate)
        largest = max(largest, offset)
        noise.append(restless)
    flags = ()
    if largest > 10.0:
        flags = (
            Flag(
                "plate_zero",
                "info",
                TEXTS("lab.plate_zero", largest=largest),
            ),
        )
    corners = data["corners"].to_numpy() if "corners" in data else None
    sides = tuple(str(side) for side in data["side"].to_numpy())
    pressure = data["centre_of_pressure"].transpose("time", "plate", "axis").to_numpy()
    return PlateForce(time, corrected, sides, pressure, corners, max(noise), flags, gaps)


def _zeroed(force: FloatArray, rate: float) -> tuple[FloatArray, float, float]:
    """Zero-corrected stream, its noise level (N) and the largest vertical offset removed (N)."""
    vertical = force[:, 1]
    lowest, highest = np.percentile(vertical, [5, 99.5])
    if highest - lowest < UNLOADED:  # the same all the time: no foot, whatever it reads
        level = np.median(force, axis=0)
        return force - level, float(np.abs(vertical - level[1]).max()), abs(float(level[1]))
    rests = float((np.abs(vertical - lowest) < UNLOADED).mean())
    if abs(lowest) > LARGEST_OFFSET or (abs(lowest) > 2.5 * UNLOADED and rests < LEAST_REST):
        return force, 0.0, 0.0  # never unloaded: nothing to find the zero from
    edge = max(int(0.01 * rate), 1)
    episodes = [(a + edge, b - edge) for a, b in runs(vertical < lowest + UNLOADED) if b - a > 4 * edge]
    if not episodes:
        return force, 0.0, 0.0
    centres = np.array([(a + b) / 2 for a, b in episodes])
    levels = np.array([np.median(force[a:b], axis=0) for a, b in episodes])
    rest = np.concatenate([np.abs(force[a:b, 1] - np.median(force[a:b, 1])) for a, b in episodes])
    restless = float(rest.max())
    if len(episodes) >= 5:
        padded = np.pad(levels, ((2, 2), (0, 0)), mode="edge")
        levels = np.median(np.stack([padded[k : k + len(levels)] for k in range(5)]), axis=0)
        index = np.arange(len(force))
        offset = np.column_stack([np.interp(index, centres, levels[:, axis]) for axis in range(3)])
    else:
        weights = np.array([b - a for a, b in episodes], float)
        offset = np.broadcast_to(np.average(levels, axis=0, weights=weights), force.shape)
    return force - offset, restless, float(np.abs(offset[:, 1]).max())
