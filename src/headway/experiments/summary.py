"""From measured blocks to the contents of ``experiment.json``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import structs

from headway.analysis.thresholds import raised
from headway.experiments.blocks import WANTED_STEPS, MeasuredBlock
from headway.experiments.context import confounds, contested, evidence
from headway.experiments.contrasts import Contrast, felt_changes, phases, sham_contrast
from headway.experiments.manipulation import BOUNCE, Check, check_blocks, overall
from headway.experiments.plan import coin_order
from headway.experiments.protocol import WASHED_OUT, Protocol
from headway.experiments.result import BlockCheck, BlockFound, BlockValue, DesignRun, ExperimentSummary, OutcomeEffect
from headway.experiments.slope import SpeedSlope
from headway.experiments.speeds import slope_of
from headway.experiments.statistics import ALPHA, benjamini_hochberg
from headway.experiments.verdict import Verdict, decide, decide_slope
from headway.metrics import REGISTRY
from headway.plain import settled
from headway.recording import Flag
from headway.results import NotMeasurable
from headway.version import VERSION

SCHEMA = 1


def summarise(protocol: Protocol, blocks: list[MeasuredBlock]) -> ExperimentSummary:
    """Check, compare and decide; blocks in order of time."""
    checks = check_blocks(blocks)
    contrast = Contrast(protocol, blocks)
    check = overall(checks, protocol.tested)
    primary = protocol.design.primary
    why, record = _missing(blocks, primary)
    found = ExperimentSummary(
        schema=SCHEMA,
        headway=VERSION,
        title=protocol.title,
        runner=protocol.runner,
        design=DesignRun(**structs.asdict(protocol.design), tested=protocol.tested),
        blocks=[_block(one, checks) for one in blocks],
        performed=check,
        speed=contrast.speeds,
        verdict=_verdict(protocol, blocks, contrast, check),
        primary=structs.replace(_described(contrast, primary), why=why, record=record),
        secondary=_secondary(protocol, contrast),
        felt=felt_changes(protocol, contrast),
        sham=sham_contrast(contrast, primary),
        phases=phases(contrast, primary) if protocol.design.kind == "drill" else [],
        slopes=_slopes(protocol, blocks),
        quality=_quality(protocol, blocks),
        confounds=confounds(protocol, blocks, contrast.speeds),
        evidence=evidence(primary, protocol.tested),
        contested=contested(protocol),
    )
    return settled(found)


def _verdict(protocol: Protocol, blocks: list[MeasuredBlock], contrast: Contrast, check: Check) -> Verdict:
    design, primary = protocol.design, protocol.design.primary
    smallest = design.smallest / 100
    if design.kind == "speed-series":
        values = [one.means[primary].value for one in blocks if primary in one.means]
        speeds = [one.speed for one in blocks if np.isfinite(one.speed)]
        span = max(speeds) - min(speeds) if speeds else 0.0
        reference = float(np.mean(values)) if values else 0.0
        return decide_slope(slope_of(blocks, primary), reference, span, smallest)
    refused = contrast.refused(primary)
    return decide(
        None if refused else contrast.effect(primary),
        design=design.kind,
        randomised=design.randomised,
        check=check,
        smallest=smallest,
        free_blocks=len(contrast.free),
        washed_out=design.washout >= WASHED_OUT,
        missing=_missing(blocks, primary),
        refused=contrast.speeds if refused else None,
    )


def _missing(blocks: Sequence[MeasuredBlock], name: str) -> tuple[str, str]:
    """Why the first block that lacks a metric does so, and what to record instead; empty when all carry it."""
    for one in blocks:
        entry = one.analysis.summary.metrics.get(name)
        if isinstance(entry, NotMeasurable):
            return f"{entry.why} (block {one.index + 1})", entry.record
    return "", ""


def _block(one: MeasuredBlock, checks: Sequence[Check]) -> BlockFound:
    check = next(check for check in checks if check.index == one.index)
    return BlockFound(
        number=one.index + 1,
        condition=one.block.condition,
        name=one.name,
        order=one.order,
        pair=one.block.pair,
        recording=Path(one.block.recording).name,
        start=one.block.options.start,
        stop=one.block.options.stop,
        steps=one.steps,
        speed=one.speed,
        hands=one.hands,
        felt=one.block.felt,
        pushed=one.block.pushed,
        check=BlockCheck(status=check.status, text=check.text, value=check.value),
        flags=[flag for flag in one.analysis.summary.quality if flag.level != "info"],
        values={
            name: BlockValue(value=mean.value, error=float(np.sqrt(mean.variance)), freedom=mean.freedom, n=mean.n)
            for name, mean in one.means.items()
        },
    )


def _described(contrast: Contrast, name: str) -> OutcomeEffect:
    metric, refused = REGISTRY[name], contrast.refused(name)
    return OutcomeEffect(
        name=name,
        title=metric.title,
        unit=metric.unit,
        load=metric.load,
        refused=refused,
        effect=None if refused else contrast.effect(name),
    )


def _secondary(protocol: Protocol, contrast: Contrast) -> list[OutcomeEffect]:
    """Every other metric, with the adjusted p where the order was drawn by coin."""
    design = protocol.design
    if design.kind == "speed-series":
        return []
    rows = [_described(contrast, name) for name in design.secondary or REGISTRY if name != design.primary]
    rows = [row for row in rows if row.effect is not None or row.refused or design.secondary]
    tested = {row.name: row.effect.p for row in rows if row.effect is not None and row.effect.p is not None}
    adjusted = dict(zip(tested, benjamini_hochberg(list(tested.values())), strict=True))
    return [
        row if (q := adjusted.get(row.name)) is None else structs.replace(row, q=q, found=q <= ALPHA) for row in rows
    ]


def _slopes(protocol: Protocol, blocks: Sequence[MeasuredBlock]) -> list[SpeedSlope]:
    wanted = [protocol.design.primary, "lateral_bounce_amplitude", *protocol.design.secondary]
    if protocol.design.kind == "speed-series":
        wanted += list(REGISTRY)
    return [line for name in dict.fromkeys(wanted) if (line := slope_of(blocks, name)) is not None]


def _quality(protocol: Protocol, blocks: Sequence[MeasuredBlock]) -> list[Flag]:
    out = []
    short = [one for one in blocks if one.steps < WANTED_STEPS]
    if short:
        listed = ", ".join(f"{one.index + 1} ({one.steps})" for one in short)
        out.append(Flag("short_blocks", "warning", f"blocks with fewer than {WANTED_STEPS} steps: {listed}"))
    if raised([one.analysis for one in blocks]):
        text = (
            "contacts end at different forces in different blocks, which alone moves contact times by some milliseconds"
        )
        out.append(Flag("thresholds_differ", "warning", f"{text}; give all blocks the same threshold"))
    design = protocol.design
    if protocol.tested == "held" and design.primary == BOUNCE:
        text = "the primary outcome is what the runner was asked to do: a change of it says nothing about its effect"
        out.append(Flag("primary_is_the_task", "warning", text))
    if design.kind == "pairs" and design.seed is not None and protocol.tested is not None:
        count = max(one.block.pair or 0 for one in blocks)
        planned = coin_order(count, design.seed)
        for j in range(1, count + 1):
            own = {one.block.condition: one.order for one in blocks if one.block.pair == j}
            if protocol.tested in own and "free" in own and (own[protocol.tested] < own["free"]) != planned[j - 1]:
                text = f"pair {j} was not run in the order that seed {design.seed} gives: the exact test presumes it"
                out.append(Flag("order_departs", "warning", text))
    return out
