"""Steps made of numbers, of which the truth is known: every kind of estimate with noise that is correlated from step to step."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.signal import lfilter

from headway.recording import FloatArray
from headway.statistics import Prior, components, estimate
from headway.statistics.kinds import wave_of

WAVE = np.array([3.0, 1.0, 0.5, 0.2], complex)
RANGE = float(np.ptp(wave_of(WAVE)[0]))


def steps(rng: np.random.Generator, rho: float, count: int, n: int) -> FloatArray:
    """AR(1) series of unit variance, shape (count, n)."""
    fresh = rng.standard_normal((count, n + 60))
    series: FloatArray = np.asarray(lfilter([np.sqrt(1 - rho**2)], [1, -rho], fresh, axis=1))
    return series[:, 60:]


def sides(n: int) -> FloatArray:
    """Right and left in turn, shape (n,)."""
    return np.where(np.arange(n) % 2 == 0, 1.0, -1.0)


Made = tuple[str, object, float]
"""Kind, values per step, truth."""


def _gain(noise: FloatArray, angle: complex) -> tuple[np.ndarray, FloatArray]:
    beneath = 10 + noise[0]
    return (0.8 * beneath + 0.5 * (noise[1] + 1j * noise[2])) * np.exp(angle), beneath


KINDS: dict[str, Callable[[FloatArray, FloatArray], Made]] = {
    "mean": lambda e, side: ("mean", 10 + 0.5 * side + e[0], 10.0),
    "asymmetry": lambda e, side: ("asymmetry", 10 + 0.5 * side + e[0], 200 / 20),
    "shift_ratio": lambda e, side: ("shift_ratio", (side * (0.5 + 0.1 * e[0]), 1 + 0.2 * e[1]), 1.0),
    "ratio": lambda e, side: ("ratio", (0.5 * (10 + e[0]) + 0.3 * e[1], 10 + e[0]), 0.5),
    "amplitude": lambda e, side: ("amplitude", 5 + e[0] + 1j * e[1], 5.0),
    "small amplitude": lambda e, side: ("amplitude", 1 + e[0] + 1j * e[1], 1.0),
    "no amplitude": lambda e, side: ("amplitude", e[0] + 1j * e[1], 0.0),
    "phase": lambda e, side: ("phase", (3 + e[0] + 1j * e[1]) * np.exp(3j), 3.0),
    "locking": lambda e, side: ("locking", np.exp(0.5j * e[0]), float(np.exp(-0.125))),
    "loose locking": lambda e, side: ("locking", np.exp(1.5j * e[0]), float(np.exp(-1.125))),
    "gain": lambda e, side: ("gain", _gain(e, 0.3j), 0.8),
    "lag": lambda e, side: ("lag", (*_gain(e, -0.3j), np.ones(e.shape[1])), 0.3),
    "range": lambda e, side: ("range", WAVE + 0.4 * (e[:4] + 1j * e[4:]).T, RANGE),
}
"""Each from eight series of noise (8, n) and the sides."""


def covered(kind: str, n: int, rho: float, count: int, prior: Prior | None, seed: int = 0) -> float:
    """Share of intervals that hold the truth."""
    return float(np.mean(list(_hits(kind, n, lambda _: rho, count, prior, seed))))


def covered_by_prior(kind: str, n: int, prior: Prior, count: int, seed: int = 0) -> float:
    """The same where the correlation differs between recordings as the prior says."""
    drawn = np.random.default_rng(seed + 1).normal(prior.correlation, prior.spread, count).clip(-0.6, 0.9)
    return float(np.mean(list(_hits(kind, n, lambda k: drawn[k], count, prior, seed))))


def _hits(kind: str, n: int, rho: Callable[[int], float], count: int, prior: Prior | None, seed: int) -> Iterator[bool]:
    rng, side = np.random.default_rng(seed), sides(n)
    for k in range(count):
        name, values, truth = KINDS[kind](steps(rng, rho(k), 8, n), side)
        found = estimate(name, components(name, values, side), side, prior)
        assert found is not None and found.ci95 is not None
        low, high = found.ci95
        if name == "phase":
            truth = (low + high) / 2 + float(np.angle(np.exp(1j * (truth - (low + high) / 2))))
        yield low <= truth <= high
