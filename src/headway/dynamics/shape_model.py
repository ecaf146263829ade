"""Statistical model of the stance force: a waveform with its covariance from the motion of pelvis and legs.

Ridge regression from accelerations and upward velocities around stance to the leading shapes of the ground force, fitted by
``benchmarks/fit_motion_models.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.body.channels import CHANNEL_RATE, BodyChannels
from headway.recording import GRAVITY, FloatArray

PARAMETERS = "force_models.npz"
NODES = np.linspace(0.0, 1.0, 51)
"""Shares of stance at which the force is modelled."""
PHASES = np.arange(-0.25, 1.2501, 0.05)
"""Shares of stance at which accelerations are read."""
SPEED_PHASES = np.arange(-0.1, 1.1001, 0.1)
"""Shares of stance at which upward velocities are read: how hard each segment lands, and how it is lifted."""
MODELS: dict[str, tuple[str, ...]] = {
    "pelvis and legs": ("pelvis", "thigh", "shank", "heel", "other thigh", "other shank"),
    "pelvis and thighs": ("pelvis", "thigh", "other thigh"),
    "pelvis": ("pelvis",),
}
"""Channels of each model, best first; ``other`` is the swing leg. Each gives its upward and forward acceleration."""
COMPONENTS = ("forward", "up", "side")
"""Third component: toward the stance side."""
HELD = 0.06
"""Motion beyond the ends of a recording is taken as that at its end for no longer than this, s."""


@dataclass(frozen=True)
class Stance:
    """What is known of one stance before its force is estimated; times in s.

    Attributes
    ----------
    start, stop
        Initial contact and toe-off.
    side
        ``left`` or ``right``.
    period
        From the middle of the flight before to the middle of the flight after; NaN when an end is unknown.
    impulse
        Expected vertical impulse over that period, BW·s; over the stance alone where the flights are unknown.
    impulse_error
        Its standard error, BW·s.
    """

    start: float
    stop: float
    side: str
    period: float
    impulse: float
    impulse_error: float

    @property
    def duration(self) -> float:
        """Contact time, s."""
        return self.stop - self.start


@dataclass(frozen=True)
class ShapeModel:
    """Linear model from motion to stance force.

    Attributes
    ----------
    name
        Key of ``MODELS``.
    centre, spread
        Mean and standard deviation of the features, shape (features,).
    weights
        Standardised features (last row: constant) to shape scores, one array per component, (features + 1, scores).
    shapes
        Shapes, BW, one array per component, (scores, nodes).
    factor
        Root of the covariance of the errors on runners left out, BW, per component, (rank, nodes).
    error
        Standard error on runners left out per component and node, BW, shape (3, nodes), scaled so that 95 % intervals hold.
    """

    name: str
    centre: FloatArray
    spread: FloatArray
    weights: tuple[FloatArray, ...]
    shapes: tuple[FloatArray, ...]
    factor: tuple[FloatArray, ...]
    error: FloatArray

    def predict(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Force at ``NODES``, BW, shape (stances, nodes, 3), and novelty of the motion, shape (stances,): 1 = like the fitted runners."""
        standard = (features - self.centre) / self.spread
        novelty = (standard**2).mean(1)
        design = np.column_stack([standard, np.ones(len(standard))])
        curves = [design @ weights @ shapes for weights, shapes in zip(self.weights, self.shapes, strict=True)]
        return np.stack(curves, axis=2), novelty

    def covariance(self, component: int) -> FloatArray:
        """Covariance of the errors between nodes, BW², shape (nodes, nodes)."""
        return self.factor[component].T @ self.factor[component]


ShapeModels = dict[str, ShapeModel]
"""By name, best first."""


def channel_names(model: str, side: str) -> list[str]:
    """Names of the body's channels that a model needs for a stance on ``side``."""
    other = "left" if side == "right" else "right"
    return [
        name if name == "pelvis" else f"{name[6:]}_{other}" if name.startswith("other ") else f"{name}_{side}"
        for name in MODELS[model]
    ]


def stance_features(body: BodyChannels, stances: list[Stance], model: str) -> FloatArray:
    """Features of each stance, shape (stances, features); NaN where the motion is not there.

    Upward and forward accelerations in g at ``PHASES``, upward velocities in m/s at ``SPEED_PHASES``; contact time and its inverse, running
    speed, step time, expected mean force.
    """
    out = np.full((len(stances), (2 * len(PHASES) + len(SPEED_PHASES)) * len(MODELS[model]) + 5), np.nan)
    for side in ("left", "right"):
        mine = [k for k, stance in enumerate(stances) if stance.side == side]
        names = channel_names(model, side)
        if not mine or not body.has(*names):
            continue
        start, length = (np.array([[getattr(stances[k], part)] for k in mine]) for part in ("start", "duration"))
        pushed = np.concatenate([body.acceleration(name)[:, [1, 0]] for name in names], axis=1) / GRAVITY
        rising = np.column_stack([body.velocity(name)[:, 1] for name in names])
        read = _read(body, pushed, start + PHASES * length), _read(body, rising, start + SPEED_PHASES * length)
        out[mine, :-5] = np.concatenate([part.reshape(len(mine), -1) for part in read], axis=1)
    duration = np.array([stance.duration for stance in stances])
    period = np.array([stance.period for stance in stances])
    middle = np.array([stance.start + 0.5 * stance.duration for stance in stances])
    speed = np.interp(middle, body.time, body.speed)
    load = np.array([stance.impulse for stance in stances]) / duration
    # flights of 0.4 contact times are assumed where none is known
    unknown = np.isnan(period)
    period, load = np.where(unknown, 1.4 * duration, period), np.where(unknown, 1.4, load)
    out[:, -5:] = np.column_stack([duration, 1 / duration, speed, period, load])
    return out


def _read(body: BodyChannels, signals: FloatArray, times: FloatArray) -> FloatArray:
    at = (times - body.time[0]) * CHANNEL_RATE
    last, held = len(body.time) - 1, HELD * CHANNEL_RATE
    outside = ~((at >= -held) & (at <= last + held))
    at = np.clip(np.where(outside, 0.0, at), 0.0, last - 1e-6)
    index = at.astype(int)
    share = (at - index)[..., None]
    values = signals[index] * (1 - share) + signals[index + 1] * share
    values[outside] = np.nan
    return values


def held(body: BodyChannels, stances: Sequence[Stance]) -> FloatArray:
    """How much of the motion around each stance lies beyond the recording, s, shape (stances,)."""
    first = np.array([stance.start + PHASES[0] * stance.duration for stance in stances])
    last = np.array([stance.start + PHASES[-1] * stance.duration for stance in stances])
    return np.maximum(np.maximum(body.time[0] - first, last - body.time[-1]), 0.0)


@lru_cache(maxsize=1)
def load_shape_models() -> ShapeModels:
    """All force models of the parameter file, by name."""
    out = {}
    with (files("headway") / "data" / PARAMETERS).open("rb") as file, np.load(file) as data:
        for name in MODELS:

            def parts(field: str, name: str = name) -> tuple[FloatArray, ...]:
                return tuple(data[f"{name}/{field}/{component}"].astype(float) for component in COMPONENTS)

            centre, spread, error = (data[f"{name}/{field}"].astype(float) for field in ("centre", "spread", "error"))
            out[name] = ShapeModel(name, centre, spread, parts("weights"), parts("shapes"), parts("factor"), error)
    return out
