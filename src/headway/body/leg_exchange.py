"""Left and right exchanged in the legs: own against other side, link by link down the leg."""

from __future__ import annotations

import numpy as np

from headway.body.labelled_paths import ACROSS, BoolArray, LabelledPaths, Paths, apart, both_sides, sided, trunk_axis
from headway.recording import FloatArray

LOOSE = 0.020
"""A link that varies by less than this is kept whatever moves, m."""
SIDE_WEIGHT, LAST_APART = 0.5, 2
"""Down to the shank the right leg is to the right of the left one: what an unlikely side counts against an unlikely length."""
CLIP = 0.05
"""A link's error counts up to this, m: one stray frame decides nothing."""
SWITCH = 0.4
"""An exchange has to explain this much error, summed over its frames, for each of its ends, m."""
_UNITS: tuple[tuple[str, ...], ...] = (
    ("trochanter", *(f"thigh_{k}" for k in range(1, 7))),
    ("knee_lateral", "knee_medial", "knee", "patella"),
    ("tibial_tuberosity", "fibula_head", *(f"shank_{k}" for k in range(1, 7))),
    ("ankle_lateral", "ankle_medial", "ankle"),
    ("heel", "heel_lateral", "heel_medial", "mt1", "mt2", "mt5", "toe", *(f"foot_{k}" for k in range(1, 7))),
)
"""Parts of the leg whose labels are exchanged together, from the hip down; stems without the side."""


def mend_legs(labels: LabelledPaths) -> None:
    """Exchanges of left and right below the hip, whole or from any joint down."""
    paths = labels.paths
    across = trunk_axis(paths, ACROSS)
    units = [[stem for stem in unit if both_sides(paths, stem)] for unit in _UNITS]
    present = [(k, unit) for k, unit in enumerate(units) if unit]
    if across is None or len(present) < 2:
        return
    state, upper = np.zeros(len(across), bool), None
    for k, unit in present:
        middle = {side: _centre(paths, unit, side) for side in ("left", "right")}
        aside = np.einsum("ij,ij->i", middle["right"] - middle["left"], across)
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
                labels.swap(sided(stem, "left"), sided(stem, "right"), state)


def _centre(paths: Paths, unit: list[str], side: str) -> FloatArray:
    return sum((paths[sided(stem, side)] for stem in unit[1:]), paths[sided(unit[0], side)]) / len(unit)


def _link(
    upper: dict[str, FloatArray], lower: dict[str, FloatArray], looks_crossed: bool
) -> tuple[FloatArray, FloatArray]:
    """How far the distances of an upper from a lower part are from what that link allows, own and other side, m.

    ``looks_crossed`` decides which of the two is the link where their widths do not.
    """

    def length(a: str, b: str) -> FloatArray:
        return apart(upper[a], lower[b])

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
    low, high = np.percentile(lengths[np.isfinite(lengths)], [20, 80])
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
