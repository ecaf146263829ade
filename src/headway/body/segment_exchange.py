"""A stranger among the markers of a segment, throughout or for a time: found by the distances that a segment keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from headway.body.clusters import CLUSTERS, MarkerCluster
from headway.body.labelled_paths import BoolArray, LabelledPaths, Paths, apart, sample
from headway.recording import FloatArray
from headway.signals import runs, seen_median, seen_quantile

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
        spread = _spreads(np.stack([paths[name][rows] for name in members]))
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


def _spreads(points: FloatArray) -> FloatArray:
    """How much each pair's distance varies, m, shape (points, points) from (points, frames, 3)."""
    return _spread(apart(points[:, None], points[None]))


def _spread_of(a: FloatArray, b: FloatArray) -> float:
    return float(_spread(apart(a, b)))


def _spread(distance: FloatArray) -> FloatArray:
    """Half the range of the middle distances along the last axis, m; infinite where fewer than five are known."""
    known = np.isfinite(distance).sum(-1)
    return np.where(
        known < 5, np.inf, (seen_quantile(distance, 0.92, axis=-1) - seen_quantile(distance, 0.08, axis=-1)) / 2
    )


def mend_stretches(labels: LabelledPaths, clusters: Sequence[MarkerCluster]) -> None:
    """Put right stretches in which a label of a segment is elsewhere and another label is in its place."""
    paths = labels.paths
    for cluster in clusters:
        members = [name for name in cluster.carriers if name in paths]
        if len(members) < 3:
            continue
        usual = _usual(paths, members)
        for name, start, stop in _stretches(paths, usual):
            span = slice(start, stop)
            other = _in_its_place(paths, name, usual[name], span)
            if other is not None:
                mask = np.zeros(len(labels.everywhere), bool)
                mask[span] = True
                labels.swap(name, other, mask)


def _stretches(paths: Paths, usual: dict[str, dict[str, float]]) -> list[tuple[str, int, int]]:
    """Member, first and last frame of stretches in which a member is away, the farthest member of each stretch first."""
    pairs = {(a, b): apart(paths[a], paths[b]) for a in usual for b in usual[a] if a < b}
    spans: list[tuple[float, str, int, int]] = []
    for name, places in usual.items():
        off = [np.abs(pairs[min(name, mate), max(name, mate)] - place) for mate, place in places.items()]
        for a, b in runs(_away(off)) if off else []:
            if b - a >= SHORTEST:
                spans.append((-float(np.nanmedian(_vote([part[a:b] for part in off]))), name, a, b))
    return [(name, a, b) for _, name, a, b in sorted(spans, key=lambda span: span[0])[:MOST]]


def _away(off: list[FloatArray]) -> BoolArray:
    """Where the lower median of some distances is beyond ``AWAY``, told without sorting them."""
    least = (len(off) - 1) // 2
    near = sum((part <= AWAY for part in off), np.zeros(len(off[0]), np.intp))
    if near.min() > least:
        return np.zeros(len(near), bool)
    return (near <= least) & (sum((part > AWAY for part in off), near) > least)


def _usual(paths: Paths, members: list[str]) -> dict[str, dict[str, float]]:
    """Usual distance of each marker of a segment from each other one, m, where both are seen at once."""
    rows = sample(len(paths[members[0]]))
    points = np.stack([paths[name][rows] for name in members])
    middle = seen_median(apart(points[:, None], points[None]), -1)
    return {
        one: {other: float(middle[a, b]) for b, other in enumerate(members) if a != b and np.isfinite(middle[a, b])}
        for a, one in enumerate(members)
    }


def _vote(off: list[FloatArray], *, fits: bool = False) -> FloatArray:
    """How far a marker is from its usual distances, m, shape (frames,), by the vote of its mates.

    The lower median, so that one wrong mate accuses nobody; the upper one to tell whether it ``fits``.
    """
    return np.sort(np.stack(off), axis=0)[len(off) // 2 if fits else (len(off) - 1) // 2]  # NaN last


def _in_its_place(paths: Paths, name: str, usual: dict[str, float], span: slice) -> str | None:
    """Name of the marker whose exchange with ``name`` puts both where they belong; ``None`` if there is none."""

    def typical(path: str, places: dict[str, float]) -> float:
        off = [np.abs(apart(paths[path][span], paths[mate][span]) - places[mate]) for mate in places if mate != path]
        far = _vote(off, fits=True) if off else np.array(np.nan)
        return float(np.median(far)) if np.isfinite(far).all() else float("inf")

    before = typical(name, usual)
    if not np.isfinite(before) or before < AWAY:
        return None
    scores = {other: typical(other, usual) for other in paths if other != name}
    best = min(scores, key=scores.__getitem__)
    if scores[best] > min(LOOSE, before / 2):
        return None
    mates = _home(paths, best)
    home = _usual(paths, [best, *mates])[best] if mates else {}
    if home and typical(name, home) > LOOSE:
        return None
    return best
