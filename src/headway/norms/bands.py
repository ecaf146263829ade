"""Reference bands by speed, as they are kept in a small file with their source."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from headway.errors import RecordingError
from headway.results import Population

SCHEMA = 1
SHIPPED = ("rbds",)
"""Norms that come with Headway."""
REACH = 0.25
"""How far beyond the speeds of its runners a band is read, m/s."""


class Band(msgspec.Struct, frozen=True):
    """Bands of one metric: quantile q at speed v is ``at_middle[q] + slope[q] (v - middle)``; ``error`` is its standard error at ``middle``."""

    unit: str
    runners: int
    recordings: int
    speed: tuple[float, float]
    status: Literal["measured", "estimated"]
    at_middle: tuple[float, ...]
    slope: tuple[float, ...]
    error: tuple[float, ...]

    def lines(self, offset: float) -> tuple[float, ...]:
        """Every quantile at ``offset`` m/s from the middle speed, in the metric's unit."""
        return tuple(level + slope * offset for level, slope in zip(self.at_middle, self.slope, strict=True))


class Norms(msgspec.Struct, frozen=True):
    """A file of reference bands.

    Attributes
    ----------
    name, source, licence
        What it is called, whose recordings these are, and on what terms.
    population
        Who these runners are, and how they were recorded.
    metrics
        Bands by metric.
    quantiles, middle
        Shares below each line; the speed at which ``at_middle`` holds, m/s.
    study
        Hash of the contents that it was built from.
    """

    name: str
    source: str
    licence: str
    population: Population
    quantiles: tuple[float, ...]
    middle: float
    metrics: dict[str, Band]
    study: str
    headway: str
    schema: int = SCHEMA


def load_norms(which: str | Path = "rbds") -> Norms:
    """Read norms: those that come with Headway by name (``rbds``), others by path.

    Raises
    ------
    RecordingError
        The file is missing, damaged, or of a later version.
    """
    own = str(which) in SHIPPED
    source = files("headway.data").joinpath(f"norms_{which}.json") if own else Path(which)
    remedy = f"give a file that headway norms build wrote, or {' or '.join(SHIPPED)}"
    try:
        norms = msgspec.json.decode(source.read_bytes(), type=Norms)
    except (OSError, msgspec.DecodeError) as error:
        told = " ".join((getattr(error, "strerror", None) or str(error)).split())[:120]
        raise RecordingError(str(which), f"no readable norms ({told})", remedy) from error
    if norms.schema != SCHEMA:
        raise RecordingError(
            str(which), f"norms of schema {norms.schema}, this version reads {SCHEMA}", "update Headway"
        )
    if any(
        len(norms.quantiles) != len(one)
        for band in norms.metrics.values()
        for one in (band.at_middle, band.slope, band.error)
    ):
        raise RecordingError(str(which), "no readable norms (a band without a line for every quantile)", remedy)
    return norms
