"""What shows on standard error how far something long is: a bar, or a line that changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY, SELDOM = 0.1, 30.0
"""Seconds between two states of a line on a terminal, and in a log."""


@contextmanager
def film_bar(name: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar with the time left while a film is looked at; gives the function to report (frames done, frames expected) to."""
    console = Console(stderr=True)
    if quiet or not console.is_interactive:  # elsewhere the bar would leave an empty line before a message
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, expected: bar.update(task, completed=done, total=max(expected, done))


@contextmanager
def live_line(*, quiet: bool, in_logs: bool = False) -> Iterator[Callable[[str], None] | None]:
    """Show a line that changes; gives the function to report its words to, ``None`` where nobody would see it.

    Parameters
    ----------
    quiet
        Show nothing.
    in_logs
        Where there is no terminal, write a line of its own now and then.
    """
    console = Console(stderr=True, soft_wrap=True)
    if quiet or not (console.is_interactive or in_logs):
        yield None
    elif console.is_interactive:
        with console.status("preparing") as status:
            yield _seldom(status.update, EVERY)
    else:
        yield _seldom(lambda words: console.print(words, highlight=False), SELDOM)


def _seldom(show: Callable[[str], None], pause: float) -> Callable[[str], None]:
    """Show words unless the last ones are too fresh."""
    last = -pause

    def update(words: str) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= pause:
            last = now
            show(words)

    return update
