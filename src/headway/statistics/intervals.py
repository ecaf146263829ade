"""One metric over all steps, with its 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import chndtr, fdtri

from headway.recording import FloatArray
from headway.statistics.influence import influence
from headway.statistics.kinds import BOUNDS, REDUCERS, TWO_SIDED, Components
from headway.statistics.posterior import CORRELATIONS, Posterior, posterior
from headway.statistics.prior import Prior, assumed

LOOSE = 0.5
"""Locking below which the angles go round the circle and only the length of their mean tells their spread."""

RESULTANTS = np.linspace(0.002, 0.998, 84)
"""Lengths of the mean that are tried for loose locking."""
ROUND = 10.0
"""R squared over the variance of the mean at which the variance along counts as much as that of both parts."""
FARTHEST_STEP = 60
"""Steps so far apart hang together no more."""


@dataclass(frozen=True)
class Estimate:
    """One metric over all steps.

    Attributes
    ----------
    kind
        Key of ``REDUCERS``.
    value
        The estimate.
    reach
        How far the 95 % interval reaches below and above it, ``None`` when a single step (or none) carries it.
    n
        Steps that carry it.
    left, right
        The same from one side's steps, ``None`` without any.
    known
        Share of the degrees of freedom of the interval that other recordings give (:class:`Prior`); 0 without an interval.
    source
        Which recordings, in words.
    """

    kind: str
    value: float
    reach: tuple[float, float] | None
    n: int
    left: float | None
    right: float | None
    known: float = 0.0
    source: str = ""

    @property
    def ci95(self) -> tuple[float, float] | None:
        """95 % interval within the bounds of its kind; ``None`` where there is none."""
        if self.reach is None:
            return None
        return _clipped(self.kind, (self.value - self.reach[0], self.value + self.reach[1]))

    def widened(self, error: float, share: float = 1.0) -> Estimate:
        """The same with a standard error that more steps do not mend in its interval, in quadrature to a ``share`` of the steps' own."""
        if self.reach is None or (error == 0.0 and share == 1.0):
            return self
        below, above = (float(np.hypot(share * one, 1.96 * error)) for one in self.reach)
        return replace(self, reach=(below, above))


def estimate(kind: str, parts: Components, side: FloatArray, prior: Prior | None = None) -> Estimate | None:
    """Estimate, interval and side values of one metric; ``None`` when no step carries it.

    Parameters
    ----------
    kind
        Key of ``REDUCERS``.
    parts
        From :func:`components`.
    side
        +1 right, -1 left.
    prior
        What is known of the metric's noise beforehand; nothing if not given.

    Notes
    -----
    The interval is the estimate ± the quantile of a mixture of Student's t over the correlations of the steps (:mod:`headway.statistics.posterior`).
    Sizes of complex numbers are freed of the part that noise adds to them, and their interval begins at zero where an F test cannot tell them from
    it; angles are then anywhere on the circle. Locking is told by the variance of the angles. Shares have Wilson's interval (1927).
    Comparisons of the sides have none with fewer than two steps of a side.
    """
    reduce = REDUCERS[kind]
    carried = np.abs(parts).sum(1) > 0
    n = int(carried.sum())
    value = float(np.real(reduce(parts.sum(0))))
    if n == 0 or not np.isfinite(value):
        return None
    two_sided = kind in TWO_SIDED
    interval, known = None, 0.0
    if kind == "share":
        interval = _wilson(value, n) if n > 1 else None
    elif n > 1 and not (two_sided and _fewer_of_a_side(carried, side) < 2):
        own, beside = parts[carried], np.ascontiguousarray(side[carried], dtype=np.float64)
        noise = posterior(influence(kind, own, beside), beside, prior or assumed(kind))
        if noise is not None:
            interval, known = _clipped(kind, _interval(kind, value, own, noise)), noise.known
    left, right = (None if two_sided else _finite(reduce(parts[side == sign].sum(0))) for sign in (-1, 1))
    reach = None if interval is None else (value - interval[0], interval[1] - value)
    return Estimate(kind, value, reach, n, left, right, known, "" if prior is None else prior.source)


def _fewer_of_a_side(carried: npt.NDArray[np.bool_], side: FloatArray) -> int:
    return min(int((carried & (side == sign)).sum()) for sign in (1, -1))


