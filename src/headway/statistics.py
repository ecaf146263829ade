"""From values per step to one number with an error bar.

Every estimator is a function of sums over steps, so that a bootstrap resample is one matrix product for all metrics at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from headway.recording import ComplexArray, FloatArray

RESAMPLES = 1000
BLOCK = 10
"""Longest block of the moving-block bootstrap, steps (at least 5 strides, where the recording is long enough)."""
BLOCKS_WANTED = 4
"""Shorter recordings get shorter blocks, so that at least this many fit."""

MANY = 200
"""From more steps than these the interval comes from a jackknife over batches of neighbours. The bootstrap's blocks of ten hold short recordings
together that have no 24 steps to make batches of; over a run of thousands it would cost a thousand numbers a step and metric, and both agree."""
BATCH = 6
"""Fewest neighbouring steps in a batch: three times the reach of two strides that share a step."""
MOST_BATCHES, FEWEST_BATCHES = 40, 4

STRIDE_KINDS = ("amplitude", "phase", "locking", "gain", "lag", "range")
"""Kinds whose values per step come from whole strides, which overlap by half: their blocks hold at least two."""
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
    """

    kind: str
    value: float
    reach: tuple[float, float] | None
    n: int
    left: float | None
    right: float | None

    @property
    def ci95(self) -> tuple[float, float] | None:
        """95 % interval within the bounds of its kind; ``None`` where there is none."""
        if self.reach is None:
            return None
        lowest, highest = BOUNDS.get(self.kind, (-np.inf, np.inf))
        return max(self.value - self.reach[0], lowest), min(self.value + self.reach[1], highest)

    def widened(self, error: float) -> Estimate:
        """The same with a standard error that more steps do not mend in its interval, in quadrature."""
        if self.reach is None or error == 0.0:
            return self
        below, above = (float(np.hypot(one, 1.96 * error)) for one in self.reach)
        return replace(self, reach=(below, above))


def _divide(top: npt.NDArray, bottom: npt.NDArray) -> npt.NDArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom != 0, top / np.where(bottom != 0, bottom, 1), np.nan)


def _balanced_mean(sums: npt.NDArray) -> npt.NDArray:
    """Mean of the two side means, or the one side that is there; columns right sum, right count, left sum, left count."""
    sums = np.real(sums)
    right, left = _divide(sums[..., 0], sums[..., 1]), _divide(sums[..., 2], sums[..., 3])
    return np.where(np.isnan(right), left, np.where(np.isnan(left), right, (right + left) / 2))


def _asymmetry(sums: npt.NDArray) -> npt.NDArray:
    sums = np.real(sums)
    right, left = _divide(sums[..., 0], sums[..., 1]), _divide(sums[..., 2], sums[..., 3])
    return 200.0 * _divide(right - left, np.abs(right) + np.abs(left))


def _locked_range(sums: npt.NDArray) -> npt.NDArray:
    """Peak to peak of the mean stride's wave; columns are the sums of its harmonics' complex amplitudes, and the count."""
    mean = _divide(sums[..., :-1], sums[..., -1:])
    angle = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    wave = np.real(mean @ np.exp(-1j * np.outer(np.arange(1, mean.shape[-1] + 1), angle)))
    return np.ptp(wave, axis=-1)


def _shift_ratio(sums: npt.NDArray) -> npt.NDArray:
    sums = np.real(sums)
    right, left = _divide(sums[..., 0], sums[..., 1]), _divide(sums[..., 2], sums[..., 3])
    return _divide(right - left, _divide(sums[..., 4], sums[..., 5]))


