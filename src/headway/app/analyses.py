"""Analyses in the library: their rows, folders and numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from headway.app.analyse import AnalyseRequest, AnalysisFound
from headway.app.glance import GlanceKept
from headway.app.library import Library, now
from headway.app.recordings import KeptRecording, cache_folder, draft_folder, files_folder, files_of
from headway.app.runners import KeptRunner
from headway.options import PLACES

RUN = ("recording", "forces", "keypoints", "sensors")
"""What a file may hold to be part of the run."""


class KeptAnalysis(msgspec.Struct, frozen=True):
    """An analysis of the library; ``glance`` is JSON of :class:`headway.app.glance.GlanceKept`."""

    id: int
    runner: int
    recording: int | None
    title: str
    taken: str
    view: str
    glance: str
    headway: str
    created: str

    @property
    def shown(self) -> GlanceKept:
        """Picture and sentence."""
        return msgspec.json.decode(self.glance, type=GlanceKept)


class KeptMeasure(msgspec.Struct, frozen=True):
    """One number of an analysis."""

    analysis: int
    metric: str
    unit: str
    value: float
    low: float | None
    high: float | None
    long: bool
    estimated: bool

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def analyse_request(library: Library, recording: KeptRecording, runner: KeptRunner, language: str) -> AnalyseRequest:
    """What the long work needs."""
    folder, files = files_folder(library, runner.id, recording.id), files_of(library, recording.id)
    about = {"height": runner.height, "mass": runner.mass, "sex": runner.sex}
    said = {name: str(value) for name, value in about.items() if value is not None} | recording.said
    standing = next((str(folder / one.file) for one in files if one.role == "standing"), None)
    return AnalyseRequest(
        recording=recording.id,
        files=[
            f"{one.role}={folder / one.file}" if one.role in PLACES else str(folder / one.file)
            for one in files
            if one.role not in ("standing", "unused") and one.holds in RUN
        ],
        said=said,
        standing=standing,
        cache=str(cache_folder(library, runner.id, recording.id)),
        draft=str(draft_folder(library, runner.id, recording.id)),
        language=language,
    )


def keep_analysis(library: Library, _: object, found: AnalysisFound) -> int:
    """Keep a new analysis; returns its number."""
    database = library.database
    with database.together():
        recording = database.row(KeptRecording, "SELECT * FROM recordings WHERE id = ?", found.recording)
        if recording is None:
            shutil.rmtree(found.draft, ignore_errors=True)
            raise LookupError("the recording was deleted meanwhile")
        number = database.insert(
            "analyses",
            runner=recording.runner,
            recording=recording.id,
            title=recording.title,
            taken=recording.taken,
            view=found.view,
            glance=msgspec.json.encode(found.glance).decode(),
            headway=found.headway,
            created=now(),
        )
        for one in found.measures:
            database.insert("measures", analysis=number, **msgspec.structs.asdict(one))
        place_folder(Path(found.draft), library.analysis(recording.runner, number))
    return number


def place_folder(draft: Path, target: Path) -> None:
    """Put a folder that is whole where it belongs."""
    shutil.rmtree(target, ignore_errors=True)  # of a number that was given once and never kept
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(target)


def analysis_of(library: Library, number: int) -> KeptAnalysis | None:
    """One analysis."""
    return library.database.row(KeptAnalysis, "SELECT * FROM analyses WHERE id = ?", number)


def analyses_of(library: Library, runner: int, limit: int = 100) -> list[KeptAnalysis]:
    """Those of a runner, newest first."""
    sql = "SELECT * FROM analyses WHERE runner = ? ORDER BY taken DESC, id DESC LIMIT ?"
    return library.database.rows(KeptAnalysis, sql, runner, limit)


def newest_analyses(library: Library, limit: int) -> list[KeptAnalysis]:
    """Those of everybody, newest first."""
    return library.database.rows(KeptAnalysis, "SELECT * FROM analyses ORDER BY taken DESC, id DESC LIMIT ?", limit)


def analyses_from(library: Library, recording: int) -> list[KeptAnalysis]:
    """Those made from a recording, newest first."""
    return library.database.rows(KeptAnalysis, "SELECT * FROM analyses WHERE recording = ? ORDER BY id DESC", recording)


def measures_of(library: Library, analysis: int) -> dict[str, KeptMeasure]:
    """All numbers of an analysis by name."""
    rows = library.database.rows(KeptMeasure, "SELECT * FROM measures WHERE analysis = ?", analysis)
    return {one.metric: one for one in rows}


def delete_analysis(library: Library, analysis: KeptAnalysis) -> None:
    """Delete an analysis with its folder."""
    library.database.run("DELETE FROM analyses WHERE id = ?", analysis.id)
    shutil.rmtree(library.analysis(analysis.runner, analysis.id), ignore_errors=True)
    library.database.forget()
