"""What comes out of a comparison, typed: ``compare.json`` is this file's :class:`ComparisonSummary`."""

from __future__ import annotations

from typing import Literal

from headway.experiments.context import Evidence
from headway.recording import Flag
from headway.results import Fields, Interval, Status, StepCount

Who = Literal["a", "b"]
RowVerdict = Literal["differs", "unsure", "no difference seen", "no interval", "not compared"]


class ComparedSide(Fields, frozen=True, kw_only=True):
    """One of the two recordings: leg length in m, mass in kg, which points stand for neck base and pelvis.

    ``events`` and ``force`` say where contacts and force come from, ``threshold`` at which force a contact begins and ends, N.
    """

    label: str
    source: str
    kind: str
    view: str
    rate: float
    steps: StepCount
    speed: float | None
    height: float | None
    leg_length: float | None
    mass: float | None
    events: str
    threshold: float | None = None
    force: str
    treadmill: bool | None
    points: dict[str, str]
    flags: list[Flag]


class Pace(Fields, frozen=True, kw_only=True):
    """Speeds of both.

    Attributes
    ----------
    a, b
        m/s, ``None`` when unknown.
    froude_a, froude_b
        Speed over sqrt(g L), ``None`` without leg length.
    difference
        Twice (b - a)/(b + a) in Froude speed, in m/s where leg lengths are not known; ``None`` when a speed is unknown.
    matched
        Whether they agree within :data:`headway.experiments.speeds.TOLERANCE`; ``None`` when a speed is unknown.
    """

    a: float | None
    b: float | None
    froude_a: float | None
    froude_b: float | None
    difference: float | None
    matched: bool | None


class ComparedEntry(Fields, frozen=True, kw_only=True):
    """What one recording says of a measure; fields as in its own summary."""

    status: Status
    value: float
    ci95: Interval | None
    n: int
    model: str | None


class SizeFree(Fields, frozen=True, kw_only=True):
    """Values and difference independent of the runner's size; no difference where the two are not compared."""

    unit: str
    a: float
    b: float
    difference: float | None
    ci95: Interval | None


class OwnNoise(Fields, frozen=True, kw_only=True):
    """How far each differs from themselves within the recording, in the unit that decides; ``None`` without an interval."""

    a: float | None
    b: float | None

    @property
    def larger(self) -> float | None:
        """The larger of both; ``None`` where one is not known."""
        return None if self.a is None or self.b is None else max(self.a, self.b)


class ComparedRow(Fields, frozen=True, kw_only=True):
    """One measure of both.

    Attributes
    ----------
    name, title, unit, family, load
        As declared.
    verdict
        What is said of the difference.
    why
        Why the two numbers must not be set against each other; empty when they are compared.
    a, b
        As in their summaries.
    difference, ci95
        B minus A in the unit of the files, with its 95 % interval.
    normalised
        The same independent of size; ``None`` when the measure has no size, for one runner, or when the size is not known.
    noise, larger_than_own_noise
        Own noise, and whether the difference exceeds both; ``None`` without intervals.
    stands_out
        It survives the control of false discoveries among all that was compared.
    remarks
        What to know of this row.
    """

    name: str
    title: str
    unit: str
    family: str
    load: bool
    verdict: RowVerdict
    why: str
    a: ComparedEntry
    b: ComparedEntry
    difference: float | None
    ci95: Interval | None
    normalised: SizeFree | None
    noise: OwnNoise
    larger_than_own_noise: bool | None
    stands_out: bool
    remarks: list[str]

    @property
    def deciding(self) -> tuple[str, float | None, Interval | None]:
        """Unit, difference and interval that count: the normalised ones where there are any."""
        found = self if self.normalised is None else self.normalised
        return found.unit, found.difference, found.ci95


class Lacking(Fields, frozen=True, kw_only=True):
    """Measures that only the other one carries, by the reason, with what to record to see them."""

    who: Who
    why: str
    record: str
    names: list[str]
    titles: list[str]


class ComparisonSummary(Fields, frozen=True, kw_only=True):
    """Two recordings side by side, as in ``compare.json``.

    Attributes
    ----------
    schema, headway
        Form of the file, and what wrote it.
    same_runner, normalised, leg_length
        Whether both show one runner; whether measures are told independent of size, and by which leg length.
    a, b, speed
        The recordings, and their speeds.
    difference, about
        What is taken from what, and how it may be read.
    key, rows, lacking
        Names of the measures that are told first; every measure of both; what only one of them carries.
    remarks, evidence, contested
        What else may have made the differences, and what is known about them.
    """

    schema: int
    headway: str
    same_runner: bool
    a: ComparedSide
    b: ComparedSide
    difference: str
    normalised: bool
    leg_length: str
    speed: Pace
    about: str
    key: list[str]
    rows: list[ComparedRow]
    lacking: list[Lacking]
    remarks: list[Flag]
    evidence: list[Evidence]
    contested: list[str]
