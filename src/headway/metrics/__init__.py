"""What is measured: one small file per family, and the registry that lists them all."""

# declaring the metrics fills the registry, in the order in which a reader should meet them
# isort: off
from headway.metrics import time_and_space
from headway.metrics import ground_force
from headway.metrics import ladder
from headway.metrics import transmission
from headway.metrics import push
from headway.metrics import neck
from headway.metrics import force_line
from headway.metrics import lateral_bounce
from headway.metrics import weight_shift
from headway.metrics import posture
from headway.metrics import sensors

# isort: on
from headway.metrics.excursion import Excursion
from headway.metrics.needs import NEEDS, unmet
from headway.metrics.registry import REGISTRY, CannotMeasure, FromSensors, Metric

FAMILIES = (
    time_and_space,
    ground_force,
    ladder,
    transmission,
    push,
    neck,
    force_line,
    lateral_bounce,
    weight_shift,
    posture,
    sensors,
)
"""Modules that declare metrics."""

__all__ = ["FAMILIES", "NEEDS", "REGISTRY", "CannotMeasure", "Excursion", "FromSensors", "Metric", "unmet"]
