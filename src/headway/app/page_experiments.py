"""One experiment: the verdict, why, and the page that the experiment itself wrote."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.app.experiments import (
    KeptExperiment,
    delete_experiment,
    experiment_of,
    experiment_request,
    input_folder,
    result_folder,
    set_stage,
)
from headway.app.notes import notes_about
from headway.app.runners import runner_of
from headway.app.shell import not_found, page, report, to
from headway.app.state import state_of
from headway.app.texts import texts_of


def _found(request: Request) -> KeptExperiment | None:
    return experiment_of(state_of(request).library, request.path_params["experiment"])


def experiment(request: Request) -> Response:
    """One experiment."""
    found, state = _found(request), state_of(request)
    if found is None:
        return not_found(request)
    library = state.library
    return page(
        request,
        "experiment.html.j2",
        section="drill",
        experiment=found,
        runner=runner_of(library, found.runner),
        job=state.jobs.last("experiment", found.id),
        has_report=(result_folder(library, found.runner, found.id) / "report.html").is_file(),
        has_protocol=(input_folder(library, found.runner, found.id) / "protocol.toml").is_file(),
        notes=notes_about(library, found.runner, f"experiment {found.id}"),
    )


def its_report(request: Request) -> Response:
    """The page of the experiment, without any right to the app."""
    found = _found(request)
    if found is None:
        return not_found(request)
    path = result_folder(state_of(request).library, found.runner, found.id) / "report.html"
    return report(path.read_text(encoding="utf-8")) if path.is_file() else not_found(request)


def measure(request: Request) -> Response:
    """Begin the work on it, again."""
    found, state = _found(request), state_of(request)
    if found is None:
        return not_found(request)
    set_stage(state.library, found.id, "measuring")
    asked = experiment_request(state.library, found, texts_of(request).language)
    state.jobs.add("experiment", found.id, asked, found.runner)
    return to(f"/experiments/{found.id}")


def delete(request: Request) -> Response:
    """Delete it."""
    found, state = _found(request), state_of(request)
    if found is None:
        return not_found(request)
    if (job := state.jobs.last("experiment", found.id)) is not None:
        state.jobs.cancel(job.id)
    delete_experiment(state.library, found)
    return to(f"/runners/{found.runner}")


ROUTES = [
    Route("/experiments/{experiment:int}", experiment),
    Route("/experiments/{experiment:int}/report", its_report),
    Route("/experiments/{experiment:int}/measure", measure, methods=["POST"]),
    Route("/experiments/{experiment:int}/delete", delete, methods=["POST"]),
]
