"""What a simulated step says: effort, ground force, moments and powers of the joints, load of hip and lumbar spine, head."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np

from headway.recording import GRAVITY, FloatArray
from headway.simulation.effort import ROOT, effort, positive_power
from headway.simulation.solution import Solution, State
from headway.simulation.step import of_right
from headway.simulation.step_model import StepModel
from headway.simulation.summary import StepOutcome

DENSE = 200
"""Instants in a step at which extremes are looked for."""
THRESHOLD = 50.0
"""N; the foot is in contact above it, as on an instrumented treadmill: the simulated foot leaves the ground brushing it."""


OUTCOMES = {
    "effort": StepOutcome("Effort: moments over strength, squared, mean over time", "1", "effort"),
    "positive_power": StepOutcome("Positive mechanical power of the joints' motors", "W/kg", "effort"),
    "work_per_metre": StepOutcome("Positive mechanical work of the motors per metre", "J/(kg·m)", "effort"),
    "cadence": StepOutcome("Cadence", "steps/min", "step"),
    "contact_time": StepOutcome("Contact time", "s", "step"),
    "flight_time": StepOutcome("Flight time", "s", "step"),
    "step_length": StepOutcome("Step length", "m", "step"),
    "step_width": StepOutcome("Step width", "m", "step"),
    "vertical_oscillation": StepOutcome("Vertical oscillation of the centre of mass", "m", "step"),
    "trunk_lean": StepOutcome("Mean trunk lean", "rad", "step"),
    "peak_vertical_grf": StepOutcome("Peak upward ground force", "BW", "ground force"),
    "peak_mediolateral_grf": StepOutcome("Peak sideways ground force, either way", "BW", "ground force"),
    "braking_impulse": StepOutcome("Braking impulse", "BW·s", "ground force"),
    "propulsive_impulse": StepOutcome("Propulsive impulse", "BW·s", "ground force"),
    "hip_extension_moment": StepOutcome("Peak hip extension moment", "N·m/kg", "joints"),
    "hip_abduction_moment": StepOutcome("Peak hip abduction moment", "N·m/kg", "joints"),
    "knee_extension_moment": StepOutcome("Peak knee extension moment", "N·m/kg", "joints"),
    "ankle_plantarflexion_moment": StepOutcome("Peak ankle plantarflexion moment", "N·m/kg", "joints"),
    "lumbar_bending_moment": StepOutcome("Peak side-bending moment at the lumbar spine", "N·m/kg", "joints"),
    "lumbar_extension_moment": StepOutcome("Peak extension moment at the lumbar spine", "N·m/kg", "joints"),
    "hip_power": StepOutcome("Peak hip power (flexion and extension)", "W/kg", "joints"),
    "knee_power": StepOutcome("Peak knee power", "W/kg", "joints"),
    "ankle_power": StepOutcome("Peak ankle power", "W/kg", "joints"),
    "hip_adduction": StepOutcome("Peak hip adduction in stance", "rad", "joints"),
    "neck_moment": StepOutcome("Peak active neck moment", "N·m", "head"),
    "head_lateral_amplitude": StepOutcome("Sideways amplitude of the head", "m", "head"),
    "neck_base_lateral_amplitude": StepOutcome("Sideways amplitude of the neck base", "m", "head"),
    "head_roll_range": StepOutcome("Roll of the head in space, peak to peak", "rad", "head"),
}
"""What the outcomes mean, by name."""


def outcomes(solution: Solution) -> dict[str, float]:
    """All :data:`OUTCOMES` of a solved step, by name; values of the right leg, whose stance the step holds."""
    time = (solution.parts[0] + np.arange(2 * DENSE) / DENSE) * solution.step_time
    state = solution.state(time)
    first = slice(0, round((solution.parts[1] - solution.parts[0]) * DENSE))
    force = total_force(state) / (solution.skeleton.mass * GRAVITY)
    running = effort_and_power(solution)
    out = {"effort": running[0], "positive_power": running[1], "work_per_metre": running[1] / solution.speed}
    out |= _step(solution, state, force, first.stop)
    out |= _ground(solution, force[first])
    out |= _joints(solution, state, first)
    out |= _head(solution, state)
    return {name: out[name] for name in OUTCOMES}


def total_force(state: State) -> FloatArray:
    """Ground force on the runner, N, shape (n, 3)."""
    return sum(state.forces.values(), np.zeros((len(state.time), 3)))


def effort_and_power(solution: Solution) -> tuple[float, float]:
    """Squared effort and positive power (W/kg), means over the right foot's step; the same measure whatever cost was spared."""
    model = solution.model
    dynamics = model.dynamics
    both = ca.vertcat(
        effort(dynamics.relative, ca.DM(2.0)), positive_power(model.pulled, dynamics.speeds, solution.skeleton.mass)
    )
    step = of_right(solution.times / solution.step_time, solution.parts)
    state = solution.state(solution.times[step])
    values = solution.evaluate(
        "running",
        both,
        [*_symbols(model), model.tendon, model.tendon_rate],
        [*_values(solution, state), *(one[step] for one in solution.tendon)],
    )
    return float(values[:, 0].mean()), float(values[:, 1].mean())


def moments(solution: Solution, state: State, *, active: bool = False) -> FloatArray:
    """Net joint moments, N·m, shape (n, joints), or those of the motors alone, without passive springs and dampers.

    Only the right foot's contact is in the equations: ask for times within its part of the stride.
    """
    dynamics = solution.model.dynamics
    if active:
        return _at(solution, state, "active moments", dynamics.moments)
    return _at(solution, state, "net moments", dynamics.net)


