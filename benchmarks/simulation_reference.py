"""Means of measured runners that a simulated one is held against: steps and forces of RBDS, joint angles of Hamner & Delp 2013."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

import headway
from headway.recording import GRAVITY, FloatArray
from headway.simulation.outcome import contact_times, total_force
from headway.simulation.solution import Solution

SPEEDS = (2.5, 3.5, 4.5)
RUNNER = {"height": 1.75, "mass": 70.0, "sex": "male"}
SHARES = np.linspace(0, 1, 101)
"""Shares of stance, and of the stride."""


@dataclass(frozen=True)
class MeasuredRunning:
    """Running of one man or woman, or the mean of several.

    Attributes
    ----------
    cadence, contact_time, peak_vertical_grf
        Steps/min, s, body weights.
    force
        Upward force over stance, body weights, at :data:`SHARES`.
    """

    cadence: float
    contact_time: float
    peak_vertical_grf: float
    force: FloatArray

    @classmethod
    def mean(cls, every: Sequence[MeasuredRunning]) -> MeasuredRunning:
        """Of several runners."""
        names = [one.name for one in fields(cls)]
        return cls(*(np.mean([getattr(one, name) for one in every], axis=0) for name in names))

    @property
    def vertical_oscillation(self) -> float:
        """Of the centre of mass, m: a stance's upward force integrated twice over the step."""
        count, step_time = 2000, 60 / self.cadence
        time = np.arange(count) * step_time / count
        up = np.where(time < self.contact_time, np.interp(time / self.contact_time, SHARES, self.force), 0.0)
        up *= step_time / (up.mean() * step_time)
        speed = np.cumsum(GRAVITY * (up - 1.0)) * step_time / count
        return float(np.ptp(np.cumsum(speed - speed.mean()) * step_time / count))


def rbds_runners(data: Path, speed: float, which: slice = slice(None)) -> list[MeasuredRunning]:
    """The 12 runners at a speed, or some of them, in the order of their numbers."""
    out = []
    for path in sorted((data / "rbds").glob(f"*runT{10 * speed:.0f}.c3d"))[which]:
        found = headway.analyze(headway.load(path))
        metrics = found.summary.metrics
        values = [metrics[name].value for name in ("cadence", "contact_time", "peak_vertical_grf")]
        weight = found.summary.runner.mass * GRAVITY
        force = found.waveforms["ground_force"].sel(axis="up").mean("side").to_numpy() / weight
        out.append(MeasuredRunning(*values, force))
    return out


def stance(solution: Solution) -> tuple[FloatArray, float]:
    """Upward force of a simulated runner over stance, body weights, at :data:`SHARES`, and the time of initial contact, s."""
    count = 800
    time = np.arange(count) * solution.step_time / count
    force = total_force(solution.state(time))[:, 1]
    start, stop = contact_times(time, force)
    return np.interp(start + SHARES * (stop - start), time, force) / (solution.skeleton.mass * GRAVITY), start


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
