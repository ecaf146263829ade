"""How far off a value may be by the way it was taken, which more steps do not mend: models that each metric declares."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from headway.camera.film_errors import film_errors
from headway.texts import TEXTS

if TYPE_CHECKING:
    from headway.gait.trial import Trial
    from headway.recording import Camera, HeadBy

POINT_TILT = 0.03
"""Standard error of the tilt of a line between two key points against the one between the joints, rad (10 mm over a trunk's half length)."""
ROOM = 0.9
"""Share of the widest interval that another film's fitted error may take to be advised: its steps scatter too."""
USUAL_STEP = 0.36
"""Step time where none was recorded, s."""
USUAL_CONTACT = 0.25
"""Contact time at which the error of a share of it was fitted, s."""
SMALL_GAIN = 0.5
"""Below this a gain's error no longer shrinks with it."""
PARAMETERS = "metric_errors.json"

FilmError = Callable[[float, "Trial", "Camera"], float | None]
"""Standard error of a value from a film in its own unit by what is known of this film (scale, roll), ``None`` where nothing is."""


@dataclass(frozen=True)
class OnFilm:
    """What a metric declares of its error in films, beside that of this film's geometry.

    Attributes
    ----------
    like
        Metric whose fitted error it has; its own by default.
    relative
        The fitted error is a share of the value.
    widest
        Half of a 95 % interval from which the value says nothing, in the metric's unit.
    geometry
        Error by what is known of this film.
    by_contact
        The fitted error is that at a contact of :data:`USUAL_CONTACT` and grows as contacts get shorter: a share of something timed in ms.
    sided
        Whether the sides' own values are told: a camera sees them differently, by more than runners' sides differ in most metrics.
    at_events
        Whether it is read at a landing or a toe-off or between them, so that it is not told where the contact time is not.
    """

    like: str = ""
    relative: bool = False
    widest: float = np.inf
    geometry: FilmError | None = None
    by_contact: bool = False
    sided: bool = False
    at_events: bool = False

    def fitted(self, value: float, view: str, rate: float, head_by: HeadBy) -> float | None:
        """Standard error on rendered runners (``benchmarks/fit_film_errors.py``), in the metric's unit; ``None`` where none was fitted."""
        error = film_errors().errors[head_by].error(self.like, view, rate)
        return None if error is None else error * (abs(value) if self.relative else 1.0)

    def share(self, camera: Camera) -> float:
        """How much of the interval by steps and geometry counts, on rendered runners."""
        return film_errors().errors[camera.head_by].share.get(self.like, {}).get(camera.view, 1.0)

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float | None:
        """Fitted error and geometry in quadrature; ``None`` where neither is known."""
        geometry = None if self.geometry is None else self.geometry(value, trial, camera)
        fitted = self.fitted(value, camera.view, camera.rate, camera.head_by)
        if fitted is not None and self.by_contact:
            fitted *= USUAL_CONTACT / float(np.nanmedian(trial.steps.contact_time))
        known = [
            *([] if geometry is None else [self.share(camera) * geometry]),
            *([] if fitted is None else [fitted]),
        ]
        return float(np.linalg.norm(known)) if known else None

    def remedy(self, view: str, rate: float, head_by: HeadBy) -> str | None:
        """What to film instead: the same view faster, or another view; ``None`` where no film helps."""
        for pace in (60.0, 120.0):
            if pace > rate and self._tells(view, pace, head_by):
                return TEXTS("remedy.film_pace", rate=pace)
        ways = ((other, max(pace, rate)) for other in ("side", "rear", "front") for pace in (30.0, 60.0, 120.0))
        for other, pace in ways:
            if other != view and self._tells(other, pace, head_by):
                return TEXTS("remedy.film_from_pace", where=TEXTS(f"remedy.{other}"), rate=pace)
        return None

    def shows(self, view: str) -> bool:
        """Whether a film at 120 frames/s from there is right enough, as far as the error is known that no better film mends."""
        lasting = [self.geometry.tilt] if isinstance(self.geometry, AngleOnFilm) else []
        lasting += [one for one in [self.fitted(1.0, view, 120.0, "picture")] if one is not None]
        return 1.96 * float(np.linalg.norm(lasting)) < ROOM * self.widest

    def _tells(self, view: str, rate: float, head_by: HeadBy) -> bool:
        error = self.fitted(1.0, view, rate, head_by)
        return error is not None and 1.96 * error < ROOM * self.widest


@dataclass(frozen=True)
class FixedOnFilm:
    """The same error for every film, in the metric's unit."""

    error: float

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Return the error whatever the value."""
        return self.error


@dataclass(frozen=True)
class LengthOnFilm:
    """A length: the film's scale.

    Attributes
    ----------
    height
        Height over which a roll of the camera moves it, m.
    """

    height: float = 0.0

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Scale and roll in quadrature, m."""
        return float(np.hypot(camera.scale_error * value, camera.roll_error * self.height))


@dataclass(frozen=True)
class SpeedOnFilm:
    """A speed: the film's scale."""

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Share of the value, m/s."""
        return camera.scale_error * abs(value)


@dataclass(frozen=True)
class AngleOnFilm:
    """An angle: the tilt of a line between two key points; against the vertical also the camera's roll."""

    tilt: float = POINT_TILT
    upright: bool = False

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float:
        """Tilt and roll in quadrature, rad."""
        return float(np.hypot(self.tilt, camera.roll_error if self.upright else 0.0))


@dataclass(frozen=True)
class OfContactTime:
    """A value made of contact and flight times.

    Attributes
    ----------
    spread
        Error of the value to first order from that of the mean contact time (s), the value, the contact time (s) and the step time (s);
        ``None`` for a value whose own error was fitted.
    per_second
        What a value whose own error was fitted changes by with the contact time, at this step time (s): so much of what the cues of a film's
        feet disagree by is added; ``None`` for one that compares the sides.
    """

    spread: Callable[[float, float, float, float], float] | None = None
    per_second: Callable[[float], float] | None = None

    def __call__(self, value: float, trial: Trial, camera: Camera) -> float | None:
        """Error in the metric's unit."""
        error = trial.contacts.error
        if error is None:
            return None
        if self.spread is None:
            return None if self.per_second is None else self.per_second(step_time(trial)) * error.apart
        contact = float(np.nanmedian(trial.steps.contact_time))
        return float(self.spread(error.contact_time, value, contact, step_time(trial)))


def step_time(trial: Trial) -> float:
    """Median step time, s."""
    known = trial.steps.next_contact - trial.steps.initial_contact
    return float(np.nanmedian(known)) if np.isfinite(known).any() else USUAL_STEP


def by_dimension(unit: str, plane: str, kind: str) -> FilmError | None:
    """Error by the film's geometry that every length, speed or angle has; none for other dimensions and for phases."""
    if unit == "m":
        return LengthOnFilm()
    if unit == "m/s":
        return SpeedOnFilm()
    return AngleOnFilm(upright=plane == "sagittal" and kind == "mean") if unit == "rad" and kind != "phase" else None


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
