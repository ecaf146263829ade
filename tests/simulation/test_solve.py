"""A solved step: laws of motion, what conditions ask for, and what it says of running."""

import numpy as np
import pytest

pytest.importorskip("casadi")

from headway.errors import OptionError
from headway.simulation.balance import balances
from headway.simulation.conditions import CONDITIONS, Condition, conditions_named
from headway.simulation.effort import COSTS
from headway.simulation.outcome import outcomes
from headway.simulation.solve import Interrupted, solve_step


@pytest.fixture(scope="module")
def free(coarse):
    return coarse[1]


def test_it_is_solved(free):
    assert free.quality.solved
    assert free.quality.constraint_error < 1e-6
    assert free.step_time > 0.2


def test_it_obeys_the_laws_of_motion(free):
    found = balances(free)
    assert found["ground_force"] < 1e-6
    assert found["periodicity"] < 1e-6
    assert found["momentum"] < 0.01  # coarse mesh: the equations hold at the instants, the balances over all times
    assert found["energy"] < 0.03


@pytest.mark.slow
def test_balances_close_on_the_usual_mesh(coarse):
    from headway.simulation.step import StepProblem

    problem = StepProblem(coarse[0].skeleton)
    found = balances(solve_step(problem, CONDITIONS["free"], COSTS["effort"], 4.0))
    assert found["ground_force"] < 1e-6
    assert found["momentum"] < 1e-3
    assert found["energy"] < 1e-3


def test_it_runs(free):
    found = outcomes(free)
    assert found["flight_time"] > 0.03
    assert 130 < found["cadence"] < 230
    assert 1.8 < found["peak_vertical_grf"] < 3.6
    assert found["braking_impulse"] == pytest.approx(-found["propulsive_impulse"], abs=2e-3)
    assert found["neck_base_lateral_amplitude"] > 0.002  # weight is shifted from leg to leg without being asked


def test_a_held_head_stays_in_the_middle_and_cannot_cost_less(coarse, free):
    problem, _ = coarse
    held = solve_step(problem, CONDITIONS["held"], COSTS["effort"], 3.5, start=free)
    again = solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.5, start=held)
    assert held.quality.solved
    path = held.places(held.state(held.times))["head_centre"][:, 2]
    assert np.abs(path).max() < 1e-5
    assert again.objective < held.objective


@pytest.mark.parametrize(
    ("condition", "outcome", "value"),
    [
        pytest.param(Condition("lean", lean=np.radians(10)), "trunk_lean", np.radians(10), marks=pytest.mark.slow),
        (Condition("wide", step_width=0.1), "step_width", 0.1),
    ],
)
def test_what_is_asked_is_done(coarse, free, condition, outcome, value):
    problem, _ = coarse
    found = solve_step(problem, condition, COSTS["effort"], 3.5, start=free)
    assert found.quality.solved
    assert outcomes(found)[outcome] == pytest.approx(value, abs=0.015)
    assert found.objective > free.objective - 1e-3


def test_hands_on_hips_are_there(coarse, free):
    problem, _ = coarse
    found = solve_step(problem, CONDITIONS["hands_on_hips"], COSTS["effort"], 3.5, start=free)
    places = found.places(found.state(found.times))
    distance = np.linalg.norm(places["wrist_right"] - places["hip_right"], axis=1)
    assert distance.max() < 0.15 * problem.skeleton.plan.height


@pytest.mark.slow
def test_the_price_of_speed_is_the_slope_of_the_cost(coarse, free):
    problem, _ = coarse
    faster = solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.52, start=free)
    slower = solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.48, start=free)
    slope = (faster.objective - slower.objective) / 0.04
    assert free.speed_price == pytest.approx(slope, rel=0.1)


def test_the_user_can_stop_it(coarse):
    problem, _ = coarse

    def stop(progress):
        if progress.iteration == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.5, listener=stop)


def test_conditions_are_named():
    both = conditions_named("braced+stacked")[0]
    assert both.stacked
    assert both.neck_stiffness == 59.0
    for bad in ("floating", "free,free", "", "free,,held"):
        with pytest.raises(OptionError):
            conditions_named(bad)
