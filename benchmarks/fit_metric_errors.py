"""How far metrics without force plates are from those with them, on runners that the models have not seen.

``python benchmarks/fit_metric_errors.py ../shared/data`` analyses every trial of Fukuchi 2017 twice, with its plate and with events and force from
motion by models fitted without that runner, and writes ``src/headway/data/metric_errors.json``: the root mean square difference of every metric.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from fit_motion_models import OUT, SOURCE, VERSION, fit, report, write
from headway.analysis import analyze
from headway.dynamics.shape_model import ShapeModel
from headway.gait.event_model import EventModel
from headway.io import load
from headway.recording import FloatArray
from motion_training import rbds_paths
from ridge import honest_scale

NEGLIGIBLE = 1e-9


def differences(
    path: Path, events: dict[tuple[str, str], EventModel], shapes: dict[str, ShapeModel]
) -> dict[str, tuple[float, float]]:
    """Value with the plate and value without it, of every metric that both analyses have."""
    recording = load(path)
    plates = analyze(recording).summary["metrics"]
    blind = replace(recording, ground_force=None, events=())
    with (
        patch("headway.gait.event_model.load_event_models", lambda: events),
        patch("headway.dynamics.estimated_force.load_shape_models", lambda: shapes),
        patch("headway.analysis.analyze.method_error", lambda *_: None),
    ):
        motion = analyze(blind).summary["metrics"]
    return {
        name: (entry["value"], motion[name]["value"])
        for name, entry in plates.items()
        if "value" in entry and "value" in motion[name]
    }


def row(values: list[tuple[float, float]], trials: list[Path]) -> dict[str, float | int | None] | None:
    """Error of one metric over the trials; ``None`` when motion gives what the plates give."""
    plate, motion = np.array(values).T
    miss = motion - plate
    size = float(np.sqrt(np.mean(miss**2)))
    if size <= NEGLIGIBLE:
        return None
    runner = np.array([path.stem.split("run")[0] for path in trials])
    stated = size * honest_scale(miss, np.full(len(miss), size), runner)
    return {
        "error": float(stated),
        "bias": float(np.mean(miss)),
        "relative": float(np.sqrt(np.mean((miss / plate) ** 2))) if (plate != 0).all() else None,
        "correlation": between_runners(plate, motion, np.array([path.stem[-3:] for path in trials])),
        "trials": len(values),
    }


def between_runners(plate: FloatArray, motion: FloatArray, speed: npt.NDArray[np.str_]) -> float:
    """Correlation of the values by plate and by motion at equal speed: whether motion can tell runners apart."""
    apart = np.zeros((2, len(plate)))
    for one in np.unique(speed):
        own = speed == one
        apart[:, own] = [plate[own] - plate[own].mean(), motion[own] - motion[own].mean()]
    size = np.sqrt((apart**2).sum(1)).prod()
    return float(apart[0] @ apart[1] / size) if size > 0 else 0.0


def main(folder: Path) -> None:
    """Fit, analyse, compare, write."""
    models, paths = fit(folder), rbds_paths(folder)
    write(*models[None])
    pairs: dict[str, list[tuple[float, float]]] = {}
    trials: dict[str, list[Path]] = {}
    for path in paths:
        for name, pair in differences(path, *models[path.stem.split("run")[0]]).items():
            pairs.setdefault(name, []).append(pair)
            trials.setdefault(name, []).append(path)
    errors = {}
    for name, values in pairs.items():
        found = row(values, trials[name]) if len(values) >= len(paths) // 2 else None
        if found is not None:
            errors[name] = found
            report(f"{name:45s} error {found['error']:.4g} correlation {found['correlation']:.2f}")
    (OUT / "metric_errors.json").write_text(
        json.dumps({"version": VERSION, "source": SOURCE, "metrics": errors}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
