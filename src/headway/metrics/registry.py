"""What is measured: every metric declared once, with its definition, needs, source and evidence.

A metric is a function of a :class:`headway.gait.trial.Trial`, decorated with :func:`metric`. The registry is what the tables of the
report, ``headway metrics`` and the pages of the documentation are made from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from headway.metrics.errors import LeftOut, OnFilm, SharedError, by_dimension, left_out
from headway.metrics.on_markers import MarkerError
from headway.metrics.seen import SEEN
from headway.metrics.worn_error import SensorError, nothing, plain
from headway.texts import TEXTS

if TYPE_CHECKING:
    from headway.gait.trial import Trial
    from headway.sensors.run import Run

Family = Literal[
    "time and space",
    "ground force",
    "force ladder",
    "push-off to head",
    "what pushes the head",
    "pushed or pulled along",
    "force line and head",
    "lateral bounce",
    "weight shift",
    "posture",
    "joint angles",
    "joint moments",
    "sensors",
]
Kind = Literal[
    "mean", "range", "share", "ratio", "amplitude", "phase", "locking", "gain", "lag", "asymmetry", "shift_ratio"
]
Plane = Literal["none", "sagittal", "frontal", "transverse", "vertical"]
TURNING = (TEXTS("unseen.turning"), TEXTS("unseen.turning_record"))
FROM_SIDE = TEXTS("unseen.sagittal_record")
UNSEEN: dict[tuple[str, str], tuple[str, str]] = {
    ("side", "frontal"): (TEXTS("unseen.side_frontal"), TEXTS("unseen.side_frontal_record")),
    ("side", "transverse"): TURNING,
    ("rear", "sagittal"): (TEXTS("unseen.rear_sagittal"), FROM_SIDE),
    ("front", "sagittal"): (TEXTS("unseen.front_sagittal"), FROM_SIDE),
    ("rear", "transverse"): TURNING,
    ("front", "transverse"): TURNING,
}
"""View and plane of motion that it cannot carry, to why and what to record instead."""
NOT_WORN = (TEXTS("unseen.worn"), TEXTS("unseen.worn_record"))
"""What is said of a metric that no sensor carries."""


class CannotMeasure(Exception):
    """A metric that this trial cannot carry: why, what to record instead, and the need that it is (:data:`headway.metrics.needs.NEEDS`), if any."""

    def __init__(self, why: str, record: str, need: str = "") -> None:
        self.why, self.record, self.need = why, record, need
        super().__init__(why)


@dataclass(frozen=True)
class FromSensors:
    """How body-worn sensors measure a metric.

    Attributes
    ----------
    values
        Function of the run that gives, per stride, what :func:`headway.statistics.components` takes for the kind. Raises :class:`CannotMeasure`.
    definition, kind
        Where a sensor measures it in another way than markers do.
    error
        Standard error that more strides do not make smaller, of the run and the value.
    models
        What stands between the sensors and the value, with its known error; none for a plain measurement.
    alike
        Whether the value means the same as one from markers or a film: of the same point, and defined alike.
    """

    values: Callable[[Run], Any]
    definition: str = ""
    kind: Kind | None = None
    error: SensorError = nothing
    models: Callable[[Run], Sequence[str]] = plain
    alike: bool = False


TIMED = frozenset({"s", "steps/min", "m/s", "m/s²", "g", "BW", "BW/s", "BW*s", "N/m", "J", "W", "head weights"})
"""Units that hold time."""


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
        Raises :class:`CannotMeasure` when the trial cannot carry the metric for a reason that ``needs`` cannot tell.
    film
        Its error in a film (:mod:`headway.metrics.errors`): the one fitted to rendered runners under its name, and that of its dimension by the
        film's geometry, if it does not declare others.
    markers
        Standard error with markers that more steps do not mend, by value and trial (:mod:`headway.metrics.on_markers`); ``None``: none is told.
    shares
        The metric whose error it has where events or forces come from motion alone; ``None``: its own, where one was found.
    ground_up
        Built from the ground force upward where the body is not wholly marked.
    level
        Level of the force ladder that it belongs to (:data:`headway.dynamics.ladder.LEVELS`).
    load
        A force, an impulse, a moment or what is made of them: grows with speed and is compared at equal speed only.
    sensors
        How body-worn sensors measure it; ``None`` where they do not.
    fitted
        Told by a fitted body alone, and left out where none was asked for.
    in_metres
        A length that people know in metres, not in millimetres.
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
    film: OnFilm = field(default_factory=OnFilm)
    markers: MarkerError | None = None
    shares: SharedError | None = None
    ground_up: bool = False
    level: str = ""
    load: bool = False
    sensors: FromSensors | None = None
    fitted: bool = False
    in_metres: bool = False

    def unseen(self, view: str) -> tuple[str, str] | None:
        """Why a view cannot carry it and what to record instead; ``None`` when it can."""
        if view == "sensor":
            return NOT_WORN if self.sensors is None else None
        return UNSEEN.get((view, self.plane))

    def left_out_error(self, value: float) -> float | None:
        """Standard error where events or forces come from motion alone, in its unit; ``None`` where none is known."""
        if self.shares is not None:
            return self.shares(value)
        own: LeftOut | None = left_out().get(self.name)
        return None if own is None else own.error

    @property
    def timed(self) -> bool:
        """Whether its value depends on the tempo at which a film plays."""
        return self.unit in TIMED

    def too_unsure(self, error: float | None) -> bool:
        """Whether an interval of this standard error is as wide as the range in which runners differ."""
        if error is None or self.expected is None:
            return False
        return 2 * 1.96 * error > self.expected[1] - self.expected[0]

    @property
    def told_by_motion(self) -> bool:
        """Whether markers on the whole body can stand in for force plates, also of a runner of whom motion tells half as much."""
        return self.tells_runners_apart and not self.too_unsure(2.0 * (self.left_out_error(0.0) or 0.0))

    @property
    def tells_runners_apart(self) -> bool:
        """Whether its value from motion alone goes with the plate's between runners, as far as that is known."""
        known = left_out().get(self.name if self.shares is None else self.shares.of)
        return known is None or known.correlation >= LEAST_CORRELATION

    @property
    def cited(self) -> str:
        """Where the definition comes from, as shown to a reader of the documentation."""
        number, _, paper = self.source.partition(", ")
        return f"Headway {number}" + (f"; {paper}" if paper else "")

    @property
    def paper(self) -> str:
        """Where the definition comes from, as shown to a runner: without Headway's own number of it."""
        own, _, paper = self.source.partition(", ")
        return paper or (TEXTS("table.own_definition") if own else "")


LEAST_CORRELATION = 0.3
"""Between runners; below it a value from motion alone says nothing about the runner."""
REGISTRY: dict[str, Metric] = {}
"""All metrics by name, in the order of declaration."""


def metric(
    name: str, title: str, definition: str, **declared: Any
) -> Callable[[Callable[[Trial], Any]], Callable[[Trial], Any]]:
    """Declare a metric whose value the decorated function computes; see :class:`Metric` for the fields."""

    def register(compute: Callable[[Trial], Any]) -> Callable[[Trial], Any]:
        if name in REGISTRY:
            raise ValueError(f"metric {name} is declared twice")
        one = Metric(
            name=name, title=title, definition=definition, compute=compute, expected=SEEN.get(name), **declared
        )
        usual = by_dimension(one.unit, one.plane, one.kind)
        film = replace(one.film, like=one.film.like or name, geometry=one.film.geometry or usual)
        REGISTRY[name] = replace(one, film=film)
        return compute

    return register
