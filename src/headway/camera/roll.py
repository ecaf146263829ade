"""Camera roll: how far the phone was turned about its viewing axis, from the runner alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.camera.film_errors import MODEL
from headway.camera.points import middle, point
from headway.camera.scale import CORRELATED, FOCAL_SHARE
from headway.periodic import fit_series, robust_weights
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray

UNKNOWN = float(np.radians(1.5))
"""Standard deviation of the roll of a phone that somebody propped up level, rad."""
ASYMMETRY = float(np.radians(0.6))
"""How far a runner's own mean foot-to-head line leans (15 mm over 1.5 m), rad."""
SLOPE = float(np.radians(0.7))
"""Slope of paths and tracks that pass for level, rad."""
FOOT = float(np.radians(0.6))
"""How far the path of a flat foot's key points leaves that of the belt (5 mm over 0.5 m), rad."""
FLAT = 0.03
"""A foot whose heel and toe are both within this of their lowest is flat on the belt, m."""
STARTS = (-6.0, -3.0, 0.0, 3.0, 6.0)
"""Rolls from which flat feet are looked for, deg."""
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
    changing distance does to it; on a treadmill a flat foot goes along the belt. MediaPipe's flat feet do not (1.3 degrees off in
    rendered films, 9 in a real one). Otherwise the roll is taken to be zero, until the whole body tells it (:mod:`headway.camera.one_body`).
    """
    found = None
    if not side_view:
        found = _from_body(keypoints, scale, phase)
    elif still and travels:
        found = _from_path(keypoints, scale)
    elif still and keypoints.kind != MODEL:
        found = _from_belt(keypoints, scale)
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


def _from_belt(keypoints: KeyPoints, scale: FloatArray) -> Roll | None:
    """Direction in which flat feet go on a treadmill's belt, taken to be level.

    Which feet are flat depends on the roll, so the search starts from several and keeps the one with most flat feet.
    """
    best, most = None, 0
    for start in STARTS:
        roll, error, count = float(np.radians(start)), np.inf, 0
        for _ in range(5):
            across, down = _flat_feet(keypoints, scale, roll)
            count = len(across)
            if count < 40 or np.std(across) < 0.05:
                count = 0
                break
            slope = float(across @ down / (across @ across))
            scatter = float(np.sqrt(CORRELATED) * np.std(down - slope * across) / np.linalg.norm(across))
            error = float(np.sqrt(scatter**2 + SLOPE**2 + FOOT**2))
            roll -= float(np.arctan(slope))
        if count > most and error < UNKNOWN:
            best, most = Roll(roll, error, "path of the flat feet on the belt"), count
    return best


def _flat_feet(keypoints: KeyPoints, scale: FloatArray, roll: float) -> tuple[FloatArray, FloatArray]:
    """Positions of heels and toes of feet flat on the ground about their own means, m, across and down."""
    out = [np.zeros((0, 2))]
    for side in ("left", "right"):
        feet = [
            turned(point(keypoints, f"{name}_{side}"), roll, keypoints.size) / scale[:, None]
            for name in ("heel", "toe")
        ]
        if not all(np.isfinite(foot[:, 1]).any() for foot in feet):
            continue
        low = [foot[:, 1] > np.nanpercentile(foot[:, 1], 95) - FLAT for foot in feet]
        flat = low[0] & low[1]
        if flat.sum() >= 10:
            out += [foot[flat] - foot[flat].mean(0) for foot in feet]
    across, down = np.concatenate(out).T
    return across, down


def _per_step(time: FloatArray, lowest: FloatArray, step: float = 0.36) -> np.ndarray:
    """Frames in which the lowest foot point is lowest within half a step before and after."""
    out = []
    for k in np.flatnonzero(np.isfinite(lowest)):
        near = np.abs(time - time[k]) <= step / 2
        if lowest[k] >= np.nanmax(lowest[near]):
            out.append(k)
    return np.array(out, int)
