"""What is known about a measure that differs: for, against, how well; and the coach's cue in our words."""

from __future__ import annotations

from collections.abc import Sequence

from headway.comparison.result import ComparedRow
from headway.experiments.context import CONTESTED, Evidence, of_metric

CUES = {
    "lateral_bounce_amplitude": "let the push of each foot carry the head over to that side, and do not hold it still",
    "neck_base_lateral_bounce_amplitude": "let the base of the neck come over the foot that stands",
    "head_over_foot_error": "let the head come over the foot that stands",
    "neck_over_foot_error": "let the base of the neck come over the foot that stands",
    "weight_shift_ratio": "shift the weight to the standing leg with the head, not around it",
    "head_bob": "let the head travel forward steadily",
    "head_retraction": "let the head go forward with the push",
    "body_lean": "lean the whole body from the ankles",
    "trunk_lean": "lean the whole body from the ankles",
    "head_lag_vertical": "push the head, do not drag it along",
    "head_vertical_gain": "push the head, do not drag it along",
    "head_forward_gain": "drive the head forward with the foot",
}
"""Measure to the coach's cue in our words; only what she speaks about."""
MOST = 6
OPEN = "open: nobody has measured whether changing it helps; test it on yourself with headway plan"
DESCRIBED = "description: it is not known whether more or less of it is better"


def evidence(found: Sequence[ComparedRow]) -> list[Evidence]:
    """Evidence on what differs, for the measures about which something is known or said; at most ``MOST``."""
    out = []
    for row in found:
        cue = CUES.get(row.name)
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
