"""The report of a comparison: speeds first, what differs, pictures of both in one, every measure side by side, and what one of them lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.comparison.comparison import Comparison
from headway.comparison.result import ComparedSide, Lacking, Who
from headway.comparison.summary import view_words
from headway.recording import Flag
from headway.report.compare_pictures import curves, rear_maps
from headway.report.compare_rows import family_tables, findings, nothing_words, speed_words, versus
from headway.report.numbers import number
from headway.report.page import page
from headway.report.push_versus import compared_pushes, pushed_point
from headway.texts import TEXTS, shown

__all__ = ["findings", "nothing_words", "render_compare", "speed_words"]


@dataclass(frozen=True)
class ShownSide:
    """One recording in the head of the page and in its notes."""

    who: Who
    label: str
    source: str
    how: str
    steps: str
    leg: str
    flags: list[Flag]
    lacks: list[Lacking]

    @property
    def count(self) -> int:
        """How many measures it lacks."""
        return sum(len(group.names) for group in self.lacks)


def render_compare(comparison: Comparison) -> str:
    """Return the report as the text of one HTML page that opens offline; evidence stays in English."""
    summary, waveforms = comparison.summary, comparison.waveforms
    maps, unmapped = rear_maps(waveforms, summary)
    sensors = "sensor" in (summary.a.view, summary.b.view)
    headline, *rest = speed_words(summary)
    pushed = pushed_point(comparison.analyses)
    named = {row.name: row for row in summary.rows}
    sides = [_side(summary.a, "a", summary.lacking), _side(summary.b, "b", summary.lacking)]
    return page(
        "compare.html.j2",
        ["report.css", "experiment.css", "compare.css"],
        t=TEXTS,
        summary=summary,
        sides=sides,
        headline=headline,
        speeds=rest,
        findings=findings(summary),
        nothing=nothing_words(summary),
        key=[versus(named[name]) for name in summary.key],
        families=family_tables(summary.rows),
        maps=maps,
        unmapped=unmapped,
        paths=curves(waveforms, summary, "stride_path" if sensors else "path"),
        velocities=[] if sensors else curves(waveforms, summary, "velocity"),
        pushed=pushed,
        pushes=compared_pushes(summary.rows, pushed),
        cycle="stride" if sensors else "stance",
        lacking=[side for side in sides if side.lacks],
        warnings=[flag for flag in summary.remarks if flag.level == "warning"],
        notes=[flag for flag in summary.remarks if flag.level != "warning"],
    )


def _side(side: ComparedSide, who: Who, lacking: Sequence[Lacking]) -> ShownSide:
    steps = TEXTS("first.step_count", n=side.steps.count, left=side.steps.left, right=side.steps.right)
    own = [group for group in lacking if group.who == who]
    leg = number(side.leg_length, 2)
    return ShownSide(who, shown(side.label), side.source, view_words(side.view), steps, leg, side.flags, own)
