"""One analysis of the synthetic runner for all exports that need no more than two seconds of it."""

import pytest

from headway import Runner, analyze
from headway.synthetic.parameters import RunnerParameters
from headway.synthetic.recording import record
from headway.synthetic.runner import SyntheticRunner


@pytest.fixture(scope="session")
def result():
    return analyze(record(SyntheticRunner(RunnerParameters()), duration=2.0), Runner(height=1.75, sex="male"))
