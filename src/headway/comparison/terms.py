"""Every measure that can be compared, whichever kind of recording it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from headway.metrics import REGISTRY

LEFT_OUT = ("ladder_closure",)
"""Says how good a recording is, not how somebody runs."""
KEY = (
    "cadence",
    "contact_time",
    "step_length",
    "step_width",
    "head_vertical_oscillation",
    "lateral_bounce_amplitude",
    "lateral_bounce_phase",
    "head_over_foot_error",
    "neck_base_lateral_bounce_amplitude",
    "neck_over_foot_error",
    "weight_shift_ratio",
    "head_vertical_gain",
    "head_pelvis_vertical_gain",
    "head_lag_vertical",
    "head_forward_gain",
    "head_retraction",
    "head_bob",
    "trunk_lean",
    "body_lean",
    "peak_vertical_grf",
    "propulsive_impulse",
)
"""What a reader wants first: the way of the push to the head, and the times and lengths it rests on."""
SENSED_ALIKE = tuple(name for name, one in REGISTRY.items() if one.sensors is not None and one.sensors.alike)
"""What sensors measure like markers and films; the rest is of another point (the sacrum for the pelvis) or defined otherwise."""
NECK_BASE = ("neck_base", "neck_midline")


@dataclass(frozen=True)
class Term:
    """One measure.

    Attributes
    ----------
    name, title, unit, kind, family, plane
        As declared.
    load
        A force, an impulse or a moment: not compared at unequal speed.
    neck_base, pelvis
        Rests on the place of the neck base or the pelvis centre, for which other points may stand.
    head_frontal
        Rests on the sideways path of the head.
    """

    name: str
    title: str
    unit: str
    kind: str
    family: str
    plane: str
    load: bool
    neck_base: bool
    pelvis: bool
    head_frontal: bool


def _terms() -> dict[str, Term]:
    out = {}
    for name, one in REGISTRY.items():
        needs = set(one.needs)
        points = bool(needs & {*NECK_BASE}), bool(needs & {"pelvis", "pelvis_rotation"})
        frontal = bool(needs & {"head", "head_midline"}) and one.plane == "frontal"
        out[name] = Term(name, one.title, one.unit, one.kind, one.family, one.plane, one.load, *points, frontal)
    return {name: one for name, one in out.items() if name not in LEFT_OUT}


TERMS = _terms()
"""By name, in the order of the report."""
