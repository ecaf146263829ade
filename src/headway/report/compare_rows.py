"""How a comparison is told in words and numbers: the speeds, what differs, and every measure as a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headway.comparison.rows import FEWEST_STEPS
from headway.report.experiment import signed, tidy
from headway.report.numbers import ABSENT, Scale, decimals_for, number, scale_of, span, with_unit

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


def speed_words(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """What is said first: a headline, then the speeds and what follows from them."""
    speed, one, two = summary["speed"], summary["a"]["label"], summary["b"]["label"]
    told = [f"{label} {_pace(speed, who)}" for label, who in ((one, "a"), (two, "b"))]
    text = f"{told[0]}; {told[1]}."
    if speed["matched"] is None:
        headline = "Not known whether the speeds agree"
        return headline, text, "Most measures change with speed; forces and impulses are not compared."
    apart = abs(speed["difference"])
    own = " for its size" if speed["froude_a"] is not None else ""
    if speed["matched"]:
        return "The same speed" + (" for their size" if own else ""), tidy(
            f"{text} They agree within 2 %{' for their size' if own else ''}."
        )
    faster = two if speed["difference"] > 0 else one
    return (
        "Different speeds",
        tidy(f"{text} {faster} is {apart:.0%} faster{own}."),
        "Most measures change with speed: every difference below is also one of speed. Forces and impulses are not compared.",
    )


def _pace(speed: Mapping[str, Any], who: str) -> str:
    if speed[who] is None:
        return "at an unknown speed"
    froude = speed[f"froude_{who}"]
    return f"runs at {speed[who]:.2f} m/s" + ("" if froude is None else f" (Froude speed {froude:.2f})")


def finding_sentences(summary: Mapping[str, Any]) -> list[str]:
    """What differs by more than both runners' own noise and stands out among all, one sentence each: key measures first, then the largest."""
    one, two = summary["a"]["label"], summary["b"]["label"]
    order = list(summary["key"])
    found = [row for row in summary["rows"] if row["verdict"] == "differs"]
    found.sort(key=lambda row: (order.index(row["name"]) if row["name"] in order else len(order), -_size(row)))
    out = []
    for row in found:
        cells = versus(row)
        tail = _deciding(row)[0].partition(" of ")[2] if cells["a_normal"] else ""
        own = [
            f"{_short(cells[f'{who}_normal'], tail)} ({cells[who]})" if cells["a_normal"] else cells[who]
            for who in "ab"
        ]
        tail = f" of {tail}" if tail else ""
        change = f"{_short(cells['change'], tail)} ({cells['bare']})"
        out.append(f"{row['title']}: {one} {own[0]}, {two} {own[1]}{tail}; {two} − {one} {change}")
    return out


def nothing_words(summary: Mapping[str, Any]) -> str:
    """What is said when nothing differs: that nothing was seen, or that nothing could be."""
    few = [summary[who]["label"] for who in "ab" if summary[who]["steps"]["count"] < FEWEST_STEPS]
    if few:
        return f"Too few steps in {' and '.join(few)} to know a runner's own noise: nothing is called different, at most perhaps"
    return (
        "Nothing differs by more than both runners' own noise; differences smaller than the intervals are not ruled out"
    )


def _short(text: str, tail: str) -> str:
    """Number with its unit without what is said once for both."""
    tail = tail.removeprefix(" of ")
    return text.removesuffix(f" of {tail}") if tail else text


def _deciding(row: Mapping[str, Any]) -> tuple[str, float | None, Sequence[float] | None]:
    """Unit, difference and interval that count."""
    normal = row["normalised"]
    if normal is None:
        return row["unit"], row["difference"], row["ci95"]
    return normal["unit"], normal["difference"], normal["ci95"]


def _noise(row: Mapping[str, Any]) -> float | None:
    noises = [row["noise"][who] for who in "ab"]
    return None if None in noises else max(noises)


def _size(row: Mapping[str, Any]) -> float:
    """Difference in own noises."""
    _, change, _ = _deciding(row)
    noise = _noise(row)
    return abs(change) / noise if noise and change is not None else 0.0


def versus(row: Mapping[str, Any]) -> dict[str, Any]:
    """One measure as text: both values, the difference that decides with its interval, and where they lie against the own noise."""
    name, unit = row["name"], row["unit"]
    values = [row[who]["value"] for who in "ab"]
    scale = scale_of(unit, name, max(abs(value) for value in values))
    places = [decimals_for(scale, row[who]["ci95"]) for who in "ab"]
    shown = [with_unit(number(value * scale.factor, max(places)), scale.unit) for value in values]
    unit_decides, change, interval = _deciding(row)
    normal = row["normalised"]
    decides = scale if normal is None else _plain_scale(unit_decides)
    digits = decimals_for(decides, interval)
    text = ABSENT if change is None else signed(change, decides, digits)
    out = {
        "title": row["title"],
        "a": shown[0],
        "b": shown[1],
        "a_mark": "≈" if row["a"]["status"] == "estimated" else "",
        "b_mark": "≈" if row["b"]["status"] == "estimated" else "",
        "a_normal": "" if normal is None else with_unit(number(normal["a"], digits), decides.unit),
        "b_normal": "" if normal is None else with_unit(number(normal["b"], digits), decides.unit),
        "change": text,
        "absolute": "" if normal is None or change is None else signed(row["difference"], scale, max(places)),
        "interval": _interval(interval, decides, digits, change),
        "bare": _interval(interval, Scale(decides.factor, "", digits), digits, change),
        "word": WORDS[row["verdict"]],
        "verdict": row["verdict"].replace(" ", "-"),
        "why": tidy(row["why"]),
        "remarks": row["remarks"],
        "strip": _strip(row),
    }
    return out


def _plain_scale(unit: str) -> Scale:
    return Scale(1.0, unit, 1 if unit.startswith("%") else 2)


def _interval(interval: Sequence[float] | None, scale: Scale, digits: int, change: float | None) -> str:
    if change is None:
        return ""
    if interval is None:
        return "no interval"
    low, high = sorted(bound * scale.factor for bound in interval)
    return with_unit(span(low, high, digits), scale.unit)


def _strip(row: Mapping[str, Any]) -> dict[str, float] | None:
    """Places of the difference, its interval and the own noise on a strip of 100; ``None`` without a noise."""
    _, change, interval = _deciding(row)
    noise = _noise(row)
    if not noise or change is None or interval is None:
        return None

    def place(value: float) -> float:
        return round(50.0 + 50.0 * min(max(value / noise / WIDEST, -1.0), 1.0), 1)

    low, high = sorted(interval)
    return {"low": place(low), "width": round(place(high) - place(low), 1), "at": min(max(place(change), 2.0), 98.0)}


def family_tables(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]], int]]:
    """All measures by family: name, rows, and how many of them differ."""
    names = dict.fromkeys(row["family"] for row in rows)
    out = []
    for name in names:
        own = [row for row in rows if row["family"] == name]
        out.append((name, [versus(row) for row in own], sum(row["verdict"] == "differs" for row in own)))
    return out
