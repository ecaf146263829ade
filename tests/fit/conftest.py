"""A stance that obeys all laws, made by fitting a body to a synthetic runner's, and what perfect markers and plates show of it."""

import os
import pickle

import pytest
from filelock import FileLock


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
def known(shown, tmp_path_factory):
    """A body in that stance that obeys all laws: its moments are known. Fitted once, whoever of the processes that test comes first."""
    pytest.importorskip("casadi", reason="the extra 'lab' is not installed")
    from headway.fit.run import _fit_one
    from headway.workers import Pool

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    kept = folder / "known_body.pickle"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            with Pool(_fit_one, 1) as pool:  # a process of its own computes with one thread, which is faster
                ((_, found),) = pool.run([(0, shown)])
            kept.write_bytes(pickle.dumps(found))
        return pickle.loads(kept.read_bytes())
