"""How steps become one number: the kinds of estimate, each a function of sums over the steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.recording import ComplexArray, FloatArray

STRIDE_KINDS = ("amplitude", "phase", "locking", "gain", "lag", "range")
"""Kinds whose values per step come from whole strides, which overlap by half."""
SIZES = ("amplitude", "range", "gain")
"""Kinds that are off by a share of themselves."""
TWO_SIDED = ("asymmetry", "shift_ratio")
"""Kinds that compare the sides: an interval needs at least two steps of each."""
BOUNDS = {
    "amplitude": (0.0, np.inf),
    "range": (0.0, np.inf),
    "gain": (0.0, np.inf),
    "locking": (0.0, 1.0),
    "asymmetry": (-200.0, 200.0),
    "share": (0.0, 1.0),
}
"""Values that a kind of estimate cannot leave, and its interval neither."""

Components = FloatArray | ComplexArray


def divide(top: npt.NDArray, bottom: npt.NDArray) -> npt.NDArray:
    """Quotient; NaN where the bottom is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom != 0, top / np.where(bottom != 0, bottom, 1), np.nan)


def _balanced_mean(sums: npt.NDArray) -> npt.NDArray:
    """Mean of the two side means, or the one side that is there; columns right sum, right count, left sum, left count."""
    sums = np.real(sums)
    right, left = divide(sums[..., 0], sums[..., 1]), divide(sums[..., 2], sums[..., 3])
    return np.where(np.isnan(right), left, np.where(np.isnan(left), right, (right + left) / 2))


def _asymmetry(sums: npt.NDArray) -> npt.NDArray:
    sums = np.real(sums)
    right, left = divide(sums[..., 0], sums[..., 1]), divide(sums[..., 2], sums[..., 3])
    return 200.0 * divide(right - left, np.abs(right) + np.abs(left))


_ANGLES = np.linspace(0, 2 * np.pi, 128, endpoint=False)


def wave_of(mean: ComplexArray) -> tuple[FloatArray, ComplexArray]:
    """Wave of complex harmonics (..., k) at 128 phases of the stride, and the turns (k, 128) that make it."""
    turns = np.exp(-1j * np.outer(np.arange(1, mean.shape[-1] + 1), _ANGLES))
    return np.real(mean @ turns), turns


def _locked_range(sums: npt.NDArray) -> npt.NDArray:
    """Peak to peak of the mean stride's wave; columns are the sums of its harmonics' complex amplitudes, and the count."""
    return np.ptp(wave_of(divide(sums[..., :-1], sums[..., -1:]))[0], axis=-1)


def _shift_ratio(sums: npt.NDArray) -> npt.NDArray:
    sums = np.real(sums)
    right, left = divide(sums[..., 0], sums[..., 1]), divide(sums[..., 2], sums[..., 3])
    return divide(right - left, divide(sums[..., 4], sums[..., 5]))


REDUCERS: dict[str, Callable[[npt.NDArray], npt.NDArray]] = {
    "mean": _balanced_mean,
    "share": _balanced_mean,
    "asymmetry": _asymmetry,
    "shift_ratio": _shift_ratio,
    "ratio": lambda sums: np.real(divide(sums[..., 0], sums[..., 1])),
    "amplitude": lambda sums: np.abs(divide(sums[..., 0], sums[..., 1])),
    "range": _locked_range,
    "phase": lambda sums: np.angle(divide(sums[..., 0], sums[..., 1])),
    "locking": lambda sums: np.abs(divide(sums[..., 0], sums[..., 1])),
    "gain": lambda sums: np.abs(divide(sums[..., 0], sums[..., 1])),
    "lag": lambda sums: divide(
        -np.angle(divide(sums[..., 0], sums[..., 1])), np.real(divide(sums[..., 2], sums[..., 3]))
    ),
}
"""How the sums of a metric's components become its value.

``ratio`` and ``gain``: numerator, denominator. ``range``: complex amplitude of each harmonic, count.
``amplitude``, ``phase``, ``locking``: complex value, count. ``lag``: complex numerator,
denominator, angular frequency, count. ``mean``, ``share``, ``asymmetry``: right sum, right count, left sum, left count; ``shift_ratio`` adds
width sum, width count.
"""


def components(kind: str, values: object, side: FloatArray) -> Components:
    """Turn what a metric computed per step into components whose sums make the estimate.

    Parameters
    ----------
    kind
        Key of ``REDUCERS``.
    values
        Per step, shape (n,): real for ``mean`` and ``asymmetry``, complex for ``amplitude``, ``phase``, ``locking``, complex of shape
        (n, harmonics) for ``range``. A tuple of such
        arrays for ``ratio``, ``gain`` (numerator, denominator), ``lag`` (complex numerator, denominator, angular frequency in rad/s) and
        ``shift_ratio`` (lateral position, step width). NaN where a step does not carry it.
    side
        +1 right, -1 left, shape (n,).

    Returns
    -------
    Shape (n, k); a step that does not carry the metric has a row of zeros.
    """
    parts = values if isinstance(values, tuple) else (values,)
    arrays = [np.asarray(part) for part in parts]
    if kind == "shift_ratio":
        position, width = arrays
        return np.column_stack([_by_side(position, side), *_counted(width)])
    if kind == "range":
        whole = np.all(np.isfinite(arrays[0]), axis=1)
        return np.column_stack([np.where(whole[:, None], arrays[0], 0), whole])
    carried = np.all([np.isfinite(array) for array in arrays], axis=0)
    if kind in ("mean", "share", "asymmetry"):
        return _by_side(arrays[0], side)
    zeroed = [np.where(carried, array, 0) for array in arrays]
    if kind == "locking":
        unit = np.where(carried, zeroed[0] / np.where(carried, np.abs(zeroed[0]), 1), 0)
        return np.column_stack([unit, carried])
    if kind in ("amplitude", "phase", "lag"):
        return np.column_stack([*zeroed, carried])
    return np.column_stack(zeroed)


def without(kind: str, values: Any, off: float) -> Any:
    """Values per step (as in :func:`components`) whose estimate is less by ``off``, in its unit; :data:`SIZES` by so much of themselves."""
    if kind in SIZES:
        return (values[0] / (1.0 + off), *values[1:]) if isinstance(values, tuple) else values / (1.0 + off)
    if kind == "phase":
        return values * np.exp(-1j * off)
    if kind == "lag":
        return (values[0] * np.exp(1j * off * values[2]), *values[1:])
    return values - off


def _counted(values: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
    carried = np.isfinite(values)
    return np.where(carried, values, 0.0), carried.astype(float)


def _by_side(values: npt.NDArray, side: FloatArray) -> FloatArray:
    filled, carried = _counted(values)
    right, left = side > 0, side < 0
    return np.column_stack([filled * right, carried * right, filled * left, carried * left])


def per_step(kind: str, values: object, side: FloatArray) -> FloatArray:
    """Value of each step by itself, shape (n,); NaN where a step does not carry the metric or it has none for a single step."""
    if kind in (*TWO_SIDED, "locking"):
        return np.full(len(side), np.nan)
    parts = components(kind, values, side)
    return np.where(np.abs(parts).sum(1) > 0, REDUCERS[kind](parts), np.nan)
