"""The answer on the first screen: pushed, or pulled along, as far as a recording goes; in words, with the signs behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from headway.metrics.registry import REGISTRY
from headway.report.evidence import Limits, Reading, ReadSign, read_signs
from headway.report.numbers import number, scale_of, show, title_of, with_unit
from headway.results import Entries, Interval
from headway.texts import TEXTS

Verdict = Literal["pushed", "pulled", "contradictory", "between", "open", "unseen"]
ENOUGH = 2
"""Measured signs that have to agree before the head is said to look pushed or pulled along."""
MARKS: dict[Reading, str] = {"pushed": "●", "pulled": "◆", "between": "◐", "open": "○", "unseen": "–"}
"""Of a reading: told apart by shape and by word, not by colour."""


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
    battery
        All signs.
    """

    verdict: Verdict
    sure: bool
    text: str
    rest: str
    battery: list[BatteryRow]


def answer(entries: Entries) -> Answer:
    """Answer from the metrics of a summary, without those that contradict physics (:func:`headway.metrics.sanity.sound`)."""
    signs = read_signs(entries)
    direct = [one for one in signs if one.sign.direct]
    verdict = _verdict(direct)
    sure = verdict in ("pushed", "pulled") and _enough(direct, verdict)
    text = _text(verdict, sure, direct)
    return Answer(verdict, sure, text, _rest(verdict, direct), [_row(one) for one in signs])


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
    return TEXTS(f"signs.{one.sign.key}_{one.reading}")


def _text(verdict: Verdict, sure: bool, direct: Sequence[ReadSign]) -> str:
    if verdict == "contradictory":
        pushed, pulled = (_said(_of(direct, reading)[0]) for reading in ("pushed", "pulled"))
        return TEXTS("answer.contradictory", pushed=pushed, pulled=pulled)
    if verdict == "open" and all(one.entry is None or one.entry.n == 1 for one in direct):
        return TEXTS("answer.open_one_step")
    if verdict not in ("pushed", "pulled"):
        return TEXTS(f"answer.{verdict}")
    agree = _of(direct, verdict)
    said = [_said(one) for one in agree[:2]]
    if sure:
        return TEXTS("answer.sure", verdict=TEXTS(f"answer.looks_{verdict}"), first=said[0], second=said[1])
    why = TEXTS("answer.why_estimate" if all(one.weak for one in agree) else "answer.why_one")
    found = TEXTS("answer.and").join(said)
    return TEXTS("answer.perhaps", verdict=TEXTS(f"answer.may_{verdict}"), found=found, why=why)


def _rest(verdict: Verdict, direct: Sequence[ReadSign]) -> str:
    """How many of the signs read otherwise, where an answer is given."""
    if verdict not in ("pushed", "pulled"):
        return ""

    def count(found: Sequence[ReadSign]) -> str:
        return TEXTS(f"answer.number_{len(found)}")

    others: tuple[Reading, ...] = ("between", "open", "unseen")
    agree = _of(direct, verdict)
    told = TEXTS("answer.count", n=len(agree), agree=count(agree), all=count(direct))
    parts = [TEXTS(f"answer.count_{one}", n=count(found)) for one in others if (found := _of(direct, one))]
    return f"{told[:1].upper()}{'; '.join([told[1:], *parts])}."


def _limits(one: ReadSign) -> Limits:
    return next((limits for limits in one.sign.limits if limits.metric == one.metric), one.sign.limits[0])


def _ranges(limits: Limits) -> str:
    """The limits in words and shown units, with their source."""
    metric = limits.metric
    scale = scale_of(REGISTRY[metric].unit if metric in REGISTRY else "", metric, 0.0)

    def words(ends: Interval) -> str:
        low, high = (number(end * scale.factor, min(scale.decimals, 2)) for end in ends)
        if isfinite(ends[0]) and isfinite(ends[1]):
            return with_unit(TEXTS("answer.range", low=low, high=high), scale.unit)
        side, end = ("below", high) if isfinite(ends[1]) else ("above", low)
        return with_unit(TEXTS(f"answer.{side}", end=end), scale.unit)

    pushed, source = words(limits.pushed), TEXTS(f"signs.{limits.source}")
    if limits.pulled is None:
        return TEXTS("answer.limits_pushed", range=pushed, source=source)
    return TEXTS("answer.limits_both", pushed=pushed, pulled=words(limits.pulled), source=source)


def _row(one: ReadSign) -> BatteryRow:
    limits = _limits(one)
    value = interval = ""
    if one.entry is not None:
        shown = show(limits.metric, one.entry)
        value = f"{title_of(limits.metric)}: {shown.full}"
        interval = shown.interval + (f", {TEXTS('first.estimated')}" if one.weak else "")
    return BatteryRow(
        question=TEXTS(f"signs.{one.sign.key}_question"),
        reading=one.reading,
        mark=MARKS[one.reading],
        word=TEXTS(f"answer.reads_{one.reading}"),
        metric=limits.metric,
        value=value,
        interval=interval,
        source=_ranges(limits),
        direct=one.sign.direct,
    )
