"""Time and space: the standard measures of a running step (definitions D1-D7)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headway.gait.trial import Trial
from headway.metrics import worn, worn_error
from headway.metrics.errors import OfContactTime, OnFilm
from headway.metrics.excursion import Excursion
from headway.metrics.registry import FromSensors, metric
from headway.recording import FloatArray

FAMILY = "time and space"
TIME_WIDEST = 0.06
"""A quarter of a usual contact time, s."""


@metric(
    "contact_time",
    "Contact time",
    "toe-off minus initial contact",
    unit="s",
    family=FAMILY,
    needs=("sure_contacts",),
    source="D1",
    film=OnFilm(widest=TIME_WIDEST, geometry=OfContactTime(per_second=lambda _: 1.0), sided=True),
    sensors=FromSensors(
        worn.contact_time,
        "toe-off minus initial contact, by a sensor on the foot",
        error=worn_error.contact,
        models=worn_error.contact_told,
        alike=True,
    ),
    runner="How long each foot stays on the ground.",
)
def contact_time(trial: Trial) -> FloatArray:
    """Seconds from initial contact to toe-off, per step."""
    return trial.steps.contact_time


@metric(
    "contact_time_asymmetry",
    "Contact time, left-right difference",
    "200 (R - L) / (|R| + |L|) of the side means; + = right longer",
    unit="%",
    family=FAMILY,
    needs=("sure_contacts",),
    source="D16",
    film=OnFilm(widest=20.0, geometry=OfContactTime(), by_contact=True),
    kind="asymmetry",
)
def contact_time_asymmetry(trial: Trial) -> FloatArray:
    """Contact time per step, compared between sides."""
    return trial.steps.contact_time


@metric(
    "flight_time",
    "Flight time",
    "initial contact of the next foot minus toe-off; may be negative in grounded running",
    unit="s",
    family=FAMILY,
    needs=("steps", "sure_contacts"),
    source="D2",
    film=OnFilm(widest=TIME_WIDEST, geometry=OfContactTime(per_second=lambda _: 1.0)),
    runner="How long you are in the air after each push-off.",
)
def flight_time(trial: Trial) -> FloatArray:
    """Seconds from toe-off to the other foot's initial contact, per step."""
    return trial.steps.next_contact - trial.steps.toe_off


def step_times(trial: Trial) -> FloatArray:
    """Seconds between successive initial contacts, per step; NaN where the next one was not recorded."""
    return trial.steps.next_contact - trial.steps.initial_contact


metric(
    "step_time",
    "Step time",
    "initial contact to the other foot's initial contact",
    unit="s",
    family=FAMILY,
    needs=("steps",),
    source="D3",
    sensors=FromSensors(
        worn.step_times, "from one step to the next at the same phase of the vertical rhythm", alike=True
    ),
)(step_times)


@metric(
    "stride_time",
    "Stride time",
    "initial contact to the same foot's next initial contact",
    unit="s",
    family=FAMILY,
    needs=("whole_stride",),
    source="D3",
    sensors=FromSensors(worn.stride_times, "two steps", alike=True),
)
def stride_time(trial: Trial) -> FloatArray:
    """Seconds of each whole stride, at the step that begins it."""
    return trial.steps.next_same - trial.steps.initial_contact


@metric(
    "cadence",
    "Cadence",
    "60 / mean step time, left and right counting the same",
    unit="steps/min",
    family=FAMILY,
    needs=("steps",),
    source="D3",
    sensors=FromSensors(worn.cadence, "60 / mean step time", alike=True),
    kind="ratio",
    runner="Steps per minute of both feet together.",
)
def cadence(trial: Trial) -> tuple[FloatArray, FloatArray]:
    """Sixty over step time, as a ratio of sums in which left and right count the same, so that one step more of a side moves nothing."""
    duration, right = step_times(trial), trial.steps.side > 0
    known = np.isfinite(duration)
    counts = np.where(right, (known & right).sum(), (known & ~right).sum())
    share = known.sum() / (2.0 * np.maximum(counts, 1)) if (known & right).any() and (known & ~right).any() else 1.0
    return np.where(known, 60.0 * share, np.nan), duration * share


