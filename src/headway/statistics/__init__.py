"""From values per step to one number with an error bar that holds, in short recordings too."""

from headway.statistics.intervals import Estimate, estimate
from headway.statistics.kinds import REDUCERS, SIZES, STRIDE_KINDS, TWO_SIDED, components, per_step, without
from headway.statistics.posterior import freedom
from headway.statistics.prior import Prior, prior_of
from headway.statistics.trend import slope

__all__ = [
    "REDUCERS",
    "SIZES",
    "STRIDE_KINDS",
    "TWO_SIDED",
    "Estimate",
    "Prior",
    "components",
    "estimate",
    "freedom",
    "per_step",
    "prior_of",
    "slope",
    "without",
]
