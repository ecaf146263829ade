"""Which runs of a recording are analysed: one, or all that are alike, there and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.errors import OptionError
from headway.gait.bouts import HOLE, TURNING, MotionBout
from headway.recording import Flag
from headway.texts import TEXTS

TELLING = 0.8
"""A recording whose one run lasts for this share of it is analysed whole."""
SAME_SPEED = 0.08
"""Runs whose speeds differ by a smaller share are of one speed: passes over plates scatter by about 5 %."""


def running(bouts: Sequence[MotionBout]) -> tuple[MotionBout, ...]:
    """The steady runs, in order of time."""
    return tuple(bout for bout in bouts if bout.activity == "running")


def choose(bouts: Sequence[MotionBout], number: int | None) -> tuple[MotionBout, ...]:
    """Choose the runs to analyse together, in order of time.

    Parameters
    ----------
    bouts
        What the recording holds.
    number
        Of one run, from 1; ``None`` takes the longest and those that are alike: of its speed, along its heading or back.

    Returns
    -------
    tuple
        Empty: the recording as a whole.

    Raises
    ------
    OptionError
        There is no run of that number.
    """
    runs = running(bouts)
    if number is not None:
        if not 1 <= number <= len(runs):
            held = "; ".join(map(str, bouts)) or "nothing that can be told"
            raise OptionError(
                "--bout", f"there is no run {number}: the recording holds {held}", f"give 1 to {len(runs)}"
            )
        return (runs[number - 1],)
    recorded = sum(bout.duration for bout in bouts if bout.activity != "not recorded")
    if not runs or (len(runs) == 1 and runs[0].duration >= TELLING * recorded and not _rests(bouts)):
        return ()
    longest = max(runs, key=lambda bout: bout.duration)
    return tuple(bout for bout in runs if bout is longest or _alike(bout, longest))


def _alike(one: MotionBout, other: MotionBout) -> bool:
    """Whether two runs are of one speed and along one line, in either direction."""
    if abs(one.speed - other.speed) > SAME_SPEED * min(one.speed, other.speed):
        return False
    return bool(abs(np.cos(one.heading - other.heading)) > np.cos(TURNING))


def _rests(bouts: Sequence[MotionBout]) -> bool:
    """Whether there is anything beside the run that must not be read as part of it."""
    return any(bout.activity in ("standing", "walking", "turning") and bout.duration > HOLE for bout in bouts)


def bout_flag(bouts: Sequence[MotionBout], taken: Sequence[MotionBout], lost: Sequence[MotionBout] = ()) -> Flag:
    """Say what was taken, what could not be used, and what else the recording holds."""
    runs = running(bouts)

    def words(bout: MotionBout) -> str:
        numbered = bout.activity == "running" and len(runs) > 1
        return TEXTS("words.run_number", run=str(bout), number=runs.index(bout) + 1) if numbered else str(bout)

    text = TEXTS("words.analysed", n=len(taken), runs="; ".join(map(words, taken)))
    if lost:
        text += f"; {TEXTS('words.no_whole_step', runs='; '.join(map(words, lost)))}"
    rest = [words(bout) for bout in bouts if bout not in taken and bout not in lost]
    if rest:
        text += f"; {TEXTS('words.also_holds', runs='; '.join(rest))}"
    if len(taken) > 1:
        text += f"; {TEXTS('words.one_run_alone')}"
    elif len(runs) > 1:
        text += f"; {TEXTS('words.choose_run')}"
    return Flag("bouts", "warning" if len(runs) > len(taken) else "info", text)
