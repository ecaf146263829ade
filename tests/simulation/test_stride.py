"""Two steps that need not be alike: a step and its mirror image are such a stride, and unequal legs make its halves differ."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("casadi")

from headway.simulation.balance import balances
from headway.simulation.bounds import constraint_bounds, violation
from headway.simulation.conditions import CONDITIONS
from headway.simulation.motion import replay
from headway.simulation.solve import parameter_values, solve_step
from headway.simulation.store import packed, unpacked
from headway.simulation.stride import (
    StrideProblem,
    exchanged,
    fitted,
    longer_leg,
    side_outcomes,
    unfolded,
    weaker_ankle,
)  # fmt: skip

OF_STANCE = (
    "contact_time",
    "flight_time",
    "step_length",
    "peak_vertical_grf",
    "propulsive_impulse",
    "ankle_plantarflexion_moment",
)
"""Outcomes that only the instants in which a foot stands tell."""


def test_a_step_and_its_mirror_image_are_a_stride(coarse):
    _, free = coarse
    stride, time = unfolded(free), np.linspace(0, 2 * free.step_time, 23)
    one, other = free.state(time), stride.state(time)
    assert np.abs(one.q - other.q).max() < 1e-12 and np.abs(one.a - other.a).max() < 1e-9
    assert np.abs(exchanged(stride).variables - stride.variables).max() < 1e-12
    kept = unpacked(packed(stride))
    assert kept.steps == 2 and np.array_equal(kept.variables, stride.variables)


def test_parts_of_the_feet_that_are_no_halves_change_nothing_while_the_stances_lie_in_them(coarse):
    stride = unfolded(coarse[1])
    other = replace(stride, parts=(-0.1, 0.95))
    assert exchanged(other).parts == pytest.approx((-0.05, 0.9))
    for side, legs in side_outcomes(other).items():
        for name in OF_STANCE:
            assert legs[name] == pytest.approx(side_outcomes(stride)[side][name], rel=0.01), (side, name)
    time = replay(other).time
    assert (time[0], time[-1]) == pytest.approx((-0.1 * stride.step_time, 0.95 * stride.step_time))
    problem = StrideProblem(stride.skeleton, stride.intervals, parts=other.parts)
    (_, right), (_, left) = problem.stances()
    assert sorted([*right, *left]) == list(range(problem.nodes)) and len(right) == 1.05 * problem.in_step


def test_a_longer_leg_and_a_weak_ankle_change_that_side_alone(coarse):
    skeleton = coarse[0].skeleton
    long = {body.name: body for body in longer_leg(skeleton, "left", 0.02).bodies}
    assert -long["foot_left"].offset[1] == pytest.approx(skeleton.lengths.shank + 0.02)
    assert -long["foot_right"].offset[1] == pytest.approx(skeleton.lengths.shank)
    weak = weaker_ankle(skeleton, "left", 0.7)
    strong, less = (one.coordinates[one.index("ankle_dorsiflexion_left")].strength for one in (skeleton, weak))
    assert less == pytest.approx((strong[0], 0.7 * strong[1]))
    again = exchanged(exchanged(replace(unfolded(coarse[1]), skeleton=weak))).skeleton
    assert again.coordinates[again.index("ankle_dorsiflexion_left")].strength == pytest.approx(less)


@pytest.mark.slow
def test_two_steps_of_a_symmetric_runner_cost_what_one_does(coarse):
    problem, free = coarse
    body = problem.skeleton
    stride = StrideProblem(body, problem.intervals)
    begun = unfolded(free)
    cost, constraints = stride.program.values(begun.variables, parameter_values(body, free.condition, free.cost))
    assert float(cost) == pytest.approx(free.objective, rel=1e-3)  # where the halves meet no change of force is counted
    assert violation(np.asarray(constraints).ravel(), *constraint_bounds(stride, CONDITIONS["free"])) < 1e-5


@pytest.mark.slow
def test_a_longer_leg_makes_the_steps_differ_and_the_laws_still_hold(coarse):
    problem, free = coarse
    body = longer_leg(problem.skeleton, "left", 0.02)
    stride = StrideProblem(body, problem.intervals)
    found = solve_step(stride, free.condition, free.cost, free.speed, start=fitted(free, body))
    assert found.quality.solved
    laws = balances(found)
    assert laws["ground_force"] < 1e-5 and laws["momentum"] < 5e-3 and laws["periodicity"] < 1e-6
    legs = side_outcomes(found)
    apart = {name: legs["left"][name] / legs["right"][name] - 1 for name in ("contact_time", "peak_vertical_grf")}
    assert max(abs(one) for one in apart.values()) > 0.01
