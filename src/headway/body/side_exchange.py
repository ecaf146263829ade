"""Labels of one segment the wrong way round: right for left, back for front."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.body.labelled_paths import (
    ACROSS,
    LabelledPaths,
    Paths,
    both_sides,
    sample,
    trunk_axis,
    trunk_up,
)
from headway.body.rotations import unit
from headway.recording import FloatArray
from headway.signals import seen_median

ALIGNED, LEAST_APART = 0.8, 0.04
"""Two labels of a segment are exchanged if they lie this nearly (cosine) the wrong way round, and this far apart (m)."""
SHORTEST = 3
"""Frames; a shorter exchange is a jump."""

Places = tuple[dict[str, tuple[float, float]], ...]
TRUNK: Places = (
    {
        "head_front_left": (-0.07, 0.07), "head_front_right": (0.07, 0.07),
        "head_back_left": (-0.07, -0.07), "head_back_right": (0.07, -0.07),
    },
    {
        "asis_left": (-0.12, 0.08), "asis_right": (0.12, 0.08), "psis_left": (-0.04, -0.08),
        "psis_right": (0.04, -0.08), "sacrum": (0.0, -0.09),
    },
    {"c7": (0.0, -0.08), "suprasternal": (0.0, 0.06)},
    {"acromion_left": (-0.18, 0.0), "acromion_right": (0.18, 0.0)},
)  # fmt: skip
FEET: Places = tuple(
    {
        f"heel_{side}": (0.0, -0.12), f"toe_{side}": (0.0, 0.13), f"mt1_{side}": (-0.04 * sign, 0.08),
        f"mt5_{side}": (0.05 * sign, 0.05),
    }
    for side, sign in (("left", -1.0), ("right", 1.0))
)  # fmt: skip
"""Where the markers of a segment lie, to the right and forward, m: only which way round they are counts."""


def mend_reversed(labels: LabelledPaths, parts: Places) -> None:
    """Put right pairs of labels within a segment that lie the wrong way round throughout: right for left, back for front."""
    paths, axes = labels.paths, _body_axes(labels.paths)
    if axes is None:
        return
    rows, right, forward = axes
    for places in parts:
        names = [name for name in places if name in paths]
        if len(names) < 2:
            continue
        stack = np.stack([paths[name][rows] for name in names])
        flat = np.stack([(stack * right).sum(-1), (stack * forward).sum(-1)], axis=-1)
        seen = np.isfinite(flat).all((0, 2))
        if seen.sum() < 5:
            continue
        actual = (flat[:, seen] - flat[:, seen].mean(0)).mean(1)
        pair = _reversed_pair(actual, np.array([places[name] for name in names]))
        if pair is not None:
            labels.swap(names[pair[0]], names[pair[1]], labels.everywhere)


def mend_mirrored(labels: LabelledPaths) -> None:
    """Put right stretches in which both pairs of pelvis or head point the other way: left for right, or front for back.

    By its distances alone a pelvis whose ASIS are exchanged is one whose PSIS are; the rest of the trunk decides.
    """
    judges = ("acromion", "scapula", "iliac_crest")
    for stems, more in ((("asis", "psis"), ()), (("head_front", "head_back"), ("asis", "psis"))):
        paths = labels.paths
        across = trunk_axis(paths, (*judges, *more))
        if across is None or not all(both_sides(paths, stem) for stem in stems):
            continue
        aside = [(f"{stem}_left", f"{stem}_right") for stem in stems]
        _turn_back(labels, aside, across)
        up = trunk_up(paths)
        if up is not None:
            _turn_back(
                labels,
                [(f"{stems[1]}_{side}", f"{stems[0]}_{side}") for side in ("left", "right")],
                np.cross(up, across),
            )


def mend_chest(labels: LabelledPaths) -> None:
    """Put right frames in which C7 lies in front of the notch of the breastbone."""
    across, up = trunk_axis(labels.paths, ACROSS), trunk_up(labels.paths)
    if across is not None and up is not None and {"c7", "suprasternal"} <= {*labels.paths}:
        _turn_back(labels, [("c7", "suprasternal")], np.cross(up, across))


def _turn_back(labels: LabelledPaths, pairs: list[tuple[str, str]], direction: FloatArray) -> None:
    """Exchange two pairs where both point against a direction (from the first to the second of a pair)."""
    against = np.stack([np.einsum("ij,ij->i", unit(labels.paths[b] - labels.paths[a]), direction) for a, b in pairs])
    wrong = np.asarray((np.nan_to_num(against) < -0.5).all(0))
    if wrong.sum() >= SHORTEST:
        for one, other in pairs:
            labels.swap(one, other, wrong)


def _reversed_pair(actual: FloatArray, expected: FloatArray) -> tuple[int, int] | None:
    """Pair whose exchange brings the places nearest to what they should be, if it lies clearly the wrong way round."""
    best, pair = 0.0, None
    for a in range(len(actual)):
        for b in range(a):
            lies, should = actual[b] - actual[a], expected[a] - expected[b]
            gain, size = float(lies @ should), float(np.linalg.norm(lies) * np.linalg.norm(should))
            if gain > max(best, ALIGNED * size) and np.linalg.norm(lies) > LEAST_APART:
                best, pair = gain, (a, b)
    return pair


def _body_axes(paths: Paths) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray] | None:
    """Frames, and the unit vectors to the body's right and forward in them, by the vote of all paired markers."""
    pairs = [(paths[f"{stem}_left"], paths[f"{stem}_right"]) for stem in ACROSS if both_sides(paths, stem)]
    low = [paths[name] for name in ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum") if name in paths]
    high = [paths[name] for name in ("c7", "suprasternal", "acromion_left", "acromion_right") if name in paths]
    feet = [
        paths[name]
        for name in ("ankle_lateral_left", "ankle_lateral_right", "heel_left", "heel_right")
        if name in paths
    ]
    if len(pairs) < 2 or not low or not (high or feet):
        return None
    rows = sample(len(low[0]))
    right = seen_median(np.stack([unit(r[rows] - left[rows]) for left, r in pairs]), 0)
    middle = seen_median(np.stack([path[rows] for path in low]), 0)
    ends = seen_median(np.stack([path[rows] for path in high or feet]), 0)
    up = unit(ends - middle if high else middle - ends)
    right = unit(right - (right * up).sum(1, keepdims=True) * up)
    return rows, right, np.cross(up, right)
