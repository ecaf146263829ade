"""From markers as labelled to markers that can be trusted: exchanges put right, gaps and missing members filled, clusters calibrated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from headway.body.calibration import carry_landmarks
from headway.body.clusters import CLUSTERS, HEAD, PELVIS
from headway.body.exchange import Exchange, put_right
from headway.body.labelled_paths import trunk_axis
from headway.body.marker_quality import marker_quality
from headway.body.rotations import complete, kabsch, mean_configuration
from headway.body.sided import sided, twin
from headway.recording import Flag, FloatArray, Recording, make_points
from headway.results import MarkerQuality
from headway.signals import BRIDGED_GAP, seen_mean
from headway.texts import TEXTS

HEAD_SET = ("head_front_left", "head_front_right", "head_back_left", "head_back_right")
"""The usual set on the head: one missing member is the mirror image of its partner."""
MIRROR_ERROR = 0.005
"""Standard error of the head's centre along each axis where one of its four markers is a mirror image, m (2.6 mm in one head whose
every marker was left out in turn)."""
HALF_BREADTH, SIDE_ERROR = 0.073, 0.015
"""Half the breadth of a head between the usual markers, m, and the standard error of a midline that is found by it."""
SEEN = 0.1
"""A marker seen in a smaller share of the frames counts as missing."""


@dataclass(frozen=True)
class CheckedMarkers:
    """Markers of a recording after the checks.

    Attributes
    ----------
    recording
        With markers put right, filled and carried, and flags for what was done.
    quality
        One entry per marker.
    head_error
        Standard error of the head's centre along each axis that comes from missing markers, m.
    """

    recording: Recording
    quality: tuple[MarkerQuality, ...]
    head_error: float = 0.0


def check_markers(recording: Recording, labels: dict[str, str], standing: Recording | None = None) -> CheckedMarkers:
    """Check and complete the markers of a recording.

    Parameters
    ----------
    recording
        With canonical landmarks, in any axes.
    labels
        Landmark to label in the file.
    standing
        Standing trial of the same person in the same markers, in any axes.
    """
    points = recording.points.transpose("time", "point", "axis")
    paths = dict(zip(recording.names(), np.ascontiguousarray(points.to_numpy().swapaxes(0, 1)), strict=True))
    exchanges = put_right(paths)
    time = recording.time
    flags = [_exchange_flag(exchange, time, labels) for exchange in exchanges]
    mended: dict[str, str] = {}
    for exchange in exchanges:
        for one, other in exchange.pairs:
            mended[one] = TEXTS("words.exchanged_with", other=other)
            mended[other] = TEXTS("words.exchanged_with", other=one)
    measured = dict(paths)
    _fill(paths, recording.rate, mended, flags, everywhere=standing is not None)
    points = _points(points, paths) if mended else points
    if standing is not None:
        points, carried = carry_landmarks(points, standing.points)
        flags += carried
    points, head_error, told = _whole_head(points, labels)
    if not told:
        points, head_error, told = _one_sided_head(points, labels)
    quality = marker_quality(measured, recording.rate, labels, mended)
    return CheckedMarkers(
        replace(recording, points=points, flags=(*recording.flags, *flags, *told)), quality, head_error
    )


def _points(like: xr.DataArray, paths: dict[str, FloatArray]) -> xr.DataArray:
    axes = [str(axis) for axis in like["axis"].to_numpy()]
    return make_points(like["time"].to_numpy(), list(paths), np.stack(list(paths.values()), axis=1), axes).assign_attrs(
        like.attrs
    )


def _exchange_flag(exchange: Exchange, time: FloatArray, labels: dict[str, str]) -> Flag:
    names = ", ".join(f"{labels.get(a, a)} and {labels.get(b, b)}" for a, b in exchange.pairs[:4])
    more = len(exchange.pairs) - 4
    names += f" and {more} more pairs" if more > 1 else " and one more pair" if more == 1 else ""
    span = {"start": time[exchange.start], "stop": time[exchange.stop]} if not exchange.throughout else {}
    when = TEXTS("words.from_to" if span else "words.throughout", **span)
    text = TEXTS("lab.labels_exchanged", when=when, names=names)
    return Flag("labels_exchanged", "warning", text)


def _fill(
    paths: dict[str, FloatArray], rate: float, mended: dict[str, str], flags: list[Flag], *, everywhere: bool
) -> None:
    """Fill missing members of rigid sets: head and pelvis, and every cluster that a standing trial calibrates."""
    put_in: list[str] = []
    for cluster in CLUSTERS if everywhere else (HEAD, PELVIS):
        names = [name for name in cluster.carriers if name in paths and np.isfinite(paths[name]).any()]
        if len(names) < 3:
            continue
        filled, share = complete(np.stack([paths[name] for name in names], axis=1), round(BRIDGED_GAP * rate))
        for k in np.flatnonzero(share > 0):
            paths[names[k]] = filled[:, k]
            text = TEXTS("words.put_in", share=share[k])
            mended[names[k]] = f"{mended[names[k]]}; {text}" if names[k] in mended else text
            put_in.append(TEXTS("words.share_of_frames", name=names[k], share=share[k]))
    if put_in:
        text = TEXTS("lab.markers_completed", names=", ".join(put_in))
        flags.append(Flag("marker_completed", "info", text))


def _whole_head(points: xr.DataArray, labels: dict[str, str]) -> tuple[xr.DataArray, float, tuple[Flag, ...]]:
    """Put in a member of the usual head set that is missing throughout: the mirror image of its partner."""
    names = [str(name) for name in points["point"].to_numpy()]
    values = points.to_numpy()
    there = [name for name in HEAD_SET if name in names and _share(values[:, names.index(name)]) >= SEEN]
    missing = [name for name in HEAD_SET if name not in there]
    others = [name for name in HEAD.carriers if name not in HEAD_SET and name in names]
    if len(there) != 3 or len(missing) != 1 or others:
        return points, 0.0, ()
    partner = twin(missing[0])
    pair = [name for name in there if name != partner]
    markers = np.stack([values[:, names.index(name)] for name in (*pair, partner)], axis=1)
    shape = mean_configuration(markers)
    if shape is None:
        return points, 0.0, ()
    across = (shape[1] - shape[0]) / np.linalg.norm(shape[1] - shape[0])
    mirrored = shape[2] - 2 * float((shape[2] - (shape[0] + shape[1]) / 2) @ across) * across
    rotation, shift = kabsch(shape, markers)
    path = rotation @ mirrored + shift
    paths = {name: values[:, k] for k, name in enumerate(names)}
    paths[missing[0]] = path
    text = TEXTS(
        "lab.head_marker_missing",
        label=_called(missing[0], labels),
        partner=_called(partner, labels),
        error=1960 * MIRROR_ERROR,
    )
    return _points(points, paths), MIRROR_ERROR, (Flag("head_marker_missing", "warning", text),)


def _one_sided_head(points: xr.DataArray, labels: dict[str, str]) -> tuple[xr.DataArray, float, tuple[Flag, ...]]:
    """Move the markers of one side of the head to its midline, where those of the other side are missing throughout.

    They go half a head's breadth across the trunk: the head's roll and yaw cannot be told from them, only its place.
    """
    names = [str(name) for name in points["point"].to_numpy()]
    values = points.to_numpy()
    there = [name for name in HEAD.carriers if name in names and _share(values[:, names.index(name)]) >= SEEN]
    sides = {sided(name).side for name in there}
    if len(there) != 2 or len(sides) != 1 or None in sides or not {*there} <= {*HEAD_SET}:
        return points, 0.0, ()
    paths = {name: values[:, k] for k, name in enumerate(names)}
    across = trunk_axis(paths, ("acromion", "asis", "psis", "iliac_crest"))
    if across is None:
        return points, 0.0, ()
    side = sides.pop()
    inward = seen_mean(across) * (HALF_BREADTH if side == "left" else -HALF_BREADTH)
    for name in there:
        paths[name] = paths[name] + inward
    text = TEXTS(
        "lab.head_one_sided",
        side=side,
        names=", ".join(_called(name, labels) for name in there),
        beside=1000 * HALF_BREADTH,
        error=1960 * SIDE_ERROR,
    )
    return _points(points, paths), SIDE_ERROR, (Flag("head_marker_missing", "warning", text),)


def _share(path: FloatArray) -> float:
    return float(np.isfinite(path).all(1).mean())


def _called(name: str, labels: dict[str, str]) -> str:
    return f"{name} ({labels[name]})" if labels.get(name, name) != name else name
