"""The answer on the first screen: pushed, or pulled along, as far as a recording goes; in words, with the signs behind it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from headway.metrics.registry import REGISTRY
from headway.report.evidence import DRAWN, GRADE, Limits, Reading, ReadSign, read_signs
from headway.report.numbers import number, scale_of, show, with_unit
from headway.results import Entries, Interval

Verdict = Literal["pushed", "pulled", "contradictory", "between", "open", "unseen"]
ENOUGH = 2
"""Measured signs that have to agree before the head is said to look pushed or pulled along."""
WORDS: dict[Reading, tuple[str, str]] = {
    "pushed": ("●", "reads as pushed"),
    "pulled": ("◆", "reads as pulled along"),
    "between": ("◐", "lies in between"),
    "open": ("○", "too uncertain to read"),
    "unseen": ("–", "not in this recording"),
}
"""Mark and words of a reading: told apart by shape and by word, not by colour."""
LOOKS = {"pushed": "The head looks pushed, not pulled along", "pulled": "The head looks pulled along, not pushed"}
MAY_BE = {"pushed": "The head may be pushed", "pulled": "The head may be pulled along"}
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six")


@dataclass(frozen=True)
class BatteryRow:
    """A sign as shown; ``value`` and ``interval`` are empty where the recording does not show it."""

    question: str
    reading: Reading
    mark: str
    word: str
    metric: str
    value: str
    interval: str
    source: str
    direct: bool


@dataclass(frozen=True)
class Answer:
    """What a recording says to the question.

    Attributes
    ----------
    verdict
        As a word for programs.
    sure
        Whether enough measured signs agree.
    text
        The answer, without numbers.
    rest
        What the other signs say; may be empty.
    grade, drawn
        What is known of the question itself, and where the limits come from.
    battery
        All signs.
    """

    verdict: Verdict
    sure: bool
    text: str
    rest: str
    grade: str
    drawn: str
    battery: list[BatteryRow]


def answer(entries: Entries, set_aside: Container[str] = ()) -> Answer:
    """Answer from the metrics of a summary; ``set_aside`` are those that contradict physics."""
    signs = read_signs(entries, set_aside)
    direct = [one for one in signs if one.sign.direct]
    verdict = _verdict(direct)
    sure = verdict in ("pushed", "pulled") and _enough(direct, verdict)
    return Answer(
        verdict, sure, _text(verdict, sure, direct), _rest(verdict, direct), GRADE, DRAWN, [*map(_row, signs)]
    )


def _of(signs: Sequence[ReadSign], *readings: Reading) -> list[ReadSign]:
    """Signs that read so, the measured before the estimated."""
    return sorted((one for one in signs if one.reading in readings), key=lambda one: one.weak)


def _verdict(direct: Sequence[ReadSign]) -> Verdict:
    pushed, pulled = _of(direct, "pushed"), _of(direct, "pulled")
    if pushed and pulled:
        return "contradictory"
    for reading in ("pushed", "pulled", "open", "between"):
        if _of(direct, reading):
            return reading
    return "unseen"


def _enough(direct: Sequence[ReadSign], reading: Reading) -> bool:
    """Whether enough measured signs agree, and more than lie in between."""
    agree = [one for one in _of(direct, reading) if not one.weak]
    return len(agree) >= ENOUGH and len(agree) > len(_of(direct, "between"))


def _said(one: ReadSign) -> str:
    return one.sign.pushed if one.reading == "pushed" else one.sign.pulled


def _text(verdict: Verdict, sure: bool, direct: Sequence[ReadSign]) -> str:
    if verdict == "contradictory":
        pushed, pulled = (_said(_of(direct, reading)[0]) for reading in ("pushed", "pulled"))
        return f"The signs disagree: {pushed}, as if pushed, but {pulled}, as if pulled along."
    if verdict == "between":
        return "The head is neither clearly pushed nor clearly pulled along: what this recording shows lies in between."
    if verdict == "open":
        if all(one.entry is None or one.entry.n == 1 for one in direct):
            return "One step is too little to tell whether the head is pushed or pulled along: nothing has an interval."
        return "This recording cannot tell whether the head is pushed or pulled along: what it shows is too uncertain."
    if verdict == "unseen":
        return "This recording does not show whether the head is pushed or pulled along."
    agree = _of(direct, verdict)
    if sure:
        return f"{LOOKS[verdict]}: {_said(agree[0])}, and {_said(agree[1])}."
    why = "An estimate alone" if all(one.weak for one in agree) else "That alone"
    return f"{MAY_BE[verdict]}: {' and '.join(_said(one) for one in agree[:2])}. {why} is too little to settle it."


def _rest(verdict: Verdict, direct: Sequence[ReadSign]) -> str:
    """How many of the signs read otherwise, where an answer is given."""
    if verdict not in ("pushed", "pulled"):
        return ""
    others: tuple[tuple[Reading, str], ...] = (
        ("between", "in between"),
        ("open", "too uncertain"),
        ("unseen", "not in this recording"),
    )
    parts = [f"{NUMBERS[len(found)].lower()} {word}" for one, word in others if (found := _of(direct, one))]
    agree = len(_of(direct, verdict))
    told = f"{NUMBERS[agree]} of {NUMBERS[len(direct)].lower()} signs {'says' if agree == 1 else 'say'} so"
    return f"{'; '.join([told, *parts])}."


def _limits(one: ReadSign) -> Limits:
    return next((limits for limits in one.sign.limits if limits.metric == one.metric), one.sign.limits[0])


def _ranges(limits: Limits) -> str:
    """The limits in words and shown units."""
    metric = limits.metric
    scale = scale_of(REGISTRY[metric].unit if metric in REGISTRY else "", metric, 0.0)

    def words(ends: Interval) -> str:
        low, high = (number(end * scale.factor, min(scale.decimals, 2)) for end in ends)
        if not isfinite(ends[0]) or not isfinite(ends[1]):
            return with_unit(f"below {high}" if isfinite(ends[1]) else f"above {low}", scale.unit)
        return with_unit(f"{low} to {high}", scale.unit)

    pulled = "" if limits.pulled is None else f", pulled along {words(limits.pulled)}"
    return f"pushed {words(limits.pushed)}{pulled}"


def _row(one: ReadSign) -> BatteryRow:
    mark, word = WORDS[one.reading]
    limits = _limits(one)
    if one.entry is None or one.metric is None:
        return BatteryRow(
            one.sign.question,
            one.reading,
            mark,
            word,
            limits.metric,
            "",
            "",
            f"{_ranges(limits)}: {limits.source}",
            one.sign.direct,
        )
    shown = show(one.metric, one.entry)
    model = ", estimated" if one.weak else ""
    title = REGISTRY[one.metric].title if one.metric in REGISTRY else one.metric.replace("_", " ")
    value = f"{title}: {shown.full}"
    return BatteryRow(
        one.sign.question,
        one.reading,
        mark,
        word,
        one.metric,
        value,
        f"{shown.interval}{model}",
        f"{_ranges(limits)}: {limits.source}",
        one.sign.direct,
    )
