"""A stranger among the markers of a segment, throughout or for a time: found by the distances that a segment keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from headway.body.clusters import CLUSTERS, MarkerCluster
from headway.body.labelled_paths import LabelledPaths, Paths, sample
from headway.recording import FloatArray
from headway.signals import runs

LOOSE = 0.020
"""Distance within a segment that varies by more than this is not kept, m (skin in running: 5–15 mm)."""
KEPT = 0.012
"""Distance that varies by less than this is kept, m."""
AWAY = 0.040
"""A marker this far from its place among its neighbours is elsewhere, m."""
SHORTEST, MOST = 3, 20
"""Frames; a shorter exchange is a jump; and most stretches looked at in one segment."""


def mend_strangers(labels: LabelledPaths) -> None:
    """Put right labels of one segment that belong to another throughout."""
    paths, names = labels.paths, labels.names
    rows = sample(len(labels.everywhere))
    for cluster in CLUSTERS:
        members = [name for name in cluster.carriers if name in paths]
        if len(members) < 3:
            continue
        spread = _spreads([paths[name][rows] for name in members])
        for k, name in enumerate(members):
            others = [j for j in range(len(members)) if j != k]
            among = float(np.median(spread[np.ix_(others, others)][np.triu_indices(len(others), 1)]))
            away = float(np.median(spread[k, others]))
            if away < max(LOOSE, 4 * among) or among > KEPT:
                continue
            good = [paths[members[j]][rows] for j in others]
            rest = [other for other in names if other not in members]
            fit = [float(np.median([_spread_of(paths[other][rows], g) for g in good])) for other in rest]
            limit = min(KEPT, 0.4 * away, 3 * among + 0.003)
            able = [rest[j] for j in np.argsort(fit) if fit[j] < limit and _at_home(paths, rest[j], name, rows)]
            if able:
                labels.swap(name, able[0], labels.everywhere)
                break


def _home(paths: Paths, name: str) -> list[str]:
    """Other markers of the segment that a marker belongs to."""
    return next(
        ([m for m in cluster.carriers if m in paths and m != name] for cluster in CLUSTERS if name in cluster.carriers),
        [],
    )


def _at_home(paths: Paths, label: str, path: str, rows: npt.NDArray[np.intp]) -> bool:
    """Whether the path under another label keeps its distance from the segment of ``label``, where that can be told."""
    home = [paths[name][rows] for name in _home(paths, label) if name != path]
    return not home or float(np.median([_spread_of(paths[path][rows], mate) for mate in home])) < LOOSE


def _spreads(points: list[FloatArray]) -> FloatArray:
    """How much each pair's distance varies, m, shape (points, points)."""
    out = np.zeros((len(points), len(points)))
    for a in range(len(points)):
        for b in range(a):
            out[a, b] = out[b, a] = _spread_of(points[a], points[b])
    return out


def _spread_of(a: FloatArray, b: FloatArray) -> float:
    distance = np.sqrt(((a - b) ** 2).sum(1))
    distance = distance[np.isfinite(distance)]
    if len(distance) < 5:
        return float("inf")
    low, high = np.percentile(distance, [8, 92])
    return float(high - low) / 2


def mend_stretches(labels: LabelledPaths, clusters: Sequence[MarkerCluster]) -> None:
    """Put right stretches in which a label of a segment is elsewhere and another label is in its place."""
    paths = labels.paths
    for cluster in clusters:
        members = [name for name in cluster.carriers if name in paths]
        if len(members) < 3:
            continue
        usual = {name: _usual(paths, name) for name in members}
        off = np.stack([_off(paths, name, usual[name]) for name in members])
        for k, start, stop in _stretches(off):
            span = slice(start, stop)
            other = _in_its_place(paths, members[k], usual[members[k]], span)
            if other is not None:
                mask = np.zeros(off.shape[1], bool)
                mask[span] = True
                labels.swap(members[k], other, mask)


def _stretches(off: FloatArray) -> list[tuple[int, int, int]]:
    """Member, first and last frame of stretches in which a member is away, the farthest member of each stretch first."""
    away = np.nan_to_num(off) > AWAY
    spans = [(k, a, b) for k in range(len(off)) for a, b in runs(away[k]) if b - a >= SHORTEST]
    return sorted(spans, key=lambda span: -float(np.nanmedian(off[span[0], span[1] : span[2]])))[:MOST]


def _usual(paths: Paths, name: str) -> dict[str, float]:
    """Usual distance of a marker from the others of its segment, m."""
    out: dict[str, float] = {}
    rows = sample(len(paths[name]))
    for mate in _home(paths, name):
        distance = _apart(paths[name][rows], paths[mate][rows])
        if np.isfinite(distance).any():
            out[mate] = float(np.nanmedian(distance))
    return out


def _apart(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.sqrt(((a - b) ** 2).sum(1))


def _off(
    paths: Paths, path: str, usual: dict[str, float], span: slice = slice(None), *, fits: bool = False
) -> FloatArray:
    """How far a path is from its usual distances, m, shape (frames,).

    The lower median over the mates, so that one wrong mate accuses nobody; the upper one to tell whether it ``fits``.
    """
    off = [np.abs(_apart(paths[path][span], paths[mate][span]) - usual[mate]) for mate in usual if mate != path]
    if not off:
        return np.full(len(paths[path][span]), np.nan)
    return np.sort(np.stack(off), axis=0)[len(off) // 2 if fits else (len(off) - 1) // 2]  # NaN last


def _in_its_place(paths: Paths, name: str, usual: dict[str, float], span: slice) -> str | None:
    """Name of the marker whose exchange with ``name`` puts both where they belong; ``None`` if there is none."""

    def typical(path: str, places: dict[str, float]) -> float:
        off = _off(paths, path, places, span, fits=True)
        return float(np.median(off)) if np.isfinite(off).all() else float("inf")

    before = typical(name, usual)
    if not np.isfinite(before) or before < AWAY:
        return None
    scores = {other: typical(other, usual) for other in paths if other != name}
    best = min(scores, key=scores.__getitem__)
    if scores[best] > min(LOOSE, before / 2):
        return None
    home = _usual(paths, best)
    if home and typical(name, home) > LOOSE:
        return None
    return best
