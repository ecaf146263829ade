"""Three sentences in plain words with numbers; they say what was measured, never whether it is good."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from headway.report.numbers import Shown, number, show, span, with_unit
from headway.results import Entries, Estimated, NotMeasurable, Value

GAIN_GLOSS = (
    "1 would be moving as one with the body, 0 nothing arriving, below 0 moving the other way. "
    "Which of them is better is not known."
)
LINE_GLOSS = (
    "The line starts under the foot and points where the ground pushes; "
    "in the few runners measured so far it crosses the head in the second half of stance."
)


@dataclass(frozen=True)
class Sentence:
    """One finding.

    Attributes
    ----------
    title
        What it is about.
    text
        The sentence, numbers in ``<strong>``; safe to put into the page.
    gloss
        How to read the numbers.
    """

    title: str
    text: Markup
    gloss: str


class Metrics:
    """The metrics of a summary, with the questions the sentences ask of them."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.values = {name: entry for name, entry in entries.items() if isinstance(entry, Value)}

    def measured(self, name: str) -> bool:
        """Tell whether the metric has a value."""
        return name in self.values

    def first(self, names: Sequence[str]) -> str | None:
        """Return the first of the names that has a value."""
        return next((name for name in names if self.measured(name)), None)

    def value(self, name: str) -> float:
        """Return a measured value in the unit of the files."""
        return self.values[name].value

    def shown(self, name: str) -> Shown:
        """Return a metric as text."""
        return show(name, self.entries[name])

    def not_measured(self, what: str, names: Sequence[str], otherwise: str) -> Markup:
        """Say that something was not measured, why, and what to record instead."""
        for name in names:
            if isinstance(entry := self.entries.get(name), NotMeasurable):
                remedy = f" What helps: {entry.record}." if entry.record else ""
                return Markup(" {} not measured: {}.{}").format(what, entry.why, remedy)
        return Markup(" {} not measured: {}.").format(what, otherwise)

    def strong(self, name: str, *, size: bool = False, unit: str | None = None) -> Markup:
        """Write value, unit and interval; ``size`` leaves the sign to the words around it."""
        entry, shown = self.values[name], self.shown(name)
        value, interval, text = entry.value, entry.ci95, shown.interval
        if size and value < 0:
            turned = shown.scale.factor * -1.0
            text = span(interval[1] * turned, interval[0] * turned, shown.decimals) if interval else text
            value = -value
        figure = with_unit(number(value * shown.scale.factor, shown.decimals), shown.unit if unit is None else unit)
        text = "one step" if entry.n == 1 and interval is None else text
        model = ", estimated" if isinstance(entry, Estimated) else ""
        return Markup("<strong>{}</strong> <span class='interval'>({}{})</span>").format(figure, text, model)


def _lag(metrics: Metrics, name: str) -> Markup:
    if not metrics.measured(name):
        return Markup("")
    way = "ahead of" if metrics.value(name) < 0 else "after"
    return Markup(", {} {} the pelvis").format(metrics.strong(name, size=True), way)


def reaches_head(metrics: Metrics) -> Sentence:
    """Say how much of the push arrives at the head, upward and forward, and how late."""
    upward = {
        "head_vertical_gain": ("the ground gives the body", "the head"),
        "head_pelvis_vertical_gain": ("the pelvis shows", "the head"),
        "neck_base_vertical_gain": ("the ground gives the body", "the neck base"),
    }
    forward = {"head_forward_gain": "the head", "neck_base_forward_gain": "the neck base"}
    up, ahead = metrics.first(list(upward)), metrics.first(list(forward))
    parts = []
    if up is not None:
        source, point = upward[up]
        lag = _lag(metrics, "head_lag_vertical") if point == "the head" else ""
        arrives = metrics.strong(up, unit="m/s")
        parts.append(
            Markup("of every 1 m/s of upward speed that {}, {} reaches {}{}").format(source, arrives, point, lag)
        )
    if ahead is not None:
        arrives = metrics.strong(ahead, unit="m/s")
        parts.append(
            Markup("of every 1 m/s of forward speed from the push-off, {} reaches {}").format(arrives, forward[ahead])
        )
    text = _joined(parts)
    if ahead is None:
        what = "How much of the push reaches the head was" if up is None else "How much of the forward push does so was"
        text += metrics.not_measured(what, list(forward), "this needs the head and the ground force in one recording")
    return Sentence("What reaches the head", _tidy(text), GAIN_GLOSS if parts else "")


