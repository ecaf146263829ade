"""How one option is written, bounded and explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

from headway import written
from headway.errors import OptionError
from headway.written import NotUnderstood

Group = Literal["Runner", "Recording", "Films", "Sensors"]


@dataclass(frozen=True)
class Option:
    """How one option is written, bounded and explained.

    Attributes
    ----------
    help
        A sentence.
    read
        From what was written to the value in SI; raises :class:`headway.written.NotUnderstood`.
    group
        Heading under which it is listed.
    low, high
        Bounds of a number, both allowed.
    wrong
        What a number beyond them is told to be; ``{}`` stands for it.
    remedy
        What to give instead.
    open
        Whether the lower bound itself is not allowed.
    unused
        What to do where a recording cannot use it.
    """

    help: str
    read: Callable[[object], object]
    group: Group = "Recording"
    low: float = -inf
    high: float = inf
    wrong: str = "{:g} is out of bounds"
    remedy: str = ""
    open: bool = False
    unused: str = "leave it out"

    def check(self, value: object) -> None:
        """Refuse a value beyond the bounds.

        Raises
        ------
        NotUnderstood
            With what is wrong and what to give.
        """
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if not self.low <= value <= self.high or (self.open and value == self.low):
            hint = f" (did you mean {value / 100:.2f}?)" if self.read is written.length and 90 <= value <= 250 else ""
            raise NotUnderstood(self.wrong.format(value), self.remedy + hint)


def said(where: str, call: Callable[[object], object], value: object) -> object:
    """What a call makes of a value; a value that is not understood is refused by name."""
    try:
        return call(value)
    except NotUnderstood as fault:
        raise OptionError(where, fault.what, fault.remedy) from None
