"""Two analyses set side by side with intervals, kept under the runner of the first."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from headway.app.analyses import KeptAnalysis, place_folder
from headway.app.library import Library, now
from headway.texts import ENGLISH
from headway.workers import Tell


class CompareRequest(msgspec.Struct, frozen=True):
    """Numbers and folders of two analyses, whether they are of one runner, the folder for the result until it is whole, language of its page."""

    first: int
    second: int
    folders: tuple[str, str]
    same_runner: bool
    draft: str
    language: str = ENGLISH


class CompareFound(msgspec.Struct, frozen=True):
    """What the library keeps; the folder waits at ``draft``."""

    first: int
    second: int
    draft: str


class KeptComparison(msgspec.Struct, frozen=True):
    """A comparison of the library."""

    id: int
    runner: int
    first: int
    second: int
    created: str


def compare_request(library: Library, first: KeptAnalysis, second: KeptAnalysis, language: str) -> CompareRequest:
    """What the work needs."""
    return CompareRequest(
        first=first.id,
        second=second.id,
        folders=(str(library.analysis(first.runner, first.id)), str(library.analysis(second.runner, second.id))),
        same_runner=first.runner == second.runner,
        draft=str(library.runner(first.runner) / "comparisons" / f".draft-{first.id}-{second.id}"),
        language=language,
    )


def run_compare(request: CompareRequest, tell: Tell) -> CompareFound:
    """Compare into the draft folder, in a worker process."""
    from headway.analysis import Analysis
    from headway.comparison.comparison import compare

    tell((0, 1))
    a, b = (Analysis.load(folder) for folder in request.folders)
    found = compare(a, b, same_runner=request.same_runner)
    shutil.rmtree(request.draft, ignore_errors=True)
    found.save(request.draft, language=request.language)
    return CompareFound(request.first, request.second, request.draft)


def keep_compare(library: Library, _: object, found: CompareFound) -> int:
    """Keep a comparison; returns its number."""
    database = library.database
    with database.together():
        runner = database.value("SELECT runner FROM analyses WHERE id = ?", found.first)
        if not isinstance(runner, int):
            raise LookupError("the analysis was deleted meanwhile")
        number = database.insert("comparisons", runner=runner, first=found.first, second=found.second, created=now())
        place_folder(Path(found.draft), library.comparison(runner, number))
    return number


def comparison_of(library: Library, number: int) -> KeptComparison | None:
    """One comparison."""
    return library.database.row(KeptComparison, "SELECT * FROM comparisons WHERE id = ?", number)


def comparison_between(library: Library, first: int, second: int) -> KeptComparison | None:
    """The newest comparison of two analyses."""
    sql = "SELECT * FROM comparisons WHERE first = ? AND second = ? ORDER BY id DESC"
    return library.database.row(KeptComparison, sql, first, second)


def others(library: Library, analysis: KeptAnalysis) -> list[tuple[KeptAnalysis, str]]:
    """What an analysis can be set beside, with the runner's name: references first, then the runner's own, then everybody's."""
    sql = (
        "SELECT a.*, n.name AS who FROM analyses a JOIN runners n ON n.id = a.runner LEFT JOIN recordings r ON r.id = a.recording "
        "WHERE a.id != ? ORDER BY coalesce(r.reference, 0) DESC, a.runner = ? DESC, a.taken DESC, a.id DESC LIMIT 200"
    )
    rows = library.database.connection.execute(sql, (analysis.id, analysis.runner)).fetchall()
    return [(msgspec.convert(dict(row), KeptAnalysis, strict=False), str(row["who"])) for row in rows]
