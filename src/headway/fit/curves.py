"""Curves of fitted bodies over stance: angles, moments and powers of the joints, and what accelerates head, neck base and pelvis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from headway.body.sided import twin
from headway.dynamics.push import SOURCES
from headway.fit.fitted import DRAWN, FittedStretch
from headway.fit.induced import GROUNDS, LEAD, POINTS
from headway.fit.loads import joints_of
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
    ``source``, ``drive`` (every joint coordinate by itself), ``ground`` (pinned, rolling, compliant), ``coordinate`` and ``place`` (named by
    stance and swing leg): ``body_angle`` (rad), ``body_moment`` (N·m), ``body_power`` (W), ``body_work`` (J over stance, what the joint gave
    and what it took), ``body_load`` (N, on the segment beyond each ``body_joint``), ``body_place`` (m, from the middle of the hips
    forward and sideways, from the ground up), ``push_acceleration`` (by ground and source, m/s²), ``push_drive`` (by drive, rolling foot,
    m/s²), ``push_total`` (m/s²), ``push_power`` (by source to the head's mass, W). Films have no work and no load, whose errors are not
    known, and ``body_moment_error`` (standard error, N·m) instead; one film from the side tells nothing of what pushes sideways, which is NaN.
    """
    first = body.stretches[0]
    coords = {
        "stance": np.linspace(0, 100, SAMPLES), "side": list(SIDES), "axis": list(AXES), "pushed": list(POINTS),
        "source": list(SOURCES), "ground": list(GROUNDS), "coordinate": _by_leg(first.skeleton.names[ROOT:]),
        "drive": _by_leg(first.drives), "place": _by_leg(DRAWN), "body_joint": _by_leg(joints_of(first.skeleton)),
        "way": ["given", "taken"],
    }  # fmt: skip
    every = {side: [_Seen(one, side) for one in body.stretches] for side in SIDES}
    data = {
        name: (("side", "stance", *dims), np.stack([_mean(every[side], of) for side in SIDES]), {"units": unit})
        for name, (dims, unit, of) in CURVES.items()
    }
    if not body.found.films:
        works = np.stack([_mean_work(every[side]) for side in SIDES])
        data["body_work"] = ("side", "coordinate", "way"), works, {"units": "J"}
    else:
        del data["body_load"]
        error = np.stack([_mean(every[side], _Seen.moment_errors) for side in SIDES])
        data["body_moment_error"] = ("side", "stance", "coordinate"), error, {"units": "N*m"}
    found = xr.Dataset(data, coords=coords)
    if body.found.films != 1:
        return found
    seen = xr.DataArray([0.0, 0.0, np.nan], dims="axis", coords={"axis": list(AXES)})
    pushes = [name for name, (dims, _, _) in CURVES.items() if name.startswith("push_") and "axis" in dims]
    return found.assign({name: (found[name] + seen).assign_attrs(found[name].attrs) for name in pushes})


