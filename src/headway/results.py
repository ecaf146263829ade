"""What comes out of one recording, typed: ``summary.json`` is this file's :class:`Summary`, saved, loaded and checked by msgspec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from headway.recording import Camera, Flag, Processing

SCHEMA = 1
"""Number of the form of ``summary.json``; raised when a field changes its meaning or goes."""

Interval = tuple[float, float]
Status = Literal["measured", "estimated", "not_measurable"]


class Fields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a result; fields that hold their default are left out of the file."""


class WithStatus(Fields, frozen=True, kw_only=True, tag_field="status"):
    """An entry that says how it came about."""

    @property
    def status(self) -> Status:
        """As in the file."""
        return cast("Status", self.__struct_config__.tag)


class Value(WithStatus, frozen=True, kw_only=True):
    """A number with what is known of it.

    Attributes
    ----------
    value, unit
        The number, in ``unit``.
    ci95
        95 % interval; ``None`` where there is none (``note`` says why).
    n
        Steps or strides that carry it.
    left, right
        The same over the steps of one side.
    note
        Why there is no interval.
    film
        Which film it comes from, where there are two.
    """

    value: float
    unit: str
    ci95: Interval | None
    n: int
    left: float | None = None
    right: float | None = None
    note: str | None = None
    film: str | None = None


class Measured(Value, frozen=True, kw_only=True, tag="measured"):
    """A metric as the recording itself shows it."""


class Estimated(Value, frozen=True, kw_only=True, tag="estimated"):
    """A metric that comes through a model, which is named with its known error."""

    model: str


class NotMeasurable(WithStatus, frozen=True, kw_only=True, tag="not_measurable"):
    """A metric that this recording cannot carry: why, and what to record instead."""

    why: str
    record: str


Entry = Measured | Estimated | NotMeasurable
"""What ``metrics`` of a summary holds under every name."""
Entries = Mapping[str, Entry]


def value_of(entry: Entry | None) -> float | None:
    """The value of an entry; ``None`` where there is none."""
    return entry.value if isinstance(entry, Value) else None


class StandIns(Fields, frozen=True, kw_only=True):
    """What stands for points that are not marked.

    Attributes
    ----------
    neck_base
        ``c7`` where it stands alone, ``shoulders`` where their middle does, as in all key points; empty where both ends of the neck base are known.
    pelvis_from_hips
        Whether the midpoint of the hips stands for the pelvis centre, as the pelvis itself is not marked.
    head_off_axis
        Whether the head centre is not on the axis that the head turns about, as only a front or a back pair is marked.
    """

    neck_base: Literal["", "c7", "shoulders"] = ""
    pelvis_from_hips: bool = False
    head_off_axis: bool = False


class RecordingFound(Fields, frozen=True, kw_only=True):
    """What was recorded.

    Attributes
    ----------
    source, kind
        Bare name of the file, and its format.
    view
        ``3d``, ``side``, ``rear``, ``front``, ``sensor``, or two films joined: ``side+rear``.
    duration, rate
        s, samples per second.
    forward, up
        Which axis of the file (or what else) they were found to be.
    speed
        m/s; ``None`` when unknown.
    subject
        Who, as the file says.
    heading_deg
        Direction of the run in the axes of the file, degrees.
    treadmill
        Whether the ground moves.
    camera
        How it was filmed.
    stand_ins
        What stands for points that are not marked; ``None`` for sensors.
    """

    source: str
    kind: str
    view: str
    duration: float
    rate: float
    forward: str
    up: str
    speed: float | None
    subject: str | None
    heading_deg: float | None = None
    treadmill: bool | None = None
    camera: Camera | None = None
    stand_ins: StandIns | None = None


class RunnerFound(Fields, frozen=True, kw_only=True):
    """The runner, as stated or found: height in m, mass in kg, where the mass comes from."""

    height: float | None
    mass: float | None
    mass_source: str | None
    sex: str | None


class ForceFound(Fields, frozen=True, kw_only=True):
    """Whether the ground force was measured, estimated (by which method) or is not there."""

    status: Literal["measured", "estimated", "none"]
    method: str | None


class EventsFound(Fields, frozen=True, kw_only=True):
    """Where initial contact and toe-off come from; the threshold in N."""

    source: str
    threshold: float | None
    method: str


class StepCount(Fields, frozen=True, kw_only=True):
    """Steps that were analysed."""

    count: int
    left: int
    right: int


class FilterCutoffs(Fields, frozen=True, kw_only=True):
    """Cut-off frequencies of the low-pass filters, Hz."""

    motion_cutoff: float | None
    force_cutoff: float | None


