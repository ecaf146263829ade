"""Units of length that files name, and what is assumed when they name none."""

from __future__ import annotations

import numpy as np

from headway.errors import RecordingError
from headway.io.plausible import in_a_bodys_unit, likely_unit
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

_METRES = {
    "m": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "dm": 0.1,
    "cm": 0.01,
    "centimeter": 0.01,
    "centimeters": 0.01,
    "centimetre": 0.01,
    "centimetres": 0.01,
    "mm": 1e-3,
    "millimeter": 1e-3,
    "millimeters": 1e-3,
    "millimetre": 1e-3,
    "millimetres": 1e-3,
    "in": 0.0254,
    "inch": 0.0254,
    "inches": 0.0254,
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
}
ROOM = 20.0
"""A body point that is typically further than this many units from the origin is in millimetres: no laboratory is so large."""


def length_unit(where: str, unit: str, positions: FloatArray) -> tuple[float, tuple[Flag, ...]]:
    """Metres per unit of length.

    Parameters
    ----------
    where
        File, for messages.
    unit
        As the file states it; empty when it states none.
    positions
        In that unit, shape (frames, points, 3); a stated unit that no body can be in is put right, and without a stated
        unit the size of the body decides, or else of the coordinates between metres and millimetres, each with a flag.

    Raises
    ------
    RecordingError
        For a unit that is not known, or in which the points are no body and no other unit explains them.
    """
    stated = unit.strip().strip("[]()").lower()
    known = _METRES.get(stated) or _cut_off(stated)
    if known:
        return in_a_bodys_unit(where, known, positions)
    if stated:
        raise RecordingError(where, f"states the unit of length {unit.strip()}", "export it in mm or m")
    return _assumed_unit(positions)


def is_length(unit: str) -> bool:
    """Whether a unit is one of length."""
    stated = unit.strip().lower()
    return stated in _METRES or _cut_off(stated) is not None


def _cut_off(stated: str) -> float | None:
    """A unit of four letters or more of which the file kept the beginning: ``mete``, ``mill``."""
    meant = {metres for name, metres in _METRES.items() if len(stated) >= 4 and name.startswith(stated)}
    return meant.pop() if len(meant) == 1 else None


def _assumed_unit(positions: FloatArray) -> tuple[float, tuple[Flag, ...]]:
    """Metres per unit of length by the size of the body, or by that of the coordinates; m by default."""
    likely = likely_unit(positions)
    if likely is None:
        size = np.abs(positions[np.isfinite(positions)])
        likely = ("mm", 1e-3) if size.size > 0 and float(np.median(size)) > ROOM else ("m", 1.0)
    name, metres = likely
    return metres, (Flag("unit_assumed", "info", TEXTS("lab.length_assumed", name=name)),)
