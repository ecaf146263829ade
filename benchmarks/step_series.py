"""Every metric of the shared recordings step by step, before the steps become one number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.gait.prepare import Options, prepare
from headway.gait.runner import Runner
from headway.io import load
from headway.metrics import REGISTRY, Excursion, NotMeasurable, unmet
from headway.recording import FloatArray
from headway.statistics import components
from headway.statistics.kinds import Components


@dataclass(frozen=True)
class Series:
    """One metric of one trial: components (n, k) and sides (n,) of the steps that carry it, in order of time."""

    name: str
    kind: str
    unit: str
    parts: Components
    side: FloatArray


def paths(folder: Path) -> list[tuple[Path, Path | None]]:
    """Markers and, where they lie apart, forces of the shared trials."""
    hamner = folder / "hamner2013"
    found: list[tuple[Path, Path | None]] = [(path, None) for path in sorted(folder.glob("rbds*/RBDS*run*.c3d"))]
    found += [(path / "markers.trc", path / "grf.mot") for path in sorted((hamner / "subject04" / "trials").glob("*"))]
    found += [(path, path.with_name(f"{path.stem}_grf.mot")) for path in sorted((hamner / "subject01").glob("*.trc"))]
    found += [(path, None) for path in sorted((folder / "dorn2012_ja1").glob("*"))]
    return [one for one in found if "static" not in one[0].name.lower()]


def series_of(path: Path, forces: Path | None) -> list[Series]:
    """All metrics of one trial that have numbers per step."""
    trial, _ = prepare(load(path, forces=forces), Runner(), Options())
    lacking, found = unmet(trial), []
    for definition in REGISTRY.values():
        if definition.kind == "share" or any(need in lacking for need in definition.needs):
            continue
        try:
            values = definition.compute(trial)
        except NotMeasurable:
            continue
        kind, values = ("mean", values.per_step(trial)) if isinstance(values, Excursion) else (definition.kind, values)
        parts = components(kind, values, trial.steps.side)
        carried = np.abs(parts).sum(1) > 0
        side = np.ascontiguousarray(trial.steps.side[carried], dtype=np.float64)
        found.append(Series(definition.name, kind, definition.unit, parts[carried], side))
    return found


def all_series(folder: Path, fewest: int) -> Iterator[Series]:
    """Series of at least so many steps, of all shared trials."""
    for path, forces in paths(folder):
        yield from (one for one in series_of(path, forces) if len(one.side) >= fewest)
