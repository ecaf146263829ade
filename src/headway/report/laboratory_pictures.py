"""For the laboratory: the raw force with the contacts that were found in it, and the path of the force under each foot from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from markupsafe import Markup

from headway.dynamics.pressure_model import FLAT
from headway.recording import FloatArray
from headway.report.chart import Drawing, Plot, padded
from headway.report.curves import SIDES
from headway.signals import seen_mean
from headway.texts import TEXTS

SECONDS = 3.0
"""Of the recording that the force is drawn for."""
BEFORE = 0.1
"""Drawn before the first contact, s."""
SAMPLES = 900
"""Most points of a line."""
SOLE = ("heel", "mt1", "toe", "mt2", "mt5")
"""Points of the foot that are drawn, where they are marked."""
FORE = ("mt1", "mt5", "toe", "mt2")
NODES = np.linspace(0.08, 0.92, 43)
"""Shares of stance at which the path is drawn: at its ends the centre of pressure is no place but noise."""
MOST = 12
"""Single stances that are drawn."""
SCALE, ROOM = 1000.0, 34.0
"""px per m of the foot from above, and px around it."""


@dataclass(frozen=True)
class LaboratoryPictures:
    """What the template needs: a drawing of the force, and one of each foot with its side."""

    force: Markup
    feet: list[tuple[str, Markup]]


def laboratory_pictures(curves: xr.Dataset, steps: pd.DataFrame) -> LaboratoryPictures | None:
    """Lay out the pictures; ``None`` without plates that tell a centre of pressure."""
    if "ground_force" not in curves or not bool(np.isfinite(curves["centre_of_pressure"]).any()) or not len(steps):
        return None
    feet = [(side, drawn) for side in SIDES if (drawn := _foot(curves, steps, side)) is not None]
    return LaboratoryPictures(_force(curves, steps), feet)


def _force(curves: xr.Dataset, steps: pd.DataFrame) -> Markup:
    start = float(np.nanmin(steps["initial_contact"].to_numpy())) - BEFORE
    piece = curves.sel(force_time=slice(start, start + SECONDS))
    time = piece["force_time"].to_numpy()
    thin = slice(None, None, max(1, -(-len(time) // SAMPLES)))
    up = piece["ground_force"].sel(axis="up")
    limits = padded(up.to_numpy())
    title, about = TEXTS("laboratory.force"), TEXTS("laboratory.force_about")
    plot = Plot((720, 220), (56, 8, 20, 26), (float(time[0]), float(time[-1])), limits, title, about)
    plot.levels(0, "N")
    for side, first, last in zip(steps["side"], steps["initial_contact"], steps["toe_off"], strict=True):
        if np.isfinite(last) and last <= time[-1]:
            left, right = plot.across([first, last])
            with plot.group(str(side)):
                plot.box("contact", float(left), plot.bottom - 6, float(right - left), 6)
                plot.upright("event", float(first))
                plot.upright("event", float(last))
    for side in SIDES:
        with plot.group(side):
            plot.line("curve", plot.across(time[thin]), plot.up(up.sel(side=side).to_numpy()[thin]))
    whole = np.arange(np.ceil(time[0]), time[-1] + 1e-9)
    plot.below(whole.tolist(), [f"{second:.0f} s" for second in whole], ["middle"] * len(whole), 214)
    return plot.svg()


def _foot(curves: xr.Dataset, steps: pd.DataFrame, side: str) -> Markup | None:
    """Foot of one side from above, toes up; ``None`` where it is not marked or no stance shows it."""
    known = {str(name) for name in curves["point"].to_numpy()}
    sole = [name for name in SOLE if f"{name}_{side}" in known]
    fore = [name for name in FORE if name in sole]
    if "heel" not in sole or not fore:
        return None
    found = [
        one
        for first, last in steps.loc[steps["side"] == side, ["initial_contact", "toe_off"]].dropna().to_numpy()
        if (one := _stance(curves, side, sole, fore, float(first), float(last))) is not None
    ]
    if not any(np.isfinite(path).all() for _, path in found):
        return None
    places, paths = seen_mean(np.stack([one[0] for one in found])), np.stack([one[1] for one in found])
    paths = paths[np.isfinite(paths).all((1, 2))]
    every = np.concatenate([places, *paths[:MOST]])
    low, high = np.nanmin(every, axis=0), np.nanmax(every, axis=0)
    width, height = SCALE * (high - low)[::-1] + 2 * ROOM
    title = TEXTS("laboratory.foot", side=TEXTS(f"table.{side}").lower(), n=len(found))
    drawing = Drawing(float(width), float(height), title)
    with drawing.group(side):
        for path in paths[:MOST]:
            drawing.line("single", *_px(path, low, high))
        drawing.line("curve", *_px(seen_mean(paths), low, high))
        for name, x, y in zip(sole, *_px(places, low, high), strict=True):
            drawing.dot("marker", float(x), float(y), 4, name)
            drawing.text(float(x) + 7, float(y) + 4, name)
    return drawing.svg()


def _px(places: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Forward is up and right is right."""
    return ROOM + SCALE * (places[:, 1] - low[1]), ROOM + SCALE * (high[0] - places[:, 0])


def _stance(
    curves: xr.Dataset, side: str, sole: list[str], fore: list[str], first: float, last: float
) -> tuple[FloatArray, FloatArray] | None:
    """Points of the sole and the path of the force in one stance, forward and right of the forefoot along the flat foot, m.

    The forefoot is followed, so that a belt that carries the foot does not draw the path out.
    """
    frames = curves["position"].sel(time=slice(first, last))
    if frames.sizes["time"] < 4:
        return None
    share = (frames["time"].to_numpy() - first) / (last - first)
    at = [frames.sel(point=f"{name}_{side}").to_numpy()[:, [0, 2]] for name in sole]
    middle = np.mean([at[sole.index(name)] for name in fore], axis=0)
    flat = (share >= FLAT[0]) & (share <= FLAT[1])
    pressure = curves.sel(side=side)["centre_of_pressure"].sel(force_time=slice(first, last))
    if not flat.any() or pressure.sizes["force_time"] < 4:
        return None
    line = seen_mean((middle - at[sole.index("heel")])[flat])
    ahead = line / np.hypot(*line)
    turn = np.array([[ahead[0], -ahead[1]], [ahead[1], ahead[0]]])
    own = (pressure["force_time"].to_numpy() - first) / (last - first)
    path = np.stack([np.interp(NODES, own, pressure.to_numpy()[:, k]) for k in (0, 2)], axis=1)
    path -= np.stack([np.interp(NODES, share, middle[:, k]) for k in (0, 1)], axis=1)
    places = np.stack([seen_mean((one - middle)[flat]) for one in at])
    return places @ turn, path @ turn
