"""Where a foot lands and leaves: coarse contacts from how the foot moves with the ground, then linear refinement.

The refinement is a ridge regression from the motion around a first guess to the time that is missing to the event. Its weights are fitted
to force plates by ``benchmarks/fit_motion_models.py`` and read from ``headway/data``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.body.channels import CHANNEL_RATE, BodyChannels
from headway.recording import GRAVITY, FloatArray, Recording
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
SLOW, LOW, LEVEL = 0.3, 0.05, 0.35
"""A planted foot: forward and upward speed over the ground as shares of the running speed, and height above its lowest, m."""
LOWEST = 2
"""Percentile of a point's height that counts as its height on the ground."""
SLOWEST_SPEED = 1.5
"""Slower runners are judged as if they ran this fast, m/s."""
COARSE_SHIFT = {"initial_contact": -0.022, "toe_off": 0.013}
"""Mean place of the events beside the ends of the planted phase, s (12 treadmill runners)."""
SHORTEST_PLANTED = BRIDGED = 0.04
"""Shortest planted phase, and longest interruption of one, s."""
REACH = (0.05, 0.03)
"""Furthest that one wide and one narrow refinement may move an event, s."""
HELD = 0.06
"""Motion beyond the ends of a recording is taken as that at its end for no longer than this, s."""
HELD_ERROR = 0.15
"""Standard error for each second of motion that had to be held so (1-6 ms for 20-60 ms in recordings cut on purpose)."""
FITTED_SET = "RBDS (Fukuchi 2017)"
"""Marker set of the laboratory in which events and forces from motion were fitted to plates."""
OTHER_LABORATORY = 2.0
"""Factor on errors of events, forces and vertical gains in other laboratories' marker sets: from eight recordings of four other runners with plates
(vertical gains off by 3.6 % where the error for a new runner of the fitted laboratory is 1.8 %); forward gains scatter more than that."""
PARAMETERS = "event_models.npz"


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
        s per unit, for a wide and a narrow search, shape (2, features).
    offset
        s, shape (2,).
    centre, spread
        Mean and standard deviation of the features in the fitted recordings, shape (features,).
    error
        Standard error against force plates on runners left out, s, scaled so that 95 % intervals hold.
    """

    kind: str
    channels: str
    weights: FloatArray
    offset: FloatArray
    centre: FloatArray
    spread: FloatArray
    error: float

    def refine(self, body: BodyChannels, side: str, guess: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Move guesses (s, shape (k,)) to the event by one wide and two narrow corrections.

        Returns the times, NaN where the motion around them is not there, and how far that motion is from what the model was fitted on
        (1 = alike, mean square of the standardised features).
        """
        time = np.asarray(guess, float)
        signals = event_signals(body, side, self.channels, self.kind)
        around = read_window(body, signals, time)
        for stage in (0, 1, 1):
            change = around @ self.weights[stage] + self.offset[stage]
            time = time + np.clip(change, -REACH[stage], REACH[stage])
            around = read_window(body, signals, time)
        novelty = (((around - self.centre) / self.spread) ** 2).mean(1)
        return np.where(np.isfinite(novelty), time, np.nan), novelty


EventModels = dict[tuple[str, str], EventModel]
"""By kind and channels."""


def elsewhere(recording: Recording) -> float:
    """Factor on what events and forces from motion are off by in the fitted laboratory, for the marker set of a recording."""
    return 1.0 if recording.marker_set == FITTED_SET else OTHER_LABORATORY


def event_signals(body: BodyChannels, side: str, channels: str, kind: str) -> FloatArray:
    """Signals that a model looks at, shape (n, signals): velocities in running speeds, accelerations in g, posture in m."""
    speed = np.maximum(body.speed, SLOWEST_SPEED)[:, None]
    columns = []
    for channel in CHANNEL_SETS[channels]:
        name = channel if channel == "pelvis" else f"{channel}_{side}"
        velocity, acceleration = body.velocity(name)[:, :2] / speed, body.acceleration(name)[:, :2] / GRAVITY
        columns += [velocity[:, 1:], acceleration] if channel == "pelvis" else [velocity, acceleration]
    return np.concatenate([*columns, _posture(body, side, channels, kind)], axis=1)


def _posture(body: BodyChannels, side: str, channels: str, kind: str) -> FloatArray:
    """How the foot lands and where it leaves, m, shape (n, signals).

    Landing: heights of the foot's points over their lowest, which tell a rearfoot from a forefoot strike. Toe-off: how far the foot is behind
    the pelvis, from the mean over the recording.
    """
    foot = [body.position[f"{point}_{side}"] for point in CHANNEL_SETS[channels] if point in ("heel", "fore")]
    if kind == "initial_contact":
        heights = np.column_stack([place[:, 1] for place in foot])
        return heights - np.nanpercentile(heights, LOWEST, axis=0)
    behind = foot[0][:, :1] - body.position["pelvis"][:, :1]
    return behind - np.nanmean(behind)


def read_window(body: BodyChannels, signals: FloatArray, time: FloatArray) -> FloatArray:
    """Signals at ``WINDOW`` around each time (s), shape (k, window * signals); NaN where they are not there."""
    at = (time[:, None] + WINDOW - body.time[0]) * CHANNEL_RATE
    last, held = len(body.time) - 1, HELD * CHANNEL_RATE
    outside = ~((at >= -held) & (at <= last + held))
    at = np.clip(np.where(outside, 0.0, at), 0.0, last - 1e-6)
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
    fast = np.fmax(body.speed, SLOWEST_SPEED)
    with np.errstate(invalid="ignore"):
        down = (np.abs(velocity[:, 0]) < SLOW * fast) & (np.abs(velocity[:, 1]) < LEVEL * fast)
        down &= height < np.nanpercentile(height, 5) + LOW
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


def held(body: BodyChannels, time: FloatArray) -> FloatArray:
    """How much of the window around each time lies beyond the recording, s, shape (k,)."""
    before = body.time[0] - (time + WINDOW[0])
    after = time + WINDOW[-1] - body.time[-1]
    return np.maximum(np.maximum(before, after), 0.0)


def usable_models(body: BodyChannels, side: str, kind: str, models: EventModels | None = None) -> list[EventModel]:
    """Models (of the parameter file, where no others are given) whose channels are there, best first."""
    models = models or load_event_models()
    return [
        models[kind, channels]
        for channels, names in CHANNEL_SETS.items()
        if all(body.has(name if name == "pelvis" else f"{name}_{side}") for name in names)
    ]


@lru_cache(maxsize=1)
def load_event_models() -> EventModels:
    """All event models of the parameter file, by kind and channels."""
    out = {}
    with (files("headway") / "data" / PARAMETERS).open("rb") as file, np.load(file) as data:
        for kind in KINDS:
            for channels in CHANNEL_SETS:
                key = f"{kind}/{channels}/"
                parts = [data[key + name].astype(float) for name in ("weights", "offset", "centre", "spread")]
                out[kind, channels] = EventModel(kind, channels, *parts, error=float(data[key + "error"]))
    return out
