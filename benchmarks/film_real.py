"""Real films whose contacts were read by eye: what Headway says, its interval, and what the eye read.

``python benchmarks/film_real.py DATA [NAME ...]`` analyses every film and part that ``DATA/films/truth.toml`` and ``eye_readings.toml`` beside this
file hold, or those of films with a NAME in theirs, and prints a row for each value.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.analysis import Analysis, analyze
from headway.errors import HeadwayError
from headway.gait.runner import Runner
from headway.options import Options
from headway.results import NotMeasurable

READ = ("cadence", "contact_time", "flight_time", "speed")
SHOWN = ("contact_time_asymmetry", "speed", "trunk_lean", "knee_flexion_at_contact", "overstride")


OWN = Path(__file__).with_name("eye_readings.toml")


@dataclass(frozen=True)
class Reading:
    """What an eye read of one stretch of a film."""

    film: Path
    part: str
    options: Options
    ranges: dict[str, tuple[float, float]]
    events: tuple[tuple[float, str], ...]
    start: float
    rate: float
    sure: float


def readings(table: Path, folder: Path) -> Iterator[Reading]:
    """Every stretch of a table whose films lie in a folder."""
    for film in tomllib.loads(table.read_text())["film"]:
        factor = film.get("slow_motion")
        for part in film.get("part", [film]):
            options = Options(start=part.get("start"), stop=part.get("stop"), slow_motion=factor)
            ranges = {name: tuple(np.ravel(part[name])) for name in READ if name in part}
            ranges = {name: (float(each[0]), float(each[-1])) for name, each in ranges.items()}
            for side in ("left", "right"):
                if f"contact_time_{side}" in part:
                    ranges[f"contact_time {side}"] = (part[f"contact_time_{side}"],) * 2
            name = f"{part['start']:g}-{part['stop']:g} s" if "start" in part else "whole"
            events = tuple((at, side) for at, side in part.get("initial_contact", []))
            rate = film.get("rate", 30.0) * (factor or 1.0)
            sure = part.get("error", film.get("error", 1.0))
            yield Reading(folder / film["file"], name, options, ranges, events, part.get("start", 0.0), rate, sure)


def rows(reading: Reading, analysis: Analysis) -> Iterator[str]:
    """One row per value."""
    metrics = analysis.summary.metrics
    for name in (*reading.ranges, *SHOWN):
        metric, _, side = name.partition(" ")
        entry, read = metrics[metric], reading.ranges.get(name)
        told = "" if read is None else f"eye {read[0]:g}-{read[1]:g}" if read[0] != read[1] else f"eye {read[0]:g}"
        if isinstance(entry, NotMeasurable):
            yield f"  {name:26s} not measurable: {entry.why[:80]}  {told}"
            continue
        value = getattr(entry, side) if side else entry.value
        low, high = entry.ci95 or (np.nan, np.nan)
        holds = "" if read is None or side else "held" if low <= read[1] and high >= read[0] else "OUTSIDE"
        yield f"  {name:26s} {value if value is None else round(value, 3)} ({low:.3f} to {high:.3f}) {entry.unit} {told} {holds}"
    if reading.events:
        found = list(zip(analysis.steps["initial_contact"], analysis.steps["side"], strict=True))
        off = []
        for at, side in reading.events:
            when = at / reading.rate
            near = min(found, key=lambda one: min(abs(one[0] - when), abs(one[0] - reading.start - when)))
            miss = min(near[0] - when, near[0] - reading.start - when, key=abs)
            off.append(f"{miss * reading.rate:+.1f}{'' if side in ('', near[1]) else ' (other side)'}")
        yield f"  contacts off by (pictures; the eye is sure to {reading.sure}): {', '.join(off)}"


def main(data: Path, names: list[str]) -> None:
    """Print the table."""
    for reading in (*readings(data / "films" / "truth.toml", data / "films"), *readings(OWN, data)):
        if names and not any(name in reading.film.name for name in names):
            continue
        sys.stdout.write(f"{reading.film.name} {reading.part}\n")
        try:
            analysis = analyze(reading.film, Runner(height=1.75), reading.options)
        except HeadwayError as error:
            sys.stdout.write(f"  refused: {error}\n")
            continue
        sys.stdout.write("\n".join(rows(reading, analysis)) + "\n")
        warnings = {flag.code: flag.message for flag in analysis.summary.quality if flag.level == "warning"}
        sys.stdout.write("".join(f"  ! {code}: {text[:110]}\n" for code, text in warnings.items()))
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