def _clipped(kind: str, interval: tuple[float, float]) -> tuple[float, float] | None:
    if not np.isfinite(interval).all():
        return None
    lowest, highest = BOUNDS.get(kind, (-np.inf, np.inf))
    return max(interval[0], lowest), min(interval[1], highest)


def _interval(kind: str, value: float, parts: Components, noise: Posterior) -> tuple[float, float]:
    if kind == "locking":
        return _of_locking(value, len(parts), noise)
    if kind in ("amplitude", "gain"):
        return _of_size(value, noise)
    if kind in ("phase", "lag"):
        half = _turn(abs(parts[:, 0].sum() / parts[:, 1].sum()), noise)
        if kind == "lag":
            half /= float(np.real(parts[:, 2].sum() / parts[:, 3].sum()))
        return value - half, value + half
    half = noise.half()
    return value - half, value + half


def _noise_of_size(noise: Posterior) -> float:
    """Square of the size that noise alone would give, in half (variance along or across)."""
    return float(np.mean(noise.spread**2))


def _is_zero(size: float, noise: Posterior) -> bool:
    """Whether zero lies in the 95 % region of the complex number."""
    return size**2 < 2.0 * float(fdtri(2.0, 2.0 * noise.freedom, 0.95)) * _noise_of_size(noise)


def _of_size(size: float, noise: Posterior) -> tuple[float, float]:
    """Interval of the length of a complex number, which noise makes longer: E|m|^2 = |mu|^2 + 2 s^2."""
    half = noise.half()
    centre = float(np.sqrt(max(size**2 - _noise_of_size(noise), 0.0)))
    low = 0.0 if _is_zero(size, noise) else min(max(centre - half, 0.0), size)
    return low, max(centre + half, size)


def _turn(size: float, noise: Posterior) -> float:
    """Half width of the angle of a complex number, rad."""
    across = noise.half(1)
    return np.pi if _is_zero(size, noise) or across >= size else float(np.arcsin(across / size))


def _of_locking(size: float, n: int, noise: Posterior) -> tuple[float, float]:
    """Length R of the mean of unit vectors from the variance v of their angles: R = exp(-v / 2) (wrapped normal, Mardia and Jupp 2000).

    -2 ln R scatters more than a variance by (2 sinh(v / 2) / v)^2, which takes as many degrees of freedom away.
    """
    if size > LOOSE:
        spread = -2.0 * np.log(min(size, 1.0))
        share = 1.0 if spread < 1e-9 else float((spread / 2 / np.sinh(spread / 2)) ** 2)
        low, high = (float(np.exp(-v / 2)) for v in noise.variance_between(0, share)[::-1])
        return min(low, size), max(high, size)
    return _of_loose_locking(size, n, noise)


def _of_loose_locking(size: float, n: int, noise: Posterior) -> tuple[float, float]:
    """Every R under which a mean of unit vectors of this length is no surprise.

    Angles of variance v = -2 ln R with correlation c between two steps have unit vectors with the covariance exp(-v) (cosh(v c) - 1) along the mean
    and exp(-v) sinh(v c) across it. Their mean is taken as normal and round, so that its squared length is a non-central chi-square of two degrees
    of freedom: as wide as the mean of both where noise is as long as R, as along where it is far shorter.
    """
    square, lag = RESULTANTS[:, None] ** 2, np.arange(min(n, FARTHEST_STEP))
    pairs = np.where(lag == 0, n, 2.0 * (n - lag)) / n**2
    joint = -np.log(square)[..., None] * CORRELATIONS[:, None] ** lag
    along, across = square * ((np.cosh(joint) - 1.0) @ pairs), square * (np.sinh(joint) @ pairs)
    clear = square / (square + ROUND * (along + across) / 2.0)
    half = np.maximum(clear * along + (1.0 - clear) * (along + across) / 2.0, 1e-9)
    below = chndtr(size**2 / half, 2.0, square / half) @ noise.weight
    low, high = np.interp([-0.975, -0.025], -below, RESULTANTS)
    return (0.0 if below[0] < 0.975 else float(low)), float(high)


def _wilson(share: float, n: int) -> tuple[float, float]:
    square = 1.96**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = 1.96 / (1 + square / n) * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)


def _finite(value: npt.NDArray) -> float | None:
    number = float(np.real(value))
    return number if np.isfinite(number) else None
