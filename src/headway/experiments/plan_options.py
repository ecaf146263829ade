"""What is asked of a plan, declared once: the command line and the plan itself read it from here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from headway.experiments.protocol import WASHED_OUT

Kind = Literal["pairs", "free-held-free", "drill"]


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """What is asked of a plan.

    Attributes
    ----------
    design
        Design of the experiment: randomised pairs, free-held-free, or the drill.
    metric
        The one primary outcome, declared beforehand.
    change
        Smallest change that matters to you, in per cent.
    pairs
        Number of pairs; otherwise as many as are needed to find the change.
    test
        Condition to test against free running.
    sham
        Add a sham condition (hold the elbow angle).
    seconds
        Length of each block, s.
    rest
        Pause between blocks, s.
    settle
        Time at the start of each block that is not analysed, s.
    washout
        Seconds of usual running before each block, including settle, that are not analysed, so that the previous block's effect wears off.
    seed
        Number that fixes the coin tosses, so that the same order can be drawn again; a new one each time otherwise.
    marks
        Cut the blocks at chirps in the film's sound instead of by times; marks.wav is played to the camera, or the app plays them.
    free
        Folders written by headway analyze from your own free running; their noise sets the number of pairs.
    """

    design: Kind = "pairs"
    metric: str = "contact_time"
    change: float = 3.0
    pairs: int | None = None
    test: str = "held"
    sham: bool = False
    seconds: float = 40.0
    rest: float = 20.0
    settle: float = 10.0
    washout: float = WASHED_OUT
    seed: int | None = None
    marks: bool = False
    free: list[Path] | None = None
