"""A stance that obeys all laws, made by fitting a body to a synthetic runner's, and what perfect markers and plates show of it."""

import pytest


@pytest.fixture(scope="session")
def trial():
    """A synthetic runner with markers on the whole body and plates."""
    from headway.gait.prepare import prepare
    from headway.gait.runner import Runner
    from headway.options import Options
    from headway.synthetic.recording import record
    from headway.synthetic.runner import SyntheticRunner

    recording = record(SyntheticRunner(), duration=1.6, rate=200.0)
    return prepare(recording, Runner(1.75), Options(cutoff=20.0))[0]


@pytest.fixture(scope="session")
def shown(trial):
    """One stance as a recording shows it."""
    from headway.fit.measured import Paths, stretch

    return stretch(trial, Paths.of(trial).present(), 1.75, trial.runner.mass, range(1, 2))


@pytest.fixture(scope="session")
def known(shown):
    """A body in that stance that obeys all laws: its moments are known."""
    pytest.importorskip("casadi", reason="the extra 'lab' is not installed")
    from headway.fit.fitted import fit_stretch

    return fit_stretch(shown)
