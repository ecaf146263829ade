"""Curves of fitted bodies over stance: angles, moments and powers of the joints, and what accelerates head, neck base and pelvis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from headway.dynamics.push import SOURCES
from headway.fit.fitted import FittedStretch
from headway.fit.induced import GROUNDS, POINTS
from headway.fit.measured import SIDES, FittedContact
from headway.fit.run import FittedBody
from headway.recording import AXES, FloatArray, Side
from headway.signals import seen_mean
from headway.simulation.effort import ROOT

SAMPLES = 101
"""Instants per stance, 0 to 100 %."""


def body_curves(body: FittedBody) -> xr.Dataset:
    """Means over the fitted stances of either side.

    Returns
    -------
    Dims ``side``, ``stance`` (0–100 %), ``axis`` (the third toward the stance side), ``pushed`` (head, neck base, pelvis, centre of mass),
    ``source``, ``drive`` (every joint coordinate by itself), ``ground`` (pinned, rolling, compliant), ``coordinate`` (named by
    stance and swing leg): ``body_angle`` (rad), ``body_moment`` (N·m), ``body_power`` (W), ``push_acceleration`` (by ground and source, m/s²),
    ``push_drive`` (by drive, rolling foot, m/s²), ``push_total`` (m/s²), ``push_power`` (by source to the head's mass, W).
    """
    skeleton = body.stretches[0].skeleton
    joints = list(skeleton.names[ROOT:])
    head = next(one.mass for one in skeleton.bodies if one.name == "head")
    coords = {
        "stance": np.linspace(0, 100, SAMPLES), "side": list(SIDES), "axis": list(AXES), "pushed": list(POINTS),
        "source": list(SOURCES), "ground": list(GROUNDS), "coordinate": _by_leg(joints, "right"),
        "drive": _by_leg(list(body.stretches[0].drives), "right"),
    }  # fmt: skip
    data: dict[str, tuple[object, ...]] = {}

    def put(name: str, dims: tuple[str, ...], unit: str, of: Callable[[FittedStretch, Side], FloatArray]) -> None:
        data[name] = (("side", "stance", *dims), np.stack([_mean(body, side, of) for side in SIDES]), {"units": unit})

    def turned(values: FloatArray, side: Side) -> FloatArray:
        return values * np.array([1.0, 1.0, 1.0 if side == "right" else -1.0])

    def sided(one: FittedStretch, side: Side, values: FloatArray) -> FloatArray:
        return (
            values
            if side == "right"
            else values[:, skeleton.mirror[0][ROOT:].astype(int) - ROOT] * skeleton.mirror[1][ROOT:]
        )

    def drives(one: FittedStretch, side: Side) -> FloatArray:
        order = np.arange(len(one.drives))
        if side == "left":
            order[: len(joints)] = skeleton.mirror[0][ROOT:].astype(int) - ROOT
        return turned(one.by[:, order], side)

    put("body_angle", ("coordinate",), "rad", lambda one, side: sided(one, side, one.q[:, ROOT:]))
    put("body_moment", ("coordinate",), "N*m", lambda one, side: sided(one, side, one.moments))
    put("body_power", ("coordinate",), "W", lambda one, side: _power(one, side, sided))
    put("push_acceleration", ("ground", "source", "pushed", "axis"), "m/s²",
        lambda one, side: turned(one.sources.transpose(1, 0, 2, 3, 4), side))  # fmt: skip
    put("push_drive", ("drive", "pushed", "axis"), "m/s²", drives)
    put("push_total", ("pushed", "axis"), "m/s²", lambda one, side: turned(one.total, side))
    lead = GROUNDS.index("rolling")
    put(
        "push_power",
        ("source",),
        "W",
        lambda one, side: head * np.einsum("nsx,nx->ns", one.sources[lead][:, :, 0], one.speed[:, 0]),
    )
    return xr.Dataset(data, coords=coords)


def _power(
    one: FittedStretch, side: Side, sided: Callable[[FittedStretch, Side, FloatArray], FloatArray]
) -> FloatArray:
    return sided(one, side, one.moments) * sided(one, side, one.v[:, ROOT:])


def _by_leg(names: list[str], stance: Side) -> list[str]:
    """Names with ``stance`` and ``swing`` for the sides."""
    swing = "left" if stance == "right" else "right"
    return [name.replace(f"_{stance}", "_stance").replace(f"_{swing}", "_swing") for name in names]


def _mean(body: FittedBody, side: Side, of: Callable[[FittedStretch, Side], FloatArray]) -> FloatArray:
    curves = [
        _over(one.time, of(one, side), contact)
        for one in body.stretches
        for contact in one.contacts
        if contact.side == side
    ]
    if curves:
        return seen_mean(np.stack(curves))
    like = of(body.stretches[0], side)
    return np.full((SAMPLES, *like.shape[1:]), np.nan)


def _over(time: FloatArray, values: FloatArray, contact: FittedContact) -> FloatArray:
    at = contact.initial_contact + np.linspace(0, 1, SAMPLES) * (contact.toe_off - contact.initial_contact)
    flat = values.reshape(len(values), -1)
    return np.stack([np.interp(at, time, column) for column in flat.T], axis=1).reshape(SAMPLES, *values.shape[1:])
