"""What the interval of a metric from a film has to hold besides its scatter: scale, roll, events, and where a pose model puts its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.gait.film_events import event_error
from headway.gait.trial import Trial
from headway.metrics import Metric

POINT_PLACE = 0.010
"""Standard error of the sideways place of a key point against the joint it stands for, m (pose models put points inside a clothed body)."""
POINT_TILT = 0.03
"""The same for the tilt of a line between two of them, rad (10 mm over a trunk's half length)."""
HEAD_OVER_NECK = 0.25
"""Height of the ears over the shoulders, m: what a roll of the camera moves forward or back."""
POINT_DEPTH = 0.04
"""Relative error of a length in a film from behind or in front: head and feet are nearer to the camera than the body's middle, or farther away."""
POINT_SLIDE = 0.002
"""How far a key point slides forward and back on the body with each step, m."""
POINT_GAIN, POINT_LAG = 0.025, 0.002
"""The same for gains, 1, and lags, s: points that slide on the body with each step."""
POINT_HARMONICS = 0.03
"""Standard error of the odd share of the head's sideways motion: the key points' noise feeds every harmonic (0.94 where 0.98 is true)."""
OVER_FOOT = ("over_foot", "step_width", "mediolateral_margin")
TIMES_OF_CONTACT = (
    "contact_time",
    "flight_time",
    "duty_factor",
    "peak_vertical_grf_sine",
    "vertical_displacement_sine",
)
STIFFNESSES = ("vertical_stiffness", "leg_stiffness")
FINE_RATE = 100.0
"""Frames per second from which contact times count as measured."""


def film_error(definition: Metric, value: float, trial: Trial) -> float | None:
    """Standard error of a metric from a film, in its unit; ``None`` where none is known."""
    camera = trial.camera
    if camera is None:
        return None
    name, unit = definition.name, definition.unit
    if name in TIMES_OF_CONTACT or name in STIFFNESSES:
        return _from_contacts(name, value, trial)
    if unit == "m":
        depth = 0.0 if camera.view == "side" else POINT_DEPTH
        place = POINT_PLACE if any(key in name for key in OVER_FOOT) else POINT_SLIDE if name == "head_bob" else 0.0
        tilt = camera.roll_error * HEAD_OVER_NECK if name == "head_anteversion" else 0.0
        return float(np.linalg.norm([np.hypot(camera.scale_error, depth) * value, place, tilt]))
    if unit == "m/s":
        return camera.scale_error * abs(value)
    if definition.kind == "phase":
        return float(np.pi / _step_time(trial) * _midstance_error(trial))
    if unit == "rad":
        upright = definition.plane == "sagittal" and definition.kind == "mean"
        return float(np.hypot(POINT_TILT, camera.roll_error if upright else 0.0))
    if definition.kind in ("gain", "ratio") and name.endswith("gain"):
        return POINT_GAIN
    if definition.kind == "lag":
        return POINT_LAG
    if name == "lateral_harmonic_ratio":
        return POINT_HARMONICS
    if definition.kind == "shift_ratio":
        return 2 * POINT_PLACE / max(_step_width(trial), 2 * POINT_PLACE)
    return None


def film_models(definition: Metric, trial: Trial) -> list[str]:
    """What a number from a film rests on beyond the picture itself, in words; empty when it counts as measured."""
    camera, models = trial.camera, []
    if camera is None:
        return models
    if trial.neck_base_is_shoulders and {"neck_base", "neck_midline"} & {*definition.needs}:
        models.append("the middle of the shoulder key points stands for the neck base")
    if "pelvis_rotation" in definition.needs and trial.pelvis_points[0] == "hip_left":
        models.append("the line of the hip key points stands for the pelvis")
    if definition.name in ("head_roll_at_midstance", "head_pitch_range"):
        models.append("key points of the face stand for the head's rotation")
    if _rests_on_contacts(definition) and camera.rate < FINE_RATE:
        error = event_error(trial.recording)
        spread = 1000 * error["contact_time_bias"]
        models.append(
            f"contacts estimated from {camera.rate:.0f} frames/s, standard error of the mean contact time {spread:.0f} ms"
        )
    if definition.unit in ("m", "m/s") and not camera.height_known:
        models.append(f"the runner's height was not given: lengths are right to ±{200 * camera.scale_error:.0f} %")
    return models


def below_floor(kind: str, interval: Sequence[float] | None, trial: Trial) -> str | None:
    """Why a value cannot be told from the noise of the film; ``None`` when it can.

    Notes
    -----
    A size is below the floor when its own 95 % interval reaches down to nothing, a phase when its interval spans more than a third of a turn.
    """
    if trial.camera is None or interval is None:
        return None
    low, high = interval
    if kind in ("amplitude", "range") and low <= 0.0:
        bound = f" (less than {1000 * high:.0f} mm)" if kind == "amplitude" else ""
        return f"it is below what this film can show{bound}"
    if kind == "phase" and high - low > 2 * np.pi / 3:
        return "the motion is too small in this film for its timing to be told"
    return None


def _rests_on_contacts(definition: Metric) -> bool:
    name = definition.name
    return (
        name.startswith(("contact_time", "flight_time", "duty_factor")) or name.endswith("_sine") or name in STIFFNESSES
    )


def _from_contacts(name: str, value: float, trial: Trial) -> float:
    """Error of what is made of contact and flight times, to first order."""
    error = event_error(trial.recording)
    time = error["contact_time_bias"]
    contact, step = float(np.nanmedian(trial.steps.contact_time)), _step_time(trial)
    if name in ("contact_time", "flight_time"):
        return time
    if name == "duty_factor":
        return time / (2 * step)
    if name == "peak_vertical_grf_sine":
        return float(np.pi / 2 * step / contact**2 * time)
    return abs(value) * 2 * time / contact


def _midstance_error(trial: Trial) -> float:
    error = event_error(trial.recording)
    return float(np.hypot(error["initial_contact"], error["toe_off"])) / 2


def _step_time(trial: Trial) -> float:
    known = trial.steps.next_contact - trial.steps.initial_contact
    return float(np.nanmedian(known)) if np.isfinite(known).any() else 0.36


def _step_width(trial: Trial) -> float:
    lateral = trial.foot_position[:, 2]
    return float(abs(np.nanmean(lateral[trial.steps.side > 0]) - np.nanmean(lateral[trial.steps.side < 0])))
