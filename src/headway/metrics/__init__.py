"""What is measured: one small file per family, and the registry that lists them all."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

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
from headway.metrics import joint_angles
from headway.metrics import joint_moments
from headway.metrics import sensors

# isort: on
from headway.metrics.excursion import Excursion
from headway.metrics.needs import NEEDS, unmet
from headway.metrics.registry import REGISTRY, CannotMeasure, FromSensors, Metric
from headway.named import call

if TYPE_CHECKING:
    import pandas as pd

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
    joint_angles,
    joint_moments,
    sensors,
)
"""Modules that declare metrics."""

__all__ = ["FAMILIES", "NEEDS", "REGISTRY", "CannotMeasure", "Excursion", "FromSensors", "Metric", "unmet"]


class _Catalogue(ModuleType):
    """The module itself, which also answers ``headway.metrics()``."""

    def __call__(self) -> pd.DataFrame:
        """Every metric as a table: ``metric, title, unit, family, definition``."""
        return call("headway.notebook.tables:of_registry")


sys.modules[__name__].__class__ = _Catalogue
