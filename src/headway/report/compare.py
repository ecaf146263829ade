"""The report of a comparison: speeds first, what differs, pictures of both in one, every measure side by side, and what one of them lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import xarray as xr
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from headway.report.compare_pictures import curves, rear_maps
from headway.report.compare_rows import family_tables, finding_sentences, nothing_words, speed_words, versus
from headway.report.experiment import tidy
from headway.report.html import _asset
from headway.report.provenance import step_words

__all__ = ["finding_sentences", "nothing_words", "render_compare", "speed_words"]
VIEWS = {
    "3d": "markers",
    "side": "film from the side",
    "rear": "film from behind",
    "front": "film from in front",
    "sensor": "sensors",
}


class Compared(Protocol):
    """What the report is made from."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """The contents of ``compare.json``."""
        ...

    @property
    def waveforms(self) -> xr.Dataset:
        """Curves of both over stance."""
        ...


def render_compare(comparison: Compared) -> str:
    """Return the report as the text of one HTML page that opens offline.

    Parameters
    ----------
    comparison
        Summary and aligned curves.
    """
    summary, waveforms = comparison.summary, comparison.waveforms
    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["tidy"] = tidy
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    maps, unmapped = rear_maps(waveforms, summary)
    sensors = "sensor" in (summary["a"]["view"], summary["b"]["view"])
    headline, *rest = speed_words(summary)
    named = {row["name"]: row for row in summary["rows"]}
    return environment.get_template("compare.html.j2").render(
        summary=summary,
        sides=[_side(summary[who], who) for who in "ab"],
        headline=headline,
        speeds=rest,
        findings=finding_sentences(summary),
        nothing=nothing_words(summary),
        key=[versus(named[name]) for name in summary["key"]],
        families=family_tables(summary["rows"]),
        maps=maps,
        unmapped=unmapped,
        paths=curves(waveforms, summary, "stride_path" if sensors else "path"),
        velocities=[] if sensors else curves(waveforms, summary, "velocity"),
        cycle="stride, from right midstance" if sensors else "stance",
        lacking=_lacking(summary["lacking"], summary),
        warnings=[flag for flag in summary["remarks"] if flag["level"] == "warning"],
        notes=[flag for flag in summary["remarks"] if flag["level"] != "warning"],
        style=Markup(_asset("report.css") + _asset("experiment.css") + _asset("compare.css")),
        policy="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    )


def _side(side: Mapping[str, Any], who: str) -> dict[str, Any]:
    how = " and ".join(VIEWS.get(view, view) for view in str(side["view"]).split("+"))
    return {**side, "who": who, "how": how, "steps": step_words({"steps": side["steps"]})}


def _lacking(groups: Sequence[Mapping[str, Any]], summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who lacks what, in the words of the page."""
    out = []
    for who in "ab":
        own = [group for group in groups if group["who"] == who]
        count = sum(len(group["names"]) for group in own)
        if own:
            out.append(
                {"label": summary[who]["label"], "source": summary[who]["source"], "count": count, "groups": own}
            )
    return out
