"""The SQLite file of a library: one connection per thread, typed rows, versions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from headway.app.tables import MIGRATIONS
from headway.bounds import check_kind
from headway.errors import HeadwayError

Row = TypeVar("Row", bound=msgspec.Struct)
Cell = str | int | float | None
APPLICATION = 0x48445759
"""Number by which SQLite's own header tells a library of Headway."""


class Database:
    """A database in write-ahead mode that several threads use.

    Parameters
    ----------
    path
        File; made when it is not there, and brought to this version.

    Raises
    ------
    HeadwayError
        It is none, or a newer Headway wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            check_kind(path)
            self._check()
            self._migrate()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self.close()
            raise HeadwayError(str(path), f"is no library ({error})", "name another folder with --library") from error
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """That of this thread."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self.path, timeout=20.0, isolation_level=None, check_same_thread=False)
            found.row_factory = sqlite3.Row
            for rule in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
                found.execute(f"PRAGMA {rule}")
            self._local.connection = found
            with self._lock:
                self._all.append(found)
        return found

    def _check(self) -> None:
        """Refuse another program's database, and one that is damaged.

        Raises
        ------
        HeadwayError
            It is one of these.
        """
        owner = self.connection.execute("PRAGMA application_id").fetchone()[0]
        told = self.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if owner not in (0, APPLICATION) or told != "ok":
            what = f"is damaged ({' '.join(str(told).split())[:80]})" if told != "ok" else "belongs to another program"
            raise HeadwayError(
                str(self.path), what, "put a copy of the library back, or name another folder with --library"
            )

    def _migrate(self) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise HeadwayError(str(self.path), "a newer Headway wrote this library", "update Headway")
        for number, text in enumerate(MIGRATIONS[version:], version + 1):
            self.connection.executescript(f"BEGIN IMMEDIATE; {text}; PRAGMA user_version = {number}; COMMIT;")
        self.connection.execute(f"PRAGMA application_id = {APPLICATION}")

    def rows(self, kind: type[Row], sql: str, *values: Cell) -> list[Row]:
        """Rows as structs whose fields bear the names of the columns."""
        try:
            return [msgspec.convert(dict(row), kind, strict=False) for row in self.connection.execute(sql, values)]
        except (sqlite3.DatabaseError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise HeadwayError(str(self.path), f"is damaged ({error})", "put a copy of the library back") from error

    def row(self, kind: type[Row], sql: str, *values: Cell) -> Row | None:
        """The first row."""
        return next(iter(self.rows(kind, sql, *values)), None)

    def value(self, sql: str, *values: Cell) -> Cell:
        """First column of the first row; ``None`` without one."""
        row = self.connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def insert(self, table: str, **columns: Cell) -> int:
        """Add a row; returns its number."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def run(self, sql: str, *values: Cell) -> int:
        """Change rows; returns how many."""
        return self.connection.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """Change several rows, or none if something fails."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def forget(self) -> None:
        """Take what was deleted out of the files too."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for one in self._all:
                one.close()
            self._all.clear()
