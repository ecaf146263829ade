"""Entries of results: a number with what is known of it, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

Interval = tuple[float, float]
Status = Literal["measured", "estimated", "not_measurable"]


class Fields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a result; fields that hold their default are left out of the file."""


class WithStatus(Fields, frozen=True, kw_only=True, tag_field="status"):
    """An entry that says how it came about."""

    @property
    def status(self) -> Status:
        """As in the file."""
        return cast("Status", self.__struct_config__.tag)


class Value(WithStatus, frozen=True, kw_only=True):
    """A number with what is known of it.

    Attributes
    ----------
    value, unit
        The number, in ``unit``.
    ci95
        95 % interval; ``None`` where there is none (``note`` says why).
    n
        Steps or strides that carry it.
    left, right
        The same over the steps of one side.
    note
        Why there is no interval.
    film
        Which film it comes from, where there are two.
    """

    value: float
    unit: str
    ci95: Interval | None
    n: int
    left: float | None = None
    right: float | None = None
    note: str | None = None
    film: str | None = None


class Measured(Value, frozen=True, kw_only=True, tag="measured"):
    """A metric as the recording itself shows it."""


class Estimated(Value, frozen=True, kw_only=True, tag="estimated"):
    """A metric that comes through a model, which is named with its known error."""

    model: str


class NotMeasurable(WithStatus, frozen=True, kw_only=True, tag="not_measurable"):
    """A metric that this recording cannot carry: why, and what to record instead."""

    why: str
    record: str


Entry = Measured | Estimated | NotMeasurable
"""What ``metrics`` of a summary holds under every name."""
Entries = Mapping[str, Entry]


def value_of(entry: Entry | None) -> float | None:
    """The value of an entry; ``None`` where there is none."""
    return entry.value if isinstance(entry, Value) else None
