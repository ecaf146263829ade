"""A running stride whose two steps need not be alike: a runner's own, or with one leg longer, one ankle weak."""

from __future__ import annotations

from dataclasses import replace

import casadi as ca
import numpy as np
import scipy.sparse as sp

from headway.body.sided import twin
from headway.body.skeleton import SIDE_SIGN, BodyTree, Skeleton
from headway.recording import Side
from headway.simulation.blocks import BlockFamily
from headway.simulation.contact import Ground
from headway.simulation.kinematics import posture
from headway.simulation.mean_stride import MIRROR
from headway.simulation.outcome import outcomes
from headway.simulation.solution import Solution
from headway.simulation.splines import StrideSplines
from headway.simulation.step import FREE, HALVES, StepProblem, of_right
from headway.simulation.step_model import StepModel

FEET = 1e4
"""Weight of the sole against other points: the ground gives by millimetres."""


class StrideProblem(StepProblem):
    """The program for two steps: the right foot may touch in the first, the left one in the second.

    Contact and flight within a foot's part of the stride are free, so the time from one contact to the next may differ. What a condition
    asks of midstance is asked of both feet, each a step apart.

    Parameters
    ----------
    skeleton, intervals, ground
        As of :class:`headway.simulation.step.StepProblem`; the mesh is that of a step.
    parts
        When the right foot's part of the stride begins, and when the left one's, steps.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        intervals: int = 20,
        ground: Ground | None = None,
        parts: tuple[float, float] = HALVES,
    ) -> None:
        super().__init__(skeleton, intervals, ground)
        self.parts = parts
        self.left = StepModel(skeleton, ground, "left")

    def _splines(self) -> StrideSplines:
        return StrideSplines(self.skeleton, self.intervals)

    def stances(self) -> list[tuple[StepModel, np.ndarray]]:
        """The right foot's part, then the left foot's."""
        right = of_right(self.phases, self.parts)
        return [(self.model, np.flatnonzero(right)), (self.left, np.flatnonzero(~right))]

    def _midstance(self) -> BlockFamily:
        """Where the stride begins; neck base over the right foot at its midstance, step width, and neck base over the left foot a step later."""
        size, first, second = self._local.size, self._local.all, ca.SX.sym("later", self._local.size)
        equations = self.model.equations
        sinking, ahead = equations.v[self.skeleton.index("pelvis_up")], equations.q[0]
        over = {side: self.over_foot(side) for side in SIDE_SIGN}
        (begins,) = self.at_local([ca.vertcat(sinking, ahead, *over["right"])])
        (ends,) = self.at_local([ca.vertcat(*over["left"])])
        ends = ca.substitute(ends, first, second)
        constraints = ca.vertcat(begins[:3], begins[3] - ends[1], ends[0])
        rows = self.rows.tocsr()
        nodes = (self.middle, self.middle + self.in_step)
        own = sp.vstack([rows[k * size : (k + 1) * size] for k in nodes]).tocsc()
        lower, upper = (np.array([0, 0, *[free] * 3]) for free in (-FREE, FREE))
        return BlockFamily("midstance", ca.vertcat(first, second), ca.SX(0), constraints, own, lower, upper)


def longer_leg(skeleton: Skeleton, side: Side, longer: float) -> Skeleton:
    """The skeleton with one shank longer (m; shorter if negative), its mass and inertia kept."""
    shank, foot = f"shank_{side}", f"foot_{side}"
    share = 1.0 + longer / skeleton.lengths.shank

    def changed(body: BodyTree) -> BodyTree:
        if body.name == shank:
            return replace(body, com=share * body.com, points={name: share * at for name, at in body.points.items()})
        return replace(body, offset=share * body.offset) if body.name == foot else body

    return replace(skeleton, bodies=tuple(changed(body) for body in skeleton.bodies))


def weaker_ankle(skeleton: Skeleton, side: Side, strength: float) -> Skeleton:
    """The skeleton with one ankle's greatest plantarflexion moment a share of what it was."""

    def changed(body: BodyTree) -> BodyTree:
        joints = tuple(
            replace(one, strength=(one.strength[0], strength * one.strength[1]))
            if one.name == f"ankle_dorsiflexion_{side}"
            else one
            for one in body.coordinates
        )
        return replace(body, coordinates=joints)

    return replace(skeleton, bodies=tuple(changed(body) for body in skeleton.bodies))


