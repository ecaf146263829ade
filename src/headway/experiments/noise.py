"""Step-to-step noise: how the steps of one block hang together, and how well they fix the block's mean.

Every function works along the last axis and takes any leading axes, so that hundreds of simulated experiments are one call.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray

BLOCK = 10
"""Longest block of the moving-block bootstrap, steps."""
HIGHEST = 0.9
"""Autocorrelations above are not told apart in a few dozen steps."""
_GRID = np.linspace(0.0, HIGHEST, 19)


def centred(values: FloatArray, side: FloatArray) -> FloatArray:
    """Values minus the mean of their side: feet that differ would look like a step-to-step rhythm; steps without value fall away.

    Parameters
    ----------
    values
        Per step, shape (n,), NaN where a step carries none.
    side
        +1 right, -1 left, shape (n,).
    """
    out = np.array(values, float)
    for sign in (1.0, -1.0):
        own = (side == sign) & np.isfinite(out)
        if own.any():
            out[own] -= out[own].mean()
    return out[np.isfinite(out)]


def lag_sums(residual: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sums of lagged products and of squares of residuals (..., n): their quotient is the lag-one correlation, and they add over blocks."""
    return (residual[..., 1:] * residual[..., :-1]).sum(-1), (residual**2).sum(-1)


def correlation(lagged: npt.ArrayLike, squares: npt.ArrayLike, n: npt.ArrayLike) -> FloatArray:
    """Lag-one correlation from the sums of blocks of ``n`` steps each, between 0 and ``HIGHEST``.

    Notes
    -----
    The mean of a block is taken out of the same block, which lowers the quotient by about (1 + 3 rho) / n (Kendall 1954); this is undone.
    """
    bottom = np.asarray(squares, float)
    raw = np.where(bottom > 0, np.asarray(lagged, float) / np.where(bottom > 0, bottom, 1.0), 0.0)
    count = np.maximum(np.asarray(n, float), 6.0)
    return np.clip((raw + 1.0 / count) / (1.0 - 3.0 / count), 0.0, HIGHEST)


def effective(n: npt.ArrayLike, rho: npt.ArrayLike) -> FloatArray:
    """Number of independent steps that ``n`` steps of an AR(1) series are worth: n (1 - rho) / (1 + rho); 30 steps at 0.3 are worth 16."""
    rho = np.asarray(rho, float)
    return np.asarray(n, float) * (1.0 - rho) / (1.0 + rho)


def block_of(n: int) -> int:
    """Steps in a block of the moving-block bootstrap: ten, in series under twenty steps half of them."""
    return BLOCK if n >= 2 * BLOCK else max(n // 2, 1)


def mean_variance(residual: FloatArray, rho: npt.ArrayLike) -> FloatArray:
    """Variance of the mean of correlated steps by the circular moving-block bootstrap, shape (...).

    Parameters
    ----------
    residual
        Shape (..., n), each series around its mean.
    rho
        Lag-one correlation, shape (...) or a number: tells how much the blocks miss.

    Notes
    -----
    The limit of infinitely many resamples, which for a mean has a closed form: b/n times the mean square of all circular block means (Künsch
    1989; Politis and Romano 1992). It is too small by a factor that is computed exactly for an AR(1) series of this length and undone.
    """
    n = residual.shape[-1]
    b = block_of(n)
    doubled = np.concatenate([residual, residual[..., : b - 1]], axis=-1) if b > 1 else residual
    summed = np.cumsum(np.concatenate([np.zeros((*residual.shape[:-1], 1)), doubled], axis=-1), axis=-1)
    means = (summed[..., b:] - summed[..., :-b]) / b
    return (b / n) * (means**2).mean(-1) * np.interp(np.asarray(rho, float), _GRID, _calibration(n, b))


def freedom(n: int) -> float:
    """Degrees of freedom of that variance: overlapping blocks carry half as many again as blocks side by side (Meketon and Schmeiser 1984)."""
    return max(1.5 * (n / block_of(n) - 1.0), 1.0)


@lru_cache(maxsize=256)
def _calibration(n: int, b: int) -> FloatArray:
    """True variance of the mean of an AR(1) series over the expected bootstrap variance, on ``_GRID``."""
    lag = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    out = np.empty(len(_GRID))
    for k, rho in enumerate(_GRID):
        covariance = rho**lag if rho else np.eye(n)
        true = covariance.mean()
        # variance of every circular block's mean, by summing the covariance over the block's square
        wrapped = np.pad(covariance, ((0, b - 1), (0, b - 1)), mode="wrap")
        total = np.zeros((n + b, n + b))
        total[1:, 1:] = np.cumsum(np.cumsum(wrapped, 0), 1)[: n + b - 1, : n + b - 1]
        i = np.arange(n)
        square = total[i + b, i + b] - total[i, i + b] - total[i + b, i] + total[i, i]
        out[k] = true / ((b / n) * (square.mean() / b**2 - true))
    return out
