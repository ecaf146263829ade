"""Curves of a filmed foot over its mean stride, by which its events are told, and what they say of running and walking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from headway.gait.film_stride import FORE, MeanStride
from headway.periodic import time_derivative, waveform
from headway.recording import GRAVITY, FloatArray

WHOLE_AT = np.arange(-0.5, 0.5, 1 / 32)
"""Where the whole stride is read, strides from the foot's anchor."""
POINTS = 256
"""Points of the mean stride at which channels are worked out."""
SOFT = 0.012
"""Heel and ball count as equally low within this height, m."""
SLOWEST_SPEED = 1.5
FORWARD_PATH = np.array(
    [0.0898 - 0.1777j, -0.0154 - 0.0015j, -0.0075 + 0.0055j, 0.0038 + 0.0017j, 0.0008, 0.0003 - 0.0003j]
)
"""Harmonics of the forward path of the ball of the foot against the hips, stride lengths, over the phase since the hips were lowest under this
foot (mean of 12 treadmill runners at 2.5-4.5 m/s)."""
LEVEL_HALF = 0.06
"""Half of the part of the stride, about its lowest hips, in which the ball of the foot is at rest on the ground, strides."""
RUNNING_BOUNCE, SURELY_RUNNING = 0.3, 0.6
"""Vertical acceleration of the hips at step frequency, g: runners have 0.7-1.4, walkers less or highest at midstance."""
PLANTED_HEIGHT, PLANTED_SPEED = 0.03, 0.35
"""A walker's foot on the ground: heel or ball this low (m), and this slow over the ground (share of the speed)."""


@dataclass(frozen=True)
class Observer:
    """Who points at the foot, as each errs in its own way: features that are constant over a film.

    Attributes
    ----------
    real
        1 for a pose model, 0 for exact points with noise.
    near
        +1 for the leg on the camera's side in a side view, -1 for the far one, 0 from behind or in front.
    front
        1 from in front.
    """

    real: float = 0.0
    near: float = 0.0
    front: float = 0.0


@dataclass(frozen=True)
class FootCurves:
    """Channels of one foot over the mean stride.

    Attributes
    ----------
    channels
        By name, shape (``POINTS`` + 1,), over phases from 0 to 2 pi.
    anchor
        Phase at which the ball of the foot is farthest forward at stride frequency (side) or the hips are lowest over it (rear), rad.
    frequency
        Strides per second.
    speed
        Of the ground past the hips, m/s; NaN in a rear view.
    eye
        Who points at it.
    """

    channels: dict[str, FloatArray]
    anchor: float
    frequency: float
    speed: float
    eye: Observer = Observer()

    def read(self, names: tuple[str, ...], phase: FloatArray, window: FloatArray) -> FloatArray:
        """Features around phases (rad, shape (k,)), shape (k, features): channels in the window, stride frequency, speed, eye."""
        at = (phase[:, None] + 2 * np.pi * self.frequency * window).ravel()
        values = self._at(names, at).reshape(len(phase), -1)
        return np.column_stack([values, np.tile(self._constant, (len(phase), 1))])

    def whole(self, names: tuple[str, ...]) -> FloatArray:
        """Features of the whole stride, shape (features,): channels at ``WHOLE_AT`` from the anchor, stride frequency, speed, eye."""
        return np.append(self._at(names, self.anchor + 2 * np.pi * WHOLE_AT).ravel(), self._constant)

    def _at(self, names: tuple[str, ...], phase: FloatArray) -> FloatArray:
        grid = np.linspace(0, 2 * np.pi, POINTS + 1)
        return np.column_stack([np.interp(phase % (2 * np.pi), grid, self.channels[name]) for name in names])

    @property
    def _constant(self) -> list[float]:
        return [self.frequency, *([] if np.isnan(self.speed) else [self.speed]), *astuple(self.eye)]


