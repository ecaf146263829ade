"""Landmarks that are marked in a standing trial only, carried into the running trial by the markers beside them."""

from __future__ import annotations

import numpy as np
import xarray as xr

from headway.body.marker_sets import HEAD_MARKERS, PELVIS_MARKERS, TECHNICAL_PER_SEGMENT
from headway.body.rotations import kabsch, mean_configuration
from headway.body.table import PointTable
from headway.recording import Flag

_LIMBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "thigh": (("knee_lateral", "knee_medial"), ("trochanter", "patella")),
    "shank": (("ankle_lateral", "ankle_medial"), ("tibial_tuberosity", "fibula_head")),
    "foot": (("heel", "heel_lateral", "heel_medial", "mt1", "mt2", "mt5", "toe"), ()),
    "upper_arm": (("elbow_lateral", "elbow_medial"), ()),
    "forearm": (("wrist_radial", "wrist_ulnar"), ()),
}
"""Segment to its anatomical markers, those that may carry others and those that may only be carried."""


def carry_landmarks(points: xr.DataArray, standing: xr.DataArray) -> tuple[xr.DataArray, tuple[Flag, ...]]:
    """Add landmarks that only the standing trial has, by a rigid fit of three or more markers of the same segment.

    Call it before :func:`headway.body.joint_centres.add_joint_centres`.

    Parameters
    ----------
    points
        Landmarks of the running trial, oriented, m.
    standing
        Landmarks of the same person in the same markers, oriented, m.

    Returns
    -------
    points, flags
        With what could be carried, and one flag that names it.

    Notes
    -----
    Cappozzo 1995, Clin Biomech 10:171 (calibrated anatomical system technique). Skin moves: in running expect 1–2 cm.
    """
    table, still = PointTable(points), PointTable(standing)
    carried: list[str] = []
    for carriers, passengers in _clusters():
        fit = [name for name in table.present(carriers) if name in still]
        targets = [name for name in still.present((*carriers, *passengers)) if name not in table]
        shape = mean_configuration(still.stack([*fit, *targets])) if len(fit) >= 3 and targets else None
        if shape is None:
            continue
        rotation, shift = kabsch(shape[: len(fit)], table.stack(fit))
        if not np.isfinite(rotation).any():
            continue
        for name, place in zip(targets, shape[len(fit) :], strict=True):
            table[name] = rotation @ place + shift
            carried.append(name)
    flags = ()
    if carried:
        text = f"known from the standing trial and carried by the markers beside them: {', '.join(carried)}; ±1–2 cm"
        flags = (Flag("landmarks_from_standing", "info", text),)
    return table.to_points(), flags


def _clusters() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Carriers and passengers of every rigid part of the body."""
    clusters = [(HEAD_MARKERS, ("vertex",)), (PELVIS_MARKERS, ("iliac_crest_left", "iliac_crest_right"))]
    for segment, (carriers, passengers) in _LIMBS.items():
        for side in ("left", "right"):
            technical = tuple(f"{segment}_{side}_{k}" for k in range(1, TECHNICAL_PER_SEGMENT + 1))
            sided = tuple(f"{name}_{side}" for name in carriers)
            clusters.append(((*technical, *sided), tuple(f"{name}_{side}" for name in passengers)))
    return clusters
