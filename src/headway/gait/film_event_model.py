"""Where in the mean stride of a filmed foot initial contact and toe-off are: linear models fitted to force plates and rendered films.

Each event is told by several cues that fail for different reasons - the foot's height, its motion with the ground, the fall of the hips, and all of
the stride at once - and their answers are averaged. ``benchmarks/fit_film_events.py`` fits the weights and writes them to ``headway/data``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from headway.gait.foot_curves import FootCurves
from headway.recording import FloatArray

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
WHOLE_CUE = "whole stride"
WHOLE_SHARE = {"side": 0.75, "rear": 0.5}
"""Its weight in the answer by view; the others share the rest. From the side it errs less than they do on people left out, and does not shrink what
differs between runners and between legs."""
WINDOWS = np.array([np.arange(-0.16, 0.161, 0.02), np.arange(-0.08, 0.0801, 0.01)])
"""Instants around a guess at which channels are read, wide and narrow search, s."""
SEARCH = (0, 0, 1, 1, 1, 1, 1, 1)
"""Which search is made one after the other."""
REACH, WHOLE_REACH = 0.05, 0.12
"""Furthest that one search, and the whole stride, move an event, s."""
PARAMETERS = "film_event_models.npz"


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
    share: float

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
