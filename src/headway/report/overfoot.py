"""The map: the way of neck base and head over each stance foot, seen from behind or from above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from headway.report.curves import SIDES, Entries, Missing, missing, peak_of_stance, pick, plain
from headway.report.numbers import number

MAPPED = {"head": ("head", "head_over_foot_error"), "neck_base": ("neck base", "neck_over_foot_error")}
"""Body points of the map: words, and the column of the steps with their place at midstance."""


def _dots(steps: pd.DataFrame, column: str, side: str) -> list[float | None]:
    if column not in steps or "side" not in steps:
        return []
    own = steps["side"].astype(str).to_numpy() == side
    values = steps[column].to_numpy(dtype=np.float64, na_value=np.nan)[own]
    return plain(values[np.isfinite(values)] * 1e3, 1)


def _lane(waveforms: xr.Dataset, steps: pd.DataFrame, side: str, point: str) -> dict[str, Any] | None:
    lateral = pick(waveforms, "path", side=side, body_point=point, axis="right")
    if lateral is None:
        return None
    spread = pick(waveforms, "path_sd", side=side, body_point=point, axis="right")
    lane: dict[str, Any] = {
        "lateral": plain(lateral * 1e3, 1),
        "sd": None if spread is None else plain(spread * 1e3, 1),
        "dots": _dots(steps, MAPPED[point][1], side),
    }
    for axis in ("up", "forward"):
        values = pick(waveforms, "path", side=side, body_point=point, axis=axis)
        lane[axis] = None if values is None else plain(values * 1e3, 1)
    return lane if lane["up"] or lane["forward"] else None


def _extent(feet: Mapping[str, Mapping[str, Any]]) -> tuple[float, float]:
    """Lateral range in mm that holds every path, spread, dot and the width of a foot."""
    found = [-55.0, 55.0]
    for lanes in feet.values():
        for lane in lanes.values():
            spread = lane["sd"] or [None] * len(lane["lateral"])
            for mean, sd in zip(lane["lateral"], spread, strict=True):
                if mean is not None:
                    found += [mean - (sd or 0.0), mean + (sd or 0.0)]
            found += lane["dots"]
    return (float(np.floor(min(found) / 10.0) * 10.0), float(np.ceil(max(found) / 10.0) * 10.0))


def _spoken(feet: Mapping[str, Mapping[str, Any]]) -> str:
    parts = []
    for side, lanes in feet.items():
        for point, lane in lanes.items():
            value = lane["lateral"][50]
            if value is not None:
                where = "inside" if value < 0 else "outside"
                parts.append(f"{MAPPED[point][0]} {number(abs(value), 0)} mm {where} the {side} foot")
    return "Mean place at midstance: " + ", ".join(parts) + "."


def over_foot(waveforms: xr.Dataset, steps: pd.DataFrame, entries: Entries) -> dict[str, Any] | Missing:
    """Build the map over each stance foot.

    Parameters
    ----------
    waveforms
        With ``path`` (m; right: toward the stance side from the stance foot).
    steps
        One row per step; columns of ``MAPPED`` in m.
    entries
        The metrics of the summary, for the reason when there is nothing to draw.

    Returns
    -------
    dict or Missing
        ``feet``: side to body point to lane (mm); ``peak``: % of stance of the greatest vertical force, by side.
    """
    feet: dict[str, dict[str, Any]] = {}
    for side in SIDES:
        lanes = {point: _lane(waveforms, steps, side, point) for point in MAPPED}
        found = {point: lane for point, lane in lanes.items() if lane is not None}
        if found:
            feet[side] = found
    if not feet:
        names = [
            "neck_over_foot_error",
            "head_over_foot_error",
            "neck_base_lateral_bounce_amplitude",
            "lateral_bounce_amplitude",
        ]
        return missing(
            entries,
            names,
            "no head and no neck base over a stance foot",
            "film from behind, or add markers on head, neck base and feet",
        )
    peak = {side: peak_of_stance(waveforms, side) for side in feet}
    words = {point: word for point, (word, _) in MAPPED.items()}
    return {"feet": feet, "peak": peak, "extent": _extent(feet), "words": words, "label": _spoken(feet)}