@metric(
    "duty_factor",
    "Duty factor",
    "contact time / stride time (twice the step time where the stride was not recorded)",
    unit="1",
    family=FAMILY,
    needs=("steps", "sure_contacts"),
    source="D4",
    film=OnFilm(widest=0.08, geometry=OfContactTime(per_second=lambda step: 0.5 / step)),
    kind="ratio",
    runner="Share of the time that one foot is on the ground.",
)
def duty_factor(trial: Trial) -> tuple[FloatArray, FloatArray]:
    """Contact time over stride time, as a ratio of sums."""
    stride = stride_time(trial)
    return trial.steps.contact_time, np.where(np.isfinite(stride), stride, 2 * step_times(trial))


@metric(
    "speed",
    "Speed",
    "treadmill: minus the stance foot's forward velocity in 30-70 % of stance; film from the side: of both heels past the hips; "
    "overground: pelvis displacement over stance and flight / time",
    unit="m/s",
    family=FAMILY,
    plane="sagittal",
    needs=("feet", "pace", "legs_followed"),
    source="D5",
    film=OnFilm(relative=True, widest=1.2),
    sensors=FromSensors(worn.speed, "as the watch told it, or as declared", alike=True),
)
def speed(trial: Trial) -> FloatArray:
    """Speed relative to the ground, per step."""
    return trial.stance_speeds


@metric(
    "speed_change",
    "Speed change per step",
    "forward ground-force impulse of stance / mass",
    unit="m/s",
    family=FAMILY,
    plane="sagittal",
    needs=("force",),
    source="D5",
)
def speed_change(trial: Trial) -> FloatArray:
    """Forward velocity gained in each stance."""
    velocity = trial.com_velocity
    assert velocity is not None
    return trial.change(velocity[:, 0], trial.steps.initial_contact, trial.steps.toe_off)


@metric(
    "step_length",
    "Step length",
    "treadmill, or a camera that moves: speed x step time; overground: forward distance between successive stance feet",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("steps", "feet", "pace", "legs_followed"),
    source="D6",
    in_metres=True,
    film=OnFilm(relative=True, widest=0.5),
    sensors=FromSensors(worn.step_length, "speed times step time", alike=True),
)
def step_length(trial: Trial) -> FloatArray:
    """Forward distance from this foot to the next, per step."""
    if trial.treadmill or np.isfinite(trial.pace):
        return trial.speed * step_times(trial)
    following = np.append(trial.foot_position[1:, 0], np.nan) - trial.foot_position[:, 0]
    return np.where(np.isfinite(trial.steps.next_contact), following, np.nan)


@metric(
    "stride_length",
    "Stride length",
    "sum of two successive step lengths",
    unit="m",
    family=FAMILY,
    plane="sagittal",
    needs=("whole_stride", "feet", "pace", "legs_followed"),
    source="D6",
    in_metres=True,
    film=OnFilm(like="step_length", relative=True, widest=1.0),
)
def stride_length(trial: Trial) -> FloatArray:
    """Forward distance of a stride, at the step that begins it."""
    length = step_length(trial)
    following = np.append(length[1:], np.nan)
    return np.where(np.isfinite(trial.steps.next_same), length + following, np.nan)


def _oscillation(point: str) -> Callable[[Trial], Excursion]:
    def compute(trial: Trial) -> Excursion:
        """Height of the point, from initial contact to the next."""
        return Excursion(trial.motion.position(point)[:, 1], "step")

    return compute


def _by_sensor(where: str, words: str, *, alike: bool = False) -> FromSensors:
    definition = f"peak to peak of the height of the {words} per step, from the stride-locked acceleration"
    return FromSensors(worn.oscillation(where), definition, "mean", error=worn_error.scaled, alike=alike)


for _prefix, _title, _words, _point, _need, _sensors in (
    ("", "Body", "centre of mass", "com", "whole_body", None),
    ("pelvis_", "Pelvis", "pelvis", "pelvis_centre", "pelvis", _by_sensor("sacrum", "sacral sensor")),
    ("neck_base_", "Neck base", "neck base", "neck_base", "neck_base", None),
    ("head_", "Head", "head", "head_centre", "head", _by_sensor("head", "head's sensor", alike=True)),
):
    metric(
        f"{_prefix}vertical_oscillation",
        f"{_title} up and down",
        "peak-to-peak height from initial contact to the next",
        unit="m",
        family=FAMILY,
        plane="vertical",
        needs=("steps", _need, "steady_camera"),
        source="D7",
        kind="range",
        film=OnFilm(like=f"{_prefix or 'pelvis_'}vertical_oscillation", widest=0.04),
        sensors=_sensors,
    )(_oscillation(_point))
