"""One analysis: picture, sentence, next step, the report inside, and notes."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from headway.app.analyses import KeptAnalysis, analysis_of, delete_analysis
from headway.app.next_step import next_step
from headway.app.notes import notes_about
from headway.app.runners import runner_of
from headway.app.shell import not_found, page, report, to
from headway.app.shown import shown_analysis
from headway.app.state import state_of

FILMS = ("film-1.mp4", "film-2.mp4")
"""Files of an analysis that may be asked for."""


def _found(request: Request) -> KeptAnalysis | None:
    return analysis_of(state_of(request).library, request.path_params["analysis"])


def folder_of(request: Request, analysis: KeptAnalysis) -> Path:
    """Folder of an analysis."""
    return state_of(request).library.analysis(analysis.runner, analysis.id)


def analysis(request: Request) -> Response:
    """One analysis."""
    found = _found(request)
    if found is None:
        return not_found(request)
    library = state_of(request).library
    return page(
        request,
        "analysis.html.j2",
        section="runners",
        analysis=shown_analysis(request, found),
        runner=runner_of(library, found.runner),
        films=[name for name in FILMS if (folder_of(request, found) / name).is_file()],
        step=next_step(library, found),
        notes=notes_about(library, found.runner, f"analysis {found.id}"),
    )


def its_report(request: Request) -> Response:
    """The report, without any right to the app."""
    found = _found(request)
    path = None if found is None else folder_of(request, found) / "report.html"
    if path is None or not path.is_file():
        return not_found(request)
    return report(path.read_text(encoding="utf-8"))


def film(request: Request) -> Response:
    """A small film."""
    found, name = _found(request), request.path_params["name"]
    path = None if found is None or name not in FILMS else folder_of(request, found) / name
    if path is None or not path.is_file():
        return not_found(request)
    return FileResponse(path, media_type="video/mp4")


def delete(request: Request) -> Response:
    """Delete it."""
    found = _found(request)
    if found is None:
        return not_found(request)
    delete_analysis(state_of(request).library, found)
    return to(f"/runners/{found.runner}")


ROUTES = [
    Route("/analyses/{analysis:int}", analysis),
    Route("/analyses/{analysis:int}/report", its_report),
    Route("/analyses/{analysis:int}/films/{name}", film),
    Route("/analyses/{analysis:int}/delete", delete, methods=["POST"]),
]
