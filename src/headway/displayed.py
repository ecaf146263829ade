"""How an object shows itself: ten lines in a terminal, a table in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import ClassVar

from headway.named import call

MOST_ROWS = 8


@dataclass(frozen=True)
class Glance:
    """What a person wants to know of an object at first sight.

    Attributes
    ----------
    title
        One line: what it is and of whom.
    rows
        Name, value and remark; the first :data:`MOST_ROWS` are shown.
    footer
        One line: what there is beside these.
    """

    title: str
    rows: Sequence[tuple[str, str, str]] = ()
    footer: str = ""

    def text(self) -> str:
        """At most ten lines."""
        shown = self.rows[:MOST_ROWS]
        names, values = (max((len(row[k]) for row in shown), default=0) for k in (0, 1))
        lines = [f"  {name:<{names}}  {value:>{values}}  {remark}".rstrip() for name, value, remark in shown]
        return "\n".join([f"<{self.title}>", *lines, *([f"  {self.footer}"] if self.footer else [])])

    def html(self) -> str:
        """A table; all text is escaped."""
        cells = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:right'>{escape(value)}</td><td style='text-align:left'>{escape(remark)}</td></tr>"
            for name, value, remark in self.rows
        )
        footer = f"<p>{escape(self.footer)}</p>" if self.footer else ""
        return f"<div><p><strong>{escape(self.title)}</strong></p><table>{cells}</table>{footer}</div>"


class Displayed:
    """An object that shows itself by an :class:`Glance`; ``shown_by`` names the function that makes it, as ``module:function``."""

    shown_by: ClassVar[str]

    def _glance(self) -> Glance:
        return call(self.shown_by, self)

    def __repr__(self) -> str:
        return self._glance().text()

    def _repr_html_(self) -> str:
        return self._glance().html()
