"""What is known of a metric's step-to-step noise before the recording is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec

PARAMETERS = "step_noise.json"


@dataclass(frozen=True)
class Prior:
    """Noise of one metric from step to step, as other recordings have it.

    Attributes
    ----------
    correlation, spread
        Correlation of neighbouring steps: mean over recordings, and standard deviation between them.
    scale
        Typical standard deviation of a step, unit of the metric (of the angle, rad, for ``locking``); ``None`` when it is not known.
    weight
        Degrees of freedom that ``scale`` is worth.
    wander
        Slow change over tens of steps: its variance as a share of a step's.
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
"""Without any knowledge of the metric: correlated as the more correlated of those that are known."""
ASSUMED_BETWEEN_SIDES = Prior(0.0, 0.25)
"""The same for the difference of the sides, which correlation makes more certain."""


def assumed(kind: str) -> Prior:
    """What is taken for a metric of which nothing is known: the wide side."""
    return ASSUMED_BETWEEN_SIDES if kind == "asymmetry" else ASSUMED


class Known(msgspec.Struct, frozen=True):
    """One row of the table: a metric (or a kind of them) over the shared recordings; fields as in :class:`Prior`."""

    kind: str
    correlation: float
    spread: float
    scale: float | None
    weight: float
    wander: float
    recordings: int


class Table(msgspec.Struct, frozen=True):
    """Contents of ``step_noise.json``, made by ``benchmarks/fit_step_noise.py``.

    Attributes
    ----------
    source
        Recordings it was made from.
    metrics
        By name.
    pooled
        By kind and unit (``"mean m"``), and by kind (``"mean"``, without a scale), for metrics that those recordings do not carry.
    """

    source: str
    metrics: dict[str, Known]
    pooled: dict[str, Known]


@lru_cache(maxsize=1)
def step_noise() -> Table:
    """The table of the package."""
    return msgspec.json.decode((files("headway") / "data" / PARAMETERS).read_bytes(), type=Table)


@lru_cache(maxsize=1024)
def prior_of(name: str, kind: str, unit: str) -> Prior | None:
    """What is known beforehand of the noise of a metric recorded with markers; films and sensors have noise of their own.

    Parameters
    ----------
    name, kind, unit
        Of the metric as it was computed (a range is a ``mean`` with markers).

    Returns
    -------
    ``None`` when nothing is known.
    """
    return prior_from(step_noise(), name, kind, unit)


def prior_from(table: Table, name: str, kind: str, unit: str) -> Prior | None:
    """The same from any table."""
    own = table.metrics.get(name)
    if own is not None and own.kind == kind:
        return _prior(own, f"this metric's step noise in {own.recordings} recordings of other runners")
    like = table.pooled.get(f"{kind} {unit}") or table.pooled.get(kind)
    source = "the step noise of metrics of this kind in {} recordings of other runners"
    return None if like is None else _prior(like, source.format(like.recordings))


def _prior(known: Known, source: str) -> Prior:
    return Prior(known.correlation, known.spread, known.scale, known.weight, known.wander, source)
