"""The language in which a request is answered: chosen by the user, or by what the browser asks for."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from headway.app.state import state_of
from headway.texts import LANGUAGES, Texts


def texts_of(request: HTTPConnection) -> Texts:
    """In the language that was chosen, else the first of the browser's that is there, else English."""
    chosen = state_of(request).library.setting("language")
    if chosen in LANGUAGES:
        return Texts(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return Texts(code)
    return Texts()