@dataclass(frozen=True)
class _Seen:
    """A fitted stretch as the stances of one side have it: the stance leg first, sideways toward the stance side."""

    fit: FittedStretch
    side: Side

    @property
    def _turn(self) -> FloatArray:
        return np.array([1.0, 1.0, 1.0 if self.side == "right" else -1.0])

    def _sided(self, values: FloatArray) -> FloatArray:
        """Joint coordinates, shape (n, joints)."""
        if self.side == "right":
            return values
        order, sign = self.fit.skeleton.mirror
        return values[:, order[ROOT:].astype(int) - ROOT] * sign[ROOT:]

    def angles(self) -> FloatArray:
        return self._sided(self.fit.q[:, ROOT:])

    def moments(self) -> FloatArray:
        return self._sided(self.fit.moments)

    def moment_errors(self) -> FloatArray:
        assert self.fit.moment_error is not None
        return np.abs(self._sided(self.fit.moment_error))

    def powers(self) -> FloatArray:
        return self._sided(self.fit.moments) * self._sided(self.fit.v[:, ROOT:])

    def loads(self) -> FloatArray:
        names = joints_of(self.fit.skeleton)
        order = [names.index(twin(name)) if self.side == "left" else k for k, name in enumerate(names)]
        return self.fit.loads[:, order] * self._turn

    def works(self) -> list[FloatArray]:
        """Work that each joint gave and took over each stance of this side, J, shape (coordinates, 2)."""
        out = []
        for one in self.fit.contacts:
            if one.side == self.side:
                power = _over(self.fit.time, self.powers(), one)
                ways = np.stack([np.maximum(power, 0.0), np.minimum(power, 0.0)], axis=-1)
                out.append(np.trapezoid(ways, dx=(one.toe_off - one.initial_contact) / (SAMPLES - 1), axis=0))
        return out

    def places(self) -> FloatArray:
        swapped = [twin(name) if self.side == "left" else name for name in DRAWN]
        order = [DRAWN.index(name) for name in swapped]
        middle = self.fit.places[:, DRAWN.index("mid_hip")] * [1.0, 0.0, 1.0]
        return (self.fit.places[:, order] - middle[:, None]) * self._turn

    def by_ground(self) -> FloatArray:
        return self.fit.sources.transpose(1, 0, 2, 3, 4) * self._turn

    def by_drive(self) -> FloatArray:
        names = self.fit.drives
        order = [names.index(twin(name)) if self.side == "left" else k for k, name in enumerate(names)]
        return self.fit.by[:, order] * self._turn

    def total(self) -> FloatArray:
        return self.fit.total * self._turn

    def powers_to_head(self) -> FloatArray:
        head = POINTS.index("head")
        mass = next(one.mass for one in self.fit.skeleton.bodies if one.name == "head")
        return mass * np.einsum(
            "nsx,nx->ns", self.fit.sources[GROUNDS.index(LEAD)][:, :, head], self.fit.speed[:, head]
        )


Curve = Callable[[_Seen], FloatArray]
CURVES: dict[str, tuple[tuple[str, ...], str, Curve]] = {
    "body_angle": (("coordinate",), "rad", _Seen.angles),
    "body_moment": (("coordinate",), "N*m", _Seen.moments),
    "body_power": (("coordinate",), "W", _Seen.powers),
    "body_load": (("body_joint", "axis"), "N", _Seen.loads),
    "body_place": (("place", "axis"), "m", _Seen.places),
    "push_acceleration": (("ground", "source", "pushed", "axis"), "m/s²", _Seen.by_ground),
    "push_drive": (("drive", "pushed", "axis"), "m/s²", _Seen.by_drive),
    "push_total": (("pushed", "axis"), "m/s²", _Seen.total),
    "push_power": (("source",), "W", _Seen.powers_to_head),
}
"""Dims beside side and stance, unit, and where they come from."""


def _by_leg(names: tuple[str, ...]) -> list[str]:
    """Names with ``stance`` and ``swing`` for right and left."""
    return [name.replace("_right", "_stance").replace("_left", "_swing") for name in names]


def _mean(seen: list[_Seen], of: Curve) -> FloatArray:
    curves = [
        _over(one.fit.time, of(one), contact)
        for one in seen
        for contact in one.fit.contacts
        if contact.side == one.side
    ]
    return seen_mean(np.stack(curves)) if curves else np.full((SAMPLES, *of(seen[0]).shape[1:]), np.nan)


def _mean_work(seen: list[_Seen]) -> FloatArray:
    every = [work for one in seen for work in one.works()]
    return seen_mean(np.stack(every)) if every else np.full((len(seen[0].fit.moments[0]), 2), np.nan)


def _over(time: FloatArray, values: FloatArray, contact: FittedContact) -> FloatArray:
    at = contact.initial_contact + np.linspace(0, 1, SAMPLES) * (contact.toe_off - contact.initial_contact)
    flat = values.reshape(len(values), -1)
    return np.stack([np.interp(at, time, column) for column in flat.T], axis=1).reshape(SAMPLES, *values.shape[1:])
