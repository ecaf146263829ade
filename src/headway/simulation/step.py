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

from headway.body.skeleton import SIDE_SIGN, Skeleton
from headway.recording import FloatArray, Side
from headway.simulation.blocks import BlockFamily, Program
from headway.simulation.conditions import SHOULDERS
from headway.simulation.contact import Ground, soles_of
from headway.simulation.effort import ROOT, Weights, effort, positive_power
from headway.simulation.splines import StepSplines
from headway.simulation.step_model import StepModel
from headway.simulation.tendons import rate_rows, with_tendons

MIDDLE = 0.4
"""Where in the step the pelvis is lowest: midstance. Fixes the beginning of the step."""
CLEARANCE = 0.03
"""Least height of the swing foot, m."""
ANKLES_APART, KNEES_APART = 0.06, 0.08
"""Least lateral distance between the legs, m: each foot on its own side, no leg through the other."""
LEAST_SWING = 8e-4
"""Inertia over strength below which changing a moment becomes no cheaper, s²: muscles take time whatever they carry."""
FREE = np.inf
HALVES = (0.0, 1.0)
"""Where the right foot's part of a stride begins, and where the left one's, of steps that are as long as each other; steps."""


def of_right(phases: FloatArray, parts: tuple[float, float]) -> np.ndarray:
    """Whether instants (steps since the beginning, shape (n,)) are in the right foot's part of a stride."""
    return np.mod(phases - parts[0], 2) < parts[1] - parts[0]


