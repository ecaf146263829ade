"""How far a value repeats itself between recordings of the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray

FEWEST = 5
"""Repeated pairs below which nothing is told."""


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


def repeated(groups: Sequence[FloatArray], of: str) -> Reliability | None:
    """One-way random effects: SEM = √MSW, MDC95 = 1.96 √2 SEM, ICC(1,1) (Shrout and Fleiss 1979; Weir 2005)."""
    sizes = np.array([len(group) for group in groups])
    freedom = int((sizes - 1).sum())
    if freedom < FEWEST or len(groups) < 2:
        return None
    everything, member = np.concatenate(groups), np.repeat(np.arange(len(groups)), sizes)
    means = np.bincount(member, everything) / sizes
    inside = float(((everything - means[member]) ** 2).sum()) / freedom
    if inside == 0.0:
        return None
    between = float((sizes * (means - everything.mean()) ** 2).sum()) / (len(groups) - 1)
    size = (len(everything) - float((sizes**2).sum()) / len(everything)) / (len(groups) - 1)
    below = between + (size - 1.0) * inside
    error = float(np.sqrt(inside))
    icc = (between - inside) / below if below > 0 else float("nan")
    return Reliability(error, 1.96 * np.sqrt(2.0) * error, float(icc), len(groups), len(everything), of)
