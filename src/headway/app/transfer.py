"""A runner as one file: everything of theirs in a zip, and read again elsewhere under new numbers."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

import msgspec

from headway.app.analyses import analyses_of, measures_of
from headway.app.database import Cell
from headway.app.experiments import experiments_of
from headway.app.library import Library
from headway.app.notes import notes_about
from headway.app.recordings import files_of, recordings_of
from headway.app.runners import runner_of
from headway.bounds import read_safely
from headway.errors import RecordingError

TABLES = ("recordings", "files", "analyses", "measures", "experiments", "notes")
"""Tables that go along, parents before children."""
DATA = "headway-runner.json"
FORM = 1
LEFT_OUT = ("cache", "comparisons")
LARGEST_UNPACKED = 100 * 1024**3
LARGEST_DATA = 200_000_000
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}")
REMEDY = "give a zip that Headway saved"
Columns = dict[str, Cell]


class Carried(msgspec.Struct, frozen=True):
    """What the tables hold of a runner."""

    form: int
    runner: Columns
    tables: dict[str, list[Columns]]


def export_runner(library: Library, runner: int, target: Path) -> None:
    """Write a runner to a zip."""
    folder = library.runner(runner)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as file:
        file.writestr(DATA, msgspec.json.encode(_carried(library, runner)))
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not any(part in LEFT_OUT or part.startswith(".") for part in inside.parts):
                file.write(path, f"files/{inside.as_posix()}")


def _carried(library: Library, runner: int) -> Carried:
    def rows(sql: str) -> list[Columns]:
        return [dict(row) for row in library.database.connection.execute(sql, (runner,))]

    of = {
        "files": "SELECT f.* FROM files f JOIN recordings r ON r.id = f.recording WHERE r.runner = ? ORDER BY f.id",
        "measures": "SELECT m.* FROM measures m JOIN analyses a ON a.id = m.analysis WHERE a.runner = ?",
    }
    tables = {name: rows(of.get(name, f"SELECT * FROM {name} WHERE runner = ? ORDER BY id")) for name in TABLES}
    return Carried(FORM, rows("SELECT * FROM runners WHERE id = ?")[0], tables)


def import_runner(library: Library, path: Path, name: str) -> int:
    """Read a runner from a zip; returns the new number.

    Raises
    ------
    RecordingError
        It is none that Headway saved, is damaged, or holds what does not belong there.
    """
    with read_safely(Path(name), REMEDY), zipfile.ZipFile(path) as file:
        if file.getinfo(DATA).file_size > LARGEST_DATA:
            raise RecordingError(name, "holds more than a runner has", REMEDY)
        carried = msgspec.json.decode(file.read(DATA), type=Carried)
        if carried.form > FORM:
            raise RecordingError(name, "was saved by a newer Headway", "update Headway")
        if sum(one.file_size for one in file.infolist()) > min(
            LARGEST_UNPACKED, shutil.disk_usage(library.folder).free
        ):
            raise RecordingError(name, "is too large for this disk", "make room")
        return _take(library, file, carried)


def _take(library: Library, file: zipfile.ZipFile, carried: Carried) -> int:
    database = library.database
    numbers: dict[str, dict[Cell, int]] = {}
    runner = 0
    try:
        with database.together():
            runner = database.insert("runners", **_known(library, "runners", carried.runner))
            for table in TABLES:
                numbers[table] = {}
                for row in carried.tables.get(table, []):
                    made = _renumbered(_known(library, table, row), runner, numbers)
                    numbers[table][row.get("id")] = database.insert(table, **made)
            _read_once(library, runner)
            _unpack(library, file, runner, numbers)
    except BaseException:
        if runner:
            shutil.rmtree(library.runner(runner), ignore_errors=True)
        raise
    return runner


def _read_once(library: Library, runner: int) -> None:
    """Read everything that came in as the pages will, so that what they could not read is refused now."""
    assert runner_of(library, runner) is not None
    for recording in recordings_of(library, runner):
        assert (recording.said, recording.found, files_of(library, recording.id)) is not None
    for analysis in analyses_of(library, runner, limit=-1):
        assert (analysis.shown, measures_of(library, analysis.id)) is not None
    assert (experiments_of(library, runner), notes_about(library, runner, "runner")) is not None


def _known(library: Library, table: str, row: Columns) -> Columns:
    """The columns that this version has, without the old number."""
    there = {one["name"] for one in library.database.connection.execute(f"PRAGMA table_info({table})")}
    return {name: value for name, value in row.items() if name in there - {"id"}}


def _renumbered(row: Columns, runner: int, numbers: dict[str, dict[Cell, int]]) -> Columns:
    """A row with the numbers of the new library."""
    out = dict(row)
    if "runner" in out:
        out["runner"] = runner
    for column, table in (("recording", "recordings"), ("analysis", "analyses")):
        if out.get(column) is not None:
            out[column] = numbers[table][out[column]]
    if "file" in out and not _PART.fullmatch(str(out["file"])):
        raise KeyError("file")
    if "about" in out:
        kind, _, old = str(out["about"]).partition(" ")
        table = {"analysis": "analyses", "experiment": "experiments", "recording": "recordings"}.get(kind)
        if table is not None and old.isdecimal():
            out["about"] = f"{kind} {numbers[table].get(int(old), 0)}"
    return out


def _unpack(library: Library, file: zipfile.ZipFile, runner: int, numbers: dict[str, dict[Cell, int]]) -> None:
    """Write the files into the folders of their new numbers; names that are no plain names are refused."""
    for one in file.infolist():
        parts = PurePosixPath(one.filename).parts
        if one.is_dir() or one.filename == DATA:
            continue
        if (
            len(parts) < 4
            or parts[0] != "files"
            or not all(_PART.fullmatch(part) and ".." not in part for part in parts)
        ):
            raise KeyError(one.filename)
        kind, old = parts[1], parts[2]
        if (
            kind not in ("recordings", "analyses", "experiments")
            or not old.isdecimal()
            or int(old) not in numbers[kind]
        ):
            raise KeyError(one.filename)
        target = library.runner(runner) / kind / str(numbers[kind][int(old)]) / Path(*parts[3:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open(one) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
