"""What the camera did, and the slow parts that are taken off when it is not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from headway.periodic import fit_series, spline
from headway.pose.keypoints import KeyPoints
from headway.recording import CameraMoves, Flag, FloatArray
from headway.texts import TEXTS

STILL = 0.004
"""A background that stays within this share of the image's width is one that did not move."""
PANS = 0.05
"""One that moves farther than this, smoothly, is a pan; less is shaking."""
ONE_WAY = 0.5
"""Share of its reach that the background is away from where it began at the end: less is a hand that wanders, not a pan."""
SLIDES = 1.0
"""Slide of the ground from picture to picture (:attr:`headway.pose.keypoints.KeyPoints.slide`) from which it moves under the runner; under fixed
cameras it is below 0.45, beside a camera that goes along above 1.8."""
STEP = 0.36
"""Typical duration of a step, s."""


@dataclass(frozen=True)
class CameraMotion:
    """What the camera did.

    Attributes
    ----------
    kind
        As in :class:`headway.recording.Camera`.
    shift
        What is taken off the pixels, px, shape (frames, 2).
    """

    kind: CameraMoves
    shift: FloatArray

    def flags(self, view: str, travels: bool) -> list[Flag]:
        """What the reader has to know about it."""
        lost = TEXTS("words.lost_path" if view == "side" else "words.lost_bounce")
        if self.kind == "fixed":
            return []
        if self.kind == "unknown" and travels:
            message = TEXTS("flags.camera_unknown", lost=lost)
            return [Flag("camera_unknown", "info", message)]
        if self.kind == "unknown":
            message = TEXTS("flags.camera_unknown_in_place", lost=lost)
            return [Flag("camera_unknown", "info", message)]
        if self.kind == "tracking":
            message = TEXTS("flags.camera_moves", lost=lost)
            return [Flag("camera_moves", "warning", message)]
        message = TEXTS("flags.camera_turned" if self.kind == "panning" else "flags.camera_shook", lost=lost)
        return [Flag("camera_moves", "warning", message)]


def camera_motion(keypoints: KeyPoints) -> CameraMotion:
    """Tell what the camera did from the motion of the background."""
    background = keypoints.background
    frames = len(keypoints.time)
    if background is None or not np.isfinite(background).all(1).any():
        return CameraMotion("unknown", np.zeros((frames, 2)))
    known = np.isfinite(background).all(1)
    path = np.stack([np.interp(keypoints.time, keypoints.time[known], c[known]) for c in background.T], axis=1)
    reach = float(np.ptp(path, axis=0).max()) / keypoints.size[0]
    if _slides(keypoints):
        return CameraMotion("tracking", np.zeros((frames, 2)))
    if reach < STILL:
        return CameraMotion("fixed", np.zeros((frames, 2)))
    tenth = max(frames // 10, 1)
    away = float(np.abs(np.median(path[-tenth:], axis=0) - np.median(path[:tenth], axis=0)).max()) / keypoints.size[0]
    return CameraMotion("panning" if reach > PANS and away > ONE_WAY * reach else "shaking", path)


def _slides(keypoints: KeyPoints) -> bool:
    """Whether the ground slides through the picture beside a background that does not: a lawn under a sky, filmed from a bicycle."""
    slide = keypoints.slide
    return slide is not None and np.isfinite(slide).sum() >= 8 and float(np.nanmedian(slide)) > SLIDES


def ground_moves(moves: CameraMotion, *, travels: bool, stated: bool) -> bool | None:
    """Whether the runner is on a treadmill: stated, or a fixed background and a runner who stays; ``None`` where a moving camera hides it."""
    if stated or travels:
        return stated
    return True if moves.kind == "fixed" else None


def slow_path(time: FloatArray, values: FloatArray, phase: FloatArray | None, spacing: float = 1.5) -> FloatArray:
    """Slow part of a signal (frames,): a spline with knots this many seconds apart, fitted together with stride harmonics."""
    seen = np.isfinite(values)
    if seen.sum() < 8:
        return np.zeros(len(values))
    pieces = int(np.clip((time[-1] - time[0]) / spacing, 1, 200))
    basis, middle = spline(time, pieces), float(np.median(values[seen]))
    fit = fit_series(phase, values[:, None] - middle, 3, slow=basis, penalty=1e-3)
    return basis @ fit.slow[:, 0] + middle


def ground_line(time: FloatArray, up: FloatArray, names: tuple[str, ...], *, straight: bool) -> FloatArray:
    """Height of the ground, m, shape (frames,): a line (or, for a moving camera, a slow path) through the lowest foot points.

    Parameters
    ----------
    time
        s.
    up
        Heights, m, shape (frames, points).
    names
        Landmarks.
    straight
        Fit a straight line in time: camera and slope do not change.
    """
    feet = [k for k, n in enumerate(names) if n.rpartition("_")[0] in ("heel", "toe", "toe_small")]
    feet = feet or [k for k, n in enumerate(names) if n.startswith("ankle_")]
    if not feet:
        return np.full(len(time), float(np.nanmin(up)))
    height = np.where(np.isfinite(up[:, feet]), up[:, feet], np.inf).min(1)
    if not np.isfinite(height).any():
        return np.full(len(time), float(np.nanmin(up)))
    smooth = median_filter(np.where(np.isfinite(height), height, np.nanmax(up)), 3)
    windows = np.arange(time[0], time[-1], STEP)
    lowest = [
        k[np.argmin(smooth[k])]
        for w in windows
        if len(k := np.flatnonzero((time >= w) & (time < w + STEP) & np.isfinite(height))) > 1
    ]
    if len(lowest) < 4:
        return np.full(len(time), float(np.min(smooth)))
    at, low = time[lowest], smooth[lowest]
    if not straight:
        return slow_path(time, np.interp(time, at, low), None)
    fit = fit_series(None, low[:, None], 0, slow=np.vander(at, 2), robust=4, least=1e-4)
    return np.asarray(np.polyval(fit.slow[:, 0], time), dtype=np.float64)
