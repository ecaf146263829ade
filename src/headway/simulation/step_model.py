"""Equations of one body on one ground at one instant of a step: contact, moments, tendons, and what is missing to equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import casadi as ca

from headway.body.skeleton import Skeleton
from headway.recording import GRAVITY, Side
from headway.simulation.contact import Ground, soles_of
from headway.simulation.effort import ROOT, relative_moments
from headway.simulation.equations import Equations
from headway.simulation.passive import passive_moments
from headway.simulation.tendons import tendon_stiffness, tendon_units, with_tendons


@dataclass(frozen=True)
class StepDynamics:
    """Everything at one instant, as SX of q, v, a and the forces (body weights).

    Attributes
    ----------
    root
        What is missing to equilibrium of the pelvis in space, shares of body weight.
    contact
        Force under the sole less what the contact law gives, body weights.
    moments
        Active moments of the joints, N·m: without passive springs and the neck's damper.
    net
        All that acts at the joints, N·m, as inverse dynamics of a recording gives it.
    tendons
        What the moments of the tendons differ by from those that the motion needs, in their units.
    speeds
        Of the motors, rad/s: the joints', and where there is a tendon that at which it is stretched.
    relative
        Moments over strength.
    """

    root: Any
    contact: Any
    moments: Any
    net: Any
    tendons: Any
    speeds: Any
    relative: Any


class StepModel:
    """Equations of one body on one ground.

    Attributes
    ----------
    side
        The foot that the ground pushes.
    neck
        Stiffness (N·m/rad), damping (N·m·s/rad) and rest pitch (rad) as SX of shape (3,).
    soles
        Names of the places under a foot.
    force
        Forces under these places of the stance foot, body weights, SX of shape (3 * places,).
    tendon, tendon_rate
        Moments of the tendons (:func:`headway.simulation.tendons.with_tendons`) in their units, and what they change by per second, SX.
    """

    def __init__(self, skeleton: Skeleton, ground: Ground | None = None, side: Side = "right") -> None:
        self.skeleton, self.ground, self.side = skeleton, ground or Ground(), side
        self.equations = equations = Equations(skeleton)
        self.weight = skeleton.mass * GRAVITY
        self.soles = soles_of(skeleton)
        units = ca.DM(tendon_units(skeleton))
        self.force, self.neck = ca.SX.sym("force", 3 * len(self.soles)), ca.SX.sym("neck", 3)
        self.tendon, self.tendon_rate = (ca.SX.sym(name, units.shape[0]) for name in ("tendon", "tendon_rate"))
        q, v = equations.q, equations.v
        pushed = ca.SX.zeros(len(skeleton.names))
        law = []
        for k, sole in enumerate(self.soles):
            point = f"sole_{sole}_{side}"
            pushed += equations.pushed_by(point, self.force[3 * k : 3 * k + 3] * self.weight)
            law.append(self.law(point))
        self.contact = ca.vertcat(*law)
        left = equations.moments - pushed
        moments = (left - passive_moments(skeleton, q, v, self.neck))[ROOT:]
        scale = self.weight * ca.DM([1, 1, 1, 0.3, 0.3, 0.3])
        pulled, speeds = ca.SX(moments), ca.SX(v)
        places = [skeleton.index(name) for name in with_tendons(skeleton)]
        pulled[[k - ROOT for k in places]] = self.tendon * units
        speeds[places] = v[places] + self.tendon_rate * units / ca.DM(tendon_stiffness(skeleton))
        tendons = moments[[k - ROOT for k in places]] / units - self.tendon
        relative = relative_moments(skeleton, pulled, q, speeds)
        self.pulled = pulled
        self.dynamics = StepDynamics(
            left[:ROOT] / scale, self.force - self.contact, moments, left[ROOT:], tendons, speeds, relative
        )

    def law(self, point: str) -> Any:
        """Force of the ground on a sole point, body weights."""
        place = self.equations.points[point]
        return self.ground.force(place, self.equations.velocity(place))

    def trunk_lean(self) -> Any:
        """Angle of the line from pelvis centre to neck base with the vertical, rad, + forward (as ``trunk_lean``)."""
        points = self.equations.points
        corners = [points[f"{name}_{side}"] for name in ("asis", "psis") for side in ("left", "right")]
        line = points["neck_base"] - sum(corners, ca.SX.zeros(3)) / 4
        return ca.atan2(line[0], line[1])