def _phase(metrics: Metrics, name: str) -> Markup:
    if not metrics.measured(name):
        return Markup("")
    share = metrics.value(name) / (2.0 * math.pi) * 100.0
    when = "before" if share < 0 else "after"
    words = Markup(", furthest toward the stance foot <strong>{}</strong> of a stride {} midstance")
    return words.format(with_unit(number(abs(share), 0), "%"), when)


def _over_foot(metrics: Metrics, name: str, point: str) -> Markup:
    shown, entry = metrics.shown(name), metrics.values[name]

    def where(value: float) -> str:
        return "inside" if value < 0 else "outside"

    text = Markup("at midstance {} is {} {} the middle of the stance foot")
    text = text.format(point, metrics.strong(name, size=True), where(metrics.value(name)))
    left, right = entry.left, entry.right
    if left is None or right is None:
        return text
    sides = [f"{side} {shown.also(abs(v))} {where(v)}" for side, v in (("left", left), ("right", right))]
    return text + Markup(": {}, {}").format(*sides)


def over_the_foot(metrics: Metrics) -> Sentence:
    """Say what head and neck base do sideways over the stance foot."""
    sways = {
        "lateral_bounce_amplitude": ("the head", "lateral_bounce_phase"),
        "neck_base_lateral_bounce_amplitude": ("the neck base", "neck_base_lateral_bounce_phase"),
    }
    errors = {"neck_over_foot_error": "the neck base", "head_over_foot_error": "the head"}
    sway, error = metrics.first(list(sways)), metrics.first(list(errors))
    parts = []
    if sway is not None:
        point, phase = sways[sway]
        words = Markup("seen from behind, {} swings {} to each side once per stride{}")
        parts.append(words.format(point, metrics.strong(sway), _phase(metrics, phase)))
    if error is not None:
        parts.append(_over_foot(metrics, error, errors[error]))
    text = _joined(parts)
    if sway is None:
        need = "the head or the neck base must be seen from behind or in three dimensions"
        text += metrics.not_measured("The sway from side to side was", list(sways), need)
    if error is None:
        need = "neck base and feet must be in the recording"
        text += metrics.not_measured("Where the neck base is over the foot was", list(errors), need)
    gloss = "Inside is toward the midline of the body, outside away from it." if error else ""
    return Sentence("Over the stance foot", _tidy(text), gloss)


def _offset(metrics: Metrics, name: str) -> Markup:
    if not metrics.measured(name):
        return Markup("")
    where = "ahead of" if metrics.value(name) > 0 else "behind"
    return Markup("; during the push-off it passes {} {} it on average").format(metrics.strong(name, size=True), where)


def force_line(metrics: Metrics) -> Sentence:
    """Say where the line of the ground force meets the head, or what can be said without force."""
    title = "The force line and the head"
    crossings = {
        "grf_line_crossing_time": ("head", "grf_line_offset_forward"),
        "neck_base_grf_line_crossing_time": ("neck base", "neck_base_grf_line_offset_forward"),
    }
    crossing = metrics.first(list(crossings))
    if crossing is not None:
        point, offset = crossings[crossing]
        text = Markup(
            "The line of the ground force lies behind the {} after landing and swings ahead of it at {} of stance{}."
        )
        passes = _offset(metrics, offset)
        return Sentence(title, text.format(point, metrics.strong(crossing, unit="%"), passes), LINE_GLOSS)
    text = metrics.not_measured(
        "Where the force line meets the head was", list(crossings), "this needs force plates and markers on the head"
    )
    if metrics.measured("head_bob"):
        bob = Markup(" What can be said: the head moves {} to and fro over the neck base in each step.")
        text += bob.format(metrics.strong("head_bob"))
    return Sentence(title, _tidy(text), "")


def _joined(parts: list[Markup]) -> Markup:
    """Join clauses into one sentence; the first letter is never part of markup."""
    if not parts:
        return Markup("")
    text = Markup("; ").join(parts)
    return Markup(text[0].upper() + text[1:] + ".")


def _tidy(text: Markup) -> Markup:
    return Markup(text.strip())


def sentences(entries: Entries) -> list[Sentence]:
    """Build the three sentences at the top of the report from the metrics of a summary."""
    metrics = Metrics(entries)
    return [reaches_head(metrics), over_the_foot(metrics), force_line(metrics)]
