"""Reference bands by speed, as they are kept in a small file with their source."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from headway.bounds import LARGEST_WRITTEN, read_safely, read_whole
from headway.errors import RecordingError
from headway.results import Population
from headway.stored.result import document

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
    remedy = f"give a file that headway norms build wrote, or {' or '.join(SHIPPED)}"
    try:
        shipped = files("headway.data").joinpath(f"norms_{which}.json")
        content = shipped.read_bytes() if own else read_whole(Path(which), LARGEST_WRITTEN, remedy)
    except OSError as error:
        raise RecordingError(str(which), f"no readable norms ({error.strerror})", remedy) from error
    with read_safely(Path(which), remedy):
        norms, _ = document(str(which), content, Norms, SCHEMA, remedy)
    if any(
        len(norms.quantiles) != len(one)
        for band in norms.metrics.values()
        for one in (band.at_middle, band.slope, band.error)
    ):
        raise RecordingError(str(which), "no readable norms (a band without a line for every quantile)", remedy)
    return norms
