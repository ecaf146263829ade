"""What is known about a measure that differs: for, against, how well; and the coach's cue in our words."""

from __future__ import annotations

from collections.abc import Sequence

from headway.comparison.result import ComparedRow
from headway.experiments.context import CONTESTED, Evidence, of_metric
from headway.texts import TEXTS

CUES = {
    "lateral_bounce_amplitude": "bounce",
    "neck_base_lateral_bounce_amplitude": "neck_over",
    "head_over_foot_error": "head_over",
    "neck_over_foot_error": "neck_over",
    "weight_shift_ratio": "weight",
    "head_bob": "bob",
    "head_retraction": "forward",
    "body_lean": "lean",
    "trunk_lean": "lean",
    "head_lag_vertical": "push",
    "head_vertical_gain": "push",
    "head_forward_gain": "drive",
}
"""Measure to the coach's cue in our words (``differing.cue_…``); only what she speaks about."""
MOST = 6
OPEN, DESCRIBED = TEXTS("differing.grade_open"), TEXTS("differing.grade_described")


def evidence(found: Sequence[ComparedRow]) -> list[Evidence]:
    """Evidence on what differs, for the measures about which something is known or said; at most ``MOST``."""
    out = []
    for row in found:
        cue = None if (key := CUES.get(row.name)) is None else TEXTS(f"differing.cue_{key}")
        if row.verdict == "differs" and (known := of_metric(row.name, OPEN if cue else DESCRIBED, cue)):
            out.append(known)
    return out[:MOST]


def contested(found: Sequence[ComparedRow]) -> list[str]:
    """Contested claims near what both carry."""
    names = {row.name for row in found}
    wanted = {
        "lean": bool(names & {"body_lean", "trunk_lean"}),
        "width": bool(names & {"step_width", "lateral_bounce_amplitude"}),
        "load": any(row.load and not row.why for row in found),
    }
    return [CONTESTED[key] for key, there in wanted.items() if there]
