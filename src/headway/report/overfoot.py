"""The map: the way of neck base and head over each stance foot, seen from behind or from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from headway.report.curves import SIDES, Missing, missing, peak_of_stance, pick, plain, point_words
from headway.report.numbers import number, with_unit
from headway.results import Entries, NotMeasurable
from headway.texts import TEXTS

MAPPED = {"head": "head_over_foot_error", "neck_base": "neck_over_foot_error"}
"""Body points of the map, and the column of the steps with their place at midstance."""


@dataclass(frozen=True)
class Lane:
    """The way of one body point over a foot, 0 to 100 % of stance, mm; ``dots``: its place at midstance of every step."""

    lateral: list[float | None]
    sd: list[float | None] | None
    dots: list[float | None]
    up: list[float | None] | None
    forward: list[float | None] | None


@dataclass(frozen=True)
class FootMap:
    """The map.

    Attributes
    ----------
    feet
        Side to body point to lane.
    peak
        % of stance of the greatest vertical force, by side.
    extent
        Lateral range, mm.
    words, label
        Of the body points, and of the whole.
    evened
        Whether both feet are drawn with the mean of the two, as a film does not tell the sides apart.
    """

    feet: dict[str, dict[str, Lane]]
    peak: dict[str, int | None]
    extent: tuple[float, float]
    words: dict[str, str]
    label: str
    evened: bool


def _dots(steps: pd.DataFrame, column: str, side: str, middle: float | None) -> list[float | None]:
    """Every step about the mean path."""
    if column not in steps or "side" not in steps:
        return []
    own = steps["side"].astype(str).to_numpy() == side
    values = steps[column].to_numpy(dtype=np.float64, na_value=np.nan)[own]
    values = values[np.isfinite(values)] * 1e3
    return plain(values if middle is None else values + (middle - values.mean()), 1) if len(values) else []


def _lane(waveforms: xr.Dataset, steps: pd.DataFrame, side: str, point: str) -> Lane | None:
    def path(axis: str, variable: str = "path") -> list[float | None] | None:
        values = pick(waveforms, variable, side=side, body_point=point, axis=axis)
        return None if values is None else plain(values * 1e3, 1)

    lateral, up, forward = path("right"), path("up"), path("forward")
    if lateral is None or not (up or forward):
        return None
    return Lane(lateral, path("right", "path_sd"), _dots(steps, MAPPED[point], side, lateral[50]), up, forward)


def _extent(feet: dict[str, dict[str, Lane]]) -> tuple[float, float]:
    """Lateral range in mm that holds every path, spread, dot and the width of a foot."""
    found = [-55.0, 55.0]
    for lanes in feet.values():
        for lane in lanes.values():
            spread = lane.sd or [None] * len(lane.lateral)
            for mean, sd in zip(lane.lateral, spread, strict=True):
                if mean is not None:
                    found += [mean - (sd or 0.0), mean + (sd or 0.0)]
            found += [dot for dot in lane.dots if dot is not None]
    return (float(np.floor(min(found) / 10.0) * 10.0), float(np.ceil(max(found) / 10.0) * 10.0))


def _spoken(feet: dict[str, dict[str, Lane]]) -> str:
    parts = []
    for side, lanes in feet.items():
        for point, lane in lanes.items():
            value = lane.lateral[50]
            if value is not None:
                where = "inside" if value < 0 else "outside"
                size = with_unit(number(abs(value), 0), "mm")
                parts.append(TEXTS(f"map.{where}_{side}", point=point_words(point), size=size))
    return TEXTS("map.spoken", parts=", ".join(parts))


def over_foot(waveforms: xr.Dataset, steps: pd.DataFrame, entries: Entries) -> FootMap | Missing:
    """Build the map over each stance foot.

    Parameters
    ----------
    waveforms
        With ``path`` (m; right: toward the stance side from the stance foot).
    steps
        One row per step; columns of ``MAPPED`` in m.
    entries
        The metrics of the summary, for the reason when there is nothing to draw.
    """
    feet: dict[str, dict[str, Lane]] = {}
    known = [entries[column] for column in MAPPED.values() if column in entries]
    told = [entry for entry in known if not isinstance(entry, NotMeasurable)]
    for side in SIDES if told or not known else ():
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
            TEXTS("absent.map"),
            TEXTS("remedy.map"),
        )
    peak = {side: peak_of_stance(waveforms, side) for side in feet}
    words = {point: point_words(point) for point in MAPPED}
    evened = len(feet) == 2 and any(entry.left is None and entry.right is None for entry in told)
    return FootMap(feet, peak, _extent(feet), words, _spoken(feet), evened)
