"""How far off a value may be by the way it was taken, which more steps do not mend: models that each metric declares."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headway.gait.trial import Trial
    from headway.recording import Camera

POINT_PLACE = 0.010
"""Standard error of the sideways place of a key point against the joint it stands for, m (pose models put points inside a clothed body)."""
POINT_TILT = 0.03
"""The same for the tilt of a line between two of them, rad (10 mm over a trunk's half length)."""
POINT_DEPTH = 0.04
"""Relative error of a length in a film from behind or in front: head and feet are nearer to the camera than the body's middle, or farther away."""
POINT_SLIDE = 0.002
"""How far a key point slides forward and back on the body with each step, m."""
POINT_GAIN, POINT_LAG = 0.025, 0.002
"""The same for gains, 1, and lags, s: points that slide on the body with each step."""
USUAL_STEP = 0.36
"""Step time where none was recorded, s."""
SMALL_GAIN = 0.5
"""Below this a gain's error no longer shrinks with it."""
PARAMETERS = "metric_errors.json"

FilmError = Callable[[float, "Trial", "Camera"], float | None]
"""Standard error of a value from a film in its own unit, ``None`` where none is known."""


@dataclass(frozen=True)
class FixedOnFilm:
    """The same error for every film, in the metric's unit."""

    error: float

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Return the error whatever the value."""
        return self.error


@dataclass(frozen=True)
class LengthOnFilm:
    """A length: the film's scale, from behind or in front also the depth of the body.

    Attributes
    ----------
    place
        Standard error of the place of the point that it is measured to, m.
    height
        Height over which a roll of the camera moves it, m.
    """

    place: float = 0.0
    height: float = 0.0

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Scale, place and roll in quadrature, m."""
        depth = 0.0 if camera.view == "side" else POINT_DEPTH
        scale = np.hypot(camera.scale_error, depth) * value
        return float(np.linalg.norm([scale, self.place, camera.roll_error * self.height]))


@dataclass(frozen=True)
class SpeedOnFilm:
    """A speed: the film's scale."""

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Share of the value, m/s."""
        return camera.scale_error * abs(value)


@dataclass(frozen=True)
class AngleOnFilm:
    """An angle: the tilt of a line between two key points; against the vertical also the camera's roll."""

    upright: bool = False

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Tilt and roll in quadrature, rad."""
        return float(np.hypot(POINT_TILT, camera.roll_error if self.upright else 0.0))


@dataclass(frozen=True)
class PhaseOnFilm:
    """A phase of the stride: the instant of midstance."""

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float | None:
        """Error of midstance as a phase, rad."""
        error = trial.contacts.error
        return None if error is None else float(np.pi / step_time(trial) * error.midstance)


@dataclass(frozen=True)
class ShiftOnFilm:
    """A sideways distance over the step width: the places of both points."""

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Twice the error of a place over the step width."""
        lateral, side = trial.foot_position[:, 2], trial.steps.side
        width = float(abs(np.nanmean(lateral[side > 0]) - np.nanmean(lateral[side < 0])))
        return 2 * POINT_PLACE / max(width, 2 * POINT_PLACE)


@dataclass(frozen=True)
class OfContactTime:
    """A value made of contact and flight times, which a film shows to a few milliseconds.

    Attributes
    ----------
    spread
        Error of the value to first order from that of the mean contact time (s), the value, the contact time (s) and the step time (s);
        ``None`` where the error is not known.
    """

    spread: Callable[[float, float, float, float], float] | None

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float | None:
        """Error in the metric's unit."""
        error = trial.contacts.error
        if self.spread is None or error is None:
            return None
        contact = float(np.nanmedian(trial.steps.contact_time))
        return float(self.spread(error.contact_time, value, contact, step_time(trial)))


def step_time(trial: Trial) -> float:
    """Median step time, s."""
    known = trial.steps.next_contact - trial.steps.initial_contact
    return float(np.nanmedian(known)) if np.isfinite(known).any() else USUAL_STEP


def by_dimension(unit: str, plane: str, *, mean: bool) -> FilmError | None:
    """Error that every length, speed or angle has in a film; none for other dimensions, which have to declare theirs."""
    if unit == "m":
        return LengthOnFilm()
    if unit == "m/s":
        return SpeedOnFilm()
    return AngleOnFilm(upright=plane == "sagittal" and mean) if unit == "rad" else None


@dataclass(frozen=True)
class SharedError:
    """Error of a metric of a point that the fitted recordings do not have: that of another metric.

    Attributes
    ----------
    of
        The metric whose error was found on runners left out of the fit.
    relative
        Whether it grows with the value, as that of a gain does, or is the same for every value.
    """

    of: str
    relative: bool = False

    def __call__(self, value: float) -> float | None:
        """Standard error in the metric's unit; ``None`` where the other's is not known."""
        row = left_out().get(self.of)
        if row is None or not self.relative:
            return None if row is None else row.error
        return None if row.relative is None else max(abs(value), SMALL_GAIN) * row.relative


@dataclass(frozen=True)
class LeftOut:
    """Error for a runner that the models have not seen, from 19 runners left out of the fit one at a time (``benchmarks/fit_metric_errors.py``).

    Attributes
    ----------
    error, relative
        In the metric's unit, and as a share of the value (``None`` where that means nothing): 1.96 of it hold 95 % of new runners.
    correlation
        Of the values by motion and by plate between runners at equal speed.
    """

    error: float
    relative: float | None
    correlation: float


@lru_cache(maxsize=1)
def left_out() -> dict[str, LeftOut]:
    """Errors of the metrics that the fitted recordings carry, by name."""
    rows = json.loads((files("headway") / "data" / PARAMETERS).read_text(encoding="utf-8"))["metrics"]
    return {name: LeftOut(row["error"], row["relative"], row["correlation"]) for name, row in rows.items()}
