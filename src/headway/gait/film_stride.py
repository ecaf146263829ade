"""The mean stride of a filmed runner: stride phase from the rhythm of the feet, and each foot's path averaged over all strides.

A film has few frames per stride but many strides, and the frames fall on other instants of each: put into order of the stride's phase they
show the stride finer, and with far less noise, than any single stride can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.periodic import HalfWaves, find_frequency, fit_series, lock_in, time_derivative, waveform
from headway.recording import ComplexArray, FloatArray, Recording, Side
from headway.signals import runs

SIDES: tuple[Side, Side] = ("left", "right")
SIGNALS = ("heel forward", "heel up", "toe forward", "toe up", "hips up")
"""Columns of a foot's signals, m: foot relative to the middle of the hips; ``forward`` only in a side view."""
FORE = 0.75
"""Ball of the foot on the line from heel to toe tip (0.72-0.84 of the way in marked feet)."""
SLOWEST, FASTEST = 0.6, 2.4
"""Strides per second that are looked for."""
SWING_LEAST = {"side": 0.08, "rear": 0.03}
"""Half of the range of a foot's path at stride frequency below which nobody walks or runs, m."""
WIDTH = 0.6
"""Standard deviation of the window that the phase is told from, strides."""
FEWEST_STRIDES = 1.5
DRIFT_STRIDES = 3.0
"""The drift of a path (scale, hips, camera) may bend once in this many strides."""
RIDGE = 1e-3


@dataclass(frozen=True)
class Stretch:
    """A part of the film in which the feet keep a rhythm.

    Attributes
    ----------
    time
        s, shape (n,).
    phase
        rad, rising by 2 pi per stride, shape (n,).
    frequency
        Strides per second.
    signals
        Per side, m, shape (n, 5), columns as ``SIGNALS``; NaN where not seen.
    """

    time: FloatArray
    phase: FloatArray
    frequency: float
    signals: dict[Side, FloatArray]

    @property
    def strides(self) -> float:
        """Length in strides."""
        return float(self.phase[-1] - self.phase[0]) / (2 * np.pi)

    def when(self, phase: FloatArray) -> FloatArray:
        """Times (s) at which the phase is reached; beyond the ends at the mean frequency."""
        rate = 2 * np.pi * self.frequency
        inside = np.interp(phase, self.phase, self.time)
        before = np.minimum(phase - self.phase[0], 0.0) / rate
        return inside + before + np.maximum(phase - self.phase[-1], 0.0) / rate


def view_of(recording: Recording) -> str:
    """``side`` when the forward axis was seen, else ``rear`` (which a view from the front is too)."""
    forward = recording.points.sel(axis="forward").to_numpy()
    return "side" if np.isfinite(forward).any() else "rear"


def foot_signals(recording: Recording) -> dict[Side, FloatArray]:
    """Signals (as ``SIGNALS``) of the feet whose heel and toe are there; where one hip was not seen the other stands for their middle."""
    left, right = (recording.position(f"hip_{side}") for side in SIDES)
    both = np.isfinite(left[:, 1] + right[:, 1])
    half = np.median((right - left)[both], axis=0) / 2 if both.any() else np.zeros(3)
    middle = np.where(np.isnan(right), left + half, np.where(np.isnan(left), right - half, (left + right) / 2))
    out: dict[Side, FloatArray] = {}
    for side in SIDES:
        if recording.has(f"heel_{side}", f"toe_{side}"):
            heel, toe = (recording.position(f"{point}_{side}") - middle for point in ("heel", "toe"))
            if np.isfinite(heel[:, 1] + toe[:, 1]).any():
                out[side] = np.column_stack([heel[:, :2], toe[:, :2], middle[:, 1]])
    return out


