"""Two analyses: compared in numbers, or their films in step."""

from __future__ import annotations

import contextlib

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.analyse import FilmBeside
from headway.app.analyses import KeptAnalysis, analysis_of
from headway.app.comparisons import compare_request, comparison_between, comparison_of, others
from headway.app.library import Library
from headway.app.runners import runner_of
from headway.app.shell import embedded, not_found, page, report
from headway.app.state import state_of
from headway.app.texts import texts_of


class FilmShown(msgspec.Struct, frozen=True):
    """A film beside another: where it is, whose, and what shows it in step."""

    address: str
    who: str
    film: FilmBeside


def _asked(request: Request, name: str) -> KeptAnalysis | None:
    text = request.query_params.get(name, "")
    return analysis_of(state_of(request).library, int(text)) if text.isdecimal() and len(text) < 16 else None


def _who(library: Library, analysis: KeptAnalysis) -> str:
    runner = runner_of(library, analysis.runner)
    return f"{runner.name if runner else ''}, {analysis.taken}"


def compare(request: Request) -> Response:
    """Choose the other one, or see the comparison."""
    state, first, second = state_of(request), _asked(request, "a"), _asked(request, "b")
    if first is None:
        return not_found(request)
    library = state.library
    known = job = None
    if second is not None and second.id != first.id:
        known = comparison_between(library, first.id, second.id)
        if known is None:
            job = state.jobs.last("compare", _pair(first.id, second.id))
            if job is None or job.state in ("done", "cancelled"):
                asked = compare_request(library, first, second, texts_of(request).language)
                number = state.jobs.add("compare", _pair(first.id, second.id), asked, first.runner)
                job = state.jobs.get(number)
    return page(
        request,
        "compare.html.j2",
        section="runners",
        first=first,
        second=second,
        who=_who(library, first),
        others=others(library, first),
        known=known,
        job=job,
    )


def _pair(first: int, second: int) -> int:
    """Two numbers as one, so that a comparison is queued once."""
    return first * 1_000_000 + second


def its_report(request: Request) -> Response:
    """The page of the comparison, without any right to the app."""
    library = state_of(request).library
    found = comparison_of(library, request.path_params["comparison"])
    path = None if found is None else library.comparison(found.runner, found.id) / "compare.html"
    return not_found(request) if path is None or not path.is_file() else report(path.read_text(encoding="utf-8"))


def films_of(library: Library, analysis: KeptAnalysis) -> list[FilmShown]:
    """Films of an analysis that can be shown beside others."""
    folder, out = library.analysis(analysis.runner, analysis.id), []
    for number in (1, 2):
        path = folder / f"film-{number}.json"
        with contextlib.suppress(OSError, msgspec.MsgspecError):  # without a film, or of another version
            film = msgspec.json.decode(path.read_bytes(), type=FilmBeside)
            out.append(FilmShown(f"/analyses/{analysis.id}/films/film-{number}.mp4", _who(library, analysis), film))
    return out


def beside(request: Request) -> Response:
    """Two films in step."""
    library, first, second = state_of(request).library, _asked(request, "a"), _asked(request, "b")
    if first is None or not (mine := films_of(library, first)):
        return not_found(request)
    theirs = [] if second is None else films_of(library, second)
    pair = next(((a, b) for a in mine for b in theirs if a.film.view == b.film.view), None)
    pair = pair or ((mine[0], theirs[0]) if theirs else None)
    return page(
        request,
        "beside.html.j2",
        section="runners",
        script_texts=("beside",),
        first=first,
        second=second,
        who=_who(library, first),
        others=[(one, name) for one, name in others(library, first) if films_of(library, one)],
        pair=pair,
        data=embedded(msgspec.to_builtins(pair)) if pair else "",
    )


ROUTES = [
    Route("/compare", compare),
    Route("/comparisons/{comparison:int}/report", its_report),
    Route("/beside", beside),
]
