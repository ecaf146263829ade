"""Where the numbers come from: the recording, the runner, events, filters, versions; and the flags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Any

from headway.report.numbers import finite, number, show, with_unit

LEVELS = {"error": ("✕", "Missing"), "warning": ("!", "Take care"), "info": ("i", "Note")}
"""Mark and word of a flag's level."""
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


def flags(summary: Mapping[str, Any]) -> list[ShownFlag]:
    """Return the quality flags, the gravest first."""
    order = list(LEVELS)
    found = []
    for flag in summary.get("quality") or ():
        level = str(flag.get("level", "info"))
        mark, word = LEVELS.get(level, LEVELS["info"])
        found.append(
            ShownFlag(
                level if level in LEVELS else "info",
                mark,
                word,
                str(flag.get("code", "")),
                str(flag.get("message", "")),
            )
        )
    return sorted(found, key=lambda flag: order.index(flag.level))


def source_name(summary: Mapping[str, Any]) -> str:
    """Name of the recorded file without its folder, whichever system wrote the path."""
    source = str((summary.get("recording") or {}).get("source") or "")
    part = PureWindowsPath(source) if "\\" in source else PurePath(source)
    return part.name or source or "recording"


def step_words(summary: Mapping[str, Any]) -> str:
    """Say how many steps were analysed, and on which foot."""
    steps = summary.get("steps") or {}
    return count_words(*(int(finite(steps.get(key)) or 0) for key in ("count", "left", "right")))


def count_words(count: int, left: int, right: int) -> str:
    """So many steps, so many of each foot."""
    return f"{count} step{'' if count == 1 else 's'} ({left} left, {right} right)"


def at_a_glance(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name the recording in a few short facts for the head of the page."""
    recording, runner = summary.get("recording") or {}, summary.get("runner") or {}
    facts = [("Recording", source_name(summary)), ("Steps", step_words(summary))]
    metric = (summary.get("metrics") or {}).get("speed") or {}
    speed = metric.get("value") if metric.get("value") is not None else recording.get("speed")
    for word, value, unit, decimals in (
        ("Speed", speed, "m/s", 2),
        ("Duration", recording.get("duration"), "s", 1),
        ("Rate", recording.get("rate"), "Hz", 0),
        ("Mass", runner.get("mass"), "kg", 1),
    ):
        if (given := finite(value)) is not None:
            facts.append((word, with_unit(number(given, decimals), unit)))
    return facts


def _mapping_words(arguments: Any) -> str:
    if isinstance(arguments, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_mapping_words(value)}" for key, value in arguments.items())
    if isinstance(arguments, list | tuple):
        return ", ".join(_mapping_words(value) for value in arguments)
    if isinstance(arguments, float):
        return f"{arguments:.4g}"
    if isinstance(arguments, bool):
        return "yes" if arguments else "no"
    return "not given" if arguments is None else str(arguments)


def _runner_words(runner: Mapping[str, Any]) -> list[tuple[str, str]]:
    mass = finite(runner.get("mass"))
    source = str(runner.get("mass_source") or "").replace("_", " ")
    words = "not given" if mass is None else with_unit(number(mass, 1), "kg") + (f", from {source}" if source else "")
    height = finite(runner.get("height"))
    return [
        ("Mass", words),
        ("Height", "not given" if height is None else with_unit(number(height, 2), "m")),
        ("Sex", str(runner.get("sex") or "not given: mean of the tables for women and men")),
    ]


def _speed_words(summary: Mapping[str, Any]) -> str:
    entry = (summary.get("metrics") or {}).get("speed")
    if entry and finite(entry.get("value")) is not None:
        shown = show("speed", entry)
        return f"{shown.full} ({shown.interval})"
    speed = finite((summary.get("recording") or {}).get("speed"))
    return "not known" if speed is None else with_unit(number(speed, 2), "m/s")


def _versions(summary: Mapping[str, Any]) -> str:
    libraries = summary.get("versions") or {}
    return ", ".join(
        [f"Headway {summary.get('headway', 'unknown')}", *(f"{name} {number}" for name, number in libraries.items())]
    )


def provenance(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Build the list of where the numbers come from.

    Parameters
    ----------
    summary
        The summary of an analysis; absent parts are said to be absent.
    """
    recording, events = summary.get("recording") or {}, summary.get("events") or {}
    rate, duration = finite(recording.get("rate")), finite(recording.get("duration"))
    axes = [f"{word} is {recording[word]}" for word in ("forward", "up") if recording.get(word)]
    threshold = finite(events.get("threshold"))
    event_words = str(events.get("source") or "not known")
    if threshold is not None:
        event_words += f", threshold {with_unit(number(threshold, 0), 'N')}"
    if rest := _rest(events, ("source", "threshold")):
        event_words += f", {rest}"
    rows = [
        ("File", str(recording.get("source") or "not known")),
        (
            "Kind and view",
            ", ".join(str(recording[key]) for key in ("kind", "view") if recording.get(key)) or "not known",
        ),
        ("Axes of the file", ", ".join(axes) or "not known"),
        (
            "Rate and length",
            ", ".join(text for text in (_with(rate, 1, "Hz"), _with(duration, 2, "s")) if text) or "not known",
        ),
        ("Speed", _speed_words(summary)),
        ("Steps", step_words(summary)),
        *_runner_words(summary.get("runner") or {}),
        ("Events", event_words),
        *_force_words(summary.get("force") or {}),
    ]
    if rest := _rest(recording, _TOLD):
        rows.append(("Further", rest))
    if filters := summary.get("filters"):
        rows.append(("Low-pass filters", _filter_words(filters)))
    return [
        *rows,
        ("Versions", _versions(summary)),
        ("Schema of summary.json", str(summary.get("schema", "not known"))),
    ]


def _force_words(force: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where the ground force comes from."""
    words = {"measured": "force plates", "estimated": f"estimated from motion ({force.get('method')})", "none": "none"}
    return [("Ground force", words[force["status"]])] if force.get("status") in words else []


def _rest(given: Mapping[str, Any], told: Collection[str]) -> str:
    """Whatever else the summary holds, so that nothing is left unsaid."""
    return _mapping_words({key: value for key, value in given.items() if key not in told and value is not None})


def _filter_words(filters: Any) -> str:
    if not isinstance(filters, Mapping):
        return _mapping_words(filters)
    known = {str(key).removesuffix("_cutoff").replace("_", " "): finite(value) for key, value in filters.items()}
    return ", ".join(f"{name} {'none' if value is None else _with(value, 0, 'Hz')}" for name, value in known.items())


def _with(value: float | None, decimals: int, unit: str) -> str:
    return "" if value is None else with_unit(number(value, decimals), unit)


def processing(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every processing step as (name, arguments) in order, empty when the summary holds no log."""
    steps = []
    for step in summary.get("processing") or ():
        if isinstance(step, Mapping):
            rest = step.get("arguments", {key: value for key, value in step.items() if key != "name"})
            steps.append((str(step.get("name", "step")).replace("_", " "), _mapping_words(rest)))
        else:
            steps.append((str(step), ""))
    return steps
