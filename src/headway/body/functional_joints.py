"""Knees and ankles of legs whose joints carry no marker: from how the clusters on both sides of the joint move."""

from __future__ import annotations

import numpy as np
import xarray as xr

from headway.body.rotations import kabsch, mean_configuration, seen_markers, unit
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray

SIDES = ("left", "right")
LEAST_TURN = np.radians(15.0)
"""Range of the joint angle below which its axis is not found."""
AXIS_FRAMES = 800
"""Frames, evenly spread, that find an axis: more do not make it better."""
LATERAL = 0.05
"""The point that shows a joint's axis lies this far from the joint, to the side, m."""
FOOT = ("heel", "toe", "mt1", "mt2", "mt5")


def add_functional_joints(points: xr.DataArray) -> tuple[xr.DataArray, tuple[Flag, ...]]:
    """Append ``knee_*`` and ``ankle_*`` where they are missing but thigh, shank and foot carry three markers each.

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
    from heel to forefoot, seen from above the foot.
    """
    table = PointTable(points)
    made: list[str] = []
    for side in SIDES:
        if not _Leg(table, side).add():
            continue
        made += [f"knee_{side}", f"ankle_{side}"]
    if not made:
        return points, ()
    text = f"no markers on {', '.join(made)}: found as the axes that the markers beside them turn about; ±1–2 cm"
    return table.to_points(), (Flag("functional_joints", "info", text),)


class _Leg:
    def __init__(self, table: PointTable, side: str) -> None:
        self.table, self.side = table, side
        names = list(table.source["point"].to_numpy())
        self.sets = {
            part: table.present(sorted(str(n) for n in names if str(n).startswith(f"{part}_{side}_")))
            for part in ("thigh", "shank")
        }
        self.sets["foot"] = table.present(f"{name}_{side}" for name in FOOT)

    def add(self) -> bool:
        """Put in knee and ankle; tell whether it was done."""
        table, side = self.table, self.side
        if (
            table.has(f"knee_{side}")
            or table.has(f"ankle_{side}")
            or not table.has("hip_left", "hip_right", f"heel_{side}")
        ):
            return False
        if any(len(markers) < 3 for markers in self.sets.values()):
            return False
        rows = self._rows()
        whole = self._rigid(self.sets["shank"], slice(None))
        thigh, foot = (self._rigid(self.sets[part], rows) for part in ("thigh", "foot"))
        if thigh is None or whole is None or foot is None:
            return False
        shank = whole[0][rows], whole[1][rows]
        ankle, knee = _shared_axis(shank, foot), _shared_axis(shank, thigh)
        if ankle is None or knee is None:
            return False
        place = self._on_foot_line(shank, ankle, rows)
        hip = _in(shank, table[f"hip_{side}"][rows])
        start, along = knee
        middle = np.nanmedian(start + ((hip + place) / 2 - start) @ along[:, None] * along, axis=0)
        outward = (1.0 if side == "right" else -1.0) * _right_of(table)
        for joint, centre, (_, direction) in (("ankle", place, ankle), ("knee", middle, knee)):
            table[f"{joint}_{side}"] = _out(whole, centre)
            turned = np.nanmedian((shank[0] @ direction) @ outward)
            table[f"{joint}_axis_{side}"] = _out(whole, centre + LATERAL * np.sign(turned) * direction)
        return True

    def _rows(self) -> np.ndarray:
        """Up to :data:`AXIS_FRAMES` frames, evenly spread over those in which all three sets are seen."""
        enough = [seen_markers(self.table.stack(names)).sum(1) >= 3 for names in self.sets.values()]
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
        toe = table.first(f"toe_{side}", f"mt2_{side}")
        heel = _in(shank, table[f"heel_{side}"][rows])
        ahead = _in(shank, (table[toe] if toe else fore)[rows]) - heel
        start, along = axis
        across = unit(along - (unit(ahead) @ along)[:, None] * unit(ahead))
        far = ((heel - start) * across).sum(1) / (across @ along)
        return start + float(np.nanmedian(far)) * along


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