def foot_curves(
    mean: MeanStride, view: str, eye: Observer | None = None, other: MeanStride | None = None
) -> FootCurves:
    """Work out a foot's channels: heights in 0.05 m, velocities in running speeds (up: 3 m/s), the hips' acceleration in g.

    From behind and in front the other foot, where it is seen, helps to tell in which half of the stride this one stands.
    """
    waves = (1 - FORE) * mean.waves[:, :2] + FORE * mean.waves[:, 2:4]
    anchor = float(np.angle(waves[0, 0]))
    if view != "side":
        anchor = hips_lowest(mean, other)
        mean = levelled(mean, anchor)
    phase = np.arange(POINTS) * 2 * np.pi / POINTS
    place, velocity, acceleration = (mean.at(phase, order) for order in range(3))
    hips = (place[:, 4], velocity[:, 4])
    speed = float("nan")
    if view == "side":
        forward = (1 - FORE) * velocity[:, 0] + FORE * velocity[:, 2]
        speed = max(-float(np.mean(np.sort(forward)[: POINTS // 4])), SLOWEST_SPEED)
    channels = {"hips v": velocity[:, 4] / 1.5, "hips a": acceleration[:, 4] / GRAVITY}
    for name, share in (("heel", 0.0), ("ball", FORE), ("toe", 1.0)):
        height, rising = (
            (1 - share) * q[:, 1] + share * q[:, 3] + own for q, own in zip((place, velocity), hips, strict=True)
        )
        channels[f"{name} h"] = (height - np.sort(height)[8]) / 0.05
        channels[f"{name} vy"] = rising / 3.0
        if view == "side":
            channels[f"{name} vx"] = ((1 - share) * velocity[:, 0] + share * velocity[:, 2]) / speed + 1.0
    _lowest(channels, view)
    closed = {name: np.append(values, values[0]) for name, values in channels.items()}
    return FootCurves(closed, anchor, mean.frequency, speed, eye or Observer())


def hips_lowest(mean: MeanStride, other: MeanStride | None = None) -> float:
    """Phase (rad) at which the hips are lowest in the step of this foot: that half of the stride in which it is lower, and the other foot higher."""
    phase = (np.pi + float(np.angle(mean.waves[1, 4]))) / 2

    def rises(foot: MeanStride) -> float:
        place = foot.at(np.array([phase, phase + np.pi]))
        height = (1 - FORE) * place[:, 1] + FORE * place[:, 3]
        return float(height[1] - height[0])

    return phase if rises(mean) >= (0.0 if other is None else rises(other)) else phase + np.pi


def levelled(mean: MeanStride, middle: float) -> MeanStride:
    """Undo what perspective does to heights seen from behind or in front.

    The camera is above the feet: a foot looks lower the nearer it is, so that its height holds a share of the unseen forward path. How large
    that share is shows in midstance, where the ball of the foot really stays level; what the path is outside of stance is taken as in the mean of
    many runners.
    """
    numbers = np.arange(1, len(FORWARD_PATH) + 1)
    around = 2 * np.pi * np.linspace(-LEVEL_HALF, LEVEL_HALF, 9)
    velocity = mean.at(middle + around, 1)
    sinking = ((1 - FORE) * velocity[:, 1] + FORE * velocity[:, 3] + velocity[:, 4]).mean() / mean.frequency
    path = waveform(time_derivative(FORWARD_PATH, 2 * np.pi), around).mean()
    waves = mean.waves.copy()
    count = min(len(numbers), len(waves))
    seen = sinking / path * (FORWARD_PATH * np.exp(1j * numbers * middle))[:count]
    waves[:count, 1] -= seen
    waves[:count, 3] -= seen
    return replace(mean, waves=waves)


def _lowest(channels: dict[str, FloatArray], view: str) -> None:
    """Channels of whatever of heel and ball is lower: what lands first, whether the runner lands on the heel or the forefoot."""
    heights = 0.05 * np.stack([channels["heel h"], channels["ball h"]])
    least = heights.min(0)
    weight = np.exp(-(heights - least) / SOFT)
    channels["low h"] = (least - SOFT * np.log(weight.sum(0))) / 0.05
    weight /= weight.sum(0)
    for part in ("vy", "vx") if view == "side" else ("vy",):
        channels[f"low {part}"] = weight[0] * channels[f"heel {part}"] + weight[1] * channels[f"ball {part}"]


def runs_on(feet: Sequence[tuple[MeanStride, float]]) -> bool:
    """Whether the hips bounce as in running: lowest, and pushed up hardest, in the middle of the stances (rad) of the feet of one stretch together.

    One runner does not walk on one leg, and a camera that goes along may hide half of the bounce.
    """
    bounces = [-mean.waves[1, 4] * (4 * np.pi * mean.frequency) ** 2 / GRAVITY for mean, _ in feet]
    pushes = [(bounce * np.exp(-2j * middle)).real for bounce, (_, middle) in zip(bounces, feet, strict=True)]
    return float(np.mean(pushes)) > RUNNING_BOUNCE or max(map(abs, bounces)) > SURELY_RUNNING


def planted_phases(curves: FootCurves) -> tuple[float, float]:
    """Phases (rad) between which the foot of a walker is on the ground."""
    middle, height = _stance_middle(curves)
    down = height < PLANTED_HEIGHT
    if "low vx" in curves.channels:
        down &= np.abs(curves.channels["low vx"][:-1]) < PLANTED_SPEED
    order = (round(middle / 2 / np.pi * POINTS) + np.arange(POINTS)) % POINTS
    before, after = (POINTS // 2 if down.all() else max(int(np.argmax(~down[way])), 1) for way in (order[::-1], order))
    return middle - before * 2 * np.pi / POINTS, middle + after * 2 * np.pi / POINTS


def _stance_middle(curves: FootCurves) -> tuple[float, FloatArray]:
    """Phase (rad) around which the foot is low, and its height over the lowest (m, shape (``POINTS``,))."""
    height = 0.05 * curves.channels["low h"][:-1]
    phase = np.arange(POINTS) * 2 * np.pi / POINTS
    return float(np.angle(np.sum(np.exp(-np.maximum(height, 0) / 0.02 + 1j * phase)))), height
