"""Files as they come: a folder, a zip or a CSV, opened with limits so that a hostile archive can do no harm."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from headway.bounds import LARGEST_TEXT as LARGEST
from headway.bounds import check_kind
from headway.errors import RecordingError
from headway.io.dialect import HEAD, dialect_of, encoding_of
from headway.io.text import MISSING, read_lines
from headway.recording import FloatArray

MOST_MEMBERS = 1000
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    RuntimeError,
    EOFError,
    NotImplementedError,
    ValueError,
    KeyError,
)
"""What a damaged or unknown archive raises in the library."""
GREATEST_RATIO = 200.0
"""Compression beyond this is no sensor data (CSV packs about 3-20 fold)."""


@dataclass(frozen=True)
class Bundle:
    """The CSV files of one export by their bare name.

    Attributes
    ----------
    path
        Folder or zip.
    members
        Bare name (``Gyroscope.csv``) to path, or name in the archive.
    """

    path: Path
    members: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        return name in self.members

    def table(self, name: str) -> pd.DataFrame:
        """Read one CSV file.

        Raises
        ------
        RecordingError
            It is empty or no table.
        """
        if self.path.is_dir():
            return read_table(self.path / self.members[name], f"{self.path}:{name}")
        return read_table(BytesIO(self._unpacked(name)), f"{self.path}:{name}")

    def lines(self, name: str, most: int = LARGEST) -> list[str]:
        """Lines of one CSV file, of ``most`` bytes of it."""
        if self.path.is_dir():
            return read_lines(self.path / self.members[name], most)
        content = self._unpacked(name, most)
        return content.decode(encoding_of(content[:HEAD]) or "latin-1", errors="replace").splitlines()

    def _unpacked(self, name: str, most: int = LARGEST) -> bytes:
        where = f"{self.path}:{name}"
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[name]) as stream:
                content = stream.read(most + (most == LARGEST))
        except _ZIP_FAULTS as error:
            raise RecordingError(where, f"cannot be unpacked ({error})", "export the recording again") from error
        if len(content) > LARGEST:
            raise RecordingError(where, "is larger than 1 GB unpacked", "cut the recording into parts")
        return content


def open_bundle(path: Path) -> Bundle:
    """List the CSV files of a folder or zip.

    Raises
    ------
    RecordingError
        A damaged or hostile archive: a path that leads out of it, too many files, too strong a compression.
    """
    if path.is_dir():
        return Bundle(path, {file.name: file.name for file in sorted(path.glob("*.csv"))})
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        whole = path.stat().st_size
    except _ZIP_FAULTS as error:
        raise RecordingError(str(path), "is no zip file, or a damaged one", "export the recording again") from error
    if len(entries) > MOST_MEMBERS:
        raise RecordingError(
            str(path), f"holds {len(entries)} files: no sensor export", "give the zip that the app exported"
        )
    members = {}
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or (name.parts and ":" in name.parts[0]):
            what = f"holds a file whose path leads out of the archive ({entry.filename[:60]!r})"
            raise RecordingError(str(path), what, "do not use this file; export the recording again")
        if entry.is_dir() or name.suffix.lower() != ".csv" or "__MACOSX" in name.parts:
            continue
        packed = min(entry.compress_size, whole)  # what an archive says of itself cannot be more than it is
        if entry.file_size > LARGEST or entry.file_size > GREATEST_RATIO * max(packed, 1) + 1_000_000:
            what = f"{name.name} unpacks from {packed / 1e6:.1f} to {entry.file_size / 1e6:.0f} MB: no sensor data"
            raise RecordingError(str(path), what, "do not use this file; export the recording again")
        members[name.name] = entry.filename
    return Bundle(path, members)


def read_table(source: Path | IO[bytes], where: str, *, skip: int = 0) -> pd.DataFrame:
    """Read a CSV table with a header row.

    Raises
    ------
    RecordingError
        Empty, damaged, or larger than 1 GB.
    """
    if isinstance(source, Path):
        check_kind(source)
        if not source.is_file():
            raise RecordingError(where, "does not exist", "check the path")
        if source.stat().st_size > LARGEST:
            raise RecordingError(where, "is larger than 1 GB", "cut the recording into parts")
        with source.open("rb") as stream:
            dialect = dialect_of(where, stream.read(HEAD), skip)
    else:
        dialect = dialect_of(where, source.read(HEAD), skip)
        source.seek(0)
    try:
        table = pd.read_csv(
            source,
            skiprows=skip,
            skipinitialspace=True,
            low_memory=False,
            sep=dialect.separator or r"\s+",
            decimal=dialect.decimal,
            encoding=dialect.encoding,
            na_values=list(MISSING),
        )
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        reason = "is empty" if isinstance(error, pd.errors.EmptyDataError) else "is no readable CSV table"
        raise RecordingError(where, reason, "export the recording again") from error
    if not len(table):
        raise RecordingError(where, "holds a header but no rows", "check that the app was recording this sensor")
    table.columns = [str(name).strip() for name in table.columns]
    return table


def columns(table: pd.DataFrame, names: list[str] | tuple[str, ...], where: str) -> FloatArray:
    """Numbers of named columns, shape (n, k); what is no number becomes NaN.

    Raises
    ------
    RecordingError
        A column is missing.
    """
    missing = [name for name in names if name not in table.columns]
    if missing:
        there = ", ".join(list(table.columns)[:12])
        raise RecordingError(
            where, f"has no column {missing[0]!r} (there is: {there})", "name the columns of this file"
        )
    return np.column_stack([numbers(table[name]) for name in names])


def numbers(series: Any) -> FloatArray:
    """A column as numbers, shape (n,); NaN where it holds none."""
    try:
        return np.asarray(pd.to_numeric(series, errors="coerce"), dtype=np.float64)
    except OverflowError:  # whole numbers of hundreds of digits
        return np.array([_float(value) for value in series])


def _float(value: Any) -> float:
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        return float("nan")


def clock(table: pd.DataFrame, name: str, where: str) -> npt.NDArray[np.int64]:
    """Whole-number time stamps of a column, exact to the nanosecond where the file is."""
    if name not in table.columns:
        raise RecordingError(where, f"has no column {name!r}", "export the recording again")
    try:
        ticks = pd.Series(pd.to_numeric(table[name], errors="coerce")).ffill().bfill().fillna(0)
        factor = stamp_unit(float(ticks.astype(np.float64).abs().median()))
        scaled = ticks if factor == 1 else (ticks.astype(np.float64) * factor).round()
        return np.asarray(scaled, dtype=np.int64)
    except (OverflowError, ValueError, TypeError) as error:
        raise RecordingError(where, f"column {name!r} holds no time stamps", "export the recording again") from error


def stamp_unit(stamp: float) -> int:
    """Nanoseconds per unit of a time stamp since 1970: of ns, µs, ms or s only one falls into our time."""
    for factor in (1, 1_000, 1_000_000, 1_000_000_000):
        if 5e17 <= stamp * factor < 5e18:
            return factor
    return 1


def onto(time: FloatArray, other: FloatArray, values: FloatArray, reach: float = 0.1) -> FloatArray:
    """Values of another stream at given times, linear between neighbours closer than ``reach`` (s), else NaN; shape (n, k)."""
    if len(other) < 2:
        return np.full((len(time), values.shape[1]), np.nan)
    order = np.argsort(other, kind="stable")
    other, values = other[order], values[order]
    after = np.clip(np.searchsorted(other, time), 1, len(other) - 1)
    near = (other[after] - other[after - 1] < reach) & (time >= other[0] - reach) & (time <= other[-1] + reach)
    out = np.column_stack([np.interp(time, other, column) for column in values.T])
    out[~near] = np.nan
    return out
