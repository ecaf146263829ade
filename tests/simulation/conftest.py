"""One solved step for all tests of the room: coarse, so that it takes seconds."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def coarse(request):
    """Problem and the free step at 3.5 m/s on a coarse mesh; begun where an earlier session ended, if there was one."""
    pytest.importorskip("casadi")
    from headway.body.skeleton import make_skeleton
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.effort import COSTS
    from headway.simulation.solve import solve_step
    from headway.simulation.step import StepProblem
    from headway.simulation.store import Kept

    kept, free, cost = Kept(Path(request.config.cache.mkdir("steps"))), CONDITIONS["free"], COSTS["effort"]
    problem = StepProblem(make_skeleton(1.75, 70.0, "male"), intervals=10)
    start = kept.find(problem.skeleton, free, cost, 3.5, 10)
    solution = solve_step(problem, free, cost, 3.5, start=start)
    kept.put(solution)
    return problem, solution
