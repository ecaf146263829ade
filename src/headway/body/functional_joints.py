"""Knees and ankles of legs whose joints carry no marker: from how the clusters on both sides of the joint move."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy.optimize import least_squares

from headway.body.rotations import kabsch, mean_configuration, seen_markers, unit
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

SIDES = ("left", "right")
LEAST_TURN = np.radians(15.0)
"""Range of the joint angle below which its axis is not found."""
AXIS_FRAMES = 800
"""Frames, evenly spread, that find an axis: more do not make it better."""
LATERAL = 0.05
"""The point that shows a joint's axis lies this far from the joint, to the side, m."""
FOOT = ("heel", "toe", "mt1", "mt2", "mt5")
TWO_MARKER_FRAMES = 100
"""Frames that place the ankle over a foot with two markers."""
ALIKE = (0.005, 0.005, 0.010, 0.005)
"""How nearly both feet are alike: distances of the ankle from heel, forefoot and knee, and from the midline, m."""
LOOSE = 0.008
"""A marker whose distance to every other one of its foot changes by more (standard deviation) is not fixed to it, m."""


def add_functional_joints(points: xr.DataArray) -> tuple[xr.DataArray, tuple[Flag, ...]]:
    """Append ``knee_*`` and ``ankle_*`` where they are missing but thigh and shank carry three markers each and the foot two.

    Each comes with a point of its axis on the lateral side, ``knee_axis_*`` and ``ankle_axis_*``.

    Parameters
    ----------
    points
        Oriented, with hip joint centres, m.

    Returns
    -------
    points, flags
        Legs whose joints are there, or that cannot be had, are left as they are.

    Notes
    -----
    The joint's axis is the line that two rigid sets of markers share (SARA: Ehrig et al. 2007, J Biomech 40:2150). The knee is where
    it crosses the plane through hip and ankle at right angles to it; the ankle is the point of its axis nearest to the line
    from heel to forefoot, seen from above the foot. Where a foot has two markers only, its ankle is the point of the shank that is as
    far from these, from the knee and from the foot's midline as on the other leg. Markers that are not fixed to the foot
    (:func:`loose_markers`) count for nothing.
    """
    table = PointTable(points)
    made: list[str] = []
    legs = sorted((_Leg(table, side) for side in SIDES), key=lambda leg: len(leg.sets["foot"]), reverse=True)
    for leg in legs:
        if leg.add():
            made += [f"knee_{leg.side}", f"ankle_{leg.side}"]
    if not made:
        return points, ()
    text = TEXTS("lab.functional_joints", names=", ".join(made))
    return table.to_points(), (Flag("functional_joints", "info", text),)


def loose_markers(table: PointTable, side: str) -> list[str]:
    """Markers of a foot that keep their distance to none of its others: come off, or exchanged."""
    names = table.present(f"{name}_{side}" for name in FOOT)
    if len(names) < 3:
        return []
    markers = table.stack(names)
    with np.errstate(invalid="ignore"):
        spread = np.nanstd(np.linalg.norm(markers[:, :, None] - markers[:, None], axis=-1), axis=0)
    spread[np.eye(len(names), dtype=bool)] = np.inf
    return [name for name, least in zip(names, spread.min(0), strict=True) if np.isfinite(least) and least > LOOSE]


