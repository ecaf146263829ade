"""The long work on a recording, as a worker process does it: the analysis with its report, and what the library keeps of it."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from headway.app.glance import GlanceKept, glance
from headway.options import Options, from_mapping
from headway.texts import ENGLISH
from headway.workers import Tell

if TYPE_CHECKING:
    from headway.analysis.analysis import Analysis
    from headway.recording import FloatArray
    from headway.report.film import FilmLayer
    from headway.report.film_drawn import DrawnFilm

SEEN, TRACKED, SMOOTHED = 0.7, 0.1, 0.3
"""Share of the points of a picture that tells where the runner is; s between two places of the track, and over which they are smoothed."""
LAST = 0.05
"""Share of the progress that is left for the report."""


class AnalyseRequest(msgspec.Struct, frozen=True):
    """What to analyse.

    Attributes
    ----------
    recording
        Its number.
    files
        Paths of the run.
    said
        Options as they were written: height, mass and sex of the runner among them.
    standing
        Path of a standing trial.
    cache, draft
        Folders for what was found in the pictures, and for the analysis until it is whole.
    language
        Of the report's first screen.
    """

    recording: int
    files: list[str]
    said: dict[str, str]
    standing: str | None
    cache: str
    draft: str
    language: str = ENGLISH


class MeasureFound(msgspec.Struct, frozen=True):
    """One number, in the unit of the files; ``long`` keeps metres when it is shown."""

    metric: str
    unit: str
    value: float
    low: float | None
    high: float | None
    long: bool
    estimated: bool


class AnalysisFound(msgspec.Struct, frozen=True):
    """What the library keeps of an analysis; its folder waits at ``draft``."""

    recording: int
    draft: str
    view: str
    headway: str
    glance: GlanceKept
    measures: list[MeasureFound]


class FilmBeside(msgspec.Struct, frozen=True):
    """What a film needs to be shown in step with another.

    Attributes
    ----------
    file, view
        Its name, and from where it was taken.
    size
        px.
    contacts
        Landings: side, and s on the clock of the small film.
    track
        Where the runner is: s, middle across, lowest point and stature in px, smoothed.
    """

    file: str
    view: str
    size: tuple[int, int]
    contacts: list[tuple[str, float]]
    track: list[tuple[float, float, float, float]]


def analyse(request: AnalyseRequest, tell: Tell) -> AnalysisFound:
    """Analyse into the draft folder."""
    from headway.door import measured
    from headway.report.film_layers import film_layers

    options = options_of(request)
    counted = 0

    @contextmanager
    def progress(_: str) -> Iterator[object]:
        nonlocal counted
        place, counted = counted, counted + 1
        yield lambda done, expected: tell((_overall(place, done, expected, films), 1000))

    films = len(request.files)
    paths = request.files if len(request.files) > 1 else request.files[0]
    found = measured(paths, options, progress=progress)  # pyright: ignore[reportArgumentType]
    tell((round(1000 * (1 - LAST)), 1000))
    layers = film_layers(found, options)
    draft = Path(request.draft)
    shutil.rmtree(draft, ignore_errors=True)
    found.save(draft, film=layers, language=request.language)
    keep_films(draft, layers)
    return AnalysisFound(
        recording=request.recording,
        draft=str(draft),
        view=found.summary.recording.view,
        headway=found.summary.headway,
        glance=glance(found),
        measures=measures(found),
    )


def options_of(request: AnalyseRequest) -> Options:
    """What was said, with where the worker may keep things; an option that is of no use for these files is left out."""
    from headway.sources.format import look
    from headway.sources.registry import format_of

    takes = {name for path in request.files for name in format_of(look(path)).takes}
    said = from_mapping({name: text for name, text in request.said.items() if name in takes})
    standing = None if request.standing is None else Path(request.standing)
    return replace(said, cache=Path(request.cache) if "cache" in takes else None, standing=standing)


def _overall(place: int, done: int, expected: int, films: int) -> int:
    share = (place + min(done / max(expected, 1), 1.0)) / max(films, 1)
    return round(1000 * (1 - LAST) * share)


def measures(found: Analysis) -> list[MeasureFound]:
    """All numbers of an analysis."""
    from headway.metrics.registry import REGISTRY
    from headway.results import Estimated, Value

    out = []
    for name, entry in found.summary.metrics.items():
        if isinstance(entry, Value):
            low, high = entry.ci95 or (None, None)
            long = name in REGISTRY and REGISTRY[name].in_metres
            out.append(MeasureFound(name, entry.unit, entry.value, low, high, long, isinstance(entry, Estimated)))
    return out


def keep_films(folder: Path, layers: Sequence[FilmLayer]) -> None:
    """Keep the small films of the report as files too, with what is needed to show two of them in step."""
    from headway.report.film import MOST_BYTES, ShownFilm, film_section

    for number, layer in enumerate(layers, 1):
        shown = film_section(layer, None, MOST_BYTES // len(layers))
        if not isinstance(shown, ShownFilm):
            continue
        name = f"film-{number}.mp4"
        (folder / name).write_bytes(base64.b64decode(shown.file))
        (folder / f"film-{number}.json").write_bytes(msgspec.json.encode(_beside(name, layer, shown.data)))


def _beside(name: str, layer: FilmLayer, data: DrawnFilm) -> FilmBeside:
    import numpy as np

    clock = np.array([np.nan if at is None else at for at in data.time], float)
    points = np.array([[np.nan if value is None else value for value in row] for row in data.points], float)
    across, down = np.moveaxis(points.reshape(len(points), -1, 2), 2, 0)
    seen = np.flatnonzero(np.isfinite(down).mean(axis=1) > SEEN)
    start = float(clock[0])
    track = []
    if len(seen) > 1:
        lowest, highest = np.nanmax(down[seen], axis=1), np.nanmin(down[seen], axis=1)
        when = np.arange(float(clock[seen[0]]), float(clock[seen[-1]]), TRACKED)
        rows = [_smooth(clock[seen], one, when) for one in (np.nanmean(across[seen], axis=1), lowest, lowest - highest)]
        track = [tuple(round(float(value), 2) for value in row) for row in zip(when - start, *rows, strict=True)]
    return FilmBeside(
        file=name,
        view=layer.view,
        size=data.size,
        contacts=[(side, round(landing - start, 4)) for side, landing, _ in data.stances if landing >= start],
        track=track,  # pyright: ignore[reportArgumentType]
    )


def _smooth(time: FloatArray, values: FloatArray, when: FloatArray) -> FloatArray:
    """Mean over about a stride around each moment: a runner who bobs stands still in the picture."""
    import numpy as np

    weight = np.exp(-0.5 * ((when[:, None] - time) / SMOOTHED) ** 2)
    return (weight @ values) / weight.sum(axis=1)
