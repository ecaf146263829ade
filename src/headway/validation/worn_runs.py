"""Made runs with two sensors on clocks of their own, handled as the documents ask."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.spatial.transform import Rotation

from headway.analysis.analyze_sensors import measure_sensors
from headway.results import Fields, Value
from headway.sensors.recording import SensorRecording
from headway.synthetic.handling import Handling, Motion
from headway.synthetic.parameters import RunnerParameters, Wave
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, looped, worn

LEVER = (0.0, 0.10, 0.03)
"""The head's sensor sits 10 cm above the head's centre, m."""
DRIFTS = (-50e-6, -20e-6, 0.0, 20e-6, 50e-6)
HEAD_RATES = (25.0, 50.0, 100.0, 200.0)


@lru_cache(maxsize=1)
def _motions() -> tuple[Motion, Motion]:
    """Head and sacrum of the synthetic runner, one stride for ever."""
    runner = SyntheticRunner()
    stride = runner.parameters.stride_time
    return looped(body_motion(runner, "head", LEVER), stride), looped(body_motion(runner, "sacrum"), stride)


def made_pair(
    seed: int,
    duration: float,
    *,
    rate: float | None = None,
    drift: float = 0.0,
    again: bool = False,
    motions: tuple[Motion, Motion] | None = None,
) -> SensorRecording:
    """A head and a sacral sensor, mounted, shaken and clocked at random.

    Parameters
    ----------
    seed
        Of everything that is drawn: rates, mounts, clocks, drop-outs, noise, and how the sensors are shaken.
    duration
        Of the run, s.
    rate
        Samples per second of both; drawn for each by default.
    drift
        Of the head's clock, 1.
    again
        Whether the sensors are shaken after the run too.
    motions
        Of head and sacrum; those of the synthetic runner by default.
    """
    random = np.random.default_rng(seed)
    shaken = {
        "size": random.uniform(0.5, 2.0),
        "tempo": random.uniform(0.7, 1.3),
        "still": random.uniform(1.5, 4.0),
        "seed": seed + 1,
        "again": again,
    }
    sensors = []
    for k, (where, motion) in enumerate(zip(("head", "sacrum"), motions or _motions(), strict=True)):
        drawn = float(random.choice(HEAD_RATES if where == "head" else HEAD_RATES[1:]))
        part = Part(rate=rate or drawn, dropouts=random.uniform(0.0, 0.1), force_noise=random.uniform(0.02, 0.15))
        mount, hand = (Rotation.from_quat(turn) for turn in np.random.default_rng([seed, 3, k]).normal(size=(2, 4)))
        offset = clock_offset(seed) if where == "head" else 0.0
        handling = Handling(hand=hand, **shaken)
        sensors.append(
            worn(
                motion, where, duration, part, mount=mount, handling=handling, seed=2 * seed + k,
                clock_offset=offset, clock_drift=drift if where == "head" else 0.0,
            )
        )  # fmt: skip
    return SensorRecording((sensors[1], sensors[0]), source="virtual")


def clock_offset(seed: int) -> float:
    """The head's clock minus the sacrum's in :func:`made_pair`, s."""
    return float(np.random.default_rng([seed, 1]).uniform(-1.0, 1.0))


class LagHeld(Fields, frozen=True, kw_only=True):
    """One made run: drift of the clock, length, s, shakes, whether the lag's interval holds the truth, and its half-width, s."""

    drift: float
    duration: float
    shakes: int
    held: bool
    half: float


def lags_held(seeds: Sequence[int], truth: float, *, longest: float = 600.0) -> list[LagHeld]:
    """One run per seed, of 60 s to ``longest``, with a drift of 0, 20 or 50 ppm either way and one shake or two."""
    out = []
    for seed in seeds:
        random = np.random.default_rng(10_000 + seed)
        drift = float(random.choice(DRIFTS))
        duration = float(np.exp(random.uniform(np.log(60.0), np.log(longest))))
        again = bool(random.random() < 0.5)
        found = measure_sensors(made_pair(seed, duration, drift=drift, again=again)).summary.metrics[
            "head_lag_vertical"
        ]
        low, high = found.ci95 if isinstance(found, Value) and found.ci95 is not None else (np.nan, np.nan)
        held = bool(low <= truth <= high)
        out.append(LagHeld(drift=drift, duration=duration, shakes=1 + again, held=held, half=(high - low) / 2))
    return out


def swinging(phase: float) -> tuple[Motion, Motion]:
    """Head and sacrum of a runner whose head swings with this phase, degrees; the sensor sits at the head's centre."""
    runner = SyntheticRunner(RunnerParameters(head_lateral=Wave(0.020, phase)))
    stride = runner.parameters.stride_time
    return looped(body_motion(runner, "head"), stride), looped(body_motion(runner, "sacrum"), stride)
