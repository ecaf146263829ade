"""From measured blocks to the contents of ``experiment.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from headway.experiments.blocks import WANTED_STEPS, MeasuredBlock
from headway.experiments.context import confounds, contested, evidence
from headway.experiments.contrasts import Contrast, felt_changes, felt_of, phases, sham_contrast
from headway.experiments.manipulation import BOUNCE, Check, check_blocks, overall
from headway.experiments.plan import coin_order
from headway.experiments.protocol import Protocol
from headway.experiments.slope import SpeedSlope
from headway.experiments.speeds import slope_of
from headway.experiments.statistics import ALPHA, benjamini_hochberg
from headway.experiments.verdict import WASHED_OUT, Verdict, decide, decide_slope
from headway.metrics import REGISTRY
from headway.plain import plain
from headway.version import VERSION

SCHEMA = 1


def summarise(protocol: Protocol, blocks: list[MeasuredBlock]) -> dict[str, Any]:
    """Check, compare and decide; blocks in order of time.

    Returns
    -------
    Contents of ``experiment.json``: plain types, ``None`` for what is not known.
    """
    checks = check_blocks(blocks)
    contrast = Contrast(protocol, blocks)
    check = overall(checks, protocol.tested)
    verdict = _verdict(protocol, blocks, contrast, check)
    primary = protocol.design.primary
    found = {
        "schema": SCHEMA,
        "headway": VERSION,
        "title": protocol.title,
        "runner": _struct(protocol.runner),
        "design": {**_struct(protocol.design), "tested": protocol.tested},
        "blocks": [_block(one, checks) for one in blocks],
        "performed": asdict(check),
        "speed": {**asdict(contrast.speeds), "difference": contrast.speeds.difference},
        "verdict": asdict(verdict),
        "primary": {**_described(contrast, primary), **_missing(blocks, primary)},
        "secondary": _secondary(protocol, contrast),
        "felt": felt_changes(protocol, contrast),
        "sham": sham_contrast(contrast, primary),
        "phases": phases(contrast, primary) if protocol.design.kind == "drill" else [],
        "slopes": _slopes(protocol, blocks),
        "quality": _quality(protocol, blocks),
        "confounds": confounds(protocol, blocks, contrast.speeds),
        "evidence": evidence(primary, protocol.tested),
        "contested": list(contested(protocol)),
    }
    return plain(found)


def _verdict(protocol: Protocol, blocks: list[MeasuredBlock], contrast: Contrast, check: Check) -> Verdict:
    design, primary = protocol.design, protocol.design.primary
    smallest = design.smallest / 100
    if design.kind == "speed-series":
        values = [one.means[primary].value for one in blocks if primary in one.means]
        speeds = [one.speed for one in blocks if np.isfinite(one.speed)]
        span = max(speeds) - min(speeds) if speeds else 0.0
        reference = float(np.mean(values)) if values else 0.0
        return decide_slope(slope_of(blocks, primary), reference, span, smallest)
    missing = _missing(blocks, primary)
    refused = contrast.refused(primary)
    return decide(
        None if refused else contrast.effect(primary),
        design=design.kind,
        randomised=design.randomised,
        check=check,
        smallest=smallest,
        free_blocks=len(contrast.free),
        washed_out=design.washout >= WASHED_OUT,
        missing=(str(missing.get("why", "")), str(missing.get("record", ""))),
        refused=contrast.speeds if refused else None,
    )


def _missing(blocks: Sequence[MeasuredBlock], name: str) -> dict[str, Any]:
    for one in blocks:
        entry = one.analysis.summary["metrics"][name]
        if entry["status"] == "not_measurable":
            return {"why": f"{entry['why']} (block {one.index + 1})", "record": entry["record"]}
    return {}


def _block(one: MeasuredBlock, checks: Sequence[Check]) -> dict[str, Any]:
    summary = one.analysis.summary
    check = next(check for check in checks if check.index == one.index)
    return {
        "number": one.index + 1,
        "condition": one.block.condition,
        "name": one.name,
        "order": one.order,
        "pair": one.block.pair,
        "recording": Path(one.block.recording).name,
        "start": one.block.options.start,
        "stop": one.block.options.stop,
        "steps": one.steps,
        "speed": one.speed,
        "hands": one.hands,
        "felt": felt_of(one),
        "pushed": one.block.pushed,
        "check": {"status": check.status, "text": check.text, "value": check.value},
        "flags": [flag for flag in summary["quality"] if flag["level"] != "info"],
        "values": {
            name: {
                "value": mean.value,
                "error": float(np.sqrt(mean.variance)),
                "freedom": mean.freedom,
                "n": mean.n,
            }
            for name, mean in one.means.items()
        },
    }


def _described(contrast: Contrast, name: str) -> dict[str, Any]:
    definition = REGISTRY[name]
    effect = contrast.effect(name)
    return {
        "name": name,
        "title": definition.title,
        "unit": definition.unit,
        "load": definition.load,
        "refused": contrast.refused(name),
        "effect": None if effect is None or contrast.refused(name) else asdict(effect),
    }


def _secondary(protocol: Protocol, contrast: Contrast) -> list[dict[str, Any]]:
    """Every other metric, with the adjusted p where the order was drawn by coin."""
    design = protocol.design
    if design.kind == "speed-series":
        return []
    names = design.secondary or [name for name in REGISTRY if name != design.primary]
    rows = [_described(contrast, name) for name in names]
    rows = [row for row in rows if row["effect"] is not None or row["refused"] or design.secondary]
    tested = [row for row in rows if row["effect"] is not None and row["effect"]["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["effect"]["p"] for row in tested]), strict=True):
        row["q"] = q
        row["found"] = q <= ALPHA
    return rows


def _slopes(protocol: Protocol, blocks: Sequence[MeasuredBlock]) -> list[dict[str, Any]]:
    wanted = [protocol.design.primary, "lateral_bounce_amplitude", *protocol.design.secondary]
    if protocol.design.kind == "speed-series":
        wanted += list(REGISTRY)
    out = []
    for name in dict.fromkeys(wanted):
        line: SpeedSlope | None = slope_of(blocks, name)
        if line is not None:
            definition = REGISTRY[name]
            out.append({"name": name, "title": definition.title, "unit": definition.unit, **asdict(line)})
    return out


def _quality(protocol: Protocol, blocks: Sequence[MeasuredBlock]) -> list[dict[str, str]]:
    out = []
    short = [one for one in blocks if one.steps < WANTED_STEPS]
    if short:
        listed = ", ".join(f"{one.index + 1} ({one.steps})" for one in short)
        text = f"blocks with fewer than {WANTED_STEPS} steps: {listed}"
        out.append({"code": "short_blocks", "level": "warning", "message": text})
    design = protocol.design
    if protocol.tested == "held" and design.primary == BOUNCE:
        text = "the primary outcome is what the runner was asked to do: a change of it says nothing about its effect"
        out.append({"code": "primary_is_the_task", "level": "warning", "message": text})
    if design.kind == "pairs" and design.seed is not None and protocol.tested is not None:
        count = max(one.block.pair or 0 for one in blocks)
        planned = coin_order(count, design.seed)
        for j in range(1, count + 1):
            own = {one.block.condition: one.order for one in blocks if one.block.pair == j}
            if protocol.tested in own and "free" in own and (own[protocol.tested] < own["free"]) != planned[j - 1]:
                text = f"pair {j} was not run in the order that seed {design.seed} gives: the exact test presumes it"
                out.append({"code": "order_departs", "level": "warning", "message": text})
    return out


def _struct(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}
