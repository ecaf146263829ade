"""What makes runners of different size comparable: leg length, stride time, mass; and the speed in leg lengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.analysis import Analysis
from headway.comparison.result import Pace
from headway.comparison.terms import Term
from headway.experiments.speeds import agree
from headway.gait.runner import LEG_SHARE
from headway.recording import GRAVITY
from headway.results import Value

LIKELY_LEG = (0.4, 1.5)
"""m."""
STRIDES = ("stride_time", "step_time")
"""Times that are not told as a share of the stride: the stride is made of them."""


@dataclass(frozen=True)
class Size:
    """One runner's scales.

    Attributes
    ----------
    leg
        Leg length, m; ``None`` when lengths cannot be told in it.
    mass
        kg, or ``None``.
    stride
        Stride time and half of its 95 % interval, s; ``None`` when it was not measured.
    """

    leg: float | None = None
    mass: float | None = None
    stride: tuple[float, float] | None = None


@dataclass(frozen=True)
class Scaled:
    """How a measure is told independent of size: multiply by ``factor``; ``share`` is the relative 95 % error that the factor adds."""

    unit: str
    factor: float
    share: float = 0.0


def sizes(a: Analysis, b: Analysis) -> tuple[Size, Size, str]:
    """Scales of both runners, and where the leg length comes from (``stature``, ``hips`` or empty): always the same for both."""
    stature = [_stature(one) for one in (a, b)]
    hips = [hip_height(one.waveforms) for one in (a, b)]
    found, how = [None, None], ""
    for legs, name in ((stature, "stature"), (hips, "hips")):
        if all(leg is not None for leg in legs):
            found, how = legs, name
            break
    one, two = (
        Size(leg, analysis.summary.runner.mass, _stride(analysis)) for leg, analysis in zip(found, (a, b), strict=True)
    )
    return one, two, how


def _stature(analysis: Analysis) -> float | None:
    height = analysis.summary.runner.height
    return None if height is None else LEG_SHARE * height


def hip_height(waveforms: xr.Dataset) -> float | None:
    """Height of the middle of the hips over the ground at midstance in the drawn stride, m; ``None`` when it is not there."""
    if "figure" not in waveforms or "mid_hip" not in waveforms["figure_point"].to_numpy().tolist():
        return None
    height = waveforms["figure"].sel(figure_point="mid_hip", axis="up").to_numpy()
    contact = waveforms["figure_contact"].transpose("frame", "side").to_numpy().astype(bool)
    middles = [frame for foot in contact.T for frame in _middles(foot)]
    found = height[middles]
    found = found[np.isfinite(found)]
    leg = float(found.mean()) if len(found) else float("nan")
    return leg if LIKELY_LEG[0] < leg < LIKELY_LEG[1] else None


def _middles(contact: np.ndarray) -> list[int]:
    """Middle frame of every contact that begins and ends among the frames (or begins with the first)."""
    edges = np.diff(np.concatenate([[False], contact, [False]]).astype(int))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [int(a + z - 1) // 2 for a, z in zip(starts, stops, strict=True) if z < len(contact)]


def _stride(analysis: Analysis) -> tuple[float, float] | None:
    entry = analysis.summary.metrics.get("stride_time")
    if not isinstance(entry, Value):
        return None
    return entry.value, 0.0 if entry.ci95 is None else (entry.ci95[1] - entry.ci95[0]) / 2


def has_size(term: Term) -> bool:
    """Whether a measure depends on the runner's size, so that it has to be normalised."""
    return term.unit == "s" or term.unit in _LEG or term.unit in _LEG_AND_MASS


def scaled(term: Term, size: Size) -> Scaled | None:
    """How to tell a measure independent of size; ``None`` when what it takes is not known, or when it has no size.

    Notes
    -----
    Definitions of the non-dimensional forms: length/L, time/sqrt(L/g) or per stride, speed/sqrt(gL), impulse/(m sqrt(gL)), energy/(mgL),
    power/(m g^1.5 L^0.5), stiffness/(mg/L) (Hof 1996).
    """
    if term.unit == "s" and term.name not in STRIDES:
        if size.stride is None:
            return None
        return Scaled("% of stride", 100.0 / size.stride[0], size.stride[1] / size.stride[0])
    if size.leg is None:
        return None
    if term.unit in _LEG:
        unit, factor = _LEG[term.unit]
        return Scaled(unit, factor(size.leg))
    if term.unit in _LEG_AND_MASS and size.mass is not None:
        unit, heavy = _LEG_AND_MASS[term.unit]
        return Scaled(unit, heavy(size.leg, size.mass * GRAVITY))
    return None


_LEG: dict[str, tuple[str, Callable[[float], float]]] = {
    "m": ("% of leg length", lambda leg: 100.0 / leg),
    "s": ("√(L/g)", lambda leg: (GRAVITY / leg) ** 0.5),
    "m/s": ("√(gL)", lambda leg: (GRAVITY * leg) ** -0.5),
    "steps/min": ("steps per √(L/g)", lambda leg: (leg / GRAVITY) ** 0.5 / 60.0),
    "BW*s": ("BW·√(L/g)", lambda leg: (GRAVITY / leg) ** 0.5),
    "BW/s": ("BW per √(L/g)", lambda leg: (leg / GRAVITY) ** 0.5),
}
_LEG_AND_MASS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "N/m": ("BW per leg length", lambda leg, weight: leg / weight),
    "J": ("% of BW·leg length", lambda leg, weight: 100.0 / (weight * leg)),
    "W": ("% of BW·√(gL)", lambda leg, weight: 100.0 / (weight * (GRAVITY * leg) ** 0.5)),
}


def pace(a: Analysis, b: Analysis, sized: tuple[Size, Size], *, same_runner: bool) -> Pace:
    """Speeds of both recordings; one runner is compared at speeds in m/s."""
    speeds = [_speed(one) for one in (a, b)]
    froude: list[float | None] = [None, None]
    if not same_runner and None not in speeds:
        froude = [
            None if size.leg is None or speed is None else speed / (GRAVITY * size.leg) ** 0.5
            for speed, size in zip(speeds, sized, strict=True)
        ]
    one, two = speeds if None in froude else froude
    apart = None if one is None or two is None else 2.0 * (two - one) / (two + one)
    return Pace(
        a=speeds[0], b=speeds[1], froude_a=froude[0], froude_b=froude[1], difference=apart, matched=agree(apart)
    )


def _speed(analysis: Analysis) -> float | None:
    speed = analysis.summary.recording.speed
    return None if speed is None or not np.isfinite(speed) or speed <= 0 else speed
