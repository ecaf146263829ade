"""A run that body-worn sensors recorded, as it was found."""

from __future__ import annotations

from headway.results.entries import Fields, Interval


class ClockFound(Fields, frozen=True, kw_only=True):
    """How a sensor's clock was laid on the first one's: offset and its uncertainty, s; drift, s/s."""

    how: str
    offset: float
    uncertainty: float
    drift: float


class SensorFound(Fields, frozen=True, kw_only=True):
    """One body-worn sensor."""

    where: str
    rate: float
    gyroscope: bool
    forward: str
    forward_contrast: float
    clipped: bool
    clock: ClockFound | None


class Change(Fields, frozen=True, kw_only=True):
    """A slope with its 95 % interval."""

    value: float
    ci95: Interval
    changes: bool


class Trend(Fields, frozen=True, kw_only=True):
    """How a quantity changes over a run."""

    per_hour: Change | None = None
    per_m_s: Change | None = None


class RunFound(Fields, frozen=True, kw_only=True):
    """A run that was recorded by sensors.

    Attributes
    ----------
    start, stop
        s.
    time_by_kind
        Seconds of steady running, turns, gaps, …
    stretches
        Start and end of each stretch of steady running, s.
    timeline
        Columns by name, one value per window.
    trends
        By quantity.
    watch
        Medians of what a watch told during the run, and its file.
    """

    start: float
    stop: float
    time_by_kind: dict[str, float]
    stretches: list[Interval]
    timeline: dict[str, list[float | None]]
    trends: dict[str, Trend]
    watch: dict[str, str | float] | None
