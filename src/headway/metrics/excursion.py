"""Peak to peak of a signal over each step or stride; in films, whose key points are noisy, that of the mean stride."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.gait.stride_lock import stride_locked
from headway.gait.trial import Trial
from headway.recording import ComplexArray, FloatArray


@dataclass(frozen=True)
class Excursion:
    """A frame-wise signal whose peak to peak is wanted.

    Attributes
    ----------
    signal
        Shape (frames,).
    over
        From each initial contact to the next (``step``), or to the same foot's next (``stride``).
    detrended
        The straight line between the ends of the stride (of the step where the stride was not recorded) is removed first.
    """

    signal: FloatArray
    over: Literal["step", "stride"]
    detrended: bool = False

    def per_step(self, trial: Trial) -> FloatArray:
        """Peak to peak of each step or stride, shape (steps,); NaN where it is not wholly there."""
        steps, out = trial.steps, np.full(len(trial.steps), np.nan)
        stops = steps.next_contact if self.over == "step" else steps.next_same
        for k, start in enumerate(steps.initial_contact):
            window = trial.frames(float(start), float(stops[k]))
            piece = self.signal[window]
            if self.detrended:
                piece = piece - self._slope(trial, k) * (trial.motion.time[window] - start)
            if len(piece) > 5 and np.isfinite(piece).all():
                out[k] = np.ptp(piece)
        return out

    def _slope(self, trial: Trial, k: int) -> float:
        steps = trial.steps
        start, ends = steps.initial_contact[k], (steps.next_same[k], steps.next_contact[k])
        whole = next((end for end in ends if np.isfinite(end)), np.nan)
        return float(trial.change(self.signal, np.array([start]), np.array([whole]))[0]) / (whole - start)

    def locked(self, trial: Trial) -> ComplexArray:
        """Complex amplitudes of each stride's harmonics, shape (steps, harmonics); for steps the even ones, which both sides share."""
        if trial.phase is None:
            return np.full((len(trial.steps), 2), np.nan, dtype=complex)
        waves = stride_locked(self.signal[:, None], trial.motion.time, trial.steps, trial.phase)[:, :, 0]
        return waves[:, 1::2] if self.over == "step" else waves
