"""What only sensors worn on the body tell (D23, D26, D58, D65)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headway.gait.trial import Trial
from headway.metrics import worn, worn_error
from headway.metrics.registry import CannotMeasure, FromSensors, Plane, metric
from headway.texts import TEXTS

FAMILY = "sensors"
WHY, BOTH = TEXTS("refused.only_sensors"), TEXTS("refused.wear_both")
HEAD, SACRUM = TEXTS("refused.wear_head"), TEXTS("refused.wear_sacrum")


def _absent(record: str) -> Callable[[Trial], Any]:
    """Refuse: markers and films do not carry what a sensor tells."""

    def compute(trial: Trial) -> Any:
        raise CannotMeasure(WHY, record)

    return compute


def _declare(
    name: str, title: str, definition: str, unit: str, plane: Plane, record: str, sensors: FromSensors, **more: str
) -> None:
    metric(name, title, definition, unit=unit, family=FAMILY, plane=plane, sensors=sensors, **more)(_absent(record))


_declare(
    "head_acceleration_peak",
    "Peak upward acceleration of the head",
    "greatest stride-locked upward acceleration of a sensor worn on the head per step, in g, without gravity",
    "g",
    "vertical",
    BOTH,
    FromSensors(worn.peak, error=worn_error.scaled, models=worn_error.at_the_sensor),
    source="D23",
    runner="How hard your head is pushed upward in each step.",
)
_declare(
    "shock_attenuation_3_8",
    "Attenuation of 3-8 Hz to the head",
    "10 log10 of the power of vertical acceleration in 3-8 Hz of a sensor on the head over one on the sacrum; below 0 = less at the head",
    "dB",
    "vertical",
    BOTH,
    FromSensors(worn.attenuation(3.0, 8.0), error=worn_error.scaled_decibels),
    source="D26, Shorten and Winslow 1992",
    runner="How much of the slow part of each blow, which is mostly your own movement, reaches the head.",
)
_declare(
    "shock_attenuation_9_20",
    "Attenuation of 9-20 Hz to the head",
    "10 log10 of the power of vertical acceleration in 9-20 Hz of a sensor on the head over one on the sacrum; below 0 = less at the head",
    "dB",
    "vertical",
    BOTH,
    FromSensors(worn.attenuation(9.0, 20.0), error=worn_error.scaled_decibels),
    source="D26, Shorten and Winslow 1992",
    runner="How much of the quick blow of landing reaches the head.",
)
_declare(
    "head_roll_range",
    "Sideways tilt of the head",
    "peak to peak of the roll of a sensor on the head per stride, slow changes of pose removed",
    "rad",
    "frontal",
    HEAD,
    FromSensors(worn.angle_range("head", worn.ROLL)),
    source="D58",
    runner="How far your head tips from side to side in each stride.",
)
_declare(
    "head_yaw_range",
    "Turn of the head",
    "peak to peak of the yaw of a sensor on the head per stride, slow changes of heading removed",
    "rad",
    "transverse",
    HEAD,
    FromSensors(worn.angle_range("head", worn.YAW)),
    source="D58",
    runner="How far your head turns from left to right in each stride.",
)
_declare(
    "pelvis_yaw_range",
    "Turn of the pelvis",
    "peak to peak of the yaw of a sensor on the sacrum per stride, slow changes of heading removed",
    "rad",
    "transverse",
    SACRUM,
    FromSensors(worn.angle_range("sacrum", worn.YAW)),
    source="D65",
    runner="How far your pelvis turns in each stride.",
)
