"""The table of marker quality: what was seen of each marker, and how well it keeps its place in its segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def marker_rows(summary: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row per marker: label, landmark, segment, seen, gaps, longest gap, rigidity and residual (mm), what was mended.

    Returns
    -------
    list
        Empty for recordings without markers.
    """
    rows: list[tuple[str, ...]] = []
    for marker in summary.get("markers") or ():
        gaps, longest = int(marker.get("gaps") or 0), float(marker.get("longest_gap") or 0.0)
        rows.append(
            (
                str(marker.get("label") or "–"),
                str(marker["name"]),
                str(marker.get("segment") or "–"),
                f"{100 * marker['seen']:.1f} %",
                f"{gaps} (up to {longest:.2f} s)" if gaps else "–",
                _millimetres(marker.get("rigidity")),
                _millimetres(marker.get("residual")),
                str(marker.get("mended") or "–"),
            )
        )
    return rows


def _millimetres(value: float | None) -> str:
    return "–" if value is None else f"{1000 * value:.1f}"
