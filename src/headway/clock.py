"""Times as people write them."""

from __future__ import annotations

from headway.errors import OptionError


def seconds(text: str | None, option: str) -> float | None:
    """Seconds from ``7:11``, ``1:02:03.5``, ``431`` or ``431.5``; ``None`` stays.

    Raises
    ------
    OptionError
        Anything else, naming the option.
    """
    if text is None:
        return None
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(0 <= part < 1e6 for part in parts):
        raise OptionError(option, f"{text!r} is no time", "give 7:11, 431 or 431.5")
    return sum(part * 60**power for power, part in enumerate(reversed(parts)))
