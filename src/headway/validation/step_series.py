"""Every metric of recordings step by step, before the steps become one number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from headway.analysis.seen_trial import SeenTrial
from headway.gait.prepare import prepare
from headway.gait.runner import Runner
from headway.metrics import REGISTRY, CannotMeasure
from headway.options import Options
from headway.recording import FloatArray
from headway.sources import load_recording
from headway.statistics import components
from headway.statistics.kinds import Components


@dataclass(frozen=True)
class StepSeries:
    """One metric of one trial of a runner: components (n, k) and sides (n,) of the steps that carry it, in order of time."""

    runner: str
    name: str
    kind: str
    unit: str
    parts: Components
    side: FloatArray

    @property
    def carried(self) -> tuple[str, str, str]:
        """Name, kind and unit of the metric."""
        return self.name, self.kind, self.unit


def paths(folder: Path) -> list[tuple[Path, Path | None]]:
    """Markers and, where they lie apart, forces of the shared trials."""
    hamner = folder / "hamner2013"
    found: list[tuple[Path, Path | None]] = [(path, None) for path in sorted(folder.glob("rbds*/RBDS*run*.c3d"))]
    found += [(path / "markers.trc", path / "grf.mot") for path in sorted((hamner / "subject04" / "trials").glob("*"))]
    found += [(path, path.with_name(f"{path.stem}_grf.mot")) for path in sorted((hamner / "subject01").glob("*.trc"))]
    found += [(path, None) for path in sorted((folder / "dorn2012_ja1").glob("*"))]
    return [one for one in found if "static" not in one[0].name.lower()]


def series_of(path: Path, forces: Path | None) -> list[StepSeries]:
    """All metrics of one trial that have numbers per step."""
    seen = SeenTrial(prepare(load_recording(path, forces=forces), Runner(), Options())[0])
    found = []
    for metric in REGISTRY.values():
        try:
            kind, values = seen.values(metric)
        except CannotMeasure:
            continue
        if kind == "share":
            continue
        parts = components(kind, values, seen.side)
        carried = np.abs(parts).sum(1) > 0
        side = np.ascontiguousarray(seen.side[carried], dtype=np.float64)
        found.append(StepSeries(path.name.split("run")[0], metric.name, kind, metric.unit, parts[carried], side))
    return found


@lru_cache(maxsize=1)
def _measured(folder: Path) -> tuple[StepSeries, ...]:
    return tuple(one for path, forces in paths(folder) for one in series_of(path, forces))


def all_series(folder: Path, fewest: int) -> Iterator[StepSeries]:
    """Series of at least so many steps, of all shared trials; measured once per process."""
    yield from (one for one in _measured(folder) if len(one.side) >= fewest)
