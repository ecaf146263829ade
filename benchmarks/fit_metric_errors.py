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

from fit_motion_models import OUT, SOURCE, VERSION, fit_events, fit_force, force_rows, left_out_events, report
from headway.analysis import analyze
from headway.dynamics.shape_model import MODELS, ShapeModel, load_shape_models
from headway.gait.event_model import CHANNEL_SETS, KINDS, EventModel, load_event_models
from headway.recording import FloatArray
from headway.results import Value
from headway.sources import load
from motion_training import Copy, copies, rbds_cases

NEGLIGIBLE = 1e-9


def left_out_models(data: list[Copy]) -> dict[str, tuple[dict[tuple[str, str], EventModel], dict[str, ShapeModel]]]:
    """Event and force models of every runner left out, with the errors that the parameter files state."""
    stated_events, stated_shapes = load_event_models(), load_shape_models()
    runners = sorted({copy.case.runner for copy in data})
    events: dict[str, dict[tuple[str, str], EventModel]] = {runner: {} for runner in runners}
    best: dict[str, list[FloatArray]] = {}
    for kind in KINDS:
        for channels in CHANNEL_SETS:
            models = fit_events(data, kind, channels)
            found = left_out_events(data, models)
            before = best.get(kind, [np.full(len(time), np.nan) for time, _ in found])
            best[kind] = [np.where(np.isnan(had), time, had) for had, (time, _) in zip(before, found, strict=True)]
            for runner in runners:
                events[runner][kind, channels] = replace(models[runner], error=stated_events[kind, channels].error)
    shapes: dict[str, dict[str, ShapeModel]] = {runner: {} for runner in runners}
    for name in MODELS:
        models = fit_force(force_rows(data, best, name), name)
        for runner in runners:
            stated = stated_shapes[name]
            shapes[runner][name] = replace(models[runner], factor=stated.factor, error=stated.error)
    return {runner: (events[runner], shapes[runner]) for runner in runners}


def differences(
    path: Path, events: dict[tuple[str, str], EventModel], shapes: dict[str, ShapeModel]
) -> dict[str, tuple[float, float]]:
    """Value with the plate and value without it, of every metric that both analyses have."""
    recording = load(path)
    plates = analyze(recording).summary.metrics
    blind = replace(recording, ground_force=None, events=())
    with (
        patch("headway.gait.event_model.load_event_models", lambda: events),
        patch("headway.dynamics.estimated_force.load_shape_models", lambda: shapes),
        patch("headway.analysis.seen_trial.SeenTrial.error", lambda *_: None),
    ):
        motion = analyze(blind).summary.metrics
    return {
        name: (entry.value, blindly.value)
        for name, entry in plates.items()
        if isinstance(entry, Value) and isinstance(blindly := motion[name], Value)
    }


def main(folder: Path) -> None:
    """Analyse, compare, write."""
    cases = list(rbds_cases(folder))
    models = left_out_models([copy for seed, case in enumerate(cases) for copy in copies(case, seed)])
    pairs: dict[str, list[tuple[float, float]]] = {}
    for case in cases:
        for name, pair in differences(folder / "rbds" / f"{case.name}.c3d", *models[case.runner]).items():
            pairs.setdefault(name, []).append(pair)
    errors = {}
    for name, values in pairs.items():
        plate, motion = np.array(values).T
        size = float(np.sqrt(np.mean((motion - plate) ** 2)))
        if len(values) >= len(cases) // 2 and size > NEGLIGIBLE:
            relative = float(np.sqrt(np.mean(((motion - plate) / plate) ** 2))) if (plate != 0).all() else None
            errors[name] = {
                "error": size,
                "bias": float(np.mean(motion - plate)),
                "relative": relative,
                "trials": len(values),
            }
            report(f"{name:45s} bias {errors[name]['bias']:+.4g} error {size:.4g} of {np.mean(np.abs(plate)):.4g}")
    (OUT / "metric_errors.json").write_text(
        json.dumps({"version": VERSION, "source": SOURCE, "metrics": errors}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
