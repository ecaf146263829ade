"""A straight line through a series whose neighbours go together."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from headway.recording import FloatArray


def slope(time: FloatArray, values: FloatArray, beside: FloatArray | None = None) -> tuple[float, float, float] | None:
    """Slope with its 95 % interval from a series of windows; ``None`` with fewer than six.

    Parameters
    ----------
    time, values
        Shape (m,); NaN is left out.
    beside
        A second regressor (speed beside time), shape (m,).

    Notes
    -----
    Least squares; the error is widened by sqrt((1 + r)/(1 - r)) for the correlation r of neighbouring residuals, and the degrees of freedom
    shrink with it, so that a slow wave is not taken for a trend.
    """
    columns = [time] if beside is None else [time, beside]
    there = np.isfinite(values) & np.all([np.isfinite(one) for one in columns], axis=0)
    if there.sum() < 6 or any(np.ptp(one[there]) <= 0 for one in columns):
        return None
    design = np.column_stack([np.ones(there.sum()), *(one[there] - one[there].mean() for one in columns)])
    inverse = np.linalg.pinv(design.T @ design)
    fit = inverse @ design.T @ values[there]
    rest = values[there] - design @ fit
    freedom = len(rest) - design.shape[1]
    power = float(rest @ rest)
    r = float(np.clip(rest[1:] @ rest[:-1] / power, 0.0, 0.9)) if power > 0 else 0.0
    widened = (1 + r) / (1 - r)
    error = float(np.sqrt(power / freedom * inverse[1, 1] * widened))
    half = float(student.ppf(0.975, max(freedom / widened, 2.0))) * error
    return float(fit[1]), float(fit[1] - half), float(fit[1] + half)
