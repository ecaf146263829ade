"""Fields that makers of foot pods add to a FIT file (Stryd, RunScribe), known by their names and converted by their units."""

from __future__ import annotations

import re

NAMES: dict[str, str] = {
    **dict.fromkeys(("ground time", "ground contact time", "contact time", "stance time"), "contact_time"),
    "vertical oscillation": "vertical_oscillation",
    "step length": "step_length",
    **dict.fromkeys(
        ("ground time balance", "ground contact time balance", "contact time balance", "stance time balance"),
        "contact_time_balance",
    ),
    **dict.fromkeys(("power", "running power"), "power"),
    "form power": "form_power",
    "leg spring stiffness": "leg_stiffness",
    "cadence": "cadence",
    "speed": "speed",
}
"""Words of a field's name to the series that it is."""
_TIME = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3, "milliseconds": 1e-3}
_LENGTH = {"m": 1.0, "meters": 1.0, "cm": 0.01, "centimeters": 0.01, "mm": 1e-3, "millimeters": 1e-3}
_SHARE = {"%": 0.01, "percent": 0.01}
_POWER = {"w": 1.0, "watts": 1.0, "watt": 1.0}
UNITS: dict[str, dict[str, float]] = {
    "contact_time": _TIME,
    "vertical_oscillation": _LENGTH,
    "step_length": _LENGTH,
    "contact_time_balance": _SHARE,
    "power": _POWER,
    "form_power": _POWER,
    "leg_stiffness": {"kn/m": 1000.0, "n/m": 1.0},
    "cadence": {"rpm": 2.0, "strides/min": 2.0, "spm": 1.0, "steps/min": 1.0},
    "speed": {"m/s": 1.0, "km/h": 1.0 / 3.6},
}
"""Unit as a field states it to the factor to the series' own (SI; cadence in steps per minute of both legs)."""
_WORDS = re.compile(r"[a-z]+")
_SIDES = {"left", "right", "l", "r"}


def convert(name: str, unit: str | None, value: float) -> tuple[str, float] | None:
    """Series that a developer field belongs to and its value in that unit; ``None`` for a field or unit not known.

    Parameters
    ----------
    name, unit
        As the file describes the field (``Ground Time``, ``Milliseconds``); a side in the name is left to the caller.
    value
        In that unit.

    Examples
    --------
    >>> convert("Ground Time", "Milliseconds", 250.0)
    ('contact_time', 0.25)
    """
    words = [word for word in _WORDS.findall(name.lower().replace("_", " ")) if word not in _SIDES]
    series = NAMES.get(" ".join(words))
    factor = UNITS[series].get((unit or "").strip().lower()) if series else None
    return None if series is None or factor is None else (series, factor * value)
