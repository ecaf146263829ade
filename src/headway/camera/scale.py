"""Pixels per metre in every frame, from the runner's height: who comes or goes grows or shrinks, and this undoes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import fminbound

from headway.camera import body_shape
from headway.camera.body_shape import Share
from headway.camera.points import middle, point
from headway.periodic import fit_series, robust_weights, spline, waveform, waves
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray

KNOT_SPACING = 2.0
"""Distance of the knots of the slow part, s: longer than a stride, so that it cannot follow one."""
WANDER_STILL, WANDER_MOVING = 0.03, 1.0
"""How far (relative) the scale is expected to leave a steady approach: fixed camera, and any other."""
CORRELATED = 4.0
"""Errors of a pose model last for several frames: this many count as one."""
MOST_FRAMES = 1500
"""Frames that are used for the fit."""
ORDER = 4
"""Stride harmonics in every length."""
LOG_NOISE = 1e-6
"""Least spread of a length about its fit, relative."""
LEAN = 0.1
"""From behind and in front, head and lower ankle are about this much nearer or farther than the hips, m."""
SMALLEST_ERROR = 0.02
"""People's proportions and pose models' ideas of a joint are shared by all lengths of one film."""
FOCAL_SHARE = 0.75
"""Focal length of phone main cameras over the long side of the image (26-28 mm equivalent, less what video crops)."""
LONGEST_RANGE = 0.97
"""Largest change of distance over the film: nearest to farthest (1 - x)/(1 + x)."""


@dataclass(frozen=True)
class ImageScale:
    """ImageScale of a film.

    Attributes
    ----------
    pixels_per_metre
        At the runner, shape (frames,).
    error
        Relative standard error.
    change
        Distance to the runner at the end over that at the start; 1 when the runner keeps it.
    change_error
        Standard error of its logarithm.
    parts
        ImageScale over the final one by every length that was used: how well they agree.
    """

    pixels_per_metre: FloatArray
    error: float
    change: float
    change_error: float
    parts: dict[str, float]


@dataclass(frozen=True)
class BodyLengths:
    """Lengths of the body in the image and how they change together, whatever the runner's height.

    Attributes
    ----------
    lengths
        px, by name, of the frames from the first to the last in which one was seen.
    phase
        Of the stride in these frames, rad; ``None`` without a clear stride.
    slow, slow_error
        Logarithm of the scale up to a constant in these frames, and its error.
    change
        As in :class:`ImageScale`.
    unseen
        Frames before and after them.
    focal
        Of a usual camera, px, where the runner comes or goes; ``None`` seen from the side.
    """

    lengths: dict[str, FloatArray]
    phase: FloatArray | None
    slow: FloatArray
    slow_error: float
    change: float
    unseen: tuple[int, int]
    focal: float | None

    def scale(self, height: float, speed: float | None = None) -> ImageScale:
        """Pixels per metre for a stature (m) and a speed as far as it is known (m/s): faster runners run on more bent legs."""
        level, level_error, parts = _level(self.lengths, self.slow, self.phase, height, speed)
        error = float(np.hypot(level_error, self.slow_error))
        scale = np.pad(np.exp(level + self.slow), self.unseen, mode="edge")
        if self.focal is not None:
            error = float(np.hypot(error, LEAN / self.focal * float(np.median(scale))))
        return ImageScale(scale, error, self.change, 2 * self.slow_error, parts)


def body_lengths(keypoints: KeyPoints, phase: FloatArray | None, *, side_view: bool, still: bool) -> BodyLengths | None:
    """Find how lengths of the body change over a film; ``None`` when no length of it was seen.

    Parameters
    ----------
    keypoints
        With landmark names.
    phase
        Of the stride, rad, shape (frames,).
    side_view
        Whether limbs and trunk move in the image plane, so that their full lengths are seen.
    still
        Whether the camera stood still, so that a steady runner's distance changes evenly.

    Notes
    -----
    Every length's logarithm is a constant, stride harmonics of its own, and one slow part that all share: minus the logarithm of a
    distance that changes linearly in time, and a spline for what departs from it. The spline is held small, more so for a camera
    that stood still.
    """
    lengths = _side_lengths(keypoints) if side_view else {}
    lengths |= _heights(keypoints)
    lengths = {name: values for name, values in lengths.items() if np.isfinite(values).sum() >= 10}
    if not lengths:
        return None
    wander = WANDER_STILL if still else WANDER_MOVING
    seen = np.flatnonzero(np.isfinite(np.stack(list(lengths.values()))).any(0))
    inside = slice(seen[0], seen[-1] + 1)
    lengths = {name: values[inside] for name, values in lengths.items()}
    phase = None if phase is None else phase[inside]
    slow, error, change = _slow_part(keypoints.time[inside], lengths, phase, wander)
    unseen = (int(seen[0]), len(keypoints.time) - int(seen[-1]) - 1)
    focal = None if side_view else FOCAL_SHARE * max(keypoints.size)
    return BodyLengths(lengths, phase, slow, error, change, unseen, focal)


def _side_lengths(keypoints: KeyPoints) -> dict[str, FloatArray]:
    """Lengths in the image plane, px."""
    out = {"trunk": np.linalg.norm(middle(keypoints, "shoulder") - middle(keypoints, "hip"), axis=1)}
    for side in ("left", "right"):
        hip, knee, ankle = (point(keypoints, f"{name}_{side}") for name in ("hip", "knee", "ankle"))
        out[f"thigh_{side}"] = np.linalg.norm(hip - knee, axis=1)
        out[f"shank_{side}"] = np.linalg.norm(knee - ankle, axis=1)
    return out


def _heights(keypoints: KeyPoints) -> dict[str, FloatArray]:
    """Heights above the lower ankle, px; the supporting leg is the lower one."""
    ankles = np.stack([point(keypoints, "ankle_left")[:, 1], point(keypoints, "ankle_right")[:, 1]])
    lower = np.where(np.isfinite(ankles).all(0), ankles.max(0), np.nan)
    out = {
        "ear_ankle": lower - middle(keypoints, "ear")[:, 1],
        "shoulder_ankle": lower - middle(keypoints, "shoulder")[:, 1],
    }
    return {name: np.where(values > 0, values, np.nan) for name, values in out.items()}


def _slow_part(
    time: FloatArray, lengths: dict[str, FloatArray], phase: FloatArray | None, wander: float
) -> tuple[FloatArray, float, float]:
    """Logarithm of the scale up to a constant, shape (frames,), its error, and the change of distance from start to end."""
    chosen = np.arange(0, len(time), max(1, -(-len(time) // MOST_FRAMES)))
    tau = 2 * (time - time[0]) / (time[-1] - time[0]) - 1
    basis = _basis(time, fewest=2 if wander == WANDER_STILL else 1)
    wave = np.ones((len(time), 1)) if phase is None else np.column_stack([np.ones(len(time)), waves(phase, ORDER)])
    data, phases = [], []
    for values in lengths.values():
        rows = chosen[np.isfinite(values[chosen]) & (values[chosen] > 0)]
        if len(rows) > 2 * wave.shape[1]:
            data.append((np.log(values[rows]), tau[rows], basis[rows], wave[rows]))
            phases.append(None if phase is None else phase[rows])
    if not data:
        return np.zeros(len(time)), 0.05, 1.0
    weights = [np.ones(len(y)) for y, *_ in data]
    bend, coefficients, residuals = 0.0, np.zeros(basis.shape[1]), []
    for _ in range(3):
        whitened = [_remove(w, h, y, x, b) for w, (y, x, b, h) in zip(weights, data, strict=True)]
        bend = _distance_change(whitened)
        coefficients = _departure(whitened, bend, wander)
        residuals = [
            fit_series(p, (y + np.log1p(bend * x) - b @ coefficients)[:, None], ORDER, weights=w).rest
            for w, p, (y, x, b, _) in zip(weights, phases, data, strict=True)
        ]
        weights = [robust_weights(r, least=LOG_NOISE) for r in residuals]
    slow = -np.log1p(bend * tau) + basis @ coefficients
    spread = float(np.median([np.median(np.abs(r)) * 1.48 for r in residuals]))
    independent = sum(len(r) for r in residuals) / CORRELATED / max(len(residuals), 1)
    error = spread * float(np.sqrt((2 + basis.shape[1]) / max(independent, 1.0)))
    return slow, min(error, 0.1), float((1 + bend) / (1 - bend))


Whitened = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _remove(weight: FloatArray, wave: FloatArray, y: FloatArray, tau: FloatArray, basis: FloatArray) -> Whitened:
    """Square-root weights, orthonormal stride harmonics, data, time and basis, for one length; ready for projections."""
    root = np.sqrt(weight)
    q, _ = np.linalg.qr(root[:, None] * wave)
    values = root * y
    columns = root[:, None] * basis
    return np.column_stack([root, tau]), q, values - q @ (q.T @ values), columns - q @ (q.T @ columns)


def _distance_change(data: list[Whitened]) -> float:
    """Slope of the distance over half the film, relative to its middle."""

    def misfit(bend: float) -> float:
        total = 0.0
        for head, q, y, _ in data:
            step = head[:, 0] * np.log1p(bend * head[:, 1])
            total += float(np.sum((y + step - q @ (q.T @ step)) ** 2))
        return total

    grid = np.linspace(-0.95, 0.95, 39)
    best = float(grid[np.argmin([misfit(b) for b in grid])])
    bounds = (max(best - 0.06, -LONGEST_RANGE), min(best + 0.06, LONGEST_RANGE))
    return float(np.asarray(fminbound(misfit, *bounds, xtol=1e-4)))


def _departure(data: list[Whitened], bend: float, wander: float) -> FloatArray:
    """Coefficients of the spline, held small."""
    size = data[0][3].shape[1]
    if size == 0:
        return np.zeros(0)
    matrix, right, total, count = np.zeros((size, size)), np.zeros(size), 0.0, 0
    for head, q, y, columns in data:
        step = head[:, 0] * np.log1p(bend * head[:, 1])
        target = y + step - q @ (q.T @ step)
        matrix += columns.T @ columns
        right += columns.T @ target
        total += float(target @ target)
        count += len(target)
    penalty = CORRELATED * len(data) * total / max(count, 1) / wander**2
    return np.asarray(np.linalg.solve(matrix + penalty * np.eye(size), right), float)


def _basis(time: FloatArray, fewest: int) -> FloatArray:
    """Cubic B-splines without their constant and linear parts, shape (frames, splines); none for a film shorter than ``fewest`` pieces.

    A camera that turns with a runner who passes sees a distance that bends within the shortest film.
    """
    pieces = int((time[-1] - time[0]) / KNOT_SPACING)
    if pieces < fewest:
        return np.zeros((len(time), 0))
    pieces = min(pieces, 60)
    matrix = spline(time, pieces).toarray()
    line = np.column_stack([np.ones(len(time)), time - time.mean()])
    return matrix - line @ np.linalg.lstsq(line, matrix, rcond=None)[0]


def _level(
    lengths: dict[str, FloatArray], slow: FloatArray, phase: FloatArray | None, height: float, speed: float | None
) -> tuple[float, float, dict[str, float]]:
    """Logarithm of pixels per metre where ``slow`` is 0, its error, and how every length agrees with it."""
    found: dict[str, tuple[float, Share]] = {}
    flat = {name: values / np.exp(slow) for name, values in lengths.items()}
    means = {name: float(np.nanmedian(values)) for name, values in flat.items() if "_ankle" not in name}
    thigh, shank = (np.mean([means[k] for k in means if k.startswith(name)] or [np.nan]) for name in ("thigh", "shank"))
    chain = float(means.get("trunk", np.nan) + thigh + shank)
    for name, length, share in (
        ("chain", chain, body_shape.CHAIN),
        ("trunk", means.get("trunk", np.nan), body_shape.TRUNK),
        ("leg", float(thigh + shank), body_shape.LEG),
        ("ear_ankle", _longest(flat.get("ear_ankle"), phase), body_shape.ear_above_ankle(speed)),
        ("shoulder_ankle", _longest(flat.get("shoulder_ankle"), phase), body_shape.shoulder_above_ankle(speed)),
    ):
        if np.isfinite(length) and length > 0:
            found[name] = (float(np.log(length / (share.value * height))), share)
    if "chain" in found:
        del found["trunk"], found["leg"]
    if "ear_ankle" in found:
        found.pop("shoulder_ankle", None)
    weights = {name: share.spread**-2 for name, (_, share) in found.items()}
    total = sum(weights.values())
    level = sum(weights[name] * value for name, (value, _) in found.items()) / total
    error = min(share.spread for _, share in found.values()) if len(found) == 1 else total**-0.5
    disagreement = max(abs(value - level) for value, _ in found.values())
    parts = {name: float(np.exp(value - level)) for name, (value, _) in found.items()}
    return level, float(max(error, SMALLEST_ERROR, disagreement / 2)), parts


def _longest(values: FloatArray | None, phase: FloatArray | None) -> float:
    """Where in the stride a length is largest, from its stride harmonics so that noise does not make it longer."""
    if values is None:
        return float("nan")
    seen = np.isfinite(values)
    if seen.sum() < 20 or phase is None:
        return float(np.nanpercentile(values, 85)) if seen.any() else float("nan")
    fit = fit_series(phase, values[:, None], ORDER, robust=2, least=LOG_NOISE)
    cycle = fit.slow[0, 0] + waveform(fit.phasors[:, 0], np.linspace(0, 2 * np.pi, 100))
    return float((np.sort(cycle)[-8:]).mean())
