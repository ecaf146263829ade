"""What is known of the errors of films: a table fitted to rendered runners (``benchmarks/fit_film_errors.py``)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from headway.recording import HeadBy

RateClass = Literal["24-30", "50-60", "100-240"]
RATES: tuple[tuple[RateClass, float], ...] = (("24-30", 45.0), ("50-60", 90.0), ("100-240", float("inf")))
"""Classes of pictures per second, and the rate below which a film belongs to them."""
TABLE = "film_errors.json"
MODEL = "mediapipe"
"""Pose model whose slides and insets are known; points of others are taken as they are."""


@dataclass(frozen=True)
class Slide:
    """What a pose model makes of the trunk's rise and fall.

    Attributes
    ----------
    shoulder, hip
        Motion of the key points over that of the drawn joints.
    share
        Weight of the shoulders in the motion of the trunk, by the scatter of both.
    """

    shoulder: float
    hip: float
    share: float


@dataclass(frozen=True)
class MetricErrors:
    """What values of films are off by.

    Attributes
    ----------
    spread
        By name (a metric, ``initial_contact`` or ``toe_off``), view and class of rates: standard error in the metric's unit (SI) beyond the scatter
        of the steps and the errors of scale and roll; as a share of the value for the metrics that declare so.
    share
        By metric and view: how much of the interval by the scatter of the steps and by scale and roll counts; 1 where nothing is said.
    bias
        By metric and view: what its value is too large by, in its unit; sizes (:data:`headway.statistics.SIZES`) by so much of themselves.
    """

    spread: dict[str, dict[str, dict[RateClass, float]]] = field(default_factory=dict)
    share: dict[str, dict[str, float]] = field(default_factory=dict)
    bias: dict[str, dict[str, float]] = field(default_factory=dict)

    def error(self, name: str, view: str, rate: float) -> float | None:
        """Standard error of a metric or event in a film of this view and rate (pictures per second); ``None`` where none is known."""
        return self.spread.get(name, {}).get(view, {}).get(rate_class(rate))


@dataclass(frozen=True)
class FilmErrors:
    """The table.

    Attributes
    ----------
    errors
        By what tells the motion of the head.
    slides
        By view.
    ahead
        From the side: how far ahead of the drawn joint the key points of a pair lie, shares of stature, by stem.
    inset
        How much nearer to the other foot key points of a foot are than the drawn one's middle, m, by view.
    pace_factor, pace_exponent
        Speed over the ground as a power of the heels' speed past the hips (:mod:`headway.gait.film_pace`).
    pace_fastest
        Fastest runner that it was fitted to, m/s.
    bounce, bounce_spread
        Vertical acceleration of the hips at step frequency over that of the sine model's centre of mass, and the standard deviation of its logarithm.
    """

    errors: dict[HeadBy, MetricErrors]
    slides: dict[str, Slide]
    ahead: dict[str, float]
    inset: dict[str, float]
    pace_factor: float
    pace_exponent: float
    pace_fastest: float
    bounce: float
    bounce_spread: float


def rate_class(rate: float) -> RateClass:
    """Class that a film of this many pictures per second belongs to."""
    return next(name for name, below in RATES if rate < below)


@lru_cache(maxsize=1)
def film_errors() -> FilmErrors:
    """Read the table that comes with the package."""
    table = json.loads((files("headway") / "data" / TABLE).read_text(encoding="utf-8"))
    slides = {view: Slide(**row) for view, row in table["slides"].items()}
    errors: dict[HeadBy, MetricErrors] = {by: MetricErrors(**row) for by, row in table["errors"].items()}
    return FilmErrors(errors, slides, table["ahead"], table["inset"], **table["pace"], **table["bounce"])
