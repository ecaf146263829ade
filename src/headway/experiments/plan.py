"""The schedule of an experiment: drawn by coin, with times, cues to be spoken, and a protocol to fill in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

import numpy as np

from headway.analysis import Analysis
from headway.errors import OptionError
from headway.experiments.plan_options import Kind, PlanOptions
from headway.experiments.power import MOST_PAIRS, StepNoise, noise_of, pairs_needed, power
from headway.marks.session import session, wav
from headway.publish import Page, Part, Published

CUES = {
    "free": "Run as you always do.",
    "held": "Keep your head still in space: no swing to the sides.",
    "sham": "Keep the angle of your elbows as it is. Do not think of your head.",
    "baseline": "Run as you always do.",
    "hands_on_hips": "Put your hands on the sides of your hips.",
    "lean": "Lean your whole body forward from the ankles.",
    "release_neck": "Let your jaw and your neck go.",
    "hands_off": "Let your arms swing again. Keep everything else.",
    "keep": "Keep the lean and the loose neck.",
}
"""Condition to what is said aloud, in our words."""
DRILL = ("baseline", "hands_on_hips", "lean", "release_neck", "hands_off", "keep", "baseline")
"""Phases of the drill and a second baseline; an editable order, not the coach's published steps."""
BETWEEN = "Run on as you always do until the next cue."
"""Said at the end of every block that another one follows after a pause."""
TO_FILL_IN = "# Written by headway plan. Set the recording and fill in what was felt, right after each block."
QUIZ = "Did your foot push your head forward, or only the rest of you, with the head pulled along?"
STEPS_PER_SECOND = 2.7
BLOCK_STEPS = (30, 60, 120)
"""Lengths of a block in steps for which the number of pairs is given."""


@dataclass(frozen=True)
class Slot:
    """One block of the schedule: ``start`` and ``stop`` in s from the start of the recording."""

    number: int
    condition: str
    pair: int | None
    start: float
    stop: float

    @property
    def cue(self) -> str:
        """What is said when it begins."""
        return CUES[self.condition]


@dataclass(frozen=True)
class Schedule(Published):
    """A planned experiment; saved as ``card.html`` (to print), ``cues.txt`` and ``protocol.toml``.

    Attributes
    ----------
    kind, seed, settle, washout
        Design, seed of the coin, seconds dropped at the start of each block, seconds of usual running before each block that are not
        analysed (``settle`` among them).
    slots
        In order of time.
    metric, change
        Primary outcome and the change that matters, as a share.
    noise
        Step-to-step noise that the numbers rest on.
    needs
        Steps per block, pairs needed for the change in 4 of 5 attempts (``None`` beyond ``MOST_PAIRS``).
    promised
        Power of this schedule; ``None`` where nothing is tested.
    marks
        Whether chirps mark the blocks; ``marks.wav`` then plays them all.
    """

    kind: Kind
    seed: int
    settle: float
    washout: float
    slots: tuple[Slot, ...]
    metric: str
    change: float
    noise: StepNoise
    needs: tuple[tuple[int, int | None], ...]
    promised: float | None
    marks: bool = False

    page: ClassVar[Page] = Page("card.html", "headway.report.experiment_card:render_card")

    def parts(self) -> dict[str, Part]:
        """Cues, protocol and the sound of the marks, by the name of their file."""
        texts: dict[str, Part] = {"cues.txt": cues_text(self), "protocol.toml": protocol_text(self)}
        if not self.marks:
            return texts
        return {**texts, "marks.wav": wav(session((slot.number, slot.start, slot.stop) for slot in self.slots))}


def coin_order(count: int, seed: int) -> list[bool]:
    """Whether the tested block comes first, for every pair.

    A fair coin of its own for every pair, not as many of one as of the other: only then are all 2^k flips of the exact test equally likely. The two
    orders without any change are drawn again, as drift would then be all effect; the test's 5 % hold with that (at most 3276 of 65534 flips).
    """
    random = np.random.default_rng(seed)
    while True:
        order = [bool(toss) for toss in random.integers(0, 2, size=count)]
        if count < 2 or len(set(order)) == 2:
            return order


def conditions(kind: Kind, count: int, seed: int, test: str, *, sham: bool = False) -> list[tuple[str, int | None]]:
    """Conditions in order of time, each with its pair."""
    if kind == "drill":
        return [(name, None) for name in DRILL]
    if kind == "free-held-free":
        middle = [(test, None), ("free", None)]
        return [("free", None), *middle, *([("sham", None), ("free", None)] if sham else [])]
    out: list[tuple[str, int | None]] = []
    places = np.random.default_rng([seed, 1]).integers(0, 3, size=count)  # of the sham: before, between or after
    for j, (tested_first, place) in enumerate(zip(coin_order(count, seed), places, strict=True), 1):
        pair: list[tuple[str, int | None]] = [(test, j), ("free", j)] if tested_first else [("free", j), (test, j)]
        if sham:
            pair.insert(int(place), ("sham", j))
        out += pair
    return out


