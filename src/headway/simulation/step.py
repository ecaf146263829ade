"""The optimal control problem of one running step: decision variables, equations of motion, contact, limits and costs.

The joint angles are splines (:mod:`headway.simulation.splines`), so velocities and accelerations follow from the coefficients. The
equations of motion are solved for the moments: the joints' are what the runner has to do, the six of the pelvis in space have to be zero.
Forces under the sole are decision variables of their own, tied to the motion by the contact law. Only the right foot touches in the step; the
left one does in the next, which is its mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import casadi as ca
import numpy as np
import scipy.sparse as sp

from headway.body.skeleton import Skeleton
from headway.recording import GRAVITY, FloatArray
from headway.simulation.blocks import BlockFamily, Program
from headway.simulation.contact import SOLES, Ground
from headway.simulation.effort import ROOT, Weights, effort, positive_power, relative_moments
from headway.simulation.equations import Equations
from headway.simulation.splines import StepSplines

FORCES = 3 * len(SOLES)
MIDDLE = 0.4
"""Where in the step the pelvis is lowest: midstance. Fixes the beginning of the step."""
CLEARANCE = 0.03
"""Least height of the swing foot, m."""
ANKLES_APART, KNEES_APART = 0.06, 0.08
"""Least lateral distance between the legs, m: each foot on its own side, no leg through the other."""
LEAST_INERTIA = 0.1
"""Inertia below which changing a moment becomes no cheaper, kg·m²: muscles take time whatever they carry."""
FREE = np.inf


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
    relative
        Moments over strength.
    """

    root: Any
    contact: Any
    moments: Any
    net: Any
    relative: Any


class StepModel:
    """Equations of one body on one ground.

    Attributes
    ----------
    neck
        Stiffness (N·m/rad), damping (N·m·s/rad) and rest pitch (rad) as SX of shape (3,).
    force
        Forces under heel and ball of the right foot, body weights, SX of shape (6,).
    """

    def __init__(self, skeleton: Skeleton, ground: Ground | None = None) -> None:
        self.skeleton, self.ground = skeleton, ground or Ground()
        self.equations = equations = Equations(skeleton)
        self.weight = skeleton.mass * GRAVITY
        self.force, self.neck = ca.SX.sym("force", FORCES), ca.SX.sym("neck", 3)
        q, v = equations.q, equations.v
        pushed = ca.SX.zeros(len(skeleton.names))
        law = []
        for k, sole in enumerate(SOLES):
            point = f"sole_{sole}_right"
            pushed += equations.pushed_by(point, self.force[3 * k : 3 * k + 3] * self.weight)
            law.append(self.law(point))
        self.contact = ca.vertcat(*law)
        left = equations.moments - pushed
        moments = (left - self._passive())[ROOT:]
        scale = self.weight * ca.DM([1, 1, 1, 0.3, 0.3, 0.3])
        relative = relative_moments(skeleton, moments, q, v)
        self.dynamics = StepDynamics(left[:ROOT] / scale, self.force - self.contact, moments, left[ROOT:], relative)

    def law(self, point: str) -> Any:
        """Force of the ground on a sole point, body weights."""
        place = self.equations.points[point]
        return self.ground.force(place, self.equations.velocity(place))

    def _passive(self) -> Any:
        """Moments of passive springs, and of the neck's spring and damper."""
        out = -ca.DM([one.stiffness for one in self.skeleton.coordinates]) * self.equations.q
        for name, rest in (("neck_pitch", self.neck[2]), ("neck_roll", 0)):
            k = self.skeleton.index(name)
            out[k] = -self.neck[0] * (self.equations.q[k] - rest) - self.neck[1] * self.equations.v[k]
        return out

    def trunk_lean(self) -> Any:
        """Angle of the line from pelvis centre to neck base with the vertical, rad, + forward (as ``trunk_lean``)."""
        points = self.equations.points
        corners = [points[f"{name}_{side}"] for name in ("asis", "psis") for side in ("left", "right")]
        line = points["neck_base"] - sum(corners, ca.SX.zeros(3)) / 4
        return ca.atan2(line[0], line[1])


