"""Landmarks that are marked in a standing trial only, carried into the running trial by the markers beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from headway.body.clusters import CLUSTERS, MarkerCluster
from headway.body.rotations import OFTEN, kabsch, mean_configuration, seen_markers
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray, Recording
from headway.texts import TEXTS

MOVED = 0.015
"""Marker that lies this much elsewhere among its neighbours than in standing was put on again, m."""
LOST = 0.1
"""A marker seen in a smaller share of the frames outside standing was taken off after it."""
BESIDE = 0.5
"""This long beside the stretch the runner may still stand, s."""


def carry_landmarks(points: xr.DataArray, standing: xr.DataArray) -> tuple[xr.DataArray, tuple[Flag, ...]]:
    """Add landmarks that only the standing trial has, by a rigid fit of three or more markers of the same segment.

    Call it before :func:`headway.body.joint_centres.add_joint_centres`.

    Parameters
    ----------
    points
        Landmarks of the running trial, in any axes, m.
    standing
        Landmarks of the same person in the same markers, in any axes, m.

    Returns
    -------
    points, flags
        With what could be carried, and one flag that names it.

    Notes
    -----
    Cappozzo 1995, Clin Biomech 10:171 (calibrated anatomical system technique). Skin moves: in running expect 1–2 cm.
    """
    table, still = PointTable(points, oriented=False), PointTable(standing, oriented=False)
    carried: list[str] = []
    moved: list[str] = []
    for cluster in CLUSTERS:
        found = _carried(cluster, table, still, moved)
        for name, path in found.items():
            table[name] = path
            carried.append(name)
    flags: list[Flag] = []
    if carried:
        text = TEXTS("lab.landmarks_from_standing", names=", ".join(carried))
        flags.append(Flag("landmarks_from_standing", "info", text))
    if moved:
        text = TEXTS("lab.markers_moved", names=", ".join(moved))
        flags.append(Flag("markers_moved", "warning", text))
    return table.to_points(), tuple(flags)


def carried_from(recording: Recording, stretch: Recording) -> Recording | None:
    """Landmarks that were marked in a standing stretch of a recording only, carried through the rest of it; ``None`` if there are none.

    Parameters
    ----------
    recording
        With canonical landmarks, in any axes.
    stretch
        Its part in which the runner stands.
    """
    rest = (recording.time < stretch.time[0] - BESIDE) | (recording.time > stretch.time[-1] + BESIDE)
    if not rest.any():
        return None
    seen = seen_markers(recording.points.transpose("time", "point", "axis").to_numpy())
    still = seen_markers(stretch.points.transpose("time", "point", "axis").to_numpy()).mean(0) >= OFTEN
    gone = still & (seen[rest].mean(0) < LOST)
    if not gone.any():
        return None
    kept = recording.points.isel(point=np.flatnonzero(~gone))
    points, flags = carry_landmarks(kept, stretch.points.isel(point=np.flatnonzero(still)))
    return replace(recording, points=points, flags=(*recording.flags, *flags))


def _carried(cluster: MarkerCluster, table: PointTable, still: PointTable, moved: list[str]) -> dict[str, FloatArray]:
    fit = [name for name in table.present(cluster.carriers) if name in still]
    targets = [name for name in still.present((*cluster.carriers, *cluster.passengers)) if name not in table]
    if len(fit) < 3 or not targets:
        return {}
    fit, strayed = _unmoved(fit, table, still)
    moved += strayed
    shape = mean_configuration(still.stack([*fit, *targets]))
    if shape is None:
        return {}
    rotation, shift = kabsch(shape[: len(fit)], table.stack(fit))
    if not np.isfinite(rotation).any():
        return {}
    return {name: rotation @ place + shift for name, place in zip(targets, shape[len(fit) :], strict=True)}


def _unmoved(fit: list[str], table: PointTable, still: PointTable) -> tuple[list[str], list[str]]:
    """Markers that keep their place among the others, and those that do not (only where three are left)."""
    running, standing = mean_configuration(table.stack(fit)), mean_configuration(still.stack(fit))
    if len(fit) < 4 or running is None or standing is None:
        return fit, []

    def apart(shape: FloatArray) -> FloatArray:
        return np.linalg.norm(shape[:, None] - shape[None], axis=-1)

    change = np.abs(apart(running) - apart(standing))
    np.fill_diagonal(change, np.nan)
    off = np.nanmedian(change, axis=1)
    strayed = [name for name, far in zip(fit, off, strict=True) if far > MOVED]
    if not strayed or len(fit) - len(strayed) < 3:
        return fit, []
    return [name for name in fit if name not in strayed], strayed
