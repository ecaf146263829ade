"""The table of marker quality: what was seen of each marker, and how well it keeps its place in its segment."""

from __future__ import annotations

from headway.results import MarkerQuality


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
            f"{100 * one.seen:.1f} %",
            f"{one.gaps} (up to {one.longest_gap:.2f} s)" if one.gaps else "–",
            _millimetres(one.rigidity),
            _millimetres(one.residual),
            one.mended or "–",
        )
        for one in markers or ()
    ]


def _millimetres(value: float | None) -> str:
    return "–" if value is None else f"{1000 * value:.1f} mm"
