"""What each step adds to the error of an estimate, to first order (the infinitesimal jackknife, Efron 1982)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.recording import FloatArray
from headway.statistics.kinds import STRIDE_KINDS, Components, wave_of

Layout = Literal["balanced", "contrast", "uniform", "strides"]
"""How noise becomes error: mean of the side means, difference of the side means, mean of steps, mean of strides."""


@dataclass(frozen=True)
class Influence:
    """Noise of the steps that carry an estimate.

    Attributes
    ----------
    noise
        Shape (rows, n), unit of the estimate: a second row where the estimate is the size or angle of a complex number, across it.
    layout
        How the rows add up to the error of the estimate.
    """

    noise: FloatArray
    layout: Layout


def influence(kind: str, parts: Components, side: FloatArray) -> Influence:
    """Noise of each step, for components of shape (n, k) that all carry the metric.

    For ``amplitude``, ``phase``, ``gain`` and ``lag`` the rows lie along and across the complex estimate, in its unit; for ``locking`` the noise is
    that of the angles, rad.
    """
    if kind in ("mean", "asymmetry"):
        return _of_sides(kind, np.real(parts), side)
    if kind == "shift_ratio":
        return Influence(_shift(np.real(parts))[None], "uniform")
    if kind == "ratio":
        return Influence(np.real(_quotient(parts[:, 0], parts[:, 1]))[None], "uniform")
    if kind == "range":
        return Influence(_range(parts)[None], "strides")
    centre = parts[:, 0].sum()
    if kind == "locking":
        return Influence(np.angle(parts[:, 0] * np.conj(centre))[None], "strides")
    around = _quotient(parts[:, 0], parts[:, 1])
    turned = around * np.conj(centre) / max(abs(centre), 1e-300)
    return Influence(np.array([turned.real, turned.imag]), "strides" if kind in STRIDE_KINDS else "uniform")


def _quotient(top: Components, bottom: Components) -> Components:
    """Noise of the quotient of two sums; its mean is zero."""
    total = bottom.sum()
    return len(top) * (top - top.sum() / total * bottom) / total


def _of_sides(kind: str, parts: FloatArray, side: FloatArray) -> Influence:
    values = parts[:, 0] + parts[:, 2]
    means = [values[side == sign].mean() if (side == sign).any() else np.nan for sign in (1.0, -1.0)]
    noise = values - np.where(side > 0, means[0], means[1])
    if kind == "mean":
        few = min((side == sign).sum() for sign in (1.0, -1.0))
        if few == 0 or len(values) < 4:
            return Influence((values - values.mean())[None], "uniform")
        return Influence(noise[None], "balanced")
    right, left = np.abs(means)
    noise = noise * 800.0 * np.where(side > 0, left, right) / (right + left) ** 2
    return Influence(noise[None], "contrast")


def _shift(parts: FloatArray) -> FloatArray:
    right, left = (_quotient(parts[:, k], parts[:, k + 1]) for k in (0, 2))
    width, count = parts[:, 4], parts[:, 5]
    mean = width.sum() / count.sum()
    apart = parts[:, 0].sum() / parts[:, 1].sum() - parts[:, 2].sum() / parts[:, 3].sum()
    return (right - left) / mean - apart / mean**2 * _quotient(width, count)


def _range(parts: Components) -> FloatArray:
    """The extremes of the mean wave stay where they are to first order."""
    mean = np.asarray(parts[:, :-1].sum(0) / parts[:, -1].sum(), dtype=np.complex128)
    wave, turns = wave_of(mean)
    difference = turns[:, int(np.argmax(wave))] - turns[:, int(np.argmin(wave))]
    return np.real((parts[:, :-1] - parts[:, -1:] * mean) @ difference)
