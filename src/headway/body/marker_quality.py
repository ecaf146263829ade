"""How well each marker was seen, and how well it keeps its place in its segment."""

from __future__ import annotations

import numpy as np

from headway.body.clusters import CLUSTERS
from headway.body.labelled_paths import apart, sample
from headway.body.rotations import kabsch, mean_configuration, seen_markers
from headway.recording import FloatArray
from headway.results import MarkerQuality
from headway.signals import runs, seen_mean, seen_median

FITS = 100
"""Frames, evenly spread, whose rigid fits tell the residual."""


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
        seen = seen_markers(path)
        gaps = runs(~seen) if not seen.all() else []
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
        rows = sample(len(paths[names[0]]))
        markers = np.stack([paths[name][rows] for name in names], axis=1)
        rigidity, residual = _rigidity(markers), _residual(markers[:: -(-len(rows) // FITS)])
        for k, name in enumerate(names):
            out[name] = (cluster.name, _known(rigidity[k]), _known(residual[k]))
    return out


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rigidity(markers: FloatArray) -> FloatArray:
    """Median, over the others of the segment, of the standard deviation of the distance to them, m, shape (markers,)."""
    distance = apart(markers[:, :, None], markers[:, None])
    seen = np.isfinite(distance)
    count = seen.sum(0)
    off = np.where(seen, distance - seen_mean(distance), 0.0)
    spread = np.where(count > 1, np.sqrt((off * off).sum(0) / np.maximum(count, 1)), np.nan)
    np.fill_diagonal(spread, np.nan)
    return seen_median(spread, 1)


def _residual(markers: FloatArray) -> FloatArray:
    """Root mean square distance from the rigid fit of the segment, m, shape (markers,)."""
    shape = mean_configuration(markers)
    if shape is None:
        return np.full(markers.shape[1], np.nan)
    rotation, shift = kabsch(shape, markers)
    miss = markers - shape @ np.swapaxes(rotation, 1, 2) - shift[:, None]
    return np.sqrt(seen_mean((miss * miss).sum(-1)))
