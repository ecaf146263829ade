"""The measuring loop: every metric of the registry from one trial of any kind, with its interval or with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from headway.metrics import REGISTRY, CannotMeasure, Metric
from headway.plain import rounded
from headway.recording import FloatArray
from headway.results import Entry, Estimated, Measured, NotMeasurable
from headway.statistics import Estimate, Prior, components, estimate, per_step

TOLD_SHARE = 0.1
"""An interval that rests on other recordings by so much says so."""


class Measurable(Protocol):
    """What the loop asks of a trial.

    Attributes
    ----------
    side
        +1 right, -1 left of every step (or of the step that begins a stride), shape (n,).
    fitted
        Whether a body was fitted.
    """

    side: FloatArray
    fitted: bool

    def sides_of(self, metric: Metric) -> bool:
        """Whether the sides' own values of a metric can be told."""
        ...

    def values(self, metric: Metric) -> tuple[str, Any]:
        """Kind (a key of ``REDUCERS``) and values per step; raises :class:`CannotMeasure`."""
        ...

    def prior(self, metric: Metric, kind: str) -> Prior | None:
        """What is known of the noise of its steps beforehand, from other recordings of this kind."""
        ...

    def empty(self, metric: Metric) -> CannotMeasure:
        """Why no step carries a metric."""
        ...

    def error(self, metric: Metric, value: float) -> float | None:
        """Standard error that more steps do not mend, in the metric's unit."""
        ...

    def share(self, metric: Metric) -> float:
        """How much of the interval that the scatter of the steps gives counts."""
        ...

    def check(self, metric: Metric, found: Estimate, error: float | None) -> None:
        """Refuse a value that says nothing; raises :class:`CannotMeasure`."""
        ...

    def models(self, metric: Metric, error: float | None) -> Sequence[str]:
        """What a value rests on; empty when it is measured."""
        ...


@dataclass(frozen=True)
class Measures:
    """What came out of a trial.

    Attributes
    ----------
    entries
        Every metric of the registry.
    carried
        Kind and values per step of those that have a number.
    columns
        Their value in every step, where a step has one by itself, shape (n,).
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    carried: dict[str, tuple[str, Any]] = field(default_factory=dict)
    columns: dict[str, FloatArray] = field(default_factory=dict)

    def table(self, side: FloatArray, instants: Mapping[str, FloatArray]) -> tuple[pd.DataFrame, dict[str, str]]:
        """One row per step with its number, side, instants (s) and metrics; and the unit of every column."""
        number, names = np.arange(1, len(side) + 1), np.where(side > 0, "right", "left")
        units = {"step": "1", "side": "", **dict.fromkeys(instants, "s")}
        table = pd.DataFrame({"step": number, "side": names, **instants, **self.columns})
        return table, units | {name: REGISTRY[name].unit for name in self.columns}


def measure(trial: Measurable) -> Measures:
    """Measure everything that a trial carries."""
    out, side = Measures(), trial.side
    for metric in REGISTRY.values():
        if metric.fitted and not trial.fitted:
            continue
        try:
            kind, values, found, error = measure_one(trial, metric)
        except CannotMeasure as reason:
            out.entries[metric.name] = NotMeasurable(why=reason.why, record=reason.record)
            continue
        out.entries[metric.name] = entry(metric.unit, found, trial.models(metric, error), sides=trial.sides_of(metric))
        out.carried[metric.name] = kind, values
        single = per_step(kind, values, side)
        if np.isfinite(single).any():
            out.columns[metric.name] = single
    return out


def measure_one(trial: Measurable, metric: Metric) -> tuple[str, Any, Estimate, float | None]:
    """Kind, values per step, estimate and the error that more steps do not mend; raises :class:`CannotMeasure`."""
    kind, values = trial.values(metric)
    found = estimate(kind, components(kind, values, trial.side), trial.side, trial.prior(metric, kind))
    if found is None:
        raise trial.empty(metric)
    error = trial.error(metric, found.value)
    found = found.widened(error or 0.0, trial.share(metric))
    trial.check(metric, found, error)
    return kind, values, found, error


def entry(unit: str, found: Estimate, models: Sequence[str], *, sides: bool = True) -> Entry:
    """One number of the summary; ``sides``: whether left and right are told apart."""
    interval = None if found.ci95 is None else (rounded(found.ci95[0]), rounded(found.ci95[1]))
    told = {
        "value": rounded(found.value),
        "unit": unit,
        "ci95": interval,
        "n": found.n,
        "left": rounded(found.left) if sides and found.left is not None else None,
        "right": rounded(found.right) if sides and found.right is not None else None,
        "note": _note(found),
    }
    return Estimated(model="; ".join(models), **told) if models else Measured(**told)


def _note(found: Estimate) -> str | None:
    """Why there is no interval, or that it rests on other recordings too."""
    if found.ci95 is None:
        return "one step: no interval" if found.n == 1 else "too few steps for an interval"
    if found.known < TOLD_SHARE:
        return None
    return f"{found.known:.0%} of the interval rests on {found.source}"
