"""What the page of a study tells, in numbers: flow of recordings, every metric's spread, relations, reliability, recordings that stand apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from headway.metrics import REGISTRY
from headway.recording import FloatArray
from headway.study.data import Study, Table
from headway.study.relations import apart, conditions, within_slope
from headway.study.reliability import half_means, reliability

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Overview:
    """Contents of the page.

    Attributes
    ----------
    about
        Contents of ``study.json``.
    flow
        Counts: found, left out, failed, analysed, runners.
    reasons
        Reasons of exclusions and failures: kind, reason, count, names.
    metrics
        One entry per metric: words, values, quantiles, classes of speed, slope, conditions, reliability, recordings apart.
    warnings
        Warnings that analyses gave, with their counts.
    """

    about: dict[str, Any]
    flow: dict[str, int]
    reasons: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
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
    return Overview(study.about, flow, _reasons(lost), metrics, sorted(said.items(), key=lambda one: (-one[1], one[0])))


def _alike(text: str) -> str:
    """A message without its numbers, so that like ones are counted together."""
    return re.sub(r"(?<![A-Za-z])\d+(?:\.\d+)?", "…", text)


def _reasons(lost: Table) -> list[dict[str, Any]]:
    if not len(lost):
        return []
    groups = lost.groupby([lost["kind"], lost["reason"].map(_alike)], sort=True)
    rows = []
    for (kind, reason), own in groups:
        text = own["reason"].iloc[0] if len(own) == 1 else reason
        rows.append({"kind": kind, "reason": text, "count": len(own), "names": sorted(own["recording"])})
    return sorted(rows, key=lambda row: (row["kind"] != "excluded", -row["count"], row["reason"]))


def _metric(study: Study, name: str, halves: list[FloatArray]) -> dict[str, Any]:
    definition, values = REGISTRY[name], study.values(name)
    number = values["value"].to_numpy(float)
    slope, again = within_slope(values), reliability(values, halves)
    return {
        "name": name,
        "title": definition.title,
        "family": definition.family,
        "unit": definition.unit,
        "estimated": int((values["status"] == "estimated").sum()),
        "n": len(number),
        "runners": int(values["runner"].nunique()),
        "mean": float(number.mean()),
        "sd": float(number.std(ddof=1)),
        "quantiles": [float(one) for one in np.quantile(number, SHARES)],
        "classes": _classes(values),
        "slope": None if slope is None else asdict(slope),
        "conditions": conditions(values),
        "reliability": None if again is None else asdict(again),
        "apart": [{"recording": recording, "z": z} for recording, z in apart(values)],
        "points": values[["recording", "runner", "condition", "speed", "value"]],
    }


def _classes(values: Table) -> list[dict[str, Any]]:
    out = []
    for speed, rows in values.dropna(subset=["class"]).groupby("class", sort=True):
        number = rows["value"].to_numpy(float)
        spread = float(number.std(ddof=1)) if len(number) > 1 else None
        out.append({"speed": speed, "n": len(number), "mean": float(number.mean()), "sd": spread})
    return out
