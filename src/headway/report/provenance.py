"""Where the numbers come from: the recording, the runner, events, filters, versions; and the flags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import PurePath, PureWindowsPath

import msgspec

from headway.recording import Flag
from headway.report.numbers import number, show, with_unit
from headway.results import FilterCutoffs, ForceFound, RunnerFound, StepCount, Summary, Value, value_of
from headway.texts import TEXTS, shown

LEVELS = {"error": "✕", "warning": "!", "info": "i"}
"""Mark of a flag's level, the gravest first."""
_TOLD = ("source", "kind", "view", "forward", "up", "rate", "duration", "speed")
"""What the list says about the recording in rows of its own."""


@dataclass(frozen=True)
class ShownFlag:
    """A quality flag with its mark and word."""

    level: str
    mark: str
    word: str
    code: str
    message: str


def flags(found: list[Flag]) -> list[ShownFlag]:
    """Return the quality flags, the gravest first."""
    order = list(LEVELS)
    graded = sorted(found, key=lambda flag: order.index(flag.level))
    return [
        ShownFlag(flag.level, LEVELS[flag.level], TEXTS(f"table.level_{flag.level}"), flag.code, shown(flag.message))
        for flag in graded
    ]


def source_name(source: str) -> str:
    """Name of the recorded file without its folder, whichever system wrote the path."""
    part = PureWindowsPath(source) if "\\" in source else PurePath(source)
    return part.name or source or "recording"


def step_words(steps: StepCount) -> str:
    """Say how many steps were analysed, and on which foot."""
    return count_words(steps.count, steps.left, steps.right)


def count_words(count: int, left: int, right: int) -> str:
    """So many steps, so many of each foot."""
    return f"{count} step{'' if count == 1 else 's'} ({left} left, {right} right)"


def _speed(summary: Summary) -> float | None:
    """Speed, m/s; a film's that is no metric is one that its background does not carry, and is not told."""
    measured = value_of(summary.metrics.get("speed"))
    return summary.recording.speed if measured is None and summary.recording.camera is None else measured


def at_a_glance(summary: Summary) -> list[tuple[str, str]]:
    """Name the recording in a few short facts for the head of the page."""
    recording, steps = summary.recording, summary.steps
    counted = TEXTS("first.step_count", n=steps.count, left=steps.left, right=steps.right)
    facts = [(TEXTS("first.recording"), source_name(recording.source)), (TEXTS("first.steps"), counted)]
    for key, value, unit, decimals in (
        ("speed", _speed(summary), "m/s", 2),
        ("duration", recording.duration, "s", 1),
        ("rate", recording.rate, TEXTS("first.per_second"), 0),
        ("mass", summary.runner.mass, "kg", 1),
    ):
        if value is not None:
            facts.append((TEXTS(f"first.{key}"), with_unit(number(value, decimals), unit)))
    return facts


def _words(value: object) -> str:
    """Whatever a summary or a processing step holds, in words."""
    if isinstance(value, msgspec.Struct):
        value = {name: one for name, one in msgspec.structs.asdict(value).items() if one is not None}
    elif is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not given" if value is None else str(value)


def _rest(found: msgspec.Struct, told: Collection[str]) -> str:
    """Whatever else the summary holds, so that nothing is left unsaid."""
    held = msgspec.structs.asdict(found)
    return _words({name: one for name, one in held.items() if name not in told and one is not None})


def _runner_words(runner: RunnerFound) -> list[tuple[str, str]]:
    source = (runner.mass_source or "").replace("_", " ")
    mass = _with(runner.mass, 1, "kg") + (f", from {source}" if source else "")
    return [
        ("Mass", "not given" if runner.mass is None else mass),
        ("Height", _with(runner.height, 2, "m") or "not given"),
        ("Sex", runner.sex or "not given: mean of the tables for women and men"),
    ]


def _speed_words(summary: Summary) -> str:
    if isinstance(entry := summary.metrics.get("speed"), Value):
        shown = show("speed", entry)
        return f"{shown.full} ({shown.interval})"
    return _with(_speed(summary), 2, "m/s") or "not known"


def provenance(summary: Summary) -> list[tuple[str, str]]:
    """Build the list of where the numbers come from."""
    recording, events = summary.recording, summary.events
    parts = [events.source]
    if events.threshold is not None:
        parts.append(f"threshold {_with(events.threshold, 0, 'N')}")
    rows = [
        ("File", recording.source),
        ("Kind and view", f"{recording.kind}, {recording.view}"),
        ("Axes of the file", f"forward is {recording.forward}, up is {recording.up}"),
        ("Rate and length", f"{_with(recording.rate, 1, 'Hz')}, {_with(recording.duration, 2, 's')}"),
        ("Speed", _speed_words(summary)),
        ("Steps", step_words(summary.steps)),
        *_runner_words(summary.runner),
        ("Events", ", ".join([*parts, f"method {events.method}"])),
        ("Ground force", _force_words(summary.force)),
    ]
    if rest := _rest(recording, _TOLD):
        rows.append(("Further", rest))
    libraries = [f"{name} {number}" for name, number in summary.versions.items()]
    return [
        *rows,
        ("Low-pass filters", _filter_words(summary.filters)),
        ("Versions", ", ".join([f"Headway {summary.headway}", *libraries])),
        ("Schema of summary.json", str(summary.schema)),
    ]


def _force_words(force: ForceFound) -> str:
    """Where the ground force comes from."""
    if force.status == "estimated":
        return f"estimated from motion ({force.method})"
    return "force plates" if force.status == "measured" else "none"


def _filter_words(filters: FilterCutoffs) -> str:
    cutoffs = (("motion", filters.motion_cutoff), ("force", filters.force_cutoff))
    return ", ".join(f"{name} {_with(value, 0, 'Hz') or 'none'}" for name, value in cutoffs)


def _with(value: float | None, decimals: int, unit: str) -> str:
    return "" if value is None else with_unit(number(value, decimals), unit)


def processing(summary: Summary) -> list[tuple[str, str]]:
    """Return every processing step as (name, arguments) in order."""
    return [(step.name.replace("_", " "), _words(step.arguments)) for step in summary.processing]
