"""One offline HTML file: words, moving pictures, numbers with their intervals, and what could not be measured."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import pandas as pd
import xarray as xr
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from headway.metrics.registry import REGISTRY
from headway.report import ladder, norms, overfoot, provenance, quantities, scene, sensors, sentences, table
from headway.report.curves import SIDES, Missing, missing_points
from headway.report.film import MOST_BYTES, FilmLayer, film_section
from headway.report.marker_table import marker_rows
from headway.report.numbers import finite

_SCRIPTS = ("cursor.js", "chart.js", "figure.js", "map.js", "film.js", "page.js")
_WORN_SCRIPT = "sensors.js"


class Analysed(Protocol):
    """What a report is made from: an analysis, or anything shaped like one."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """The contents of ``summary.json``."""
        ...

    @property
    def steps(self) -> pd.DataFrame:
        """One row per step; SI."""
        ...

    @property
    def waveforms(self) -> xr.Dataset:
        """Means and spreads over stance, and the figure; SI."""
        ...


@cache
def _asset(name: str) -> str:
    return (files("headway.report") / "assets" / name).read_text(encoding="utf-8")


def _script(further: Sequence[str] = ()) -> str:
    """Return all scripts as one, in a scope of their own."""
    return "\n".join(['(() => {\n"use strict";', *(_asset(name) for name in (*_SCRIPTS, *further)), "})();"])


def _policy(script: str, film: bool = False) -> str:
    """Forbid every load and every script but our own, should a name from a file ever get through the escaping."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    ours = f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    ours += "; media-src blob:" if film else ""
    return f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"


def _embedded(data: Mapping[str, Any]) -> Markup:
    """Write data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _pictures(analysis: Analysed) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the template needs for the pictures, and the data that moves them."""
    waveforms, entries = analysis.waveforms, analysis.summary.get("metrics") or {}
    recording = analysis.summary.get("recording") or {}
    speed = finite((entries.get("speed") or {}).get("value")) or finite(recording.get("speed"))
    mass = finite((analysis.summary.get("runner") or {}).get("mass"))
    drawn = scene.figure(waveforms, speed, mass, ladder.measured_levels(entries))
    figure, timeline = (None, scene.stance_timeline(waveforms, entries)) if isinstance(drawn, Missing) else drawn
    over_foot = overfoot.over_foot(waveforms, analysis.steps, entries)
    words = [] if isinstance(over_foot, Missing) else [point for foot in over_foot["feet"].values() for point in foot]
    rungs = ladder.ladder(waveforms, entries)
    points, line = quantities.body_points(waveforms, entries), quantities.force_line(waveforms, entries)
    charts = [] if isinstance(rungs, Missing) else [chart for rung in rungs for chart in rung.charts.values()]
    for rows in (points, line):
        charts += [] if isinstance(rows, Missing) else [chart for row in rows for chart in row.charts.values()]
    shown = {
        "figure": drawn if isinstance(drawn, Missing) else figure,
        "over_foot": over_foot,
        "ladder": rungs,
        "ladder_gap": ladder.ladder_gap(rungs, entries),
        "points": points,
        "line": line,
        "absent": {
            "map": missing_points(words, ("head", "neck_base")) if words else [],
            "points": quantities.absent_points(points),
            "line": quantities.absent_points(line),
        },
        "gaps": figure is not None and any(part == "gap" for _, _, part in figure["bones"]),
        "moving": bool(timeline["time"]),
    }
    data = {
        "timeline": timeline,
        "figure": figure,
        "map": None if isinstance(over_foot, Missing) else over_foot,
        "charts": {chart.key: chart.data() for chart in charts},
    }
    return shown, data


def _counts(waveforms: xr.Dataset, summary: Mapping[str, Any]) -> dict[str, int]:
    """Count the steps behind the curves of each foot."""
    steps = summary.get("steps") or {}
    counts = {side: int(finite(steps.get(side)) or 0) for side in SIDES}
    if "n_steps" in waveforms.variables and "side" in waveforms["n_steps"].dims:
        present = waveforms["side"].to_numpy().tolist()
        counts |= {side: int(waveforms["n_steps"].sel(side=side)) for side in SIDES if side in present}
    return counts


def _films(film: FilmLayer | Sequence[FilmLayer] | None, timeline: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make every film small; together they take no more than one would alone."""
    layers = [film] if isinstance(film, FilmLayer) else list(film or ())
    made = (film_section(layer, timeline, MOST_BYTES // len(layers)) for layer in layers)
    return sorted((one for one in made if one is not None), key=lambda one: one["missing"] is not None)


def render(analysis: Analysed, film: FilmLayer | Sequence[FilmLayer] | None = None) -> str:
    """Return the report as the text of one HTML page.

    Parameters
    ----------
    analysis
        Summary, steps and waveforms; parts that were not measured may be absent.
    film
        Film or films the analysis was made from, to be shown in it; ``None`` leaves them out.
    """
    summary = analysis.summary
    entries: Mapping[str, Mapping[str, Any]] = summary.get("metrics") or {}
    shown, data = _pictures(analysis)
    films = _films(film, data["timeline"])
    data["films"] = [one["data"] for one in films if one["missing"] is None]
    run, known, style = None, REGISTRY, _asset("report.css")
    if worn := sensors.is_sensor(summary):
        run, data["sensors"] = sensors.pictures(summary, analysis.waveforms)
        known, style = sensors.registry(REGISTRY), style + _asset("sensors.css")
    found, among = table.rows(entries, known), norms.standing(summary, known)
    script = _script([_WORN_SCRIPT] if worn else [])
    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.tests["missing"] = lambda thing: isinstance(thing, Missing)
    return environment.get_template("template.html.j2").render(
        name=provenance.source_name(summary),
        glance=provenance.at_a_glance(summary),
        sentences=sentences.sentences(entries),
        flags=provenance.flags(summary),
        markers=marker_rows(summary),
        families=table.families(found),
        remedies=table.remedies(found, entries),
        provenance=provenance.provenance(summary),
        processing=provenance.processing(summary),
        counts=_counts(analysis.waveforms, summary),
        has_force=(summary.get("force") or {}).get("status") != "none",
        estimated_force=(summary.get("force") or {}).get("status") == "estimated",
        single=(summary.get("steps") or {}).get("count") == 1,
        sides=SIDES,
        pictures=shown,
        films=films,
        run=run,
        data=_embedded(data),
        norms=among,
        style=Markup(style if among is None else style + _asset("norms.css")),
        script=Markup(script),
        policy=_policy(f"\n{script}\n", film=bool(data["films"])),
    )
