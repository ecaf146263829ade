"""Where the numbers of a text table begin, and what stands above them: names, axes and units, in one row or in several.

Light, because files are told apart by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headway.io.dialect import cells_of

TIME_UNITS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "\u00b5s": 1e-6, "ns": 1e-9}
_NUMBER = re.compile(r"^[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?$|^nan$", re.IGNORECASE)
_AXES = r"(?P<axis>x|y|z|forward|up|right)"
_STRICT = re.compile(rf"^(?P<name>.+)_{_AXES}$", re.IGNORECASE)
_LOOSE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?P<name>.+?)[ .:/-]+(?P<axis>[xyz])$",
        r"^(?P<axis>[xyz])(?:[_ .-](?P<name>.+))?$",
        r"^(?P<name>.+[_ .](?P<axis>[xyz])[_ .]\w+)$",  # Accel_LN_X_CAL
        r"^(?P<name>.+)(?P<axis>[xyz])$",
    )
)
"""Ways to write an axis that other words look like too: believed where all three axes of a name are there."""
_BRACKETS = re.compile(r"^(?P<rest>.*?)\s*[\[(](?P<unit>[^\[\]()]*)[\])]\s*$")
_TAIL = re.compile(
    r"^(?P<rest>(?:.*[_ .])?\w?[xyz]|.*time(?:stamp)?|t|elapsed|relative)_(?P<unit>[cm]?m|in|s|m?g|m/s/s|m/s\^?2|rad/s|deg/s|m?dps)$",
    re.IGNORECASE,
)
_TICKS = re.compile(r"^(?P<rest>.+)(?:_| in )(?P<unit>[mun]s)$", re.IGNORECASE)
"""A unit behind the last underscore of an axis or a time: ``ax_m/s/s``, ``LASI_x_mm``, ``time_s``, ``Time since start in ms``."""
_TIME = re.compile(
    r"^(t|time|zeit|temps|tiempo|tempo|elapsed|latency|seconds|epoch?|millis|.*timestamp.*|relative|time ?code)$",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(r".[ _]time$", re.IGNORECASE)
_UNIT = re.compile(
    r"^[\[(]?(mm|cm|m|in|deg|rad|n|n\.?m?m|s|ms|us|g|mg|v|mv|[a-z\u00b0]+[./(]\S*)[\])]?$", re.IGNORECASE
)
_RATE = (
    re.compile(r"(?:rate|frequency|frequenz)\D*(\d+(?:[.,]\d+)?)", re.IGNORECASE),
    re.compile(r"(\d+(?:[.,]\d+)?)\s*hz\b", re.IGNORECASE),
    re.compile(r"^\W*(\d+(?:[.,]\d+)?)\W*$"),
)
_GAP = re.compile(r"(?<=[^\s,])\s+(?=[^\s,])")
_ROWS = 8
"""Most rows of names, axes and units above the numbers."""


@dataclass(frozen=True)
class Column:
    """What stands above one column.

    Attributes
    ----------
    text
        Its name as written.
    name, axis
        Name without axis, and the axis in lower case; without an axis ``text`` and nothing.
    strict
        Whether the axis is written in the form ``NAME_x``, which means nothing else.
    unit
        As stated, nothing where none is.
    kinds
        What further rows say of it, in capital letters.
    """

    text: str
    name: str
    axis: str = ""
    strict: bool = False
    unit: str = ""
    kinds: frozenset[str] = frozenset()

    @property
    def is_time(self) -> bool:
        """Whether it is named as time, or stated in a unit of time."""
        return (
            self.unit.lower() in TIME_UNITS
            or (not self.unit and _OTHER_TIME.search(self.name) is not None)
            or self.is_clock
        )

    @property
    def is_clock(self) -> bool:
        """Whether its name means the time of the row, and nothing else."""
        return (not self.unit or self.unit.lower() in TIME_UNITS) and _TIME.match(self.name) is not None


@dataclass(frozen=True)
class TextBlock:
    """One table of a file: its columns, the rate stated above it (0 for none), its lines of numbers, and its separator."""

    columns: tuple[Column, ...]
    rate: float
    first: int
    last: int
    separator: str | None

    @property
    def times(self) -> list[int]:
        """Columns that may be the time of the rows, the most likely first."""
        found = [number for number, column in enumerate(self.columns) if column.is_time]
        return sorted(found, key=lambda number: not self.columns[number].is_clock)

    @property
    def triples(self) -> dict[str, dict[str, int]]:
        """Columns of each name that has all of x, y and z, by axis."""
        found: dict[str, dict[str, int]] = {}
        for number, column in enumerate(self.columns):
            if column.axis and not column.is_time:
                found.setdefault(column.name, {}).setdefault(column.axis, number)
        return {name: axes for name, axes in found.items() if {"x", "y", "z"} <= set(axes)}


def column(cell: str, axis: str = "", unit: str = "", kinds: frozenset[str] = frozenset()) -> Column:
    """What a name means: ``LASI_x``, ``LASI X (mm)``, ``x_LASI``, ``Acceleration y [m/s^2]``, ``Time (s)``."""
    rest, stated = cell.strip(), unit.strip()
    if stated[:1] in ("[", "("):
        stated = stated[1:-1]
    if match := _BRACKETS.match(rest):
        rest, stated = match["rest"], stated or match["unit"].strip()
        if inner := _BRACKETS.match(rest):
            rest = inner["rest"]
    if not stated and (match := _TAIL.match(rest) or _TICKS.match(rest)):
        rest, stated = match["rest"], match["unit"]
    if axis:
        return Column(cell.strip(), rest, axis, True, stated, kinds)
    if _TIME.match(rest):
        return Column(cell.strip(), rest, unit=stated, kinds=kinds)
    if match := _STRICT.match(rest):
        return Column(cell.strip(), match["name"], match["axis"].lower(), True, stated, kinds)
    for pattern in _LOOSE:
        if match := pattern.match(rest):
            name = match["name"] or ""
            if match.end("axis") < match.end("name") and match.start("axis") > match.start("name"):
                name = name[: match.start("axis") - 1] + name[match.end("axis") :]
            return Column(cell.strip(), name, match["axis"].lower(), False, stated, kinds)
    return Column(cell.strip(), rest, unit=stated, kinds=kinds)


def blocks(lines: Sequence[str]) -> list[TextBlock]:
    """Every table of a text: rows of numbers, each with the rows of names directly above it."""
    out: list[TextBlock] = []
    line, end = 0, 0
    while line < len(lines):
        if not (_is_data(lines[line]) and _is_data(_next(lines, line))):
            line += 1
            continue
        separator = _separator(lines[line])
        header = _header(lines, end, line, separator)
        first, line = line, _end(lines, line)
        end = line
        if not header and out and out[-1].separator == separator:
            out[-1] = TextBlock(out[-1].columns, out[-1].rate, out[-1].first, line, separator)
            continue
        above = [text for text in lines[max(first - 40, out[-1].last if out else 0) : first] if text.strip()]
        out.append(TextBlock(_columns(header), _rate(above[: len(above) - len(header)]), first, line, separator))
    return out


def _separator(line: str) -> str | None:
    found = next((one for one in "\t;," if one in line), None)
    gaps = len(_GAP.findall(line.strip())) if found == "," else 0
    return None if gaps >= max(2, line.count(",") - 1) else found  # decimal commas between blanks


def _is_data(line: str | None) -> bool:
    """Whether at least half of three cells or more are numbers; ``None``, the end of the file, is none of anything else."""
    if line is None:
        return True
    if line.startswith("#"):
        return False
    separator = _separator(line)
    cells = [cell.strip(' "') for cell in line.split(separator)]
    filled = [cell for cell in cells if cell]
    numbers = sum(_NUMBER.match(cell) is not None for cell in filled)
    return len(cells) >= 3 and numbers > 0 and 2 * numbers >= len(filled)


def _next(lines: Sequence[str], line: int) -> str | None:
    return next((text for text in lines[line + 1 : line + 20] if text.strip(' \t,;"')), None)


def _end(lines: Sequence[str], line: int) -> int:
    """First line after rows of numbers: blank, or of words."""
    while line < len(lines):
        text = lines[line].lstrip(' "')
        if not text.strip("\t,;") or (text[0].isalpha() and not _is_data(text)):
            return line
        line += 1
    return line


def _header(lines: Sequence[str], start: int, first: int, separator: str | None) -> list[list[str]]:
    """Rows of cells directly above the first row of numbers, from above."""
    width = len(cells_of(lines[first], separator))
    rows: list[list[str]] = []
    at = first - 1
    while at >= start and first - at <= 2 and not lines[at].strip():
        at -= 1  # a TRC file has a blank line here
    while at >= start and len(rows) < _ROWS and not lines[at].startswith("#"):
        cells = cells_of(lines[at], separator)
        if not cells:
            break
        enough = 1 if not cells[0] else max(2, width // 4)  # a lone word is a title, unless it stands above a column
        if sum(bool(cell) for cell in cells) < enough or "=" in cells[0]:
            break
        rows.insert(0, cells)
        at -= 1
    return rows


def _columns(rows: list[list[str]]) -> tuple[Column, ...]:
    """Columns by the rows above them: one of names, perhaps one of axes, one of units, and others that tell their kind."""
    if not rows:
        return ()
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    units = next((row for row in padded[1:] if _mostly(row, _UNIT) and not _mostly(row, _AXIS)), None)
    axes = next((row for row in padded[1:] if _mostly(row, _AXIS)), None)
    rest = [row for row in padded if row is not units and row is not axes]
    names = max(reversed(rest), key=lambda row: len({cell for cell in row if cell})) if rest else padded[0]
    others = [row for row in rest if row is not names]
    out: list[Column] = []
    label = ""
    for number in range(width):
        label = names[number] or (label if axes is not None else "")
        unit = units[number] if units is not None else ""
        kinds = frozenset(row[number].upper() for row in others if row[number])
        axis = axes[number].strip().lower()[:1] if axes is not None and _AXIS.match(axes[number]) else ""
        out.append(column(label if axis or axes is None else axes[number] or label, axis, unit, kinds))
    return tuple(out)


_AXIS = re.compile(r"^[xyz]\d*$", re.IGNORECASE)


def _mostly(row: Sequence[str], pattern: re.Pattern[str]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and 5 * sum(pattern.match(cell) is not None for cell in filled) >= 3 * len(filled)


def _rate(lines: Sequence[str]) -> float:
    """Rate stated above a table, the nearest first; 0 where there is none."""
    for text in reversed(lines):
        for pattern in _RATE:
            if match := pattern.search(text):
                return float(match[1].replace(",", "."))
    return 0.0