@dataclass(frozen=True)
class VariableLayout:
    """Where things are among the decision variables: spline coefficients, at all nodes forces and then moments of tendons, step time, speed.

    Attributes
    ----------
    coefficients, nodes
        Numbers of them.
    pushes, tendons
        Numbers at a node: components of force, and moments.
    """

    coefficients: int
    nodes: int
    pushes: int
    tendons: int

    @classmethod
    def of(cls, splines: StepSplines) -> VariableLayout:
        """Of the step of these splines' skeleton."""
        skeleton = splines.skeleton
        return cls(
            splines.size,
            2 * splines.intervals * splines.steps,
            3 * len(soles_of(skeleton)),
            len(with_tendons(skeleton)),
        )

    @property
    def forces(self) -> slice:
        """Forces."""
        return slice(self.coefficients, self.coefficients + self.pushes * self.nodes)

    @property
    def moments(self) -> slice:
        """Moments of tendons."""
        return slice(self.forces.stop, self.forces.stop + self.tendons * self.nodes)

    @property
    def step_time(self) -> int:
        """Step time."""
        return self.moments.stop

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

    parts = HALVES

    def __init__(self, skeleton: Skeleton, intervals: int = 20, ground: Ground | None = None) -> None:
        self.skeleton, self.intervals = skeleton, intervals
        self.model = StepModel(skeleton, ground)
        self.splines = self._splines()
        self.layout = VariableLayout.of(self.splines)
        self.nodes, self.in_step = self.layout.nodes, 2 * intervals
        self.middle = round(MIDDLE * self.in_step)
        self.weights = Weights(ca.SX.sym("weights", 6))
        self.shoulders = ca.SX.sym("shoulders")
        self.parameters = ca.vertcat(self.weights.vector, self.model.neck, self.shoulders)
        self._local = _Local(len(skeleton.names), self.layout)

    def _splines(self) -> StepSplines:
        return StepSplines(self.skeleton, self.intervals)

    @cached_property
    def phases(self) -> FloatArray:
        """Instants as shares of the step."""
        return np.arange(self.nodes) / self.in_step

    @cached_property
    def program(self) -> Program:
        """All families together."""
        return Program(self.families(), self.parameters)

    def families(self) -> list[BlockFamily]:
        """All families."""
        motion = [self._motion(*stance) for stance in self.stances()]
        return [*motion, self._rate(), self._swing(), self._midstance(), self._means()]

    @cached_property
    def rows(self) -> sp.csc_matrix:
        """Matrix to the local variables of every node: see :class:`_Local`."""
        n, layout = len(self.skeleton.names), self.layout
        out = np.zeros((self.nodes, self._local.size, layout.size))
        for order in range(3):
            out[:, order * n : (order + 1) * n, : layout.coefficients] = self.splines.rows(self.phases, order)
        place = 3 * n
        for part, number in ((layout.forces, layout.pushes), (layout.moments, layout.tendons)):
            own = np.eye(number * self.nodes).reshape(self.nodes, number, -1)
            out[:, place : place + number, part] = own
            place += number
        out[:, place : place + layout.tendons, layout.moments] = rate_rows(
            self.nodes, layout.tendons, self.splines.steps
        )
        out[:, -2, layout.step_time], out[:, -1, layout.speed] = 1.0, 1.0
        return sp.csc_matrix(out.reshape(-1, layout.size))

    def at_local(self, expressions: list[Any], model: StepModel | None = None) -> list[Any]:
        """Expressions of motion, forces and tendons as expressions of the local variables of a node."""
        model, local = model or self.model, self._local
        equations = model.equations
        old = [equations.q, equations.v, equations.a, model.force, model.tendon, model.tendon_rate, model.neck]
        new = [local.q, local.v, local.a, local.force, local.tendon, local.tendon_rate, self.model.neck]
        return ca.substitute(expressions, old, new)

    def taut(self, variables: FloatArray) -> FloatArray:
        """Decision variables with the moments of the tendons that motion and forces need."""
        local, found = self._local, np.zeros((self.nodes, self.layout.tendons))
        at = (self.rows @ variables).reshape(self.nodes, -1)
        for model, nodes in self.stances():
            (missing,) = self.at_local([model.dynamics.tendons + model.tendon], model)
            needs = ca.Function("needs", [local.all, self.model.neck], [missing]).map(len(at[nodes]))
            found[nodes] = np.asarray(needs(at[nodes].T, np.zeros((3, len(nodes))))).T
        out = variables.copy()
        out[self.layout.moments] = found.ravel()
        return out

    def stances(self) -> list[tuple[StepModel, np.ndarray]]:
        """The equations with the foot that the ground pushes, and the nodes at which they hold."""
        return [(self.model, np.arange(self.nodes))]

    def _motion(self, model: StepModel, nodes: np.ndarray) -> BlockFamily:
        """Equations of motion, contact, limits and running costs at the nodes with one foot in stance."""
        points, other = model.equations.points, "left" if model.side == "right" else "right"
        gaps = [points[f"{name}_right"][2] - points[f"{name}_left"][2] for name in ("ankle", "knee")]
        heights = [points[f"sole_{sole}_{other}"][1] for sole in model.soles]
        neck = [model.dynamics.relative[self.skeleton.index(name) - ROOT] for name in ("neck_pitch", "neck_roll")]
        head = points["head_centre"][2]
        laws = ca.vertcat(model.dynamics.root, model.dynamics.contact, model.dynamics.tendons)
        constraints = ca.vertcat(laws, *heights, *gaps, *neck, head)
        cost, constraints = self.at_local([self._running_cost(model) / self.nodes, constraints], model)
        zero, high = [0.0] * laws.shape[0], [CLEARANCE] * len(heights)
        lower = [*zero, *high, ANKLES_APART, KNEES_APART, -1.0, -1.0, -FREE]
        upper = [*zero, *[FREE] * len(high), FREE, FREE, 1.0, 1.0, FREE]
        size = self._local.size
        rows = self.rows.tocsr()[np.add.outer(nodes * size, np.arange(size)).ravel()].tocsc()
        return BlockFamily("motion", self._local.all, cost, constraints, rows, np.array(lower), np.array(upper))

    def _running_cost(self, model: StepModel) -> Any:
        w, equations = self.weights, model.equations
        q = equations.q
        places = [self.skeleton.index(name) for name in POSTURE]
        bent = q[places] - ca.DM(list(POSTURE.values()))
        spin = equations.spin("head")
        hung = [self.skeleton.index(f"{name}_{side}") - ROOT for name in SHOULDERS for side in SIDE_SIGN]
        return (
            effort(model.dynamics.relative, w.exponent)
            + w.work * positive_power(model.pulled, model.dynamics.speeds, self.skeleton.mass)
            + w.moment_rate * ca.sumsqr(model.tendon_rate)
            + w.posture * ca.sumsqr(bent)
            + w.gaze * ca.dot(spin, spin)
            + self.shoulders * ca.sumsqr(model.dynamics.relative[hung])
        )

    def _rate(self) -> BlockFamily:
        """Cost of changing the ground force."""
        layout, pushes = self.layout, self.layout.pushes
        local = ca.SX.sym("pair", 2 * pushes + 1)
        out = np.zeros((self.nodes - 1, 2 * pushes + 1, layout.size))
        for k in range(self.nodes - 1):
            first = layout.coefficients + pushes * k
            out[k, : 2 * pushes, first : first + 2 * pushes] = np.eye(2 * pushes)
        out[:, -1, layout.step_time] = 1.0
        change = (local[pushes : 2 * pushes] - local[:pushes]) * self.in_step / local[-1]
        cost = self.weights.force_rate * ca.sumsqr(change) / self.nodes
        rows = sp.csc_matrix(out.reshape(-1, layout.size))
        return BlockFamily("rate", local, cost, ca.SX(0, 1), rows, np.zeros(0), np.zeros(0))

    def _swing(self) -> BlockFamily:
        """Cost of changing the moments of joints without tendons: inertia of what a joint carries times jerk, over strength."""
        layout, tendons = self.layout, with_tendons(self.skeleton)
        joints = [one for one in self.skeleton.coordinates[ROOT:] if one.name not in tendons]
        places = [self.skeleton.index(one.name) for one in joints]
        local = ca.SX.sym("swing", len(joints) + 1)
        out = np.zeros((self.nodes, len(joints) + 1, layout.size))
        out[:, :-1, : layout.coefficients] = self.splines.rows(self.phases, 3)[:, places]
        out[:, -1, layout.step_time] = 1.0
        strength = np.array([np.mean(one.strength) for one in joints])
        swing = np.maximum(self.model.equations.carried_inertia()[places] / strength, LEAST_SWING)
        rate = local[:-1] * ca.DM(swing) / local[-1] ** 3
        cost = self.weights.moment_rate * ca.sumsqr(rate) / self.nodes
        rows = sp.csc_matrix(out.reshape(-1, layout.size))
        return BlockFamily("swing", local, cost, ca.SX(0, 1), rows, np.zeros(0), np.zeros(0))

    def _midstance(self) -> BlockFamily:
        """Where the step begins; neck base over the foot, and half the step width, at midstance."""
        equations, (neck, foot) = self.model.equations, self.over_foot("right")
        sinking = equations.v[self.skeleton.index("pelvis_up")]
        expressions = ca.vertcat(sinking, equations.q[0], neck, 2 * foot)
        (constraints,) = self.at_local([expressions])
        size = self._local.size
        rows = self.rows.tocsr()[self.middle * size : (self.middle + 1) * size].tocsc()
        lower, upper = np.array([0, 0, -FREE, -FREE]), np.array([0, 0, FREE, FREE])
        return BlockFamily("midstance", self._local.all, ca.SX(0), constraints, rows, lower, upper)

    def over_foot(self, side: Side) -> tuple[Any, Any]:
        """How far the neck base is to the right of a foot, and where that foot is, m."""
        points = self.model.equations.points
        foot = (points[f"sole_heel_{side}"][2] + points[f"sole_ball_{side}"][2]) / 2
        return points["neck_base"][2] - foot, foot

    def _means(self) -> BlockFamily:
        """Mean trunk lean over the step."""
        (lean,) = self.at_local([self.model.trunk_lean() / self.nodes])
        free = np.array([-FREE]), np.array([FREE])
        return BlockFamily("means", self._local.all, ca.SX(0), lean, self.rows, *free, summed=True)


