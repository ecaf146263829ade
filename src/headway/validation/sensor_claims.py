"""Claims about body-worn sensors: virtual ones with known truth, and an accelerometer on a force treadmill."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from headway.analysis.analyze_sensors import measure_sensors
from headway.results import NotMeasurable
from headway.signals import low_pass
from headway.sources import load_sensors
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import placed
from headway.validation.claim import Claim, ClaimFinding
from headway.validation.worn_exports import shakes_found
from headway.validation.worn_runs import LEVER, lags_held, made_pair, swinging

PHASES = (-160.0, -110.0, -60.0, -20.0, 20.0, 70.0, 110.0, 160.0)
"""Phases of the head's swing that are tried, degrees."""
RATES = (50.0, 100.0, 200.0)
EXPORTS = range(1000, 1120)
"""Seeds of the made exports; none of them was looked at while the search was made."""
ALCANTARA = """[[sensor]]
file = "acceleration.csv"
where = "sacrum"
rate = 500
layout = "rows"
row = {row}
blocks = ["vertical", "ap"]
force = {{unit = "g", up = "vertical", forward = "ap"}}
"""


def virtual_truth(runner: SyntheticRunner) -> dict[str, float]:
    """Gain and lag of the head against the sacrum at step frequency, from the analytic motion."""
    stride = runner.parameters.stride_time
    time = runner.ground.first_midstance + np.linspace(0, stride, 2000, endpoint=False)
    turn = np.exp(2j * np.linspace(0, 2 * np.pi, 2000, endpoint=False))
    head, sacrum = (
        np.mean(placed(runner, "head", time, LEVER)[0].value[:, 1] * turn),
        np.mean(placed(runner, "sacrum", time)[0].value[:, 1] * turn),
    )
    ratio = complex(head / sacrum)
    return {
        "head_pelvis_vertical_gain": abs(ratio),
        "head_lag_vertical": float(np.angle(ratio)) * stride / (4 * np.pi),
    }


def virtual(name: str, _: Path) -> ClaimFinding:
    """Largest error of a metric of virtual sensors at 50 to 200 samples per second, in its unit."""
    runner = SyntheticRunner()
    true, errors = virtual_truth(runner)[name], {}
    for seed, rate in enumerate(RATES):
        found = measure_sensors(made_pair(seed, 40.0, rate=rate)).summary.metrics[name]
        errors[rate] = float("inf") if isinstance(found, NotMeasurable) else abs(found.value - true)
    rate = max(errors, key=errors.__getitem__)
    return ClaimFinding(value=errors[rate], n=len(errors), detail=f"largest at {rate:g}/s")


def force_cadence(force: np.ndarray, rate: float) -> float:
    """Steps per minute from the rises of the ground force (BW) through one half."""
    smooth = low_pass(force, rate, 20.0)
    up = np.flatnonzero((smooth[1:] > 0.5) & (smooth[:-1] <= 0.5))
    exact = up + (0.5 - smooth[up]) / (smooth[up + 1] - smooth[up])
    return 60 * rate / float(np.polyfit(np.arange(len(exact)), exact, 1)[0])


def sacral_cadence(data: Path) -> ClaimFinding:
    """Largest error of the cadence by a sacral accelerometer against the force of the treadmill, %."""
    folder = (data / "alcantara_sacrum").resolve()
    forces = pd.read_csv(folder / "GRF_one_sub.csv", header=None).to_numpy()
    errors = []
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "acceleration.csv").symlink_to(folder / "Accelerometer_one_sub.csv")
        described = Path(scratch) / "trial.toml"
        for row, force in enumerate(forces, start=1):
            described.write_text(ALCANTARA.format(row=row), encoding="utf-8")
            found = measure_sensors(load_sensors([described])).summary.metrics["cadence"]
            told = float("nan") if isinstance(found, NotMeasurable) else found.value
            errors.append(abs(told / force_cadence(force, 500.0) - 1))
    return ClaimFinding(value=100 * float(np.max(errors)), n=len(errors))


def lags_hold(_: Path) -> ClaimFinding:
    """Share of made runs with clocks that drift whose lag's interval holds the truth, %."""
    runs = lags_held(range(30), virtual_truth(SyntheticRunner())["head_lag_vertical"], longest=180.0)
    missed = [f"{one.drift * 1e6:+.0f} ppm, {one.duration:.0f} s, {one.shakes} shakes" for one in runs if not one.held]
    return ClaimFinding(value=100 * float(np.mean([one.held for one in runs])), n=len(runs), detail="; ".join(missed))


def shake_is_found(_: Path) -> ClaimFinding:
    """Share of made exports in which the shake is found, %."""
    with tempfile.TemporaryDirectory() as folder:
        found = shakes_found(EXPORTS, Path(folder))
    return ClaimFinding(value=100 * float(np.mean(found)), n=len(found))


def phase_error(_: Path) -> ClaimFinding:
    """Largest error of the phase of a head that swings with phases all around the circle, degrees; what is refused does not count."""
    errors = {}
    for seed, phase in enumerate(PHASES):
        found = measure_sensors(made_pair(seed, 30.0, motions=swinging(phase))).summary.metrics["lateral_bounce_phase"]
        if not isinstance(found, NotMeasurable):
            errors[phase] = abs(float(np.degrees(np.angle(np.exp(1j * (found.value - np.radians(phase)))))))
    worst = max(errors, key=errors.__getitem__)
    return ClaimFinding(value=errors[worst], n=len(errors), detail=f"largest at {worst:g}°")


CLAIMS = (
    Claim(
        "sensors_gain",
        "Virtual sensors shaken together tell the vertical gain from sacrum to head.",
        "evidence/sensors.md",
        "",
        (None, 0.025),
        partial(virtual, "head_pelvis_vertical_gain"),
    ),
    Claim(
        "sensors_lag",
        "Virtual sensors shaken together tell the vertical lag of the head.",
        "evidence/sensors.md",
        "s",
        (None, 0.004),
        partial(virtual, "head_lag_vertical"),
    ),
    Claim(
        "sensors_lag_drift",
        "With clocks that drift by up to 50 ppm and one shake or two, the lag's interval holds the truth.",
        "evidence/sensors.md",
        "%",
        (93.0, None),
        lags_hold,
    ),
    Claim(
        "sensors_shake",
        "The shake is found in Sensor Logger, DOT and TOML exports.",
        "evidence/sensors.md",
        "%",
        (95.0, None),
        shake_is_found,
    ),
    Claim(
        "sensors_phase",
        "A phase anywhere on the circle is told or refused, never turned round.",
        "evidence/sensors.md",
        "°",
        (None, 15.0),
        phase_error,
    ),
    Claim(
        "sensors_cadence",
        "The cadence by a sacral accelerometer is that of the force treadmill (Alcantara 2022).",
        "evidence/sensors.md",
        "%",
        (None, 0.6),
        sacral_cadence,
        folders=("alcantara_sacrum",),
    ),
)