class _Leg:
    def __init__(self, table: PointTable, side: str) -> None:
        self.table, self.side = table, side
        names = list(table.source["point"].to_numpy())
        self.sets = {
            part: table.present(sorted(str(n) for n in names if str(n).startswith(f"{part}_{side}_")))
            for part in ("thigh", "shank")
        }
        loose = loose_markers(table, side)
        self.sets["foot"] = [name for name in table.present(f"{name}_{side}" for name in FOOT) if name not in loose]

    def add(self) -> bool:
        """Put in knee and ankle; tell whether it was done."""
        table, side = self.table, self.side
        if (
            table.has(f"knee_{side}")
            or table.has(f"ankle_{side}")
            or not table.has("hip_left", "hip_right", f"heel_{side}")
        ):
            return False
        if any(len(self.sets[part]) < least for part, least in (("thigh", 3), ("shank", 3), ("foot", 2))):
            return False
        rows = self._rows()
        whole = self._rigid(self.sets["shank"], slice(None))
        thigh = self._rigid(self.sets["thigh"], rows)
        if thigh is None or whole is None:
            return False
        shank = whole[0][rows], whole[1][rows]
        knee, ankle = _shared_axis(shank, thigh), None
        if knee is None:
            return False
        hip = _in(shank, table[f"hip_{side}"][rows])
        if len(self.sets["foot"]) > 2:
            foot = self._rigid(self.sets["foot"], rows)
            ankle = None if foot is None else _shared_axis(shank, foot)
            place = None if ankle is None else self._on_foot_line(shank, ankle, rows)
        else:
            place = self._as_other(whole, knee)
        if place is None:
            return False
        start, along = knee
        middle = np.nanmedian(start + ((hip + place) / 2 - start) @ along[:, None] * along, axis=0)
        outward = (1.0 if side == "right" else -1.0) * _right_of(table)
        for joint, centre, (_, direction) in (("ankle", place, ankle or knee), ("knee", middle, knee)):
            table[f"{joint}_{side}"] = _out(whole, centre)
            turned = np.nanmedian((shank[0] @ direction) @ outward)
            table[f"{joint}_axis_{side}"] = _out(whole, centre + LATERAL * np.sign(turned) * direction)
        return True

    def _as_other(self, shank: tuple[FloatArray, FloatArray], knee: tuple[FloatArray, FloatArray]) -> FloatArray | None:
        """The ankle in the shank, as far from heel, forefoot, knee and midline as the other leg's; ``None`` if that has none."""
        table, (heel, fore) = self.table, self.sets["foot"]
        mirror = "left" if self.side == "right" else "right"
        other = [
            name.removesuffix(self.side) + mirror for name in (heel, fore, f"knee_{self.side}", f"ankle_{self.side}")
        ]
        if not table.has(*other):
            return None
        ankle = table[other[3]]
        wanted = np.array([table.distance(other[3], name) for name in other[:3]])
        beside = float(np.nanmedian(_beside(ankle, table[other[0]], table[other[1]], mirror)))
        paths = [_in(shank, table[name]) for name in (heel, fore)]
        seen = np.flatnonzero(np.isfinite(paths).all((0, 2)))
        seen = seen[:: -(-len(seen) // TWO_MARKER_FRAMES)]
        heels, fores = (path[seen] for path in paths)
        turns, shifts = (one[seen] for one in shank)
        heels_there, fores_there = table[heel][seen], table[fore][seen]
        start, along = knee

        def missed(c: FloatArray) -> FloatArray:
            to_knee = np.linalg.norm((c - start) - ((c - start) @ along) * along)
            beside_now = _beside(turns @ c + shifts, heels_there, fores_there, self.side)
            return np.concatenate([
                (np.linalg.norm(heels - c, axis=1) - wanted[0]) / ALIKE[0], (np.linalg.norm(fores - c, axis=1) - wanted[1]) / ALIKE[1],
                (beside_now - beside) / ALIKE[3], [np.sqrt(len(seen)) * (to_knee - wanted[2]) / ALIKE[2]],
            ])  # fmt: skip

        return np.asarray(least_squares(missed, heels.mean(0) + 0.3 * (fores - heels).mean(0)).x)

    def _rows(self) -> np.ndarray:
        """Up to :data:`AXIS_FRAMES` frames, evenly spread over those in which all three sets are seen."""
        enough = [seen_markers(self.table.stack(names)).sum(1) >= min(3, len(names)) for names in self.sets.values()]
        seen = np.flatnonzero(np.logical_and.reduce(enough))
        return seen[:: max(-(-len(seen) // AXIS_FRAMES), 1)]

    def _rigid(self, names: list[str], rows: np.ndarray | slice) -> tuple[FloatArray, FloatArray] | None:
        markers = self.table.stack(names)
        shape = mean_configuration(markers)
        return None if shape is None else kabsch(shape, markers[rows])

    def _on_foot_line(
        self, shank: tuple[FloatArray, FloatArray], axis: tuple[FloatArray, FloatArray], rows: np.ndarray
    ) -> FloatArray:
        """Point of the ankle's axis nearest to the upright plane through heel and forefoot, in the shank."""
        table, side = self.table, self.side
        fore = table.mean(*(name for name in self.sets["foot"] if not name.startswith("heel")))
        toe = next((f"{name}_{side}" for name in ("toe", "mt2") if f"{name}_{side}" in self.sets["foot"]), None)
        heel = _in(shank, table[f"heel_{side}"][rows])
        ahead = _in(shank, (table[toe] if toe else fore)[rows]) - heel
        start, along = axis
        across = unit(along - (unit(ahead) @ along)[:, None] * unit(ahead))
        far = ((heel - start) * across).sum(1) / (across @ along)
        return start + float(np.nanmedian(far)) * along


def _beside(ankle: FloatArray, heel: FloatArray, fore: FloatArray, side: str) -> FloatArray:
    """How far the ankle is outward of the line from heel to forefoot, seen from above, m, shape (n,)."""
    ahead = unit((fore - heel) * [1.0, 0.0, 1.0])
    across = np.cross(ahead, [0.0, 1.0, 0.0]) * (1.0 if side == "right" else -1.0)
    return ((ankle - heel) * across).sum(-1)


def _right_of(table: PointTable) -> FloatArray:
    """Mean direction from the left to the right hip."""
    return unit(np.nanmean(table["hip_right"] - table["hip_left"], axis=0))


def _in(moved: tuple[FloatArray, FloatArray], place: FloatArray) -> FloatArray:
    """Points in the axes of a rigid set."""
    rotation, shift = moved
    return np.einsum("nji,nj->ni", rotation, place - shift)


def _out(moved: tuple[FloatArray, FloatArray], place: FloatArray) -> FloatArray:
    """A point that a rigid set carries."""
    rotation, shift = moved
    return rotation @ place + shift


def _shared_axis(
    one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray] | None:
    """A point and the direction of the line that both sets carry, in the first set; ``None`` if they hardly turn."""
    seen = np.isfinite(one[1]).all(1) & np.isfinite(other[1]).all(1)
    if seen.sum() < 10:
        return None
    (r, t), (s, d) = ((pair[0][seen], pair[1][seen]) for pair in (one, other))
    relative = np.swapaxes(r, 1, 2) @ s
    spread = np.einsum("nij,ij->n", relative, relative[0])
    if np.arccos(np.clip((spread - 1) / 2, -1, 1)).max() < LEAST_TURN:
        return None
    rows = np.concatenate([r, -s], axis=2).reshape(-1, 6)
    u, singular, v = np.linalg.svd(rows, full_matrices=False)
    inverse = np.append(1.0 / singular[:5], 0.0)
    found = v.T @ (inverse * (u.T @ (d - t).reshape(-1)))
    return found[:3], unit(v[5, :3])
