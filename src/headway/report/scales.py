"""How a quantity of a unit is scaled, rounded and written: needs nothing but the unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from headway.texts import TEXTS, figures, shown

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
ABSENT = "\N{EN DASH}"
BLANK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Scale:
    """From the unit in the files to the unit on the page.

    Attributes
    ----------
    factor
        Shown value = factor times stored value.
    unit
        Shown unit, empty without dimension.
    decimals
        Digits after the point when no interval asks for more.
    """

    factor: float
    unit: str
    decimals: int


_SCALES: dict[str, Scale] = {
    "rad": Scale(180.0 / math.pi, "°", 1),
    "1": Scale(1.0, "", 2),
    "": Scale(1.0, "", 2),
    "BW": Scale(1.0, "BW", 2),
    "head weights": Scale(1.0, "head weights", 2),
    "BW·s": Scale(1.0, "BW·s", 4),
    "BW/s": Scale(1.0, "BW/s", 0),
    "N": Scale(1.0, "N", 0),
    "N·s": Scale(1.0, "N·s", 1),
    "N·m": Scale(1.0, "N·m", 1),
    "N·m/kg": Scale(1.0, "N·m/kg", 2),
    "J/(kg·m)": Scale(1.0, "J/(kg·m)", 2),
    "J/kg": Scale(1.0, "J/kg", 2),
    "N/m": Scale(1e-3, "kN/m", 1),
    "W": Scale(1.0, "W", 0),
    "W/kg": Scale(1.0, "W/kg", 1),
    "J": Scale(1.0, "J", 1),
    "kg": Scale(1.0, "kg", 1),
    "m/s": Scale(1.0, "m/s", 2),
    "g": Scale(1.0, "g", 2),
    "m/s²": Scale(1.0, "m/s²", 1),
    "rad/s": Scale(180.0 / math.pi, "°/s", 0),
    "steps/min": Scale(1.0, "steps/min", 0),
    "%": Scale(1.0, "%", 1),
    "dB": Scale(1.0, "dB", 1),
    "Hz": Scale(1.0, "Hz", 1),
}
_ALIASES = {
    "N s": "N·s",
    "N*s": "N·s",
    "BW s": "BW·s",
    "BW*s": "BW·s",
    "N m": "N·m",
    "N*m": "N·m",
    "m/s^2": "m/s²",
    "deg": "°",
}
_METRES, _MILLIMETRES = Scale(1.0, "m", 2), Scale(1e3, "mm", 0)
_SECONDS, _MILLISECONDS = Scale(1.0, "s", 2), Scale(1e3, "ms", 0)


def scale_of_unit(unit: str, size: float | None = None, *, long: bool = False) -> Scale:
    """Choose how a quantity is shown.

    Parameters
    ----------
    unit
        Unit in the files.
    size
        Largest magnitude that will be shown with it: from 1 m and 1 s on, metres and seconds are kept.
    long
        Stays in metres however small it is.
    """
    unit = _ALIASES.get(unit.strip(), unit.strip())
    if unit == "m":
        return _METRES if long or (size is not None and abs(size) >= 1.0) else _MILLIMETRES
    if unit == "s":
        return _SECONDS if size is not None and abs(size) >= 1.0 else _MILLISECONDS
    if unit.startswith("%"):
        return Scale(1.0, unit, 1)
    return _SCALES.get(unit, Scale(1.0, unit, 3))


def number(value: float | None, decimals: int) -> str:
    """Write a number with a true minus sign; an absent one is a dash."""
    if value is None:
        return ABSENT
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = f"{0.0:.{decimals}f}"
    return figures(text.replace("-", MINUS))


def with_unit(text: str, unit: str) -> str:
    """Join number and unit so that they are never parted at the end of a line."""
    if not unit or text == ABSENT:
        return text
    return text + unit if unit == "°" else f"{text}{NARROW}{shown(unit)}"


def span(low: float, high: float, decimals: int) -> str:
    """Write an interval as ``low to high``: a dash would be read as a minus sign."""
    return f"{number(low, decimals)}{TEXTS('words.to')}{number(high, decimals)}".replace(" ", BLANK)


def told_interval(low: float, high: float, decimals: int) -> str:
    """Write the interval of a value: one that rounds to nothing is told by the digit that it stays below.

    Examples
    --------
    >>> told_interval(20.01, 20.04, 0).split()
    ['less', 'than', '±1']
    """
    if number(low, decimals) != number(high, decimals):
        return span(low, high, decimals)
    return TEXTS("words.less_than", size=number(10.0**-decimals, max(decimals, 0))).replace(" ", BLANK)


def decimals_for(scale: Scale, interval: Sequence[float] | None) -> int:
    """Give digits enough that the interval can be told from its value, and at most one beyond the habit of the unit."""
    if interval is None:
        return scale.decimals
    half = abs(interval[1] - interval[0]) * scale.factor / 2.0
    if half < 0.5 * 10.0 ** -min(scale.decimals + 1, 4):  # no digit that is shown would tell it
        return scale.decimals
    return min(max(scale.decimals, -math.floor(math.log10(half))), min(scale.decimals + 1, 4))
