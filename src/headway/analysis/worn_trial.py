"""What body-worn sensors tell of a metric: its values per stride, how far off they may be, what they rest on, and when they say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headway.metrics import CannotMeasure, Metric
from headway.metrics.remedies import not_worn
from headway.recording import FloatArray
from headway.sensors.run import Run
from headway.statistics import Estimate
from headway.texts import TEXTS

UNSURE = 30.0
"""A left-right difference with a larger standard error is not told, %."""


class WornTrial:
    """A run with sensors, as the measuring loop asks it."""

    def __init__(self, run: Run) -> None:
        self.run, self.fitted = run, False
        self.side: FloatArray = run.side
        self._sides_known = bool(run.sides_known)

    def sides_of(self, metric: Metric) -> bool:
        """Whether the sides are told apart, for every metric alike."""
        return self._sides_known

    def values(self, metric: Metric) -> tuple[str, Any]:
        """How strides become one number, and the values per stride."""
        if metric.sensors is None:
            raise CannotMeasure(*not_worn(metric))
        return metric.sensors.kind or metric.kind, metric.sensors.values(self.run)

    def prior(self, metric: Metric, kind: str) -> None:
        """Nothing is known of sensors beforehand."""

    def empty(self, metric: Metric) -> CannotMeasure:
        """No stride is whole."""
        return CannotMeasure(TEXTS("refused.no_stride_carries_it"), TEXTS("refused.record_more_whole_strides"))

    def error(self, metric: Metric, value: float) -> float | None:
        """Scale, level, heading, midstance and clock, as the metric declares them."""
        return None if metric.sensors is None else metric.sensors.error(self.run, value)

    def share(self, metric: Metric) -> float:
        """All of it."""
        return 1.0

    def check(self, metric: Metric, found: Estimate, error: float | None) -> None:
        """Refuse a comparison of the sides that the heading spoils."""
        if found.kind == "asymmetry" and (error or 0.0) > UNSURE:
            why = TEXTS("refused.too_near_the_middle")
            raise CannotMeasure(why, TEXTS("refused.declare_forward_axis"))

    def models(self, metric: Metric, error: float | None) -> Sequence[str]:
        """What stands between the sensors and the value."""
        return () if metric.sensors is None else metric.sensors.models(self.run)
