"""Which markers move together: the rigid parts of the body, and what each can carry."""

from __future__ import annotations

from dataclasses import dataclass

from headway.body.marker_sets import HEAD_MARKERS, PELVIS_MARKERS, TECHNICAL_PER_SEGMENT

SIDES = ("left", "right")


@dataclass(frozen=True)
class MarkerCluster:
    """One rigid part of the body.

    Attributes
    ----------
    name
        Segment, with its side.
    carriers
        Landmarks whose rigid fit tells where the segment is.
    passengers
        Landmarks that move with it but are too loose to carry others.
    """

    name: str
    carriers: tuple[str, ...]
    passengers: tuple[str, ...] = ()


_LIMBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "thigh": (("knee_lateral", "knee_medial"), ("trochanter", "patella")),
    "shank": (("ankle_lateral", "ankle_medial"), ("tibial_tuberosity", "fibula_head")),
    "foot": (("heel", "heel_lateral", "heel_medial", "mt1", "mt2", "mt5", "toe"), ()),
    "upper_arm": (("elbow_lateral", "elbow_medial"), ()),
    "forearm": (("wrist_radial", "wrist_ulnar"), ()),
}
"""Segment to its anatomical markers, those that may carry others and those that may only be carried."""


def _limb(segment: str, side: str) -> MarkerCluster:
    carriers, passengers = _LIMBS[segment]
    technical = tuple(f"{segment}_{side}_{k}" for k in range(1, TECHNICAL_PER_SEGMENT + 1))
    return MarkerCluster(
        f"{segment}_{side}",
        (*technical, *(f"{name}_{side}" for name in carriers)),
        tuple(f"{name}_{side}" for name in passengers),
    )


HEAD = MarkerCluster("head", HEAD_MARKERS, ("vertex",))
THORAX = MarkerCluster("thorax", ("c7", "t7", "t10", "suprasternal", "xiphoid"), ("sternum_left", "sternum_right"))
PELVIS = MarkerCluster("pelvis", PELVIS_MARKERS, ("iliac_crest_left", "iliac_crest_right", "hip_left", "hip_right"))
CLUSTERS: tuple[MarkerCluster, ...] = (
    HEAD,
    THORAX,
    PELVIS,
    *(_limb(segment, side) for segment in _LIMBS for side in SIDES),
)
"""Every rigid part, from the head down."""