def make_plan(asked: PlanOptions) -> Schedule:
    """Plan an experiment.

    Raises
    ------
    OptionError
        A value that cannot be right.
    RecordingError
        A folder of free running was not written by ``headway analyze``.
    """
    kind, change = asked.design, asked.change / 100
    _check(asked, change)
    noise = noise_of(asked.metric, [Analysis.load(folder) for folder in asked.free or ()])
    needs = tuple((steps, pairs_needed(change / noise.pair(steps))) for steps in BLOCK_STEPS)
    steps = max(round((asked.seconds - asked.settle) * STEPS_PER_SECOND), 10)
    size = change / noise.pair(steps)
    count = asked.pairs if asked.pairs is not None else (pairs_needed(size) or MOST_PAIRS)
    seed = secrets.randbelow(10_000) if asked.seed is None else asked.seed
    slots, at = [], 0.0
    for number, (condition, pair) in enumerate(conditions(kind, count, seed, asked.test, sham=asked.sham), 1):
        slots.append(Slot(number, condition, pair, at, at + asked.seconds))
        at += asked.seconds + max(asked.rest, asked.washout - asked.settle)
    promised = power(round(size, 2), count) if kind == "pairs" else None
    washout = asked.washout
    return Schedule(
        kind, seed, asked.settle, washout, tuple(slots), asked.metric, change, noise, needs, promised, asked.marks
    )


def _check(asked: PlanOptions, change: float) -> None:
    if not 0.001 <= change <= 1.0:
        raise OptionError("--change", f"{change:.3%} is no change to plan for", "give per cent between 0.1 and 100")
    if asked.pairs is not None and not 1 <= asked.pairs <= MOST_PAIRS:
        raise OptionError("--pairs", f"{asked.pairs} pairs cannot be run", f"give 6 to {MOST_PAIRS}")
    if asked.test not in CUES or asked.test in ("free", "baseline"):
        known = ", ".join(name for name in CUES if name not in ("free", "baseline"))
        raise OptionError("--test", f"{asked.test!r} is no condition to test", f"choose from {known}")
    if not 5 <= asked.seconds <= 600 or asked.seconds - asked.settle < 4:
        what = f"{asked.seconds:g} s with {asked.settle:g} s dropped is too short or too long"
        raise OptionError("--seconds", what, "give about 40")


def protocol_text(
    schedule: Schedule,
    recording: str = "run.c3d",
    *,
    top: Sequence[str] = (TO_FILL_IN,),
    block: Callable[[Slot], Sequence[str]] | None = None,
) -> str:
    """Protocol of the schedule.

    Parameters
    ----------
    recording
        File that holds all blocks.
    top
        Lines that go before the design.
    block
        Lines of a block beside its recording, condition and pair: its times, and what was felt; to be filled in by hand otherwise.
    """
    block = block or partial(_to_fill_in, marks=schedule.marks)
    lines = [
        *top,
        "[design]",
        f'kind = "{schedule.kind}"',
        f'primary = "{schedule.metric}"',
        'speed = "matched"',
        f"settle = {schedule.settle:g}",
        f"washout = {schedule.washout:g}",
        f"smallest = {100 * schedule.change:g}",
    ]
    if schedule.kind == "pairs":
        lines += ["randomised = true", f"seed = {schedule.seed}"]
    for slot in schedule.slots:
        lines += ["", "[[block]]", f'recording = "{recording}"', f'condition = "{slot.condition}"']
        if slot.pair is not None and slot.condition != "sham":
            lines.append(f"pair = {slot.pair}")
        lines += block(slot)
    return "\n".join(lines) + "\n"


def _to_fill_in(slot: Slot, *, marks: bool) -> list[str]:
    times = [f'start = "{minutes(slot.start)}"', f'stop = "{minutes(slot.stop)}"']
    found = [f"mark = {slot.number}"] if marks else times
    return [*found, "felt = {}", '# pushed = "unsure"   # head, body or unsure']


def cues_text(schedule: Schedule) -> str:
    """Cues to be read aloud, with their times."""
    timed = [(slot.start, slot.cue) for slot in schedule.slots]
    timed += [(slot.stop, BETWEEN) for slot, after in pairwise(schedule.slots) if after.start > slot.stop]
    lines = [f"{minutes(time):>6}  {cue}" for time, cue in sorted(timed)]
    why = f"Between the blocks the last one wears off ({schedule.washout:g} s before the next counts)."
    return "\n".join([*lines, "", why, f"After every block: {QUIZ}"]) + "\n"


def minutes(seconds: float) -> str:
    """``7:11`` from 431."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
