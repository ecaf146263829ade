"""Where a runner stands among those of a file of norms."""

from __future__ import annotations

from headway.results.entries import Fields, Interval


class Placed(Fields, frozen=True, kw_only=True):
    """Where a metric stands among runners: the share with a lower value, the same widened by what is unsure, quantiles, how many runners."""

    lower: Interval
    lower_surely: Interval
    band: list[float]
    runners: int


class Population(Fields, frozen=True, kw_only=True):
    """Who the runners of a file of norms are, and how they were recorded.

    Attributes
    ----------
    runners, recordings
        How many.
    sex
        Runners by sex, as far as it is known.
    height, mass, speed
        Least and greatest, m, kg, m/s; ``None`` where nobody's is known.
    view, treadmill, force
        What occurs among the recordings, as studies write it.
    """

    runners: int
    recordings: int
    sex: dict[str, int]
    height: Interval | None
    mass: Interval | None
    speed: Interval | None
    view: list[str]
    treadmill: list[str]
    force: list[str]


class Among(Fields, frozen=True, kw_only=True):
    """An analysis beside a file of norms; see :func:`headway.norms.against`."""

    name: str
    source: str
    licence: str
    population: Population
    quantiles: list[float]
    speed: float | None
    remarks: list[str]
    metrics: dict[str, Placed]
    unplaced: dict[str, str]