def contact_times(time: FloatArray, force: FloatArray) -> tuple[float, float]:
    """Crossings of 50 N by an upward force (N, shape (n,)) before and after its greatest value, s, by linear interpolation.

    NaN where it never rises above, or does not begin and end below.
    """
    top = int(np.argmax(force))
    before, after = np.flatnonzero(force[:top] <= THRESHOLD), np.flatnonzero(force[top:] <= THRESHOLD)
    if force[top] <= THRESHOLD or not len(before) or not len(after):
        return float("nan"), float("nan")

    def crossing(a: int, b: int) -> float:
        return float(time[a] + (time[b] - time[a]) * (THRESHOLD - force[a]) / (force[b] - force[a]))

    on, off = int(before[-1]), top + int(after[0])
    return crossing(on, on + 1), crossing(off - 1, off)


def _at(solution: Solution, state: State, key: str, expression: object) -> FloatArray:
    return solution.evaluate(key, expression, _symbols(solution.model), _values(solution, state))


def _symbols(model: StepModel) -> list[Any]:
    return [model.equations.q, model.equations.v, model.equations.a, model.force, model.neck]


def _values(solution: Solution, state: State) -> list[FloatArray]:
    force = np.hstack([state.forces[f"sole_{sole}_right"] for sole in solution.model.soles]) / solution.model.weight
    return [state.q, state.v, state.a, force, np.tile(solution.neck, (len(state.time), 1))]


def _step(solution: Solution, state: State, force: FloatArray, other: int) -> dict[str, float]:
    model, weight = solution.model, solution.model.weight
    start, stop = contact_times(state.time[:other], force[:other, 1] * weight)
    following, _ = contact_times(state.time[other:], force[other:, 1] * weight)
    contact = stop - start
    symbols = [model.equations.q]
    height = solution.evaluate("com", model.equations.centre_of_mass(), symbols, [state.q])[:, 1]
    lean = solution.evaluate("lean", model.trunk_lean(), symbols, [state.q])
    places = solution.places(state)
    feet = [
        _loaded_place(force[part, 1], *(places[f"sole_{sole}_{side}"][part, 2] for sole in ("heel", "ball")))
        for side, part in (("right", slice(0, other)), ("left", slice(other, None)))
    ]
    return {
        "cadence": 60.0 / solution.step_time,
        "contact_time": contact,
        "flight_time": following - stop,
        "step_length": solution.speed * (following - start),
        "step_width": feet[0] - feet[1],
        "vertical_oscillation": float(np.ptp(height)),
        "trunk_lean": float(lean.mean()),
    }


def _loaded_place(up: FloatArray, heel: FloatArray, ball: FloatArray) -> float:
    """Mean sideways place of a foot over its stance, each instant as much as it carries, m."""
    return float(up @ (heel + ball) / 2 / max(up.sum(), 1e-9))


def _ground(solution: Solution, force: FloatArray) -> dict[str, float]:
    step = solution.step_time / DENSE
    return {
        "peak_vertical_grf": float(force[:, 1].max()),
        "peak_mediolateral_grf": float(np.abs(force[:, 2]).max()),
        "braking_impulse": float(np.minimum(force[:, 0], 0).sum() * step),
        "propulsive_impulse": float(np.maximum(force[:, 0], 0).sum() * step),
    }


def _joints(solution: Solution, state: State, first: slice) -> dict[str, float]:
    skeleton, mass = solution.skeleton, solution.skeleton.mass
    stance = State(state.time[first], state.q[first], state.v[first], state.a[first],
                   {name: force[first] for name, force in state.forces.items()})  # fmt: skip
    found = moments(solution, stance) / mass
    active = moments(solution, stance, active=True)
    neck = [active[:, skeleton.index(name) - ROOT] for name in ("neck_pitch", "neck_roll")]

    def of(name: str) -> FloatArray:
        return found[:, skeleton.index(name) - ROOT]

    def power(name: str) -> float:
        return float((of(name) * stance.v[:, skeleton.index(name)]).max())

    loaded = total_force(stance)[:, 1] > THRESHOLD
    adduction = stance.q[loaded, skeleton.index("hip_adduction_right")]
    return {
        "hip_extension_moment": float(-of("hip_flexion_right").min()),
        "hip_abduction_moment": float(-of("hip_adduction_right").min()),
        "knee_extension_moment": float(-of("knee_flexion_right").min()),
        "ankle_plantarflexion_moment": float(-of("ankle_dorsiflexion_right").min()),
        "lumbar_bending_moment": float(np.abs(of("lumbar_bending")).max()),
        "lumbar_extension_moment": float(of("lumbar_extension").max()),
        "hip_power": power("hip_flexion_right"),
        "knee_power": power("knee_flexion_right"),
        "ankle_power": power("ankle_dorsiflexion_right"),
        "hip_adduction": float(adduction.max()) if len(adduction) else float("nan"),
        "neck_moment": float(np.hypot(*neck).max()),
    }


def _head(solution: Solution, state: State) -> dict[str, float]:
    places = solution.places(state)
    rotation = solution.model.equations.rotation("head")
    axis = solution.evaluate("head axis", rotation[:, 1], [solution.model.equations.q], [state.q])
    roll = np.arctan2(axis[:, 2], axis[:, 1])
    return {
        "head_lateral_amplitude": _amplitude(places["head_centre"][:, 2]),
        "neck_base_lateral_amplitude": _amplitude(places["neck_base"][:, 2]),
        "head_roll_range": float(np.ptp(roll)),
    }


def _amplitude(values: FloatArray) -> float:
    """Amplitude at stride frequency over one whole stride (D42)."""
    return float(2 * np.abs(np.fft.rfft(values)[1]) / len(values))
