"""Reference bands by speed: built from a study, kept in a small file with its source, and asked where a value stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from scipy.optimize import linprog

import headway
from headway.errors import OptionError, RecordingError
from headway.recording import FloatArray
from headway.study.data import Study, Table

SCHEMA = 1
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FEWEST_RUNNERS = 10
"""Runners below which no tenth can be told from another."""
REACH = 0.25
"""How far beyond the speeds of its runners a band is read, m/s."""
RESAMPLES = 60
NO_NORM = ("ladder_closure",)
"""Metrics of the recording rather than of the runner."""
SHIPPED = ("rbds",)


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


class Norms(msgspec.Struct, frozen=True):
    """A file of reference bands.

    Attributes
    ----------
    name, source, licence
        What it is called, whose recordings these are, and on what terms.
    population
        Runners, recordings, sex, ranges of height, mass and speed, how they were recorded.
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
    population: dict[str, Any]
    quantiles: tuple[float, ...]
    middle: float
    metrics: dict[str, Band]
    study: str
    headway: str
    schema: int = SCHEMA


class Place(msgspec.Struct, frozen=True):
    """Where a value stands: the share of runners below it lies between ``low`` and ``high``; ``band`` is the quantiles at its speed."""

    low: float
    high: float
    band: tuple[float, ...]
    norms: str


def build_norms(study: Study, *, name: str, source: str, licence: str) -> Norms:
    """Bands by speed for every metric that enough runners carry, by linear quantile regression (Koenker and Bassett 1978).

    Every runner weighs the same. The standard errors come from drawing runners with replacement (seeded).

    Raises
    ------
    RecordingError
        No runners are named, or too few for any metric.
    OptionError
        Source or licence is empty.
    """
    for option, text in (("--name", name), ("--source", source), ("--licence", licence)):
        if not text.strip():
            raise OptionError(
                option, "is empty", "norms have to say whose recordings they come from, and on what terms"
            )
    where, people = str(study.folder), study.recordings.dropna(subset=["runner", "speed"])
    count = people["runner"].nunique()
    if count < FEWEST_RUNNERS:
        what = f"{count} runners are named, norms need {FEWEST_RUNNERS}"
        raise RecordingError(where, what, "name them in the column runner of the manifest")
    middle = round(float(people["speed"].median()), 2)
    found = {metric: _band(study.values(metric), middle) for metric in study.measured() if metric not in NO_NORM}
    bands = {metric: band for metric, band in found.items() if band is not None}
    if not bands:
        raise RecordingError(where, f"no metric is carried by {FEWEST_RUNNERS} runners", "add recordings")
    keys = "\n".join(f"{row}" for row in sorted(people["key"]))
    digest = hashlib.blake2b(keys.encode(), digest_size=16).hexdigest()
    return Norms(name, source, licence, _population(people), QUANTILES, middle, bands, digest, headway.__version__)


def _population(people: Table) -> dict[str, Any]:
    one_each = people.drop_duplicates("runner")
    out: dict[str, Any] = {"runners": len(one_each), "recordings": len(people)}
    out["sex"] = {str(sex): int(n) for sex, n in one_each["sex"].value_counts(dropna=True).sort_index().items()}
    for column in ("height", "mass", "speed"):
        values = people[column].dropna()
        out[column] = [round(float(values.min()), 3), round(float(values.max()), 3)] if len(values) else None
    for column in ("view", "treadmill", "force"):
        out[column] = sorted({str(value) for value in people[column].dropna()})
    return out


