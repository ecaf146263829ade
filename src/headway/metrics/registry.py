"""What is measured: every metric declared once, with its definition, needs, source and evidence.

A metric is a function of a :class:`headway.gait.trial.Trial`, decorated with :func:`metric`. The registry is what the tables of the
report, ``headway metrics`` and ``docs/metrics.md`` are made from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from headway.gait.trial import Trial

Family = Literal[
    "time and space",
    "ground force",
    "force ladder",
    "push-off to head",
    "pushed or pulled along",
    "force line and head",
    "lateral bounce",
    "weight shift",
    "posture",
]
Plane = Literal["none", "sagittal", "frontal", "transverse", "vertical"]

NEEDS: dict[str, tuple[str, str]] = {
    "force": ("no ground force in the recording", "record with force plates"),
    "whole_body": ("segments are missing: {missing}", "add markers for the missing segments"),
    "legs": ("the knee or ankle is not marked: {missing}", "add markers at knee and ankle"),
    "head": ("no head markers", "add at least three markers around the head"),
    "head_rotation": ("fewer than three head markers in one set", "add at least three markers around the head"),
    "neck_base": ("no neck base: C7 and the suprasternal notch are needed", "add markers at C7 and the suprasternal notch"),
    "pelvis": ("no pelvis markers", "add markers at both ASIS and PSIS (or the sacrum)"),
    "shoulders": ("no shoulder markers on both sides", "add markers at both acromia"),
    "hands": ("no wrist markers on both sides", "add markers at both wrists"),
    "feet": ("no heel and forefoot markers on both feet", "add heel and forefoot markers"),
    "hips": ("hip joint centres cannot be found", "add markers at both ASIS and PSIS"),
    "standing": ("no standing trial of this runner", "give a standing trial with --standing FILE"),
    "strides": ("fewer than two whole strides", "record at least ten strides (treadmill, or more plates)"),
    "steps": ("no two successive steps", "record at least two successive steps"),
    "flight": ("no flight phase between two recorded contacts", "record at least two successive steps"),
}
"""What a metric can need, why it may be missing, and what to record instead."""


@dataclass(frozen=True)
class Metric:
    """A metric: what it is, what it needs, where it comes from, what speaks for and against it.

    Attributes
    ----------
    name, title
        Stable snake_case name, and the words shown to a person.
    definition
        Formula and window in words and symbols.
    unit
        Unit of the value in files (SI; ``BW`` and ``steps/min`` by the field's habit; ``1`` without dimension).
    family, plane
        Section of the report, plane of motion.
    needs
        Keys of ``NEEDS``.
    source
        science.md definition and the paper.
    claims
        The coach's statements it bears on (science.md §1.2).
    expected
        Range seen in running, for orientation; not a norm.
    runner
        What it tells a runner, one sentence.
    supports, contradicts
        Evidence for and against the claim, one line each.
    kind
        How steps become one number: ``mean``; ``ratio`` (of sums); ``phase`` (of a mean complex amplitude);
        ``amplitude`` (its size); ``whole`` (one number per recording).
    compute
        Function of the trial. ``mean``: values per step. ``ratio``: numerators and denominators per step.
        ``phase``/``amplitude``: complex values per step. ``whole``: a number or ``None``.
    """

    name: str
    title: str
    definition: str
    unit: str
    family: Family
    compute: Callable[[Trial], Any]
    plane: Plane = "none"
    needs: tuple[str, ...] = ()
    source: str = ""
    claims: tuple[str, ...] = ()
    expected: tuple[float, float] | None = None
    runner: str = ""
    supports: str = ""
    contradicts: str = ""
    kind: Literal["mean", "ratio", "phase", "amplitude", "whole"] = "mean"


REGISTRY: dict[str, Metric] = {}
"""All metrics by name, in the order of declaration."""


def metric(name: str, title: str, definition: str, **declared: Any) -> Callable[[Callable[[Trial], Any]], Callable[[Trial], Any]]:
    """Declare a metric whose value the decorated function computes; see :class:`Metric` for the fields."""

    def register(compute: Callable[[Trial], Any]) -> Callable[[Trial], Any]:
        if name in REGISTRY:
            raise ValueError(f"metric {name} is declared twice")
        REGISTRY[name] = Metric(name=name, title=title, definition=definition, compute=compute, **declared)
        return compute

    return register
