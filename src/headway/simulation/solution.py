"""A solved running step: motion and forces at any time of a run made of it and its mirror images."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import casadi as ca
import numpy as np

from headway.body.skeleton import Skeleton
from headway.recording import FloatArray
from headway.simulation.conditions import Condition, neck_damping, neck_rest
from headway.simulation.contact import Ground
from headway.simulation.effort import CostFunction
from headway.simulation.splines import StepSplines, StrideSplines
from headway.simulation.step import HALVES, VariableLayout
from headway.simulation.step_model import StepModel
from headway.simulation.summary import Quality
from headway.simulation.tendons import rate_rows


@dataclass(frozen=True)
class State:
    """Motion and forces at some times.

    Attributes
    ----------
    time
        s, shape (n,).
    q, v, a
        Coordinates, velocities, accelerations, shape (n, coordinates); forward counts from midstance of the first step.
    forces
        Force of the ground on each sole point, N, shape (n, 3), by names such as ``sole_heel_right``.
    """

    time: FloatArray
    q: FloatArray
    v: FloatArray
    a: FloatArray
    forces: dict[str, FloatArray]


@dataclass(frozen=True)
class Solution:
    """One solved step.

    Attributes
    ----------
    skeleton
        Who runs.
    condition, cost
        What was asked and what was spared.
    ground
        Under the foot.
    intervals
        Spline intervals in the step.
    variables
        Spline coefficients, forces, step time and speed (:class:`headway.simulation.step.VariableLayout`).
    objective
        Value of the cost function.
    speed_price
        Derivative of the cost by speed, s/m.
    quality
        How well it is solved.
    multipliers
        Of the constraints, then of the variables' bounds, as IPOPT left them: with them a neighbour is found in fewer iterations. Not kept
        on disk.
    steps
        1 where the other step is the mirror image of this one; 2 where both are here (:class:`headway.simulation.stride.StrideProblem`).
    parts
        Where in the stride the right foot's part begins, and where the left one's, steps: halves but for a runner whose contacts do not
        fit into these.
    """

    skeleton: Skeleton
    condition: Condition
    cost: CostFunction
    ground: Ground
    intervals: int
    variables: FloatArray
    objective: float
    speed_price: float
    quality: Quality
    multipliers: FloatArray | None = field(default=None, compare=False, repr=False)
    steps: int = 1
    parts: tuple[float, float] = HALVES
    _made: dict[str, ca.Function] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """What is worth keeping: compiled functions are made anew."""
        return {one.name: {} if one.name == "_made" else getattr(self, one.name) for one in fields(self)}

    @cached_property
    def splines(self) -> StepSplines:
        """Its coordinates over the step."""
        return (StepSplines if self.steps == 1 else StrideSplines)(self.skeleton, self.intervals)

    @cached_property
    def model(self) -> StepModel:
        """Its equations."""
        return StepModel(self.skeleton, self.ground)

    @property
    def layout(self) -> VariableLayout:
        """Where things are among the decision variables."""
        return VariableLayout.of(self.splines)

    @property
    def step_time(self) -> float:
        """Time of a step, s."""
        return float(self.variables[self.layout.step_time])

    @property
    def speed(self) -> float:
        """m/s."""
        return float(self.variables[self.layout.speed])

    @property
    def neck(self) -> FloatArray:
        """Stiffness, damping and rest pitch of the neck."""
        return neck_values(self.skeleton, self.condition)

    @property
    def times(self) -> FloatArray:
        """The nodes at which the step was solved, s, shape (n,)."""
        return np.arange(self.layout.nodes) / (2 * self.intervals) * self.step_time

    @property
    def sole_force(self) -> FloatArray:
        """Forces under the right sole at the nodes (in the left foot's part of a stride the left one), body weights, shape (n, 3 * places)."""
        return self.variables[self.layout.forces].reshape(self.layout.nodes, -1)

    @property
    def tendon(self) -> tuple[FloatArray, FloatArray]:
        """Moments of the tendons at the nodes, in their units, and their rates, per second, shape (n, tendons) each."""
        layout = self.layout
        moments = self.variables[layout.moments]
        rates = rate_rows(layout.nodes, layout.tendons, self.steps) @ moments / self.step_time
        return moments.reshape(layout.nodes, -1), rates

    def state(self, time: FloatArray) -> State:
        """Motion and forces at any times; steps alternate, the right foot's first.

        Parameters
        ----------
        time
            s, shape (n,).
        """
        time = np.asarray(time, dtype=float)
        phase, coefficients = time / self.step_time, self.variables[: self.layout.coefficients]
        q, v, a = (self.splines.rows(phase, order) @ coefficients / self.step_time**order for order in range(3))
        q[:, 0] += self.speed * time
        v[:, 0] += self.speed
        return State(time, q, v, a, self.contact_forces(q, v))

    def contact_forces(self, q: FloatArray, v: FloatArray) -> dict[str, FloatArray]:
        """Forces on the sole points that the contact law gives, N, shape (n, 3) each; v is against the ground."""
        equations = self.model.equations
        names = [f"sole_{sole}_{side}" for side in ("right", "left") for sole in self.model.soles]
        laws = ca.vertcat(*(self.model.law(name) for name in names))
        forces = self.evaluate("laws", laws * self.model.weight, [equations.q, equations.v], [q, v])
        return {name: forces[:, 3 * k : 3 * k + 3] for k, name in enumerate(names)}

    def evaluate(self, key: str, expression: Any, symbols: list[Any], values: list[FloatArray]) -> FloatArray:
        """Values of an SX expression at many instants, shape (n, size); the compiled function is kept under ``key``."""
        if key not in self._made:
            self._made[key] = ca.Function("evaluate", symbols, [expression])
        function = self._made[key].map(len(values[0]))
        return np.asarray(function(*(value.T for value in values))).T

    def places(self, state: State) -> dict[str, FloatArray]:
        """Every point of the skeleton in space, m, shape (n, 3) each."""
        points = self.model.equations.points
        found = self.evaluate("points", ca.vertcat(*points.values()), [self.model.equations.q], [state.q])
        return {name: found[:, 3 * k : 3 * k + 3] for k, name in enumerate(points)}


def neck_values(skeleton: Skeleton, condition: Condition) -> FloatArray:
    """Stiffness (N·m/rad), damping (N·m·s/rad) and rest pitch (rad) of the neck in a condition."""
    stiffness = condition.neck_stiffness
    return np.array([stiffness, neck_damping(skeleton, stiffness), neck_rest(skeleton, stiffness)])
