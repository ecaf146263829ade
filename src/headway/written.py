"""Quantities as people write them: ``1,75``, ``5'10"``, ``154 lb``, ``4:30/km``, ``7:11`` become SI numbers.

Light: the doors read with it before anything else is imported. Whole numbers and floats of a manifest or protocol are taken as they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path

INCH, FOOT, MILE = 0.0254, 0.3048, 1609.344
POUND, STONE = 0.45359237, 6.35029318
LENGTHS = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0),
    "cm": 0.01,
    "mm": 0.001,
    **dict.fromkeys(("in", "inch", "inches", '"'), INCH),
    **dict.fromkeys(("ft", "foot", "feet", "'"), FOOT),
}
MASSES = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos"), 1.0),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), POUND),
    **dict.fromkeys(("st", "stone"), STONE),
}
SPEEDS = {
    **dict.fromkeys(("m/s", "mps"), 1.0),
    **dict.fromkeys(("km/h", "kmh", "kph"), 1 / 3.6),
    **dict.fromkeys(("mph", "mi/h"), MILE / 3600),
}
PACES = {"/km": 1000.0, "/mi": MILE, "/mile": MILE}
"""Metres that a pace is told for."""
SEXES = {
    **dict.fromkeys(("f", "female", "w", "woman"), "female"),
    **dict.fromkeys(("m", "male", "man"), "male"),
}
TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1", "on"), True),
    **dict.fromkeys(("false", "no", "n", "0", "off"), False),
}
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?"
_FEET = re.compile(rf"^(\d+)\s*(?:ft|feet|foot|')\s*({_NUMBER})\s*(?:in|inch|inches|\"|'')?$")
_STONES = re.compile(rf"^(\d+)\s*(?:st|stone)\s*({_NUMBER})\s*(?:lb|lbs|pounds)?$")
_METRES = re.compile(r"^(\d)\s*m\s*(\d\d)$")
_PACE = re.compile(r"^([\d:.,]+)\s*(?:min)?\s*(/\s*(?:km|mile|mi))$")
_QUOTES = str.maketrans({"’": "'", "′": "'", "‘": "'", "”": '"', "″": '"', "“": '"'})


class NotUnderstood(ValueError):
    """What was written is not such a quantity; ``what`` is wrong, and what to write instead (``remedy``)."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


def number(given: object, what: str = "number", remedy: str = "give a number such as 1.5") -> float:
    """A number with a decimal point or comma.

    Raises
    ------
    NotUnderstood
        It is no finite number.
    """
    try:
        found = float(given) if isinstance(given, int | float) else float(str(given).strip().replace(",", "."))
    except (ValueError, OverflowError):
        found = math.nan
    if isinstance(given, bool) or not math.isfinite(found):
        raise NotUnderstood(f"{_short(given)} is no {what}", remedy)
    return found


def _short(given: object) -> str:
    """What was written, in a length that fits into a message."""
    try:
        text = repr(given)
    except ValueError:  # a whole number of thousands of digits
        return "that"
    return text if len(text) <= 60 else f"{text[:57]}..."


def whole(given: object) -> int:
    """A whole number."""
    found = number(given)
    if found != int(found):
        raise NotUnderstood(f"{given!r} is no whole number", "give a number such as 2")
    return int(found)


def length(given: object) -> float:
    """Metres, from ``1.75``, ``1,75 m``, ``1m75``, ``178 cm``, ``5'10"``, ``5 ft 10 in`` or ``70 in``; bare numbers are metres."""
    text = _plain(given)
    if match := _METRES.match(text):
        return float(f"{match[1]}.{match[2]}")
    return _with_unit(text, given, LENGTHS, _FEET, (FOOT, INCH), "length", "give metres, or write 178 cm or 5'10\"")


def mass(given: object) -> float:
    """Kilograms, from ``70``, ``70 kg``, ``154 lb`` or ``11 st 4``; bare numbers are kilograms."""
    return _with_unit(
        _plain(given), given, MASSES, _STONES, (STONE, POUND), "mass", "give kilograms, or write 154 lb or 11 st 4"
    )


def speed(given: object) -> float:
    """Metres per second, from ``3.5``, ``12.6 km/h``, ``8 mph``, ``4:30/km`` or ``7:00/mile``; bare numbers are metres per second."""
    remedy = "give metres per second, or write 12.6 km/h, 8 mph, 4:30/km or 7:00/mile"
    text = _plain(given)
    if match := _PACE.match(text):
        pace = seconds(match[1] if ":" in match[1] else f"{match[1]}:00".replace(",", "."))
        if pace > 0:
            return PACES[match[2].replace(" ", "")] / pace
        raise NotUnderstood(f"{given!r} is no speed", remedy)
    return _with_unit(text, given, SPEEDS, None, (), "speed", remedy)


def seconds(given: object) -> float:
    """Seconds, from ``7:11``, ``1:02:03.5``, ``431`` or ``431.5``."""
    try:
        parts = [float(part) for part in _plain(given).removesuffix("s").replace(",", ".").split(":")]
    except ValueError:
        parts = []
    if isinstance(given, bool) or not 1 <= len(parts) <= 3 or not all(0 <= part < 1e6 for part in parts):
        raise NotUnderstood(f"{given!r} is no time", "give 7:11, 431 or 431.5")
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))


def sex(given: object) -> str:
    """``male`` or ``female``, from those words or their first letters."""
    found = SEXES.get(str(given).strip().lower())
    if found is None:
        raise NotUnderstood(f"{given!r} is not in the tables", "give male or female, or leave it out")
    return found


def truth(given: object) -> bool:
    """Yes or no."""
    found = TRUTHS.get(str(given).strip().lower())
    if found is None:
        raise NotUnderstood(f"{given!r} is neither true nor false", "give true or false")
    return found


def one_of(choices: tuple[str, ...]) -> Callable[[object], str]:
    """Reader of one of a few words."""

    def read(given: object) -> str:
        word = str(given).strip().lower()
        if word not in choices:
            raise NotUnderstood(f"{given!r} is unknown", f"give one of {', '.join(choices)}")
        return word

    return read


def text(given: object) -> str:
    """Words as they stand, without the blanks around them."""
    return str(given).strip()


def path(given: object) -> Path:
    """A file or folder."""
    return Path(str(given))


def _plain(given: object) -> str:
    return str(given).strip().lower().translate(_QUOTES)


def _with_unit(
    text: str,
    given: object,
    units: Mapping[str, float],
    pair: re.Pattern[str] | None,
    pair_units: tuple[float, ...],
    what: str,
    remedy: str,
) -> float:
    """A number with or without a unit, or two numbers such as feet and inches."""
    if pair is not None and (match := pair.match(text)):
        return int(match[1]) * pair_units[0] + number(match[2]) * pair_units[1]
    match = re.match(rf"^({_NUMBER})\s*([^\d.,\s].*)$", text)
    if match is None:
        return number(given, "number", remedy)
    factor = units.get(match[2].strip())
    if factor is None:
        raise NotUnderstood(f"{given!r} is no {what}", remedy)
    return number(match[1]) * factor
