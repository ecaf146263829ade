"""The folder of a study: batches in Parquet, put in place whole; finished recordings of a batch that is not whole yet wait beside them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from headway.stored.seal import checksum_of, seal_of
from headway.study.entry import Entry
from headway.study.outcome import Failure, StudyOutcome, pack, unpack
from headway.study.rows import FailureRow
from headway.study.tables import TABLES, build, outcomes, schema

SPOOL = ".unfinished"
TEMPORARY = ".tmp-"


class Store:
    """Where a study's results lie.

    Parameters
    ----------
    folder
        Folder of the study; it must exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        known = seal_of(folder / "study.json")
        self.sums: dict[str, str] = {} if known is None else dict(known.files)

    def open(self) -> None:
        """Make the folders; clear away what an interrupted writer left."""
        for name in (*TABLES, SPOOL):
            (self.folder / name).mkdir(exist_ok=True)
        for left in [*self.folder.glob(f"{TEMPORARY}*"), *self.folder.glob(f"*/{TEMPORARY}*")]:
            left.unlink()
        whole = {path.name for path in (self.folder / "recordings").glob("part-*.parquet")}
        for table in TABLES[:-1]:
            for path in (self.folder / table).glob("part-*.parquet"):
                if path.name not in whole:
                    path.unlink()

    def parts(self) -> dict[int, list[str]]:
        """Keys of every batch that is in place, by its number; a batch that cannot be read is removed."""
        found: dict[int, list[str]] = {}
        for path in sorted((self.folder / "recordings").glob("part-*.parquet")):
            number = int(path.stem.removeprefix("part-"))
            try:
                for table in TABLES:
                    self._check(table, number)
                found[number] = pq.read_table(path, columns=["key"]).column("key").to_pylist()
            except (OSError, ValueError, pa.ArrowException):
                self.drop(number)
        return found

    def _check(self, table: str, number: int) -> None:
        """Whether a table of a batch is one, and as it was written; raises ``ValueError`` where it is not."""
        path = self._part(table, number)
        found, name = checksum_of(path), path.relative_to(self.folder).as_posix()
        if self.sums.setdefault(name, found) != found:  # one that a stopped run wrote is not in the seal yet
            raise ValueError("its checksum differs")
        pq.read_schema(path)

    def take_apart(self, number: int, wanted: set[str]) -> None:
        """Turn a batch back into single finished recordings."""
        tables = {table: pq.ParquetFile(self._part(table, number)).read() for table in TABLES}
        for outcome in outcomes(tables):
            if outcome.key in wanted:
                self.keep(pack(outcome), outcome.key)
        self.drop(number)

    def drop(self, number: int) -> None:
        """Remove a batch; the table that makes it count goes first."""
        for table in TABLES[::-1]:
            path = self._part(table, number)
            path.unlink(missing_ok=True)
            self.sums.pop(path.relative_to(self.folder).as_posix(), None)

    def keep(self, data: bytes, key: str) -> None:
        """Keep the outcome of one recording until its batch is whole."""
        put(self.folder / SPOOL / key, lambda stream: stream.write(data), durable=False)

    def kept(self) -> dict[str, Failure | None]:
        """Keys of what waits for its batch, with the failures among it; what was cut off is removed."""
        found: dict[str, Failure | None] = {}
        for path in sorted((self.folder / SPOOL).iterdir()):
            try:
                found[path.name] = unpack(path.read_bytes()).failure
            except msgspec.DecodeError:
                path.unlink()
        return found

    def waiting(self, key: str) -> StudyOutcome:
        """The outcome that was kept under a key."""
        return unpack((self.folder / SPOOL / key).read_bytes())

    def commit(self, number: int, batch: Sequence[tuple[Entry, str]]) -> None:
        """Write a batch from what was kept: all three tables, or none that counts."""
        items = [(entry, self.waiting(key)) for entry, key in batch]
        if items:
            drafts = []
            for table in TABLES:
                path = self._part(table, number)
                drafts.append((draft_of(path), path))
                write_table(drafts[-1][0], build(table, items))
            for draft, path in drafts:
                self.sums[path.relative_to(self.folder).as_posix()] = checksum_of(draft)
                draft.replace(path)
        for _, key in batch:
            self.forget(key)

    def forget(self, key: str) -> None:
        """Remove what was kept under a key."""
        (self.folder / SPOOL / key).unlink(missing_ok=True)

    def write_failures(self, rows: Sequence[FailureRow]) -> None:
        """Replace ``failures.parquet``."""
        path = self.folder / "failures.parquet"
        draft = draft_of(path)
        write_table(draft, pa.Table.from_pylist([msgspec.structs.asdict(row) for row in rows], schema("failures")))
        self.sums[path.name] = checksum_of(draft)
        draft.replace(path)

    def failures(self) -> list[FailureRow]:
        """Rows of ``failures.parquet``."""
        try:
            rows = pq.ParquetFile(self.folder / "failures.parquet").read().to_pylist()
            return msgspec.convert(rows, list[FailureRow])
        except (OSError, pa.ArrowException, msgspec.ValidationError):
            return []

    def close(self) -> None:
        """Remove what only an unfinished study needs."""
        shutil.rmtree(self.folder / SPOOL, ignore_errors=True)

    def _part(self, table: str, number: int) -> Path:
        return self.folder / table / f"part-{number:05d}.parquet"


def draft_of(path: Path) -> Path:
    """Where a file is written before it is put in place."""
    return path.with_name(f"{TEMPORARY}{path.name}")


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table and make it durable; nothing is left of it when that fails."""
    try:
        with path.open("wb") as stream:
            pq.write_table(table, stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def put(path: Path, write: Callable[[IO[bytes]], object], *, durable: bool = True) -> None:
    """Write a file and put it in place whole."""
    draft = draft_of(path)
    try:
        with draft.open("wb") as stream:
            write(stream)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
