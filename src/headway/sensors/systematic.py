"""What more strides do not make better: errors of scale, level, heading, midstance and clocks, and the models behind values."""

from __future__ import annotations

import numpy as np

from headway.sensors.body_axes import HEADING_ERROR
from headway.sensors.contact import CONTACT_ERROR
from headway.sensors.prepare import midstance_error
from headway.sensors.run import Run
from headway.signals import seen_mean

SCALE_ERROR = 0.01
"""Standard error of the scale of a phone's or earphone's accelerometer."""
LEVEL_ERROR = 0.0005
"""Standard error of a sideways amplitude from what is left of roll and heading, m."""
FORWARD, RIGHT = 0, 2


def systematic(run: Run, name: str, value: float) -> float:
    """Standard error that more strides do not make smaller, in the quantity's unit."""
    stride = float(np.median(run.strides.stop - run.strides.start))
    head = run.tracks.get("head")
    clock = 0.0 if head is None or head.alignment is None else head.alignment.uncertainty
    if "lateral_bounce" in name:
        return _sideways_error(run, name, value, clock, stride)
    if name == "head_pelvis_vertical_gain":
        return SCALE_ERROR * np.sqrt(2) * value
    if name == "head_lag_vertical":
        return clock
    if name == "contact_time":
        return CONTACT_ERROR
    if name.endswith("vertical_oscillation") or name == "head_acceleration_peak":
        return SCALE_ERROR * value
    if name.startswith("shock_attenuation"):
        return 20 * np.log10(1 + SCALE_ERROR * np.sqrt(2))
    return 0.0


def _sideways_error(run: Run, name: str, value: float, clock: float, stride: float) -> float:
    """Standard error of what concerns the sideways swing: scale, level, forward motion that leaks in through the heading, midstance."""
    where = "sacrum" if name.startswith("pelvis") else "head"
    track = run.tracks[where]
    path = np.abs(seen_mean(track.path(run.strides)))
    heading = np.tan(HEADING_ERROR / (3.0 if track.facing.how == "declared" else 1.0))
    size = max(float(path[0, RIGHT]), 1e-4)
    leak = float(np.hypot(LEVEL_ERROR, path[0, FORWARD] * heading))
    if name.endswith("amplitude"):
        return float(np.hypot(SCALE_ERROR * value, leak))
    if name.endswith("phase"):
        late = 0.0 if where == "sacrum" and run.reference == "sacrum" else 2 * np.pi * clock / stride
        return float(np.sqrt(midstance_error(run.reference, stride) ** 2 + late**2 + (leak / size) ** 2))
    if name.endswith("asymmetry"):
        toward = abs(float(np.real(seen_mean(track.path(run.strides))[0, RIGHT])))
        return float(200.0 * path[1, FORWARD] * heading / max(toward, 1e-4))
    return 0.0


def model(run: Run, name: str) -> str:
    """What stands between the sensors and the value, with its known error; empty for a plain measurement."""
    notes = []
    if name.endswith("lateral_bounce_phase"):
        notes.append(
            "midstance from the vertical rhythm, known to 3.5 degrees of the stride (41 trials with force plates)"
        )
    if name in ("lateral_bounce_phase", "lateral_bounce_asymmetry", "head_roll_at_midstance"):
        if run.tracks["head"].facing.how == "sideways":
            notes.append(
                "front and back of the head sensor told by its swing toward the stance foot: the other way round would be 180 degrees off"
            )
        if run.sides_known == "head":
            notes.append("the feet told apart by the head's swing toward the stance foot")
    if name == "contact_time":
        notes.append(
            f"from the pitch rate of {run.contact_how}: 13 ms (standard deviation over 65 feet on an instrumented treadmill)"
        )
    if name == "head_acceleration_peak":
        notes.append("at the sensor, not at the head's centre of mass")
    return "; ".join(notes)
