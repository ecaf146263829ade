"""Text files and tables of numbers, with the line named when something in them is no number."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from headway.errors import RecordingError
from headway.recording import FloatArray

_MISSING = ["", "NaN", "nan", "NAN", "-nan", "NA", "null", "None"]


def read_lines(path: Path) -> list[str]:
    """Lines of a text file without their ends.

    Raises
    ------
    RecordingError
        If the file holds bytes that no text file holds.
    """
    content = path.read_bytes()
    if b"\x00" in content[:4096]:
        raise RecordingError(str(path), "is not a text file", "check the file; its ending may be wrong")
    return content.decode("utf-8-sig", errors="replace").splitlines()


def read_table(
    where: str, lines: Sequence[str], first_line: int, columns: int, separator: str | None
) -> tuple[FloatArray, list[int]]:
    """Numbers of a table, NaN in empty cells, shape (rows, columns), and the line of the file in which each row stands.

    Parameters
    ----------
    where
        File, for messages.
    lines
        Rows of the table; blank lines are skipped, cells beyond ``columns`` are dropped.
    first_line
        Number in the file of the first of ``lines``.
    columns
        Columns wanted.
    separator
        One character, or ``None`` for any white space.

    Raises
    ------
    RecordingError
        If a cell is no number; the line is named.
    """
    numbers = [first_line + k for k, line in enumerate(lines) if line.strip()]
    if not numbers:
        return np.zeros((0, columns)), []
    rows = [line for line in lines if line.strip()]
    cells = (line.count(separator) + 1 if separator else len(line.split()) for line in rows)
    width = max(columns, max(cells))
    frame = pd.read_csv(
        StringIO("\n".join(rows)),
        sep=separator or r"\s+",
        header=None,
        names=range(width),
        index_col=False,
        na_values=_MISSING,
        keep_default_na=False,
        skipinitialspace=True,
        skip_blank_lines=False,
        quoting=3,
        low_memory=False,
    )
    out = np.empty((len(frame), columns))
    for column in range(columns):
        cells = frame[column].to_numpy()
        out[:, column] = cells if cells.dtype.kind in "fiu" else _numbers(where, cells.tolist(), numbers)
    return out, numbers


def _numbers(where: str, cells: Sequence[object], numbers: Sequence[int]) -> FloatArray:
    """Column in which pandas met text: cells of blanks are gaps, any other text is a fault."""
    values = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        text = str(cell).strip()
        try:
            values[row] = float(text) if text else np.nan
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
    if np.isnan(time).any():
        line = numbers[int(np.argmax(np.isnan(time)))]
        raise RecordingError(where, f"line {line} has no time", "fill in or remove that line")
    falls = np.diff(time) <= 0
    if falls.any():
        line = numbers[int(np.argmax(falls)) + 1]
        raise RecordingError(where, f"time does not rise in line {line}", "export the file again with rising times")
