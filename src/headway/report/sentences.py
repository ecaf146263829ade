"""Three sentences in plain words with numbers; they say what was measured, never whether it is good."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from headway.report.numbers import number, show, told_interval, with_unit
from headway.results import Entries, Estimated, NotMeasurable, Value
from headway.texts import TEXTS, shown


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


@dataclass(frozen=True)
class Finder:
    """The metrics of a summary, and the words in which they are told."""

    entries: Entries

    def measured(self, name: str) -> bool:
        """Tell whether the metric has a value."""
        return isinstance(self.entries.get(name), Value)

    def first(self, names: Sequence[str]) -> str | None:
        """Return the first of the names that has a value."""
        return next((name for name in names if self.measured(name)), None)

    def entry(self, name: str) -> Value:
        """A metric that is known to have a value."""
        entry = self.entries[name]
        assert isinstance(entry, Value)
        return entry

    def say(self, key: str, **filled: str) -> Markup:
        """A text of the section ``findings``; what is filled in keeps its markup."""
        text = Markup(TEXTS(f"findings.{key}"))
        return text.format(**filled) if filled else text

    def not_measured(self, key: str, names: Sequence[str], otherwise: str) -> Markup:
        """Say that something was not measured, why, and what to record instead."""
        for name in names:
            if isinstance(entry := self.entries.get(name), NotMeasurable):
                remedy = self.say("helps", record=shown(entry.record)) if entry.record else ""
                return self.say(key, why=shown(entry.why)) + remedy
        return self.say(key, why=self.say(otherwise))

    def strong(self, name: str, *, size: bool = False, unit: str | None = None) -> Markup:
        """Write value, unit and interval; ``size`` leaves the sign to the words around it."""
        entry = self.entry(name)
        shown, value, interval = show(name, entry), entry.value, entry.ci95
        text = shown.interval
        if size and value < 0:
            turned = shown.scale.factor * -1.0
            text = told_interval(interval[1] * turned, interval[0] * turned, shown.decimals) if interval else text
            value = -value
        figure = with_unit(number(value * shown.scale.factor, shown.decimals), shown.unit if unit is None else unit)
        text = TEXTS("first.one_step") if entry.n == 1 and interval is None else text
        text += f", {TEXTS('first.estimated')}" if isinstance(entry, Estimated) else ""
        return Markup("<strong>{}</strong> <span class='interval'>({})</span>").format(figure, text)

    def signed(self, key: str, name: str, below: str, above: str) -> Markup:
        """A clause with the size of a metric whose sign chooses the words; empty where it has no value."""
        if not self.measured(name):
            return Markup("")
        word = below if self.entry(name).value < 0 else above
        return self.say(f"{key}_{word}", value=self.strong(name, size=True))


def reaches_head(found: Finder) -> Sentence:
    """Say how much of the push arrives at the head, upward and forward, and how late."""
    up = found.first(("head_vertical_gain", "head_pelvis_vertical_gain", "neck_base_vertical_gain"))
    forward = ("head_forward_gain", "neck_base_forward_gain")
    ahead = found.first(forward)
    parts = []
    if up is not None:
        lag = found.signed("lag", "head_lag_vertical", "ahead", "after")
        parts.append(found.say(f"up_{up}", value=found.strong(up, unit="m/s"), lag=lag))
    if ahead is not None:
        parts.append(found.say(f"forward_{ahead}", value=found.strong(ahead, unit="m/s")))
    told = [_joined(parts)]
    if ahead is None:
        told.append(found.not_measured("not_up" if up is None else "not_forward", forward, "need_forward"))
    return _sentence(found, "reaches", told, "reaches_gloss" if parts else "")


def _phase(found: Finder, name: str) -> Markup:
    if not found.measured(name):
        return Markup("")
    share = found.entry(name).value / (2.0 * math.pi) * 100.0
    size = Markup("<strong>{}</strong>").format(with_unit(number(abs(share), 0), "%"))
    return found.say("phase_before" if share < 0 else "phase_after", value=size)


def _over_foot(found: Finder, name: str, point: str) -> Markup:
    entry, shown = found.entry(name), show(name, found.entry(name))

    def where(value: float) -> Markup:
        return found.say("inside" if value < 0 else "outside")

    sides, left, right = Markup(""), entry.left, entry.right
    if left is not None and right is not None:
        sizes = {"left": shown.also(abs(left)), "right": shown.also(abs(right))}
        sides = found.say("over_sides", **sizes, where_left=where(left), where_right=where(right))
    value = found.strong(name, size=True)
    return found.say(f"over_{point}", value=value, where=where(entry.value), sides=sides)


def over_the_foot(found: Finder) -> Sentence:
    """Say what head and neck base do sideways over the stance foot."""
    sways = {"lateral_bounce_amplitude": "head", "neck_base_lateral_bounce_amplitude": "neck_base"}
    phases = {"head": "lateral_bounce_phase", "neck_base": "neck_base_lateral_bounce_phase"}
    errors = {"neck_over_foot_error": "neck_base", "head_over_foot_error": "head"}
    sway, error = found.first(list(sways)), found.first(list(errors))
    parts = []
    if sway is not None:
        point = sways[sway]
        parts.append(found.say(f"sway_{point}", value=found.strong(sway), phase=_phase(found, phases[point])))
    if error is not None:
        parts.append(_over_foot(found, error, errors[error]))
    told = [_joined(parts)]
    if sway is None:
        told.append(found.not_measured("not_sway", list(sways), "need_sway"))
    if error is None:
        told.append(found.not_measured("not_over", list(errors), "need_over"))
    return _sentence(found, "over", told, "over_gloss" if error else "")


def force_line(found: Finder) -> Sentence:
    """Say where the line of the ground force meets the head, or what can be said without force."""
    crossings = {
        "grf_line_crossing_time": ("head", "grf_line_offset_forward"),
        "neck_base_grf_line_crossing_time": ("neck_base", "neck_base_grf_line_offset_forward"),
    }
    crossing = found.first(list(crossings))
    if crossing is not None:
        point, offset = crossings[crossing]
        passes = found.signed("offset", offset, "behind", "ahead")
        said = found.say(f"line_{point}", value=found.strong(crossing, unit="%"), offset=passes)
        return _sentence(found, "line", [said], "line_gloss")
    told = [found.not_measured("not_line", list(crossings), "need_line")]
    if found.measured("head_bob"):
        told.append(found.say("bob", value=found.strong("head_bob")))
    return _sentence(found, "line", told, "")


def _joined(parts: list[Markup]) -> Markup:
    """Join clauses into one sentence; the first letter is never part of markup."""
    if not parts:
        return Markup("")
    text = Markup("; ").join(parts)
    return Markup(text[0].upper() + text[1:] + ".")


def _sentence(found: Finder, title: str, told: list[Markup], gloss: str) -> Sentence:
    text = Markup(" ").join(one for one in told if one)
    return Sentence(str(found.say(title)), text, str(found.say(gloss)) if gloss else "")


def sentences(entries: Entries) -> list[Sentence]:
    """Build the three sentences at the top of the report from the metrics of a summary."""
    found = Finder(entries)
    return [reaches_head(found), over_the_foot(found), force_line(found)]
