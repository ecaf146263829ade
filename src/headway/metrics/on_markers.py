"""How far off a value from markers may be because markers stray and joint centres are placed: declared by the metrics that hang on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headway.body.joint_angles import SIDES
from headway.body.marker_errors import CENTRE
from headway.recording import GRAVITY

if TYPE_CHECKING:
    from headway.gait.trial import Trial

MarkerError = Callable[[float, "Trial"], float]
"""Standard error of a value from markers in its own unit."""
UNSIDED = ("trunk", "pelvis", "head")


def _on(part: str, side: str) -> str:
    return part if part in UNSIDED else f"{part}_{side}"


@dataclass(frozen=True)
class AngleOnMarkers:
    """An angle between segments, or of one against the vertical, rad."""

    segments: tuple[str, ...]

    def __call__(self, value: float, trial: Trial) -> float:
        """Both sides' mean: markers of both are put on by the same hand."""
        errors = trial.marker_errors
        return float(np.mean([errors.angle(*(_on(part, side) for part in self.segments)) for side in SIDES]))


@dataclass(frozen=True)
class PlaceOnMarkers:
    """A distance between points that segments carry and that were placed there, m."""

    segments: tuple[str, ...]
    points: tuple[str, ...]

    def __call__(self, value: float, trial: Trial) -> float:
        """Errors of the points in quadrature, mean of both sides."""
        errors, placed = trial.marker_errors, [CENTRE[point] for point in self.points]
        parts = [[*(errors.place(_on(part, side)) for part in self.segments), *placed] for side in SIDES]
        return float(np.mean(np.linalg.norm(parts, axis=1)))


@dataclass(frozen=True)
class MomentOnMarkers:
    """The greatest moment of a joint, N·m/kg: the joint's centre times the greatest force that passes it."""

    joint: str
    segments: tuple[str, ...]

    def __call__(self, value: float, trial: Trial) -> float:
        """Arm times force: at its greatest the ground force is told in every recording that has moments."""
        errors, force = trial.marker_errors, trial.frame_force[:, 1]
        stances = [trial.frames(a, b) for a, b in zip(trial.steps.initial_contact, trial.steps.toe_off, strict=True)]
        peaks = [force[one].max() for one in stances if one.stop > one.start]
        peak = float(np.nanmedian(peaks)) / trial.mass if peaks else 2.5 * GRAVITY
        arm = np.mean([errors.centre(self.joint, *(_on(part, side) for part in self.segments)) for side in SIDES])
        return float(arm) * peak
