"""Charts as SVG: axes, lines, bands, points and words; colours and widths are those of the style sheet's classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

from headway.report.numbers import number
from headway.texts import shown

Limits = tuple[float, float]


def ticks(low: float, high: float) -> npt.NDArray[np.float64]:
    """About five round numbers between two."""
    raw = (high - low) / 5 or 1.0
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw)
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def tick_places(marks: Sequence[float] | npt.NDArray[np.float64]) -> int:
    """Decimals that tell such numbers apart."""
    if len(marks) < 2:
        return 1
    step = float(marks[1] - marks[0])
    places = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    return places if np.isclose(round(step, places), step) else places + 1  # 0.25 takes one more than 0.2


def padded(values: npt.ArrayLike, share: float = 0.06) -> Limits:
    """Range of the values with some room at both ends."""
    found = np.asarray(values, dtype=float)
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    room = share * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


class Drawing:
    """A drawing in px of its own, that the page scales.

    Parameters
    ----------
    width, height
        Size, px.
    title
        What it is, for those who hear the page.
    description
        What it shows.
    attributes
        Further attributes of the element, as markup.
    """

    def __init__(self, width: float, height: float, title: str, description: str = "", attributes: str = "") -> None:
        self.width, self.height = width, height
        spoken = f"{title}: {description}." if description else f"{title}."
        opening = f'<svg {attributes} viewBox="0 0 {width:g} {height:.4g}" role="img" aria-label="{escape(spoken)}">'
        self.parts = [" ".join(opening.split())]

    def svg(self) -> Markup:
        """All that was drawn."""
        return Markup("\n".join([*self.parts, "</svg>"]))

    @contextmanager
    def group(self, style: str = "", css: str = "") -> Iterator[None]:
        """Give what is drawn inside a class, or a style of its own."""
        self.parts.append(f"<g{_attribute('class', style)}{_attribute('style', css)}>")
        yield
        self.parts.append("</g>")

    def text(self, x: float, y: float, words: str, anchor: str = "", style: str = "") -> None:
        """Write words; ``anchor`` is start, middle or end."""
        more = _attribute("class", style) + _attribute("text-anchor", anchor)
        self.parts.append(f'<text{more} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>')

    def rule(self, style: str, x: Limits, y: Limits) -> None:
        """Draw a straight line, px."""
        self.parts.append(f'<line class="{style}" x1="{x[0]:.1f}" x2="{x[1]:.1f}" y1="{y[0]:.1f}" y2="{y[1]:.1f}"/>')

    def box(self, style: str, x: float, y: float, width: float, height: float, round_by: float = 0.0) -> None:
        """Draw a rectangle, px."""
        more = f' rx="{round_by:g}"' if round_by else ""
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self.parts.append(f'<rect class="{style}" {place}{more}/>')

    def dot(self, style: str, x: float, y: float, radius: float, tip: str = "") -> None:
        """Draw a point, px; ``tip`` is shown where one points at it."""
        place = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"'
        end = f"><title>{escape(tip)}</title></circle>" if tip else "/>"
        self.parts.append(f'<circle class="{style}" {place}{end}')

    def line(self, style: str, x: npt.ArrayLike, y: npt.ArrayLike, css: str = "", dash: str = "") -> None:
        """Draw a line through points, px; those that are not finite are left out."""
        more = _attribute("style", css) + _attribute("stroke-dasharray", dash)
        self.parts.append(f'<polyline class="{style}"{more} points="{_points(x, y)}"/>')

    def area(self, style: str, x: npt.NDArray[np.float64], low: npt.ArrayLike, high: npt.ArrayLike) -> None:
        """Fill what lies between two lines over the same places, px."""
        around = f"{_points(x, high)} {_points(x[::-1], np.asarray(low)[::-1])}"
        self.parts.append(f'<polygon class="{style}" points="{around}"/>')


class Plot(Drawing):
    """A drawing with two axes.

    Parameters
    ----------
    size
        Width and height, px.
    margins
        Left, right, top and bottom, px.
    x, y
        What lies at the ends of the axes.
    title, description, attributes
        As of a :class:`Drawing`.
    """

    def __init__(
        self,
        size: tuple[float, float],
        margins: tuple[float, float, float, float],
        x: Limits,
        y: Limits,
        title: str,
        description: str = "",
        attributes: str = "",
    ) -> None:
        super().__init__(*size, title, description, attributes)
        self.left, self.top = margins[0], margins[2]
        self.right, self.bottom = size[0] - margins[1], size[1] - margins[3]
        self.x, self.y = x, y

    def across(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Where values of the horizontal axis lie, px."""
        low, high = self.x
        return self.left + (np.asarray(values, dtype=float) - low) / (high - low) * (self.right - self.left)

    def up(self, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Where values of the vertical axis lie, px."""
        low, high = self.y
        return self.top + (high - np.asarray(values, dtype=float)) / (high - low) * (self.bottom - self.top)

    def levels(self, places: int | None = None, unit: str = "", gap: float = 6.0) -> None:
        """Draw horizontal lines at round numbers, with the numbers at their left ends."""
        marks = ticks(*self.y)
        decimals = tick_places(marks) if places is None else places
        for mark, at in zip(marks, self.up(marks), strict=True):
            self.rule("zero" if abs(mark) < 1e-12 else "grid", (self.left, self.right), (at, at))
            self.text(self.left - gap, at + 4, number(float(mark), decimals), "end")
        if unit:
            self.text(2, 12, shown(unit), "start")

    def below(self, values: Sequence[float], words: Sequence[str], anchors: Sequence[str], height: float) -> None:
        """Write words under places of the horizontal axis."""
        for at, text, anchor in zip(self.across(values), words, anchors, strict=True):
            self.text(float(at), height, text, anchor)

    def upright(self, style: str, value: float) -> None:
        """Draw a vertical line from top to bottom."""
        at = float(self.across(value))
        self.rule(style, (at, at), (self.top, self.bottom))


def _attribute(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def _points(x: npt.ArrayLike, y: npt.ArrayLike) -> str:
    pairs = zip(np.asarray(x, dtype=float), np.asarray(y, dtype=float), strict=True)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in pairs if np.isfinite(a + b))
