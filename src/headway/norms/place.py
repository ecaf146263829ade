"""Where one analysis stands among the runners of a file of norms, and what that file cannot carry for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from headway.metrics import REGISTRY
from headway.norms.bands import REACH, Band, Norms
from headway.plain import rounded
from headway.results import Among, Interval, Placed, Summary, Value, value_of

if TYPE_CHECKING:
    from headway.analysis import Analysis

TWO_SIDED = 1.96
SEXES = {"male": ("man", "men"), "female": ("woman", "women")}
"""One and several, in words."""


class Place(msgspec.Struct, frozen=True):
    """Where a value stands.

    Attributes
    ----------
    low, high
        The share of runners with a lower value lies between these.
    surely
        The same, widened by the value's 95 % interval and by the standard error of each line.
    band
        The quantiles at its speed, in the metric's unit.
    norms
        Name of the file.
    """

    low: float
    high: float
    surely: tuple[float, float]
    band: tuple[float, ...]
    norms: str


def place(
    norms: Norms, metric: str, value: float, speed: float | None, ci95: tuple[float, float] | None = None
) -> Place | None:
    """Where a value stands at a speed; ``None`` where the norms do not reach (no such metric, no speed, speed beyond their runners).

    Parameters
    ----------
    norms, metric
        The file, and a metric of the registry.
    value, ci95
        In the metric's unit.
    speed
        m/s.

    Notes
    -----
    A line is surely passed when value and line differ by more than the root of the sum of squares of their 95 % half-widths: each is a
    mean over steps, or a quantile over runners, and neither knows of the other.
    """
    band = norms.metrics.get(metric)
    if band is None or speed is None or not np.isfinite([value, speed]).all() or not reaches(band, speed):
        return None
    lines = band.lines(speed - norms.middle)
    low, high = ci95 or (value, value)
    under = [float(np.hypot(value - low, TWO_SIDED * error)) for error in band.error]
    over = [float(np.hypot(high - value, TWO_SIDED * error)) for error in band.error]
    below = sum(value > line for line in lines)
    least = sum(value - half > line for half, line in zip(under, lines, strict=True))
    most = sum(value + half > line for half, line in zip(over, lines, strict=True))
    edges = (0.0, *norms.quantiles, 1.0)
    return Place(edges[below], edges[below + 1], (edges[least], edges[most + 1]), lines, norms.name)


def reaches(band: Band, speed: float) -> bool:
    """Whether a band is read at a speed, m/s."""
    return band.speed[0] - REACH <= speed <= band.speed[1] + REACH


def against(analysis: Analysis, norms: Norms) -> Analysis:
    """The analysis with an entry ``norms`` in its summary: every metric that can be placed, why others cannot, and what to bear in mind.

    Parameters
    ----------
    analysis
        As measured; nothing else of it changes.
    norms
        As read by :func:`headway.norms.load_norms`.
    """
    summary = analysis.summary
    speed = _speed(summary)
    placed: dict[str, Placed] = {}
    unplaced: dict[str, str] = {}
    for metric, band in norms.metrics.items():
        entry = summary.metrics.get(metric)
        if not isinstance(entry, Value):
            continue
        why = _why_not(metric, band, summary, norms, speed)
        found = place(norms, metric, entry.value, speed, entry.ci95) if why is None else None
        if found is None:
            unplaced[metric] = why or "the norms do not reach it"
            continue
        placed[metric] = Placed(
            lower=(found.low, found.high),
            lower_surely=found.surely,
            band=[rounded(line) for line in found.band],
            runners=band.runners,
        )
    told = Among(
        name=norms.name,
        source=norms.source,
        licence=norms.licence,
        population=norms.population,
        quantiles=list(norms.quantiles),
        speed=None if speed is None else rounded(speed),
        remarks=[*remarks(summary, norms, speed), *_unsure(list(placed), summary)] if placed else [],
        metrics=placed,
        unplaced=unplaced,
    )
    return replace(analysis, summary=msgspec.structs.replace(summary, norms=told))


def _speed(summary: Summary) -> float | None:
    """Speed as studies have it: as stated, else as found."""
    given = summary.recording.speed
    return given if given is not None else value_of(summary.metrics.get("speed"))


def _why_not(metric: str, band: Band, summary: Summary, norms: Norms, speed: float | None) -> str | None:
    """Why a metric is not placed; ``None`` where it is."""
    if speed is None:
        return "the speed is not known, and every band depends on it"
    if not reaches(band, speed):
        return f"{speed:.2f} m/s is beyond the {_span(band.speed)} m/s of these runners"
    alike = summary.recording.view in norms.population.view
    if not alike and metric in REGISTRY and REGISTRY[metric].kind == "range":
        return "a range is that of the mean stride here, and a mean over single steps there"
    return None


def remarks(summary: Summary, norms: Norms, speed: float | None) -> list[str]:
    """What to bear in mind when a runner is placed among these: sex, size, ground, how both were recorded."""
    known, runner, recording = norms.population, summary.runner, summary.recording
    out = [_of_sex(known.sex, runner.sex)]
    if speed is not None and known.speed is not None and not known.speed[0] <= speed <= known.speed[1]:
        out.append(f"{speed:.2f} m/s is a little beyond their {_span(known.speed)} m/s: the bands are prolonged")
    out += [_of_size("height", "m", 2, known.height, runner.height), _of_size("mass", "kg", 0, known.mass, runner.mass)]
    if known.treadmill == ["True"] and recording.treadmill is False:
        out.append("they ran on a treadmill, this recording is overground")
    if known.treadmill == ["False"] and recording.treadmill:
        out.append("they ran overground, this recording is on a treadmill")
    if known.view and recording.view not in known.view:
        how = "markers" if known.view == ["3d"] else ", ".join(known.view)
        out.append(
            f"they were recorded with {how}, this runner was not: the same words may be measured with another bias"
        )
    elif known.force == ["measured"] and summary.force.status == "estimated":
        out.append("their ground force was measured, this runner's is estimated from motion")
    return [text for text in out if text]


def _of_size(word: str, unit: str, digits: int, theirs: Interval | None, own: float | None) -> str:
    """Height or mass of the runner, where it is beyond that of all of these."""
    if theirs is None or own is None or theirs[0] <= own <= theirs[1]:
        return ""
    return f"their {word} was {_span(theirs, digits)} {unit}, this runner's is {own:.{digits}f} {unit}"


def _unsure(placed: Sequence[str], summary: Summary) -> list[str]:
    entries = (summary.metrics[metric] for metric in placed)
    bare = sum(isinstance(entry, Value) and entry.ci95 is None for entry in entries)
    if not bare:
        return []
    which = "the values have no interval and are" if bare == len(placed) else f"{bare} values without an interval are"
    return [f"{which} placed as if they were exact: only the uncertainty of the bands is in the shares"]


def people(known: Mapping[str, int]) -> str:
    """How many of each sex, in words, most first."""
    told = sorted(known.items(), key=lambda one: -one[1])
    return " and ".join(f"{n} {SEXES[sex][n != 1] if sex in SEXES else sex}" for sex, n in told)


def _of_sex(known: Mapping[str, int], sex: str | None) -> str:
    """Of which sex the runners are, unless at least half are of that of this runner."""
    if not known:
        return "the sex of these runners is not known"
    if sex is not None and known.get(sex, 0) * 2 >= sum(known.values()):
        return ""
    this = "" if sex is None else f", this is a {SEXES[sex][0]}"
    return f"these are {people(known)}{this}: the bands do not tell the sexes apart"


def _span(ends: Interval, digits: int = 1) -> str:
    return f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"
