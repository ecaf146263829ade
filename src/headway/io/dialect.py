"""How a table is written: encoding, separator and decimal mark; light, because files are told apart by it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headway.errors import RecordingError

HEAD = 65536
"""Bytes from which encoding, separator and decimal mark are told."""
_COMMA_NUMBER = re.compile(r"(?<![\d,.])-?\d*,\d+(?:[eE][+-]?\d+)?(?![\d,.])")
_POINT_NUMBER = re.compile(r"\d\.\d")


@dataclass(frozen=True)
class Dialect:
    """How a table is written: encoding, separator (``None`` for any white space) and decimal mark."""

    encoding: str
    separator: str | None
    decimal: str


def encoding_of(head: bytes) -> str | None:
    """Encoding of a text by its first bytes, ``None`` where they are those of no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if min(even, odd) > 0.05 * len(head) or max(even, odd) < 0.4 * len(head):
            return None
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        # The last character may be cut in two.
        head[: max(head.rfind(b"\n"), 0) or None].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def separator_of(header: str) -> str | None:
    """Separator of a table by the row of its names; ``None`` for white space."""
    best = max("\t;,", key=header.count)
    return best if best in header else None


def decimal_of(rows: Sequence[str], separator: str | None) -> str:
    """Decimal mark of rows of numbers."""
    if separator == "," and not any('"' in row for row in rows):
        return "."
    text = "\n".join(rows)
    return "," if _COMMA_NUMBER.search(text) and not _POINT_NUMBER.search(text) else "."


def dialect_of(where: str, head: bytes, skip: int = 0) -> Dialect:
    """How a table with a row of names is written, told by the beginning of its file.

    Parameters
    ----------
    where
        File, for messages.
    head
        Its first bytes, ``HEAD`` of them if there are as many.
    skip
        Lines before the row of names.

    Raises
    ------
    RecordingError
        If they are no text.
    """
    encoding = encoding_of(head)
    if encoding is None:
        raise RecordingError(where, "is not a text file", "check the file; its ending may be wrong")
    lines = head.decode(encoding, errors="replace").splitlines()[skip:]
    separator = separator_of(lines[0]) if lines else ","
    return Dialect(encoding, separator, decimal_of(lines[1:50], separator))


def cells_of(line: str, separator: str | None) -> list[str]:
    """Cells of one row, without blanks and quotes around them."""
    if separator is None:
        return line.split()
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