POSTURE = {
    "pelvis_pitch": float(np.radians(-17)),
    "pelvis_roll": 0.0,
    "pelvis_yaw": 0.0,
    "lumbar_extension": float(np.radians(10)),
    "lumbar_bending": 0.0,
    "lumbar_rotation": 0.0,
}
"""Where pelvis and lumbar spine are kept in running, rad; set by hand: the pelvis tilted forward, the spine above it arched."""


class _Local:
    """Local variables of a node, and what is made of them.

    They are q, its two derivatives by phase, forces, moments of tendons, their rates by phase, step time and speed.
    """

    def __init__(self, n: int, layout: VariableLayout) -> None:
        self.size = 3 * n + layout.pushes + 2 * layout.tendons + 2
        self.all = ca.SX.sym("local", self.size)
        step_time, speed = self.all[-2], self.all[-1]
        cuts = np.cumsum([3 * n, layout.pushes, layout.tendons, layout.tendons]).tolist()
        self.q, self.force = self.all[:n], self.all[cuts[0] : cuts[1]]
        self.tendon, self.tendon_rate = self.all[cuts[1] : cuts[2]], self.all[cuts[2] : cuts[3]] / step_time
        self.v = self.all[n : 2 * n] / step_time
        self.v[0] += speed
        self.a = self.all[2 * n : 3 * n] / step_time**2
