"""What the command line prints: short tables for people."""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.table import Table

from headway import __version__
from headway.errors import OptionError
from headway.texts import TEXTS

if TYPE_CHECKING:
    from headway.analysis import Analysis
    from headway.demo import Demo
    from headway.results import Summary

SHOWN = (
    "speed", "cadence", "contact_time", "peak_vertical_grf", "head_vertical_gain", "head_pelvis_vertical_gain",
    "head_forward_gain", "neck_base_vertical_gain", "neck_base_forward_gain", "head_lag_vertical", "neck_force_peak",
    "grf_line_crossing_time", "lateral_bounce_amplitude", "lateral_bounce_phase",
    "neck_base_lateral_bounce_amplitude", "neck_base_lateral_bounce_phase", "neck_over_foot_error", "step_width",
    "weight_shift_ratio", "ladder_closure", "pelvis_lateral_bounce_amplitude", "head_acceleration_peak",
    "shock_attenuation_3_8", "shock_attenuation_9_20",
)  # fmt: skip
"""Metrics printed after an analysis; the report holds all."""
FILM_GUIDE = """\
1. Put the phone on something that stands still: a tripod, a wall, a bag. Never carry it, never pan.
2. From behind (or in front) for the sideways story: head over each foot, weight shift. From the side for the rest. Both: a full report.
3. Camera at hip height, upright picture edges, the runner in the middle third, lens not wide-angle (1x, or 2x from farther away).
4. From the side: 6-10 m away, square to the path. From behind: on the line of running, so that the runner goes straight away from you.
5. The whole body with the feet must be in the picture all the time, as large as fits: at least a third of its height.
6. 60 frames/s or more; 120 or 240 (slow motion) for contact times. Give --slow-motion 8 if a file plays eight times too slowly.
7. At least 20 steps (10 s on a treadmill); 60 steps or more make small differences visible.
8. Good light, a plain background, tight clothes in a colour that differs from it; ears and feet uncovered.
9. One runner alone in the picture; otherwise choose with --person.
10. Give --height: every distance in metres comes from it.
"""
PACKAGES = (
    "numpy",
    "scipy",
    "xarray",
    "pandas",
    "pyarrow",
    "ezc3d",
    "msgspec",
    "cyclopts",
    "rich",
    "jinja2",
    "av",
    "mediapipe",
    "onnxruntime",
)


