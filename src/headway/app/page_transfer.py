"""A runner as one file: saved, and read again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from headway.app.runners import all_runners, runner_of
from headway.app.shell import form, not_found, page, to
from headway.app.state import state_of
from headway.app.transfer import export_runner, import_runner
from headway.app.uploads import drop, server_name, whole_uploads
from headway.errors import HeadwayError


def export(request: Request) -> Response:
    """Everything of a runner as a zip."""
    library = state_of(request).library
    found = runner_of(library, request.path_params["runner"])
    if found is None:
        return not_found(request)
    with tempfile.NamedTemporaryFile(dir=library.folder, prefix=".export-", suffix=".zip", delete=False) as file:
        path = Path(file.name)
    export_runner(library, found.id, path)
    return FileResponse(
        path,
        filename=f"headway-{server_name(found.name)}.zip",
        media_type="application/zip",
        background=BackgroundTask(path.unlink),
    )


async def take(request: Request) -> Response:
    """Read a runner from a zip that was uploaded."""
    given, library = await form(request), state_of(request).library
    text = given.get("upload", "")
    number = int(text) if text.isdecimal() and len(text) < 16 else 0
    try:
        upload = (await run_in_threadpool(whole_uploads, library, [number]))[0]
        runner = await run_in_threadpool(import_runner, library, library.upload(number), upload.name)
    except HeadwayError as fault:
        return page(
            request, "runners.html.j2", section="runners", script_texts=("add",), runners=all_runners(library), given={},
            fault=None, read_fault=fault, status=422,
        )  # fmt: skip
    finally:
        if number:
            drop(library, number)
    return to(f"/runners/{runner}")


ROUTES = [
    Route("/runners/{runner:int}/export", export),
    Route("/runners/read", take, methods=["POST"]),
]
