"""Claims about body-worn sensors: virtual ones with known truth, and an accelerometer on a force treadmill."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from headway.analysis.analyze_sensors import measure_sensors
from headway.results import NotMeasurable
from headway.sensors.recording import SensorRecording
from headway.signals import low_pass
from headway.sources import load_sensors
from headway.synthetic.handling import Handling
from headway.synthetic.runner import SyntheticRunner
from headway.synthetic.sensors import Part, body_motion, placed, worn
from headway.validation.claim import Claim, ClaimFinding

LEVER = (0.0, 0.10, 0.03)
"""The head's sensor sits 10 cm above the head's centre, m."""
RATES = (50.0, 100.0, 200.0)
ALCANTARA = """[[sensor]]
file = "acceleration.csv"
where = "sacrum"
rate = 500
layout = "rows"
row = {row}
blocks = ["vertical", "ap"]
force = {{unit = "g", up = "vertical", forward = "ap"}}
"""


def virtual_pair(runner: SyntheticRunner, rate: float, *, seed: int = 0, duration: float = 40.0) -> SensorRecording:
    """A head and a sacral sensor of phone quality, mounted anyhow, shaken together before the run."""
    turns = np.random.default_rng(seed).normal(size=(2, 4))
    mounts = [Rotation.from_quat(turn) for turn in turns]
    head = worn(
        body_motion(runner, "head", LEVER),
        "head",
        duration,
        Part(rate=rate),
        mount=mounts[0],
        clock_offset=0.05,
        handling=Handling(),
        seed=2 * seed + 1,
    )
    sacrum = worn(
        body_motion(runner, "sacrum"),
        "sacrum",
        duration,
        Part(rate=rate),
        mount=mounts[1],
        handling=Handling(),
        seed=2 * seed + 2,
    )
    return SensorRecording((sacrum, head), source="virtual")


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
        found = measure_sensors(virtual_pair(runner, rate, seed=seed)).summary.metrics[name]
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


CLAIMS = (
    Claim(
        "sensors_gain",
        "Virtual sensors shaken together tell the vertical gain from sacrum to head.",
        "sensors.md, How good it is",
        "",
        (None, 0.025),
        partial(virtual, "head_pelvis_vertical_gain"),
    ),
    Claim(
        "sensors_lag",
        "Virtual sensors shaken together tell the vertical lag of the head.",
        "sensors.md, How good it is",
        "s",
        (None, 0.004),
        partial(virtual, "head_lag_vertical"),
    ),
    Claim(
        "sensors_cadence",
        "The cadence by a sacral accelerometer is that of the force treadmill (Alcantara 2022).",
        "sensors.md, How good it is",
        "%",
        (None, 0.6),
        sacral_cadence,
        folders=("alcantara_sacrum",),
    ),
)
