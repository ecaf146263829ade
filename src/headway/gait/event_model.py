"""Where in a recording a foot lands and leaves: coarse contacts from how the foot moves, then linear refinement.

The refinement is a ridge regression from the motion around a first guess to the time that is missing to the event. Its weights are fitted
to force plates by ``benchmarks/fit_motion_models.py`` and read from ``headway/data``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from headway.gait.body_channels import CHANNEL_RATE, BodyChannels
from headway.recording import GRAVITY, FloatArray
from headway.signals import runs

KINDS = ("initial_contact", "toe_off")
WINDOW = np.arange(-0.08, 0.0801, 0.01)
"""Instants around a guess at which the motion is read, s."""
CHANNEL_SETS: dict[str, tuple[str, ...]] = {
    "foot, leg and pelvis": ("heel", "fore", "shank", "thigh", "pelvis"),
    "foot and pelvis": ("heel", "fore", "pelvis"),
    "heel, leg and pelvis": ("heel", "shank", "thigh", "pelvis"),
    "forefoot and pelvis": ("fore", "pelvis"),
    "heel and pelvis": ("heel", "pelvis"),
}
"""Which channels a model looks at; best first."""
COARSE_SLOW, COARSE_LOW, COARSE_LEVEL = 0.3, 0.05, 0.35
"""A planted foot: forward and upward speed over the ground as shares of the running speed, and height above its lowest, m."""
COARSE_SPEED = 1.5
"""Slower runners are judged as if they ran this fast, m/s."""
COARSE_SHIFT = {"initial_contact": -0.022, "toe_off": 0.013}
"""Mean place of the events beside the ends of the planted phase, s."""
SHORTEST_PLANTED, BRIDGED = 0.04, 0.04
REACH = {0: 0.05, 1: 0.03}
"""Furthest that one refinement may move an event, s."""


@dataclass(frozen=True)
class EventModel:
    """Linear model of the time from a guess to an event.

    Attributes
    ----------
    kind
        ``initial_contact`` or ``toe_off``.
    channels
        Key of ``CHANNEL_SETS``.
    weights
        s per unit, shape (stages, features).
    offset
        s, shape (stages,).
    error
        Root mean square error against force plates on runners left out, s.
    """

    kind: str
    channels: str
    weights: FloatArray
    offset: FloatArray
    error: float

    def refine(self, body: BodyChannels, side: str, guess: FloatArray) -> FloatArray:
        """Move guesses (s, shape (k,)) to the event: one wide and two narrow corrections; NaN where the motion around it is not there."""
        time = np.asarray(guess, float)
        signals = event_signals(body, side, self.channels)
        for stage in (0, 1, 1):
            change = read_window(body, signals, time) @ self.weights[stage] + self.offset[stage]
            time = time + np.clip(change, -REACH[stage], REACH[stage])
        return time


def event_signals(body: BodyChannels, side: str, channels: str) -> FloatArray:
    """Signals that a model looks at, shape (n, signals): velocities in running speeds, accelerations in g."""
    speed = np.maximum(body.speed, COARSE_SPEED)[:, None]
    columns = []
    for channel in CHANNEL_SETS[channels]:
        name = channel if channel == "pelvis" else f"{channel}_{side}"
        velocity, acceleration = body.velocity(name)[:, :2] / speed, body.acceleration(name)[:, :2] / GRAVITY
        columns += [velocity[:, 1:], acceleration] if channel == "pelvis" else [velocity, acceleration]
    return np.concatenate(columns, axis=1)


def read_window(body: BodyChannels, signals: FloatArray, time: FloatArray) -> FloatArray:
    """Signals at ``WINDOW`` around each time (s), shape (k, window * signals); held at the ends of the recording by at most 30 ms."""
    at = (time[:, None] + WINDOW - body.time[0]) * CHANNEL_RATE
    last = len(body.time) - 1
    outside = (at < -0.03 * CHANNEL_RATE) | (at > last + 0.03 * CHANNEL_RATE)
    at = np.clip(np.where(np.isfinite(at), at, 0.0), 0.0, last - 1e-6)
    index = at.astype(int)
    share = (at - index)[..., None]
    values = signals[index] * (1 - share) + signals[index + 1] * share
    values[outside] = np.nan
    return values.reshape(len(time), -1)


def planted(body: BodyChannels, side: str) -> list[tuple[float, float]]:
    """Phases in which a foot stays with the ground, s: slow over it, level and low."""
    name = next((f"{point}_{side}" for point in ("fore", "toe", "heel") if body.has(f"{point}_{side}")), None)
    if name is None:
        return []
    height, velocity = body.position[name][:, 1], body.velocity(name)
    fast = np.fmax(body.speed, COARSE_SPEED)
    with np.errstate(invalid="ignore"):
        down = (np.abs(velocity[:, 0]) < COARSE_SLOW * fast) & (np.abs(velocity[:, 1]) < COARSE_LEVEL * fast)
        down &= height < np.nanpercentile(height, 5) + COARSE_LOW
    merged: list[list[int]] = []
    for start, stop in runs(down):
        if merged and start - merged[-1][1] <= BRIDGED * CHANNEL_RATE:
            merged[-1][1] = stop
        else:
            merged.append([start, stop])
    return [
        (float(body.time[start]), float(body.time[stop - 1]))
        for start, stop in merged
        if stop - start >= SHORTEST_PLANTED * CHANNEL_RATE
    ]


def model_for(body: BodyChannels, side: str, kind: str) -> EventModel | None:
    """Best model for the channels that are there; ``None`` when not even the heel or forefoot and the pelvis are."""
    for channels, names in CHANNEL_SETS.items():
        if all(body.has(name if name == "pelvis" else f"{name}_{side}") for name in names):
            return load_event_models()[kind, channels]
    return None


@lru_cache(maxsize=1)
def load_event_models() -> dict[tuple[str, str], EventModel]:
    """All event models of the parameter file, by kind and channels."""
    with np.load(str(files("headway") / "data" / "event_models.npz")) as stored:
        data: dict[str, Any] = dict(stored)
    out = {}
    for i, kind in enumerate(KINDS):
        for j, channels in enumerate(CHANNEL_SETS):
            key = f"{i}{j}"
            out[kind, channels] = EventModel(
                kind, channels, data[f"weights{key}"].astype(float), data[f"offset{key}"], float(data[f"error{key}"])
            )
    return out
