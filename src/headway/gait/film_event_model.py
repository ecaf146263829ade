"""Where in the mean stride of a filmed foot initial contact and toe-off are: linear models fitted to force plates and rendered films.

Each event is told by several cues that fail for different reasons - the foot's height, its motion with the ground, the fall of the hips, and all of
the stride at once - and their answers are averaged. ``benchmarks/fit_film_events.py`` fits the weights and writes them to ``headway/data``.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.gait.film_stride import FORE, MeanStride
from headway.periodic import time_derivative, waveform
from headway.recording import GRAVITY, FloatArray

KINDS = ("initial_contact", "toe_off")
HIGHEST = {30: 10.0, 60: 14.0, 120: 20.0}
"""Highest harmonic of the mean stride by frames per second, Hz; one set of models for each, the last for all that are faster."""
HIPS = ("hips v", "hips a")
CUES: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("side", "initial_contact"): {"lowest point": ("low h", "low vx", "low vy", *HIPS), "hips": HIPS},
    ("side", "toe_off"): {
        "toe height": ("toe h", "toe vy", *HIPS),
        "toe and heel forward": ("toe vx", "heel vx", *HIPS),
        "hips": HIPS,
    },
    ("rear", "initial_contact"): {"lowest point": ("low h", "low vy", *HIPS), "hips": HIPS},
    ("rear", "toe_off"): {"toe height": ("toe h", "toe vy", *HIPS), "hips": HIPS},
}
"""Channels of every cue by view and event: h height over its lowest, v velocity (x forward relative to the ground, y up), a acceleration."""
WHOLE: dict[str, tuple[str, ...]] = {
    "side": ("heel h", "heel vy", "heel vx", "toe h", "toe vy", "toe vx", "ball vx", "low h", *HIPS),
    "rear": ("heel h", "heel vy", "toe h", "toe vy", "low h", *HIPS),
}
"""Channels of the cue that looks at the whole stride, by view."""
WHOLE_CUE, WHOLE_SHARE = "whole stride", 0.5
"""Its name, and its weight in the answer; the others share the rest. Alone it errs as much as they do together, but not alike."""
WHOLE_AT = np.arange(-0.5, 0.5, 1 / 32)
"""Where it reads the channels, strides from the foot's anchor."""
WINDOWS = np.array([np.arange(-0.16, 0.161, 0.02), np.arange(-0.08, 0.0801, 0.01)])
"""Instants around a guess at which channels are read, wide and narrow search, s."""
SEARCH = (0, 0, 1, 1, 1, 1, 1, 1)
"""Which search is made one after the other."""
REACH, WHOLE_REACH = 0.05, 0.12
"""Furthest that one search, and the whole stride, move an event, s."""
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
PARAMETERS = "film_event_models.npz"


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


def runs_on(mean: MeanStride, curves: FootCurves) -> bool:
    """Whether the hips bounce as in running: lowest, and pushed up hardest, in the middle of this foot's stance."""
    middle, _ = _stance_middle(curves)
    bounce = -mean.waves[1, 4] * (4 * np.pi * mean.frequency) ** 2 / GRAVITY
    return bool((bounce * np.exp(-2j * middle)).real > RUNNING_BOUNCE or abs(bounce) > SURELY_RUNNING)


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


@dataclass(frozen=True)
class Cue:
    """Linear model of the time from a guess to an event, by one cue.

    Attributes
    ----------
    channels
        Names.
    weights, offset
        s per unit and s, for the wide and the narrow search, shapes (2, features) and (2,).
    share
        Weight of this cue's answer among all.
    """

    channels: tuple[str, ...]
    weights: FloatArray
    offset: FloatArray
    share: float = 1.0

    def refine(self, curves: FootCurves, phase: float) -> float:
        """Move a guess (rad) to the event."""
        turn = 2 * np.pi * curves.frequency
        for stage in SEARCH:
            around = curves.read(self.channels, np.array([phase]), WINDOWS[stage])
            change = float((around @ self.weights[stage])[0] + self.offset[stage])
            phase += turn * float(np.clip(change, -REACH, REACH))
        return phase


@dataclass(frozen=True)
class WholeStride:
    """Linear model of the time from the first guess to an event, by all of the mean stride.

    A cue that reads around a guess stays near the usual stride where the motion there is not the usual one; this one is fitted to runners whose
    contacts are long and short for their pace (``benchmarks/film_event_runners.py``).

    Attributes
    ----------
    channels
        Names.
    weights, offset
        s per unit, shape (features,), and s.
    share
        Weight of this cue's answer among all.
    """

    channels: tuple[str, ...]
    weights: FloatArray
    offset: float
    share: float = WHOLE_SHARE

    def refine(self, curves: FootCurves, phase: float) -> float:
        """Move the first guess (rad) to the event."""
        change = float(curves.whole(self.channels) @ self.weights) + self.offset
        return phase + 2 * np.pi * curves.frequency * float(np.clip(change, -WHOLE_REACH, WHOLE_REACH))


@dataclass(frozen=True)
class FoundEvent:
    """Where an event is in the mean stride.

    Attributes
    ----------
    phase
        rad.
    apart
        Standard deviation of what its cues say, s: the events of feet whose cues disagree are off by more.
    """

    phase: float
    apart: float


@dataclass(frozen=True)
class FilmEventModel:
    """How to find one event in the mean stride.

    Attributes
    ----------
    start
        First guess after the foot's anchor, rad.
    cues
        Whose answers are averaged.
    """

    start: float
    cues: tuple[Cue | WholeStride, ...]

    def find(self, curves: FootCurves) -> FoundEvent:
        """Phase of the event, and how far its cues are apart."""
        guess = curves.anchor + self.start
        shares = np.array([cue.share for cue in self.cues])
        told = np.array([cue.refine(curves, guess) for cue in self.cues])
        phase = float(guess + shares @ (told - guess))
        return FoundEvent(phase, float(np.sqrt(shares @ (told - phase) ** 2)) / (2 * np.pi * curves.frequency))


FilmEventModels = dict[str, FilmEventModel]
"""Models of one view and frame rate, by kind of event."""


def nearest_rate(rate: float) -> int:
    """Frame rate whose models serve a film of this one."""
    return min(HIGHEST, key=lambda known: abs(np.log(known / rate)))


def highest_harmonic(rate: float) -> float:
    """Highest harmonic (Hz) that a film of this frame rate carries."""
    known = nearest_rate(rate)
    return HIGHEST[known] * min(1.0, rate / known)


@lru_cache(maxsize=16)
def load_film_event_models(view: str, rate: int) -> FilmEventModels:
    """Models of one view (``side`` or ``rear``) and one of the known frame rates."""
    events: FilmEventModels = {}
    with (files("headway") / "data" / PARAMETERS).open("rb") as file, np.load(file) as data:
        for kind in KINDS:
            cues: list[Cue | WholeStride] = []
            for name, channels in CUES[view, kind].items():
                key = f"{view}/{rate}/{kind}/{name}/"
                weights, offset = (data[key + part].astype(float) for part in ("weights", "offset"))
                cues.append(Cue(channels, weights, offset, float(data[key + "share"])))
            key = f"{view}/{rate}/{kind}/{WHOLE_CUE}/"
            whole = data[key + "weights"].astype(float), float(data[key + "offset"]), float(data[key + "share"])
            cues.append(WholeStride(WHOLE[view], *whole))
            events[kind] = FilmEventModel(float(data[f"{view}/{rate}/{kind}/start"]), tuple(cues))
    return events
