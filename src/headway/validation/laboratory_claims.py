"""Claims about recordings of markers: a synthetic runner with known truth, and plates that are hidden from the analysis."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from headway.analysis import analyze
from headway.gait.runner import Runner
from headway.recording import FloatArray
from headway.results import Estimated, Measured, NotMeasurable, Summary
from headway.sources import load_recording
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record, standing
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.truth import truth
from headway.validation.claim import Claim, ClaimFinding

FEWEST_TRIALS = 20
"""Metrics that fewer trials carry are not judged one by one."""


@lru_cache(maxsize=1)
def _synthetic() -> tuple[Summary, dict[str, float]]:
    parameters = RunnerParameters()
    runner = SyntheticRunner(parameters)
    made = record(runner, duration=12.0, rate=200.0, force_rate=2000.0)
    person = Runner(height=parameters.height, sex=parameters.sex)
    return analyze(made, person, standing=standing(runner, rate=200.0)).summary, truth(runner)


def synthetic(name: str, _: Path) -> ClaimFinding:
    """Absolute error of a metric of the synthetic runner, in its unit."""
    summary, known = _synthetic()
    found = summary.metrics[name]
    assert not isinstance(found, NotMeasurable)
    return ClaimFinding(
        value=abs(found.value - known[name]), n=found.n, detail=f"{found.value:.4g}, true {known[name]:.4g}"
    )


def _trials(data: Path) -> list[Path]:
    return sorted([*(data / "rbds").glob("RBDS*run*.c3d"), *(data / "rbds_more").glob("RBDS*run*.c3d")])


def _with_and_without(path: Path) -> tuple[Summary, Summary]:
    recording = load_recording(path)
    return analyze(recording).summary, analyze(replace(recording, ground_force=None, events=())).summary


@lru_cache(maxsize=1)
def _hidden_plates(data: Path) -> list[tuple[str, Summary, Summary]]:
    """Every treadmill trial: runner, with its plate, without."""
    return [(path.stem.split("run")[0], *_with_and_without(path)) for path in _trials(data)]


def plates_hidden_coverage(data: Path) -> ClaimFinding:
    """Least share over metrics of intervals without plates that hold the value with plates, %."""
    held: dict[str, list[bool]] = defaultdict(list)
    for _, with_plates, without in _hidden_plates(data):
        for name, entry in without.metrics.items():
            true = with_plates.metrics[name]
            if isinstance(entry, NotMeasurable) or isinstance(true, NotMeasurable) or entry.ci95 is None:
                continue
            if not isinstance(entry, Estimated) and entry == true:
                continue  # plates play no part in it
            low, high = entry.ci95
            held[name].append(low <= true.value <= high)
    shares = {name: float(np.mean(hits)) for name, hits in held.items() if len(hits) >= FEWEST_TRIALS}
    name = min(shares, key=shares.__getitem__)
    every = np.concatenate([*held.values()])
    return ClaimFinding(
        value=100 * shares[name], n=len(every), detail=f"least: {name}; {100 * every.mean():.1f} % in all"
    )


def plates_hidden_error(name: str, data: Path) -> ClaimFinding:
    """Root mean square difference of a metric without plates from itself with them, in its unit."""
    errors: list[float] = []
    for _, with_plates, without in _hidden_plates(data):
        one, other = with_plates.metrics[name], without.metrics[name]
        if isinstance(one, Measured | Estimated) and isinstance(other, Measured | Estimated):
            errors.append(other.value - one.value)
    found: FloatArray = np.array(errors)
    detail = f"mean {found.mean():+.4g}, largest {np.abs(found).max():.4g}"
    return ClaimFinding(value=float(np.sqrt(np.mean(found**2))), n=len(found), detail=detail)


SYNTHETIC = {
    "cadence": ("steps/min", 0.5),
    "contact_time": ("s", 0.003),
    "head_vertical_gain": ("", 0.01),
    "head_forward_gain": ("", 0.02),
    "head_lag_vertical": ("s", 0.001),
    "neck_force_peak": ("× head weight", 0.02),
    "lateral_bounce_amplitude": ("m", 0.0005),
    "lateral_bounce_phase": ("rad", 0.01),
    "head_over_foot_error": ("m", 0.001),
    "grf_line_crossing_time": ("% of stance", 1.0),
    "ladder_closure": ("BW", 0.02),
}
"""Metric: unit, largest error."""
HIDDEN = {"contact_time": ("s", 0.006), "peak_vertical_grf": ("BW", 0.10)}


CLAIMS = (
    *(
        Claim(
            f"synthetic_{name}",
            f"The synthetic runner's {re.sub('_', ' ', name)} is found as it is.",
            "README.md, Try it",
            unit,
            (None, largest),
            partial(synthetic, name),
            together="synthetic",
        )
        for name, (unit, largest) in SYNTHETIC.items()
    ),
    *(
        Claim(
            f"without_plates_{name}",
            f"Without plates the {re.sub('_', ' ', name)} of treadmill runners is that of the plate (RMS error).",
            "evidence/without-plates.md",
            unit,
            (None, largest),
            partial(plates_hidden_error, name),
            folders=("rbds",),
            together="hidden plates",
        )
        for name, (unit, largest) in HIDDEN.items()
    ),
    Claim(
        "without_plates_intervals",
        "Intervals without plates hold the value with plates, for every metric (the models have seen these runners; left out, see there).",
        "evidence/without-plates.md, Metrics",
        "%",
        (93.0, None),
        plates_hidden_coverage,
        folders=("rbds",),
        together="hidden plates",
    ),
)
