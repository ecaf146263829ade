"""What comes out of an experiment, typed: ``experiment.json`` is this file's :class:`ExperimentSummary`."""

from __future__ import annotations

from typing import Literal

from headway.experiments.context import Evidence
from headway.experiments.manipulation import Check, Done
from headway.experiments.protocol import Condition, DesignPlan, Felt, ProtocolRunner
from headway.experiments.slope import SpeedSlope
from headway.experiments.speeds import Speeds
from headway.experiments.statistics import Effect
from headway.experiments.verdict import Verdict
from headway.recording import Flag
from headway.results import Fields, Interval


class DesignRun(DesignPlan, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The design as in the protocol, with the condition that was tested; ``None`` in a speed series."""

    tested: Condition | None


class BlockCheck(Fields, frozen=True, kw_only=True):
    """What the recording tells about one block; fields as in :class:`headway.experiments.manipulation.Check`."""

    status: Done
    text: str
    value: float | None


class BlockValue(Fields, frozen=True, kw_only=True):
    """Mean of one metric over a block with its standard error, that one's degrees of freedom, and the steps."""

    value: float
    error: float | None
    freedom: float
    n: int


class BlockFound(Fields, frozen=True, kw_only=True):
    """One block of the experiment.

    Attributes
    ----------
    number, order
        Place in the protocol and in time, from 1.
    condition, name, pair
        What was asked, in words too; number of the pair.
    recording, start, stop
        File, and which part of it, s.
    steps, speed, hands
        Steps analysed; m/s; share of the time with both hands at the hips.
    felt, pushed
        What the runner wrote down.
    check
        Was it done?
    flags
        What to know of the recording.
    values
        Block mean of every metric that was measured.
    """

    number: int
    condition: Condition
    name: str
    order: int
    pair: int | None
    recording: str
    start: float | None
    stop: float | None
    steps: int
    speed: float | None
    hands: float | None
    felt: Felt
    pushed: Literal["head", "body", "unsure"] | None
    check: BlockCheck
    flags: list[Flag]
    values: dict[str, BlockValue]


class OutcomeEffect(Fields, frozen=True, kw_only=True):
    """What was found of one metric.

    Attributes
    ----------
    name, title, unit, load
        As declared.
    refused
        Whether speed forbids the comparison.
    effect
        ``None`` when it is refused or not measured in every block.
    why, record
        Why the primary outcome was not measured, and what to record instead.
    q, found
        Of a secondary one that was tested: adjusted p, and whether it is beyond chance.
    """

    name: str
    title: str
    unit: str
    load: bool
    refused: bool
    effect: Effect | None
    why: str = ""
    record: str = ""
    q: float | None = None
    found: bool | None = None


class RatingChange(Fields, frozen=True, kw_only=True):
    """Change of what was felt."""

    name: str
    title: str
    effect: Effect


class ShamEffect(Fields, frozen=True, kw_only=True):
    """What the sham did to the primary outcome, and the tested condition beyond it."""

    effect: Effect
    beyond: float
    beyond_ci95: Interval | None


class PhaseEffect(Fields, frozen=True, kw_only=True):
    """One phase of a drill against the baseline."""

    condition: Condition
    name: str
    refused: bool
    effect: Effect | None


class ExperimentSummary(Fields, frozen=True, kw_only=True):
    """All that was found in an experiment, as in ``experiment.json``.

    Attributes
    ----------
    schema, headway
        Form of the file, and what wrote it.
    title, runner, design
        As in the protocol.
    blocks, performed, speed
        What was run, whether it was done, and how fast.
    verdict, primary
        The answer, and the outcome it is about.
    secondary, felt, sham, phases, slopes
        Everything else, described.
    quality, confounds, evidence, contested
        What a reader has to know.
    """

    schema: int
    headway: str
    title: str
    runner: ProtocolRunner
    design: DesignRun
    blocks: list[BlockFound]
    performed: Check
    speed: Speeds
    verdict: Verdict
    primary: OutcomeEffect
    secondary: list[OutcomeEffect]
    felt: list[RatingChange]
    sham: ShamEffect | None
    phases: list[PhaseEffect]
    slopes: list[SpeedSlope]
    quality: list[Flag]
    confounds: list[str]
    evidence: list[Evidence]
    contested: list[str]
