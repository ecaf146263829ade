"""What all endpoints share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from headway.app.library import Library

if TYPE_CHECKING:
    from headway.app.jobs import Jobs
    from headway.app.phone_door import PhoneDoor


@dataclass
class AppState:
    """The library, its queue, whether the app is about to end, and the door for a phone while it is open."""

    library: Library
    jobs: Jobs
    ending: bool = False
    door: PhoneDoor | None = None
    more: dict[str, object] = field(default_factory=dict)
    """For pages that keep something of their own between requests, by the page's name."""


def state_of(request: HTTPConnection) -> AppState:
    """The shared state."""
    return cast("AppState", request.app.state.headway)
