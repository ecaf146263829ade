"""Where the runner stands among those of a file of norms: one row per metric, and what to bear in mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.metrics.registry import Metric
from headway.norms.place import people
from headway.report.numbers import Shown, number, show, span, title_of, with_unit
from headway.results import Placed, Population, Summary, Value


@dataclass(frozen=True)
class NormsRow:
    """One metric among the runners; positions in % of the strip's width.

    Attributes
    ----------
    title, shown
        Of the metric.
    lower
        How many of the runners have a lower value, in words.
    middle
        The range of the middle half of the runners.
    outer, inner, median, interval, value
        Start and width of the range from the first to the last quantile and of the middle half; the median; the value with its 95 % interval.
    """

    title: str
    shown: Shown
    lower: str
    middle: str
    outer: tuple[float, float]
    inner: tuple[float, float]
    median: float
    interval: tuple[float, float] | None
    value: float


@dataclass(frozen=True)
class Standing:
    """Contents of the section on norms: the file in words, speed, first and last share in %, rows, and metrics by why they are not placed."""

    name: str
    source: str
    licence: str
    remarks: list[str]
    people: str
    speed: str
    shares: list[str]
    rows: list[NormsRow]
    unplaced: list[tuple[str, list[str]]]


def standing(summary: Summary, registry: Mapping[str, Metric]) -> Standing | None:
    """Contents of the section on norms; ``None`` when none were asked for."""
    told = summary.norms
    if told is None:
        return None
    order = {name: place for place, name in enumerate(registry)}
    why: dict[str, list[str]] = {}
    for name, reason in told.unplaced.items():
        why.setdefault(reason, []).append(title_of(name))
    return Standing(
        name=told.name,
        source=told.source,
        licence=told.licence,
        remarks=told.remarks,
        people=_people(told.population),
        speed="" if told.speed is None else with_unit(number(told.speed, 2), "m/s"),
        shares=[f"{100 * share:.0f}" for share in (told.quantiles[0], told.quantiles[-1])],
        rows=[
            _row(title_of(name), name, entry, told.metrics[name], told.quantiles)
            for name in sorted(told.metrics, key=lambda name: order.get(name, len(order)))
            if isinstance(entry := summary.metrics[name], Value)
        ],
        unplaced=list(why.items()),
    )


def _people(known: Population) -> str:
    told = people(known.sex)
    parts = [f"{known.runners} runners" + (f" ({told})" if told else ""), f"{known.recordings} recordings"]
    for word, unit, places, ends in (
        ("speed", "m/s", 1, known.speed),
        ("height", "m", 2, known.height),
        ("mass", "kg", 0, known.mass),
    ):
        if ends is not None:
            parts.append(f"{word} {with_unit(span(*ends, places), unit)}")
    grounds = {"True": "treadmill", "False": "overground"}
    return ", ".join([*parts, *(grounds[one] for one in known.treadmill if one in grounds)])


def _row(title: str, name: str, entry: Value, placed: Placed, shares: Sequence[float]) -> NormsRow:
    shown, value, band, interval = show(name, entry), entry.value, placed.band, entry.ci95
    first, last = _at(shares, 0.25, band), _at(shares, 0.75, band)
    ends = [value, band[0], band[-1], *(interval or ())]
    low, high = min(ends), max(ends)
    margin = 0.06 * (high - low) or 1.0

    def at(one: float) -> float:
        return round(100.0 * (one - low + margin) / (high - low + 2 * margin), 1)

    def piece(start: float, stop: float) -> tuple[float, float]:
        return at(start), round(at(stop) - at(start), 1)

    factor = shown.scale.factor
    return NormsRow(
        title,
        shown,
        share_words(*placed.lower_surely),
        with_unit(span(first * factor, last * factor, shown.decimals), shown.unit),
        piece(band[0], band[-1]),
        piece(first, last),
        at(_at(shares, 0.5, band)),
        None if interval is None else piece(*interval),
        at(value),
    )


def _at(shares: Sequence[float], share: float, band: Sequence[float]) -> float:
    """The line that is nearest to a share."""
    return float(min(zip(shares, band, strict=True), key=lambda one: abs(one[0] - share))[1])


def share_words(low: float, high: float) -> str:
    """A range of shares of the runners in words."""
    if low <= 0 and high >= 1:
        return "cannot be told"
    if low <= 0:
        return f"fewer than {100 * high:.0f} %"
    return f"more than {100 * low:.0f} %" if high >= 1 else f"{100 * low:.0f} to {100 * high:.0f} %"
