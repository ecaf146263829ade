"""How a comparison is told in words and numbers: the speeds, what differs, and every measure as a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.comparison.result import ComparedRow, ComparisonSummary, RowVerdict
from headway.comparison.rows import FEWEST_STEPS
from headway.report.experiment import signed
from headway.report.numbers import ABSENT, Scale, decimals_for, number, scale_of, tidy, told_interval, with_unit
from headway.texts import TEXTS, figures, shown

WORDS: dict[RowVerdict, str] = {
    "differs": "differs",
    "unsure": "unsure",
    "no difference seen": "none",
    "no interval": "no_interval",
    "not compared": "not_compared",
}
"""Verdict of a row to the key of its word, which is its class in the style sheet too."""
SHARES = {"% of stride": "stride", "% of leg length": "leg", "% of BW·leg length": "work", "% of BW·√(gL)": "power"}
"""Units that are shares, to the key of what they are shares of: a sentence says it once."""
WIDEST = 3.0
"""The strip ends at so many times the larger own noise."""


def speed_words(summary: ComparisonSummary) -> tuple[str, ...]:
    """What is said first: a headline, then the speeds and what follows from them."""
    speed, one, two = summary.speed, shown(summary.a.label), shown(summary.b.label)
    text = f"{_pace(one, speed.a, speed.froude_a)}; {_pace(two, speed.b, speed.froude_b)}."
    if speed.matched is None or speed.difference is None:
        return TEXTS("compared.speed_unknown"), text, TEXTS("compared.loads_unknown")
    size = "" if speed.froude_a is None else "_size"
    if speed.matched:
        return TEXTS(f"compared.speed_same{size}"), tidy(f"{text} {TEXTS(f'compared.agree{size}')}")
    faster, share = (two if speed.difference > 0 else one), f"{abs(speed.difference):.0%}"
    return (
        TEXTS("compared.speed_different"),
        tidy(f"{text} {TEXTS(f'compared.faster{size}', who=faster, share=share)}"),
        TEXTS("compared.loads_differ"),
    )


def _pace(who: str, speed: float | None, froude: float | None) -> str:
    if speed is None:
        return TEXTS("compared.pace_unknown", who=who)
    told = figures(f"{speed:.2f} m/s")
    if froude is None:
        return TEXTS("compared.pace", who=who, speed=told)
    return TEXTS("compared.pace_froude", who=who, speed=told, froude=number(froude, 2))


@dataclass(frozen=True)
class DifferenceFound:
    """A measure that differs, and how, as a sentence."""

    title: str
    text: str


def findings(summary: ComparisonSummary) -> list[DifferenceFound]:
    """What differs by more than both runners' own noise and stands out among all: key measures first, then the largest."""
    one, two, order = shown(summary.a.label), shown(summary.b.label), summary.key
    found = [row for row in summary.rows if row.verdict == "differs"]
    found.sort(key=lambda row: (order.index(row.name) if row.name in order else len(order), -_size(row)))
    return [DifferenceFound(shown(row.title), _sentence(row, one, two)) for row in found]


def _sentence(row: ComparedRow, one: str, two: str) -> str:
    cells, (unit, _, _) = versus(row), row.deciding
    share = SHARES.get(unit) if row.normalised else None
    brief = cells if share is None else versus(row, unit="%")
    own = [
        f"{normal} ({value})" if normal else value
        for normal, value in ((brief.a_normal, cells.a), (brief.b_normal, cells.b))
    ]
    return TEXTS(
        "compared.finding",
        one=one,
        two=two,
        first=own[0],
        second=own[1],
        of="" if share is None else TEXTS(f"compared.of_{share}"),
        change=f"{brief.change} ({cells.bare})",
    )


def nothing_words(summary: ComparisonSummary) -> str:
    """What is said when nothing differs: that nothing was seen, or that nothing could be."""
    few = [shown(side.label) for side in (summary.a, summary.b) if side.steps.count < FEWEST_STEPS]
    return TEXTS("compared.nothing_few", who=TEXTS("words.and").join(few)) if few else TEXTS("compared.nothing")


def _size(row: ComparedRow) -> float:
    """Difference in own noises."""
    change, noise = row.deciding[1], row.noise.larger
    return abs(change) / noise if noise and change is not None else 0.0


@dataclass(frozen=True)
class NoiseStrip:
    """Where on a strip of 100 the difference and its interval lie; the own noise is its middle third."""

    low: float
    width: float
    at: float


@dataclass(frozen=True)
class Versus:
    """One measure as text: both values, the difference that decides with its interval, and where they lie against the own noise."""

    title: str
    a: str
    b: str
    a_mark: str
    b_mark: str
    a_normal: str
    b_normal: str
    change: str
    absolute: str
    interval: str
    bare: str
    word: str
    verdict: str
    why: str
    remarks: list[str]
    strip: NoiseStrip | None


def versus(row: ComparedRow, unit: str | None = None) -> Versus:
    """One measure as text; ``unit`` is written in place of the one that decides."""
    sides = (row.a, row.b)
    scale = scale_of(row.unit, row.name, max(abs(side.value) for side in sides))
    places = max(decimals_for(scale, side.ci95) for side in sides)
    values = [with_unit(number(side.value * scale.factor, places), scale.unit) for side in sides]
    marks = ["≈" if side.status == "estimated" else "" for side in sides]
    own, change, interval = row.deciding
    normal = row.normalised
    decides = scale if normal is None else Scale(1.0, unit or own, 1 if own in SHARES else 2)
    digits = decimals_for(decides, interval)
    normals = [] if normal is None else [with_unit(number(one, digits), decides.unit) for one in (normal.a, normal.b)]
    return Versus(
        title=shown(row.title),
        a=values[0],
        b=values[1],
        a_mark=marks[0],
        b_mark=marks[1],
        a_normal=normals[0] if normals else "",
        b_normal=normals[1] if normals else "",
        change=ABSENT if change is None else signed(change, decides, digits),
        absolute="" if normal is None or row.difference is None else signed(row.difference, scale, places),
        interval=_interval(interval, decides, digits, change),
        bare=_interval(interval, Scale(decides.factor, "", digits), digits, change),
        word=TEXTS(f"compared.word_{WORDS[row.verdict]}"),
        verdict=WORDS[row.verdict],
        why=tidy(shown(row.why)),
        remarks=[shown(text) for text in row.remarks],
        strip=_strip(row),
    )


def _interval(interval: Sequence[float] | None, scale: Scale, digits: int, change: float | None) -> str:
    if change is None:
        return ""
    if interval is None:
        return TEXTS("experiment.no_interval")
    low, high = sorted(bound * scale.factor for bound in interval)
    return with_unit(told_interval(low, high, digits), scale.unit)


def _strip(row: ComparedRow) -> NoiseStrip | None:
    """``None`` without a noise, a difference or an interval."""
    _, change, interval = row.deciding
    noise = row.noise.larger
    if not noise or change is None or interval is None:
        return None

    def place(value: float) -> float:
        return round(50.0 + 50.0 * min(max(value / noise / WIDEST, -1.0), 1.0), 1)

    low, high = sorted(interval)
    return NoiseStrip(place(low), round(place(high) - place(low), 1), min(max(place(change), 2.0), 98.0))


def family_tables(rows: Sequence[ComparedRow]) -> list[tuple[str, list[Versus], int]]:
    """All measures by family: name, rows, and how many of them differ."""
    out = []
    for name in dict.fromkeys(row.family for row in rows):
        own = [row for row in rows if row.family == name]
        out.append((shown(name), [versus(row) for row in own], sum(row.verdict == "differs" for row in own)))
    return out