def fitted(solution: Solution, skeleton: Skeleton) -> Solution:
    """A step and its mirror image, or two steps, as two steps of another body to start from: its feet go where the first body's went."""
    stride = unfolded(solution) if solution.steps == 1 else solution
    phases = np.arange(4 * solution.intervals) / (2 * solution.intervals)
    places = solution.places(solution.state(phases * solution.step_time))
    travel = np.outer(phases * solution.step_time * solution.speed, [1.0, 0.0, 0.0])
    weights = dict.fromkeys(places, 1.0)
    weights |= {f"sole_{sole}_{side}": FEET for sole in solution.model.soles for side in SIDE_SIGN}
    paths = {name: place - travel for name, place in places.items()}
    variables, part = stride.variables.copy(), slice(0, stride.layout.coefficients)
    variables[part] = posture(skeleton, stride.splines, phases, paths, weights, variables[part])
    return replace(stride, skeleton=skeleton, variables=variables, multipliers=None)


def unfolded(solution: Solution) -> Solution:
    """A step and its mirror image as two steps."""
    skeleton = solution.skeleton
    splines, layout = StrideSplines(skeleton, solution.intervals), solution.layout
    order, sign = solution.skeleton.mirror
    own = solution.splines.columns
    waves = np.zeros((len(skeleton.names), 2 * solution.intervals))
    for k, name in enumerate(skeleton.names):
        twin = skeleton.names[int(order[k])]
        first, number = own[name if name in own else twin]
        part = solution.variables[first : first + number]
        if name not in own:
            waves[k] = np.roll(part, -solution.intervals)  # the left limb does the same a step later
        else:
            waves[k] = part if number == waves.shape[1] else np.concatenate([part, sign[k] * part])
    force = solution.sole_force
    tendon = solution.tendon[0]
    there = force.reshape(len(force), -1, 3) * MIRROR
    moments = np.vstack([tendon, np.roll(tendon, tendon.shape[1] // 2, axis=1)])
    parts = waves, force, there, moments, solution.variables[layout.step_time :]
    variables = np.concatenate([np.ravel(part) for part in parts])
    assert splines.size == waves.size
    return replace(solution, variables=variables, multipliers=None, steps=2)


def exchanged(solution: Solution) -> Solution:
    """Two steps seen in a mirror, beginning with the step that was the second: the left leg is the right one."""
    skeleton, layout, half = solution.skeleton, solution.layout, 2 * solution.intervals
    order, sign = skeleton.mirror
    places = order.astype(int)
    waves = solution.variables[: layout.coefficients].reshape(len(places), -1)
    waves = np.roll(waves[places] * sign[:, None], -solution.intervals, axis=1)
    force = np.roll(solution.sole_force.reshape(layout.nodes, -1, 3) * MIRROR, -half, axis=0)
    tendon = np.roll(solution.tendon[0], -half, axis=0)
    tendon = np.roll(tendon, tendon.shape[1] // 2, axis=1)
    parts = waves, force, tendon, solution.variables[layout.step_time :]
    return replace(
        solution,
        skeleton=_exchanged_body(skeleton),
        variables=np.concatenate([np.ravel(part) for part in parts]),
        multipliers=None,
        parts=(solution.parts[1] - 1.0, solution.parts[0] + 1.0),
    )


def mean_outcomes(solution: Solution) -> dict[str, float]:
    """Outcomes of a step, or of a stride as the mean of both legs'."""
    if solution.steps == 1:
        return outcomes(solution)
    left, right = side_outcomes(solution).values()
    return {name: (left[name] + right[name]) / 2 for name in left}


def side_outcomes(solution: Solution) -> dict[Side, dict[str, float]]:
    """Outcomes of a stride by the leg that stands; cadence and speed are those of both."""
    return {"right": outcomes(solution), "left": outcomes(exchanged(solution))}


def _exchanged_body(skeleton: Skeleton) -> Skeleton:
    """The skeleton in a mirror: what belonged to the left side is on the right."""
    bodies = {body.name: body for body in skeleton.bodies}

    def changed(body: BodyTree) -> BodyTree:
        there = bodies[twin(body.name)]
        joints = tuple(
            replace(one, strength=other.strength, lower=other.lower, upper=other.upper)
            for one, other in zip(body.coordinates, there.coordinates, strict=True)
        )
        points = {twin(name): place * MIRROR for name, place in there.points.items()}
        mass, inertia = there.mass, np.outer(MIRROR, MIRROR) * there.inertia
        offset, com = there.offset * MIRROR, there.com * MIRROR
        return replace(body, offset=offset, com=com, mass=mass, inertia=inertia, coordinates=joints, points=points)

    return replace(skeleton, bodies=tuple(changed(body) for body in skeleton.bodies))