@dataclass(frozen=True)
class VariableLayout:
    """Where things are among the decision variables: spline coefficients, forces of all nodes, step time, speed."""

    coefficients: int
    nodes: int

    @property
    def forces(self) -> slice:
        """Forces."""
        return slice(self.coefficients, self.coefficients + FORCES * self.nodes)

    @property
    def step_time(self) -> int:
        """Step time."""
        return self.coefficients + FORCES * self.nodes

    @property
    def speed(self) -> int:
        """Speed."""
        return self.step_time + 1

    @property
    def size(self) -> int:
        """Number of decision variables."""
        return self.step_time + 2


class StepProblem:
    """The program for one skeleton; conditions, costs and speed are bounds and parameters of it.

    Parameters
    ----------
    skeleton
        Who runs.
    intervals
        Spline intervals in the step; there are two nodes per interval.
    ground
        Under the foot.
    """

    def __init__(self, skeleton: Skeleton, intervals: int = 20, ground: Ground | None = None) -> None:
        self.skeleton, self.intervals = skeleton, intervals
        self.model = StepModel(skeleton, ground)
        self.splines = StepSplines(skeleton, intervals)
        self.nodes = 2 * intervals
        self.layout = VariableLayout(self.splines.size, self.nodes)
        self.middle = round(MIDDLE * self.nodes)
        self.weights = Weights(ca.SX.sym("weights", 6))
        self.parameters = ca.vertcat(self.weights.vector, self.model.neck)
        self._local = _Local(len(skeleton.names))

    @cached_property
    def phases(self) -> FloatArray:
        """Instants as shares of the step."""
        return np.arange(self.nodes) / self.nodes

    @cached_property
    def program(self) -> Program:
        """All families together."""
        return Program(self.families(), self.parameters)

    def families(self) -> list[BlockFamily]:
        """All families."""
        return [self._motion(), self._rate(), self._swing(), self._midstance(), self._means()]

    @cached_property
    def rows(self) -> sp.csc_matrix:
        """Matrix to the local variables of every node: q, its two derivatives by phase, forces, step time, speed."""
        n, layout = len(self.skeleton.names), self.layout
        out = np.zeros((self.nodes, self._local.size, layout.size))
        for order in range(3):
            out[:, order * n : (order + 1) * n, : layout.coefficients] = self.splines.rows(self.phases, order)
        for k in range(self.nodes):
            first = layout.coefficients + FORCES * k
            out[k, 3 * n : 3 * n + FORCES, first : first + FORCES] = np.eye(FORCES)
        out[:, -2, layout.step_time], out[:, -1, layout.speed] = 1.0, 1.0
        return sp.csc_matrix(out.reshape(-1, layout.size))

    def at_local(self, expressions: list[Any]) -> list[Any]:
        """Expressions of q, v, a and forces as expressions of the local variables of a node."""
        equations, local = self.model.equations, self._local
        old = [equations.q, equations.v, equations.a, self.model.force]
        return ca.substitute(expressions, old, [local.q, local.v, local.a, local.force])

    def _motion(self) -> BlockFamily:
        """Equations of motion, contact, limits and running costs at every node."""
        model, points = self.model, self.model.equations.points
        gaps = [points[f"{name}_right"][2] - points[f"{name}_left"][2] for name in ("ankle", "knee")]
        heights = [points[f"sole_{sole}_left"][1] for sole in SOLES]
        neck = [model.dynamics.relative[self.skeleton.index(name) - ROOT] for name in ("neck_pitch", "neck_roll")]
        head = points["head_centre"][2]
        constraints = ca.vertcat(model.dynamics.root, model.dynamics.contact, *heights, *gaps, *neck, head)
        cost, constraints = self.at_local([self._running_cost() / self.nodes, constraints])
        zero = [0.0] * (ROOT + FORCES)
        lower = [*zero, CLEARANCE, CLEARANCE, ANKLES_APART, KNEES_APART, -1.0, -1.0, -FREE]
        upper = [*zero, FREE, FREE, FREE, FREE, 1.0, 1.0, FREE]
        return BlockFamily("motion", self._local.all, cost, constraints, self.rows, np.array(lower), np.array(upper))

    def _running_cost(self) -> Any:
        w, model, equations = self.weights, self.model, self.model.equations
        q, v = equations.q, equations.v
        upright = [self.skeleton.index(name) for name in POSTURE]
        spin = equations.spin("head")
        return (
            effort(model.dynamics.relative, w.exponent)
            + w.work * positive_power(model.dynamics.moments, v, self.skeleton.mass)
            + w.posture * ca.sumsqr(q[upright])
            + w.gaze * ca.dot(spin, spin)
        )

    def _rate(self) -> BlockFamily:
        """Cost of changing the ground force."""
        layout, local = self.layout, ca.SX.sym("pair", 2 * FORCES + 1)
        out = np.zeros((self.nodes - 1, 2 * FORCES + 1, layout.size))
        for k in range(self.nodes - 1):
            first = layout.coefficients + FORCES * k
            out[k, : 2 * FORCES, first : first + 2 * FORCES] = np.eye(2 * FORCES)
        out[:, -1, layout.step_time] = 1.0
        change = (local[FORCES : 2 * FORCES] - local[:FORCES]) * self.nodes / local[-1]
        cost = self.weights.force_rate * ca.sumsqr(change) / self.nodes
        rows = sp.csc_matrix(out.reshape(-1, layout.size))
        return BlockFamily("rate", local, cost, ca.SX(0, 1), rows, np.zeros(0), np.zeros(0))

    def _swing(self) -> BlockFamily:
        """Cost of changing the joints' moments: inertia of what a joint carries times jerk, over strength."""
        layout, joints = self.layout, self.skeleton.coordinates[ROOT:]
        local = ca.SX.sym("swing", len(joints) + 1)
        out = np.zeros((self.nodes, len(joints) + 1, layout.size))
        out[:, :-1, : layout.coefficients] = self.splines.rows(self.phases, 3)[:, ROOT:]
        out[:, -1, layout.step_time] = 1.0
        strength = np.array([np.mean(one.strength) for one in joints])
        inertia = np.maximum(self.model.equations.carried_inertia()[ROOT:], LEAST_INERTIA)
        rate = local[:-1] * ca.DM(inertia / strength) / local[-1] ** 3
        cost = self.weights.moment_rate * ca.sumsqr(rate) / self.nodes
        rows = sp.csc_matrix(out.reshape(-1, layout.size))
        return BlockFamily("swing", local, cost, ca.SX(0, 1), rows, np.zeros(0), np.zeros(0))

    def _midstance(self) -> BlockFamily:
        """Where the step begins; neck base over the foot, and half the step width, at midstance."""
        points, equations = self.model.equations.points, self.model.equations
        foot = (points["sole_heel_right"][2] + points["sole_ball_right"][2]) / 2
        sinking = equations.v[self.skeleton.index("pelvis_up")]
        expressions = ca.vertcat(sinking, equations.q[0], points["neck_base"][2] - foot, 2 * foot)
        (constraints,) = self.at_local([expressions])
        size = self._local.size
        rows = self.rows.tocsr()[self.middle * size : (self.middle + 1) * size].tocsc()
        lower, upper = np.array([0, 0, -FREE, -FREE]), np.array([0, 0, FREE, FREE])
        return BlockFamily("midstance", self._local.all, ca.SX(0), constraints, rows, lower, upper)

    def _means(self) -> BlockFamily:
        """Mean trunk lean over the step."""
        (lean,) = self.at_local([self.model.trunk_lean() / self.nodes])
        free = np.array([-FREE]), np.array([FREE])
        return BlockFamily("means", self._local.all, ca.SX(0), lean, self.rows, *free, summed=True)


POSTURE = ("pelvis_roll", "pelvis_yaw", "lumbar_extension", "lumbar_bending", "lumbar_rotation")


class _Local:
    """Local variables of a node, and q, v, a made of them."""

    def __init__(self, n: int) -> None:
        self.size = 3 * n + FORCES + 2
        self.all = ca.SX.sym("local", self.size)
        step_time, speed = self.all[-2], self.all[-1]
        self.q, self.force = self.all[:n], self.all[3 * n : 3 * n + FORCES]
        self.v = self.all[n : 2 * n] / step_time
        self.v[0] += speed
        self.a = self.all[2 * n : 3 * n] / step_time**2
