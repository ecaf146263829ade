"""A runner over the weeks: each metric with the runner's own noise band, what changed and what did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import sqrt
from typing import Literal

import msgspec

from headway.app.library import Library

FOLLOWED = (
    "lateral_bounce_amplitude", "head_over_foot_error", "head_vertical_oscillation", "head_pelvis_vertical_gain", "head_forward_gain",
    "head_bob", "head_acceleration_peak", "vertical_oscillation", "cadence", "contact_time", "flight_time", "step_length", "step_width",
    "trunk_lean", "speed",
)  # fmt: skip
"""Metrics that are followed, those about the head first; their titles stand in ``metrics`` of the catalogue."""
NEEDED = 5
"""Repetitions on one day, beyond the first of each day, from which the noise is known."""
Outcome = Literal["changed", "same", "unknown"]


class TrendPoint(msgspec.Struct, frozen=True):
    """One analysis on the way: day, value and 95 % interval in the unit of the files."""

    analysis: int
    title: str
    taken: str
    unit: str
    value: float
    low: float | None
    high: float | None
    long: bool

    @property
    def day(self) -> int:
        """Day as a number."""
        try:
            return date.fromisoformat(self.taken[:10]).toordinal()
        except ValueError:
            return 0


@dataclass(frozen=True)
class RunnerTrend:
    """A metric of a runner over the weeks, in one view.

    Attributes
    ----------
    metric, view
        Which.
    points
        In order of time.
    before, after
        Mean of the first and of the last day.
    band
        How far the mean of the last day may lie from that of the first by the runner's own noise alone (95 %); ``None`` while it is not known.
    repeats
        Repetitions on one day so far, of ``NEEDED``.
    """

    metric: str
    view: str
    points: list[TrendPoint]
    before: float
    after: float
    band: float | None
    repeats: int

    @property
    def outcome(self) -> Outcome:
        """Whether the last day differs from the first by more than the noise."""
        if self.band is None or self.points[0].taken == self.points[-1].taken:
            return "unknown"
        return "changed" if abs(self.after - self.before) > self.band else "same"


def trend(library: Library, runner: int, metric: str, view: str) -> RunnerTrend | None:
    """One metric over the weeks; ``None`` where it was never measured.

    Notes
    -----
    The noise is the spread between recordings of one day in one view (one-way random effects, :func:`headway.statistics.repeats.repeated`).  For
    the means of n and m recordings the band is t SEM √(1/n + 1/m), with Student's t for the repetitions there are.
    """
    points = library.database.rows(
        TrendPoint,
        "SELECT a.id AS analysis, a.title, a.taken, m.unit, m.value, m.low, m.high, m.long FROM measures m JOIN analyses a ON a.id = m.analysis "
        "WHERE a.runner = ? AND m.metric = ? AND a.view = ? ORDER BY a.taken, a.id",
        runner, metric, view,
    )  # fmt: skip
    if not points:
        return None
    days = [[one.value for one in group] for _, group in groupby(points, lambda one: one.taken)]
    repeats = sum(len(day) - 1 for day in days)
    first, last = days[0], days[-1]
    return RunnerTrend(
        metric=metric,
        view=view,
        points=points,
        before=sum(first) / len(first),
        after=sum(last) / len(last),
        band=_band(days, repeats, len(first), len(last)),
        repeats=repeats,
    )


def _band(days: list[list[float]], repeats: int, first: int, last: int) -> float | None:
    if repeats < NEEDED:
        return None
    import numpy as np
    from scipy.stats import t as student

    from headway.statistics.repeats import repeated

    noise = repeated([np.array(day) for day in days if len(day) > 1], "recordings")
    return None if noise is None else float(student.ppf(0.975, repeats)) * noise.sem * sqrt(1 / first + 1 / last)


def views_of(library: Library, runner: int) -> list[str]:
    """Views in which a runner was analysed, the most frequent first."""
    sql = "SELECT view FROM analyses WHERE runner = ? GROUP BY view ORDER BY count(*) DESC, view"
    return [row[0] for row in library.database.connection.execute(sql, (runner,))]


def followed(library: Library, runner: int, view: str) -> list[RunnerTrend]:
    """All followed metrics that were measured in a view."""
    found = (trend(library, runner, metric, view) for metric in FOLLOWED)
    return [one for one in found if one is not None]
