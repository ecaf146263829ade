"""The app as Starlette knows it: pages, static files, the queue, and the guard in front of all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from threading import Timer

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from headway.app.guard import Guard, Pass
from headway.app.jobs import Jobs
from headway.app.library import Library
from headway.app.state import AppState

PAGES: tuple[str, ...] = (
    "page_home",
    "page_events",
    "page_uploads",
    "page_add",
    "page_recordings",
    "page_analyses",
    "page_experiments",
    "page_compare",
    "page_runners",
    "page_transfer",
    "page_phone",
    "page_notes",
    "page_settings",
    "live_page",
    "drill_page",
)
"""Modules of this package that declare ``ROUTES``; the one place where a page is added."""

WARM_UP = 2.0
"""Seconds after the start, when the first page is on its way."""


class _Static(StaticFiles):
    """Files that a browser may keep, as long as it asks whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer


def static_folder() -> Path:
    """Scripts, styles and pictures."""
    return Path(str(files("headway.app") / "static"))


def make_app(state: AppState, entry: Pass) -> Starlette:
    """Put the app together.

    Parameters
    ----------
    state
        What its pages share; its queue works while the app runs.
    entry
        Who may ask.
    """
    from headway.app.shell import not_found, prepare

    prepare()
    routes: list[BaseRoute] = [Mount("/static", _Static(directory=static_folder()))]
    for name in PAGES:
        routes += import_module(f"headway.app.{name}").ROUTES

    async def missing(request: Request, _: Exception) -> Response:
        return not_found(request)

    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, entry=entry)],
        exception_handlers={404: missing},
        lifespan=_lifespan(state),
    )
    app.state.headway = state
    return app


def _lifespan(state: AppState) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        state.jobs.start()
        later = Timer(WARM_UP, _warm_up)
        later.daemon = True
        later.start()
        yield
        later.cancel()
        state.ending = True
        state.jobs.stop()

    return lifespan


def _warm_up() -> None:
    """Import what the first trend would wait for."""
    import scipy.stats  # noqa: F401

    import headway.statistics.repeats  # noqa: F401


def open_state(folder: Path) -> AppState:
    """Open a library with its queue."""
    library = Library(folder)
    return AppState(library, Jobs(library))
