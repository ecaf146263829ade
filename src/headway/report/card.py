"""A small picture to pass on, 1200 x 630: the answer, its signs, and the runner; one SVG file that needs nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import Markup

from headway.metrics.sanity import sound
from headway.report.answer import Answer, answer
from headway.report.chart import Drawing
from headway.report.curves import Missing, finite_pairs
from headway.report.film import MOST_BYTES, FilmLayer, ShownFilm, film_section
from headway.report.provenance import at_a_glance
from headway.report.scene import StickFigure, figure
from headway.report.shaped import Analysed
from headway.texts import TEXTS

WIDE, HIGH = 1200, 630
LETTERS, ROWS = 34, 6
"""Letters in a line of the answer, and the most lines."""
PUSH_OFF = 70.0
"""% of stance at which the runner is drawn."""
PICTURE = (760.0, 40.0, 400.0, 550.0)
"""Left, top, width and height of the picture."""
STYLE = (
    "text{font-family:system-ui,'Segoe UI',Roboto,Arial,sans-serif;fill:#1c2127}.paper{fill:#faf9f6}.frame{fill:#000}"
    ".small{font-size:20px;fill:#59626d}.said{font-size:34px;font-weight:600}.sign{font-size:18px}.brand{font-size:24px;font-weight:700}"
    "path,polyline{fill:none;stroke-linecap:round;stroke-linejoin:round}.limb{stroke-width:7;stroke:#1c2127}"
    ".left{stroke:#0a69ad}.right{stroke:#ad4700}.skull{fill:#1c2127}.ground{stroke:#dcdfe2;stroke-width:3}"
    ".film path{stroke-width:3;stroke:#f4f4f2}.film .left{stroke:#4fb3ff}.film .right{stroke:#ff9a3d}"
    ".film .upright{stroke:#fff;stroke-dasharray:8 6}.film .skullmark{stroke:#ffe66b;stroke-width:11}"
)


def card(analysis: Analysed, film: Sequence[FilmLayer] = ()) -> str:
    """Return the card as the text of an SVG file.

    Parameters
    ----------
    analysis
        As for the report.
    film
        Films it was made from; the first gives the picture.
    """
    said = answer(sound(analysis.summary))
    drawing = Drawing(WIDE, HIGH, TEXTS("first.question"), said.text, 'xmlns="http://www.w3.org/2000/svg"')
    drawing.parts.append(f"<style>{STYLE}</style>")
    drawing.box("paper", 0, 0, WIDE, HIGH)
    drawing.text(48, 66, "Headway", style="brand")
    drawing.text(196, 66, TEXTS("first.question"), style="small")
    _words(drawing, said)
    facts = " · ".join(value for _, value in at_a_glance(analysis.summary)[1:4])
    drawing.text(48, HIGH - 62, facts, style="small")
    drawing.text(48, HIGH - 32, TEXTS("answer.grade"), style="small")
    drawing.parts.append(_still(film) or _runner(analysis))
    return drawing.svg()


def pixels(drawn: str) -> bytes | None:
    """The card as PNG, which is what sharing sites take; ``None`` where resvg (of the extra ``app``) is not installed."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        return None
    return bytes(svg_to_bytes(svg_string=drawn))


def _words(drawing: Drawing, said: Answer) -> None:
    """The answer in lines, and below it the signs that bear on the question."""
    lines = textwrap.wrap(said.text, LETTERS, max_lines=ROWS, placeholder=" …")
    for i, line in enumerate(lines):
        drawing.text(48, 124 + 42 * i, line, style="said")
    top = 124 + 42 * len(lines) + 14
    direct = [row for row in said.battery if row.direct]
    for i, row in enumerate(direct):
        drawing.text(48, top + 29 * i, row.mark, style="sign")
        drawing.text(80, top + 29 * i, row.question, style="sign")
        drawing.text(730, top + 29 * i, row.word, "end", "sign")


def _still(film: Sequence[FilmLayer]) -> Markup:
    """Midstance in the first film, with its lines; empty where there is none."""
    made = film_section(film[0], None, MOST_BYTES // len(film)) if film else None
    if not isinstance(made, ShownFilm) or len(made.stills) < 2:
        return Markup("")
    left, top, wide, high = PICTURE
    place = f'class="film" x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}"'
    return made.stills[1].svg(place)


def _runner(analysis: Analysed) -> Markup:
    """The runner in push-off from the side, as lines; empty where no body can be drawn."""
    drawn = figure(analysis.waveforms, analysis.summary.recording.speed, analysis.summary.runner.mass, ())
    if isinstance(drawn, Missing):
        return Markup("")
    scene, timeline = drawn
    shares = [max((own[i] or 0.0 for own in timeline.percent.values()), default=0.0) for i in range(len(timeline.time))]
    row = scene.points[min(range(len(shares)), key=lambda i: abs(shares[i] - PUSH_OFF))]
    return Markup("") if row is None or scene.bounds[0] is None else _figure(scene, row)


def _figure(scene: StickFigure, row: Sequence[float | None]) -> Markup:
    left, top, wide, high = PICTURE
    places = finite_pairs([value for k in range(0, len(row), 3) for value in row[k : k + 2]])
    known = [place for place in places if place is not None]
    tallest = max(up for _, up in known) + 120 - scene.ground
    scale = min(high / tallest, wide / (max(x for x, _ in known) - min(x for x, _ in known) + 200))
    middle = (max(x for x, _ in known) + min(x for x, _ in known)) / 2

    def at(place: tuple[float, float]) -> tuple[float, float]:
        return left + wide / 2 + (place[0] - middle) * scale, top + high - (place[1] - scene.ground) * scale

    lines = []
    for a, b, part in scene.bones:
        start, end = places[a], places[b]
        if start is not None and end is not None:
            (x0, y0), (x1, y1) = at(start), at(end)
            lines.append(f'<path class="limb {part}" d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>')
    head = places[scene.head] if scene.head is not None else None
    if head is not None:
        x, y = at(head)
        lines.append(f'<circle class="skull" cx="{x:.1f}" cy="{y:.1f}" r="{95 * scale:.1f}"/>')
    lines.append(f'<path class="ground" d="M{left:g} {top + high:g}H{left + wide:g}"/>')
    return Markup("".join(lines))
