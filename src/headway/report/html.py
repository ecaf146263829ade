"""One offline HTML file: words, moving pictures, numbers with their intervals, and what could not be measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import xarray as xr

from headway.metrics.registry import REGISTRY
from headway.metrics.sanity import set_aside, sound
from headway.report import ladder, norms, overfoot, provenance, quantities, scene, sensors, sentences, table
from headway.report.answer import answer
from headway.report.curves import SIDES, Chart, Missing, missing_points
from headway.report.film import MOST_BYTES, FilmLayer, NoFilm, ShownFilm, film_section
from headway.report.film_drawn import DrawnFilm
from headway.report.film_sync import Timeline
from headway.report.laboratory_pictures import laboratory_pictures
from headway.report.marker_table import marker_rows
from headway.report.page import embedded, page, scripts
from headway.report.push import push_picture
from headway.report.record_next import record_next
from headway.report.shaped import Analysed
from headway.results import StepCount, value_of
from headway.texts import TEXTS

_WORN_SCRIPT = "sensors.js"


@dataclass(frozen=True)
class Pictures:
    """What the template needs for the pictures, or why they cannot be drawn; ``absent``: body points that each lacks."""

    timeline: Timeline
    figure: scene.StickFigure | Missing
    over_foot: overfoot.FootMap | Missing
    ladder: list[ladder.Rung] | Missing
    ladder_gap: tuple[list[str], Missing] | None
    way_up: str
    points: list[quantities.Quantity] | Missing
    line: list[quantities.Quantity] | Missing
    absent: dict[str, list[tuple[str, Missing]]]

    @property
    def gaps(self) -> bool:
        """Whether the figure spans joints that were not marked."""
        return not isinstance(self.figure, Missing) and any(part == "gap" for _, _, part in self.figure.bones)

    @property
    def moving(self) -> bool:
        """Whether there are instants to choose from."""
        return bool(self.timeline.time)

    def charts(self) -> dict[str, Chart]:
        """All plots over stance, by their key."""
        rows = [rows for rows in (self.ladder, self.points, self.line) if not isinstance(rows, Missing)]
        return {chart.key: chart for one in rows for row in one for chart in row.charts.values()}


class PageData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the scripts of the page draw and move."""

    timeline: Timeline
    figure: scene.StickFigure | None
    map: overfoot.FootMap | None
    charts: dict[str, Chart]
    films: list[DrawnFilm]
    sensors: sensors.RunData | None = None
    words: dict[str, str]


def _pictures(analysis: Analysed) -> Pictures:
    """Lay out all pictures but the films and those of a run by sensors."""
    waveforms, summary = analysis.waveforms, analysis.summary
    entries = summary.metrics
    speed = value_of(entries.get("speed")) or summary.recording.speed
    drawn = scene.figure(waveforms, speed, summary.runner.mass, ladder.measured_levels(entries))
    figure, timeline = (drawn, scene.stance_timeline(waveforms, entries)) if isinstance(drawn, Missing) else drawn
    over_foot = overfoot.over_foot(waveforms, analysis.steps, entries)
    mapped = [] if isinstance(over_foot, Missing) else [point for foot in over_foot.feet.values() for point in foot]
    rungs = ladder.ladder(waveforms, entries)
    points, line = quantities.body_points(waveforms, entries), quantities.force_line(waveforms, entries)
    return Pictures(
        timeline=timeline,
        figure=figure,
        over_foot=over_foot,
        ladder=rungs,
        ladder_gap=ladder.ladder_gap(rungs, entries),
        way_up=ladder.way_up(waveforms, entries),
        points=points,
        line=line,
        absent={
            "map": missing_points(mapped, ("head", "neck_base")) if mapped else [],
            "points": quantities.absent_points(points),
            "line": quantities.absent_points(line),
        },
    )


def _counts(waveforms: xr.Dataset, steps: StepCount) -> dict[str, int]:
    """Count the steps behind the curves of each foot."""
    counts = {"left": steps.left, "right": steps.right}
    if "n_steps" in waveforms.variables and "side" in waveforms["n_steps"].dims:
        present = waveforms["side"].to_numpy().tolist()
        counts |= {side: int(waveforms["n_steps"].sel(side=side)) for side in SIDES if side in present}
    return counts


def _films(film: FilmLayer | Sequence[FilmLayer] | None, timeline: Timeline) -> list[ShownFilm | NoFilm]:
    """Make every film small, those that can be shown first; together they take no more than one would alone."""
    layers = [film] if isinstance(film, FilmLayer) else list(film or ())
    made = (film_section(layer, timeline, MOST_BYTES // len(layers)) for layer in layers)
    return sorted((one for one in made if one is not None), key=lambda one: isinstance(one, NoFilm))


def render(analysis: Analysed, film: FilmLayer | Sequence[FilmLayer] | None = None) -> str:
    """Return the report as the text of one HTML page, in the language of :func:`headway.texts.spoken`.

    Parameters
    ----------
    analysis
        Summary, steps and waveforms; parts that were not measured may be absent.
    film
        Film or films the analysis was made from, to be shown in it; ``None`` leaves them out.
    """
    summary, shown = analysis.summary, _pictures(analysis)
    films = _films(film, shown.timeline)
    run = None if summary.run is None else sensors.pictures(summary.run, summary, analysis.waveforms)
    known = REGISTRY if run is None else sensors.registry(REGISTRY)
    found, among = table.rows(summary.metrics, known), norms.standing(summary, known)
    push = push_picture(summary, analysis.waveforms)
    laboratory = laboratory_pictures(analysis.curves, analysis.steps)
    styles = [
        "report.css",
        *(["sensors.css"] if run else []),
        *(["norms.css"] if among else []),
        *(["push.css"] if push else []),
        *(["laboratory.css"] if laboratory else []),
    ]
    data = PageData(
        timeline=shown.timeline,
        figure=None if isinstance(shown.figure, Missing) else shown.figure,
        map=None if isinstance(shown.over_foot, Missing) else shown.over_foot,
        charts=shown.charts(),
        films=[one.data for one in films if isinstance(one, ShownFilm)],
        sensors=None if run is None else run.drawn,
        words=TEXTS.sections(("script",))["script"],
    )
    return page(
        "template.html.j2",
        styles,
        scripts([_WORN_SCRIPT] if run else []),
        film=bool(data.films),
        name=provenance.source_name(summary.recording.source),
        t=TEXTS,
        glance=provenance.at_a_glance(summary),
        answer=(said := answer(told := sound(summary))),
        set_aside=len(set_aside(summary) & summary.metrics.keys()),
        next=record_next(summary, said),
        sentences=sentences.sentences(told),
        flags=provenance.flags(summary.quality),
        markers=marker_rows(summary.markers),
        families=table.families(found),
        remedies=table.remedies(found, summary.metrics),
        provenance=provenance.provenance(summary),
        processing=provenance.processing(summary),
        counts=_counts(analysis.waveforms, summary.steps),
        force=summary.force.status,
        single=summary.steps.count == 1,
        sides=SIDES,
        pictures=shown,
        films=films,
        run=run,
        data=embedded(data),
        norms=among,
        push=push,
        laboratory=laboratory,
    )
