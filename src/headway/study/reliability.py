"""How far a value repeats itself: between recordings of the same kind, and between the two halves of a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.metrics import REGISTRY
from headway.recording import FloatArray
from headway.study.data import Study
from headway.study.tables import step_metrics

FEWEST = 5
"""Repeated pairs below which nothing is told."""
STEPS = 8
"""Steps that each half of a recording needs."""
AVERAGED = ("mean", "share")
"""Kinds whose value over a window is the mean of its steps."""


@dataclass(frozen=True)
class Reliability:
    """Standard error of measurement, smallest detectable change (95 %), intraclass correlation ICC(1,1), subjects and values.

    ``of`` tells what was repeated: ``recordings`` of one runner in one condition and class of speed, or ``halves`` of each recording.
    """

    sem: float
    mdc95: float
    icc: float
    groups: int
    values: int
    of: str


def reliability(study: Study, metric: str) -> Reliability | None:
    """Reliability from repeated recordings where there are enough of them, else from halves of each recording; ``None`` without both."""
    rows = study.values(metric).dropna(subset=["runner", "class"])
    rows = rows.assign(condition=rows["condition"].fillna(""))
    cells = [one["value"].to_numpy(float) for _, one in rows.groupby(["runner", "condition", "class"])]
    again = repeated([cell for cell in cells if len(cell) > 1], "recordings")
    if again is not None or metric not in step_metrics() or REGISTRY[metric].kind not in AVERAGED:
        return again
    return repeated(_halves(study, metric), "halves")


def repeated(groups: Sequence[FloatArray], of: str) -> Reliability | None:
    """One-way random effects: SEM = √MSW, MDC95 = 1.96 √2 SEM, ICC(1,1) (Shrout and Fleiss 1979; Weir 2005)."""
    freedom = sum(len(group) - 1 for group in groups)
    if freedom < FEWEST or len(groups) < 2:
        return None
    everything = np.concatenate(groups)
    inside = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / freedom
    if inside == 0.0:
        return None
    grand = float(everything.mean())
    between = sum(len(group) * (float(group.mean()) - grand) ** 2 for group in groups) / (len(groups) - 1)
    size = (len(everything) - sum(len(group) ** 2 for group in groups) / len(everything)) / (len(groups) - 1)
    below = between + (size - 1.0) * inside
    error = float(np.sqrt(inside))
    icc = (between - inside) / below if below > 0 else float("nan")
    return Reliability(error, 1.96 * np.sqrt(2.0) * error, float(icc), len(groups), len(everything), of)


def _halves(study: Study, metric: str) -> list[FloatArray]:
    out = []
    for _, rows in study.steps(metric).groupby("recording", sort=True):
        values = rows[metric].to_numpy(float)
        middle = len(values) // 2 // 2 * 2
        parts = [part[np.isfinite(part)] for part in (values[:middle], values[middle : 2 * middle])]
        if min(len(part) for part in parts) >= STEPS:
            out.append(np.array([part.mean() for part in parts]))
    return out
