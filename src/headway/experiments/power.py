"""How many pairs and steps a change needs, from the runner's own step-to-step noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import nct

from headway.analysis import Analysis
from headway.errors import OptionError
from headway.experiments import noise
from headway.experiments.statistics import ALPHA, FEWEST_PAIRS, quantile, sign_flip
from headway.metrics import REGISTRY
from headway.results import Value

WANTED = 0.80
MOST_PAIRS = 40
SIMULATED = 4000
_EXACT = 10
"""Pairs up to which the power is simulated with the exact test; beyond, the noncentral t is as good."""
BETWEEN = 2.0
"""Assumed change from block to block as a multiple of the noise of a block of 30 steps, where fewer than four free blocks are known.

An assumption. Between thirds of 36 treadmill trials of 30 s it was 1.6 for the contact time (Fukuchi 2017); a session is longer.
"""
ENOUGH_BLOCKS = 4
DEFAULT_CV = {
    "contact_time": 0.020,
    "step_time": 0.019,
    "peak_vertical_grf": 0.023,
    "step_width": 0.22,
    "lateral_bounce_amplitude": 0.08,
}
"""Step-to-step coefficients of variation where the runner's own are not known (12 runners on a treadmill, Fukuchi 2017; the bounce: one runner)."""
DEFAULT_RHO = 0.3


@dataclass(frozen=True)
class StepNoise:
    """Noise of one metric in free running.

    Attributes
    ----------
    cv
        Standard deviation per step as a share of the mean.
    rho
        Lag-one correlation.
    between
        Standard deviation of block means beyond what their steps explain, as a share of the mean.
    source
        Where it comes from, in words.
    """

    cv: float
    rho: float
    between: float
    source: str

    def pair(self, steps: int) -> float:
        """Standard deviation of the difference of one pair of blocks of so many steps, as a share of the mean."""
        return float(np.sqrt(2.0 * (self.cv**2 / noise.effective(steps, self.rho) + self.between**2)))


def noise_of(metric: str, analyses: list[Analysis]) -> StepNoise:
    """Noise of a metric from the runner's own free blocks, or the default.

    Raises
    ------
    OptionError
        Unknown metric; or no recording is given and there is no default for it; or the recordings do not carry it.
    """
    if metric not in REGISTRY:
        raise OptionError("--metric", f"{metric!r} is not a metric", "headway metrics lists them")
    if not analyses:
        if metric not in DEFAULT_CV:
            known = ", ".join(DEFAULT_CV)
            raise OptionError("--metric", f"nobody's noise of {metric} is known", f"give --free, or one of {known}")
        cv = DEFAULT_CV[metric]
        between = BETWEEN * cv / float(np.sqrt(noise.effective(30, DEFAULT_RHO)))
        return StepNoise(cv, DEFAULT_RHO, between, "the spread of other runners' steps, not yours")
    residuals, values = [], []
    for analysis in analyses:
        steps = analysis.steps
        entry = analysis.summary.metrics.get(metric)
        if metric not in steps or not isinstance(entry, Value):
            raise OptionError("--free", f"{metric} was not measured per step in it", "choose another metric")
        residuals.append(noise.centred(steps[metric].to_numpy(float), np.where(steps["side"] == "right", 1.0, -1.0)))
        values.append(entry.value)
    return _own(residuals, np.array(values))


def _own(residuals: list[np.ndarray], values: np.ndarray) -> StepNoise:
    if min(len(residual) for residual in residuals) < 10:
        raise OptionError("--free", "it holds fewer than ten steps", "give a free run of thirty steps or more")
    mean = abs(float(values.mean()))
    if mean == 0.0:
        raise OptionError("--metric", "its mean is zero, a change in % means nothing", "choose another metric")
    sums = np.array([noise.lag_sums(residual) for residual in residuals]).sum(0)
    n = float(np.mean([len(residual) for residual in residuals]))
    rho = float(noise.correlation(sums[0], sums[1], n))
    cv = float(np.sqrt(sums[1] / (sum(len(r) - 2 for r in residuals)))) / mean
    within = cv**2 / float(noise.effective(n, rho))
    count = len(values)
    assumed = BETWEEN * cv / float(np.sqrt(noise.effective(30, rho)))
    seen = float(np.sqrt(max(float(values.var(ddof=1)) / mean**2 - within, 0.0))) if count > 1 else 0.0
    if count >= ENOUGH_BLOCKS:
        return StepNoise(cv, rho, seen, f"your own {count} free blocks")
    blocks = "one free block tells" if count == 1 else f"{count} free blocks tell"
    source = f"your own steps; the change from block to block is assumed, as {blocks} too little of it"
    return StepNoise(cv, rho, max(assumed, seen), source)


@lru_cache(maxsize=512)
def power(size: float, k: int) -> float:
    """Chance that ``k`` randomised pairs find a change of ``size`` standard deviations of a pair's difference (two-sided, 0.05)."""
    if k < FEWEST_PAIRS:
        return 0.0
    if k > _EXACT:
        limit, shift = float(quantile(k - 1)), size * np.sqrt(k)
        return float(nct.sf(limit, k - 1, shift) + nct.cdf(-limit, k - 1, shift))
    drawn = np.random.default_rng(k).standard_normal((SIMULATED, k)) + size
    return float((sign_flip(drawn) <= ALPHA).mean())


def pairs_needed(size: float, wanted: float = WANTED) -> int | None:
    """Fewest pairs that find a change of ``size`` standard deviations of a pair's difference; ``None`` beyond ``MOST_PAIRS``."""
    return next((k for k in range(FEWEST_PAIRS, MOST_PAIRS + 1) if power(round(size, 2), k) >= wanted), None)
