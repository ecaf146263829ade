"""One solved step for all tests of the room: coarse, so that it takes a second, and begun next to where it ends.

``python tests/simulation/conftest.py`` writes the beginning anew after a change of the model or its weights: without that the
tests are slow, not wrong.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

BEGINNING, INTERVALS, SPEED = Path(__file__).with_name("coarse_step.npz"), 10, 3.5


def _solved(start=None):
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.effort import COSTS
    from headway.simulation.simulated_body import simulated_skeleton
    from headway.simulation.solve import solve_step
    from headway.simulation.step import StepProblem
    from headway.simulation.styles import styles

    problem = StepProblem(simulated_skeleton(1.75, 70.0, "male"), intervals=INTERVALS)
    near = styles()[0].near(problem.skeleton, problem.model.ground, SPEED)
    if start is not None and len(start) == problem.layout.size:
        near = replace(near, variables=start, intervals=INTERVALS)
    return problem, solve_step(problem, CONDITIONS["free"], COSTS["effort"], SPEED, start=near)


@pytest.fixture(scope="session")
def coarse():
    """Problem and the free step at 3.5 m/s on a coarse mesh."""
    pytest.importorskip("casadi")
    return _solved(np.load(BEGINNING)["variables"].astype(float))


@pytest.fixture(scope="session")
def solved(coarse):
    """Free and braced at 3.5 m/s on a coarse mesh."""
    from headway.simulation.conditions import CONDITIONS
    from headway.simulation.effort import COSTS
    from headway.simulation.solve import solve_step

    problem, free = coarse
    braced = solve_step(problem, CONDITIONS["braced"], COSTS["effort"], SPEED, start=free)
    assert free.quality.solved and braced.quality.solved
    return {"free": free, "braced": braced}


@pytest.fixture(scope="session")
def free(solved):
    return solved["free"]


if __name__ == "__main__":
    np.savez_compressed(BEGINNING, variables=_solved()[1].variables.astype(np.float32))
