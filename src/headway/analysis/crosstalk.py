"""A knee whose bending shows as bowing: told, because its other two angles are then not to be believed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.gait.trial import SIDES, Trial
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

LARGEST = np.radians(15.0)
"""A knee does not bow by more than this in swing; bone pins show less than 8° (Reinschmidt et al. 1997)."""


def crosstalk(trials: Sequence[Trial]) -> tuple[Flag, ...]:
    """A flag for the knees whose varus-valgus angle changes by more than :data:`LARGEST` in swing, as the angle about the bending axis does."""
    told = []
    for side in SIDES:
        ranges = np.concatenate([_in_swing(trial, side) for trial in trials])
        if len(ranges) and np.median(ranges) > LARGEST:
            told.append(f"{side} {np.degrees(np.median(ranges)):.0f}°")
    if not told:
        return ()
    return (Flag("knee_crosstalk", "warning", TEXTS("lab.knee_crosstalk", ranges=", ".join(told))),)


def _in_swing(trial: Trial, side: str) -> FloatArray:
    """Range of the knee's adduction in every swing of a side, rad; none where it is not told."""
    name = f"knee_adduction_{side}"
    if trial.camera is not None or name not in trial.joint_angles.names:
        return np.empty(0)
    path, steps, out = trial.joint_angles.of(name), trial.steps, []
    for own, start, stop in zip(steps.names, steps.toe_off, steps.next_same, strict=True):
        inside = path[trial.frames(float(start), float(stop))] if own == side and np.isfinite(stop) else path[:0]
        if len(inside) > 3 and np.isfinite(inside).all():
            out.append(float(np.ptp(inside)))
    return np.array(out)
