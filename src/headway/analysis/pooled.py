"""Several runs of one speed along one line, measured as one: steps are pooled, each in the axes of its own heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import structs

from headway.analysis.seen_trial import SeenTrial
from headway.gait.prepare import FEW_STEPS
from headway.gait.trial import Trial
from headway.metrics import CannotMeasure, Metric
from headway.plain import rounded
from headway.recording import FloatArray
from headway.results import StepCount, Summary
from headway.statistics import Estimate, Prior


class PooledTrials:
    """Runs that are alike, as the measuring loop asks one; what is not told by steps is that of the run with most of them."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self.parts = [SeenTrial(trial) for trial in trials]
        self.main = max(self.parts, key=lambda part: len(part.side))
        self.side: FloatArray = np.concatenate([part.side for part in self.parts])
        self.fitted = any(part.fitted for part in self.parts)

    def values(self, metric: Metric) -> tuple[str, Any]:
        """Kind and values of the steps of all runs; those of a run that does not carry the metric are NaN."""
        found: list[tuple[str, tuple[np.ndarray, ...]] | None] = []
        reasons: list[CannotMeasure] = []
        for part in self.parts:
            try:
                kind, values = part.values(metric)
                found.append(
                    (kind, tuple(np.asarray(each) for each in (values if isinstance(values, tuple) else (values,))))
                )
            except CannotMeasure as reason:
                reasons.append(reason)
                found.append(None)
        first = next((one for one in found if one is not None), None)
        if first is None:
            raise reasons[0]
        kind, like = first
        columns = [
            np.concatenate(
                [
                    np.full((len(part.side), *like[k].shape[1:]), np.nan) if one is None else one[1][k]
                    for part, one in zip(self.parts, found, strict=True)
                ]
            )
            for k in range(len(like))
        ]
        return kind, tuple(columns) if len(columns) > 1 else columns[0]

    def prior(self, metric: Metric, kind: str) -> Prior | None:
        """That of any run."""
        return self.main.prior(metric, kind)

    def sides_of(self, metric: Metric) -> bool:
        """As in one run."""
        return self.main.sides_of(metric)

    def empty(self, metric: Metric) -> CannotMeasure:
        """Why no step of any run carries it."""
        return self.main.empty(metric)

    def error(self, metric: Metric, value: float) -> float | None:
        """The largest of the runs: what the method is off by is the same in all of them."""
        errors = [error for part in self.parts if (error := part.error(metric, value)) is not None]
        return max(errors, default=None)

    def share(self, metric: Metric) -> float:
        """As in one run."""
        return self.main.share(metric)

    def check(self, metric: Metric, found: Estimate, error: float | None) -> None:
        """As in one run."""
        self.main.check(metric, found, error)

    def models(self, metric: Metric, error: float | None) -> list[str]:
        """What the value rests on in any of the runs."""
        return list(dict.fromkeys(text for part in self.parts for text in part.models(metric, error)))


def pooled_summary(main: Summary, trials: Sequence[Trial]) -> Summary:
    """The summary of the run with most steps, with what is told of all of them together."""
    sides = np.concatenate([trial.steps.side for trial in trials])
    right = int((sides > 0).sum())
    weights = [len(trial.steps) for trial in trials]
    masses = [trial.runner.mass for trial in trials]
    known = [(mass, weight) for mass, weight in zip(masses, weights, strict=True) if mass is not None]
    mass = sum(mass * weight for mass, weight in known) / sum(weight for _, weight in known) if known else None
    flags = dict.fromkeys((*main.quality, *(flag for trial in trials for flag in trial.recording.flags)))
    speeds = np.array([trial.speed for trial in trials])
    speed = float(np.average(speeds, weights=weights)) if np.isfinite(speeds).all() else None
    return structs.replace(
        main,
        recording=structs.replace(
            main.recording,
            duration=rounded(sum(trial.recording.duration for trial in trials)),
            speed=None if speed is None else rounded(speed),
        ),
        runner=structs.replace(main.runner, mass=None if mass is None else rounded(mass)),
        steps=StepCount(count=len(sides), left=len(sides) - right, right=right),
        quality=[flag for flag in flags if flag.code != "few_steps" or len(sides) < FEW_STEPS],
    )
