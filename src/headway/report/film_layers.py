"""From an analysis of films to the layers that its report shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from headway.analysis.analysis import Analysis
from headway.options import Options
from headway.report.film import FilmLayer


def film_layers(analysis: Analysis, options: Options, *, blur_face: bool = False) -> tuple[FilmLayer, ...]:
    """One layer per film behind an analysis; key points that came without their film give none.

    Parameters
    ----------
    analysis
        Of one film, or merged from two.
    options
        As the films were read; slow motion that was found only from the run itself is undone in the pictures too.
    blur_face
        Make the runner unrecognisable.
    """
    recordings = {one.source: one for one in analysis.summary.recordings or [analysis.summary.recording]}
    layers = []
    for points in analysis.films:
        if points.film is None:
            continue
        name = Path(points.source).name
        steps = analysis.steps
        own = steps[steps["film"] == name] if "film" in steps else steps
        stances = tuple(zip(own["side"], own["initial_contact"], own["toe_off"], strict=True))
        view, camera = (recordings[name].view, recordings[name].camera) if name in recordings else ("", None)
        roll = 0.0 if camera is None else camera.roll
        played = options if points.slow_motion == 1.0 else replace(options, slow_motion=points.slow_motion)
        layers.append(FilmLayer(Path(points.film), played, points, stances, view, blur_face, roll))
    return tuple(layers)
