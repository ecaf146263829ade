"""Independent checks of a solved step: force, momentum and energy balances, mirrored repetition, and what happens between the nodes."""

from __future__ import annotations

import casadi as ca
import numpy as np

from headway.recording import GRAVITY, FloatArray
from headway.simulation.effort import ROOT
from headway.simulation.outcome import total_force
from headway.simulation.solution import Solution, State

DENSE = 720
"""Instants in the step for the balances."""


def balances(solution: Solution) -> dict[str, float]:
    """How far the step is from the laws it has to obey.

    Returns
    -------
    dict
        ``ground_force``: greatest difference of the ground force and Σ m(a − g) at the nodes, body weights; ``between``: RMS of the
        same between the nodes, body weights; ``momentum``: mean upward force over weight less 1, or mean forward force over weight;
        ``energy``: work of joints, neck and ground over the step less the change of energy, over the work done either way;
        ``periodicity``: greatest difference of the end and the mirrored beginning, m or rad (velocities: per step time); of two steps
        that of the end and the beginning.
    """
    weight = solution.skeleton.mass * GRAVITY
    at = solution.state(solution.times)
    solved = solution.sole_force.reshape(len(solution.times), -1, 3).sum(1)
    time = np.arange(DENSE) / DENSE * solution.steps * solution.step_time
    dense = solution.state(time)
    force = total_force(dense) / weight
    between = force - inertial_force(solution, dense) / weight
    return {
        "ground_force": float(np.abs(solved - inertial_force(solution, at) / weight).max()),
        "between": float(np.sqrt((between**2).sum(axis=1).mean())),
        "momentum": float(max(abs(force[:, 1].mean() - 1.0), abs(force[:, 0].mean()))),
        "energy": _energy(solution, dense),
        "periodicity": _periodicity(solution),
    }


def inertial_force(solution: Solution, state: State) -> FloatArray:
    """Σ m(a − g), N, shape (n, 3): from the motion of the centre of mass, not from the equations that were solved."""
    equations = solution.model.equations
    centre = equations.centre_of_mass()
    speed = ca.jtimes(centre, equations.q, equations.v)
    acceleration = ca.jtimes(speed, equations.q, equations.v) + ca.jtimes(centre, equations.q, equations.a)
    symbols = [equations.q, equations.v, equations.a]
    found = solution.evaluate("com acceleration", acceleration, symbols, [state.q, state.v, state.a])
    return solution.skeleton.mass * (found + np.array([0.0, GRAVITY, 0.0]))


def _energy(solution: Solution, state: State) -> float:
    equations, model = solution.model.equations, solution.model
    energy = equations.energy()
    flow = ca.jtimes(energy, equations.q, equations.v) + ca.jtimes(energy, equations.v, equations.a)
    contact = ca.SX(0)
    for side in ("right", "left"):
        for sole in model.soles:
            name = f"sole_{sole}_{side}"
            contact += model.weight * ca.dot(model.law(name), equations.velocity(equations.points[name]))
    joints = equations.moments[ROOT:] - _pushed(solution)[ROOT:]
    work = ca.vertcat(flow, contact, ca.dot(joints, equations.v[ROOT:]))
    symbols = [equations.q, equations.v, equations.a]
    found = solution.evaluate("power", work, symbols, [state.q, state.v, state.a])
    return float(abs((found[:, 1] + found[:, 2] - found[:, 0]).mean()) / np.abs(found[:, 2]).mean())


def _pushed(solution: Solution) -> ca.SX:
    """Generalised forces of the ground as the contact law gives them."""
    model = solution.model
    out = ca.SX.zeros(len(solution.skeleton.names))
    for side in ("right", "left"):
        for sole in model.soles:
            name = f"sole_{sole}_{side}"
            out += model.equations.pushed_by(name, model.law(name) * model.weight)
    return out


def _periodicity(solution: Solution) -> float:
    order, sign = solution.skeleton.mirror if solution.steps == 1 else (np.arange(len(solution.skeleton.names)), 1.0)
    period = solution.steps * solution.step_time
    ends = solution.state(np.array([0.0, period]))
    first, last = ends.q.copy(), ends.q[1]
    last[0] -= solution.speed * period
    turned = first[0][order.astype(int)] * sign
    speeds = (ends.v[0][order.astype(int)] * sign - ends.v[1]) * solution.step_time
    return float(max(np.abs(turned - last).max(), np.abs(speeds).max()))
