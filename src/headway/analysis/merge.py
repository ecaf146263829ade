"""Two films of one runner, from the side and from behind or in front, become one analysis: each metric from the film that carries it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pandas as pd

from headway.analysis.analysis import Analysis
from headway.errors import RecordingError
from headway.metrics import REGISTRY
from headway.metrics.sanity import contradictions, disagreements, set_aside
from headway.recording import Flag, Processing
from headway.results import Entry, Interval, Measured, NotMeasurable, StepCount, Summary, Value
from headway.texts import TEXTS

SAME_RUN, SAME_RUNNER = 0.03, 0.10
"""Cadences that differ by less belong to one run; by more than the second, not to one runner at one speed."""


def merge(parts: Sequence[Analysis]) -> Analysis:
    """Join analyses of films that show the same run from different sides; they need not be synchronised.

    Every entry of ``metrics`` says in ``film`` which film it comes from. Where both carry a metric, a measured value goes before an estimated
    one and the narrower interval before the wider. ``steps`` holds the steps of all films, with a column ``film``. Waveforms take each axis from
    the film that shows it.

    Raises
    ------
    RecordingError
        Not two different views, or cadences that cannot belong to one run.
    """
    if len(parts) == 1:
        return parts[0]
    names = [part.summary.recording.source for part in parts]
    views = [part.summary.recording.view for part in parts]
    if len(parts) > 2 or views.count("side") != 1:
        shown = ", ".join(f"{name} is a film from {_words(view)}" for name, view in zip(names, views, strict=True))
        raise RecordingError(" ".join(names), shown, "give one film from the side and one from behind or in front")
    told = _same_run(parts, names)
    metrics = {
        name: _chosen(name, parts, names) for name in REGISTRY if all(name in one.summary.metrics for one in parts)
    }
    first = parts[views.index("side")]
    other = parts[1 - views.index("side")]
    tables = [part.steps.assign(film=name) for part, name in zip(parts, names, strict=True)]
    steps = pd.concat(tables, ignore_index=True)
    steps["step"] = range(1, len(steps) + 1)
    waveforms = first.waveforms.combine_first(other.waveforms.drop_dims("step", errors="ignore")).assign_attrs(
        first.waveforms.attrs
    )
    units = {**other.units, **first.units, "film": ""}
    films = (*first.films, *other.films)
    return Analysis(_summary(first.summary, other.summary, metrics, told), steps, waveforms, units, films)


def _words(view: str) -> str:
    return {"side": "the side", "rear": "behind", "front": "in front"}.get(view, view)


def _same_run(parts: Sequence[Analysis], names: list[str]) -> list[Flag]:
    """Flag cadences that differ; refuse those that cannot be of one run."""
    entries = [entry for part in parts if not isinstance(entry := part.summary.metrics["cadence"], NotMeasurable)]
    if len(entries) < len(parts):
        return []
    one, two = (entry.value for entry in entries)
    apart = abs(one - two) / ((one + two) / 2)
    unsure = _overlap(entries[0].ci95, entries[1].ci95)
    text = TEXTS("flags.cadences", first=names[0], one=one, second=names[1], two=two)
    if apart > SAME_RUNNER and not unsure:
        raise RecordingError(" ".join(names), text, "these are not one run: analyse them one by one")
    if apart > SAME_RUN and not unsure:
        return [Flag("cadence_differs", "warning", TEXTS("flags.cadence_differs", text=text))]
    key = "flags.cadence_agrees" if apart <= SAME_RUN else "flags.cadence_too_few"
    return [Flag("cadence_agrees", "info", TEXTS(key, text=text))]


def _overlap(one: Interval | None, two: Interval | None) -> bool:
    """Whether two intervals have anything in common; unknown ones have."""
    return one is None or two is None or (one[0] <= two[1] and two[0] <= one[1])


def _chosen(name: str, parts: Sequence[Analysis], names: list[str]) -> Entry:
    found = []
    for part, film in zip(parts, names, strict=True):
        entry = part.summary.metrics[name]
        if not isinstance(entry, NotMeasurable):
            wrong = name in set_aside(part.summary)
            found.append(
                (wrong, not isinstance(entry, Measured), _width(entry), msgspec.structs.replace(entry, film=film))
            )
    if found:
        return min(found, key=lambda one: one[:3])[3]
    carries = [part for part in parts if REGISTRY[name].unseen(part.summary.recording.view) is None]
    return (carries or list(parts))[0].summary.metrics[name]


def _width(entry: Value) -> float:
    interval = entry.ci95
    return float("inf") if interval is None else float(interval[1] - interval[0])


def _summary(side: Summary, other: Summary, metrics: dict[str, Entry], told: list[Flag]) -> Summary:
    parts = (side, other)
    recordings = [part.recording for part in parts]
    quality = [
        msgspec.structs.replace(flag, message=f"{part.recording.source}: {flag.message}")
        for part in parts
        for flag in part.quality
    ]
    merged = msgspec.structs.replace(
        side.recording,
        source=" + ".join(recording.source for recording in recordings),
        view=f"side+{other.recording.view}",
        duration=sum(recording.duration for recording in recordings),
    )
    one, two = side.steps, other.steps
    steps = StepCount(count=one.count + two.count, left=one.left + two.left, right=one.right + two.right)
    processing = [
        Processing(step.name, {"film": part.recording.source, **step.arguments})
        for part in parts
        for step in part.processing
    ]
    made = msgspec.structs.replace(
        side,
        recording=merged,
        recordings=recordings,
        steps=steps,
        quality=[*told, *quality],
        processing=processing,
        metrics=metrics,
        contradictions=None,
    )
    return _checked(made, parts)


def _checked(made: Summary, parts: Sequence[Summary]) -> Summary:
    """What contradicts itself: in a film whose numbers were taken, between the films, and among what was joined."""
    kept = [
        msgspec.structs.replace(one, metrics=tuple(name for name in one.metrics if _from(made, name, part)))
        for part in parts
        for one in part.contradictions or ()
    ]
    own = [one for one in kept if one.metrics]
    known = {name for one in own for name in one.metrics}
    joined = [one for one in contradictions(made) if not known.issuperset(one.metrics)]
    new = [*disagreements(parts), *joined]
    return msgspec.structs.replace(
        made, quality=[*made.quality, *(one.flag for one in new)], contradictions=[*own, *new] or None
    )


def _from(made: Summary, name: str, part: Summary) -> bool:
    """Whether a metric was taken from a film."""
    entry = made.metrics.get(name)
    return isinstance(entry, Value) and entry.film == part.recording.source
