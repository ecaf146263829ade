"""One solved step for all tests of the room: coarse, so that it takes seconds, and begun cold."""

import pytest


@pytest.fixture(scope="session")
def coarse():
    """Problem and the free step at 3.5 m/s on a coarse mesh."""
    pytest.importorskip("casadi")
    from headway.body.skeleton import make_skeleton
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.effort import COSTS
    from headway.simulation.solve import solve_step
    from headway.simulation.step import StepProblem

    problem = StepProblem(make_skeleton(1.75, 70.0, "male"), intervals=10)
    return problem, solve_step(problem, CONDITIONS["free"], COSTS["effort"], 3.5)
