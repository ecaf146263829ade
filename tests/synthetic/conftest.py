import pytest

from headway.synthetic.parameters import RunnerParameters, StepVariability, Wave
from headway.synthetic.runner import SyntheticRunner

UNEVEN = RunnerParameters(
    mass=55.0,
    height=1.64,
    sex="female",
    speed=4.2,
    cadence=176.0,
    contact_time=0.21,
    step_width=0.03,
    contact_time_asymmetry=4.0,
    lateral_asymmetry=0.003,
    head_lateral=Wave(0.024, 10.0, 0.005),
    step_noise=StepVariability(contact_time=0.02, lateral_amplitude=0.08, head_gain=0.02, step_width=0.015, seed=3),
)


@pytest.fixture(scope="session")
def runner():
    return SyntheticRunner()


@pytest.fixture(scope="session")
def uneven():
    """Another runner: a woman whose steps differ from side to side and from one to the next."""
    return SyntheticRunner(UNEVEN)


@pytest.fixture(params=["even", "uneven"], scope="session")
def anyone(request, runner, uneven):
    return runner if request.param == "even" else uneven