def _console() -> Console:
    """Console that is wide enough for the tables where nobody looks at a terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=120)


def show_analysis(result: Analysis, folder: Path, *, every: bool = False) -> None:
    """Print what was analysed, what it says in five sentences and where the page is; with ``every`` the main numbers before them."""
    from headway.results import NotMeasurable

    console, summary = _console(), result.summary
    steps, runner, recording = summary.steps, summary.runner, summary.recording
    mass = "unknown" if runner.mass is None else f"{runner.mass:.1f} kg ({runner.mass_source})"
    facts = [TEXTS("first.step_count", n=steps.count, left=steps.left, right=steps.right)]
    if summary.sensors is not None:
        facts += [f"{one.where.replace('_', ' ')} sensor {one.rate:.0f} Hz" for one in summary.sensors]
    else:
        facts += [f"runner's mass {mass}", f"forward {recording.forward}", f"up {recording.up}"]
        facts += [] if recording.treadmill is None else ["treadmill" if recording.treadmill else "overground"]
    console.print(f"[bold]{recording.source}[/bold]  {', '.join(facts)}", highlight=False)
    if every:
        console.print(_main_numbers(summary))
    absent = sum(isinstance(entry, NotMeasurable) for entry in summary.metrics.values())
    for flag in summary.quality:
        if flag.level != "info":
            console.print(f"[yellow]{flag.level}[/yellow]: {flag.message}", highlight=False)
    if every:
        console.print(
            f"{absent} of {len(summary.metrics)} metrics cannot be measured from this recording; the report says why.",
            highlight=False,
        )
    if told := summary.norms:
        some = f"{len(told.metrics)} measures stand in the report among the {told.population.runners} runners of {told.name}"
        console.print(f"{some}, {len(told.unplaced)} could not be placed among them.", highlight=False)
    _close(console, summary, folder)


def _close(console: Console, summary: Summary, folder: Path) -> None:
    """Print the five sentences: the answer, the next step and what was found; and where the page is."""
    from headway.metrics.sanity import sound
    from headway.report.answer import answer
    from headway.report.record_next import record_next
    from headway.report.sentences import sentences

    told = sound(summary)
    said = answer(told)
    step = record_next(summary, said)
    found = [sentence.text.striptags() for sentence in sentences(told)]
    console.print(f"[bold]{said.text}[/bold] {said.rest}".rstrip(), highlight=False)
    for text in (*found, f"Next: {step.do} {step.brings}"):
        console.print(text, highlight=False)
    console.print(f"Report: {folder / 'report.html'}", highlight=False, soft_wrap=True)
    cards = [card for name in ("card.png", "card.svg") if (card := folder / name).exists()]
    if cards:
        console.print(f"{TEXTS('first.card')}: {cards[0]}", highlight=False, soft_wrap=True)


def _table(*columns: tuple[str, Literal["left", "right"]]) -> Table:
    """An empty table: headings, and to which side each column is set."""
    table = Table(box=None, pad_edge=False)
    for heading, side in columns:
        table.add_column(heading, justify=side)
    return table


def _main_numbers(summary: Summary) -> Table:
    """The metrics that matter most, with their intervals."""
    from headway.metrics import REGISTRY
    from headway.report.numbers import show
    from headway.results import Estimated, Value

    table = _table(("", "left"), ("value", "right"), ("95 % interval", "right"), ("steps", "right"), ("", "left"))
    for name in SHOWN:
        entry = summary.metrics.get(name)
        if not isinstance(entry, Value):
            continue
        text = show(name, entry)
        remark = "estimated" if isinstance(entry, Estimated) else ""
        table.add_row(REGISTRY[name].title, text.full, text.interval, str(entry.n), remark)
    return table


def show_demo(result: Demo, folder: Path, *, every: bool = False) -> None:
    """Print what the demonstration found in five sentences and where the page is; with ``every`` each metric beside its truth before them."""
    console = _console()
    console.print(f"[bold]Synthetic runner[/bold], {result.description}", highlight=False)
    if every:
        console.print(_beside_truth(result))
    console.print(f"{len(result.rows)} metrics have a known truth; --all shows them.", highlight=False)
    _close(console, result.analysis.summary, folder)


def _beside_truth(result: Demo) -> Table:
    """Every metric that has a truth beside it."""
    from headway.report.numbers import show
    from headway.results import NotMeasurable

    table = _table(("metric", "left"), ("true", "right"), ("measured", "right"), ("off by", "right"))
    for name, true, entry in result.rows:
        if isinstance(entry, NotMeasurable):
            table.add_row(name, "", "-", entry.why)
            continue
        text = show(name, entry)
        table.add_row(name, text.also(true), text.full, text.also(entry.value - true))
    return table


def show_metrics() -> None:
    """Print every metric with its unit and needs."""
    from headway.metrics import REGISTRY
    from headway.report.numbers import scale_of

    table = Table(box=None, pad_edge=False)
    for heading in ("metric", "unit", "what it is"):
        table.add_column(heading, overflow="fold")
    family = ""
    for definition in REGISTRY.values():
        if definition.family != family:
            family = definition.family
            table.add_row(f"[bold]{family}[/bold]", "", "")
        unit = scale_of(definition.unit, definition.name).unit
        table.add_row(definition.name, unit or "1", definition.title)
    _console().print(table)


def show_metric(name: str) -> None:
    """Print all that is declared of one metric.

    Raises
    ------
    OptionError
        No such metric.
    """
    from difflib import get_close_matches

    from headway.metrics import REGISTRY
    from headway.report.numbers import scale_of, written

    if name not in REGISTRY:
        near = get_close_matches(name, REGISTRY, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise OptionError("metrics", f"{name!r} is not a metric", f"{hint}headway metrics lists them")
    definition = REGISTRY[name]
    seen = None if definition.expected is None else written(name, definition.unit, None, definition.expected)
    unit = scale_of(definition.unit, name).unit if seen is None else seen.unit
    rows: tuple[tuple[str, Any], ...] = (
        (definition.title, definition.definition),
        ("unit", unit or "1"),
        ("plane", definition.plane),
        (
            "needs",
            ", ".join(definition.needs) or ("sensors on the body" if definition.family == "sensors" else "contacts"),
        ),
        ("seen in running", "" if seen is None else seen.interval),
        ("model", definition.model),
        ("for", definition.supports),
        ("against", definition.contradicts),
        ("source", definition.paper),
    )
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, text in rows:
        if text:
            table.add_row(label, str(text))
    _console().print(table)


def show_formats() -> None:
    """Print the readable files and the known marker sets."""
    from headway.body.marker_sets import SETS
    from headway.sources import formats

    console = _console()
    table = Table(box=None, show_header=False, pad_edge=False)
    for entry in formats():
        needs = f" (extra {entry.extra})" if entry.extra else ""
        table.add_row(entry.name, " ".join(entry.suffixes) or "folder", entry.description + needs)
    console.print(table)
    console.print("Marker sets: " + ", ".join(one.name for one in SETS), highlight=False)


def show_info(*, as_json: bool = False) -> None:
    """Print the versions of Headway, Python and its libraries; a library that is not there has none."""
    found: dict[str, str | None] = {"headway": __version__, "python": platform.python_version()}
    found["platform"] = platform.platform()
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    if as_json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return
    console = _console()
    for name, told in found.items():
        console.print(f"{name} {told or 'is missing'}", highlight=False)
