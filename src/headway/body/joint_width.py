"""Joint centres from a lateral marker alone: half an assumed joint width toward the middle of the body."""

from __future__ import annotations

import numpy as np

from headway.body.rotations import perpendicular, unit
from headway.body.stature import Stature
from headway.body.table import PointTable
from headway.recording import Flag, FloatArray
from headway.texts import TEXTS

JOINT_WIDTHS = {"knee": 0.070, "ankle": 0.049, "elbow": 0.050}
"""Distance of the lateral from the medial marker (centres, so with skin and marker), share of stature: knee and ankle
mean of 12 runners standing (RBDS, Fukuchi 2017; SD 0.004 and 0.002), elbow mean of two runners (0.053 and 0.047)."""
STEADINESS = 0.5
"""Weight of the body's own left–right axis against the flexion plane, which vanishes in a straight joint."""


def roughly(table: PointTable, joint: str, side: str, across: FloatArray, stature: Stature) -> FloatArray | None:
    """Joint, else its lateral marker moved along the body's left–right axis: good enough for the plane of flexion."""
    if f"{joint}_{side}" in table:
        return table[f"{joint}_{side}"]
    if f"{joint}_lateral_{side}" not in table or not np.isfinite(stature.value):
        return None
    inward = JOINT_WIDTHS[joint] * stature.value / 2 * (-1.0 if side == "right" else 1.0)
    return table[f"{joint}_lateral_{side}"] + inward * across


def medial_offset(
    table: PointTable,
    joint: str,
    side: str,
    segment: FloatArray,
    bend: FloatArray,
    across: FloatArray,
    stature: Stature,
    assumed: set[str],
) -> FloatArray:
    """Put a joint half its width medially of its lateral marker, at right angles to the segment.

    Returns its axis, toward the runner's right.

    ``bend`` is the normal of the flexion plane with the sine of flexion as its length: it rules in a bent joint and
    fades out, without a jump, in a straight one.
    """
    axis = unit(perpendicular(bend + STEADINESS * perpendicular(across, segment), segment))
    if not np.isfinite(stature.value):
        return axis
    width = JOINT_WIDTHS[joint] * stature.value
    table[f"{joint}_{side}"] = table[f"{joint}_lateral_{side}"] + axis * width / 2 * (-1.0 if side == "right" else 1.0)
    assumed.add(joint)
    return axis


def width_flags(assumed: set[str], stature: Stature, flags: list[Flag]) -> None:
    """Say of each joint in ``assumed`` what was assumed."""
    for joint in sorted(assumed):
        width = 1000 * JOINT_WIDTHS[joint] * stature.value
        text = TEXTS("lab.joint_width_assumed", joint=joint, width=width / 2, how=stature.how)
        flags.append(Flag("joint_width_assumed", "info", text))
