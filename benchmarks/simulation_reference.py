"""Means of measured runners that a simulated one is held against: steps and forces of RBDS, joint angles of Hamner & Delp 2013."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import headway
from headway.recording import GRAVITY

MEASURES = ("cadence", "contact_time", "peak_vertical_grf", "vertical_oscillation")
SPEEDS = (2.5, 3.5, 4.5)
RUNNER = {"height": 1.75, "mass": 70.0, "sex": "male"}
SHARES = np.linspace(0, 1, 101)
"""Shares of stance, and of the stride."""


def rbds(data: Path, speed: float) -> dict[str, Any]:
    """Means over the 12 runners at a speed: measures, and upward force over stance in body weights."""
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    curves = []
    for path in sorted((data / "rbds").glob(f"*runT{10 * speed:.0f}.c3d")):
        found = headway.analyze(headway.load(path))
        metrics = found.summary.metrics
        for name in MEASURES:
            if metrics[name].status != "not_measurable":
                values[name].append(metrics[name].value)
        weight = found.summary.runner.mass * GRAVITY
        curves.append(found.waveforms["ground_force"].sel(axis="up").mean("side").to_numpy() / weight)
    return {name: float(np.mean(one)) if one else np.nan for name, one in values.items()} | {
        "force": np.mean(curves, 0)
    }


def oscillation(force: np.ndarray, contact_time: float, step_time: float) -> float:
    """Vertical oscillation of the centre of mass, m: a stance's upward force (BW, over equal shares) integrated twice over the step."""
    count = 2000
    time = np.arange(count) * step_time / count
    up = np.where(time < contact_time, np.interp(time / contact_time, SHARES, force), 0.0)
    up *= step_time / (up.mean() * step_time)
    speed = np.cumsum(GRAVITY * (up - 1.0)) * step_time / count
    return float(np.ptp(np.cumsum(speed - speed.mean()) * step_time / count))


def joint_angles(data: Path) -> dict[str, np.ndarray]:
    """Sagittal angles of the right leg over the stride from initial contact, deg, flexion positive; mean of the whole strides in the file.

    Of a 72.8 kg man at nominal 3 m/s, as published (run300_ik.mot).
    """
    folder = data / "hamner2013" / "subject01"
    table = pd.read_csv(folder / "run300_ik.mot", sep=r"\s+", skiprows=_header(folder / "run300_ik.mot"))
    force = pd.read_csv(folder / "run300_grf.mot", sep=r"\s+", skiprows=_header(folder / "run300_grf.mot"))
    up = force["ground_force_1_vy"]  # the right foot: its centre of pressure is on the right
    loaded = up.to_numpy() > 50.0
    contacts = force["time"].to_numpy()[1:][loaded[1:] & ~loaded[:-1]]
    time = table["time"].to_numpy()
    columns = {"hip": ("hip_flexion_r", 1.0), "knee": ("knee_angle_r", -1.0), "ankle": ("ankle_angle_r", 1.0)}
    strides = [(a, b) for a, b in pairwise(contacts) if a >= time[0] and b <= time[-1]]
    out = {}
    for joint, (column, sign) in columns.items():
        values = np.degrees(sign * table[column].to_numpy())
        out[joint] = np.mean([np.interp(a + SHARES * (b - a), time, values) for a, b in strides], axis=0)
    tilt = np.degrees(table["pelvis_tilt"].to_numpy())
    out["pelvis"] = np.mean([np.interp(a + SHARES * (b - a), time, tilt) for a, b in strides], axis=0)
    return out


def _header(path: Path) -> int:
    lines = path.read_text().splitlines()
    return next(k for k, line in enumerate(lines) if line.strip() == "endheader") + 1