class ClockFound(Fields, frozen=True, kw_only=True):
    """How a sensor's clock was laid on the first one's: offset and its uncertainty, s; drift, s/s."""

    how: str
    offset: float
    uncertainty: float
    drift: float


class SensorFound(Fields, frozen=True, kw_only=True):
    """One body-worn sensor."""

    where: str
    rate: float
    gyroscope: bool
    forward: str
    forward_contrast: float
    clipped: bool
    clock: ClockFound | None


class Change(Fields, frozen=True, kw_only=True):
    """A slope with its 95 % interval."""

    value: float
    ci95: Interval
    changes: bool


class Trend(Fields, frozen=True, kw_only=True):
    """How a quantity changes over a run."""

    per_hour: Change | None = None
    per_m_s: Change | None = None


class RunFound(Fields, frozen=True, kw_only=True):
    """A run that was recorded by sensors.

    Attributes
    ----------
    start, stop
        s.
    time_by_kind
        Seconds of steady running, turns, gaps, …
    stretches
        Start and end of each stretch of steady running, s.
    timeline
        Columns by name, one value per window.
    trends
        By quantity.
    watch
        Medians of what a watch told during the run, and its file.
    """

    start: float
    stop: float
    time_by_kind: dict[str, float]
    stretches: list[Interval]
    timeline: dict[str, list[float | None]]
    trends: dict[str, Trend]
    watch: dict[str, str | float] | None


class Placed(Fields, frozen=True, kw_only=True):
    """Where a metric stands among runners: the share with a lower value, the same widened by what is unsure, quantiles, how many runners."""

    lower: Interval
    lower_surely: Interval
    band: list[float]
    runners: int


class Population(Fields, frozen=True, kw_only=True):
    """Who the runners of a file of norms are, and how they were recorded.

    Attributes
    ----------
    runners, recordings
        How many.
    sex
        Runners by sex, as far as it is known.
    height, mass, speed
        Least and greatest, m, kg, m/s; ``None`` where nobody's is known.
    view, treadmill, force
        What occurs among the recordings, as studies write it.
    """

    runners: int
    recordings: int
    sex: dict[str, int]
    height: Interval | None
    mass: Interval | None
    speed: Interval | None
    view: list[str]
    treadmill: list[str]
    force: list[str]


class Among(Fields, frozen=True, kw_only=True):
    """An analysis beside a file of norms; see :func:`headway.norms.against`."""

    name: str
    source: str
    licence: str
    population: Population
    quantiles: list[float]
    speed: float | None
    remarks: list[str]
    metrics: dict[str, Placed]
    unplaced: dict[str, str]


class MarkerQuality(Fields, frozen=True, kw_only=True):
    """One marker of a recording: how well it was seen, and how well it keeps its place in its segment.

    Attributes
    ----------
    name
        Landmark.
    label
        As in the file; ``None`` where the file has no such label.
    segment
        Rigid part of the body it is judged with; ``None`` where that has fewer than three markers.
    seen
        Share of the frames in which it was measured.
    gaps, longest_gap
        Number of gaps, and the longest, s.
    rigidity
        How much its distance from the markers of its segment varies (standard deviation, median over them), m.
    residual
        Root mean square distance from the rigid fit of its segment, m.
    mended
        What was done to it, in words; empty where nothing was.
    """

    name: str
    label: str | None
    segment: str | None
    seen: float
    gaps: int
    longest_gap: float
    rigidity: float | None
    residual: float | None
    mended: str = ""


class Summary(Fields, frozen=True, kw_only=True):
    """All that was found in one recording, as in ``summary.json``.

    Attributes
    ----------
    schema, headway, versions
        Form of the file, and what wrote it.
    recording, runner, force, events, steps
        What was recorded, of whom, and what was found in it.
    quality
        What a reader has to know.
    filters, processing
        What was done.
    metrics
        Every metric of the registry by name.
    recordings
        The parts, where two films of one run were joined.
    sensors, sides, run
        Of a recording by body-worn sensors.
    norms
        Beside other runners, when asked for.
    markers
        How well each marker was seen and keeps its place; of recordings with markers only.
    """

    schema: int
    headway: str
    versions: dict[str, str]
    recording: RecordingFound
    runner: RunnerFound
    force: ForceFound
    events: EventsFound
    steps: StepCount
    quality: list[Flag]
    filters: FilterCutoffs
    processing: list[Processing]
    metrics: dict[str, Entry]
    recordings: list[RecordingFound] | None = None
    sensors: list[SensorFound] | None = None
    sides: str | None = None
    run: RunFound | None = None
    norms: Among | None = None
    markers: list[MarkerQuality] | None = None
