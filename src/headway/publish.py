"""A result's folder: its data and its page, written whole or not at all, and sealed (:mod:`headway.stored` reads it again)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from headway.folder import whole_folder
from headway.named import call
from headway.stored.seal import seal_folder
from headway.texts import ENGLISH, spoken


@dataclass(frozen=True)
class Page:
    """The page of a kind of result.

    Attributes
    ----------
    file
        Its name in the folder.
    drawn_by
        Function that makes its text from the result, as ``module:function``: named, not imported, because results know nothing of pages.
    copy, copied_by
        A file of the same in another form, and the function that makes its bytes from the text, or ``None`` where it cannot.
    """

    file: str
    drawn_by: str
    copy: str = ""
    copied_by: str = ""

    def text(self, result: object, **shown: object) -> str:
        """The page of a result; what else is ``shown`` goes to the function that draws it."""
        return call(self.drawn_by, result, **shown)


class Publishable(Protocol):
    """A result that can be written to a folder."""

    page: ClassVar[Page]

    main: ClassVar[str]

    def own_files(self, target: Path) -> Sequence[str]:
        """Names that it writes into a folder: of one that bears no seal, only these are replaced."""
        ...

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        ...


Part = msgspec.Struct | xr.Dataset | pd.DataFrame | str | bytes | Publishable
"""What a folder may hold: a summary, curves, a table, a text, the bytes of a file, or another result in a folder of its own."""


class Published:
    """A result that is made of parts, each written to the file or folder of its name."""

    page: ClassVar[Page]
    main: ClassVar[str] = ""

    def parts(self) -> dict[str, Part]:
        """Name to what is written there."""
        raise NotImplementedError

    def save(self, folder: str | Path, *, overwrite: bool = False, language: str = ENGLISH) -> Path:
        """Write the page in a language (:data:`headway.texts.LANGUAGES`) and all parts to a folder; returns it.

        Raises
        ------
        HeadwayError
            The folder exists and ``overwrite`` is false, or it cannot be written.
        """
        return publish(self, folder, overwrite=overwrite, language=language)

    def own_files(self, target: Path) -> Sequence[str]:
        """What it writes; only these are replaced by ``overwrite``."""
        return (self.page.file, *dict.fromkeys(name.partition("/")[0] for name in self.parts()))

    def write_data(self, folder: Path, *, csv: bool) -> None:
        """Write everything but the page."""
        for name, part in self.parts().items():
            _write(folder / name, part)


def _write(path: Path, part: Part) -> None:
    if isinstance(part, msgspec.Struct):
        write_json(path, part)
    elif isinstance(part, xr.Dataset):
        write_curves(path, part)
    elif isinstance(part, pd.DataFrame):
        pq.write_table(pa.Table.from_pandas(part, preserve_index=False), path)
    elif isinstance(part, str):
        path.write_text(part, encoding="utf-8")
    elif isinstance(part, bytes):
        path.write_bytes(part)
    else:
        path.mkdir(parents=True)
        part.write_data(path, csv=False)
        if part.main:
            seal_folder(path, part.main)


def publish(
    result: Publishable,
    folder: str | Path,
    *,
    overwrite: bool = False,
    csv: bool = False,
    with_page: bool = True,
    attachments: Iterable[Path] = (),
    beside: Sequence[Page] = (),
    language: str = ENGLISH,
    **shown: object,
) -> Path:
    """Write a result with its page; returns the folder.

    Everything is written beside the target and moved there at the end, so that a fault or an interruption leaves nothing behind.

    Parameters
    ----------
    result
        Knows its data files.
    folder
        Where to.
    overwrite
        Replace the result's own files in a folder that exists.
    csv
        Write tables as CSV too.
    with_page
        Draw the page.
    attachments
        Files that are copied along.
    beside
        What is drawn beside the page, from the same.
    language
        Of what is drawn; what it has no words for is in English, and data always are.
    shown
        What the page shows beside the result.

    Raises
    ------
    HeadwayError
        The folder exists and ``overwrite`` is false, or it cannot be written.
    """
    target = Path(folder)
    with whole_folder(target, result.own_files(target), main=result.main, overwrite=overwrite) as draft:
        result.write_data(draft, csv=csv)
        for path in attachments:
            shutil.copy(path, draft / path.name)
        if with_page:
            with spoken(language):
                _draw(result, (result.page, *beside), draft, **shown)
        if result.main:
            seal_folder(draft, result.main)
    return target


def _draw(result: Publishable, pages: Sequence[Page], folder: Path, **shown: object) -> None:
    """Draw pages with their copies."""
    for page in pages:
        text = page.text(result, **shown)
        (folder / page.file).write_text(text, encoding="utf-8")
        if page.copy and (copied := call(page.copied_by, text)) is not None:
            (folder / page.copy).write_bytes(copied)


def write_curves(path: Path, curves: xr.Dataset, kind: str | None = None) -> None:
    """Write curves as netCDF-3, the same bytes for the same curves; ``kind`` is the type of their numbers in the file."""
    data = {name: curves[name].variable for name in sorted(map(str, curves.data_vars))}
    coords = {name: curves[name].variable for name in sorted(map(str, curves.coords))}
    ordered = xr.Dataset(data, coords, curves.attrs)
    encoding = {} if kind is None else {name: {"dtype": kind} for name in data}
    ordered.to_netcdf(path, engine="scipy", encoding=encoding)


def write_json(path: Path, data: msgspec.Struct) -> None:
    """Write a summary."""
    text = json.dumps(msgspec.to_builtins(data), indent=1, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
