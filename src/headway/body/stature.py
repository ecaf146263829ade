"""Stature, as stated or from lengths in the recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.body.anthropometry import MEAN_LENGTHS, sex_weights
from headway.body.table import PointTable
from headway.texts import TEXTS

_TRUNK, _LEGS = ("trunk",), ("thigh", "shank_malleolus")


@dataclass(frozen=True)
class Stature:
    """Stature, m (NaN when nothing tells it), how it was found, and whether it was stated."""

    value: float
    how: str
    stated: bool


def find_stature(table: PointTable, height: float | None, sex: str | None) -> Stature:
    """Find stature: as stated, else from lengths in the recording by the mean proportions of de Leva 1996.

    The chain C7–mid-hip–knee–ankle is best, because where the hip is put on it hardly matters; then C7–mid-hip, then
    hip–knee–ankle. The runner of Dorn 2012, 1.82 m by the height of C7 in standing, comes out at 1.75 m by the chain and
    at 1.55 m by the trunk alone, which is bent in running and whose lower end depends on where the hip is put.
    """
    if height is not None:
        return Stature(height, TEXTS("words.stature", height=height), True)
    trunk = table.distance("c7", "mid_hip") if table.has("c7", "mid_hip") else float("nan")
    legs = [length for side in ("left", "right") if np.isfinite(length := _leg(table, side))]
    leg = float(np.mean(legs)) if legs else float("nan")
    for length, parts, words in (
        (trunk + leg, _TRUNK + _LEGS, TEXTS("words.to_ankles")),
        (trunk, _TRUNK, TEXTS("words.to_hips")),
        (leg, _LEGS, TEXTS("words.hips_to_ankles")),
    ):
        if np.isfinite(length):
            value = length / _share(parts, sex)
            return Stature(value, TEXTS("words.stature_from", height=value, words=words), False)
    return Stature(float("nan"), TEXTS("words.stature_unknown"), False)


def _share(parts: tuple[str, ...], sex: str | None) -> float:
    """Share of stature that the mean lengths of these parts make."""
    sums = (sum(MEAN_LENGTHS[part][k] for part in parts) / MEAN_LENGTHS["stature"][k] for k in (0, 1))
    return sum(weight * share for weight, share in zip(sex_weights(sex), sums, strict=True))


def _leg(table: PointTable, side: str) -> float:
    knee = table.first(f"knee_lateral_{side}", f"knee_{side}")
    ankle = table.first(f"ankle_lateral_{side}", f"ankle_{side}")
    if knee is None or ankle is None or f"hip_{side}" not in table:
        return float("nan")
    return table.distance(f"hip_{side}", knee) + table.distance(knee, ankle)
