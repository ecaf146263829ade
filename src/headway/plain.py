"""Values as JSON knows them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import numpy as np

Made = TypeVar("Made", bound=msgspec.Struct)
DIGITS = 6
"""Significant digits that are kept."""


def rounded(value: float) -> float:
    """Number with the digits that are kept."""
    return float(f"{float(value):.{DIGITS}g}")


def number(value: float) -> float | None:
    """Rounded number, ``None`` for what is none."""
    return rounded(value) if np.isfinite(value) else None


def plain(value: Any) -> Any:
    """The value in types that JSON knows: numbers rounded, NaN as ``None``, what is unknown as text."""
    if isinstance(value, msgspec.Struct):
        return plain(msgspec.to_builtins(value, enc_hook=plain))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return number(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def settled(made: Made) -> Made:
    """The result as its file holds it: numbers rounded, NaN as ``None``, every field of its type."""
    return msgspec.convert(plain(made), type(made))
