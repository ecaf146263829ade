"""The one live line of a simulation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status

if TYPE_CHECKING:
    from headway.simulation.solvers import Listener, Report

EVERY = 0.1
"""Seconds between two states."""


def words(report: Report) -> str:
    """What is being solved, of how many, and where its solver is."""
    at = report.progress
    where = f"iteration {at.iteration}, infeasibility {at.infeasibility:.0e}, {at.seconds:.0f} s"
    return f"{report.label} ({report.done} of {report.total} done): {where}"


class _Live:
    def __init__(self, status: Status) -> None:
        self.status, self.last = status, 0.0

    def __call__(self, report: Report) -> None:
        now = time.monotonic()
        if now - self.last >= EVERY:
            self.last = now
            self.status.update(words(report))


@contextmanager
def live(*, quiet: bool) -> Iterator[Listener | None]:
    """Show the line while it is open; ``None`` where nobody would see it."""
    console = Console(stderr=True)
    if quiet or not console.is_interactive:
        yield None
        return
    with console.status("preparing") as status:
        yield _Live(status)
