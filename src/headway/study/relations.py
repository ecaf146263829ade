"""How a metric goes with speed and condition within runners, and which recordings stand apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from headway.recording import FloatArray
from headway.study.data import Table

FEWEST_RUNNERS = 3
APART = 3.5
"""Robust z from which a recording stands apart (Iglewicz and Hoaglin 1993)."""
FEWEST = 8
"""Recordings below which none is called apart."""
SPREAD = 0.2
"""Range of speed within a runner that a slope needs, m/s."""


@dataclass(frozen=True)
class StudySlope:
    """Change per m/s within runners: slope, 95 % interval, runners and recordings; beside it the mixed model's slope where it was fitted.

    The model's own interval is not kept: it takes runners to have one slope, and holds .64 to .82 where few runners differ in theirs.
    """

    slope: float
    ci95: tuple[float, float]
    runners: int
    recordings: int
    mixed: float | None = None


def within_slope(values: Table, *, mixed: bool = True) -> StudySlope | None:
    """Slope over speed within runners, by least squares after taking each runner's means away.

    Parameters
    ----------
    values
        Columns ``runner``, ``speed``, ``value``.
    mixed
        Fit a mixed model with a random intercept per runner too.

    Notes
    -----
    Runners differ in their own slopes. The standard error is the jackknife over runners, which needs no model of that and holds with few
    and unlike ones (Bell and McCaffrey 2002), and the interval is Student's with one degree of freedom
    less than the number of runners that would weigh alike (1 / sum of squared shares). ``None`` with fewer than three runners that were
    recorded at more than one speed.
    """
    rows = values.dropna(subset=["runner", "speed", "value"])
    speeds = rows.groupby("runner")["speed"]
    reach = speeds.transform("max") - speeds.transform("min")
    rows = rows[reach >= SPREAD]
    runners = rows["runner"].to_numpy(str)
    names, member = np.unique(runners, return_inverse=True)
    if len(names) < FEWEST_RUNNERS or np.ptp(rows["value"].to_numpy(float)) == 0.0:
        return None
    own = rows.groupby("runner")[["speed", "value"]].transform("mean").to_numpy(float)
    x, y = (rows[["speed", "value"]].to_numpy(float) - own).T
    slope = float(x @ y / (x @ x))
    count = len(names)
    without = (x @ y - np.bincount(member, x * y)) / (x @ x - np.bincount(member, x * x))
    error = float(np.sqrt((count - 1) / count * ((without - slope) ** 2).sum()))
    share = np.bincount(member, x * x) / (x @ x)
    half = float(student.ppf(0.975, max(1.0 / float(share @ share) - 1.0, 1.0))) * error
    speed, value = rows[["speed", "value"]].to_numpy(float).T
    fitted = random_intercept(speed, value, member) if mixed else None
    return StudySlope(slope, (slope - half, slope + half), count, len(rows), fitted)


def random_intercept(x: FloatArray, y: FloatArray, member: npt.NDArray[np.int64]) -> float | None:
    """Slope of ``y`` over ``x`` with a random intercept per member (mixed model, restricted likelihood).

    Given λ, the variance between members over that within, V = I + λ J per member is inverted in closed form and everything follows from sums
    per member; the restricted likelihood (Patterson and Thompson 1971) is then searched over λ alone. ``None`` where it has no variance.

    Parameters
    ----------
    x, y
        shape (n,).
    member
        Number of the member of each row, from 0; shape (n,).
    """
    x, y = x - x.mean(), y - y.mean()
    scale = float(y.std()) or 1.0
    design, y = np.column_stack([np.ones(len(x)), x]), y / scale
    size = np.bincount(member)
    sums = np.column_stack([np.bincount(member, column) for column in (*design.T, y)])
    whole = np.column_stack([design, y])
    products, free = whole.T @ whole, len(x) - 2

    def fit(log_ratio: float) -> tuple[float, FloatArray]:
        ratio = float(np.exp(log_ratio))
        left = np.asarray(products - (sums * (ratio / (1 + ratio * size))[:, None]).T @ sums, np.float64)
        beta = np.asarray(np.linalg.solve(left[:2, :2], left[:2, 2]), np.float64)
        rest = max(float(left[2, 2] - beta @ left[:2, 2]), np.finfo(float).tiny)
        lost = free * np.log(rest) + np.log1p(ratio * size).sum() + np.linalg.slogdet(left[:2, :2])[1]
        return float(lost), beta

    best: Any = minimize_scalar(
        lambda one: fit(one)[0], bounds=(-16.0, 16.0), method="bounded", options={"xatol": 1e-6}
    )
    slope = float(fit(float(best.x))[1][1]) * scale
    return slope if np.isfinite(slope) else None


@dataclass(frozen=True)
class ConditionMean:
    """One condition: recordings, mean, standard deviation, speed (m/s); change against the first one over how many runners, with 95 % interval."""

    condition: str
    n: int
    mean: float
    sd: float | None
    speed: float
    runners: int
    change: float | None = None
    ci95: tuple[float, float] | None = None


def conditions(values: Table) -> list[ConditionMean]:
    """Mean, standard deviation, speed and count by condition, and the change within runners against the first of them.

    The change is that of each runner's mean; its interval is Student's over runners.
    """
    rows = values.dropna(subset=["condition", "value"])
    names = list(dict.fromkeys(rows["condition"]))
    if len(names) < 2:
        return []
    means = rows.groupby(["runner", "condition"])["value"].mean().unstack("condition")
    out = []
    for name in names:
        own = rows[rows["condition"] == name]
        mean, speed = float(own["value"].mean()), float(own["speed"].mean())
        spread = float(own["value"].std()) if len(own) > 1 else None
        change = (means[name] - means[names[0]]).dropna().to_numpy() if name != names[0] and len(means) else np.empty(0)
        row = ConditionMean(name, len(own), mean, spread, speed, len(change))
        if len(change) > 1:
            middle = float(change.mean())
            half = float(student.ppf(0.975, len(change) - 1) * change.std(ddof=1) / np.sqrt(len(change)))
            row = replace(row, change=middle, ci95=(middle - half, middle + half))
        out.append(row)
    return out


def apart(values: Table) -> list[tuple[str, float]]:
    """Recordings that stand apart from the relation with speed over all, with their robust z, largest first.

    The line through the medians of pairs (Theil 1950, Sen 1968) is taken away, and the rest measured by its median absolute deviation.
    """
    rows = values.dropna(subset=["value"])
    if len(rows) < FEWEST:
        return []
    speed = rows["speed"].to_numpy(float)
    rest = _rest(speed, rows["value"].to_numpy(float))
    rest = rest - np.median(rest)
    spread = 1.4826 * float(np.median(np.abs(rest)))
    if spread <= 0.0:
        return []
    z = rest / spread
    found = [(str(rows["recording"].iloc[k]), float(z[k])) for k in np.flatnonzero(np.abs(z) > APART)]
    return sorted(found, key=lambda one: -abs(one[1]))


def _rest(speed: FloatArray, value: FloatArray) -> FloatArray:
    """Values without their relation to speed."""
    known = np.isfinite(speed)
    if known.sum() < FEWEST or np.ptp(speed[known]) < SPREAD:
        return value
    draw = np.random.default_rng(0)
    index = np.flatnonzero(known)
    index = index if len(index) <= 600 else np.sort(draw.choice(index, 600, replace=False))
    a, b = np.triu_indices(len(index), 1)
    run = speed[index[b]] - speed[index[a]]
    far = np.abs(run) >= SPREAD / 2
    slope = float(np.median((value[index[b]] - value[index[a]])[far] / run[far]))
    return value - slope * np.where(known, speed - np.median(speed[known]), 0.0)
