"""One solved step for all tests of the room: coarse, so that it takes seconds, and begun from a style that ships with Headway."""

import pytest


@pytest.fixture(scope="session")
def coarse():
    """Problem and the free step at 3.5 m/s on a coarse mesh."""
    pytest.importorskip("casadi")
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.effort import COSTS
    from headway.simulation.simulated_body import simulated_skeleton
    from headway.simulation.solve import solve_step
    from headway.simulation.step import StepProblem
    from headway.simulation.styles import styles

    problem = StepProblem(simulated_skeleton(1.75, 70.0, "male"), intervals=10)
    start = styles()[0].near(problem.skeleton, problem.model.ground, 3.5)
    return problem, solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.5, start=start)
