"""How tables of key points name their columns; light, because files are told apart by it."""

from __future__ import annotations

import re

from headway.io.dialect import cells_of, separator_of

VISIBLE = ("visibility", "confidence", "score", "presence", "likelihood")
_SHORT = {"vis": "visibility", "v": "visibility", "c": "confidence"}
_VALUE = rf"(?P<value>x|y|z|{'|'.join((*VISIBLE, *_SHORT))})"
_COLUMN = re.compile(rf"^(?P<name>.+)[_. ]{_VALUE}$", re.IGNORECASE)
_NUMBERED = re.compile(rf"^(?:landmark|lm|kp|pose)?[_. ]?{_VALUE}[_. ]?(?P<name>\d+)$", re.IGNORECASE)
"""The other way round: ``x_0``, ``visibility12``."""


def column_of(cell: str) -> tuple[str, str] | None:
    """Point and value that a column's name means: ``NOSE_x``, ``0.visibility``, ``x_0``, ``v12``; ``None`` for neither."""
    match = _NUMBERED.match(cell) or _COLUMN.match(cell)
    if match is None:
        return None
    value = match["value"].lower()
    return match["name"], _SHORT.get(value, value)


def is_keypoint_header(line: str) -> bool:
    """Tell whether a header names key points of an image, not markers in space: x and y, and z only beside a visibility."""
    kinds = {found[1] for cell in cells_of(line, separator_of(line)) if (found := column_of(cell))}
    return {"x", "y"} <= kinds and ("z" not in kinds or bool(kinds & set(VISIBLE)))


def is_deeplabcut_csv(lines: list[str]) -> bool:
    """Tell whether the lines of a CSV file are those of DeepLabCut."""
    starts = [line.split(",")[0].split(";")[0].strip().lower() for line in lines[:4]]
    return starts[:1] == ["scorer"] and "coords" in starts
