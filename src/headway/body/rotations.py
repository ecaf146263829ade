"""Rigid bodies from markers: fits, mean shapes, missing markers, and how a body turns.

Everything is vectorised over frames. A rotation is a matrix whose columns are the body's axes in the axes of the
points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.interpolate import interp1d
from scipy.spatial.transform import Rotation, Slerp

from headway.recording import FloatArray
from headway.signals import derivative, runs, second_derivative

FLATTEST = 1e-4
"""Second over first singular value below which markers count as lying on one line (about 1 % as wide as long)."""
OFTEN = 0.5
"""A marker seen in a smaller share of the frames does not belong to a rigid set."""
PROCRUSTES_ROUNDS = 3
SHAPE_FRAMES = 400
"""Frames, evenly spread, that make a mean shape: more do not make it better."""


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Vector product along the last axis, broadcasting, shape (..., 3) (a third of the time of ``np.cross``)."""
    a, b = np.broadcast_arrays(a, b)
    out = np.empty(a.shape)
    out[..., 0] = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    out[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    out[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors of length one, shape (..., 3); NaN where the length is zero."""
    length = np.sqrt(np.einsum("...k,...k->...", vectors, vectors))[..., None]
    return vectors / np.where(length > 0, length, np.nan)


def perpendicular(vectors: FloatArray, axis: FloatArray) -> FloatArray:
    """Part of ``vectors`` at right angles to the unit vectors ``axis``, both (..., 3)."""
    return vectors - (vectors * axis).sum(-1, keepdims=True) * axis


def frame_from(up: FloatArray, right: FloatArray, least_sine: float = 0.1) -> FloatArray:
    """Rotation whose second column is exactly along ``up`` and whose third is as near to ``right`` as it can be.

    Parameters
    ----------
    up, right
        Any length, shape (..., 3).
    least_sine
        Where the sine of the angle between them is smaller the frame is not defined and is NaN.

    Returns
    -------
    FloatArray
        Columns forward, up, right; shape (..., 3, 3).
    """
    up = unit(up)
    across = perpendicular(unit(right), up)
    sine = np.sqrt((across * across).sum(-1, keepdims=True))
    across = across / np.where(sine > least_sine, sine, np.nan)
    return np.stack([cross(up, across), np.where(np.isfinite(across), up, np.nan), across], axis=-1)


def seen_markers(markers: FloatArray) -> np.ndarray:
    """Tell which markers are seen: shape (...) from (..., 3)."""
    finite = np.isfinite(markers)
    return finite[..., 0] & finite[..., 1] & finite[..., 2]


def within(frame: FloatArray, vectors: FloatArray) -> FloatArray:
    """Vectors (frames, 3) along the axes of a body, which are the columns of ``frame`` (frames, 3, 3)."""
    return np.einsum("nji,nj->ni", frame, vectors)


def mean_within(frame: FloatArray, vectors: FloatArray) -> FloatArray:
    """Mean over the frames of vectors along the axes of a body, shape (3,); NaN where none is known."""
    inside = within(frame, vectors)
    known = inside[np.isfinite(inside).all(1)]
    return known.mean(0) if len(known) else np.full(3, np.nan)


def kabsch(reference: FloatArray, markers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rigid motion that carries a reference shape onto the markers of every frame, in the least-squares sense.

    Parameters
    ----------
    reference
        m, shape (markers, 3), or one shape per frame, (frames, markers, 3).
    markers
        m, shape (frames, markers, 3); a marker with a NaN is left out of that frame.

    Returns
    -------
    rotation, shift
        ``markers ≈ reference @ rotation.T + shift``; shapes (frames, 3, 3), m (frames, 3). NaN in frames with fewer
        than three markers or with markers on one line.

    Notes
    -----
    Kabsch 1978, Acta Cryst. A34:827 (with the sign of the determinant, so never a reflection).
    """
    seen = seen_markers(markers)
    count = seen.sum(1)
    usable = count >= 3
    rotation = np.full((len(markers), 3, 3), np.nan)
    shift = np.full((len(markers), 3), np.nan)
    if not usable.any():
        return rotation, shift
    there = np.where(seen[usable][..., None], markers[usable], 0.0)
    weight = seen[usable] / count[usable][:, None]
    if reference.ndim == 3:
        reference = reference[usable]
        centre_reference = (weight[:, None] @ reference)[:, 0]
    else:
        centre_reference = weight @ reference
    centre = (weight[:, None] @ there)[:, 0]
    covariance = np.swapaxes(weight[..., None] * reference, 1, 2) @ there
    covariance -= centre_reference[:, :, None] * centre[:, None, :]
    left, singular, right = np.linalg.svd(covariance)
    product = left @ right
    mirrored = (cross(product[:, 0], product[:, 1]) * product[:, 2]).sum(1) < 0
    left[mirrored, :, 2] *= -1
    product[mirrored] = left[mirrored] @ right[mirrored]
    turned = np.swapaxes(product, 1, 2)
    turned[singular[:, 1] < FLATTEST * singular[:, 0]] = np.nan
    rotation[usable] = turned
    shift[usable] = centre - np.einsum("nij,nj->ni", turned, centre_reference)
    return rotation, shift


def mean_configuration(markers: FloatArray) -> FloatArray | None:
    """Mean shape of a set of markers, in its mean place and attitude.

    Parameters
    ----------
    markers
        m, shape (frames, markers, 3). Frames with a missing marker are left out.

    Returns
    -------
    FloatArray or None
        m, shape (markers, 3); ``None`` when no frame is complete. Sizes are kept: the shape is a Procrustes mean, not
        the mean of positions, which shrinks as the body turns.

    Notes
    -----
    Gower 1975, Psychometrika 40:33.
    """
    whole = markers[np.isfinite(markers).all((1, 2))]
    if not len(whole):
        return None
    place = whole.mean((0, 1))
    centred = whole - whole.mean(1, keepdims=True)
    average = centred.mean(0)
    if markers.shape[1] < 3:
        return average + place
    shape, some = centred[0], centred[:: -(-len(centred) // SHAPE_FRAMES)]
    for _ in range(PROCRUSTES_ROUNDS):
        turn, _ = kabsch(shape, some)
        shape = np.nanmean(some @ turn, axis=0) if np.isfinite(turn).any() else average
    attitude, _ = kabsch(shape, average[None])
    return (shape @ attitude[0].T if np.isfinite(attitude).all() else average) + place


def complete(markers: FloatArray, longest: int = 0) -> tuple[FloatArray, FloatArray]:
    """Put missing markers of a rigid set where a rigid fit of the others says they are.

    Parameters
    ----------
    markers
        m, shape (frames, markers, 3).
    longest
        Frames over which the set's rotation is interpolated where fewer than three of its markers are seen.

    Returns
    -------
    filled, share
        The markers, m, and the share of frames in which each was put in, shape (markers,). A frame without any marker
        stays as it is, as does a marker seen in less than half of the frames.

    Notes
    -----
    What skin and soft parts add to the rigid motion is interpolated, in the axes of the body, between the frames
    before and after: a filled gap begins and ends where the marker was seen.
    """
    seen = seen_markers(markers)
    members = np.flatnonzero(seen.mean(0) >= OFTEN)
    nothing = np.zeros(markers.shape[1])
    own, there = markers[:, members], seen[:, members]
    whole = there.all(1)
    rows = np.flatnonzero(~whole & there.any(1))
    shape = mean_configuration(own) if len(members) >= 3 and len(rows) else None
    if shape is None:
        return markers, nothing
    rotation, shift = kabsch(shape, own)
    known = np.flatnonzero(whole & np.isfinite(shift).all(1))
    if not len(known):
        return markers, nothing
    extra = np.einsum("nji,nmj->nmi", rotation[known], own[known] - shift[known, None]) - shape
    ends: Any = (extra[0], extra[-1])  # held beyond the known frames; the type stubs know numbers only
    at_rows = (
        interp1d(known, extra, axis=0, bounds_error=False, fill_value=ends, assume_sorted=True)
        if len(known) > 1
        else None
    )
    bent = shape + (extra if at_rows is None else at_rows(rows))
    rotation[rows] = kabsch(bent, own[rows])[0]
    turned = np.einsum("nij,nmj->nmi", _bridged_rotation(rotation, longest)[rows], bent)
    place = np.where(there[rows][..., None], own[rows] - turned, 0.0).sum(1) / there[rows].sum(1)[:, None]
    put_in = turned + place[:, None]
    filled = markers.copy()
    row, column = np.nonzero(~there[rows])
    filled[rows[row], members[column]] = put_in[row, column]
    return filled, (seen_markers(filled) & ~seen).mean(0)


def _bridged_rotation(rotation: FloatArray, longest: int) -> FloatArray:
    """Rotations with inner gaps of up to ``longest`` frames interpolated along the shortest turn."""
    seen = np.asarray(np.isfinite(rotation).all((1, 2)))
    gaps = [(a, b) for a, b in runs(~seen) if a > 0 and b < len(seen) and b - a <= longest]
    if not gaps:
        return rotation
    inner = np.concatenate([np.arange(a, b) for a, b in gaps])
    known = np.flatnonzero(seen)
    out = rotation.copy()
    out[inner] = Slerp(known, Rotation.from_matrix(rotation[known]))(inner).as_matrix()
    return out


def angular_velocity(rotation: FloatArray, rate: float) -> FloatArray:
    """Angular velocity in the axes of the points, rad/s, shape (frames, 3): ω from the skew part of Ṙ Rᵀ.

    Parameters
    ----------
    rotation
        Shape (frames, 3, 3).
    rate
        Frames per second.
    """
    return _skew(derivative(rotation, rate) @ np.swapaxes(rotation, 1, 2))


def angular_acceleration(rotation: FloatArray, rate: float) -> FloatArray:
    """Angular acceleration in the axes of the points, rad/s², shape (frames, 3).

    R̈ Rᵀ = α× + (ω×)², and the square is symmetric: the skew part is α, with no second pass over ω.

    Parameters
    ----------
    rotation
        Shape (frames, 3, 3).
    rate
        Frames per second.
    """
    return _skew(second_derivative(rotation, rate) @ np.swapaxes(rotation, 1, 2))


def _skew(product: FloatArray) -> FloatArray:
    skew = [
        product[:, 2, 1] - product[:, 1, 2],
        product[:, 0, 2] - product[:, 2, 0],
        product[:, 1, 0] - product[:, 0, 1],
    ]
    return np.stack(skew, axis=-1) / 2
