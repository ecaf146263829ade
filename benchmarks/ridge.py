"""Ridge regression that can leave one runner out, and errors that hold what they promise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.recording import FloatArray


class Normal:
    """Normal equations of a ridge regression per runner (or per the people that rows are made of), so that leaving one out is a subtraction."""

    def __init__(self) -> None:
        self.parts: dict[str | tuple[str, ...], tuple[FloatArray, FloatArray]] = {}

    def add(
        self, runner: str | tuple[str, ...], design: FloatArray, target: FloatArray, weight: float, within: float = 1.0
    ) -> None:
        """Add rows that belong together; what sets them apart from their mean counts ``within`` times as much as that mean."""
        centre, middle = design.mean(0), target.mean(0)
        apart, off = design - centre, target - middle
        gram = weight * (len(design) * np.outer(centre, centre) + within * apart.T @ apart)
        moment = weight * (len(design) * np.multiply.outer(centre, middle) + within * apart.T @ off)
        if runner in self.parts:
            gram, moment = gram + self.parts[runner][0], moment + self.parts[runner][1]
        self.parts[runner] = (gram, moment)
        self.__dict__.pop("_whole", None)

    @cached_property
    def _whole(self) -> tuple[FloatArray, FloatArray]:
        parts = self.parts.values()
        return sum((gram for gram, _ in parts), np.zeros(())), sum((moment for _, moment in parts), np.zeros(()))

    def solve(self, ridge: float, without: str | None = None) -> FloatArray:
        """Weights; the last row of the design is the constant and is not penalised."""
        everyone = ((who, part) for who, part in self.parts.items() if without is not None)
        left_out = [part for who, part in everyone if without in ((who,) if isinstance(who, str) else who)]
        gram, moment = (whole - sum(part[k] for part in left_out) for k, whole in enumerate(self._whole))
        penalty = np.full(len(gram), ridge * gram[-1, -1])
        penalty[-1] = 0.0
        return np.asarray(np.linalg.solve(gram + np.diag(penalty), moment), float)


@dataclass
class Scaled:
    """Standardisation of features."""

    centre: FloatArray
    spread: FloatArray

    def __call__(self, features: FloatArray) -> FloatArray:
        """Standardised features and a constant."""
        return np.column_stack([(features - self.centre) / self.spread, np.ones(len(features))])


def standardise(rows: list[FloatArray]) -> Scaled:
    """Mean and spread over all rows."""
    stacked = np.concatenate(rows)
    return Scaled(stacked.mean(0), stacked.std(0) + 1e-9)


def honest_scale(residual: FloatArray, expected: FloatArray, runner: np.ndarray) -> float:
    """Factor on expected errors with which 95 % of each runner's residuals lie inside 1.96 of them, averaged over runners."""
    ratio = np.abs(residual) / expected
    order = np.argsort(ratio)
    _, index, count = np.unique(runner, return_inverse=True, return_counts=True)
    share = np.cumsum((1 / count[index])[order]) / len(count)
    return float(ratio[order][np.searchsorted(share, 0.95)]) / 1.96
