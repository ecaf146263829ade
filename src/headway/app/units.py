"""Numbers as the user reads them: metric or imperial."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from starlette.requests import HTTPConnection

from headway.app.state import state_of
from headway.report.scales import BLANK, Scale, decimals_for, number, scale_of_unit, told_interval, with_unit
from headway.written import FOOT, INCH, MILE, POUND

System = Literal["metric", "imperial"]
SYSTEMS: tuple[System, ...] = ("metric", "imperial")
_IMPERIAL = {"mm": Scale(1 / INCH, "in", 1), "m": Scale(1 / FOOT, "ft", 2), "kg": Scale(1 / POUND, "lb", 0)}
_SPEED = {"metric": Scale(3.6, "km/h", 1), "imperial": Scale(3600 / MILE, "mph", 1)}


@dataclass(frozen=True)
class Units:
    """How numbers are written.

    Attributes
    ----------
    system
        Chosen by the user.
    comma
        Whether the decimal sign is a comma.
    words
        Units, ``to`` and ``less than`` in the user's language, where they differ.
    """

    system: System
    comma: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def scale(self, unit: str, size: float | None = None, *, long: bool = False) -> Scale:
        """How a quantity is shown; ``size`` is its largest magnitude, ``long`` keeps metres."""
        found = scale_of_unit(unit, size, long=long)
        found = _IMPERIAL.get(found.unit, found) if self.system == "imperial" else found
        return replace(found, unit=self.words.get(found.unit, found.unit))

    def show(self, unit: str, value: float, interval: tuple[float, float] | None = None, *, long: bool = False) -> str:
        """A value with its unit."""
        sizes = [abs(one) for one in (value, *(interval or ()))]
        scale = self.scale(unit, max(sizes), long=long)
        return self.written(with_unit(number(value * scale.factor, decimals_for(scale, interval)), scale.unit))

    def interval(self, unit: str, value: float, interval: tuple[float, float], *, long: bool = False) -> str:
        """Both ends of an interval, in the unit of its value."""
        scale = self.scale(unit, max(abs(value), *(abs(one) for one in interval)), long=long)
        low, high = (one * scale.factor for one in interval)
        text = told_interval(low, high, decimals_for(scale, interval))
        for word in ("to", "less than"):
            text = text.replace(word.replace(" ", BLANK), self.words.get(word, word).replace(" ", BLANK))
        return self.written(text)

    def height(self, metres: float | None) -> str:
        """A stature as people write it; the form reads it again."""
        if metres is None:
            return ""
        if self.system == "imperial":
            inches = round(metres / INCH)
            return f"{inches // 12}'{inches % 12}\""
        return self.written(f"{metres:.2f} m")

    def mass(self, kilograms: float | None) -> str:
        """A body mass as people write it."""
        if kilograms is None:
            return ""
        if self.system == "imperial":
            return f"{kilograms / POUND:.0f} lb"
        whole = math.isclose(kilograms, round(kilograms))
        return self.written(f"{kilograms:.0f} kg" if whole else f"{kilograms:.1f} kg")

    def speed(self, value: float | None) -> str:
        """A running speed."""
        if value is None:
            return ""
        scale = _SPEED[self.system]
        return self.written(with_unit(number(value * scale.factor, scale.decimals), scale.unit))

    def written(self, text: str) -> str:
        """A number with the decimal sign of the language."""
        return text.replace(".", ",") if self.comma else text


def units_of(request: HTTPConnection) -> Units:
    """As chosen; imperial at first for browsers of the United States."""
    from headway.app.texts import texts_of
    from headway.texts import catalogue

    chosen = state_of(request).library.setting("units")
    american = "en-us" in request.headers.get("accept-language", "").lower().split(",")[0]
    system: System = "imperial" if chosen == "imperial" or (chosen is None and american) else "metric"
    language = texts_of(request).language
    return Units(system, comma=language == "de", words=catalogue(language)["units"])
