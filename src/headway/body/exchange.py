"""Exchanged labels: found by distances that a body keeps, and put right where one exchange explains them.

Everything here is true in any axes: it looks at distances, and at which side of the pelvis a leg is on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.body.clusters import CLUSTERS, Cluster
from headway.recording import FloatArray
from headway.signals import runs

SAMPLE = 300
"""Frames, evenly spread, that tell which distances a body keeps."""
LOOSE = 0.020
"""Distance within a segment that varies by more than this is not kept, m (skin in running: 5–15 mm)."""
KEPT = 0.012
"""Distance that varies by less than this is kept, m."""
AWAY = 0.040
"""A marker this far from its place among its neighbours is elsewhere, m."""
SHORTEST, MOST = 3, 20
"""Frames; a shorter exchange is a jump; and most stretches looked at in one segment."""
SIDE_WEIGHT, LAST_APART = 0.5, 2
"""Down to the shank the right leg is to the right of the left one: what an unlikely side counts against an unlikely length."""
CLIP = 0.05
"""A link's error counts up to this, m: one stray frame decides nothing."""
SWITCH = 0.4
"""An exchange has to explain this much error, summed over its frames, for each of its ends, m."""
ALIGNED, LEAST_APART = 0.8, 0.04
"""Two labels of a segment are exchanged if they lie this nearly (cosine) the wrong way round, and this far apart (m)."""

BoolArray = npt.NDArray[np.bool_]
Paths = dict[str, FloatArray]


@dataclass(frozen=True)
class Exchange:
    """Labels that carried another label's marker.

    Attributes
    ----------
    pairs
        Landmarks, exchanged pair by pair.
    start, stop
        First and last frame.
    throughout
        Whether the whole recording is concerned.
    """

    pairs: tuple[tuple[str, str], ...]
    start: int
    stop: int
    throughout: bool


class _Labels:
    """Paths under their labels, and which label each frame of them was read under."""

    def __init__(self, paths: dict[str, FloatArray]) -> None:
        self.paths = paths
        self.names = list(paths)
        frames = len(next(iter(paths.values()))) if paths else 0
        self.everywhere = np.ones(frames, bool)
        self.origin = {name: np.full(frames, k, np.int16) for k, name in enumerate(self.names)}

    def swap(self, one: str, other: str, frames: BoolArray) -> None:
        """Exchange two labels in some frames."""
        a, b = self.paths[one], self.paths[other]
        rows = frames[:, None]
        self.paths[one], self.paths[other] = np.where(rows, b, a), np.where(rows, a, b)
        a, b = self.origin[one], self.origin[other]
        self.origin[one], self.origin[other] = np.where(frames, b, a), np.where(frames, a, b)

    def exchanges(self) -> list[Exchange]:
        """What was exchanged in the end, joined where it concerns the same frames."""
        joined: dict[bytes, list[tuple[str, str]]] = {}
        for k, name in enumerate(self.names):
            if (self.origin[name] == k).all():
                continue
            for source in np.unique(self.origin[name]):
                if source > k or (source != k and not (self.origin[self.names[source]] == k).any()):
                    frames = self.origin[name] == source
                    joined.setdefault(frames.tobytes(), []).append((name, self.names[source]))
        out: list[Exchange] = []
        for key, pairs in joined.items():
            frames = np.frombuffer(key, bool)
            spans = _near(runs(frames))
            out += [Exchange(tuple(pairs), a, b - 1, b - a >= 0.98 * len(frames)) for a, b in spans]
        return out


