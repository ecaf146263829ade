"""How a comparison is told in words and numbers: the speeds, what differs, and every measure as a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.comparison.result import ComparedRow, ComparisonSummary
from headway.comparison.rows import FEWEST_STEPS
from headway.report.experiment import signed
from headway.report.numbers import ABSENT, Scale, decimals_for, number, scale_of, tidy, told_interval, with_unit

WORDS = {
    "differs": "differs",
    "unsure": "perhaps",
    "no difference seen": "none seen",
    "no interval": "no interval",
    "not compared": "not compared",
}
"""Verdict of a row to its word on the page."""
WIDEST = 3.0
"""The strip ends at so many times the larger own noise."""


def speed_words(summary: ComparisonSummary) -> tuple[str, ...]:
    """What is said first: a headline, then the speeds and what follows from them."""
    speed, one, two = summary.speed, summary.a.label, summary.b.label
    text = f"{one} {_pace(speed.a, speed.froude_a)}; {two} {_pace(speed.b, speed.froude_b)}."
    if speed.matched is None or speed.difference is None:
        headline = "Not known whether the speeds agree"
        return headline, text, "Most measures change with speed; forces and impulses are not compared."
    apart = abs(speed.difference)
    own = " for its size" if speed.froude_a is not None else ""
    if speed.matched:
        return "The same speed" + (" for their size" if own else ""), tidy(
            f"{text} They agree within 2 %{' for their size' if own else ''}."
        )
    faster = two if speed.difference > 0 else one
    return (
        "Different speeds",
        tidy(f"{text} {faster} is {apart:.0%} faster{own}."),
        "Most measures change with speed: every difference below is also one of speed. Forces and impulses are not compared.",
    )


def _pace(speed: float | None, froude: float | None) -> str:
    if speed is None:
        return "at an unknown speed"
    return f"runs at {speed:.2f} m/s" + ("" if froude is None else f" (Froude speed {froude:.2f})")


def finding_sentences(summary: ComparisonSummary) -> list[str]:
    """What differs by more than both runners' own noise and stands out among all, one sentence each: key measures first, then the largest."""
    one, two, order = summary.a.label, summary.b.label, summary.key
    found = [row for row in summary.rows if row.verdict == "differs"]
    found.sort(key=lambda row: (order.index(row.name) if row.name in order else len(order), -_size(row)))
    out = []
    for row in found:
        cells = versus(row)
        tail = row.deciding[0].partition(" of ")[2] if cells.a_normal else ""
        own = [
            f"{_short(normal, tail)} ({value})" if normal else value
            for normal, value in ((cells.a_normal, cells.a), (cells.b_normal, cells.b))
        ]
        tail = f" of {tail}" if tail else ""
        change = f"{_short(cells.change, tail)} ({cells.bare})"
        out.append(f"{row.title}: {one} {own[0]}, {two} {own[1]}{tail}; {two} − {one} {change}")
    return out


def nothing_words(summary: ComparisonSummary) -> str:
    """What is said when nothing differs: that nothing was seen, or that nothing could be."""
    few = [side.label for side in (summary.a, summary.b) if side.steps.count < FEWEST_STEPS]
    if few:
        return f"Too few steps in {' and '.join(few)} to know a runner's own noise: nothing is called different, at most perhaps"
    return (
        "Nothing differs by more than both runners' own noise; differences smaller than the intervals are not ruled out"
    )


def _short(text: str, tail: str) -> str:
    """Number with its unit without what is said once for both."""
    tail = tail.removeprefix(" of ")
    return text.removesuffix(f" of {tail}") if tail else text


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


def versus(row: ComparedRow) -> Versus:
    """One measure as text."""
    sides = (row.a, row.b)
    scale = scale_of(row.unit, row.name, max(abs(side.value) for side in sides))
    places = max(decimals_for(scale, side.ci95) for side in sides)
    shown = [with_unit(number(side.value * scale.factor, places), scale.unit) for side in sides]
    marks = ["≈" if side.status == "estimated" else "" for side in sides]
    unit, change, interval = row.deciding
    normal = row.normalised
    decides = scale if normal is None else Scale(1.0, unit, 1 if unit.startswith("%") else 2)
    digits = decimals_for(decides, interval)
    normals = [] if normal is None else [with_unit(number(one, digits), unit) for one in (normal.a, normal.b)]
    return Versus(
        title=row.title,
        a=shown[0],
        b=shown[1],
        a_mark=marks[0],
        b_mark=marks[1],
        a_normal=normals[0] if normals else "",
        b_normal=normals[1] if normals else "",
        change=ABSENT if change is None else signed(change, decides, digits),
        absolute="" if normal is None or row.difference is None else signed(row.difference, scale, places),
        interval=_interval(interval, decides, digits, change),
        bare=_interval(interval, Scale(decides.factor, "", digits), digits, change),
        word=WORDS[row.verdict],
        verdict=row.verdict.replace(" ", "-"),
        why=tidy(row.why),
        remarks=row.remarks,
        strip=_strip(row),
    )


def _interval(interval: Sequence[float] | None, scale: Scale, digits: int, change: float | None) -> str:
    if change is None:
        return ""
    if interval is None:
        return "no interval"
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
        out.append((name, [versus(row) for row in own], sum(row.verdict == "differs" for row in own)))
    return out
