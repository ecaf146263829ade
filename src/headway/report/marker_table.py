"""The table of marker quality: what was seen of each marker, and how well it keeps its place in its segment."""

from __future__ import annotations

from headway.report.numbers import number, with_unit
from headway.results import MarkerQuality
from headway.texts import TEXTS, shown


def marker_rows(markers: list[MarkerQuality] | None) -> list[tuple[str, ...]]:
    """One row per marker: label, landmark, segment, seen, gaps, longest gap, rigidity and residual, what was mended.

    Returns
    -------
    list
        Empty for recordings without markers.
    """
    return [
        (
            one.label or "–",
            one.name if one.name != one.label else "–",
            one.segment or "–",
            with_unit(number(100 * one.seen, 1), "%"),
            TEXTS("pictures.gap_cell", n=one.gaps, longest=number(one.longest_gap, 2)) if one.gaps else "–",
            _millimetres(one.rigidity),
            _millimetres(one.residual),
            shown(one.mended) or "–",
        )
        for one in markers or ()
    ]


def _millimetres(value: float | None) -> str:
    return "–" if value is None else with_unit(number(1000 * value, 1), "mm")
