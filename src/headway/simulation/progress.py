"""The one live line of a simulation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.status import Status

EVERY = 0.1
"""Seconds between two states."""


@dataclass(frozen=True)
class State:
    """Where a simulation is.

    Attributes
    ----------
    task
        What is being solved: condition and variant.
    number, total
        Of how many.
    iteration, infeasibility, seconds
        Of the solver, for this task.
    """

    task: str
    number: int
    total: int
    iteration: int
    infeasibility: float
    seconds: float

    @property
    def words(self) -> str:
        """One line."""
        return (
            f"{self.task} ({self.number} of {self.total}): iteration {self.iteration}, "
            f"infeasibility {self.infeasibility:.0e}, {self.seconds:.0f} s"
        )


Listener = Callable[[State], None]


@dataclass
class _Live:
    status: Status
    last: float = field(default=-1.0)

    def __call__(self, state: State) -> None:
        now = time.monotonic()
        if now - self.last >= EVERY:
            self.last = now
            self.status.update(state.words)


@contextmanager
def live(*, quiet: bool) -> Iterator[Listener | None]:
    """Show the line while it is open; ``None`` where nobody would see it."""
    console = Console(stderr=True)
    if quiet or not console.is_interactive:
        yield None
        return
    with console.status("preparing") as status:
        yield _Live(status)
