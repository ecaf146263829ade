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
def known(shown, once, tmp_path_factory):
    """A body in that stance that obeys all laws: its moments are known. Fitted once, whoever of the processes that test comes first."""
    pytest.importorskip("casadi", reason="the extra 'lab' is not installed")
    from headway.fit.run import _fit_one
    from headway.workers import Pool

    def fitted():
        with pytest.MonkeyPatch.context() as patched, Pool(_fit_one, 1) as pool:
            patched.setenv(
                "HEADWAY_CACHE", str(tmp_path_factory.mktemp("cache"))
            )  # nothing of another day is gone on with
            ((_, found),) = pool.run([(0, shown)])  # a process of its own computes with one thread, which is faster
        return found

    return once("known_body", fitted)
