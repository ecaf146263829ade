"""The one live line of a study."""

from __future__ import annotations

import time
from typing import TextIO

from headway.study.run import State

EVERY, SELDOM = 0.2, 30.0
"""Seconds between two states on a terminal, and in a log."""


def words(state: State) -> str:
    """Done, failed, per second, time left."""
    done = state.before + state.done + state.failed
    parts = [f"{done} of {state.total} done"]
    if state.before:
        parts.append(f"{state.before} known before")
    if state.failed:
        parts.append(f"{state.failed} failed")
    parts.append(f"{state.rate:.1f} per second" if state.rate >= 1 else f"{60 * state.rate:.1f} per minute")
    if state.left is not None:
        left = round(state.left)
        parts.append(f"{left // 3600}:{left // 60 % 60:02d}:{left % 60:02d} left")
    return ", ".join(parts)


class LiveLine:
    """Writes the state over itself on a terminal, and now and then a line elsewhere.

    Parameters
    ----------
    stream
        Where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.live = stream, stream.isatty()
        self.last = time.monotonic() - EVERY

    def __call__(self, state: State) -> None:
        """Show a state, unless the last one is too fresh."""
        now = time.monotonic()
        whole = state.before + state.done + state.failed == state.total
        if not whole and now - self.last < (EVERY if self.live else SELDOM):
            return
        self.last = now
        self.stream.write(f"\r\x1b[2K{words(state)}" + ("\n" if whole else "") if self.live else words(state) + "\n")
        self.stream.flush()
