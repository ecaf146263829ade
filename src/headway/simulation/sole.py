"""Where a runner's sole meets the ground, and how stiff both are: from the motion of the foot and the force on the plates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import casadi as ca
import numpy as np
from scipy.optimize import least_squares

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.contact import Ground
from headway.simulation.equations import Equations
from headway.simulation.mean_step import MIRROR
from headway.simulation.runner_body import body_named, with_points

SOLES = ("heel", "ball")
"""Places under a foot in one piece."""
ROOM = 0.03
"""How far a sole point may move from where it was, forward and up, m."""
ASIDE = 0.03
"""And sideways, m."""
STIFFNESS = (40.0, 250.0)
"""Body weights per m."""
SLACK = 0.003
"""Size of errors in the measured height of the foot, m."""
ARM = 0.05
"""Moment arm at which a moment of the ground force counts like the force, m."""
LOADED = 0.1
"""Body weights above which an instant is used."""


@dataclass(frozen=True)
class Landing:
    """The right foot in stance.

    Attributes
    ----------
    q, v
        Coordinates and velocities at instants of stance, shape (n, coordinates).
    push
        Measured ground force, body weights, shape (n, 3).
    pressure
        Measured centre of pressure in the same frame, m, shape (n, 3).
    """

    q: FloatArray
    v: FloatArray
    push: FloatArray
    pressure: FloatArray

    def loaded(self) -> Landing:
        """Those instants at which the foot is loaded and the centre of pressure is known."""
        there = (self.push[:, 1] > LOADED) & np.isfinite(self.pressure).all(1)
        return Landing(self.q[there], self.v[there], self.push[there], self.pressure[there])


def fit_sole(skeleton: Skeleton, ground: Ground, landing: Landing) -> tuple[Skeleton, Ground]:
    """Find sole points and stiffness with which the contact law gives nearest the measured force and its place.

    Parameters
    ----------
    skeleton, ground
        To begin with; what is not fitted stays.
    landing
        What was measured.

    Notes
    -----
    Least squares of vertical force and its moments about the forward and right axes; the measured height of the foot may be off by
    ``SLACK`` at every instant, at a price.
    """
    landing = landing.loaded()
    count = len(landing.q)
    if count < 6:
        return skeleton, ground
    residual, slope = _functions(skeleton, ground, landing)
    points = body_named(skeleton, "foot_right").points
    first = np.concatenate([points[f"sole_{sole}_right"] for sole in SOLES])
    room = np.tile([ROOM, ROOM, ASIDE], len(SOLES))
    start = np.concatenate([first, [ground.stiffness / 100.0], np.zeros(count)])
    lower = np.concatenate([first - room, [STIFFNESS[0] / 100.0], np.full(count, -5 * SLACK)])
    upper = np.concatenate([first + room, [STIFFNESS[1] / 100.0], np.full(count, 5 * SLACK)])
    steep: Any = lambda x: np.asarray(slope(x))  # noqa: E731 - SciPy's types know only names here
    found = least_squares(lambda x: np.asarray(residual(x)).ravel(), start, steep, (lower, upper), x_scale="jac").x
    places = {sole: found[3 * k : 3 * k + 3] for k, sole in enumerate(SOLES)}
    moved = {
        f"foot_{side}": {f"sole_{sole}_{side}": place * mirror for sole, place in places.items()}
        for side, mirror in (("right", np.ones(3)), ("left", MIRROR))
    }
    return with_points(skeleton, moved), replace(ground, stiffness=float(found[6] * 100.0))


def _functions(skeleton: Skeleton, ground: Ground, landing: Landing) -> tuple[ca.Function, ca.Function]:
    """Residuals by sole points, stiffness and height errors, and their Jacobian."""
    equations, count = Equations(skeleton), len(landing.q)
    sole, stiffness, slack = ca.SX.sym("sole", 6), ca.SX.sym("stiffness"), ca.SX.sym("slack")
    soft = replace(ground, stiffness=stiffness * 100.0)
    seen = ca.SX.sym("seen", 6)
    total, about = ca.SX(0), ca.SX.zeros(2)
    turn, ankle = equations.rotation("foot_right"), equations.points["ankle_right"]
    for k in range(len(SOLES)):
        place = ankle + turn @ sole[3 * k : 3 * k + 3]
        up = soft.force(place + ca.vertcat(0, slack, 0), equations.velocity(place))[1]
        total += up
        about += up * (place[[0, 2]] - seen[[3, 5]])
    left = ca.vertcat(total - seen[1], about / ARM, 0.3 * slack / SLACK)
    one = ca.Function("one", [sole, stiffness, slack, equations.q, equations.v, seen], [left])
    x = ca.MX.sym("x", 7 + count)
    data = np.hstack([landing.push, landing.pressure])
    rows = [
        one(x[:6], x[6], x[7 + k], landing.q[k], landing.v[k], data[k]) for k in range(count)
    ]  # fmt: skip
    every = ca.vertcat(*rows)
    return ca.Function("residual", [x], [every]), ca.Function("slope", [x], [ca.jacobian(every, x)])
