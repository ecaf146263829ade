"""What pushes the head: changes of velocity by source, per step, as a fitted body tells them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.recording import FloatArray

SOURCES = ("ankle", "knee", "hip", "lumbar", "neck", "arms", "gravity", "velocity")
"""What accelerates: joint moments of both sides (ankles with toes, shoulders with elbows), gravity, and terms of the velocities."""
PUSHED = ("head", "neck_base", "com")
"""What is accelerated."""
DIRECTIONS = ("up", "forward", "lateral")
"""Lateral is toward the stance side."""


@dataclass(frozen=True)
class PushOff:
    """Changes of velocity over push-off of the steps of a trial.

    Attributes
    ----------
    gained
        m/s, shape (steps, pushed, sources, directions); NaN for steps that were not fitted.
    error
        Standard error of what more steps do not mend: masses and how the ground gives, m/s, shape (pushed, sources, directions).
    head_seen
        Whether the head carried markers.
    basis
        What the fit rests on beside the markers, in words.
    """

    gained: FloatArray
    error: FloatArray
    head_seen: bool
    basis: str

    def of(self, pushed: str, source: str, direction: str) -> FloatArray:
        """One of them per step, m/s, shape (steps,)."""
        return self.gained[:, PUSHED.index(pushed), SOURCES.index(source), DIRECTIONS.index(direction)]

    def error_of(self, pushed: str, source: str, direction: str) -> float:
        """Its standard error, m/s."""
        return float(self.error[PUSHED.index(pushed), SOURCES.index(source), DIRECTIONS.index(direction)])

    @property
    def fitted(self) -> np.ndarray:
        """Which steps were fitted, shape (steps,)."""
        return np.isfinite(self.gained).any((1, 2, 3))