def find_stretches(time: FloatArray, signals: dict[Side, FloatArray], view: str) -> list[Stretch]:
    """Parts of the film in which the feet alternate, each with the phase of the stride.

    Notes
    -----
    The ball of the foot (its forward path in a side view, its height in others; left minus right) is demodulated at the stride frequency by
    complex Gaussian windows; a missing foot is left out, a part without feet ends the stretch. From behind and in front the height of a foot
    also holds its forward path, the more the nearer the runner is: there the feet only tell the strides apart, and the phase inside them comes
    from the bounce of the hips.
    """
    paths: dict[Side, FloatArray] = {
        side: ball(values)[:, 0 if view == "side" else 1] for side, values in signals.items()
    }
    # A foot that was not seen moves nothing: its place is taken by the middle of its path.
    apart = sum(
        (1.0 if side == "left" else -1.0) * np.nan_to_num(path - np.median(path[np.isfinite(path)]))
        for side, path in paths.items()
        if np.isfinite(path).any()
    )
    known = find_frequency(time, np.reshape(apart, (-1, 1)), (SLOWEST, FASTEST)) if np.any(apart) else None
    if known is None or float(np.ptp(time)) * SLOWEST < 0.3:
        return []
    frequency = known.value
    swing = good = np.zeros(0)
    for _ in range(2):
        swing = _swing(time, paths, frequency)
        good = np.abs(swing) > max(SWING_LEAST[view], 0.35 * float(np.median(np.abs(swing)[np.abs(swing) > 0])))
        if not good.any():
            return []
        turned = -np.unwrap(np.angle(swing[good])) / (2 * np.pi)
        if np.ptp(time[good]) * frequency > FEWEST_STRIDES:
            frequency = float(
                np.clip(frequency + np.polyfit(time[good], turned, 1)[0], 0.8 * frequency, 1.25 * frequency)
            )
    out, hips = [], next(iter(signals.values()))[:, 4]
    for start, stop in runs(good):
        part = slice(start, stop)
        if (time[stop - 1] - time[start]) * frequency < FEWEST_STRIDES:
            continue
        phase = 2 * np.pi * frequency * time[part] - np.unwrap(np.angle(swing[part]))
        if view != "side":
            bounce = lock_in(time[part], hips[part], 2 * frequency, WIDTH / frequency)
            later = bounce * np.exp(2j * (phase - 2 * np.pi * frequency * time[part]))
            phase = phase - np.unwrap(np.angle(later)) / 2
        phase = _straight_ends(time[part], phase, frequency)
        own = float(phase[-1] - phase[0]) / (2 * np.pi) / float(time[part][-1] - time[part][0])
        if np.diff(phase).min() > 0 and SLOWEST < own < FASTEST:
            out.append(Stretch(time[part], phase, own, {side: values[part] for side, values in signals.items()}))
    return out


def ball(signals: FloatArray) -> FloatArray:
    """Forward and upward path of the ball of the foot, m, shape (n, 2)."""
    return (1 - FORE) * signals[:, :2] + FORE * signals[:, 2:4]


def _swing(
    time: FloatArray, paths: dict[Side, FloatArray], frequency: float, spread: float | None = None
) -> ComplexArray:
    """Complex half-range of left minus right about a frequency, m; 0 where too little was seen."""
    found = [
        (1.0 if side == "left" else -1.0) * lock_in(time, path, frequency, spread or WIDTH / frequency)
        for side, path in paths.items()
    ]
    feet = sum(one != 0 for one in found)
    return np.sum(found, axis=0) / np.maximum(feet, 1)


def _straight_ends(time: FloatArray, phase: FloatArray, frequency: float) -> FloatArray:
    """Half a stride at either end goes on at the slope of the stride next to it: there the window sees one side only."""
    out, stride = phase.copy(), 1.0 / frequency
    if (time[-1] - time[0]) < 2.0 * stride:
        return np.asarray(np.polyval(np.polyfit(time, phase, 1), time), float)
    for end, sign in ((0, 1.0), (-1, -1.0)):
        since = sign * (time - time[end])
        near = (since >= 0.5 * stride) & (since <= 1.5 * stride)
        slope = np.polyfit(time[near], phase[near], 1)[0]
        edge = since < 0.5 * stride
        anchor = np.argmax(~edge) if end == 0 else len(edge) - 1 - np.argmax(~edge[::-1])
        out[edge] = phase[anchor] + slope * (time[edge] - time[anchor])
    return out


@dataclass(frozen=True)
class MeanStride:
    """Path of one foot over the mean stride, as harmonics of the phase.

    Attributes
    ----------
    waves
        Harmonics of the path, m, shape (harmonics, 5), signed as in :mod:`headway.periodic`.
    frequency
        Strides per second.
    rest
        What the mean stride and the drift leave, m, shape (n, 5).
    """

    waves: ComplexArray
    frequency: float
    rest: FloatArray

    def at(self, phase: FloatArray, order: int = 0) -> FloatArray:
        """Path (m) or its time derivative of this order, shape (len(phase), 5)."""
        return waveform(time_derivative(self.waves, 2 * np.pi * self.frequency, order), phase)


def mean_stride(stretch: Stretch, side: Side, highest: float) -> MeanStride | None:
    """Fit harmonics up to ``highest`` (Hz) and a slow drift to a foot's path; ``None`` where it is hardly seen.

    A column that was not seen (forward in a rear view) stays zero.
    """
    values = stretch.signals[side]
    seen = np.asarray(np.isfinite(values[:, np.isfinite(values).any(0)]).all(1))
    count = max(int(highest / stretch.frequency), 2)
    unit = (stretch.time - stretch.time[0]) / (stretch.time[-1] - stretch.time[0])
    bends = max(int(stretch.strides / DRIFT_STRIDES) + 2, 2)
    drift = HalfWaves(unit, bends)
    if seen.sum() < max(0.3 * len(seen), 1.5 * (bends + 2 * count)):
        return None
    held = seen.sum() * np.repeat([1e-9, RIDGE / max(stretch.strides, 1.0)], [bends, 2 * count])
    whole = np.where(seen[:, None], values, np.nan)
    fit = fit_series(stretch.phase, whole, count, slow=drift, penalty=held)
    rest = values - drift @ fit.slow - waveform(fit.phasors, stretch.phase)
    return MeanStride(fit.phasors, stretch.frequency, rest)
