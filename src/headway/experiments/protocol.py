"""The protocol file: who runs, which recordings under which conditions, what is asked of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from headway.errors import HeadwayError, RecordingError
from headway.marks import MOST_MARKS
from headway.options import Options, Sex

Design = Literal["free-held-free", "pairs", "drill", "speed-series"]
Condition = Literal[
    "free", "held", "sham", "hands_on_hips", "baseline", "lean", "release_neck", "hands_off", "keep", "speed"
]
REFERENCE = ("free", "baseline", "speed")
"""Conditions in which the runner runs as usual."""
WASHED_OUT = 60.0
"""Seconds of usual running after which a tested block is taken to have worn off. An assumption: nobody has measured it; the carry-over is tested."""
Share = Annotated[float, Meta(ge=0, le=10)]
Place = dict[tuple[str, int | None], int]


class ProtocolRunner(msgspec.Struct, forbid_unknown_fields=True):
    """The runner: ``height`` m, ``mass`` kg, ``sex``."""

    name: str = ""
    height: float | None = None
    mass: float | None = None
    sex: Sex | None = None


class DesignPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The design.

    Attributes
    ----------
    kind
        Order of conditions.
    primary
        The one outcome that the verdict is about: a name that ``headway metrics`` lists.
    speed
        ``matched``: the same speed in all blocks; ``free``: the runner chooses, and speed is an outcome.
    test
        Condition that is set against free running; found from the blocks if not given.
    secondary
        Further metrics, described with false-discovery control; all that were measured if empty.
    randomised
        Whether a coin was tossed for the order within every pair.
    seed
        Of ``headway plan``: the order is then checked against it.
    settle
        Seconds dropped at the start of every block.
    washout
        Seconds of running as usual before every block that are not analysed, ``settle`` among them: what the block before left behind wears off.
    smallest
        Smallest change of the primary outcome that matters to the runner, %.
    """

    kind: Design
    primary: str
    speed: Literal["matched", "free"] = "matched"
    test: Condition | None = None
    secondary: list[str] = []
    randomised: bool = False
    seed: int | None = None
    settle: Annotated[float, Meta(ge=0, le=120)] = 0.0
    washout: Annotated[float, Meta(ge=0, le=1800)] = 0.0
    smallest: Annotated[float, Meta(gt=0, le=100)] = 3.0


class Felt(msgspec.Struct, forbid_unknown_fields=True):
    """What the runner felt, written down before results are seen: stress in legs and feet 0-10, effort (RPE) 0-20, ease 0-10."""

    legs_feet_stress: Share | None = None
    rpe: Annotated[float, Meta(ge=0, le=20)] | None = None
    ease: Share | None = None


class Block(msgspec.Struct, forbid_unknown_fields=True):
    """One stretch of running under one condition.

    Attributes
    ----------
    recording
        File or folder, relative to the protocol.
    condition
        What the runner was asked to do.
    order
        Place in time; the order of the file if not given.
    pair
        Number of the pair.
    phase
        Own name of a phase of the drill, shown instead of the condition.
    felt
        Ratings.
    pushed
        What the runner thinks was pushed: the quiz question, answered before the results.
    mark
        Number of the block in the marks that are heard in the recording; they take the place of start and stop.
    heard
        File whose sound has the marks, on the same clock, where the recording itself has none.
    options
        What the block, ``[recordings]`` and ``[runner]`` say about the recording; every option of :class:`headway.options.Options`.
    """

    recording: str
    condition: Condition
    order: int | None = None
    pair: Annotated[int, Meta(ge=1)] | None = None
    phase: str = ""
    felt: Felt = msgspec.field(default_factory=Felt)
    pushed: Literal["head", "body", "unsure"] | None = None
    mark: Annotated[int, Meta(ge=1, le=MOST_MARKS)] | None = None
    heard: str = ""
    options: Options = Options()


class Protocol(msgspec.Struct, forbid_unknown_fields=True):
    """A protocol as read; blocks in order of time after :func:`load_protocol`."""

    design: DesignPlan
    block: list[Block]
    title: str = ""
    runner: ProtocolRunner = msgspec.field(default_factory=ProtocolRunner)

    @property
    def tested(self) -> Condition | None:
        """The condition that is set against free running; ``None`` in a speed series."""
        if self.design.test is not None:
            return self.design.test
        others: list[Condition] = [block.condition for block in self.block if block.condition not in REFERENCE]
        if not others:
            return None
        if "held" in others:
            return "held"
        named: list[Condition] = [one for one in others if one != "sham"]
        return named[0] if named else others[0]


def lines_of(text: str) -> Place:
    """Line of every key, by name and number of its ``[[block]]`` (from 0; ``None`` outside blocks)."""
    out: Place = {}
    index: int | None = None
    count = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("[[block]]"):
            index, count = count, count + 1
            out["block", index] = number
        elif bare.startswith("[") and not bare.startswith("[block"):
            index = None
            out[bare.strip("[] "), None] = number
        elif "=" in bare and not bare.startswith("#"):
            out.setdefault((bare.split("=")[0].strip(), index), number)
    return out


def fault(source: Path, places: Place, key: str, index: int | None, what: str, remedy: str) -> HeadwayError:
    """Error about one key, with its line and block."""
    first, last = key.split(".")[0], key.split(".")[-1]
    tries = ((last, index), (first, index), ("block" if index is not None else first, index))
    line = next((places[one] for one in tries if one in places), None)
    at = "" if line is None else f" line {line}"
    where = f"{source}{at}" + (f", block {index + 1}" if index is not None else "") + (f", {key}" if key else "")
    return RecordingError(where, what, remedy)
