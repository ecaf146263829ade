"""What is measured: every metric declared once, with its definition, needs, source and evidence.

A metric is a function of a :class:`headway.gait.trial.Trial`, decorated with :func:`metric`. The registry is what the tables of the
report, ``headway metrics`` and ``docs/metrics.md`` are made from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from headway.metrics.seen import SEEN

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
    "sensors",
]
Kind = Literal[
    "mean", "range", "share", "ratio", "amplitude", "phase", "locking", "gain", "lag", "asymmetry", "shift_ratio"
]
Plane = Literal["none", "sagittal", "frontal", "transverse", "vertical"]


class NotMeasurable(Exception):
    """A metric that this trial cannot carry: why, and what to record instead."""

    def __init__(self, why: str, record: str) -> None:
        self.why, self.record = why, record
        super().__init__(why)


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
        Keys of :data:`headway.metrics.needs.NEEDS`.
    source
        Number of the definition (``D21``) and, after a comma, the paper.
    claims
        The coach's statements it bears on.
    expected
        Range seen in running (:mod:`headway.metrics.seen`), for orientation; not a norm. ``None`` where hardly anybody measured.
    runner
        What it tells a runner, one sentence.
    model
        Set when the value comes through a model: its name and known error. The status is then ``estimated``.
    supports, contradicts
        Evidence for and against the claim, one line each.
    kind
        How steps become one number: a key of :data:`headway.statistics.REDUCERS`. A ``range`` is the mean over steps of each one's peak
        to peak, in films that of the mean stride (see :class:`headway.gait.trial.Excursion`).
    compute
        Function of the trial that gives, per step, what :func:`headway.statistics.components` takes for this kind.
        Raises :class:`NotMeasurable` when the trial cannot carry the metric for a reason that ``needs`` cannot tell.
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
    model: str = ""
    supports: str = ""
    contradicts: str = ""
    kind: Kind = "mean"

    @property
    def cited(self) -> str:
        """Where the definition comes from, as shown to a reader of the documentation."""
        number, _, paper = self.source.partition(", ")
        return f"Headway {number}" + (f"; {paper}" if paper else "")


REGISTRY: dict[str, Metric] = {}
"""All metrics by name, in the order of declaration."""


def metric(
    name: str, title: str, definition: str, **declared: Any
) -> Callable[[Callable[[Trial], Any]], Callable[[Trial], Any]]:
    """Declare a metric whose value the decorated function computes; see :class:`Metric` for the fields."""

    def register(compute: Callable[[Trial], Any]) -> Callable[[Trial], Any]:
        if name in REGISTRY:
            raise ValueError(f"metric {name} is declared twice")
        REGISTRY[name] = Metric(
            name=name, title=title, definition=definition, compute=compute, expected=SEEN.get(name), **declared
        )
        return compute

    return register
