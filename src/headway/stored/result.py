"""Results read again: every file is checked against the seal of its folder before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from headway.bounds import GB, LARGEST_JSON, read_safely, read_whole
from headway.errors import RecordingError
from headway.stored.seal import Seal, checksum, id_of

Read = TypeVar("Read", bound=msgspec.Struct)
Part = TypeVar("Part")
LARGEST = 8 * GB
"""Bytes of one file of a result, and of a table of it once unpacked."""


@dataclass(frozen=True)
class Form(Generic[Read]):
    """A kind of result, as it lies in a folder.

    Attributes
    ----------
    command
        Of Headway, that writes it.
    main
        Name of its summary.
    kind
        Struct of the summary.
    schema
        Newest that this version reads.
    again
        What to do where a file is wrong.
    """

    command: str
    main: str
    kind: type[Read]
    schema: int
    again: str

    def open(self, folder: str | Path, *others: str) -> ResultFolder[Read]:
        """Open a folder of this form; its summary is read and checked.

        Parameters
        ----------
        others
            Names of further files that have to be there.

        Raises
        ------
        RecordingError
            One is missing, the summary is damaged or was changed, or a later Headway wrote it; one line that names the file.
        """
        source = Path(folder)
        for name in (self.main, *others):
            if not (source / name).is_file():
                raise RecordingError(
                    str(source), f"{name} is missing", f"give a folder that headway {self.command} wrote"
                )
        summary, seal = read_document(source / self.main, self.kind, self.schema, self.again)
        return ResultFolder(source, summary, seal, self.again)


class _Head(msgspec.Struct):
    schema: int = 1
    headway: str = ""
    seal: Seal | None = None


def read_document(path: Path, kind: type[Read], schema: int, again: str) -> tuple[Read, Seal | None]:
    """Read one JSON file that Headway wrote, and its seal.

    Raises
    ------
    RecordingError
        It is of a later schema, no such JSON (the field is named), or not as it was written.
    """
    with read_safely(path, again):
        return document(str(path), read_whole(path, LARGEST_JSON, again), kind, schema, again)


def document(where: str, content: bytes, kind: type[Read], schema: int, again: str) -> tuple[Read, Seal | None]:
    """The same of bytes that were read already."""
    try:
        head = msgspec.json.decode(content, type=_Head)
    except msgspec.ValidationError:
        head = _Head()  # the whole is told below
    except msgspec.DecodeError as error:
        raise RecordingError(where, f"is damaged ({error})", again) from error
    if head.schema > schema:
        raise refused_newer(where, head.schema, schema, head.headway)
    try:
        found = msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordingError(where, f"is damaged ({error})", again) from error
    if head.seal is not None and id_of(content) != head.seal.id:
        raise RecordingError(where, "is not as Headway wrote it (its checksum differs)", again)
    if head.seal is None:
        _refuse_unknown(where, content, kind, again)
    return found, head.seal


def refused_newer(where: str, found: int, newest: int, headway: str = "") -> RecordingError:
    """What is said of a file that a later version wrote: which version can read it."""
    by = f"Headway {headway}" if headway else "a later Headway"
    what = f"was written by {by} in form {found}, and this version reads up to {newest}"
    return RecordingError(where, what, f"read it with {by} or later")


def _refuse_unknown(where: str, content: bytes, kind: type[msgspec.Struct], again: str) -> None:
    """A summary without a seal is older than the seal, and so has no field that this version does not know."""
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    unknown = msgspec.json.decode(content, type=dict[str, msgspec.Raw]).keys() - known
    if unknown:
        raise RecordingError(where, f"is damaged (unknown field {min(unknown)[:40]!r})", again)


@dataclass(frozen=True)
class ResultFolder(Generic[Read]):
    """A result's folder whose summary was read."""

    path: Path
    summary: Read
    seal: Seal | None
    again: str

    def content(self, name: str) -> bytes:
        """Bytes of a file, as they were written.

        Raises
        ------
        RecordingError
            It is missing, damaged, or of another result.
        """
        where = self.path / name
        with read_safely(where, self.again):
            content = read_whole(where, LARGEST, self.again)
            self._check(where, name, content)
        return content

    def _check(self, where: Path, name: str, content: bytes) -> None:
        if self.seal is None:
            return
        if name not in self.seal.files:
            raise RecordingError(str(where), "is no part of this result", self.again)
        if checksum(content) != self.seal.files[name]:
            what = "is damaged or belongs to another result (its checksum is not the one in the summary)"
            raise RecordingError(str(where), what, self.again)

    def has(self, name: str) -> bool:
        """Tell whether a file belongs to the result: one that was written has to be there."""
        return (self.path / name).is_file() if self.seal is None else name in self.seal.files

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A table, or some columns of it.

        Raises
        ------
        RecordingError
            See :meth:`content`; or it is no table.
        """
        content = self.content(name)
        with read_safely(self.path / name, self.again):
            return read_parquet(content, columns)

    def curves(self, name: str) -> xr.Dataset:
        """Curves.

        Raises
        ------
        RecordingError
            See :meth:`content`; or these are none.
        """
        content = self.content(name)
        with (
            read_safely(self.path / name, self.again),
            xr.open_dataset(BytesIO(content), engine="scipy") as data,
        ):
            return data.load()

    def text(self, name: str) -> str:
        """A text.

        Raises
        ------
        RecordingError
            See :meth:`content`; or it is none.
        """
        content = self.content(name)
        with read_safely(self.path / name, self.again):
            return content.decode("utf-8")

    def part(self, name: str, form: Form[Any], load: Callable[[Path], Part]) -> Part:
        """Another result in a folder of its own.

        Raises
        ------
        RecordingError
            A file of it is missing or wrong, or it belongs to another result.
        """
        if self.seal is not None and (self.path / name / form.main).is_file():
            self.content(f"{name}/{form.main}")
        return load(self.path / name)


def read_parquet(content: bytes, columns: list[str] | None = None) -> pa.Table:
    """A table from the bytes of a Parquet file, after what it says of its own size was looked at.

    Raises
    ------
    ValueError
        It states more than its bytes can hold.
    pyarrow.ArrowException
        It is none.
    """
    file = pq.ParquetFile(pa.BufferReader(content))
    told = file.metadata
    groups = [told.row_group(k) for k in range(told.num_row_groups)]
    if sum(one.total_byte_size for one in groups) > min(LARGEST, 1000 * len(content) + 1_000_000):
        raise ValueError("it states a size that it cannot have")
    if not 0 <= told.num_rows <= 1000 * len(content):
        raise ValueError(f"it states {told.num_rows} rows")
    return file.read(columns, use_threads=False)