def _band(values: Table, middle: float) -> Band | None:
    rows = values.dropna(subset=["runner", "speed", "value"])
    names = sorted(set(rows["runner"]))
    if len(names) < FEWEST_RUNNERS or rows["value"].nunique() < len(QUANTILES):
        return None
    value, speed = rows["value"].to_numpy(float), rows["speed"].to_numpy(float) - middle
    member = np.searchsorted(names, rows["runner"].to_numpy(str))
    times = np.bincount(member, minlength=len(names))
    lines = _lines(speed, value, 1.0 / times[member])
    draws = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), RESAMPLES)
    drawn = [_lines(speed, value, draw[member] / times[member]) for draw in draws]
    error = np.std([line[:, 0] for line in drawn], axis=0, ddof=1)
    ends = (round(float(rows["speed"].min()), 2), round(float(rows["speed"].max()), 2))
    status = "estimated" if (rows["status"] == "estimated").any() else "measured"
    level, slope = lines.T
    return Band(
        str(rows["unit"].iloc[0]), len(names), len(rows), ends, status, _short(level), _short(slope), _short(error)
    )


def _lines(speed: FloatArray, value: FloatArray, weight: FloatArray) -> FloatArray:
    """Level at 0 and slope of every quantile, shape (quantile, 2); lines that cross within the data are put in order."""
    kept = weight > 0
    x, y, w = speed[kept], value[kept], weight[kept]
    level = np.ptp(x) < 2 * REACH
    scale = float(np.ptp(y)) or 1.0
    design = np.column_stack([np.ones(len(x)), np.zeros(len(x)) if level else x])
    equal = np.hstack([design, np.eye(len(x)), -np.eye(len(x))])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * len(x))
    out = []
    for share in QUANTILES:
        cost = np.concatenate([np.zeros(2), share * w, (1 - share) * w])
        out.append(linprog(cost, A_eq=equal, b_eq=y / scale, bounds=bounds, method="highs").x[:2] * scale)
    lines = np.array(out)
    if level:
        lines[:, 1] = 0.0
        return lines
    ends = np.array([x.min(), x.max()])
    heights = np.sort(lines[:, :1] + lines[:, 1:] * ends, axis=0)
    slope = (heights[:, 1] - heights[:, 0]) / (ends[1] - ends[0])
    return np.column_stack([heights[:, 0] - slope * ends[0], slope])


def _short(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)


def save_norms(norms: Norms, path: Path) -> None:
    """Write the file.

    Raises
    ------
    RecordingError
        It cannot be written.
    """
    from headway.study.store import put

    data = msgspec.json.format(msgspec.json.encode(norms), indent=1) + b"\n"
    try:
        put(path, lambda stream: stream.write(data))
    except OSError as error:
        raise RecordingError(
            str(path), f"cannot be written ({error.strerror})", "name another file with --out"
        ) from error


def load_norms(which: str | Path = "rbds") -> Norms:
    """Read norms: those that come with Headway by name (``rbds``), others by path.

    Raises
    ------
    RecordingError
        The file is missing, damaged, or of a later version.
    """
    own = str(which) in SHIPPED
    source = files("headway.data").joinpath(f"norms_{which}.json") if own else Path(which)
    try:
        norms = msgspec.json.decode(source.read_bytes(), type=Norms)
    except (OSError, msgspec.DecodeError) as error:
        told = " ".join(str(error).split())[:120]
        raise RecordingError(
            str(which), f"no readable norms ({told})", "give a file that headway norms build wrote"
        ) from error
    if norms.schema != SCHEMA:
        raise RecordingError(
            str(which), f"norms of schema {norms.schema}, this version reads {SCHEMA}", "update Headway"
        )
    return norms


def place(norms: Norms, metric: str, value: float, speed: float | None) -> Place | None:
    """Where a value stands at a speed; ``None`` where the norms do not reach (no such metric, no speed, speed beyond their runners)."""
    band = norms.metrics.get(metric)
    if band is None or speed is None or not np.isfinite([value, speed]).all():
        return None
    if not band.speed[0] - REACH <= speed <= band.speed[1] + REACH:
        return None
    lines = tuple(height for height in _heights(norms, band, speed))
    below = sum(value > line for line in lines)
    edges = (0.0, *norms.quantiles, 1.0)
    return Place(edges[below], edges[below + 1], lines, norms.name)


def _heights(norms: Norms, band: Band, speed: float) -> Iterator[float]:
    for level, slope in zip(band.at_middle, band.slope, strict=True):
        yield level + slope * (speed - norms.middle)
