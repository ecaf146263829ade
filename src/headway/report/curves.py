"""Curves over stance as the page draws them: in shown units, rounded, with what to say where there are none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xarray as xr

from headway.metrics.needs import NEEDS
from headway.report.numbers import number, with_unit
from headway.results import Entries, NotMeasurable, Value, value_of
from headway.texts import TEXTS

FloatArray = npt.NDArray[np.float64]
SIDES = ("left", "right")
POINTS = ("head", "neck_base", "pelvis", "com")
"""Body points that are drawn, in order (``com``: the whole body's centre of mass)."""


def point_words(point: str) -> str:
    """The words at the line of a point."""
    return TEXTS(f"curves.point_{point}")


@dataclass(frozen=True)
class Missing:
    """Why a picture cannot be drawn, and what to record instead."""

    why: str
    record: str


@dataclass(frozen=True)
class Series:
    """One line: mean and spread over steps, 0 to 100 % of stance; ``style`` is a class of the style sheet."""

    name: str
    side: str
    style: str
    mean: list[float | None]
    sd: list[float | None] | None


@dataclass(frozen=True)
class Chart:
    """One plot over stance.

    Attributes
    ----------
    key
        Unique on the page.
    unit, decimals
        Unit shown and digits of the readout.
    side
        The foot it belongs to; ``None`` when it shows both.
    domain, shared
        Vertical range of its own, and the one it has in common with its neighbours (``None``: the same).
    ends
        What up and down mean.
    marks
        (% of stance, value, words).
    label
        What it shows, for those who hear the page.
    """

    key: str
    unit: str
    decimals: int
    side: str | None
    domain: tuple[float, float]
    series: list[Series]
    ends: tuple[str, str] = ("", "")
    shared: tuple[float, float] | None = None
    marks: list[tuple[float, float, str]] = field(default_factory=list)
    label: str = ""


def pick(waveforms: xr.Dataset, variable: str, **labels: str) -> FloatArray | None:
    """Take one curve out of the waveforms; ``None`` when it is absent or holds no number."""
    held = (
        waveforms.variables
    )  # of numpy: a page takes some hundred curves, and selecting by label costs a millisecond each
    if variable not in held or any(dim not in held[variable].dims for dim in labels):
        return None
    names = {dim: held[dim].values.tolist() for dim in labels}
    if any(label not in names[dim] for dim, label in labels.items()):
        return None
    place = {dim: names[dim].index(label) for dim, label in labels.items()}
    values = held[variable].values[tuple(place.get(str(dim), slice(None)) for dim in held[variable].dims)]
    return values.astype(np.float64) if np.isfinite(values).any() else None


def plain(values: FloatArray, decimals: int) -> list[float | None]:
    """Round to a list for JSON, with ``None`` for NaN and whole numbers without a point."""
    rounded = np.round(values, decimals)
    if decimals <= 0:
        return [int(v) if np.isfinite(v) else None for v in rounded]
    return [float(v) + 0.0 if np.isfinite(v) else None for v in rounded]


def series(
    waveforms: xr.Dataset, variable: str, name: str, style: str, factor: float, decimals: int, **labels: str
) -> Series | None:
    """Make a line from a variable and its ``_sd`` twin, in shown units."""
    mean = pick(waveforms, variable, **labels)
    if mean is None:
        return None
    spread = pick(waveforms, f"{variable}_sd", **labels)
    sd = None if spread is None else plain(spread * factor, decimals)
    return Series(name, labels["side"], style, plain(mean * factor, decimals), sd)


def _values(lines: Iterable[Series], window: tuple[int, int]) -> list[float]:
    first, last = window
    found: list[float] = []
    for line in lines:
        spread = line.sd or [None] * len(line.mean)
        for mean, sd in zip(line.mean[first : last + 1], spread[first : last + 1], strict=True):
            if mean is not None:
                found += [mean - (sd or 0.0), mean + (sd or 0.0)]
    return found


def domain(lines: Iterable[Series], window: tuple[int, int] = (0, 100)) -> tuple[float, float]:
    """Find the vertical range that holds the lines, their spread and zero.

    Parameters
    ----------
    lines
        What has to fit.
    window
        First and last % of stance that count.
    """
    found = [0.0, *_values(lines, window)]
    low, high = min(found), max(found)
    margin = 0.08 * (high - low) or 1.0
    return (round(low - (margin if low < 0 else 0.0), 4), round(high + margin, 4))


def finite_pairs(row: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """Points of a flat row x, y, x, y; ``None`` for one that was not seen."""
    pairs = zip(row[::2], row[1::2], strict=True)
    return [None if x is None or y is None else (x, y) for x, y in pairs]


def spoken(title: str, lines: Sequence[Series], unit: str, decimals: int) -> str:
    """Describe a plot in words: the lowest and highest value of every line and where they lie."""
    parts = []
    for line in lines:
        values = np.array([np.nan if v is None else v for v in line.mean])
        low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
        ends = [
            TEXTS("curves.spoken_at", value=with_unit(number(float(values[i]), decimals), unit), percent=i)
            for i in (low, high)
        ]
        parts.append(TEXTS(f"curves.spoken_{line.side}", name=line.name, low=ends[0], high=ends[1]))
    return TEXTS("curves.spoken", title=title, lines="; ".join(parts))


def missing(entries: Entries, names: Sequence[str], why: str, record: str) -> Missing:
    """Say why a picture is missing: as the metrics beside it do, else in the given words."""
    for name in names:
        if isinstance(entry := entries.get(name), NotMeasurable):
            return Missing(entry.why, entry.record or record)
    return Missing(why, record)


def missing_points(shown: Collection[str], wanted: Sequence[str]) -> list[tuple[str, Missing]]:
    """Name the body points that a picture lacks, each with the reason and the remedy."""
    return [(point_words(point), Missing(*NEEDS[point])) for point in wanted if point not in shown]


def peak_of_stance(waveforms: xr.Dataset, side: str) -> int | None:
    """Find the % of stance of the greatest vertical ground force between 20 and 70 %, past the impact."""
    force = pick(waveforms, "ground_force", side=side, axis="up")
    if force is None or not np.isfinite(force[20:71]).any():
        return None
    return 20 + int(np.nanargmax(force[20:71]))


def contact_time(entries: Entries, side: str) -> float | None:
    """Contact time of one foot, s, else that of both."""
    entry = entries.get("contact_time")
    own = None if not isinstance(entry, Value) else entry.left if side == "left" else entry.right
    return own or value_of(entry)