REDUCERS: dict[str, Callable[[npt.NDArray], npt.NDArray]] = {
    "mean": _balanced_mean,
    "share": _balanced_mean,
    "asymmetry": _asymmetry,
    "shift_ratio": _shift_ratio,
    "ratio": lambda sums: np.real(_divide(sums[..., 0], sums[..., 1])),
    "amplitude": lambda sums: np.abs(_divide(sums[..., 0], sums[..., 1])),
    "range": _locked_range,
    "phase": lambda sums: np.angle(_divide(sums[..., 0], sums[..., 1])),
    "locking": lambda sums: np.abs(_divide(sums[..., 0], sums[..., 1])),
    "gain": lambda sums: np.abs(_divide(sums[..., 0], sums[..., 1])),
    "lag": lambda sums: _divide(
        -np.angle(_divide(sums[..., 0], sums[..., 1])), np.real(_divide(sums[..., 2], sums[..., 3]))
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


def _counted(values: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
    carried = np.isfinite(values)
    return np.where(carried, values, 0.0), carried.astype(float)


def _by_side(values: npt.NDArray, side: FloatArray) -> FloatArray:
    filled, carried = _counted(values)
    right, left = side > 0, side < 0
    return np.column_stack([filled * right, carried * right, filled * left, carried * left])


@dataclass(frozen=True)
class Resampling:
    """How often each step is drawn in every resample, shape (resamples, n).

    Attributes
    ----------
    steps, strides
        For values per step, and for values of overlapping strides.
    """

    steps: FloatArray
    strides: FloatArray

    def of(self, kind: str) -> FloatArray:
        """Counts for a kind of estimate."""
        return self.strides if kind in STRIDE_KINDS else self.steps


def resampling(n: int, *, seed: int = 0, resamples: int = RESAMPLES) -> Resampling | None:
    """Draw the resamples of ``n`` steps once for all metrics; ``None`` for a single step, and for so many that none are needed.

    Notes
    -----
    Circular moving-block bootstrap (Künsch 1989; Politis and Romano 1992). Blocks hold up to ``BLOCK`` steps, fewer in short recordings.
    """
    if not 1 < n <= MANY:
        return None
    return Resampling(*(_counts(n, block_length(n, least), seed, resamples) for least in (1, 2)))


def _counts(n: int, length: int, seed: int, resamples: int) -> FloatArray:
    starts = np.random.default_rng(seed).integers(0, n, size=(resamples, -(-n // length)))
    index = ((starts[..., None] + np.arange(length)) % n).reshape(resamples, -1)[:, :n]
    counts = np.zeros((resamples, n))
    np.add.at(counts, (np.arange(resamples)[:, None], index), 1.0)
    return counts


def block_length(n: int, least: int = 1) -> int:
    """Length of the bootstrap's blocks for ``n`` steps; even where possible, so that both sides stay balanced."""
    length = min(BLOCK, max(n // BLOCKS_WANTED, 1))
    length = length - length % 2 if length > 1 else 1
    return max(length, min(least, max(n - 1, 1)))


def estimate(kind: str, parts: Components, side: FloatArray, drawn: Resampling | None) -> Estimate | None:
    """Estimate, interval and side values of one metric; ``None`` when no step carries it.

    Parameters
    ----------
    kind
        Key of ``REDUCERS``.
    parts
        From :func:`components`.
    side
        +1 right, -1 left.
    drawn
        From :func:`resampling`, or ``None`` for no interval.

    Notes
    -----
    Up to ``MANY`` steps the interval is the estimate ± Student's t times the bootstrap standard error. The circular block bootstrap of a mean from
    n steps in blocks of b understates the variance by about 1 - b/n; this is undone, and t has n/b - 1 degrees of freedom (at least 1), which keeps
    short recordings honest. From more steps it is a delete-one-batch jackknife (Quenouille 1956; Künsch 1989 for dependent data): at most 40 batches
    of at least six neighbours, t with one degree of freedom less than there are batches. Shares have Wilson's interval (1927) instead. Comparisons
    of the sides have none with fewer than two steps of a side.
    """
    reduce = REDUCERS[kind]
    carried = np.abs(parts).sum(1) > 0
    n = int(carried.sum())
    value = float(reduce(parts.sum(0)))
    if n == 0 or not np.isfinite(value):
        return None
    two_sided = kind in TWO_SIDED
    reach = None
    if kind == "share":
        reach = _wilson(value, n) if n > 1 else None
    elif not (two_sided and min((carried & (side == sign)).sum() for sign in (1, -1)) < 2):
        half = float("nan")
        if len(parts) > MANY:
            half = _batch_half_width(kind, value, parts[carried])
        elif drawn is not None and n > 1:
            half = _block_half_width(kind, value, reduce(_resampled(drawn.of(kind), parts)), n)
        reach = (half, half) if np.isfinite(half) else None
    left, right = (None if two_sided else _finite(reduce(parts[side == sign].sum(0))) for sign in (-1, 1))
    return Estimate(kind, value, reach, n, left, right)


def _wilson(share: float, n: int) -> tuple[float, float]:
    """How far the interval of a share reaches below and above it."""
    square = 1.96**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = 1.96 / (1 + square / n) * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    return share - max(float(centre - half), 0.0), min(float(centre + half), 1.0) - share


def _resampled(counts: FloatArray, parts: Components) -> npt.NDArray:
    """Sums of the components in every resample, shape (resamples, k); real and imaginary part apart, which spares a complex copy of ``counts``."""
    return counts @ parts.real + 1j * (counts @ parts.imag) if np.iscomplexobj(parts) else counts @ parts


def _block_half_width(kind: str, value: float, resampled: FloatArray, n: int) -> float:
    """Half of the 95 % interval by the block bootstrap; NaN where too few resamples carry the metric."""
    resampled = resampled[np.isfinite(resampled)]
    if len(resampled) < 100:
        return float("nan")
    if kind == "phase":
        resampled = value + np.angle(np.exp(1j * (resampled - value)))
    length = block_length(n, 2 if kind in STRIDE_KINDS else 1)
    error = float(np.std(resampled)) / np.sqrt(1 - length / n) if n > length else float("nan")
    independent = n / length
    if kind in STRIDE_KINDS:
        # neighbouring strides share a step (correlation 1/2), of which blocks of b see only 1 - 1/b; blocks of two do no more than undo that overlap
        error *= np.sqrt(2.0 / (2.0 - 1.0 / length))
        independent = max(n - 1, 3) if length == 2 else independent
    return _student(max(independent - 1, 1.0)) * error


def _batch_half_width(kind: str, value: float, parts: Components) -> float:
    """Half of the 95 % interval by the jackknife over batches; NaN with fewer than four of them."""
    batches = min(len(parts) // BATCH, MOST_BATCHES)
    if batches < FEWEST_BATCHES:
        return float("nan")
    edges = np.linspace(0, len(parts), batches + 1).astype(int)
    without = np.real(REDUCERS[kind](parts.sum(0) - np.add.reduceat(parts, edges[:-1], axis=0)))
    difference = without - value
    if kind == "phase":
        difference = np.angle(np.exp(1j * difference))
    difference = difference - difference.mean()
    error = np.sqrt((batches - 1) / batches * np.sum(difference**2))
    return _student(batches - 1.0) * float(error)


@lru_cache(maxsize=64)
def _student(freedom: float) -> float:
    """Quantile of Student's t that bounds 95 %."""
    return float(student.ppf(0.975, freedom))


def _finite(value: npt.NDArray) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None


def per_step(kind: str, values: object, side: FloatArray) -> FloatArray:
    """Value of each step by itself, shape (n,); NaN where a step does not carry the metric or it has none for a single step."""
    if kind in (*TWO_SIDED, "locking"):
        return np.full(len(side), np.nan)
    parts = components(kind, values, side)
    return np.where(np.abs(parts).sum(1) > 0, REDUCERS[kind](parts), np.nan)
