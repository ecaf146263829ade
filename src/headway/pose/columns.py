"""How tables of key points name their columns; light, because files are told apart by it."""

from __future__ import annotations

import re

from headway.io.dialect import cells_of, separator_of

VISIBLE = ("visibility", "confidence", "score", "presence", "likelihood")
_POINT = (
    "landmark_name",
    "landmark",
    "keypoint",
    "bodypart",
    "joint",
    "point",
    "name",
    "landmark_id",
    "keypoint_id",
    "joint_id",
)
"""Names of the column that tells the point, best first, where every point has its own row."""
_TRIANGULATED = ("_error", "_ncams")
"""What tables say beside points that several cameras saw: these are in space, whatever their score."""
ROWS = 12
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


def is_keypoint_table(lines: list[str]) -> bool:
    """Tell whether lines are those of a table of key points of an image: by its header, or by a depth that is the same everywhere."""
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    if not rows or is_deeplabcut_csv(rows):
        return False
    if any(cell.lower().endswith(_TRIANGULATED) for cell in cells_of(rows[0], separator_of(rows[0]))):
        return False
    return is_keypoint_header(rows[0]) or long_columns(rows[0]) is not None or _is_flat(rows[:ROWS])


def long_columns(header: str) -> dict[str, int] | None:
    """Columns of a table with one row for every point of every frame: ``point``, ``x``, ``y`` and others; ``None`` for no such table."""
    cells = [cell.lower() for cell in cells_of(header, separator_of(header))]
    point = next((cells.index(name) for name in _POINT if name in cells), None)
    seen = next((cells.index(name) for name in VISIBLE if name in cells), None)
    if point is None or seen is None or not {"x", "y"} <= set(cells):
        return None
    return {"point": point, "x": cells.index("x"), "y": cells.index("y"), "visibility": seen}


def _is_flat(rows: list[str]) -> bool:
    """Whether every z of a table with x, y and z is one and the same number."""
    separator = separator_of(rows[0])
    named = [column_of(cell) for cell in cells_of(rows[0], separator)]
    depths = [number for number, found in enumerate(named) if found and found[1] == "z"]
    if len(rows) < ROWS or not depths or not any(found and found[1] == "x" for found in named):
        return False
    cells = [cells_of(row, separator) for row in rows[1:]]
    values = {row[number] for row in cells for number in depths if number < len(row)}
    moves = {
        row[number]
        for row in cells
        for number, found in enumerate(named)
        if found and found[1] == "x" and number < len(row)
    }
    return len(values) == 1 and len(moves) > 1


def is_keypoint_header(line: str) -> bool:
    """Tell whether a header names key points of an image, not markers in space: x and y, and z only beside a visibility."""
    kinds = {found[1] for cell in cells_of(line, separator_of(line)) if (found := column_of(cell))}
    return {"x", "y"} <= kinds and ("z" not in kinds or bool(kinds & set(VISIBLE)))


def is_deeplabcut_csv(lines: list[str]) -> bool:
    """Tell whether the lines of a CSV file are those of DeepLabCut."""
    starts = [line.split(",")[0].split(";")[0].strip().lower() for line in lines[:4]]
    return starts[:1] == ["scorer"] and "coords" in starts
