"""How tables of key points name their columns; light, because files are told apart by it."""

from __future__ import annotations

import re

VISIBLE = ("visibility", "confidence", "score", "presence", "likelihood")
COLUMN = re.compile(rf"^(?P<name>.+)[_.](?P<value>x|y|z|{'|'.join(VISIBLE)})$", re.IGNORECASE)


def is_keypoint_header(line: str) -> bool:
    """Tell whether a header names key points of an image, not markers in space: x and y, and z only beside a visibility."""
    columns = [match for cell in re.split("[,;\t]", line) if (match := COLUMN.match(cell.strip().strip('"')))]
    kinds = {match["value"].lower() for match in columns}
    return {"x", "y"} <= kinds and ("z" not in kinds or bool(kinds & set(VISIBLE)))
