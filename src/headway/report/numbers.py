"""How numbers are shown to a person: the one place where SI turns into mm, ms and degrees."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import SupportsFloat

from headway.metrics.registry import REGISTRY
from headway.report.scales import (
    ABSENT,
    MINUS,
    NARROW,
    Scale,
    decimals_for,
    number,
    scale_of_unit,
    span,
    told_interval,
    with_unit,
)
from headway.results import NotMeasurable, Value
from headway.texts import TEXTS, shown

__all__ = ["ABSENT", "MINUS", "NARROW", "Scale", "decimals_for", "number", "span", "told_interval", "with_unit"]


def finite(value: object) -> float | None:
    """Return the value as a float, or ``None`` when it is missing, not a number or infinite."""
    if not isinstance(value, SupportsFloat) or isinstance(value, bool):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def scale_of(unit: str, name: str = "", size: float | None = None) -> Scale:
    """Choose how a metric is shown: as :func:`headway.report.scales.scale_of_unit`, in metres if the metric declares so."""
    return scale_of_unit(unit, size, long=name in REGISTRY and REGISTRY[name].in_metres)


def title_of(name: str) -> str:
    """Title of a metric in the language of the page."""
    return shown(REGISTRY[name].title) if name in REGISTRY else name.replace("_", " ")


@dataclass(frozen=True)
class Shown:
    """A metric as text.

    Attributes
    ----------
    value, left, right
        Numbers without unit; a dash where absent.
    interval
        ``low to high``, ``less than ±`` a digit, or why there is none.
    unit
        Shown unit.
    has_interval
        Whether ``interval`` holds numbers.
    scale, decimals
        What they were written with.
    """

    value: str
    left: str
    right: str
    interval: str
    unit: str
    has_interval: bool
    scale: Scale
    decimals: int

    @property
    def full(self) -> str:
        """Value with its unit."""
        return with_unit(self.value, self.unit)

    def also(self, value: float | None) -> str:
        """Write a further value (in the unit of the files) in the same way, with its unit."""
        return with_unit(number(None if value is None else value * self.scale.factor, self.decimals), self.unit)


def show(name: str, entry: Value | NotMeasurable | None, unit: str = "") -> Shown:
    """Write a metric of the summary for a person.

    Parameters
    ----------
    name
        Name of the metric.
    entry
        As in ``metrics`` of the summary; SI.
    unit
        Of the metric, where the entry has no value.
    """
    if not isinstance(entry, Value):
        return written(name, unit, None)
    return written(name, entry.unit, entry.value, entry.ci95, sides=(entry.left, entry.right), single=entry.n == 1)


def written(
    name: str,
    unit: str,
    value: float | None,
    interval: tuple[float, float] | None = None,
    *,
    sides: tuple[float | None, float | None] = (None, None),
    single: bool = False,
) -> Shown:
    """Write a value (SI) with its 95 % interval and those of left and right; ``single``: it rests on one step."""
    sizes = [abs(v) for v in (value, *(interval or ())) if v is not None]
    scale = scale_of(unit, name, max(sizes, default=None))
    decimals = decimals_for(scale, interval)
    middle, left, right = (number(None if v is None else v * scale.factor, decimals) for v in (value, *sides))
    if interval is not None:
        text = told_interval(interval[0] * scale.factor, interval[1] * scale.factor, decimals)
    else:
        text = TEXTS("words.one_step" if single else "words.no_interval")
    return Shown(middle, left, right, text, scale.unit, interval is not None, scale, decimals)


def tidy(text: str) -> str:
    """A sentence with true minus signs and a space before the per cent sign."""
    return re.sub(r"(?<=\d)%", "\N{NARROW NO-BREAK SPACE}%", re.sub(r"(?<![\w.])-(?=\d)", MINUS, text))
