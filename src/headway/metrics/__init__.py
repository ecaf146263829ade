"""What is measured: one small file per family, and the registry that lists them all."""

from headway.metrics import (  # noqa: F401  (declaring them fills the registry)
    time_and_space,  # isort: skip
    ground_force,  # isort: skip
    ladder,  # isort: skip
    transmission,  # isort: skip
    neck,  # isort: skip
    force_line,  # isort: skip
    lateral_bounce,  # isort: skip
    weight_shift,  # isort: skip
    posture,  # isort: skip
)
from headway.metrics.registry import NEEDS, REGISTRY, Metric, NotMeasurable

__all__ = ["NEEDS", "REGISTRY", "Metric", "NotMeasurable"]
