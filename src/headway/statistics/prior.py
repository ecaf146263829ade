"""What is known of a metric's step-to-step noise before the recording is looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prior:
    """Noise of one metric from step to step, as other recordings have it.

    Attributes
    ----------
    correlation, spread
        Lag-one correlation of neighbouring steps: mean over recordings and standard deviation between them.
    scale
        Typical standard deviation of a step, unit of the metric; ``None`` when it is not known.
    weight
        Degrees of freedom that ``scale`` is worth.
    wander
        Slow change over tens of seconds: its variance as a share of the steps' own.
    source
        Where it comes from, in words; empty for an assumption.
    """

    correlation: float
    spread: float
    scale: float | None = None
    weight: float = 0.0
    wander: float = 0.0
    source: str = ""


ASSUMED = Prior(0.45, 0.25)
"""Without any knowledge of the metric: steps hang together as in the metrics that are known, a little on the safe side."""
