"""Text files and tables of numbers from any program and country: see :mod:`headway.io.dialect` for how they are told."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd

from headway.bounds import LARGEST_LINES, check_kind, read_whole
from headway.errors import RecordingError
from headway.io.dialect import HEAD, cells_of, decimal_of, encoding_of, separator_of
from headway.recording import FloatArray

__all__ = ["HEAD", "MISSING", "cells_of", "check_rising", "read_lines", "read_table", "separator_of"]
MISSING = (
    *("", "NaN", "nan", "NAN", "-nan", "-NaN", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "None", "-", "--"),
    *("1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND", "1.#INF", "-1.#INF"),
)
"""Spellings of a cell without a number."""


def read_lines(path: Path, most: int | None = None) -> list[str]:
    """Lines of a text file without their ends.

    Parameters
    ----------
    path
        File.
    most
        Bytes to read, everything by default.

    Raises
    ------
    RecordingError
        If the file holds bytes that no text file holds.
    """
    if most is None:
        content = read_whole(path, LARGEST_LINES, "cut the recording into parts, or export it as C3D")
    else:
        check_kind(path)
        with path.open("rb") as stream:
            content = stream.read(most)
    encoding = encoding_of(content[:HEAD])
    if encoding is None:
        raise RecordingError(str(path), "is not a text file", "check the file; its ending may be wrong")
    try:
        return content.decode(encoding).splitlines()
    except UnicodeDecodeError:
        return content.decode("latin-1" if encoding == "utf-8-sig" else encoding, errors="replace").splitlines()


def read_table(
    where: str,
    lines: Sequence[str],
    first_line: int,
    columns: int,
    separator: str | None,
    wanted: Collection[int] | None = None,
) -> tuple[FloatArray, list[int]]:
    """Numbers of a table, NaN in empty cells, shape (rows, columns), and the line of the file in which each row stands.

    Parameters
    ----------
    where
        File, for messages.
    lines
        Rows of the table; blank lines are skipped, short rows end in gaps, cells beyond ``columns`` are dropped.
    first_line
        Number in the file of the first of ``lines``.
    columns
        Columns wanted.
    separator
        One character, or ``None`` for any white space.
    wanted
        Columns in which every cell must be a number; all by default. Others are gaps where they hold words.

    Raises
    ------
    RecordingError
        If a cell is no number; the line is named.
    """
    blank = f"{separator or ''} \t"
    numbers = [first_line + k for k, line in enumerate(lines) if line.strip(blank)]
    rows = [line for line in lines if line.strip(blank)]
    if not rows:
        return np.zeros((0, columns)), []
    decimal = decimal_of(rows[:50], separator)
    if separator is not None and any('"' in row for row in rows):
        rows = ["\t".join(cells) for cells in csv.reader(rows, delimiter=separator)]
        separator = "\t"
    cells = (line.count(separator) + 1 if separator else len(line.split()) for line in rows)
    frame = pd.read_csv(
        BytesIO("\n".join(rows).encode()),  # as a str it would take four bytes for every letter
        sep=separator or r"\s+",
        header=None,
        names=range(max(columns, max(cells))),
        index_col=False,
        na_values=list(MISSING),
        keep_default_na=False,
        skipinitialspace=True,
        skip_blank_lines=False,
        quoting=csv.QUOTE_NONE,
        low_memory=False,
        decimal=decimal,
    )
    out = np.empty((len(frame), columns))
    for column in range(columns):
        values = frame[column].to_numpy()
        if values.dtype.kind in "fiu":
            out[:, column] = values
        elif wanted is None or column in wanted:
            out[:, column] = _numbers(where, values.tolist(), numbers, decimal)
        else:
            out[:, column] = np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)
    return out, numbers


def _numbers(where: str, cells: Sequence[object], numbers: Sequence[int], decimal: str) -> FloatArray:
    """Column in which pandas met text: cells of blanks are gaps, any other text is a fault."""
    values = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        text = str(cell).strip()
        try:
            values[row] = np.nan if text in MISSING else float(text.replace(decimal, "."))
        except ValueError:
            remedy = "use a point as the decimal mark" if "," in text else "mend or remove that line"
            raise RecordingError(where, f"line {numbers[row]}: {text[:20]!r} is not a number", remedy) from None
    return values


def check_rising(where: str, time: FloatArray, numbers: Sequence[int]) -> None:
    """Check that every row has a time and that times rise.

    Parameters
    ----------
    where
        File, for messages.
    time
        s, shape (rows,).
    numbers
        Line of each row.

    Raises
    ------
    RecordingError
        Naming the line at fault.
    """
    known = np.isfinite(time)
    if not known.all():
        line = numbers[int(np.argmin(known))]
        raise RecordingError(where, f"line {line} has no time", "fill in or remove that line")
    falls = np.diff(time) <= 0
    if falls.any():
        line = numbers[int(np.argmax(falls)) + 1]
        raise RecordingError(where, f"time does not rise in line {line}", "export the file again with rising times")
