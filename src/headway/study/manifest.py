"""Manifests: a table of recordings with what is known of each, checked line by line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

from headway.bounds import LARGEST_WRITTEN, memory, read_safely, read_whole, read_written, toml_table
from headway.errors import HeadwayError, OptionError, RecordingError
from headway.options import Options, columns, from_mapping
from headway.study.entry import Entry

OWN = ("path", "runner", "condition", "second_film")
COLUMNS = (*OWN, *columns())
"""Columns of a manifest; only ``path`` has to be there."""
SUFFIXES = (".csv", ".tsv", ".toml", ".parquet")
MOST = 3
"""Faults named one by one."""
NumberedRow = tuple[int, Mapping[str, object]]
"""A row as it is written, with its line."""


def read_manifest(path: Path) -> list[Entry]:
    """Recordings of a manifest (CSV, TOML with ``[[recording]]``, or Parquet), in its order.

    Paths are relative to the manifest. Missing recordings are no fault of the manifest: they end up among the failures.

    Raises
    ------
    RecordingError
        Unknown or missing columns, values that cannot be right, recordings listed twice: with their lines.
    """
    rows = _rows(path)
    if not rows:
        raise RecordingError(str(path), "lists no recording", f"give one row each with {', '.join(COLUMNS[:7])}")
    entries: list[Entry] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        try:
            entry = _entry(path, line, row)
        except ValueError as fault:
            faults.append(f"line {line}: {fault}")
            continue
        if entry.recording in seen:
            faults.append(f"line {line}: {entry.recording} is listed in line {seen[entry.recording]} already")
        seen.setdefault(entry.recording, line)
        entries.append(entry)
    if faults:
        more = f"; and {len(faults) - MOST} more" if len(faults) > MOST else ""
        raise RecordingError(str(path), "; ".join(faults[:MOST]) + more, "mend these lines")
    return entries


def _rows(path: Path) -> list[NumberedRow]:
    remedy = "give a CSV, TOML or Parquet manifest"
    with read_safely(path, remedy):
        if path.suffix.lower() == ".parquet":
            return _parquet(path)
        text = read_written(path, remedy)
        return _toml(path, text) if path.suffix.lower() == ".toml" else _csv(path, text)


def _parquet(path: Path) -> list[NumberedRow]:
    import pyarrow as pa

    from headway.stored.result import read_parquet

    try:
        with memory(path.stat().st_size):
            table = read_parquet(read_whole(path, LARGEST_WRITTEN))
    except pa.ArrowException as error:
        raise RecordingError(str(path), "is no readable Parquet file", "write it again") from error
    _known(path, table.column_names, "")
    return [(number, row) for number, row in enumerate(table.to_pylist(), 1)]


def _toml(path: Path, text: str) -> list[NumberedRow]:
    found = toml_table(path, text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[recording]]")]
    tables = found.get("recording")
    if not isinstance(tables, list) or set(found) != {"recording"}:
        raise RecordingError(str(path), "has to consist of tables [[recording]]", "give one for each recording")
    lines += range(len(lines) + 1, len(tables) + 1)
    for line, table in zip(lines, tables, strict=False):
        _known(path, list(table), f" line {line}")
    return list(zip(lines, tables, strict=False))


def _csv(path: Path, text: str) -> list[NumberedRow]:
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    rows: list[NumberedRow] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        if not names:
            names = [cell.strip().lower() for cell in cells]
            _known(path, names, f" line {reader.line_num}")
            continue
        if len(cells) > len(names):
            what = f"{len(cells)} cells under {len(names)} columns"
            raise RecordingError(f"{path} line {reader.line_num}", what, "quote cells that hold a comma")
        rows.append((reader.line_num, dict(zip(names, (cell.strip() for cell in cells), strict=False))))
    return rows


def _known(path: Path, names: list[str], line: str) -> None:
    where = f"{path}{line}"
    unknown = [name for name in names if name not in COLUMNS]
    if "path" not in names:
        raise RecordingError(where, "has no column path", f"columns are {', '.join(COLUMNS)}")
    if unknown:
        raise RecordingError(where, f"column {unknown[0]!r} is not known", f"columns are {', '.join(COLUMNS)}")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise RecordingError(where, f"column {twice[0]!r} stands there twice", "leave one out")


def _entry(manifest: Path, line: int, row: Mapping[str, object]) -> Entry:
    """One row as an entry; raises ``ValueError`` with what is wrong."""
    given = {name: value for name, value in row.items() if value is not None and value != ""}
    given = {name: value for name, value in given.items() if not (isinstance(value, float) and math.isnan(value))}
    words = {name: str(given[name]).strip() for name in OWN if name in given}
    if not words.get("path"):
        raise ValueError("path is empty")
    take = _take(given, manifest.parent)
    if "second_film" in words and take.view is not None:
        raise ValueError("view is given for two films, leave it out")
    own, part = words.pop("path"), [str(given[name]) for name in ("subject", "start", "stop") if name in given]
    if "second_film" in words:
        words["second_film"] = str((manifest.parent / words["second_film"]).absolute())
    name = Path(own).as_posix() + (f"#{'-'.join(part)}" if part else "")
    return Entry(recording=name, path=str((manifest.parent / own).absolute()), line=line, take=take, **words)


def _take(given: Mapping[str, object], folder: Path) -> Options:
    """What a row says about the recording; raises ``ValueError`` with what is wrong."""
    said = {name: value for name, value in given.items() if name in columns()}
    try:
        return from_mapping(said, lambda name: name, folder=folder)
    except OptionError as fault:
        raise ValueError(f"{fault.where} {fault.what}, {fault.remedy}") from fault


def is_manifest(path: Path) -> bool:
    """Whether a path is to be read as a manifest."""
    if path.is_dir():
        return False
    if not path.exists():
        raise RecordingError(str(path), "does not exist", "give a folder of recordings or a manifest")
    if path.suffix.lower() not in SUFFIXES:
        raise HeadwayError(
            str(path), "is neither a folder nor a manifest", "give a folder, or a manifest as CSV, TOML or Parquet"
        )
    return True