def _near(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges joined where only a few frames lie between them."""
    out: list[tuple[int, int]] = []
    for a, b in spans:
        if out and a - out[-1][1] <= 5:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def put_right(paths: dict[str, FloatArray]) -> list[Exchange]:
    """Find exchanged labels and put them right in ``paths`` (its values are replaced).

    Parameters
    ----------
    paths
        Landmark to path, m, shape (frames, 3), in any axes.
    """
    labels = _Labels(paths)
    if not paths:
        return []
    _strangers(labels)
    _wrong_way_round(labels, _TRUNK)
    _for_a_time(labels, CLUSTERS[:3])
    _mirrored(labels)
    _legs(labels)
    _wrong_way_round(labels, _FEET)
    _for_a_time(labels, CLUSTERS[3:])
    return labels.exchanges()


# --- legs: own against other side, link by link down the leg -------------------------------------------------------

_UNITS: tuple[tuple[str, ...], ...] = (
    ("trochanter", *(f"thigh_{k}" for k in range(1, 7))),
    ("knee_lateral", "knee_medial", "knee", "patella"),
    ("tibial_tuberosity", "fibula_head", *(f"shank_{k}" for k in range(1, 7))),
    ("ankle_lateral", "ankle_medial", "ankle"),
    ("heel", "heel_lateral", "heel_medial", "mt1", "mt2", "mt5", "toe", *(f"foot_{k}" for k in range(1, 7))),
)
"""Parts of the leg whose labels are exchanged together, from the hip down; stems without the side."""


def _sided(stem: str, side: str) -> str:
    part, _, number = stem.rpartition("_")
    return f"{part}_{side}_{number}" if number.isdigit() else f"{stem}_{side}"


def _legs(labels: _Labels) -> None:
    """Exchanges of left and right below the hip, whole or from any joint down."""
    paths = labels.paths
    across = _trunk_axis(paths, _ACROSS)
    units = [[stem for stem in unit if _both(paths, stem)] for unit in _UNITS]
    present = [(k, unit) for k, unit in enumerate(units) if unit]
    if across is None or len(present) < 2:
        return
    state, upper = np.zeros(len(across), bool), None
    for k, unit in present:
        middle = {side: _centre(paths, unit, side) for side in ("left", "right")}
        aside = ((middle["right"] - middle["left"]) * across).sum(1)
        weight = 1.0 if upper is None else SIDE_WEIGHT if k <= LAST_APART else 0.0
        own, crossed = (weight * np.clip(np.nan_to_num(sign * aside), 0, CLIP) for sign in (-1, 1))
        if upper is not None:
            reversed_now = bool(np.nanmean(aside) < 0) if np.isfinite(aside).any() else False
            same, other = _link(upper, middle, reversed_now != bool(state.mean() > 0.5))
            own = own + np.where(state, other, same)
            crossed = crossed + np.where(state, same, other)
        state, upper = _two_states(own, crossed), middle
        if state.any():
            for stem in unit:
                labels.swap(_sided(stem, "left"), _sided(stem, "right"), state)


def _both(paths: Paths, stem: str) -> bool:
    return _sided(stem, "left") in paths and _sided(stem, "right") in paths


def _trunk_axis(paths: Paths, stems: Sequence[str]) -> FloatArray | None:
    """Unit vector from left to right of pelvis and shoulders by their vote, shape (frames, 3)."""
    pairs = [_unit(paths[f"{stem}_right"] - paths[f"{stem}_left"]) for stem in stems if _both(paths, stem)]
    return _unit(_median(np.stack(pairs), 0)) if pairs else None


def _centre(paths: Paths, unit: list[str], side: str) -> FloatArray:
    return sum((paths[_sided(stem, side)] for stem in unit[1:]), paths[_sided(unit[0], side)]) / len(unit)


def _link(
    upper: dict[str, FloatArray], lower: dict[str, FloatArray], looks_crossed: bool
) -> tuple[FloatArray, FloatArray]:
    """How far the distances of an upper from a lower part are from what that link allows, own and other side, m.

    ``looks_crossed`` decides which of the two is the link where their widths do not.
    """

    def length(a: str, b: str) -> FloatArray:
        return np.sqrt(((upper[a] - lower[b]) ** 2).sum(1))

    own = np.stack([length("left", "left"), length("right", "right")])
    cross = np.stack([length("right", "left"), length("left", "right")])
    if not (np.isfinite(own).any() and np.isfinite(cross).any()):
        return np.zeros(own.shape[1]), np.zeros(own.shape[1])
    width, width_across = _width(own), _width(cross)
    ratio = width_across / max(width, 1e-6)
    moves = max(_width(side) for side in (*own, *cross)) > LOOSE  # in standing every length is kept
    crossed = ratio < 0.5 if moves and not 0.5 <= ratio <= 2.0 else looks_crossed
    low, high = _range(cross if crossed else own)
    one, other = (np.clip(np.nan_to_num(np.maximum(low - pair, pair - high)), 0, CLIP).mean(0) for pair in (own, cross))
    return one, other


def _width(lengths: FloatArray) -> float:
    """How much the lengths of both sides vary, differences between the sides included, m."""
    lengths = lengths[np.isfinite(lengths)]
    if not len(lengths):
        return 0.0
    low, high = np.percentile(lengths, [15, 85])
    return float(high - low)


def _range(lengths: FloatArray) -> tuple[float, float]:
    """Lengths that a link takes as its joint bends, from those that are not rare (an exchange may be up to a fifth), m."""
    low, high = np.nanpercentile(lengths, [20, 80])
    slack = 0.35 * (high - low) + 0.01
    return float(low - slack), float(high + slack)


def _two_states(own: FloatArray, cross: FloatArray) -> BoolArray:
    """Path of least error through two states, whose every change costs ``SWITCH`` (Viterbi 1967); shape (frames,)."""
    gain = np.nan_to_num(own) - np.nan_to_num(cross)
    if gain[gain > 0].sum() < 2 * SWITCH:
        return np.zeros(len(gain), bool)
    best, best_crossed = 0.0, -0.9 * SWITCH
    back = np.zeros((len(gain), 2), bool)
    for k, value in enumerate(gain.tolist()):
        stay, come = best, best_crossed - SWITCH
        back[k, 0] = come > stay
        keep, go = best_crossed, best - SWITCH
        back[k, 1] = keep > go
        best, best_crossed = max(stay, come), max(keep, go) + value
    state = np.zeros(len(gain), bool)
    crossed = best_crossed - 0.9 * SWITCH > best
    for k in range(len(gain) - 1, -1, -1):
        state[k] = crossed
        crossed = bool(back[k, int(crossed)])
    return state


# --- a stranger among the markers of a segment ---------------------------------------------------------------------


def _strangers(labels: _Labels) -> None:
    """Put right labels of one segment that belong to another throughout."""
    paths, names = labels.paths, labels.names
    rows = _some(len(labels.everywhere))
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


def _some(frames: int) -> npt.NDArray[np.intp]:
    """Frames, evenly spread, that are enough to tell which distances are kept."""
    return np.linspace(0, frames - 1, min(frames, SAMPLE)).astype(int)


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


# --- two labels of one segment, throughout --------------------------------------------------------------------------

_Places = tuple[dict[str, tuple[float, float]], ...]
_TRUNK: _Places = (
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
_FEET: _Places = tuple(
    {
        f"heel_{side}": (0.0, -0.12), f"toe_{side}": (0.0, 0.13), f"mt1_{side}": (-0.04 * sign, 0.08),
        f"mt5_{side}": (0.05 * sign, 0.05),
    }
    for side, sign in (("left", -1.0), ("right", 1.0))
)  # fmt: skip
"""Where the markers of a segment lie, to the right and forward, m: only which way round they are counts."""
_ACROSS = ("asis", "psis", "iliac_crest", "acromion", "scapula", "head_front", "head_back", "hip")


def _wrong_way_round(labels: _Labels, parts: _Places) -> None:
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


def _mirrored(labels: _Labels) -> None:
    """Put right stretches in which both pairs of pelvis or head point the other way: left for right, or front for back.

    By its distances alone a pelvis whose ASIS are exchanged is one whose PSIS are; the rest of the trunk decides.
    """
    judges = ("acromion", "scapula", "iliac_crest")
    for stems, more in ((("asis", "psis"), ()), (("head_front", "head_back"), ("asis", "psis"))):
        paths = labels.paths
        across = _trunk_axis(paths, (*judges, *more))
        if across is None or not all(_both(paths, stem) for stem in stems):
            continue
        aside = [(f"{stem}_left", f"{stem}_right") for stem in stems]
        _turn_back(labels, aside, across)
        up = _trunk_up(paths)
        if up is not None:
            _turn_back(
                labels,
                [(f"{stems[1]}_{side}", f"{stems[0]}_{side}") for side in ("left", "right")],
                np.cross(up, across),
            )


def _turn_back(labels: _Labels, pairs: list[tuple[str, str]], direction: FloatArray) -> None:
    """Exchange two pairs where both point against a direction (from the first to the second of a pair)."""
    against = np.stack([(_unit(labels.paths[b] - labels.paths[a]) * direction).sum(1) for a, b in pairs])
    wrong = (np.nan_to_num(against) < -0.5).all(0)
    if wrong.sum() >= SHORTEST:
        for one, other in pairs:
            labels.swap(one, other, wrong)


def _trunk_up(paths: Paths) -> FloatArray | None:
    """Unit vector from the pelvis to the shoulders, shape (frames, 3)."""
    low = [paths[name] for name in ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum") if name in paths]
    high = [paths[name] for name in ("c7", "suprasternal", "acromion_left", "acromion_right") if name in paths]
    if not low or not high:
        return None
    return _unit(_median(np.stack(high), 0) - _median(np.stack(low), 0))


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
    pairs = [(paths[f"{stem}_left"], paths[f"{stem}_right"]) for stem in _ACROSS if _both(paths, stem)]
    low = [paths[name] for name in ("asis_left", "asis_right", "psis_left", "psis_right", "sacrum") if name in paths]
    high = [paths[name] for name in ("c7", "suprasternal", "acromion_left", "acromion_right") if name in paths]
    feet = [
        paths[name]
        for name in ("ankle_lateral_left", "ankle_lateral_right", "heel_left", "heel_right")
        if name in paths
    ]
    if len(pairs) < 2 or not low or not (high or feet):
        return None
    rows = _some(len(low[0]))
    right = _median(np.stack([_unit(r[rows] - left[rows]) for left, r in pairs]), 0)
    middle = _median(np.stack([path[rows] for path in low]), 0)
    ends = _median(np.stack([path[rows] for path in high or feet]), 0)
    up = _unit(ends - middle if high else middle - ends)
    right = _unit(right - (right * up).sum(1, keepdims=True) * up)
    return rows, right, np.cross(up, right)


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.sqrt((vectors * vectors).sum(-1, keepdims=True))
    return vectors / np.where(length > 0, length, np.nan)


# --- for a time -----------------------------------------------------------------------------------------------------


def _for_a_time(labels: _Labels, clusters: Sequence[Cluster]) -> None:
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
    for mate in _home(paths, name):
        distance = _apart(paths[name], paths[mate])
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


def _median(values: FloatArray, axis: int) -> FloatArray:
    """Median of what is finite; NaN, without a warning, where nothing is."""
    out = np.full(np.delete(values.shape, axis), np.nan)
    some = np.isfinite(values).any(axis)
    moved = np.moveaxis(values, axis, -1)
    out[some] = np.nanmedian(moved[some], axis=-1)
    return out
