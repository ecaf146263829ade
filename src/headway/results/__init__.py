"""What comes out of one recording, typed: ``summary.json`` is this :class:`Summary`, saved, loaded and checked by msgspec."""

from __future__ import annotations

from headway.recording import Flag, Processing
from headway.results.entries import (
    Entries,
    Entry,
    Estimated,
    Fields,
    Interval,
    Measured,
    NotMeasurable,
    Status,
    Value,
    value_of,
)
from headway.results.fitted import BodyFound, GroundShare
from headway.results.found import (
    Contradiction,
    EventsFound,
    FilterCutoffs,
    ForceFound,
    MarkerQuality,
    RecordingFound,
    RunnerFound,
    StandIns,
    StepCount,
)
from headway.results.placed import Among, Placed, Population
from headway.results.worn import Change, ClockFound, RunFound, SensorFound, Trend

SCHEMA = 1
"""Number of the form of ``summary.json``; raised when a field changes its meaning or goes."""
__all__ = [
    "SCHEMA",
    "Among",
    "BodyFound",
    "Change",
    "ClockFound",
    "Contradiction",
    "Entries",
    "Entry",
    "Estimated",
    "EventsFound",
    "Fields",
    "FilterCutoffs",
    "ForceFound",
    "GroundShare",
    "Interval",
    "MarkerQuality",
    "Measured",
    "NotMeasurable",
    "Placed",
    "Population",
    "RecordingFound",
    "RunFound",
    "RunnerFound",
    "SensorFound",
    "StandIns",
    "Status",
    "StepCount",
    "Summary",
    "Trend",
    "Value",
    "value_of",
]


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
    body
        How well a body was fitted, when asked for.
    norms
        Beside other runners, when asked for.
    markers
        How well each marker was seen and keeps its place; of recordings with markers only.
    contradictions
        Rules of physics that the numbers break.
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
    body: BodyFound | None = None
    norms: Among | None = None
    markers: list[MarkerQuality] | None = None
    contradictions: list[Contradiction] | None = None
