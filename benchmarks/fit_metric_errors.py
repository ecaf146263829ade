"""How far metrics without force plates are from those with them, on runners that the models have not seen.

``python benchmarks/fit_metric_errors.py ../shared/data`` fits the models, analyses every trial of Fukuchi 2017 twice, with its plate and with
events and force from motion by models fitted without that runner, and writes ``src/headway/data/metric_errors.json``: error of every metric for a
new runner, and how its values by motion and by plate go together between runners.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

import fit_pressure
from fit_motion_models import OUT, SOURCE, VERSION, EventModels, ForceModels, fit, report, write
from headway.analysis import analyze
from headway.dynamics.pressure_model import PressureModel
from headway.gait.runner import Runner
from headway.recording import FloatArray
from headway.results import Value
from headway.sources import load
from motion_training import rbds_paths
from ridge import honest_scale

NEGLIGIBLE = 1e-9
NORMAL = 1.96


@dataclass
class Pairs:
    """Values of one metric, with the plate and without it, shape (trials,), and of whom and how fast."""

    plate: FloatArray
    motion: FloatArray
    runner: npt.NDArray[np.str_]
    speed: npt.NDArray[np.str_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        """Some of the trials."""
        return Pairs(self.plate[chosen], self.motion[chosen], self.runner[chosen], self.speed[chosen])

    @property
    def miss(self) -> FloatArray:
        """What motion says less what the plate says."""
        return self.motion - self.plate

    def error(self) -> float:
        """Standard error for a new runner: 1.96 of it hold 95 %.

        Root mean square with Student's t for as many runners as there are, since the trials of a runner miss alike; no less than what holds 95 % of
        the trials seen.
        """
        size = float(np.sqrt(np.mean(self.miss**2)))
        runners = len(np.unique(self.runner))
        few = float(student.ppf(0.975, runners - 1)) / NORMAL * np.sqrt(1 + 1 / runners)
        tails = honest_scale(self.miss, np.full(len(self.miss), size), self.runner) if size > 0 else 1.0
        return size * max(few, tails)

    def held(self) -> float:
        """Share of trials within the error that the other runners give."""
        inside = [
            np.abs(self.miss[own]) < NORMAL * self.only(~own).error()
            for own in (self.runner == one for one in np.unique(self.runner))
        ]
        return float(np.mean(np.concatenate(inside)))

    def correlation(self) -> float:
        """Correlation of both values between runners at equal speed: whether motion can tell runners apart."""
        apart = np.zeros((2, len(self.plate)))
        for one in np.unique(self.speed):
            own = self.speed == one
            apart[:, own] = [self.plate[own] - self.plate[own].mean(), self.motion[own] - self.motion[own].mean()]
        size = np.sqrt((apart**2).sum(1)).prod()
        return float(apart[0] @ apart[1] / size) if size > 0 else 0.0

    def row(self) -> dict[str, float | int | None]:
        """All of that, as it is stored."""
        size = float(np.sqrt(np.mean(self.miss**2)))
        share = float(np.sqrt(np.mean((self.miss / self.plate) ** 2))) if (self.plate != 0).all() else None
        return {
            "error": self.error(),
            "bias": float(np.mean(self.miss)),
            "relative": None if share is None else share * self.error() / size,
            "correlation": self.correlation(),
            "held": self.held(),
            "runners": len(np.unique(self.runner)),
            "trials": len(self.plate),
        }


def differences(
    path: Path, events: EventModels, shapes: ForceModels, pressure: PressureModel
) -> dict[str, tuple[float, float]]:
    """Value with the plate and value without it, of every metric that both analyses have."""
    recording = load(path)
    plates = analyze(recording).summary
    blind = replace(recording, ground_force=None, events=())
    known = Runner(mass=plates.runner.mass)
    with (
        patch("headway.gait.event_model.load_event_models", lambda: events),
        patch("headway.dynamics.estimated_force.load_shape_models", lambda: shapes),
        patch("headway.dynamics.pressure_model.load_pressure_model", lambda: pressure),
        patch("headway.analysis.seen_trial.SeenTrial.error", lambda *_: None),
        patch("headway.analysis.seen_trial.SeenTrial.check", lambda *_: None),
    ):
        motion = analyze(blind, known).summary.metrics
    return {
        name: (entry.value, blindly.value)
        for name, entry in plates.metrics.items()
        if isinstance(entry, Value) and isinstance(blindly := motion[name], Value)
    }


Models = dict[str | None, tuple[EventModels, ForceModels]]


def compared(paths: list[Path], models: Models, pressures: dict[str | None, PressureModel]) -> dict[str, Pairs]:
    """Both values of every metric on every runner left out."""
    found: dict[str, list[tuple[float, float, str, str]]] = {}
    for path in paths:
        runner, speed = path.stem.split("run")
        for name, pair in differences(path, *models[runner], pressures[runner]).items():
            found.setdefault(name, []).append((*pair, runner, speed))
    out = {}
    for name, rows in found.items():
        plate, motion, runner, speed = zip(*rows, strict=True)
        out[name] = Pairs(np.array(plate), np.array(motion), np.array(runner), np.array(speed))
    return out


def write_errors(every: dict[str, Pairs], fewest: int) -> None:
    """Write the metrics that motion does not give exactly."""
    rows = {
        name: pairs.row()
        for name, pairs in every.items()
        if len(pairs.plate) >= fewest and np.sqrt(np.mean(pairs.miss**2)) > NEGLIGIBLE
    }
    for name, row in rows.items():
        report(f"{name:45s} error {row['error']:.4g} correlation {row['correlation']:.2f} held {row['held']:.2f}")
    text = json.dumps({"version": VERSION, "source": SOURCE, "metrics": rows}, indent=1)
    (OUT / "metric_errors.json").write_text(text + "\n")


def main(folder: Path) -> None:
    """Fit, analyse, compare, write."""
    models, pressures, paths = fit(folder), fit_pressure.fit(folder), rbds_paths(folder)
    write(*models[None])
    fit_pressure.write(pressures[None])
    write_errors(compared(paths, models, pressures), len(paths) // 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
