"""What the page of a study tells, in numbers: flow of recordings, every metric's spread, relations, reliability, recordings that stand apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from headway.metrics import REGISTRY
from headway.recording import FloatArray
from headway.study.data import Study, Table
from headway.study.relations import ConditionMean, StudySlope, apart, conditions, within_slope
from headway.study.reliability import Reliability, half_means, reliability
from headway.study.rows import Kind
from headway.study.summary import StudySummary

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Reason:
    """Why recordings are not among the results: kind, reason, their names."""

    kind: Kind
    reason: str
    names: list[str]


@dataclass(frozen=True)
class SpeedClass:
    """Recordings around a speed (m/s): how many, mean, standard deviation."""

    speed: float
    n: int
    mean: float
    sd: float | None


@dataclass(frozen=True)
class MetricOverview:
    """One metric over all recordings.

    Attributes
    ----------
    name, title, family, unit
        As in the registry.
    estimated, n, runners
        How many of the ``n`` values come through a model; runners that are named.
    mean, sd, quantiles
        Over all recordings; quantiles at ``SHARES``.
    classes, slope, conditions, reliability
        By speed, with speed and by condition within runners, and how well it repeats; as far as it can be told.
    apart
        Recordings that stand apart, with their robust z.
    points
        Table of recording, runner, condition, speed, value.
    """

    name: str
    title: str
    family: str
    unit: str
    estimated: int
    n: int
    runners: int
    mean: float
    sd: float
    quantiles: list[float]
    classes: list[SpeedClass]
    slope: StudySlope | None
    conditions: list[ConditionMean]
    reliability: Reliability | None
    apart: list[tuple[str, float]]
    points: Table


@dataclass(frozen=True)
class Overview:
    """Contents of the page.

    Attributes
    ----------
    summary
        Contents of ``study.json``.
    flow
        Counts: found, left out, failed, analysed, runners.
    reasons
        Reasons of exclusions and failures.
    metrics
        One entry per metric.
    warnings
        Warnings that analyses gave, with their counts.
    """

    summary: StudySummary
    flow: dict[str, int]
    reasons: list[Reason]
    metrics: list[MetricOverview]
    warnings: list[tuple[str, int]]


def overview(study: Study) -> Overview:
    """Compute everything that the page shows."""
    lost, people = study.failures, study.recordings
    flow = {
        "found": len(lost) + len(people),
        "excluded": int((lost["kind"] == "excluded").sum()),
        "failed": int((lost["kind"] != "excluded").sum()),
        "analysed": len(people),
        "runners": int(people["runner"].nunique()),
    }
    said = Counter(_alike(text) for texts in people["warnings"] for text in texts)
    names = study.measured()
    halves = half_means(study, names)
    metrics = [_metric(study, name, halves.get(name, [])) for name in names]
    told = sorted(said.items(), key=lambda one: (-one[1], one[0]))
    return Overview(study.summary, flow, _reasons(lost), metrics, told)


def _alike(text: str) -> str:
    """A message without its numbers, so that like ones are counted together."""
    return re.sub(r"(?<![A-Za-z])\d+(?:\.\d+)?", "…", text)


def _reasons(lost: Table) -> list[Reason]:
    if not len(lost):
        return []
    groups = lost.groupby([lost["kind"], lost["reason"].map(_alike)], sort=True)
    rows = []
    for (kind, reason), own in groups:
        text = own["reason"].iloc[0] if len(own) == 1 else reason
        rows.append(Reason(kind, text, sorted(own["recording"])))
    return sorted(rows, key=lambda row: (row.kind != "excluded", -len(row.names), row.reason))


def _metric(study: Study, name: str, halves: list[FloatArray]) -> MetricOverview:
    definition, values = REGISTRY[name], study.values(name)
    number = values["value"].to_numpy(float)
    return MetricOverview(
        name=name,
        title=definition.title,
        family=definition.family,
        unit=definition.unit,
        estimated=int((values["status"] == "estimated").sum()),
        n=len(number),
        runners=int(values["runner"].nunique()),
        mean=float(number.mean()),
        sd=float(number.std(ddof=1)),
        quantiles=[float(one) for one in np.quantile(number, SHARES)],
        classes=_classes(values),
        slope=within_slope(values),
        conditions=conditions(values),
        reliability=reliability(values, halves),
        apart=apart(values),
        points=values[["recording", "runner", "condition", "speed", "value"]],
    )


def _classes(values: Table) -> list[SpeedClass]:
    out = []
    for speed, rows in values.dropna(subset=["class"]).groupby("class", sort=True):
        number = rows["value"].to_numpy(float)
        spread = float(number.std(ddof=1)) if len(number) > 1 else None
        out.append(SpeedClass(speed, len(number), float(number.mean()), spread))
    return out
