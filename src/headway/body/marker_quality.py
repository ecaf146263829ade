"""How well each marker was seen, and how well it keeps its place in its segment."""

from __future__ import annotations

import numpy as np

from headway.body.clusters import CLUSTERS
from headway.body.rotations import kabsch, mean_configuration, seen_markers
from headway.recording import FloatArray
from headway.results import MarkerQuality
from headway.signals import runs

SAMPLE = 300
"""Frames, evenly spread, that tell how well distances are kept."""


def marker_quality(
    paths: dict[str, FloatArray], rate: float, labels: dict[str, str], mended: dict[str, str]
) -> tuple[MarkerQuality, ...]:
    """Judge the markers of a recording.

    Parameters
    ----------
    paths
        Landmark to path as measured (exchanges put right, nothing filled), m, shape (frames, 3).
    rate
        Frames per second.
    labels
        Landmark to label in the file.
    mended
        Landmark to what was done to it.
    """
    segments = _segments(paths)
    out: list[MarkerQuality] = []
    for name, path in paths.items():
        seen = np.asarray(np.isfinite(path).all(1))
        gaps = runs(~seen)
        segment, rigidity, residual = segments.get(name, (None, None, None))
        out.append(
            MarkerQuality(
                name=name,
                label=labels.get(name),
                segment=segment,
                seen=float(seen.mean()),
                gaps=len(gaps),
                longest_gap=max((stop - start for start, stop in gaps), default=0) / rate,
                rigidity=rigidity,
                residual=residual,
                mended=mended.get(name, ""),
            )
        )
    return tuple(out)


def _segments(paths: dict[str, FloatArray]) -> dict[str, tuple[str, float | None, float | None]]:
    """Segment, rigidity and residual of every marker that belongs to one with three markers or more."""
    out: dict[str, tuple[str, float | None, float | None]] = {}
    for cluster in CLUSTERS:
        names = [name for name in cluster.carriers if name in paths]
        if len(names) < 3:
            continue
        frames = len(paths[names[0]])
        rows = np.linspace(0, frames - 1, min(frames, SAMPLE)).astype(int)
        markers = np.stack([paths[name][rows] for name in names], axis=1)
        rigidity, residual = _rigidity(markers), _residual(markers)
        for k, name in enumerate(names):
            out[name] = (cluster.name, _known(rigidity[k]), _known(residual[k]))
    return out


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rigidity(markers: FloatArray) -> FloatArray:
    apart = np.sqrt(((markers[:, :, None] - markers[:, None]) ** 2).sum(-1))
    count = markers.shape[1]
    spread = np.full((count, count), np.nan)
    for a in range(count):
        for b in range(count):
            both = apart[:, a, b][np.isfinite(apart[:, a, b])]
            if a != b and len(both) > 1:
                spread[a, b] = both.std()
    some = np.isfinite(spread).any(1)
    out = np.full(count, np.nan)
    out[some] = np.nanmedian(spread[some], axis=1)
    return out


def _residual(markers: FloatArray) -> FloatArray:
    out = np.full(markers.shape[1], np.nan)
    shape = mean_configuration(markers)
    if shape is None:
        return out
    rotation, shift = kabsch(shape, markers)
    miss = markers - np.einsum("nij,mj->nmi", rotation, shape) - shift[:, None]
    seen = seen_markers(miss)
    square = np.where(seen, (miss * miss).sum(-1), 0.0).sum(0)
    some = seen.any(0)
    out[some] = np.sqrt(square[some] / seen[:, some].sum(0))
    return out
