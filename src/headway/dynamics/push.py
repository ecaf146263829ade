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
CONTRIBUTIONS = {
    f"{pushed}_push_{source}_{direction}": (pushed, source, direction)
    for pushed in PUSHED
    for source in SOURCES
    for direction in DIRECTIONS
}
"""Name of each metric to what is pushed, by what, and where to."""


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

    def of(self, name: str) -> FloatArray:
        """One of :data:`CONTRIBUTIONS` per step, m/s, shape (steps,)."""
        pushed, source, direction = CONTRIBUTIONS[name]
        return self.gained[:, PUSHED.index(pushed), SOURCES.index(source), DIRECTIONS.index(direction)]

    def error_of(self, name: str) -> float:
        """Its standard error, m/s."""
        pushed, source, direction = CONTRIBUTIONS[name]
        return float(self.error[PUSHED.index(pushed), SOURCES.index(source), DIRECTIONS.index(direction)])

    def basis_of(self, name: str) -> str:
        """What it rests on, in words."""
        unseen = CONTRIBUTIONS[name][0] == "head" and not self.head_seen
        return self.basis + ("; the head has no markers and follows from a passive neck" if unseen else "")

    @property
    def fitted(self) -> np.ndarray:
        """Which steps were fitted, shape (steps,)."""
        return np.asarray(np.isfinite(self.gained).any((1, 2, 3)))
