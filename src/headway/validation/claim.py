"""A claim of the documents, as it is run again, and what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from headway.results import Fields


class ClaimFinding(Fields, frozen=True, kw_only=True):
    """What running a claim again gave.

    Attributes
    ----------
    value
        In the claim's unit.
    n
        Recordings, intervals or experiments that it rests on.
    detail
        Where it is least good, in words.
    """

    value: float
    n: int
    detail: str = ""


@dataclass(frozen=True)
class Claim:
    """Something that the documents state in numbers.

    Attributes
    ----------
    name
        Short and unique.
    text
        What is stated, a sentence.
    document
        Where: a file of ``docs`` with its heading.
    unit
        Of the number; empty for a bare one.
    allowed
        Smallest and largest value with which the statement stands; ``None`` where that end is open.
    check
        Makes the number; given the folder of recordings (an empty path where none is needed).
    folders
        What it needs of that folder; empty for simulated truth.
    extra
        Optional dependency that it needs, and the module that tells whether it is there.
    together
        Claims of the same word share what is expensive, and run one after the other; empty for none.
    """

    name: str
    text: str
    document: str
    unit: str
    allowed: tuple[float | None, float | None]
    check: Callable[[Path], ClaimFinding]
    folders: tuple[str, ...] = ()
    extra: tuple[str, str] | None = None
    together: str = ""

    def missing(self, data: Path | None) -> str:
        """What is not there to run it, in words; empty if nothing."""
        if self.folders and data is None:
            return "needs recordings: --data"
        if self.extra is not None and find_spec(self.extra[1]) is None:
            return f"needs headway[{self.extra[0]}]"
        lacking = [folder for folder in self.folders if data is not None and not (data / folder).is_dir()]
        return f"no folder {', '.join(lacking)} in the data" if lacking else ""

    def holds(self, value: float) -> bool:
        """Whether a value is allowed."""
        low, high = self.allowed
        return (low is None or value >= low) and (high is None or value <= high)


class ClaimVerdict(Fields, frozen=True, kw_only=True):
    """A claim with what came out.

    Attributes
    ----------
    name, text, document, unit, low, high
        As in :class:`Claim`.
    status
        Whether it holds.
    why
        Why it was not run, or how the run ended.
    found
        What came out.
    seconds
        How long it took.
    """

    name: str
    text: str
    document: str
    unit: str
    low: float | None
    high: float | None
    status: Literal["holds", "fails", "not_run"]
    why: str = ""
    found: ClaimFinding | None = None
    seconds: float = 0.0


class ValidationSummary(Fields, frozen=True, kw_only=True):
    """All claims, as in ``validation.json``.

    Attributes
    ----------
    schema, headway, versions
        Form of the file, and what wrote it.
    data
        Name of the folder of recordings.
    verdicts
        In the order of the documents.
    """

    schema: int
    headway: str
    versions: dict[str, str]
    data: str | None
    verdicts: list[ClaimVerdict]
