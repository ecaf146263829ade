"""Camera roll: how far the phone was turned about its viewing axis, from the runner alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.camera.points import middle, point
from headway.camera.scale import FOCAL_SHARE
from headway.periodic import fit_series, robust_weights
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray

UNKNOWN = float(np.radians(1.5))
"""Standard deviation of the roll of a phone that somebody propped up level, rad."""
ASYMMETRY = float(np.radians(0.6))
"""How far a runner's own mean foot-to-head line leans (15 mm over 1.5 m), rad."""
SLOPE = float(np.radians(0.7))
"""Slope of paths and tracks that pass for level, rad."""
LARGEST = float(np.radians(15.0))
"""A larger roll is not believed."""
PITCH = float(np.radians(5.0))
"""Typical tilt of a phone, rad: verticals then lean more towards the edges of the image, so that a runner's vertical changes with the place."""


@dataclass(frozen=True)
class Roll:
    """Angle of the image's vertical at the runner and its standard error, rad (+ = the camera's right side lower), and how it was found."""

    value: float
    error: float
    how: str


def turned(pixels: FloatArray, roll: float, size: tuple[int, int]) -> FloatArray:
    """Positions relative to the middle of the image, px (right, down), with the roll undone, shape as ``pixels`` (..., 2)."""
    u, v = np.moveaxis(pixels - np.array(size) / 2, -1, 0)
    c, s = np.cos(roll), np.sin(roll)
    return np.stack([c * u - s * v, s * u + c * v], axis=-1)


def find_roll(
    keypoints: KeyPoints, scale: FloatArray, phase: FloatArray | None, *, side_view: bool, still: bool, travels: bool
) -> Roll:
    """Find the roll.

    Parameters
    ----------
    keypoints
        With landmark names.
    scale
        px/m, shape (frames,).
    phase
        Of the stride, rad, shape (frames,).
    side_view, still, travels
        Whether the runner is seen from the side, the camera stood still, and the runner travels over the ground.

    Notes
    -----
    From behind and in front, the line from the mean of both feet to the head, averaged over whole strides, is vertical for a
    symmetric runner. From the side, the lowest foot points lie on a line over level ground if the camera stood still, less what a
    changing distance does to it. Otherwise the roll is taken to be zero, until the whole body tells it (:mod:`headway.camera.one_body`).
    """
    found = None
    if not side_view:
        found = _from_body(keypoints, scale, phase)
    elif still and travels:
        found = _from_path(keypoints, scale)
    if found is None or abs(found.value) > LARGEST:
        return Roll(0.0, UNKNOWN, "assumed level")
    return found


def _from_body(keypoints: KeyPoints, scale: FloatArray, phase: FloatArray | None) -> Roll | None:
    head = middle(keypoints, "ear")
    if np.isfinite(head[:, 0]).sum() < 10:
        head = middle(keypoints, "shoulder")
    feet = (point(keypoints, "ankle_left") + point(keypoints, "ankle_right")) / 2
    line = (head - feet) / scale[:, None]
    seen = np.isfinite(line).all(1)
    if seen.sum() < 10:
        return None
    # The constant of a fit with stride harmonics is the mean over whole strides even where frames are missing.
    fit = fit_series(phase, line, 3)
    u, v = fit.slow[0]
    scatter = float(np.nanstd(fit.rest[:, 0]))
    random = scatter / np.sqrt(seen.sum() / 4) / float(np.hypot(u, v))
    wandering = float(np.nanstd(feet[:, 0])) / (FOCAL_SHARE * max(keypoints.size))
    unsteady = 0.0 if phase is not None else UNKNOWN
    error = float(np.sqrt(random**2 + ASYMMETRY**2 + (wandering * PITCH) ** 2 + unsteady**2))
    return Roll(float(np.arctan2(-u, -v)), error, "mean line from the feet to the head")


def _from_path(keypoints: KeyPoints, scale: FloatArray) -> Roll | None:
    """Slope of the line of the lowest foot points, one per step, against the image."""
    lowest = np.full(len(keypoints.time), np.nan)
    across = np.full(len(keypoints.time), np.nan)
    for name in ("heel_left", "heel_right", "toe_left", "toe_right"):
        foot = point(keypoints, name)
        lower = np.isfinite(foot[:, 1]) & ~(foot[:, 1] <= lowest)
        lowest[lower], across[lower] = foot[lower, 1], foot[lower, 0]
    contact = _per_step(keypoints.time, lowest)
    if len(contact) < 4:
        return None
    x, y, size = across[contact], lowest[contact], scale[contact]
    length = float(np.median(size))
    columns = [np.ones(len(x)), x]
    if np.ptp(size) / length > 0.05:
        columns.append(size)
    design = np.stack(columns, axis=1)
    fit = fit_series(None, y[:, None], 0, slow=design, robust=3, least=0.005 * length)
    found, residual = fit.slow[:, 0], fit.rest[:, 0]
    weight = robust_weights(fit.rest, least=0.005 * length)
    freedom = max(len(x) - design.shape[1], 1)
    noise = max(float(np.sqrt(np.sum(weight * residual**2) / freedom)), 0.005 * length)
    variance = noise**2 * np.linalg.pinv(design.T @ design)
    error = float(np.hypot(np.sqrt(variance[1, 1]), SLOPE))
    if error > UNKNOWN:
        return None
    # y falls to the right (image y is down) when the camera's right side is lower: down = -tan(roll) across.
    return Roll(float(-np.arctan(found[1])), error, "line of the foot contacts")


def _per_step(time: FloatArray, lowest: FloatArray, step: float = 0.36) -> np.ndarray:
    """Frames in which the lowest foot point is lowest within half a step before and after."""
    out = []
    for k in np.flatnonzero(np.isfinite(lowest)):
        near = np.abs(time - time[k]) <= step / 2
        if lowest[k] >= np.nanmax(lowest[near]):
            out.append(k)
    return np.array(out, int)
