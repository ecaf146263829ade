"""Points of the runner in the image that several questions need: middles, lengths, and where in the stride the runner is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import median_filter

from headway.body.landmarks import identify
from headway.periodic import find_frequency, lock_in, periodogram
from headway.pose.keypoints import KeyPoints
from headway.recording import FloatArray

SLOWEST_STRIDE, FASTEST_STRIDE = 0.5, 2.5
"""Strides per second that are looked for; the slowest are films in slow motion that do not say so."""
FEWEST_STRIDES = 1.5
"""A stride phase needs at least this many strides."""
CLEAR = 0.5
"""Share of the power about the stride frequency that its peak must hold."""
WIDTH = 0.6
"""Standard deviation of the window in which the phase is told, strides."""


def canonical(keypoints: KeyPoints) -> KeyPoints:
    """Rename the points to landmarks and drop those that are not understood; landmarks stay as they are."""
    names = identify(keypoints.names).names
    if all(names.get(name) == name for name in keypoints.names):
        return keypoints
    kept = only(keypoints, [k for k, name in enumerate(keypoints.names) if name in names])
    return replace(kept, names=tuple(names[name] for name in kept.names))


def only(keypoints: KeyPoints, columns: Sequence[int]) -> KeyPoints:
    """Keep these points."""
    return replace(
        keypoints,
        names=tuple(keypoints.names[k] for k in columns),
        pixels=keypoints.pixels[:, columns],
        confidence=keypoints.confidence[:, columns],
    )


def point(keypoints: KeyPoints, name: str) -> FloatArray:
    """Image position of a point, px, shape (frames, 2); NaN throughout when it is not there."""
    if name in keypoints.names:
        return keypoints.position(name)
    return np.full((len(keypoints.time), 2), np.nan)


def middle(keypoints: KeyPoints, name: str) -> FloatArray:
    """Middle of the left and the right point of a name, px, shape (frames, 2).

    Where hardly any frame has both, the point that the model itself puts there, or the side that was seen, stands for it.
    """
    left, right = point(keypoints, f"{name}_left"), point(keypoints, f"{name}_right")
    both = (left + right) / 2
    others = [point(keypoints, f"mid_{name}"), left, right]
    best = max(others, key=lambda other: int(np.isfinite(other[:, 0]).sum()))
    few = np.isfinite(both[:, 0]).sum() < 0.5 * np.isfinite(best[:, 0]).sum()
    return best if few else both


def trunk_length(keypoints: KeyPoints) -> FloatArray:
    """Distance from mid-shoulder to mid-hip, px, shape (frames,)."""
    return np.linalg.norm(middle(keypoints, "shoulder") - middle(keypoints, "hip"), axis=1)


def leg_swing(keypoints: KeyPoints) -> FloatArray:
    """Left minus right ankle, px, shape (frames, 2)."""
    return point(keypoints, "ankle_left") - point(keypoints, "ankle_right")


def stride_phase(keypoints: KeyPoints) -> FloatArray | None:
    """Phase of the stride from the legs' opposite motion, rad, rising, shape (frames,); ``None`` without a clear stride.

    The difference of the ankles along its main direction is locked to the stride frequency, which gives the phase.
    Where the sides are mixed up too often for that, their distance stands in, which has the frequency of the steps. The zero is
    arbitrary; before the first and after the last sight of both ankles the phase goes on at its mean pace.
    """
    swing = leg_swing(keypoints) / _size(keypoints)[:, None]
    seen = np.flatnonzero(np.isfinite(swing).all(1))
    if len(seen) < 20:
        return None
    inside = slice(seen[0], seen[-1] + 1)
    time = keypoints.time[inside]
    size = float(np.median(np.linalg.norm(swing[seen], axis=1)))
    centred = np.clip(swing - np.median(swing[seen], axis=0), -4 * size, 4 * size)
    main = np.linalg.svd(centred[seen], full_matrices=False)[2][0]
    phase = _phase(time, (centred @ main)[inside], 1.0)
    if phase is None:
        phase = _phase(time, np.linalg.norm(swing, axis=1)[inside], 2.0)
    if phase is None:
        return None
    pace = float(np.median(np.gradient(phase, time)))
    outside = pace * (keypoints.time - np.clip(keypoints.time, time[0], time[-1]))
    return np.interp(keypoints.time, time, phase) + outside


def _size(keypoints: KeyPoints) -> FloatArray:
    """Trunk length without its quick changes, px, shape (frames,); 1 where there is none."""
    trunk = trunk_length(keypoints)
    if np.isfinite(trunk).sum() < 10:
        return np.ones(len(trunk))
    seen = np.isfinite(trunk)
    whole = np.interp(keypoints.time, keypoints.time[seen], trunk[seen])
    return median_filter(whole, 2 * round(0.4 * keypoints.rate) + 1, mode="nearest")


def _phase(time: FloatArray, values: FloatArray, per_stride: float) -> FloatArray | None:
    """Stride phase from a signal that has this many cycles in a stride; ``None`` when nothing stands out."""
    band = (SLOWEST_STRIDE * per_stride, FASTEST_STRIDE * per_stride)
    found = find_frequency(time, values[:, None], band)
    if found is None or (len(time) - 1) / (time[-1] - time[0]) < 4 * band[1]:
        return None
    best = found.value
    tone, power = periodogram(time, values[:, None])
    near, around = (power[(tone > low * best) & (tone < high * best)].sum() for low, high in ((0.8, 1.2), (0.4, 2.2)))
    if (time[-1] - time[0]) * best < FEWEST_STRIDES * per_stride or near < CLEAR * around:
        return None
    later = lock_in(time, values, best, WIDTH * per_stride / best)
    known = later != 0
    if known.sum() < 2:
        return None
    turned = np.interp(time, time[known], np.unwrap(np.angle(later[known])))
    return (2 * np.pi * best * time - turned) / per_stride


def stride_time(time: FloatArray, phase: FloatArray) -> float:
    """Typical duration of a stride, s."""
    return float(2 * np.pi / np.median(np.gradient(phase, time)))
